"""Sheets, axes, texts, pictures and legends, all placed in dots of 1/300 inch.

So the pixels of an image fall on whole dots. `left` and `top` are the dots from the upper left
corner of the sheet.
"""

import textwrap

from matplotlib.figure import Figure

from autoencoders.figures.style import SMALL_PRINT
from autoencoders.labels.networks import letter

DPI = 300
WIDTH = 2070  # dots; 17.5 cm, the text width of an A4 page
LINE = 38  # dots between lines of small print
LETTERS_PER_INCH = 20.5  # of small print


def sheet(height, notes, width=WIDTH):
    """Return a figure of `height` dots with its notes in small print below."""
    lines = []
    for note in notes:
        lines += textwrap.wrap(note, int(width / DPI * LETTERS_PER_INCH))
    total = height + 40 + LINE * len(lines)
    figure = Figure(figsize=(width / DPI, total / DPI), dpi=DPI)
    for number, line in enumerate(lines):
        add_text(figure, 30, height + 20 + LINE * number, line, va="top", **SMALL_PRINT)
    return figure


def add_axes(figure, left, top, width, height, heading="", position=None):
    """Add axes with a heading, and the letter of their position if they have one."""
    across, down = figure.get_size_inches() * DPI
    box = (left / across, 1 - (top + height) / down, width / across, height / down)
    axes = figure.add_axes(box)
    if position is not None:
        heading = f"({letter(position)}) {heading}"
    axes.set_title(heading, loc="left", pad=4, parse_math=False)
    return axes


def add_text(figure, left, top, text, **look):
    """Write a text as it is."""
    across, down = figure.get_size_inches() * DPI
    figure.text(left / across, 1 - top / down, text, parse_math=False, **look)


def add_legend(figure, handles, left, top, n_columns, **spacing):
    """Add a legend without a frame."""
    across, down = figure.get_size_inches() * DPI
    corner = (left / across, 1 - top / down)
    look = {"ncols": n_columns, "loc": "upper left", "bbox_to_anchor": corner, **spacing}
    figure.legend(handles=handles, **look)


def show_picture(axes, picture, problem):
    """Show a picture pixel by pixel, or say why there is none."""
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
    axes.grid(False)
    if picture is not None:
        axes.imshow(picture, interpolation="none", aspect="auto")
        return
    axes.set_facecolor("0.94")
    problem = textwrap.fill(problem, max(10, int(axes.get_window_extent().width / DPI * 15)))
    centre = {"transform": axes.transAxes, "ha": "center", "va": "center"}
    axes.text(0.5, 0.5, problem, color="0.35", **centre)
