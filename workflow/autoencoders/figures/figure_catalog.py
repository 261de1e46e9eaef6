"""The registry of figures: `FIGURES`, one entry for each, and `NOTES`, their small print.

`PLOTS` has what a configuration can name for figures of one's own.

Read from figures.toml, where a new figure is named. Without heavy imports, as the
workflow reads it at every start; a part that is left out, or an unknown word, raises at once.
"""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from autoencoders.labels.networks import network_words

NETWORKS = {"autoencoder", "classifier", None}
NEEDS = {"runs", "history", "weights", "images", "published"}


@dataclass(frozen=True, kw_only=True)
class FigureEntry:
    """What there is to know of a figure; the comment at the top of figures.toml says more."""

    caption: str
    alternative_text: str
    network: str | None = None
    needs: list
    plot: str
    single: bool = False
    tables: list = field(default_factory=list)
    options: dict = field(default_factory=dict)

    @property
    def run_files(self):
        """What it reads of a run in addition to its metrics."""
        files = {"history": "history.csv", "weights": "weights.npz"}
        return [files[need] for need in self.needs if need in files]

    def __post_init__(self):
        """Refuse unknown words."""
        unknown = (set(self.needs) - NEEDS) | ({self.network} - NETWORKS)
        if unknown:
            raise ValueError(f"the figure {self.caption!r} names {', '.join(sorted(unknown))}.")


WORDS = tomllib.loads(Path(__file__).with_name("figures.toml").read_text(encoding="utf-8"))
NOTES = WORDS["notes"]
FIGURES = {}
for name, entry in WORDS["figures"].items():
    FIGURES[name] = FIGURES[entry["like"]] if "like" in entry else FigureEntry(**entry)


PLOTS = WORDS["plots"]


def own_entry(declared):
    """Return the entry of a figure of one's own: of its `plot` in `PLOTS`, with its `caption`."""
    of_plot = PLOTS[declared["plot"]]
    return FigureEntry(**of_plot | {"caption": declared["caption"] or of_plot["caption"]})


def caption_of(entry, configurations):
    """Return the caption of a figure, with its configuration in words if it is a single one."""
    if entry.network and len(configurations) == 1:
        return f"{entry.caption}: {network_words(configurations[0].settings)}"
    return entry.caption
