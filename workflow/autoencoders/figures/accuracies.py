"""Test accuracy of every seed: Figure 10."""

import math

import numpy as np
from matplotlib.lines import Line2D
from scipy.special import expit, logit

from autoencoders.analysis.statistics import guessing
from autoencoders.figures import layout, style
from autoencoders.figures.small_print import activations_of, note, seed_notes
from autoencoders.labels.networks import ACTIVATION_LABELS, NO_HIDDEN_LAYER, hidden_words
from autoencoders.runs.names import name_of_settings

SCALE = (0.02, 0.995)  # what the logit scale can show
TICKS = (0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 0.98, 0.99)
IN_A_ROW = 2  # panels
LEFT, TOP, BETWEEN, BELOW, LINE = 330, 75, 45, 125, 44  # dots around a panel, and of its lines


def plot_accuracies(inputs):
    """Plot a panel for each activation: a line per network, a dot per seed."""
    lines = _lines(inputs.configurations)
    # Without any hidden layer there is one panel, of no activation.
    activations = activations_of(inputs) or [None]
    published = {}
    for configuration in inputs.configurations:
        if configuration.name in inputs.published.cells:
            published[configuration.name] = inputs.published.cells[configuration.name].value
    columns = min(len(activations), IN_A_ROW)
    width = (layout.WIDTH - LEFT - 45 - BETWEEN * (columns - 1)) // columns
    height = LINE * len(lines)
    pitch = TOP + height + BELOW
    bottom = pitch * math.ceil(len(activations) / columns)
    text = note("accuracies", bars=note("bars") if published else "")
    if not inputs.declared:
        text = f"{note('ours')} {text}"
    if len(activations) > 1:
        text = f"{text} {note('no_hidden_layer')}"
    figure = layout.sheet(bottom + 55, [text, *seed_notes(inputs)])
    chance = guessing(inputs.configurations[0].settings["classes"])
    limits = _limits(inputs, [chance, *published.values()])
    for position, activation in enumerate(activations):
        row, column = divmod(position, columns)
        left, top = LEFT + column * (width + BETWEEN), TOP + row * pitch
        heading = ACTIVATION_LABELS[activation] if activation else NO_HIDDEN_LAYER
        axes = layout.add_axes(figure, left, top, width, height, heading, position)
        _lay_out(axes, list(lines) if column == 0 else [""] * len(lines), limits, chance)
        for line, networks in enumerate(lines.values()):
            name = networks.get(activation, networks.get(None))
            if name:
                _plot_seeds(axes, line, inputs.runs.get(name))
            if name in published:
                accuracy = np.clip(published[name], *SCALE)
                axes.plot(accuracy, line, linestyle="", zorder=3, **style.PUBLISHED_BAR)
    handles = [Line2D([], [], label="one seed", **style.SEED_ENTRY)]
    if published:
        handles.append(Line2D([], [], label="published", linestyle="", **style.PUBLISHED_BAR))
    handles.append(Line2D([], [], label=f"chance level, {chance:.3g}", **style.REFERENCE_LINE))
    layout.add_legend(figure, handles, LEFT, bottom, len(handles))
    return figure


def _lines(configurations):
    """Return the name of each line's networks by activation; None for one without hidden layers."""
    lines = {}
    for configuration in configurations:
        settings = configuration.settings
        # The suffix tells apart equal networks that are trained differently.
        suffix = configuration.name.removeprefix(name_of_settings(settings))
        label = hidden_words(settings["hidden"]) + suffix
        lines.setdefault(label, {})[settings["activation"]] = configuration.name
    return lines


def _limits(inputs, shown):
    """Return the ends of the axes: `shown` and all accuracies, and some room."""
    for run in inputs.runs.values():
        shown = shown + run.values("accuracy")
    low, high = logit(np.clip([min(shown), max(shown)], *SCALE))
    return float(expit(low - 0.25)), float(expit(high + 0.25))


def _lay_out(axes, labels, limits, chance):
    """Lay out the axes: a band for every other line, logit accuracies, the line of chance."""
    axes.set(xscale="logit", xlim=limits, ylim=(len(labels) - 0.5, -0.5))
    inner = [tick for tick in TICKS if limits[0] < tick < limits[1]]
    axes.set_xticks(inner, [f"{tick:g}" for tick in inner])
    axes.minorticks_off()
    axes.set_xlabel("accuracy on the test images (logit scale)")
    axes.set_yticks(range(len(labels)), labels)
    axes.tick_params(axis="y", length=0)
    axes.grid(False, axis="y")
    for line in range(1, len(labels), 2):
        axes.axhspan(line - 0.5, line + 0.5, color="0.955", linewidth=0, zorder=0)
    axes.axvline(chance, **style.REFERENCE_LINE, zorder=1.5)


def _plot_seeds(axes, line, run):
    """Plot a network's seeds, the first uppermost; or say why there are none."""
    if run and run.seeds:
        values = np.clip(run.values("accuracy"), *SCALE)
        offsets = (np.arange(len(values)) + 0.5) / len(values) - 0.5
        axes.scatter(values, line + 0.7 * offsets, s=7, linewidths=0, **style.SEED_DOT)
        return
    why = "every seed diverged" if run else "missing"
    axes.text(0.02, line, why, transform=axes.get_yaxis_transform(), va="center", color="0.4")
