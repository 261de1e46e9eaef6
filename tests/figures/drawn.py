"""Small results to draw figures from, and what tests ask of a figure."""

from dataclasses import replace

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PathCollection

import synthetic
from autoencoders.analysis.published import NOTHING
from autoencoders.figures.drawing import FigureInputs, draw
from autoencoders.runs.reading import read_runs

DIVERGED, DEAD = "autoencoder/relu-6-l1-1e-05", "autoencoder/sigmoid-6-l1-1e-05"
MISSING = "autoencoder/relu-6-noise-0.1"


def small(**changes):
    """Return configurations of every kind, of few units; Figures 7 and 8 show that of Figure 6."""
    return (
        synthetic.under_complete([4, 5], **changes)
        | synthetic.over_complete(6, **changes)
        | synthetic.weight_images([100], **changes)
        | synthetic.by_name([synthetic.classifier("64-36-10", **changes)])
    )


def inputs_of(place, name, published=NOTHING, dataset="lab"):
    """Return all that a figure of these results is drawn from."""
    configurations = place.of(name)
    runs, gaps = read_runs(configurations, place.manifest, place.results)
    comparable = published.comparable(place.configurations, dataset)
    title = synthetic.TITLE
    return FigureInputs(name, configurations, runs, gaps, place.arrays, title, comparable)


def figure_of(place, name, published=NOTHING, dataset="lab", **changes):
    """Return a figure of these results; changes of its inputs by name."""
    inputs = replace(inputs_of(place, name, published, dataset), **changes)
    return draw(name, inputs)[0]


def boxes_of(figure, panels):
    """Return the boxes of a figure's texts, legends and panels, in dots."""
    renderer = FigureCanvasAgg(figure).get_renderer()
    boxes = [item.get_window_extent(renderer) for item in [*figure.texts, *figure.legends]]
    return boxes + [axes.get_tightbbox(renderer) for axes in panels]


def assert_apart_and_inside(figure):
    boxes = boxes_of(figure, figure.axes)
    for position, box in enumerate(boxes):
        assert figure.bbox.x0 <= box.x0 < box.x1 <= figure.bbox.x1
        assert figure.bbox.y0 <= box.y0 < box.y1 <= figure.bbox.y1
        assert not any(box.overlaps(other) for other in boxes[position + 1 :])


def headings(figure):
    return [axes.get_title(loc="left") for axes in figure.axes]


def small_print(figure):
    return " ".join(text.get_text() for text in figure.texts)


def picture(axes):
    return axes.images[0].get_array()


def labels(legend):
    return [text.get_text() for text in legend.get_texts()]


def marks_of(axes):
    """Return the places of each scatter: a published curve's marks, or a network's dots."""
    # Bands have no offsets of their own.
    scatters = [each for each in axes.collections if isinstance(each, PathCollection)]
    return [each.get_offsets() for each in scatters]


def setting_row(setting, value, posterior, **changes):
    """Return a row of calibration_settings.csv."""
    numbers = {"effect": 4 * posterior - 2, "low": 4 * posterior - 4, "high": 4 * posterior}
    row = {"study": "recipes", "setting": setting, "value": value, "recipes": 10, **numbers}
    decided = "yes" if posterior > 0.95 else ""
    return row | {"posterior": posterior, "decided": decided, "default": ""} | changes
