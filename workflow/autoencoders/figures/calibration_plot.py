"""What the published numbers say of each setting that the paper does not state."""

from autoencoders.figures import layout, style
from autoencoders.figures.small_print import note
from autoencoders.labels.networks import setting_words

LEFT, TOP, LINE, BELOW, BETWEEN = 1050, 75, 46, 115, 45  # dots around a panel, and of its lines
EFFECTS_WIDTH, POSTERIORS_WIDTH = 560, 330


def plot_calibration(inputs):
    """Plot a line for each value of each setting, given the table calibration_settings.csv.

    Those of the first study, which has the most recipes.
    """
    rows = inputs.table.to_dict("records")
    if not rows:
        figure = layout.sheet(300, [note("data", title=inputs.title)])
        axes = layout.add_axes(figure, 30, 30, layout.WIDTH - 60, 240)
        why = "no study is named under `calibration`, or these data are not the paper's"
        layout.show_picture(axes, None, f"nothing to calibrate: {why}")
        return figure
    rows = [row for row in rows if row["study"] == rows[0]["study"]]
    settings, values = {}, {}
    for row in rows:
        settings.setdefault(row["setting"], len(settings) + len(values))
        values[len(settings) + len(values)] = row
    n_lines = len(settings) + len(values)
    height = LINE * n_lines
    figure = layout.sheet(
        TOP + height + BELOW, [note("effects"), note("posteriors", title=inputs.title)]
    )
    left = LEFT
    for position, (heading, label, width, plot) in enumerate((
        ("effect", "logarithm of the likelihood", EFFECTS_WIDTH, _plot_effects),
        ("probability", "posterior", POSTERIORS_WIDTH, _plot_posteriors),
    )):  # fmt: skip
        axes = layout.add_axes(figure, left, TOP, width, height, heading, position)
        axes.set(xlabel=label, ylim=(n_lines - 0.5, -0.5))
        axes.set_yticks(list(values), [""] * len(values))
        axes.tick_params(axis="y", length=0)
        plot(axes, values)
        left += width + BETWEEN
    for setting, line in settings.items():
        look = {"size": 7, "va": "center", "weight": "bold"}
        layout.add_text(figure, 30, TOP + LINE * (line + 0.5), setting_words(setting), **look)
    for line, row in values.items():
        label = f"{row['value']} (default)" if row["default"] else row["value"]
        look = style.DECIDED_TEXT if row["decided"] else {}
        top = TOP + LINE * (line + 0.5)
        layout.add_text(figure, LEFT - 15, top, label, size=7, va="center", ha="right", **look)
    return figure


def _plot_effects(axes, values):
    axes.axvline(0, **style.REFERENCE_LINE)
    for line, row in values.items():
        if row["low"] != "":
            axes.plot([float(row["low"]), float(row["high"])], [line, line], **style.INTERVAL)
        axes.plot(float(row["effect"]), line, linestyle="", **style.EFFECT_MARK)


def _plot_posteriors(axes, values):
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 0.5, 1], ["0", "0.5", "1"])
    posteriors = [float(row["posterior"]) for row in values.values()]
    axes.barh(list(values), posteriors, 0.6, color=style.DARK)
