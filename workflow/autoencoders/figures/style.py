"""How figures look: colours, dashes and markers; fonts and frames are in figures.mplstyle."""

from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import numpy as np

from autoencoders.training.activations import HIDDEN_ACTIVATIONS

STYLE = Path(__file__).with_name("figures.mplstyle")
SMALL_PRINT = {"size": 6.5, "color": "0.35"}
DARK = matplotlib.colormaps["plasma"](0.05)
BRIGHT = matplotlib.colormaps["plasma"](0.65)
REFERENCE_LINE = {"color": "0.45", "linestyle": (0, (2, 2)), "linewidth": 0.8}

# Error curves. Every activation has its own dashes, by its place in the registry.
DASHES = ("-", (0, (4, 1.5)), (0, (1, 1)), (0, (5, 1.2, 1, 1.2)), (0, (5, 1, 1, 1, 1, 1)))
WIDTH_COLOURS = ("plasma", 0.05, 0.8)
PENALTY_COLOURS = ("plasma", 0.02, 0.83)
NOISE_COLOURS = ("viridis", 0.05, 0.85)
BAND = {"alpha": 0.2, "linewidth": 0}
WITHOUT_PENALTY = {"color": "0.6", "linewidth": 0.7, "zorder": 1.5, "band": False}
PUBLISHED_MARK = {"s": 9, "alpha": 0.4, "linewidths": 0, "zorder": 1.2}
EPOCH_MARKS = {"marker": "o", "markeredgewidth": 0}
PUBLISHED_ENTRY = {"color": "0.3", "alpha": 0.4, "linestyle": "", "markersize": 3, **EPOCH_MARKS}

# Accuracies.
SEED_DOT = {"marker": "o", "color": DARK, "alpha": 0.6, "zorder": 2.5}
SEED_ENTRY = {**SEED_DOT, "linestyle": "", "markersize": 3, "markeredgewidth": 0}
PUBLISHED_BAR = {"marker": "|", "markersize": 8, "markeredgewidth": 1.4, "color": BRIGHT}

# A metric by settings.
LEGEND_LINE = 48  # dots
SMALL_DOT = {"marker": "o", "linestyle": "", "markersize": 2, "markeredgewidth": 0, "alpha": 0.6}

# The calibration.
EFFECT_MARK = {"color": DARK, "marker": "o", "markersize": 3.2, "markeredgewidth": 0}
INTERVAL = {"color": DARK, "linewidth": 0.9}
DECIDED_TEXT = {"weight": "bold"}


def in_style():
    """Return a context with the settings of figures.mplstyle alone, not the reader's own."""
    return matplotlib.rc_context(fname=STYLE)


def activation_order(activation):
    """Return the place of an activation in the registry; a ValueError if it is not there."""
    return HIDDEN_ACTIVATIONS.index(activation)


def dashes_of(activation):
    """Return the line style of an activation's curves."""
    return DASHES[activation_order(activation) % len(DASHES)]


def ramp(colours, first, last, count):
    """Return colours that differ in lightness, from dark to light."""
    return [matplotlib.colormaps[colours](value) for value in np.linspace(first, last, count)]
