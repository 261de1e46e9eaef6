import json
import subprocess
import sys
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PathCollection

import synthetic
from autoencoders import figures
from autoencoders.reported import Curve, Printed, Report, read_report
from autoencoders.runs import RunsError, read_runs

SCRIPTS = Path(figures.__file__).parent.parent / "scripts"
REPORT = Path(figures.__file__).parents[2] / "resources" / "report"
DIVERGED, DEAD = "autoencoder/relu-6-l1-1e-05", "autoencoder/sigmoid-6-l1-1e-05"
MISSING, FOREIGN = "autoencoder/relu-6-noise-0.1", "autoencoder/sigmoid-4"


def small(**changes):
    return (
        synthetic.under_complete([4, 5], **changes)
        | synthetic.over_complete(6, **changes)
        | synthetic.weight_images([100], **changes)
        | dict([synthetic.classifier("64-36-10", **changes)])
    )


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    configurations = small()
    metrics = {
        name: synthetic.make_metrics(name, configurations[name]) for name in (DIVERGED, DEAD)
    }
    metrics[DIVERGED][0] = synthetic.diverge(metrics[DIVERGED][0])
    metrics[DEAD][0]["dead"] = True
    return synthetic.write_results(
        tmp_path_factory.mktemp("figures"), configurations, unfinished=[MISSING], metrics=metrics
    )


@pytest.fixture(scope="module")
def read(place):
    return read_runs(place.plan, place.manifest, place.results)


@pytest.fixture(scope="module")
def draw(place, read):
    return lambda name: figures.draw(name, place.plan, *read, place.arrays, synthetic.TITLE)


def mean_and_sd(history, seeds, error):
    return history[history["seed"].isin(seeds)].groupby("epoch")[error].agg(["mean", "std"])


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


# --- curves -----------------------------------------------------------------------------------


def test_figure1_draws_the_means_of_both_errors(draw, read):
    figure = draw("figure1")
    assert headings(figure) == ["(a) training error", "(b) validation error"]
    for axes, error in zip(figure.axes, ("training_error", "validation_error"), strict=True):
        assert axes.get_xlabel() == "epoch"
        assert axes.get_ylabel() == "mean squared error per pixel"
        assert axes.get_legend() is None
        lines = dict(zip(labels(figure.legends[0]), axes.lines, strict=True))
        assert list(lines) == [
            f"{activation}, {width} units" for width in (4, 5) for activation in ("ReLU", "sigmoid")
        ]
        run = read[0]["autoencoder/sigmoid-5"]
        table = mean_and_sd(run.history, [0, 1, 2], error)
        line = lines["sigmoid, 5 units"]
        np.testing.assert_array_equal(line.get_xdata(), table.index)
        np.testing.assert_allclose(line.get_ydata(), table["mean"], rtol=1e-12)
        assert axes.get_ylim()[0] == 0
        assert axes.get_ylim()[1] > line.get_ydata().max()


def test_the_band_is_one_standard_deviation(draw, read):
    run = read[0]["autoencoder/relu-4"]
    table = mean_and_sd(run.history, [0, 1, 2], "training_error")
    band = draw("figure1").axes[0].collections[0].get_paths()[0].vertices
    for epoch, (mean, sd) in table.iterrows():
        heights = band[band[:, 0] == epoch, 1]
        assert [heights.min(), heights.max()] == pytest.approx([mean - sd, mean + sd])


def test_curves_differ_in_lightness_and_in_line_style(draw):
    def lightness(line):
        return np.dot(matplotlib.colors.to_rgb(line.get_color()), [0.2126, 0.7152, 0.0722])

    lines = draw("figure1").axes[0].lines
    assert len({line.get_linestyle() for line in lines}) == 2
    assert abs(lightness(lines[0]) - lightness(lines[2])) > 0.3
    for axes in draw("figure4").axes[:2]:
        shades = sorted({round(lightness(line), 3) for line in axes.lines})
        assert min(np.diff(shades)) > 0.1


def test_over_complete_curves_have_a_panel_per_strength(draw):
    for name, kind in (("figure3", "Training"), ("figure4", "Validation")):
        figure = draw(name)
        assert headings(figure) == [
            "(a) L1 and L2, strength 1e-05",
            "(b) L1 and L2, strength 1e-07",
            "(c) Gaussian noise",
        ]
        assert f"{kind} error of networks with 6 hidden units" in small_print(figure)
        assert "weights applied: 0.0001 for 1e-05, 1e-06 for 1e-07." in small_print(figure)
        reference = ["none (ours), ReLU", "none (ours), sigmoid"]
        assert [labels(legend) for legend in figure.legends] == [
            ["L1, ReLU", "L1, sigmoid", "L2, ReLU", "L2, sigmoid", *reference],
            ["L1, ReLU", "L1, sigmoid", "L2, ReLU", "L2, sigmoid", *reference],
            [
                "noise 0.1, ReLU (missing)",
                "noise 0.1, sigmoid",
                "noise 0.3, ReLU",
                "noise 0.3, sigmoid",
                *reference,
            ],
        ]


def test_figures_3_and_4_show_their_own_error(draw, read):
    run = read[0]["autoencoder/relu-6-l2-1e-07"]
    for name, error in (("figure3", "training_error"), ("figure4", "validation_error")):
        expected = mean_and_sd(run.history, [0, 1, 2], error)["mean"]
        assert any(
            np.allclose(line.get_ydata(), expected, rtol=1e-12) for line in draw(name).axes[1].lines
        )


def test_diverged_seeds_are_left_out_and_all_is_named(draw, read):
    figure = draw("figure3")
    text = small_print(figure).replace("\n", " ")
    assert "Diverged and left out: ReLU, 6 units, L1 1e-05 (seed 0)." in text
    assert "inactive on every test image: sigmoid, 6 units, L1 1e-05 (seed 0)." in text
    assert "Missing: ReLU, 6 units, Gaussian noise 0.1 (not finished)." in text
    assert (
        f"Mean of 3 seeds; the band is ± one standard deviation. Data: {synthetic.TITLE}." in text
    )
    history = read[0][DIVERGED].history
    expected = mean_and_sd(history, [1, 2], "training_error")["mean"]
    np.testing.assert_allclose(figure.axes[0].lines[0].get_ydata(), expected, rtol=1e-12)


@pytest.mark.parametrize("name", figures.FIGURES[:6] + figures.FIGURES[8:])
def test_nothing_is_cut_off_or_hides_anything_else(draw, name):
    assert_apart_and_inside(draw(name))


# --- the report's curves and numbers beside ours -------------------------------------------------

SETTINGS = {"autoencoder": {"training.epochs": "6"}, "classifier": {"training.momentum": "0.9"}}
PRINTED = Printed("0.90", "Table 2", "accuracy")
POINTS = {epoch: 0.15 / epoch for epoch in range(1, 6)}


def made_up_report(settings=SETTINGS, cells=None):
    curves = [
        Curve("1a", "autoencoder/relu-4", "training_error", POINTS),
        Curve("1b", "autoencoder/relu-4", "validation_error", {2: 0.9}),
        Curve("3a", "autoencoder/relu-6-l2-1e-05", "training_error", POINTS),
        Curve("3c", MISSING, "training_error", POINTS),
        Curve("3b", "autoencoder/relu-4", "training_error", {1: 0.7}),  # of another figure
    ]
    return Report(cells or {}, curves, settings)


def draw_beside(place, read, name, report, **changes):
    plan = {**place.plan, **changes}
    return figures.draw(name, plan, *read, place.arrays, synthetic.TITLE, report)


def faint_marks(axes):
    """Return the places of each of the report's curves; bands have no offsets of their own."""
    scatters = [each for each in axes.collections if isinstance(each, PathCollection)]
    return [each.get_offsets() for each in scatters]


def test_the_reports_curves_lie_under_ours_in_their_colours(place, read):
    figure = draw_beside(place, read, "figure1", made_up_report())
    (training,) = faint_marks(figure.axes[0])
    assert training.tolist() == [[1, 0.15], [4, pytest.approx(0.15 / 4)]]
    (validation,) = faint_marks(figure.axes[1])
    assert validation.tolist() == [[2, 0.9]]
    assert figure.axes[1].get_ylim()[1] > 0.9
    ours = dict(zip(labels(figure.legends[0]), figure.axes[0].lines, strict=False))
    marks = next(e for e in figure.axes[0].collections if isinstance(e, PathCollection))
    colour = matplotlib.colors.to_rgb(ours["ReLU, 4 units"].get_color())
    assert tuple(marks.get_facecolor()[0][:3]) == pytest.approx(colour)
    assert marks.get_facecolor()[0][3] < 0.5
    assert marks.get_zorder() < ours["ReLU, 4 units"].get_zorder()
    assert labels(figure.legends[0])[-1] == "report"
    assert "Faint marks: the report's own curves" in small_print(figure)
    assert_apart_and_inside(figure)


def test_only_panels_with_a_curve_of_the_report_name_it(place, read):
    figure = draw_beside(place, read, "figure3", made_up_report())
    assert [len(faint_marks(axes)) for axes in figure.axes] == [1, 0, 1]
    assert ["report" in labels(legend) for legend in figure.legends] == [True, False, True]
    assert_apart_and_inside(figure)
    figure = draw_beside(place, read, "figure4", made_up_report())
    assert [len(faint_marks(axes)) for axes in figure.axes] == [0, 0, 0]


@pytest.mark.parametrize(
    ("report", "changes"),
    [
        (made_up_report(), {"dataset": "digits"}),
        (made_up_report({**SETTINGS, "autoencoder": {"training.epochs": "100"}}), {}),
    ],
)
def test_without_a_run_of_its_own_the_report_has_no_curve(place, read, report, changes):
    figure = draw_beside(place, read, "figure1", report, **changes)
    assert [len(faint_marks(axes)) for axes in figure.axes] == [0, 0]
    assert "report" not in labels(figure.legends[0])
    assert "Faint" not in small_print(figure)


@pytest.fixture(scope="module")
def accuracies(tmp_path_factory):
    """Classifiers of every kind: with a seed at chance, diverged, all diverged, missing."""
    configurations = synthetic.classifiers(["128", "8-4", "128-256-512"], seeds=4)
    metrics = {}
    for name, values in {
        "classifier/relu-128": [0.91, 0.92, 0.93, 0.94],
        "classifier/sigmoid-128-256-512": [0.114, 0.87, 0.88, 0.12],
    }.items():
        metrics[name] = synthetic.make_metrics(name, configurations[name])
        for entry, value in zip(metrics[name], values, strict=True):
            entry["accuracy"] = value
    lost = "classifier/sigmoid-8-4"
    metrics[lost] = [
        synthetic.diverge(e) for e in synthetic.make_metrics(lost, configurations[lost])
    ]
    first = metrics["classifier/relu-128"]
    first[3] = synthetic.diverge(first[3])
    place = synthetic.write_results(
        tmp_path_factory.mktemp("accuracies"),
        configurations,
        unfinished=["classifier/relu-8-4"],
        metrics=metrics,
    )
    read = read_runs(place.plan, place.manifest, place.results)
    return lambda report, **changes: draw_beside(place, read, "figure10", report, **changes)


def test_figure10_has_a_dot_for_each_seed(accuracies):
    figure = accuracies(read_report(REPORT))
    assert headings(figure) == ["(a) ReLU", "(b) sigmoid"]
    rows = ["128", "8-4", "128-256-512", "no hidden layer"]
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == rows
    dots = {round(np.mean(d[:, 1])): d for d in faint_marks(figure.axes[1])}
    assert sorted(dots) == [0, 2, 3]
    assert dots[2][:, 0].tolist() == [0.114, 0.87, 0.88, 0.12]
    assert np.all(np.diff(dots[2][:, 1]) > 0)
    assert abs(dots[2][:, 1] - 2).max() < 0.5
    dots = {round(np.mean(d[:, 1])): d for d in faint_marks(figure.axes[0])}
    assert dots[0][:, 0].tolist() == [0.91, 0.92, 0.93]
    texts = [[text.get_text() for text in axes.texts] for axes in figure.axes]
    assert texts == [["missing"], ["every seed diverged"]]
    assert "Diverged and left out: ReLU, 128 units (seed 3)" in small_print(figure)
    assert "not one of the report's nine figures" in small_print(figure)
    assert_apart_and_inside(figure)


def test_figure10_marks_the_reports_values_and_chance(accuracies):
    figure = accuracies(read_report(REPORT))
    bars = [
        {(round(float(line.get_xdata()[0]), 3), int(line.get_ydata()[0])) for line in axes.lines
         if line.get_marker() == "|"}
        for axes in figure.axes
    ]  # fmt: skip
    assert bars == [
        {(0.92, 0), (0.92, 2), (0.895, 3)},
        {(0.91, 0), (0.30, 2), (0.895, 3)},
    ]
    for axes in figure.axes:
        assert axes.get_xlim()[0] < 0.1 < 0.94 < axes.get_xlim()[1]
        chance = [line for line in axes.lines if list(line.get_xdata()) == [0.1, 0.1]]
        assert len(chance) == 1
    assert labels(figure.legends[0]) == ["one seed", "report", "chance level, 0.1"]


def test_figure10_of_other_data_shows_ours_alone(accuracies):
    figure = accuracies(read_report(REPORT), dataset="mnist")
    assert not [line for axes in figure.axes for line in axes.lines if line.get_marker() == "|"]
    assert labels(figure.legends[0]) == ["one seed", "chance level, 0.1"]
    assert "bars" not in small_print(figure)


def test_accuracies_that_a_logit_cannot_show_stand_at_the_edge(tmp_path):
    name, config = synthetic.classifier("4", seeds=2)
    metrics = synthetic.make_metrics(name, config)
    metrics[0]["accuracy"], metrics[1]["accuracy"] = 0.0, 1.0
    place = synthetic.write_results(tmp_path, {name: config}, metrics={name: metrics})
    read = read_runs(place.plan, place.manifest, place.results)
    figure = draw_beside(place, read, "figure10", Report({name: PRINTED}, [], SETTINGS))
    (dots,) = faint_marks(figure.axes[0])
    low, high = figure.axes[0].get_xlim()
    assert 0 < low < dots[0, 0] < dots[1, 0] < high < 1
    assert_apart_and_inside(figure)


# --- images -----------------------------------------------------------------------------------


def test_the_first_image_of_each_class_is_shown():
    images = np.arange(5, dtype=np.uint8)[:, None] * np.ones(3, np.uint8)
    found = figures.first_of_each_class(images, np.array([7, 0, 7, 9, 0]))
    assert found[:, 0].tolist() == [1, 0, 0, 0, 0, 0, 0, 0, 0, 3]


def test_reconstruction_by_hand():
    weights = {
        "encoder/weights": np.array([[1.0, -1.0]] * 2),
        "encoder/biases": np.array([0.5, 0.5]),
        "decoder/weights": np.array([[2.0, 0.0], [7.0, 1.0]]),
        "decoder/biases": np.array([0.0, -1.0]),
    }
    image = np.array([[1, 0]], np.uint8)
    sigmoid = lambda value: 1 / (1 + np.exp(-value))  # noqa: E731
    relu = figures.reconstruct(weights, "relu", image)
    assert relu[0] == pytest.approx([sigmoid(3.0), sigmoid(-1.0)])
    codes = sigmoid(1.5), sigmoid(-0.5)
    expected = [sigmoid(2 * codes[0] + 7 * codes[1]), sigmoid(codes[1] - 1)]
    assert figures.reconstruct(weights, "sigmoid", image)[0] == pytest.approx(expected)


def test_figure2_shows_originals_above_their_reconstructions(draw, place, read):
    figure = draw("figure2")
    assert headings(figure) == [
        "(a) ReLU, 4 units",
        "(b) sigmoid, 4 units",
        "(c) ReLU, 5 units",
        "(d) sigmoid, 5 units",
    ]
    assert "by the network of seed 0" in small_print(figure)
    assert synthetic.TITLE in small_print(figure)
    shown = picture(figure.axes[3])
    assert shown.shape == (2 * 28 + 1, 10 * 28 + 9, 3)
    images, labels = place.arrays["test_images"], place.arrays["test_labels"]
    weights = read[0]["autoencoder/sigmoid-5"].weights(0)
    for digit in range(10):
        image = images[np.flatnonzero(labels == digit)[0]]
        across = slice(29 * digit, 29 * digit + 28)
        np.testing.assert_array_equal(shown[:28, across, 0], 255 * image.reshape(28, 28))
        below = figures.reconstruct(weights, "sigmoid", image[None]).reshape(28, 28)
        np.testing.assert_allclose(shown[29:, across, 0], 255 * below, atol=2)
    assert (shown[28] == 255).all()


def test_figure5_has_a_panel_per_run_and_marks_what_is_wrong(draw):
    figure = draw("figure5")
    assert len(figure.axes) == 12
    assert headings(figure)[0] == "(a) ReLU, 6 units, L1 1e-05"
    assert headings(figure)[11] == "(l) sigmoid, 6 units, Gaussian noise 0.3"
    texts = [[text.get_text() for text in axes.texts] for axes in figure.axes]
    said = dict(zip(headings(figure), texts, strict=True))
    assert said["(a) ReLU, 6 units, L1 1e-05"] == []
    assert "(a): seed 1, as those before it diverged." in small_print(figure)
    assert said["(i) ReLU, 6 units, Gaussian noise 0.1"] == ["missing: not finished"]
    assert "inactive on every test image: (b)." in small_print(figure)
    assert sum(bool(axes.images) for axes in figure.axes) == 11


def test_every_seed_diverged(tmp_path):
    configurations = small()
    metrics = synthetic.make_metrics(DIVERGED, configurations[DIVERGED])
    metrics = {DIVERGED: [synthetic.diverge(entry) for entry in metrics]}
    place = synthetic.write_results(tmp_path, configurations, metrics=metrics)
    runs, gaps = read_runs(place.plan, place.manifest, place.results)
    assert gaps == {}
    drawn = figures.draw("figure5", place.plan, runs, gaps, place.arrays, synthetic.TITLE)
    assert [text.get_text() for text in drawn.axes[0].texts] == ["missing: every seed diverged"]


def test_curves_of_lines_that_differ_by_a_suffix_are_told_apart(tmp_path):
    configurations = synthetic.under_complete((4,), training={**synthetic.TRAINING, "epochs": 13})
    configurations["autoencoder/relu-4-slow"] = configurations["autoencoder/relu-4"]
    place = synthetic.write_results(tmp_path, configurations)
    runs, gaps = read_runs(place.plan, place.manifest, place.results)
    drawn = figures.draw("figure1", place.plan, runs, gaps, place.arrays, synthetic.TITLE)
    assert sorted(labels(drawn.legends[0])) == ["ReLU, 4 units", "relu-4-slow", "sigmoid, 4 units"]
    looks = {(line.get_color(), line._unscaled_dash_pattern) for line in drawn.axes[0].lines}
    assert len(looks) == 3


@pytest.mark.parametrize(("n_units", "columns"), [(100, 10), (200, 15), (400, 20), (6, 3), (1, 1)])
def test_tiles_per_row(n_units, columns):
    assert figures.columns_of(n_units) == columns


@pytest.mark.parametrize(
    ("fan_in", "shape"), [(784, (28, 28)), (256, (16, 16)), (128, (8, 16)), (512, (16, 32))]
)
def test_tile_shapes(fan_in, shape):
    assert figures.tile_shape(fan_in) == shape


def test_every_unit_is_scaled_to_its_own_range():
    scaled = figures.scaled_by_unit(np.array([[0.0, -4.0, 3.0], [1.0, 4.0, 3.0], [0.5, 0.0, 3.0]]))
    assert scaled.tolist() == [[0, 0, 0], [1, 1, 0], [0.5, 0.5, 0]]


def test_mosaic_puts_tiles_in_reading_order_with_white_between():
    shown = figures.mosaic(
        np.array([0.0, 0.5, 1.0]).reshape(3, 1, 1) * np.ones((1, 2, 2)), 2, "gray"
    )
    assert shown.shape == (5, 5, 3)
    assert (shown[0, 0] == 0).all()
    assert (shown[1, 3] == 128).all()
    assert (shown[4, 1] == 255).all()
    assert (shown[2] == 255).all()
    assert (shown[:, 2] == 255).all()


def test_figure6_shows_the_encoder_weights(draw, read):
    figure = draw("figure6")
    assert headings(figure) == ["ReLU, 100 units"]
    shown = picture(figure.axes[0])
    assert shown.shape == (10 * 29 - 1, 10 * 29 - 1, 3)
    unit = read[0]["autoencoder/relu-100"].weights()["encoder/weights"][:, 23].reshape(28, 28)
    unit = unit.astype(float)
    scaled = (unit - unit.min()) / (unit.max() - unit.min())
    expected = matplotlib.colormaps["viridis"](scaled, bytes=True)[:, :, :3]
    np.testing.assert_array_equal(shown[2 * 29 : 2 * 29 + 28, 3 * 29 : 3 * 29 + 28], expected)


def test_figure9_shows_the_first_units_of_every_layer(draw, read):
    figure = draw("figure9")
    assert headings(figure) == [
        "(a) 1st hidden layer",
        "(b) 2nd hidden layer",
        "(c) 3rd hidden layer",
    ]
    shapes = [picture(axes).shape[:2] for axes in figure.axes]
    assert shapes == [(10 * 29 - 1, 6 * 29 - 1), (6 * 9 - 1, 6 * 9 - 1), (2 * 7 - 1, 6 * 7 - 1)]
    unit = read[0]["classifier/relu-64-36-10"].weights()["hidden2/weights"][:, 7].reshape(8, 8)
    shown = picture(figure.axes[1])[9:17, 9:17]
    darkest = np.unravel_index(unit.argmin(), unit.shape)
    expected = matplotlib.colormaps["viridis"](0.0, bytes=True)[:3]
    np.testing.assert_array_equal(shown[darkest], expected)


@pytest.mark.parametrize("name", ["figure2", "figure5", "figure6", "figure9"])
def test_pixels_of_an_image_fall_on_whole_dots(draw, name):
    figure = draw(name)
    for axes in figure.axes:
        if axes.images:
            box = axes.get_window_extent()
            edges = np.array([box.x0, box.y0, box.width, box.height])
            np.testing.assert_allclose(edges, np.round(edges), atol=1e-6)
            height, width = picture(axes).shape[:2]
            assert round(box.width) % width == round(box.height) % height == 0


# --- files and scripts ------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["figure1", "figure6"])
def test_the_same_runs_give_the_same_bytes(draw, tmp_path, name):
    figures.save(draw(name), tmp_path / "a", name)
    with matplotlib.rc_context({"font.size": 20, "svg.hashsalt": None, "savefig.dpi": 50}):
        figures.save(draw(name), tmp_path / "b", name)
    for suffix in ("svg", "pdf", "png"):
        content = (tmp_path / "a" / f"{name}.{suffix}").read_bytes()
        assert content == (tmp_path / "b" / f"{name}.{suffix}").read_bytes()
        assert b"CreationDate" not in content
        assert matplotlib.__version__.encode() not in content


def call(script, place, output, *options):
    command = [sys.executable, SCRIPTS / script, "--plan", place.plan_path]
    command += ["--manifest", place.manifest, "--arrays", place.arrays_path]
    command += ["--results", place.results, "--output", output, "--report", REPORT, *options]
    return subprocess.run(command, capture_output=True, text=True)


def test_a_figure_is_not_drawn_with_a_gap(place, tmp_path):
    result = call("figure.py", place, tmp_path, "--name", "figure3")
    assert result.returncode == 1
    assert result.stderr.startswith(
        f"error: 1 declared run cannot be used: {MISSING} (not finished)"
    )
    assert len(result.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_figure_depends_on_its_own_runs_only(place, tmp_path):
    result = call("figure.py", place, tmp_path, "--name", "figure6")
    assert (result.returncode, result.stderr) == (0, "")
    assert {path.name for path in tmp_path.iterdir()} == {
        f"figure6.{suffix}" for suffix in ("svg", "pdf", "png")
    }


def test_weights_that_were_not_kept_give_one_clear_sentence(tmp_path):
    place = synthetic.write_results(tmp_path, synthetic.under_complete([4], keep_weights="none"))
    figures.require_weights("figure1", place.plan)
    with pytest.raises(RunsError, match=r"figure2 is drawn from weights, .*keep_weights: all"):
        figures.require_weights("figure2", place.plan)
    runs, gaps = read_runs(place.plan, place.manifest, place.results)
    figure = figures.draw("figure2", place.plan, runs, gaps, place.arrays, "made up")
    assert [text.get_text() for axes in figure.axes for text in axes.texts] == [
        "missing: weights were not kept"
    ] * 2


def test_partial_draws_what_is_finished_and_names_the_gaps(tmp_path):
    configurations = small(seeds=1)
    place = synthetic.write_results(tmp_path, configurations, unfinished=[MISSING])
    (place.runs / FOREIGN / "config.json").write_text("{}")
    for name in ("figure7", "figure8"):
        place.plan["figures"][name] = ["autoencoder/relu-100"]
    place.plan_path.write_text(json.dumps(place.plan))
    result = call("partial.py", place, tmp_path / "partial")
    assert (result.returncode, result.stderr) == (0, "")
    *gaps, last = result.stdout.splitlines()
    assert gaps == [
        f"missing: {FOREIGN} (config.json was altered after the run)",
        f"missing: {MISSING} (not finished)",
    ]
    assert last.endswith("drawn from 18 of 20 runs")
    drawn = {path.name for path in (tmp_path / "partial/figures").iterdir()}
    assert drawn == {f"{name}.{suffix}" for name in figures.FIGURES for suffix in figures.METADATA}
    written = {path.name for path in (tmp_path / "partial/tables").iterdir()}
    assert written == {
        "runs.csv",
        *(f"table{n}.{suffix}" for n in "12" for suffix in ("csv", "md", "html", "tex")),
        *(
            f"{name}.{suffix}"
            for name in ("comparison", "claims", "lottery")
            for suffix in ("csv", "md", "html")
        ),
        "claims_parts.csv",
        "measures.csv",
    }


@pytest.mark.parametrize("name", figures.FIGURES)
def test_with_no_run_at_all_every_figure_says_so(place, name):
    plan = place.plan
    if not plan["figures"].get(name):
        plan = {**plan, "figures": {**plan["figures"], name: ["autoencoder/relu-100"]}}
    gaps = dict.fromkeys(plan["configurations"], "made from another configuration")
    figure = figures.draw(name, plan, {}, gaps, place.arrays, "made up")
    figure.canvas.draw()
    texts = [text.get_text() for axes in figure.axes for text in axes.texts]
    assert texts
    assert all(text.startswith("missing") for text in texts)
    assert_apart_and_inside(figure)
