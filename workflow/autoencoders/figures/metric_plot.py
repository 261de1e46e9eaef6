"""A metric by the settings that differ, from a study's table or one of one's own.

Over one numeric setting it is a line for each network, over two a heat map; else a dot for each
seed on a line for each network or variant.
"""

import math

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from autoencoders.analysis.metric_table import FIRST, LAST
from autoencoders.figures import layout, style
from autoencoders.figures.small_print import note
from autoencoders.labels import networks as labels

LEFT, TOP, BELOW, LINE = 430, 75, 120, 44  # dots around a panel, and of its lines
MOST_NAMED = 8  # networks that a legend names
MOST_MAPS = 6
MOST_LINES = 60  # of dots, one for each network and variant; of more, one for each variant
MAP_COLUMNS = 2


def plot_metric(inputs):
    """Plot the table `inputs.table` of a metric."""
    rows = [row for row in inputs.table.to_dict("records") if row["mean"]]
    title = {"title": inputs.title}
    if not rows:
        figure = layout.sheet(300, [note("data", **title)])
        axes = layout.add_axes(figure, 30, 30, layout.WIDTH - 60, 240)
        layout.show_picture(axes, None, "no run has ended with numbers")
        return figure
    settings = []
    for column in inputs.table.columns:
        if column not in FIRST + LAST and not labels.is_in_the_name(column):
            settings.append(column)
    by_network = {}
    for row in rows:
        by_network.setdefault(_network_of(row, settings), []).append(row)
    numeric = all(_is_number(row[each]) for row in rows for each in settings)
    metric = labels.list_in_words(dict.fromkeys(labels.METRIC_LABELS[r["metric"]] for r in rows))
    if numeric and len(settings) == 1:
        return _lines(by_network, settings[0], metric, title)
    if numeric and len(settings) == 2 and _is_grid(by_network, settings):
        return _maps(by_network, settings, metric, title)
    return _dots(rows, metric, title)


def _network_of(row, settings):
    """Return what a row's network is called, without the settings that a grid adds to its name."""
    network = row["configuration"].partition("/")[2]
    for setting in settings:
        name = setting.removeprefix("training.").replace("_", "-")
        network = network.partition(f"-{name}-")[0]
    return network


def _is_number(text):
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _is_grid(by_network, settings):
    """Return whether every network has a map's worth of combinations, each once."""
    for rows in by_network.values():
        places = {tuple(row[each] for each in settings) for row in rows}
        if len(places) < len(rows) or any(len({row[s] for row in rows}) < 2 for s in settings):
            return False
    return len(by_network) <= MOST_MAPS


def _values(row):
    return [float(value) for value in row["values"].split()]


def _lines(by_network, setting, metric, title):
    """Plot the mean over a setting, a line for each network, with a dot for each seed."""
    is_named = len(by_network) <= MOST_NAMED
    n_entries = len(by_network) if is_named else 0
    columns = 3
    height = 900
    legend = style.LEGEND_LINE * math.ceil(n_entries / columns)
    figure = layout.sheet(TOP + height + BELOW + legend, [note("metric_lines", **title)])
    axes = layout.add_axes(figure, 200, TOP, layout.WIDTH - 245, height)
    colours = style.ramp(*style.WIDTH_COLOURS, len(by_network))
    handles, points = [], set()
    for colour, (network, rows) in zip(colours, by_network.items(), strict=True):
        rows = sorted(rows, key=lambda row: float(row[setting]))
        places = [float(row[setting]) for row in rows]
        means = [float(row["mean"]) for row in rows]
        points.update(places)
        look = {"color": colour, "linewidth": 1.1 if is_named else 0.6}
        handles += axes.plot(places, means, label=network, **look)
        for place, row in zip(places, rows, strict=True):
            values = _values(row)
            axes.plot([place] * len(values), values, color=colour, **style.SMALL_DOT)
    _scale(axes, sorted(points))
    axes.set(xlabel=labels.setting_words(setting), ylabel=metric)
    if is_named:
        layout.add_legend(figure, handles, 200, TOP + height + BELOW, columns)
    return figure


def _scale(axes, points):
    """Scale an axis of positive numbers over a decade or more by logarithm; mark the numbers."""
    if points[0] > 0 and points[-1] / points[0] >= 8:
        axes.set_xscale("log")
        axes.minorticks_off()
    axes.set_xticks(points, [f"{point:g}" for point in points])


def _maps(by_network, settings, metric, title):
    """Plot a heat map of the means for each network, with the numbers in its cells."""
    across, down = settings
    ends = [float(row["mean"]) for rows in by_network.values() for row in rows]
    columns = min(MAP_COLUMNS, len(by_network))
    left, between = 200, 190
    width = (layout.WIDTH - left - 60 - between * (columns - 1)) // columns
    n_down = max(len({row[down] for row in rows}) for rows in by_network.values())
    height = 120 * n_down
    pitch = TOP + height + BELOW
    bottom = pitch * math.ceil(len(by_network) / columns)
    figure = layout.sheet(bottom, [note("metric_maps", metric=metric, **title)])
    for position, (network, rows) in enumerate(by_network.items()):
        line, column = divmod(position, columns)
        box = (left + column * (width + between), TOP + line * pitch, width, height)
        letter = position if len(by_network) > 1 else None
        axes = layout.add_axes(figure, *box, network, letter)
        xs = sorted({float(row[across]) for row in rows})
        ys = sorted({float(row[down]) for row in rows})
        means = np.full((len(ys), len(xs)), np.nan)
        for row in rows:
            place = ys.index(float(row[down])), xs.index(float(row[across]))
            means[place] = float(row["mean"])
        look = {"cmap": "viridis", "vmin": min(ends), "vmax": max(ends) or 1, "aspect": "auto"}
        axes.imshow(means, origin="lower", interpolation="none", **look)
        axes.grid(False)
        axes.set_xticks(range(len(xs)), [f"{x:g}" for x in xs])
        axes.set_yticks(range(len(ys)), [f"{y:g}" for y in ys])
        axes.set_xlabel(labels.setting_words(across))
        axes.set_ylabel(labels.setting_words(down))
        middle = (min(ends) + max(ends)) / 2
        for (y, x), mean in np.ndenumerate(means):
            if np.isfinite(mean):
                centre = {"ha": "center", "va": "center", "size": 7}
                axes.text(x, y, f"{mean:.4g}", color="w" if mean <= middle else "k", **centre)
    return figure


def _dots(rows, metric, title):
    """Plot a dot for each seed, on a line for each row of the table, or for each variant."""
    lines = {}
    for row in rows:
        network, variant = row["configuration"].partition("/")[2], row["variant"]
        if variant and len(rows) > MOST_LINES:
            lines.setdefault(variant, []).extend(_values(row))
        else:
            lines[f"{network}, {variant}" if variant else network] = _values(row)
    names = list(lines)
    longest = max(map(len, names))
    left = min(layout.WIDTH // 2, 60 + 17 * longest)
    height = LINE * len(lines)
    figure = layout.sheet(TOP + height + BELOW + style.LEGEND_LINE, [note("metric_dots", **title)])
    axes = layout.add_axes(figure, left, TOP, layout.WIDTH - left - 45, height)
    for line, values in enumerate(lines.values()):
        if line % 2:
            axes.axhspan(line - 0.5, line + 0.5, color="0.955", linewidth=0, zorder=0)
        offsets = (np.arange(len(values)) + 0.5) / len(values) - 0.5
        axes.scatter(values, line + 0.7 * offsets, s=7, linewidths=0, **style.SEED_DOT)
        axes.plot(np.mean(values), line, linestyle="", zorder=3, **style.PUBLISHED_BAR)
    axes.set(ylim=(len(lines) - 0.5, -0.5), xlabel=metric)
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.set_yticks(range(len(lines)), names)
    axes.tick_params(axis="y", length=0)
    axes.grid(False, axis="y")
    handles = [
        Line2D([], [], label="one seed", **style.SEED_ENTRY),
        Line2D([], [], label="mean", linestyle="", **style.PUBLISHED_BAR),
    ]
    layout.add_legend(figure, handles, left, TOP + height + BELOW - 15, 2)
    return figure
