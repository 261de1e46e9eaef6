"""The report's figures, drawn from finished runs.

Everything is laid out in dots of 1/300 inch, so that an image's pixels fall on whole dots.
"""

import math
import textwrap
from string import ascii_lowercase

import matplotlib

matplotlib.use("Agg")

import numpy as np
import seaborn
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from autoencoders.files import written_aside
from autoencoders.reported import NOTHING, OTHER_DATA
from autoencoders.runs import RunsError
from autoencoders.words import (
    ACTIVATIONS,
    DEAD,
    NO_HIDDEN,
    REGULARISATION,
    by_hidden,
    configuration_words,
    regularisation_of,
    seed_counts,
    seed_list,
    study_words,
    variant_words,
)

FIGURES = tuple(f"figure{number}" for number in range(1, 11))
FROM_WEIGHTS = ("figure2", "figure5", "figure6", "figure7", "figure8", "figure9")
DPI = 300
WIDTH = 2070  # dots; 17.5 cm, the text width of an A4 page
SIDE = 28  # pixels of an image, and of its tile
SMALL = 6.5  # points
LINE = 38  # dots between lines of small print
STYLE = {
    "font.family": "DejaVu Sans",
    "font.size": 8,
    "axes.titlesize": 8,
    "axes.labelsize": 8,
    "axes.linewidth": 0.6,
    "axes.edgecolor": "0.25",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "0.9",
    "grid.linewidth": 0.5,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "legend.fontsize": 7,
    "legend.frameon": False,
    "legend.handlelength": 3.2,
    "lines.linewidth": 1.3,
    "lines.markersize": 2.5,
    "pdf.fonttype": 42,
    "svg.hashsalt": "autoencoders",
}
DASHES = {"relu": "-", "sigmoid": (0, (4, 1.5))}
GREY = "0.6"
FAINT = {"s": 9, "alpha": 0.4, "linewidths": 0, "zorder": 1.2}
EVERY = 3  # epochs from one of the report's faint marks to the next
CHANCE = 0.1
METADATA = {
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
    "png": {"Software": None},
}


def draw(name, plan, runs, gaps, arrays, title, report=NOTHING):
    """Draw one of the report's figures, or figure10, which is ours.

    Parameters
    ----------
    name : str
        `figure1` ... `figure10`.
    plan : dict
        What plan.json holds.
    runs : dict of str to Run
        The runs that may be used.
    gaps : dict of str to str
        Why each of the others is missing; the figure says so where they would be.
    arrays : dict of str to ndarray
        The data set; figures 2 and 5 show images of it, the others need none.
    title : str
        Which data the figure shows.
    report : Report, optional
        All numbers of the report; those of the runs that are its own are drawn beside ours.

    Returns
    -------
    matplotlib.figure.Figure
    """
    with _style():
        return DRAW[name](name, plan, runs, gaps, arrays, title, report.beside(plan))


def save(figure, folder, name):
    """Write a figure as .svg, .pdf and .png; the same figure gives the same bytes."""
    with _style():
        for suffix, metadata in METADATA.items():
            with written_aside(folder / f"{name}.{suffix}") as aside:
                figure.savefig(aside, dpi=DPI, metadata=metadata)


def require_weights(name, plan):
    """Refuse to draw a figure of weights that the configuration says not to keep.

    Raises
    ------
    RunsError
        Names the configurations and what to do.
    """
    without = [
        configuration
        for configuration in plan["figures"][name]
        if plan["configurations"][configuration]["config"]["keep_weights"] == "none"
    ]
    if name in FROM_WEIGHTS and without:
        raise RunsError(
            f"{name} is drawn from weights, and with `keep_weights: none` these runs keep none: "
            f"{', '.join(without)}; set `keep_weights: all` in config.yaml and run again."
        )


# --- what the figures show --------------------------------------------------------------------


def first_of_each_class(images, labels):
    """Return the first image of each class 0-9, shape (10, 784); zeros where there is none."""
    found = np.zeros((10, images.shape[1]), images.dtype)
    for digit in range(10):
        positions = np.flatnonzero(labels == digit)
        if positions.size:
            found[digit] = images[positions[0]]
    return found


def reconstruct(weights, activation, images):
    """Return what an autoencoder makes of images.

    Parameters
    ----------
    weights : dict of str to ndarray
        `encoder/weights` (784, hidden), `encoder/biases`, `decoder/weights` (hidden, 784),
        `decoder/biases`.
    activation : str
        `relu` or `sigmoid`, that of the hidden layer; the output is always sigmoid.
    images : ndarray of shape (n_images, 784)

    Returns
    -------
    ndarray of shape (n_images, 784)
        Values from 0 to 1.
    """
    weights = {name: values.astype(np.float64) for name, values in weights.items()}
    codes = images @ weights["encoder/weights"] + weights["encoder/biases"]
    codes = np.maximum(codes, 0) if activation == "relu" else _sigmoid(codes)
    return _sigmoid(codes @ weights["decoder/weights"] + weights["decoder/biases"])


def tile_shape(fan_in):
    """Return the rows and columns, as near to a square as can be, that hold `fan_in` weights."""
    rows = next(rows for rows in range(math.isqrt(fan_in), 0, -1) if fan_in % rows == 0)
    return rows, fan_in // rows


def columns_of(n_units):
    """Return how many tiles a row holds: as in the report, else for the smallest square."""
    return {200: 15}.get(n_units, math.ceil(math.sqrt(n_units)))


def scaled_by_unit(weights):
    """Return bottom-up weights (fan_in, n_units) with every unit's range made 0 to 1."""
    weights = weights.astype(np.float64)
    low, high = weights.min(axis=0), weights.max(axis=0)
    return (weights - low) / np.where(high > low, high - low, 1)


def mosaic(tiles, n_columns, colours, gap=1):
    """Return tiles as one picture.

    Parameters
    ----------
    tiles : ndarray of shape (n_tiles, height, width)
        Values from 0 to 1.
    n_columns : int
        Tiles per row.
    colours : str
        Name of the colour map.
    gap : int, optional
        White pixels between tiles.

    Returns
    -------
    ndarray of shape (picture height, picture width, 3)
        uint8 RGB.
    """
    n_tiles, height, width = tiles.shape
    n_rows = math.ceil(n_tiles / n_columns)
    shape = (n_rows * (height + gap) - gap, n_columns * (width + gap) - gap, 3)
    picture = np.full(shape, 255, np.uint8)
    for position, tile in enumerate(matplotlib.colormaps[colours](tiles, bytes=True)[..., :3]):
        top = position // n_columns * (height + gap)
        left = position % n_columns * (width + gap)
        picture[top : top + height, left : left + width] = tile
    return picture


def weights_picture(weights, n_columns):
    """Return bottom-up weights (fan_in, n_units) as one picture, each unit scaled by itself."""
    tiles = scaled_by_unit(weights).T.reshape(-1, *tile_shape(len(weights)))
    return mosaic(tiles, n_columns, "viridis")


# --- figures of curves ------------------------------------------------------------------------


def _under_complete_curves(name, plan, runs, gaps, arrays, title, report):
    configs = _configs(plan, name)
    widths = sorted({config["hidden"] for config in configs.values()})
    colours = dict(zip(widths, _ramp("plasma", 0.05, 0.8, len(widths)), strict=True))
    looks = {
        configuration: {
            "color": colours[config["hidden"]],
            "linestyle": DASHES[config["activation"]],
            "label": f"{ACTIVATIONS[config['activation']]}, {config['hidden']} units",
        }
        for configuration, config in sorted(configs.items(), key=lambda item: _by_width(item[1]))
    }
    _tell_apart(looks)
    panels = [
        ("training error", "training_error", looks),
        ("validation error", "validation_error", looks),
    ]
    marks = _marks(report, name)
    notes = _curve_notes(plan, name, runs, gaps, title) + _marks_note(marks)
    return _curves(panels, runs, notes, height=840, legend="figure", marks=marks)


def _over_complete_curves(name, plan, runs, gaps, arrays, title, report):
    configs = _configs(plan, name)
    error = "training_error" if name == "figure3" else "validation_error"
    reference = {
        configuration: {
            "color": GREY,
            "linestyle": DASHES[config["activation"]],
            "linewidth": 0.7,
            "zorder": 1.5,
            "band": False,
            "label": f"none (ours), {ACTIVATIONS[config['activation']]}",
        }
        for configuration, config in configs.items()
        if regularisation_of(config)[0] is None
    }
    panels = [
        (heading, error, {**_looks(configs, members), **reference})
        for heading, members in _panels_by_strength(configs).items()
    ]
    widths = sorted({config["hidden"] for config in configs.values()})
    kind = error.replace("_", " ").capitalize()
    units = " or ".join(map(str, widths))
    notes = [f"{kind} of networks with {units} hidden units; mind each panel's scale."]
    notes += _strength_note(configs)
    if reference:
        notes.append(
            "None (ours): without penalty and noise; not in the report, shown without a band."
        )
    marks = _marks(report, name)
    notes += _curve_notes(plan, name, runs, gaps, title) + _marks_note(marks)
    return _curves(panels, runs, notes, height=720, legend="panel", marks=marks)


def _panels_by_strength(configs):
    """Return the members of each panel: penalties by printed strength, then all noise."""
    panels, norms = {}, {}
    for configuration, config in configs.items():
        kind, printed, _ = regularisation_of(config)
        if kind is not None:
            strength = None if kind == "noise" else printed
            panels.setdefault(strength, []).append(configuration)
            norms.setdefault(strength, {})[REGULARISATION[kind]] = True
    return {
        " and ".join(norms[strength]) + (f", strength {strength!r}" if strength else ""): members
        for strength, members in panels.items()
    }


def _strength_note(configs):
    """Return what was applied where the report prints another strength of the penalty."""
    pairs = dict.fromkeys(regularisation_of(config)[1:] for config in configs.values())
    pairs = [(printed, applied) for printed, applied in pairs if printed != applied]
    if not pairs:
        return []
    words = ", ".join(f"{applied!r} for {printed!r}" for printed, applied in pairs)
    return [f"Strengths as the report prints them; weights applied: {words}."]


def _looks(configs, members):
    """Return colour, line style and label of a panel's curves.

    Every curve has a colour of its own, as a dashed one may lie on a solid one all the way.
    """
    kinds = [
        (*regularisation_of(configs[member])[:2], configs[member]["activation"])
        for member in members
    ]
    kinds = sorted(dict.fromkeys(kinds), key=lambda kind: (kind[0], kind[1], kind[2]))
    noise = kinds[0][0] == "noise"
    ramp = ("viridis", 0.05, 0.85) if noise else ("plasma", 0.02, 0.83)
    colours = dict(zip(kinds, _ramp(*ramp, len(kinds)), strict=True))
    looks = {}
    for member in members:
        kind, printed, _ = regularisation_of(configs[member])
        activation = configs[member]["activation"]
        what = f"noise {printed!r}" if noise else REGULARISATION[kind]
        looks[member] = {
            "color": colours[kind, printed, activation],
            "linestyle": DASHES[activation],
            "zorder": 2.5 if activation == "sigmoid" else 2,
            "label": f"{what}, {ACTIVATIONS[activation]}",
        }
    _tell_apart(looks)
    return looks


def _tell_apart(looks):
    """Give curves that would look the same another line style, and their run's name as label."""
    seen = {}
    for configuration, look in looks.items():
        times = seen[look["label"]] = seen.get(look["label"], 0) + 1
        if times > 1:
            look["linestyle"] = (0, (1, times))
            look["label"] = configuration.split("/")[1]


def _marks(report, name):
    """Return the report's own curves of a figure, by configuration and error."""
    return {
        (curve.configuration, curve.error): curve.points
        for curve in report.curves
        if curve.figure.startswith(name.removeprefix("figure"))
    }


def _marks_note(marks):
    return ["Faint marks: the report's own curves, read off its figure."] * bool(marks)


def _curves(panels, runs, notes, height, legend, marks):
    """Draw panels side by side.

    `panels` are (heading, error, looks), where `looks` are the plot keywords of each
    configuration; `legend` is `figure` for one that serves all panels, or `panel`; `marks` are
    the report's curves, as `_marks` returns them.
    """
    left, top, between = 165, 75, 215 if legend == "figure" else 125
    width = (WIDTH - left - 45 - between * (len(panels) - 1)) // max(len(panels), 1)
    n_labels = max((len(looks) for _, _, looks in panels), default=0) + bool(marks)
    n_columns = math.ceil(n_labels / 2) if legend == "figure" else 1
    below = top + height + 125
    legend_height = 48 * math.ceil(n_labels / n_columns) if n_labels else 0
    figure = _sheet(below + legend_height + 5, notes)
    drawn = []
    for position, (heading, error, looks) in enumerate(panels):
        axes = _axes(figure, left + position * (width + between), top, width, height)
        _heading(axes, position, heading)
        handles = [_curve(axes, runs.get(each), error, looks[each]) for each in looks]
        shown = {each: marks[each, error] for each in looks if (each, error) in marks}
        drawn.append((axes, handles + _draw_marks(axes, shown, looks)))
        _epoch_axis(axes, [runs[each] for each in looks if each in runs])
        if position == 0 or legend == "figure":
            axes.set_ylabel("mean squared error per pixel")
    _share_limits([axes for axes, _ in drawn])
    for axes, handles in drawn if legend == "panel" else drawn[:1]:
        where = axes.get_position().x0 if legend == "panel" else left / WIDTH
        figure.legend(
            handles=handles,
            loc="upper left",
            bbox_to_anchor=(where, 1 - below / _height(figure)),
            ncols=n_columns,
            borderpad=0,
            borderaxespad=0,
            columnspacing=2.5,
        )
    return figure


def _draw_marks(axes, marks, looks):
    """Draw the report's curves below ours; return what stands for them in the legend, if any."""
    for configuration, points in marks.items():
        epochs = sorted(points)[::EVERY]
        errors = [points[epoch] for epoch in epochs]
        axes.scatter(epochs, errors, color=looks[configuration]["color"], **FAINT)
    look = {"color": "0.3", "alpha": FAINT["alpha"], "markersize": FAINT["s"] ** 0.5}
    entry = Line2D([], [], linestyle="", marker="o", markeredgewidth=0, label="report", **look)
    return [entry] * bool(marks)


def _curve(axes, run, error, look):
    """Draw the mean over seeds and its band; return what stands for it in the legend."""
    look = {"band": True, **look}
    band = look.pop("band")
    if run is None or not run.seeds:
        why = "missing" if run is None else "diverged"
        return Line2D([], [], **{**look, "label": f"{look['label']} ({why})", "alpha": 0.35})
    history = run.history[run.history["seed"].isin(run.seeds)]
    before = len(axes.lines)
    seaborn.lineplot(
        data=history,
        x="epoch",
        y=error,
        errorbar="sd" if band and len(run.seeds) > 1 else None,
        err_kws={"alpha": 0.2, "linewidth": 0},
        marker="o" if history["epoch"].max() <= 12 else None,
        markeredgewidth=0,
        legend=False,
        ax=axes,
        **look,
    )
    return axes.lines[before]


def _epoch_axis(axes, runs):
    last = max((run.history["epoch"].max() for run in runs), default=1)
    axes.set_xlim((0, last) if last > 12 else (0.5, last + 0.5))
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.set_xlabel("epoch")
    axes.set_ylabel("")
    if not axes.lines:
        axes.text(0.5, 0.5, "missing", transform=axes.transAxes, ha="center", color="0.4")
        axes.set_yticks([])


def _share_limits(panels):
    """Let every panel start at 0, and share its top with those of about its own height."""
    tops = {}
    for axes in panels:
        marks = [each.get_offsets()[:, 1] for each in axes.collections if len(each.get_offsets())]
        values = np.concatenate([*(line.get_ydata() for line in axes.lines), *marks, []])
        values = values[np.isfinite(values)]
        if values.size:
            tops[axes] = 1.05 * values.max()
    for axes, top in tops.items():
        axes.set_ylim(0, max(other for other in tops.values() if other <= 1.6 * top))
        axes.yaxis.set_major_locator(MaxNLocator(6))


def _curve_notes(plan, name, runs, gaps, title):
    configurations = plan["figures"][name]
    seeds = _seeds_of(plan, name, runs)
    several = any(
        len(run.seeds) > 1 for run in runs.values() if run.configuration in configurations
    )
    what = f"Mean of {seeds}; the band is ± one standard deviation." if several else f"{seeds}."
    return _seed_notes(plan, name, runs, gaps, title, what)


def _seeds_of(plan, name, runs):
    return seed_counts(plan, plan["figures"][name], runs)


def _seed_notes(plan, name, runs, gaps, title, what):
    """Return what is shown, of which data, and what a reader must know of the seeds."""
    configurations = plan["figures"][name]
    diverged = [
        f"{configuration_words(runs[each].config)} ({seed_list(runs[each].diverged)})"
        for each in configurations
        if each in runs and runs[each].diverged
    ]
    dead = [
        f"{configuration_words(runs[each].config)} ({seed_list(runs[each].dead)})"
        for each in configurations
        if each in runs and runs[each].dead
    ]
    missing = [
        f"{configuration_words(config)} ({gaps.get(each, 'not read')})"
        for each, config in _configs(plan, name).items()
        if each not in runs
    ]
    notes = [f"{what[0].upper()}{what[1:]} Data: {title}."]
    notes += [f"Diverged and left out: {'; '.join(diverged)}."] * bool(diverged)
    notes += [f"{DEAD}: {'; '.join(dead)}."] * bool(dead)
    notes += [f"Missing: {'; '.join(missing)}."] * bool(missing)
    return notes


# --- the figure of accuracies -----------------------------------------------------------------


def _accuracies(name, plan, runs, gaps, arrays, title, report):
    """Draw a panel for each activation: a row per network, a dot per seed."""
    configurations = plan["figures"][name]
    rows = by_hidden(plan, configurations)
    left, top, between, pitch = 330, 75, 45, 44
    width, height = (WIDTH - left - 45 - between) // 2, pitch * len(rows)
    values = {
        each: [entry["accuracy"] for entry in runs[each].metrics if not entry["diverged"]]
        for each in configurations
        if each in runs
    }
    printed = {each: report.cells[each].value for each in configurations if each in report.cells}
    shown = [CHANCE, *printed.values(), *(value for of in values.values() for value in of)]
    figure = _sheet(top + height + 180, _accuracy_notes(plan, name, runs, gaps, title, printed))
    for position, (activation, words) in enumerate(ACTIVATIONS.items()):
        axes = _axes(figure, left + position * (width + between), top, width, height)
        _heading(axes, position, words)
        _accuracy_axes(axes, rows, shown, labelled=position == 0)
        for row, of_activation in enumerate(rows.values()):
            configuration = of_activation.get(activation)
            if configuration is None:
                continue
            _dots(axes, row, values.get(configuration), configuration in runs)
            if configuration in printed:
                axes.plot(_inside(printed[configuration]), row, **REPORTED)
    dot = {"linestyle": "", "marker": "o", "markeredgewidth": 0, "color": DOT, "alpha": 0.6}
    handles = [Line2D([], [], label="one seed", **{**dot, "markersize": 3})]
    if printed:
        handles.append(Line2D([], [], label="report", **REPORTED))
    handles.append(Line2D([], [], label=f"chance level, {CHANCE:g}", **CHANCE_LINE))
    figure.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(left / WIDTH, 1 - (top + height + 125) / _height(figure)),
        ncols=len(handles),
        borderpad=0,
        borderaxespad=0,
        columnspacing=2.5,
    )
    return figure


DOT = matplotlib.colormaps["plasma"](0.05)
REPORTED = {
    "linestyle": "",
    "marker": "|",
    "markersize": 8,
    "markeredgewidth": 1.4,
    "color": matplotlib.colormaps["plasma"](0.65),
    "zorder": 3,
}
CHANCE_LINE = {"color": "0.45", "linestyle": (0, (2, 2)), "linewidth": 0.8}
LOWEST, HIGHEST = 0.02, 0.995  # what the logit scale can show
TICKS = (0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 0.98, 0.99)


def _inside(values):
    return np.clip(values, LOWEST, HIGHEST)


def _accuracy_axes(axes, rows, shown, labelled):
    """Lay out the axes: a band for every other depth, logit accuracies, the line of chance."""
    low, high = _inside(min(shown)), _inside(max(shown))
    axes.set_xscale("logit")
    axes.set_xlim(_moved(low, -0.25), _moved(high, 0.25))
    inner = [tick for tick in TICKS if axes.get_xlim()[0] < tick < axes.get_xlim()[1]]
    axes.set_xticks(inner, [f"{tick:g}" for tick in inner])
    axes.minorticks_off()
    axes.set_xlabel("accuracy on the test images (logit scale)")
    axes.set_ylim(len(rows) - 0.5, -0.5)
    names = [hidden.replace(NO_HIDDEN, "no hidden layer") for hidden in rows]
    axes.set_yticks(range(len(rows)), names if labelled else [""] * len(rows))
    axes.tick_params(axis="y", length=0)
    axes.grid(False, axis="y")
    for row in range(1, len(rows), 2):
        axes.axhspan(row - 0.5, row + 0.5, color="0.955", linewidth=0, zorder=0)
    axes.axvline(CHANCE, **CHANCE_LINE, zorder=1.5)


def _moved(share, step):
    """Return a share moved by a step of its logit."""
    return float(_sigmoid(np.log(share / (1 - share)) + step))


def _dots(axes, row, values, finished):
    """Draw a network's seeds, the first uppermost; or say why there are none."""
    if not values:
        why = "every seed diverged" if finished else "missing"
        axes.text(0.02, row, why, transform=axes.get_yaxis_transform(), va="center", color="0.4")
        return
    offsets = (np.arange(len(values)) + 0.5) / len(values) - 0.5
    look = {"color": DOT, "alpha": 0.6, "linewidths": 0, "zorder": 2.5}
    axes.scatter(_inside(values), row + 0.7 * offsets, s=7, **look)


def _accuracy_notes(plan, name, runs, gaps, title, printed):
    marks = "; bars: the one value that the report prints" if printed else ""
    return [
        "Ours, not one of the report's nine figures: Table 2 seed by seed. Dots: the accuracy of "
        f"each seed, the first uppermost{marks}. A network without a hidden layer has no "
        "activation; it is drawn in both panels.",
        *_seed_notes(plan, name, runs, gaps, title, f"{_seeds_of(plan, name, runs)}."),
    ]


# --- the figure of the calibration --------------------------------------------------------------


def draw_calibration(table, title):
    """Draw what the report says of the settings that it leaves open.

    Parameters
    ----------
    table : pandas.DataFrame
        As `calibration.calibrate` returns it.
    title : str
        Which data ours show.

    Returns
    -------
    matplotlib.figure.Figure
        A row for each variant of each study: the score's difference to the best on both halves,
        the seeds that keep to the stated epochs, and the accuracy without a hidden layer.
    """
    rows = table.to_dict("records")
    with _style():
        if all(row["verdict"] == OTHER_DATA for row in rows):
            return _no_calibration(rows, title)
        return _calibration(rows, title)


def _no_calibration(rows, title):
    figure = _sheet(300, [f"Data: {title}."])
    axes = _axes(figure, 30, 30, WIDTH - 60, 240)
    why = "these data are not the report's" if rows else "no study is named under `calibration`"
    _picture(axes, None, f"nothing to calibrate: {why}")
    return figure


def _calibration(rows, title):
    places, studies = _calibration_places(rows)
    left, top, pitch, bottom = 565, 75, 46, 115
    height = pitch * (len(places) + len(studies))
    figure = _sheet(top + height + bottom + 60, _calibration_notes(rows, title))
    panels = []
    across = left
    for position, (heading, label, width) in enumerate(
        (
            ("Table 2", "difference in score to the best", 510),
            ("stated epochs", "share of seeds", 330),
            ("no hidden layer", "accuracy", 300),
        )
    ):
        axes = _axes(figure, across, top, width, height)
        _heading(axes, position, heading)
        axes.set_xlabel(label)
        axes.set_ylim(len(places) + len(studies) - 0.5, -0.5)
        axes.set_yticks(list(places.values()), [""] * len(places))
        axes.tick_params(axis="y", length=0)
        axes.xaxis.set_major_locator(MaxNLocator(4))
        panels.append(axes)
        across += width + 45
    _calibration_labels(figure, rows, places, studies, (left, top, pitch, across - 20))
    scores, epochs, accuracies = panels
    legends = [_score_marks(scores, rows, places), _epoch_marks(epochs, rows, places)]
    legends.append(_no_hidden_marks(accuracies, rows, places))
    for axes, handles in zip(panels, legends, strict=True):
        figure.legend(
            handles=handles,
            loc="upper left",
            bbox_to_anchor=(axes.get_position().x0, 1 - (top + height + bottom) / _height(figure)),
            ncols=len(handles),
            borderpad=0,
            borderaxespad=0,
            columnspacing=1.0,
            handlelength=1.2,
            handletextpad=0.5,
        )
    return figure


def _calibration_places(rows):
    """Return the line of each variant, and that of each study's name above its variants."""
    places, studies = {}, {}
    for row in rows:
        if row["study"] not in studies:
            studies[row["study"]] = len(places) + len(studies)
        places[row["study"], row["variant"]] = len(places) + len(studies)
    return places, studies


def _calibration_labels(figure, rows, places, studies, sides):
    """Write each study's name, and each variant's on the left and its verdict on the right."""
    left, top, pitch, right = sides
    for study, line in studies.items():
        n_cells = next(
            row["cells_choosing"] + row["cells_confirming"] for row in rows if row["study"] == study
        )
        words = f"{study_words(study)} ({n_cells} cells)"
        _text(figure, 30, top + pitch * (line + 0.5), words, 7, va="center", weight="bold")
    for row in rows:
        down = top + pitch * (places[row["study"], row["variant"]] + 0.5)
        look = {"size": 7, "va": "center", **VERDICT_LOOKS[row["verdict"]]}
        _text(figure, left - 15, down, variant_words(row), ha="right", **look)
        _text(figure, right, down, row["verdict"], **look)


def _score_marks(axes, rows, places):
    """Draw both halves' differences with their intervals; return what explains the marks."""
    axes.axvline(0, **CHANCE_LINE)
    for half, (look, offset) in HALF_LOOKS.items():
        for row in rows:
            line = places[row["study"], row["variant"]] + offset
            ends = [row[f"difference_{end}_{half}"] for end in ("low", "high")]
            axes.plot(ends, [line, line], color=look["color"], linewidth=0.9)
            axes.plot(row[f"difference_{half}"], line, linestyle="", **look)
    return [
        Line2D([], [], label=f"{half} half", linewidth=0.9, **look)
        for half, (look, _) in HALF_LOOKS.items()
    ]


def _epoch_marks(axes, rows, places):
    axes.axvline(0.5, **CHANCE_LINE)
    axes.set_xlim(-0.06, 1.06)
    axes.set_xticks([0, 0.5, 1], ["0", "0.5", "1"])
    handles = []
    for stem, (label, look) in PHASE_LOOKS.items():
        lines = [places[row["study"], row["variant"]] for row in rows]
        axes.plot([row[f"{stem}_share"] for row in rows], lines, linestyle="", **look)
        handles.append(Line2D([], [], label=label, linestyle="", **look))
    return handles


def _no_hidden_marks(axes, rows, places):
    """Draw the mean and its spread, and what is allowed of the report's number as a bar."""
    for row in rows:
        if row["no_hidden"] == "":
            continue
        line = places[row["study"], row["variant"]]
        mean, report = row["no_hidden"], row["no_hidden"] - row["no_hidden_difference"]
        axes.plot([report, report], [line - 0.5, line + 0.5], color=ALLOWED, linewidth=1.2)
        if row["no_hidden_allowed"] != "":
            sd, allowed = row["no_hidden_sd"], row["no_hidden_allowed"]
            axes.barh(line, 2 * allowed, 1, report - allowed, color=ALLOWED, alpha=0.15)
            axes.plot([mean - sd, mean + sd], [line, line], color=DOT, linewidth=0.9)
        axes.plot(mean, line, **HALF_LOOKS["choosing"][0])
    return [
        Line2D([], [], label="ours", linewidth=0.9, **HALF_LOOKS["choosing"][0]),
        Line2D([], [], label="report", color=ALLOWED, linewidth=1.2),
    ]


def _calibration_notes(rows, title):
    seeds = " or ".join(map(str, sorted({row["seeds"] for row in rows})))
    return [
        "(a) Scores of the cells of Table 2 that a setting changes, log((k + 1) / (n + 2)) where k "
        "of n seeds are within 0.01 of the report; their mean difference, with the 95 % interval "
        "of a bootstrap over the cells, to the variant that is best on the choosing half. Left of "
        "0 on both halves is ruled out.",
        "(b) Share of the seeds whose every layer is pre-trained for 4 or 5 epochs, and whose full "
        "training takes 5 to 15, as the report says. (c) Mean ± standard deviation; shaded: what "
        "is allowed beside the report's number.",
        f"{seeds} seeds of each cell; calibration.html gives the numbers and the reasons, "
        "which may also be the report's text. "
        f"Data: {title}.",
    ]


SECOND = matplotlib.colormaps["plasma"](0.65)
ALLOWED = SECOND
HALF_LOOKS = {
    "choosing": ({"color": DOT, "marker": "o", "markersize": 3.2, "markeredgewidth": 0}, -0.17),
    "confirming": ({"color": SECOND, "marker": "D", "markersize": 2.8, "markeredgewidth": 0}, 0.17),
}
PHASE_LOOKS = {
    "pre_training": (
        "pre-training",
        {"color": SECOND, "marker": "^", "markersize": 3.8, "markeredgewidth": 0},
    ),
    "full_training": (
        "full",
        {"color": DOT, "marker": "s", "markersize": 3, "markeredgewidth": 0},
    ),
}
VERDICT_LOOKS = {
    "chosen": {"weight": "bold", "color": "0"},
    "left open": {"color": "0.15"},
    "ruled out": {"color": "0.55"},
}


# --- figures of images ------------------------------------------------------------------------


def _reconstructions(name, plan, runs, gaps, arrays, title, report):
    originals = first_of_each_class(arrays["test_images"], arrays["test_labels"])
    configs = _configs(plan, name)
    scale, left, top, between, pitch = 3, 240, 65, 75, 290
    width, height = scale * (10 * (SIDE + 1) - 1), scale * (2 * SIDE + 1)
    notes, figure_height = [], top + pitch * math.ceil(len(configs) / 2) - 50
    panels = []
    for position, (configuration, config) in enumerate(configs.items()):
        weights, seed, problem = _weights(runs.get(configuration), gaps.get(configuration))
        picture = None
        if weights:
            outputs = reconstruct(weights, config["activation"], originals)
            tiles = np.concatenate([originals, outputs]).reshape(-1, SIDE, SIDE)
            picture = mosaic(tiles, 10, "gray")
        panels.append((configuration_words(config), picture, problem))
        letter = f"({ascii_lowercase[position]})"
        notes += [f"{letter}: seed {seed}, as those before it diverged."] * (seed > 0)
        notes += _dead_note(runs.get(configuration), seed, letter)
    notes = [
        "Above: the first test image of each class. Below: its reconstruction by the network of "
        f"seed 0. Data: {title}.",
        *_strength_note(configs),
        *notes,
    ]
    figure = _sheet(figure_height, notes)
    for position, (heading, picture, problem) in enumerate(panels):
        row, column = divmod(position, 2)
        across, down = left + column * (width + between), top + row * pitch
        axes = _axes(figure, across, down, width, height)
        _heading(axes, position, heading)
        _picture(axes, picture, problem)
        if column == 0:
            for line, label in enumerate(("original", "reconstruction")):
                middle = down + scale * (line * (SIDE + 1) + SIDE / 2)
                _text(figure, across - 15, middle, label, ha="right", va="center", color="0.35")
    return figure


def _encoder_weights(name, plan, runs, gaps, arrays, title, report):
    blocks, notes, seed = [], [], 0
    for configuration, config in _configs(plan, name).items():
        run = runs.get(configuration)
        weights, seed, problem = _weights(run, gaps.get(configuration))
        columns = columns_of(config["hidden"])
        picture = weights_picture(weights["encoder/weights"], columns) if weights else None
        rows = math.ceil(config["hidden"] / columns)
        shape = (rows * (SIDE + 1) - 1, columns * (SIDE + 1) - 1)
        blocks.append((configuration_words(config), picture, problem, shape))
        notes += _dead_note(run, seed, configuration_words(config))
    notes = [
        f"The 784 weights from the pixels to each hidden unit (seed {seed}), each unit scaled to "
        f"its own range: dark its smallest, bright its largest weight. Data: {title}.",
        *notes,
    ]
    top = 65
    places = []
    for heading, picture, problem, shape in blocks:
        scale = max(1, (WIDTH - 300) // shape[1])
        places.append((heading, picture, problem, top, scale * shape[1], scale * shape[0]))
        top += scale * shape[0] + 110
    width = max((place[4] for place in places), default=WIDTH // 2) + 60
    figure = _sheet(top - 80, notes, width)
    for heading, picture, problem, down, wide, high in places:
        axes = _axes(figure, 30, down, wide, high)
        _heading(axes, None, heading)
        _picture(axes, picture, problem)
    return figure


def _layer_weights(name, plan, runs, gaps, arrays, title, report):
    n_units, n_columns, scale, left, top, between = 60, 6, 4, 30, 130, 100

    def pitch(shape):
        """Return the dots from a block to the next: room for its picture and its heading."""
        return max(scale * shape[1], 360) + between

    sheets, notes, seed, total = [], [], 0, top
    for configuration, config in _configs(plan, name).items():
        run = runs.get(configuration)
        weights, seed, problem = _weights(run, gaps.get(configuration))
        blocks = []
        for layer, (fan_in, fan_out) in enumerate(
            zip([784, *config["hidden"]], config["hidden"], strict=False), start=1
        ):
            rows, columns = tile_shape(fan_in)
            units = min(n_units, fan_out)
            tall = math.ceil(units / n_columns)
            shape = (tall * (rows + 1) - 1, n_columns * (columns + 1) - 1)
            bottom_up = weights[f"hidden{layer}/weights"][:, :units] if weights else None
            picture = weights_picture(bottom_up, n_columns) if weights else None
            blocks.append((f"{_ordinal(layer)} hidden layer", picture, problem, shape))
        sheets.append((configuration_words(config), blocks, total))
        total += scale * max((block[3][0] for block in blocks), default=0) + 150
        notes += _dead_note(run, seed, configuration_words(config))
    notes = [
        f"The weights from the layer below to each of the first {n_units} units (seed {seed}), "
        "each unit scaled to its own range: dark its smallest, bright its largest weight. "
        f"Data: {title}.",
        "After full training. Which network the report shows is not said; this one is assumed.",
        *notes,
    ]
    widths = [sum(pitch(block[3]) for block in blocks) for _, blocks, _ in sheets]
    figure = _sheet(total - 120, notes, max([*widths, WIDTH // 2]) - between + 2 * left)
    for heading, blocks, down in sheets:
        _text(figure, left, down - 90, heading, size=8, va="center", weight="bold")
        across = left
        for position, (label, picture, problem, shape) in enumerate(blocks):
            axes = _axes(figure, across, down, scale * shape[1], scale * shape[0])
            _heading(axes, position, label)
            _picture(axes, picture, problem)
            across += pitch(shape)
    return figure


DRAW = {
    "figure1": _under_complete_curves,
    "figure2": _reconstructions,
    "figure3": _over_complete_curves,
    "figure4": _over_complete_curves,
    "figure5": _reconstructions,
    "figure6": _encoder_weights,
    "figure7": _encoder_weights,
    "figure8": _encoder_weights,
    "figure9": _layer_weights,
    "figure10": _accuracies,
}


# --- the parts of the above -------------------------------------------------------------------


def _style():
    """Return a context with our settings only, whatever the reader's matplotlibrc says."""
    return matplotlib.rc_context({**matplotlib.rcParamsDefault, **STYLE, "backend": "Agg"})


def _configs(plan, name):
    return {each: plan["configurations"][each]["config"] for each in plan["figures"][name]}


def _by_width(config):
    return (config["hidden"], list(ACTIVATIONS).index(config["activation"]))


def _ordinal(number):
    return {1: "1st", 2: "2nd", 3: "3rd"}.get(number, f"{number}th")


def _ramp(colours, first, last, count):
    """Return colours that differ in lightness, from dark to light."""
    return [matplotlib.colormaps[colours](value) for value in np.linspace(first, last, count)]


def _sigmoid(values):
    return 1 / (1 + np.exp(-np.clip(values, -500, 500)))


def _weights(run, gap):
    """Return the first kept seed's weights, that seed, and what keeps them from being shown."""
    if run is None:
        return None, 0, f"missing: {gap or 'not read'}"
    if not run.seeds:
        return None, 0, "missing: every seed diverged"
    if not run.kept_seeds:
        return None, 0, "missing: weights were not kept"
    return run.weights(), run.kept_seeds[0], None


def _dead_note(run, seed, which):
    if run is None or seed not in run.dead:
        return []
    return [f"{DEAD}: {which}."]


def _sheet(height, notes, width=WIDTH):
    """Return a figure of `height` dots and the small print below it."""
    characters = int(width / DPI * 20.5)
    lines = [line for note in notes for line in textwrap.wrap(note, characters)]
    total = height + 40 + LINE * len(lines)
    figure = Figure(figsize=(width / DPI, total / DPI), dpi=DPI)
    for number, line in enumerate(lines):
        _text(figure, 30, height + 20 + LINE * number, line, va="top", color="0.35")
    return figure


def _height(figure):
    return figure.get_size_inches()[1] * DPI


def _axes(figure, left, top, width, height):
    """Add axes, placed in dots from the figure's upper left corner."""
    across, down = figure.get_size_inches() * DPI
    return figure.add_axes(
        (left / across, 1 - (top + height) / down, width / across, height / down)
    )


def _text(figure, left, top, text, size=SMALL, **look):
    across, down = figure.get_size_inches() * DPI
    return figure.text(left / across, 1 - top / down, text, size=size, parse_math=False, **look)


def _heading(axes, position, heading):
    letter = "" if position is None else f"({ascii_lowercase[position]}) "
    axes.set_title(letter + heading, loc="left", pad=4, parse_math=False)


def _picture(axes, picture, problem):
    """Show a picture pixel by pixel, or say why there is none."""
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
    axes.grid(False)
    if picture is None:
        axes.set_facecolor("0.94")
        problem = textwrap.fill(problem, max(10, int(axes.get_window_extent().width / DPI * 15)))
        look = {"transform": axes.transAxes, "ha": "center", "va": "center", "color": "0.35"}
        axes.text(0.5, 0.5, problem, **look)
        return
    axes.imshow(picture, interpolation="none", aspect="auto")
