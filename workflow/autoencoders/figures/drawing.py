"""Plotting a figure of the registry, and writing it to files."""

from dataclasses import dataclass
from importlib import import_module

from autoencoders.analysis.published import NOTHING, Published
from autoencoders.figures.figure_catalog import FIGURES, caption_of, own_entry
from autoencoders.figures.layout import DPI
from autoencoders.figures.small_print import alternative_text
from autoencoders.figures.style import in_style
from autoencoders.files import write_checksums, write_json, written_aside
from autoencoders.labels.networks import numbered

CSS_PIXELS_PER_INCH = 96
# Neither dates nor versions, so that the same figure gives the same bytes.
METADATA = {
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
    "png": {"Software": None},
}


@dataclass(frozen=True)
class FigureInputs:
    """All that a figure is plotted from."""

    name: str  # such as `figure1`
    configurations: list  # of Configuration: those it shows
    runs: dict  # of str to Run, by configuration
    gaps: dict  # of str to str: why each of the others is missing
    arrays: dict  # of str to ndarray: the data set
    title: str  # which data these are
    published: Published = NOTHING  # what the configurations can be compared with
    table: object = None  # the pandas.DataFrame that the figure shows, if it shows one
    declared: dict | None = None  # `plot` and `caption` of a figure of one's own

    @property
    def entry(self):
        """The entry of the figure, its own or that of the registry."""
        return own_entry(self.declared) if self.declared else FIGURES[self.name]


def draw(name, inputs):
    """Plot a figure of the registry.

    Returns
    -------
    figure : matplotlib.figure.Figure
    facts : dict
        `title`, `caption` and `alternative_text`; `width` and `height` in CSS pixels.
    """
    entry = inputs.entry
    module, function = entry.plot.split(".")
    plot = getattr(import_module(f"autoencoders.figures.{module}"), function)
    with in_style():
        figure = plot(inputs, **entry.options)
    width, height = figure.get_size_inches() * CSS_PIXELS_PER_INCH
    return figure, {
        "title": numbered(name),
        "caption": caption_of(entry, inputs.configurations),
        "alternative_text": alternative_text(inputs),
        "width": round(width),
        "height": round(height),
    }


def save(figure, facts, folder, name):
    """Write a figure as .svg, .pdf and .png, and its facts as .json."""
    with in_style():
        for suffix, metadata in METADATA.items():
            with written_aside(folder / f"{name}.{suffix}") as aside:
                figure.savefig(aside, dpi=DPI, metadata=metadata)
    write_json(folder / f"{name}.json", facts)
    write_checksums(*(folder / f"{name}.{suffix}" for suffix in (*METADATA, "json")))
