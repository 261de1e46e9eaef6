"""What a data set is built from, and its size; `DATASETS` has the known ones.

Without heavy imports, as the workflow reads it at every start.
"""

import tomllib
from dataclasses import dataclass, field
from math import prod
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class DataSet:
    """A data set; the comment beside `dataset` in config.yaml describes the parts."""

    name: str
    title: str  # `{sizes}` in it stands for the numbers of images
    idx: dict = field(default_factory=dict)  # the file of each part
    npz: str | None = None
    digits: bool = False  # scikit-learn's digits, without a file
    sha256: dict = field(default_factory=dict)  # of the file's uncompressed content, by part
    mirrors: list = field(default_factory=list)  # where the files are fetched from
    split: str | dict | None = None  # a CSV file, or how many random images are for testing
    threshold: float  # a pixel above it is 1, any other 0
    image_shape: list  # height and width
    classes: int
    training_images: int

    @property
    def n_pixels(self):
        """The number of pixels of an image."""
        return prod(self.image_shape)

    @property
    def files(self):
        """The files that it is built from, by part in alphabetical order: `idx`, or `npz`."""
        return {"npz": self.npz} if self.npz else dict(sorted(self.idx.items()))


WORDS = tomllib.loads(Path(__file__).with_name("datasets.toml").read_text(encoding="utf-8"))
DATASETS = {name: DataSet(name=name, **entry) for name, entry in WORDS.items()}
