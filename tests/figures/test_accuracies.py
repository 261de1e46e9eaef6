from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from drawn import assert_apart_and_inside, figure_of, headings, labels, marks_of, small_print

import synthetic
from autoencoders.analysis.published import Published, PublishedNumber, read_published
from autoencoders.training.activations import HIDDEN_ACTIVATIONS

PAPER = Path(__file__).parents[2] / "resources" / "report"
SETTINGS = {"autoencoder": {"training.epochs": "6"}, "classifier": {"training.momentum": "0.9"}}


@pytest.fixture(scope="module")
def accuracies(tmp_path_factory):
    """Classifiers of every kind: with a seed at chance, diverged, all diverged, missing."""
    configurations = synthetic.classifiers(["128", "8-4", "128-256-512"], seeds=4)
    metrics = {}
    for name, values in {
        "classifier/relu-128": [0.91, 0.92, 0.93, 0.94],
        "classifier/sigmoid-128-256-512": [0.114, 0.87, 0.88, 0.12],
    }.items():
        metrics[name] = synthetic.make_metrics(configurations[name])
        for entry, value in zip(metrics[name], values, strict=True):
            entry["accuracy"] = value
    lost = "classifier/sigmoid-8-4"
    metrics[lost] = [synthetic.diverge(e) for e in synthetic.make_metrics(configurations[lost])]
    first = metrics["classifier/relu-128"]
    first[3] = synthetic.diverge(first[3])
    place = synthetic.write_results(
        tmp_path_factory.mktemp("accuracies"),
        configurations,
        unfinished=["classifier/relu-8-4"],
        metrics=metrics,
    )
    published = replace(read_published(PAPER), settings=SETTINGS)
    return lambda dataset="lab": figure_of(place, "figure10", published, dataset)


def test_figure10_has_a_dot_for_each_seed(accuracies):
    figure = accuracies()
    assert headings(figure) == ["(a) ReLU", "(b) sigmoid"]
    rows = ["128", "8-4", "128-256-512", "no hidden layer"]
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == rows
    dots = {round(np.mean(d[:, 1])): d for d in marks_of(figure.axes[1])}
    assert sorted(dots) == [0, 2, 3]
    assert dots[2][:, 0].tolist() == [0.114, 0.87, 0.88, 0.12]
    assert np.all(np.diff(dots[2][:, 1]) > 0)
    assert abs(dots[2][:, 1] - 2).max() < 0.5
    dots = {round(np.mean(d[:, 1])): d for d in marks_of(figure.axes[0])}
    assert dots[0][:, 0].tolist() == [0.91, 0.92, 0.93]
    texts = [[text.get_text() for text in axes.texts] for axes in figure.axes]
    assert texts == [["missing"], ["every seed diverged"]]
    assert "Diverged and left out: ReLU, 128 units (seed 3)" in small_print(figure)
    assert "not one of the paper's nine figures" in small_print(figure)
    assert_apart_and_inside(figure)


def test_figure10_marks_the_published_values_and_chance(accuracies):
    figure = accuracies()
    bars = []
    for axes in figure.axes:
        places = [line.get_xydata()[0] for line in axes.lines if line.get_marker() == "|"]
        bars.append({(round(float(accuracy), 3), int(row)) for accuracy, row in places})
    assert bars == [
        {(0.92, 0), (0.92, 2), (0.895, 3)},
        {(0.91, 0), (0.30, 2), (0.895, 3)},
    ]
    for axes in figure.axes:
        assert axes.get_xlim()[0] < 0.1 < 0.94 < axes.get_xlim()[1]
        chance = [line for line in axes.lines if list(line.get_xdata()) == [0.1, 0.1]]
        assert len(chance) == 1
    assert labels(figure.legends[0]) == ["one seed", "published", "chance level, 0.1"]


def test_figure10_of_other_data_shows_ours_alone(accuracies):
    figure = accuracies("mnist")
    assert not [line for axes in figure.axes for line in axes.lines if line.get_marker() == "|"]
    assert labels(figure.legends[0]) == ["one seed", "chance level, 0.1"]
    assert "bars" not in small_print(figure)


def test_accuracies_that_a_logit_cannot_show_stand_at_the_edge(tmp_path):
    configuration = synthetic.classifier("4", seeds=2)
    metrics = synthetic.make_metrics(configuration)
    metrics[0]["accuracy"], metrics[1]["accuracy"] = 0.0, 1.0
    name = configuration.name
    place = synthetic.write_results(tmp_path, {name: configuration}, metrics={name: metrics})
    number = PublishedNumber("0.90", "Table 2", "accuracy")
    figure = figure_of(place, "figure10", Published({name: number}, [], SETTINGS, {}))
    (dots,) = marks_of(figure.axes[0])
    low, high = figure.axes[0].get_xlim()
    assert 0 < low < dots[0, 0] < dots[1, 0] < high < 1
    assert_apart_and_inside(figure)


def test_a_panel_for_each_activation_present(tmp_path):
    configurations = synthetic.by_name(
        [synthetic.classifier("128", activation) for activation in HIDDEN_ACTIVATIONS]
        + [synthetic.classifier("256-128", "tanh"), synthetic.classifier("")]
    )
    place = synthetic.write_results(tmp_path, configurations)
    figure = figure_of(place, "figure10")
    assert {"(a) ReLU", "(c) tanh", "(d) ELU"} <= set(headings(figure))
    assert len(figure.axes) == len(HIDDEN_ACTIVATIONS)
    shown = [len(marks_of(axes)) for axes in figure.axes]
    assert shown == [3 if activation == "tanh" else 2 for activation in HIDDEN_ACTIVATIONS]
    assert "it is shown in every panel" in small_print(figure)
    assert_apart_and_inside(figure)


def test_networks_without_hidden_layers_alone_have_one_panel(tmp_path):
    place = synthetic.write_results(tmp_path, synthetic.by_name([synthetic.classifier("")]))
    figure = figure_of(place, "figure10")
    assert headings(figure) == ["(a) no hidden layer"]
    assert len(marks_of(figure.axes[0])) == 1
    assert_apart_and_inside(figure)


def test_equal_networks_that_are_trained_differently_have_lines_of_their_own(tmp_path):
    configuration = synthetic.classifier("128")
    name = f"{configuration.name}-slow"
    slow = replace(configuration, name=name, folder=f"runs/{name}", suffixed=True)
    place = synthetic.write_results(tmp_path, synthetic.by_name([configuration, slow]))
    figure = figure_of(place, "figure10")
    lines = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert lines == ["128", "128-slow"]
