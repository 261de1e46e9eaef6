"""The registry of data sets: what each is built from, and its size."""

from dataclasses import dataclass

TRAIN_FILES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte")
TEST_FILES = ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")


@dataclass(frozen=True)
class DataSet:
    """A data set; its builder takes the paths of the downloads and resources, in this order."""

    downloads: tuple  # the MNIST files that it is built from
    resources: tuple  # files under resources/ that it is built from
    builder: str  # a function of `autoencoders.data.datasets`
    n_training_images: int
    n_pixels: int
    n_classes: int


DATASETS = {
    "lab": DataSet(TEST_FILES, ("lab_split.csv",), "build_lab", 8000, 784, 10),
    "mnist": DataSet((*TRAIN_FILES, *TEST_FILES), (), "build_mnist", 60000, 784, 10),
    "digits": DataSet((), (), "build_digits", 1437, 784, 10),
}
