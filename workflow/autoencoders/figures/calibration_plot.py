"""What the published numbers say of the settings that the paper does not state."""

from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from autoencoders.analysis.published import OTHER_DATA
from autoencoders.figures import layout, style
from autoencoders.figures.small_print import note
from autoencoders.labels.networks import study_words

LEFT, TOP, LINE, BELOW, BETWEEN = 565, 75, 46, 115, 45  # dots around a panel, and of its lines
OFFSETS = {"choosing": -0.17, "confirming": 0.17}  # of a half's marks from the middle of its line


def plot_calibration(inputs):
    """Plot a line for each variant of each study; `inputs.table` is that of calibration.csv."""
    rows = inputs.table.to_dict("records")
    if all(row["verdict"] == OTHER_DATA for row in rows):
        figure = layout.sheet(300, [note("data", title=inputs.title)])
        axes = layout.add_axes(figure, 30, 30, layout.WIDTH - 60, 240)
        why = "these data are not the paper's" if rows else "no study is named under `calibration`"
        layout.show_picture(axes, None, f"nothing to calibrate: {why}")
        return figure
    studies, variants = _lines(rows)
    n_lines = len(studies) + len(variants)
    height, left = LINE * n_lines, LEFT
    below = TOP + height + BELOW
    seeds = " or ".join(map(str, sorted({int(row["seeds"]) for row in rows})))
    last_note = note("calibration", seeds=seeds, title=inputs.title)
    figure = layout.sheet(below + 60, [note("scores"), note("other_evidence"), last_note])
    panels = (
        ("Table 2", "difference in score to the best", 510, _plot_scores),
        ("stated epochs", "share of seeds", 330, _plot_epochs),
        ("no hidden layer", "accuracy", 300, _plot_no_hidden),
    )
    for position, (heading, label, width, plot) in enumerate(panels):
        axes = layout.add_axes(figure, left, TOP, width, height, heading, position)
        axes.set(xlabel=label, ylim=(n_lines - 0.5, -0.5))
        axes.set_yticks(list(variants), [""] * len(variants))
        axes.tick_params(axis="y", length=0)
        axes.xaxis.set_major_locator(MaxNLocator(4))
        handles = plot(axes, variants)
        layout.add_legend(figure, handles, left, below, len(handles), **style.TIGHT_LEGEND)
        left += width + BETWEEN
    _add_labels(figure, studies, variants, left - 20)
    return figure


def _lines(rows):
    """Return the line of each study's name, and the row of each variant's line below it."""
    studies, variants = {}, {}
    for row in rows:
        studies.setdefault(row["study"], len(studies) + len(variants))
        variants[len(studies) + len(variants)] = row
    return studies, variants


def _add_labels(figure, studies, variants, right):
    """Write each study's name, and each variant's on the left and its verdict on the right."""
    cells = {}
    for line, row in variants.items():
        cells[row["study"]] = int(row["cells_choosing"]) + int(row["cells_confirming"])
        top = TOP + LINE * (line + 0.5)
        look = {"size": 7, "va": "center", **style.VERDICT_TEXT[row["verdict"]]}
        variant = f"{row['variant']} (default)" if row["default"] else row["variant"]
        layout.add_text(figure, LEFT - 15, top, variant, ha="right", **look)
        layout.add_text(figure, right, top, row["verdict"], **look)
    for study, line in studies.items():
        words = f"{study_words(study)} ({cells[study]} cells)"
        top = TOP + LINE * (line + 0.5)
        layout.add_text(figure, 30, top, words, size=7, va="center", weight="bold")


def _plot_scores(axes, variants):
    """Plot both halves' differences with their intervals; return the entries of the legend."""
    axes.axvline(0, **style.REFERENCE_LINE)
    handles = []
    for half, look in style.HALF_MARKS.items():
        for line, row in variants.items():
            place = line + OFFSETS[half]
            ends = [float(row[f"difference_low_{half}"]), float(row[f"difference_high_{half}"])]
            axes.plot(ends, [place, place], color=look["color"], linewidth=0.9)
            axes.plot(float(row[f"difference_{half}"]), place, linestyle="", **look)
        handles.append(Line2D([], [], label=f"{half} half", linewidth=0.9, **look))
    return handles


def _plot_epochs(axes, variants):
    """Plot the shares of both phases; return the entries of the legend."""
    axes.axvline(0.5, **style.REFERENCE_LINE)
    axes.set_xlim(-0.06, 1.06)
    axes.set_xticks([0, 0.5, 1], ["0", "0.5", "1"])
    handles = []
    for phase, look in style.PHASE_MARKS.items():
        shares = [float(row[f"{phase}_share"]) for row in variants.values()]
        handles += axes.plot(shares, list(variants), linestyle="", markeredgewidth=0, **look)
    return handles


def _plot_no_hidden(axes, variants):
    """Plot the mean and its spread, and what is allowed of the published number as a bar."""
    ours = style.HALF_MARKS["choosing"]
    for line, row in variants.items():
        if row["no_hidden"] == "":
            continue
        mean = float(row["no_hidden"])
        published = mean - float(row["no_hidden_difference"])
        axes.plot([published, published], [line - 0.5, line + 0.5], **style.PUBLISHED_LINE)
        if row["no_hidden_allowed"] != "":
            sd, allowed = float(row["no_hidden_sd"]), float(row["no_hidden_allowed"])
            axes.barh(line, 2 * allowed, 1, published - allowed, color=style.BRIGHT, alpha=0.15)
            axes.plot([mean - sd, mean + sd], [line, line], color=style.DARK, linewidth=0.9)
        axes.plot(mean, line, **ours)
    return [
        Line2D([], [], label="ours", linewidth=0.9, **ours),
        Line2D([], [], label="published", **style.PUBLISHED_LINE),
    ]
