import math
from dataclasses import replace

import matplotlib
import numpy as np
import pytest
from drawn import (
    DIVERGED,
    MISSING,
    assert_apart_and_inside,
    figure_of,
    headings,
    labels,
    marks_of,
    small_print,
)
from matplotlib.collections import PathCollection

import synthetic
from autoencoders.analysis.published import Published, PublishedCurve
from autoencoders.figures import style
from autoencoders.training.activations import HIDDEN_ACTIVATIONS


def mean_and_sd(history, seeds, error):
    return history[history["seed"].isin(seeds)].groupby("epoch")[error].agg(["mean", "std"])


def test_figure1_draws_the_means_of_both_errors(draw, runs):
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
        run = runs["autoencoder/sigmoid-5"]
        table = mean_and_sd(run.history, [0, 1, 2], error)
        line = lines["sigmoid, 5 units"]
        np.testing.assert_array_equal(line.get_xdata(), table.index)
        np.testing.assert_allclose(line.get_ydata(), table["mean"], rtol=1e-12)
        assert axes.get_ylim()[0] == 0
        assert axes.get_ylim()[1] > line.get_ydata().max()


def test_the_band_is_one_standard_deviation(draw, runs):
    table = mean_and_sd(runs["autoencoder/relu-4"].history, [0, 1, 2], "training_error")
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


def test_figures_3_and_4_show_their_own_error(draw, runs):
    run = runs["autoencoder/relu-6-l2-1e-07"]
    for name, error in (("figure3", "training_error"), ("figure4", "validation_error")):
        expected = mean_and_sd(run.history, [0, 1, 2], error)["mean"]
        assert any(
            np.allclose(line.get_ydata(), expected, rtol=1e-12) for line in draw(name).axes[1].lines
        )


def test_diverged_seeds_are_left_out_and_all_is_named(draw, runs):
    figure = draw("figure3")
    text = small_print(figure).replace("\n", " ")
    assert "Diverged and left out: ReLU, 6 units, L1 1e-05 (seed 0)." in text
    assert "inactive on every test image: sigmoid, 6 units, L1 1e-05 (seed 0)." in text
    assert "Missing: ReLU, 6 units, Gaussian noise 0.1 (not finished)." in text
    assert (
        f"Mean of 3 seeds; the band is ± one standard deviation. Data: {synthetic.TITLE}." in text
    )
    expected = mean_and_sd(runs[DIVERGED].history, [1, 2], "training_error")["mean"]
    np.testing.assert_allclose(figure.axes[0].lines[0].get_ydata(), expected, rtol=1e-12)


def test_curves_of_lines_that_differ_by_a_suffix_are_told_apart(tmp_path):
    training = {**synthetic.TRAINING, "epochs": 13}
    configurations = synthetic.under_complete((4,), training=training)
    name = "autoencoder/relu-4-slow"
    same = configurations["autoencoder/relu-4"]
    configurations[name] = replace(same, name=name, folder=f"runs/{name}", suffixed=True)
    figure = figure_of(synthetic.write_results(tmp_path, configurations), "figure1")
    assert sorted(labels(figure.legends[0])) == ["ReLU, 4 units", "relu-4-slow", "sigmoid, 4 units"]
    looks = {(line.get_color(), line._unscaled_dash_pattern) for line in figure.axes[0].lines}
    assert len(looks) == 3


# --- the published curves -------------------------------------------------------------------------

SETTINGS = {"autoencoder": {"training.epochs": "6"}, "classifier": {"training.momentum": "0.9"}}
POINTS = {epoch: 0.15 / epoch for epoch in range(1, 6)}


def made_up(settings=SETTINGS):
    curves = [
        PublishedCurve("1a", "autoencoder/relu-4", "training_error", POINTS),
        PublishedCurve("1b", "autoencoder/relu-4", "validation_error", {2: 0.9}),
        PublishedCurve("3a", "autoencoder/relu-6-l2-1e-05", "training_error", POINTS),
        PublishedCurve("3c", MISSING, "training_error", POINTS),
        PublishedCurve("3b", "autoencoder/relu-4", "training_error", {1: 0.7}),  # another figure's
    ]
    return Published({}, curves, settings, {})


def test_the_published_curves_lie_under_ours_in_their_colours(place):
    figure = figure_of(place, "figure1", made_up())
    (training,) = marks_of(figure.axes[0])
    assert training.tolist() == [[1, 0.15], [4, pytest.approx(0.15 / 4)]]
    (validation,) = marks_of(figure.axes[1])
    assert validation.tolist() == [[2, 0.9]]
    assert figure.axes[1].get_ylim()[1] > 0.9
    ours = dict(zip(labels(figure.legends[0]), figure.axes[0].lines, strict=False))
    marks = next(e for e in figure.axes[0].collections if isinstance(e, PathCollection))
    colour = matplotlib.colors.to_rgb(ours["ReLU, 4 units"].get_color())
    assert tuple(marks.get_facecolor()[0][:3]) == pytest.approx(colour)
    assert marks.get_facecolor()[0][3] < 0.5
    assert marks.get_zorder() < ours["ReLU, 4 units"].get_zorder()
    assert labels(figure.legends[0])[-1] == "published"
    assert "Faint marks: the published curves" in small_print(figure)
    assert_apart_and_inside(figure)


def test_only_panels_with_a_published_curve_name_it(place):
    figure = figure_of(place, "figure3", made_up())
    assert [len(marks_of(axes)) for axes in figure.axes] == [1, 0, 1]
    assert ["published" in labels(legend) for legend in figure.legends] == [True, False, True]
    assert_apart_and_inside(figure)
    figure = figure_of(place, "figure4", made_up())
    assert [len(marks_of(axes)) for axes in figure.axes] == [0, 0, 0]


@pytest.mark.parametrize(
    ("published", "dataset"),
    [
        (made_up(), "digits"),
        (made_up({**SETTINGS, "autoencoder": {"training.epochs": "100"}}), "lab"),
    ],
)
def test_without_a_run_of_its_own_the_paper_has_no_curve(place, published, dataset):
    figure = figure_of(place, "figure1", published, dataset)
    assert [len(marks_of(axes)) for axes in figure.axes] == [0, 0]
    assert "published" not in labels(figure.legends[0])
    assert "Faint" not in small_print(figure)


# --- more activations and penalties ---------------------------------------------------------------


def test_every_activation_has_its_own_dashes():
    dashes = [style.dashes_of(activation) for activation in HIDDEN_ACTIVATIONS]
    assert dashes[:2] == ["-", (0, (4, 1.5))]
    assert len(set(dashes)) == min(len(dashes), len(style.DASHES))
    with pytest.raises(ValueError, match="softmax"):
        style.dashes_of("softmax")


def test_curves_of_every_activation(tmp_path):
    configurations = synthetic.by_name(
        synthetic.autoencoder(width, activation)
        for width in (4, 5, 6)
        for activation in HIDDEN_ACTIVATIONS
    )
    place = synthetic.write_results(tmp_path, configurations)
    curves = [PublishedCurve("1a", "autoencoder/relu-4", "training_error", POINTS)]
    figure = figure_of(place, "figure1", Published({}, curves, SETTINGS, {}))
    assert {"tanh, 4 units", "ELU, 6 units"} <= set(labels(figure.legends[0]))
    looks = {(line.get_color(), line._unscaled_dash_pattern) for line in figure.axes[0].lines}
    assert len(looks) == 3 * len(HIDDEN_ACTIVATIONS)
    assert_apart_and_inside(figure)


def test_a_third_penalty_and_more_strengths_than_fit_into_a_row(tmp_path, monkeypatch):
    monkeypatch.setitem(synthetic.PENALTIES, 1e-06, 1e-05)
    configurations = synthetic.over_complete(6) | synthetic.by_name(
        synthetic.autoencoder(6, activation, "log", 1e-05) for activation in ("relu", "tanh")
    )
    figure = figure_of(synthetic.write_results(tmp_path, configurations), "figure3")
    assert headings(figure) == [
        "(a) L1, L2 and log, strength 1e-05",
        "(b) L1 and L2, strength 1e-07",
        "(c) L1 and L2, strength 1e-06",
        "(d) Gaussian noise",
    ]
    assert len(figure.axes) == 4
    assert "log, tanh" in labels(figure.legends[0])
    assert_apart_and_inside(figure)


def test_without_penalty_and_noise_one_panel_shows_what_there_is(tmp_path):
    place = synthetic.write_results(tmp_path, synthetic.under_complete([6]))
    place.shown["figure3"] = list(place.configurations)
    figure = figure_of(place, "figure3")
    assert headings(figure) == ["(a) neither penalty nor noise"]
    assert all(math.isfinite(line.get_ydata()[-1]) for line in figure.axes[0].lines)
    assert_apart_and_inside(figure)
