"""Errors against the epoch: Figures 1, 3 and 4."""

import math

import numpy as np
import seaborn
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from autoencoders.figures import layout, style
from autoencoders.figures.small_print import activations_of, note, seed_notes, strength_notes
from autoencoders.labels import networks as labels
from autoencoders.runs.names import regularisation_of

LEFT, TOP, BELOW = 165, 75, 125  # dots around a panel
IN_A_ROW = 3  # panels
LEGEND_COLUMNS, LEGEND_LINE = 4, 48  # the most, and dots
FEW_EPOCHS = 12  # up to which every epoch has a marker
EVERY = 3  # epochs from one mark of a published curve to the next


def plot_under_complete(inputs):
    """Plot training and validation error next to each other for Figure 1."""
    widths = sorted({each.settings["hidden"] for each in inputs.configurations})
    colours = style.ramp(*style.WIDTH_COLOURS, len(widths))
    looks = {}
    for configuration in sorted(inputs.configurations, key=_line_of):
        width = configuration.settings["hidden"]
        look = _look(configuration, "", f", {width} units", color=colours[widths.index(width)])
        looks[configuration.name] = look
    errors = ("training_error", "validation_error")
    panels = [(error.replace("_", " "), error, looks) for error in errors]
    return _figure(inputs, panels, [], height=840, between=215, one_legend=True)


def plot_errors(inputs):
    """Plot training and validation error of any networks, a curve for each, for one's own figure.

    Those of a classifier are those of its full training.
    """
    colours = style.ramp(*style.WIDTH_COLOURS, len(inputs.configurations))
    looks = {}
    for configuration, colour in zip(inputs.configurations, colours, strict=True):
        name = configuration.name.partition("/")[2]
        activation = configuration.settings["activation"]
        dashes = style.dashes_of(activation) if activation else "-"
        looks[configuration.name] = {"color": colour, "linestyle": dashes, "label": name}
    errors = ("training_error", "validation_error")
    panels = [(error.replace("_", " "), error, looks) for error in errors]
    return _figure(inputs, panels, [], height=840, between=215, one_legend=True, label="error")


def plot_over_complete(inputs, error):
    """Plot one error for Figures 3 and 4: a panel for each strength, and one for noise."""
    by_strength, reference = {}, {}
    for configuration in inputs.configurations:
        _, kind, printed, _ = _line_of(configuration)
        if kind:
            strength = "" if kind == "noise" else f", strength {printed!r}"
            by_strength.setdefault(strength, []).append(configuration)
        else:
            look = _look(configuration, "none (ours), ", "", **style.WITHOUT_PENALTY)
            reference[configuration.name] = look
    panels = []
    for strength, configurations in by_strength.items():
        kinds = [labels.REGULARISATION_LABELS[_line_of(each)[1]] for each in configurations]
        heading = labels.list_in_words(dict.fromkeys(kinds)) + strength
        panels.append((heading, error, _penalty_looks(configurations) | reference))
    if not panels:
        panels = [("neither penalty nor noise", error, reference)]
    what = labels.capitalised(error.replace("_", " "))
    widths = sorted({each.settings["hidden"] for each in inputs.configurations})
    notes = [note("over_complete", error=what, units=" or ".join(map(str, widths)))]
    notes += strength_notes(inputs)
    if reference:
        notes.append(note("without_penalty"))
    return _figure(inputs, panels, notes, height=720, between=125, one_legend=False)


def _penalty_looks(configurations):
    """Return the looks of a panel's curves."""
    # Every curve has a colour of its own, as a dashed one may lie on a solid one all the way.
    lines = sorted({_line_of(each) for each in configurations})
    is_noise = lines[0][1] == "noise"
    of_kind = style.NOISE_COLOURS if is_noise else style.PENALTY_COLOURS
    colours = dict(zip(lines, style.ramp(*of_kind, len(lines)), strict=True))
    looks = {}
    for configuration in configurations:
        _, kind, printed, order = line = _line_of(configuration)
        what = f"noise {printed!r}" if is_noise else labels.REGULARISATION_LABELS[kind]
        zorder = 2.5 if order else 2  # dashes above the solid line of the first activation
        look = _look(configuration, f"{what}, ", "", color=colours[line], zorder=zorder)
        looks[configuration.name] = look
    return looks


def _look(configuration, before, after, **look):
    """Return a look with the dashes of the activation, and its name between two other words."""
    activation = configuration.settings["activation"]
    label = f"{before}{labels.ACTIVATION_LABELS[activation]}{after}"
    return look | {"linestyle": style.dashes_of(activation), "label": label}


def _line_of(configuration):
    """Return what tells the lines of a panel apart, in their order."""
    settings = configuration.settings
    kind, printed, _ = regularisation_of(settings)
    order = style.activation_order(settings["activation"])
    return settings["hidden"], kind or "", printed or 0.0, order


def _figure(
    inputs, panels, notes, height, between, one_legend, label="mean squared error per pixel"
):
    """Return the figure of some panels, with one legend for all of them or one below each.

    A panel is its heading, the error it shows, and the look of each configuration's curve.
    """
    marks = _published_marks(inputs)
    has_bands = any(len(run.seeds) > 1 for run in inputs.runs.values())
    notes = notes + seed_notes(inputs, "mean_of_seeds" if has_bands else "seeds")
    n_labels = max(len(looks) for _, _, looks in panels)
    if marks:
        notes.append(note("published_curves"))
        n_labels += 1
    legend_columns = 1
    if one_legend:
        # A column for each width, where they fit.
        rows = max(2, len(activations_of(inputs)))
        legend_columns = min(math.ceil(n_labels / rows), LEGEND_COLUMNS)
    columns = min(len(panels), IN_A_ROW)
    width = (layout.WIDTH - LEFT - 45 - between * (columns - 1)) // columns
    pitch = TOP + height + BELOW + LEGEND_LINE * math.ceil(n_labels / legend_columns)
    figure = layout.sheet(pitch * math.ceil(len(panels) / columns) + 5, notes)
    for position, (heading, error, looks) in enumerate(panels):
        row, column = divmod(position, columns)
        left, top = LEFT + column * (width + between), TOP + row * pitch
        axes = layout.add_axes(figure, left, top, width, height, heading, position)
        _tell_apart(looks)
        handles = _plot_curves(axes, inputs.runs, marks, error, looks)
        _lay_out(axes, [inputs.runs[name] for name in looks if name in inputs.runs])
        if column == 0 or one_legend:
            axes.set_ylabel(label)
        if position == 0 or not one_legend:
            layout.add_legend(figure, handles, left, top + height + BELOW, legend_columns)
    _share_limits(figure.axes)
    return figure


def _published_marks(inputs):
    """Return the points of the paper's own curves in this figure, by configuration and error."""
    number = inputs.name.removeprefix("figure")
    shown = {each.name for each in inputs.configurations}
    marks = {}
    for curve in inputs.published.curves:
        if curve.figure.startswith(number) and curve.configuration in shown:
            marks[curve.configuration, curve.error] = curve.points
    return marks


def _tell_apart(looks):
    """Give curves that would look the same another line style, and their name as label."""
    seen = {}
    for name, look in looks.items():
        times = seen[look["label"]] = seen.get(look["label"], 0) + 1
        if times > 1:
            look |= {"linestyle": (0, (1, times)), "label": name.partition("/")[2]}


def _plot_curves(axes, runs, marks, error, looks):
    """Plot means, bands and, below them, published curves; return the entries of the legend."""
    handles, published = [], []
    for name, look in looks.items():
        points = marks.get((name, error))
        if points:
            epochs = sorted(points)[::EVERY]
            errors = [points[epoch] for epoch in epochs]
            axes.scatter(epochs, errors, color=look["color"], **style.PUBLISHED_MARK)
            published = [Line2D([], [], label="published", **style.PUBLISHED_ENTRY)]
        run = runs.get(name)
        look = dict(look)
        has_band = look.pop("band", True)
        if run is None or not run.seeds:
            why = "missing" if run is None else "diverged"
            look |= {"label": f"{look['label']} ({why})", "alpha": 0.35}
            handles.append(Line2D([], [], **look))
            continue
        history = run.history[run.history["seed"].isin(run.seeds)]
        history = history[history["phase"].isin(("training", "full-training"))]
        if history["epoch"].max() <= FEW_EPOCHS:
            look |= style.EPOCH_MARKS
        look["errorbar"] = "sd" if has_band and len(run.seeds) > 1 else None
        before = len(axes.lines)
        seaborn.lineplot(
            history, x="epoch", y=error, err_kws=style.BAND, legend=False, ax=axes, **look
        )
        handles.append(axes.lines[before])
    return handles + published


def _lay_out(axes, runs):
    last = max((run.history["epoch"].max() for run in runs), default=1)
    axes.set_xlim((0, last) if last > FEW_EPOCHS else (0.5, last + 0.5))
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.set(xlabel="epoch", ylabel="")
    if not axes.lines:
        axes.text(0.5, 0.5, "missing", transform=axes.transAxes, ha="center", color="0.4")
        axes.set_yticks([])


def _share_limits(panels):
    """Let every panel start at 0, and share its top with those of about its own height."""
    tops = {}
    for axes in panels:
        values = [line.get_ydata() for line in axes.lines]
        values += [marks.get_offsets()[:, 1] for marks in axes.collections]
        values = np.concatenate([*values, []])
        values = values[np.isfinite(values)]
        if values.size:
            tops[axes] = 1.05 * values.max()
    for axes, top in tops.items():
        # Much lower panels keep a scale of their own.
        axes.set_ylim(0, max(other for other in tops.values() if other <= 1.6 * top))
        axes.yaxis.set_major_locator(MaxNLocator(6))
