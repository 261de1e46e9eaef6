"""The figure of a study or of one's own table: lines, heat maps or dots, by the settings."""

import pandas
import pytest
from drawn import assert_apart_and_inside, headings

import synthetic
from autoencoders.figures.drawing import FigureInputs, draw

DECLARED = {"plot": "metric", "caption": "Results by setting: made-up"}
LAST = ("difference", "difference_low", "difference_high", "p", "diverged", "missing")


def row(network, variant, values, **settings):
    mean = sum(values) / len(values) if values else ""
    return {
        "configuration": f"classifier/{network}",
        "variant": variant,
        "hidden": network.partition("-")[2],
        **settings,
        "metric": "accuracy",
        **{"mean": mean, "sd": "", "low": "", "high": "", "n": len(values)},
        **dict.fromkeys(LAST, ""),
        "values": " ".join(map(repr, values)),
    }


def drawn(rows):
    table = pandas.DataFrame(rows).astype(str)
    inputs = FigureInputs(
        "made-up", [], {}, {}, {}, synthetic.TITLE, table=table, declared=DECLARED
    )
    figure, facts = draw("made-up", inputs)
    assert facts["caption"] == DECLARED["caption"]
    assert_apart_and_inside(figure)
    return figure


def test_over_one_number_it_is_a_line_for_each_network():
    rates = [0.003, 0.01, 0.03, 0.1]
    rows = []
    for network in ("relu-8", "relu-16"):
        for rate in rates:
            values = [0.5 + rate, 0.6 + rate]
            rows.append(row(network, str(rate), values, **{"training.learning_rate": rate}))
    (axes,) = drawn(rows).axes
    lines = [line for line in axes.lines if line.get_linestyle() == "-"]
    assert [line.get_label() for line in lines] == ["relu-8", "relu-16"]
    assert list(lines[0].get_xdata()) == rates
    assert list(lines[0].get_ydata()) == pytest.approx([0.55 + rate for rate in rates])
    assert axes.get_xscale() == "log"
    assert axes.get_xlabel() == "learning rate"
    assert axes.get_ylabel() == "accuracy on the test images"


def test_over_two_numbers_it_is_a_map_for_each_network():
    rows = []
    for network in ("relu-8", "relu-16", "relu-32"):
        for rate in (0.1, 0.3):
            for size in (16, 32, 64):
                settings = {"training.batch_size": size, "training.learning_rate": rate}
                rows.append(row(network, f"{rate}-{size}", [rate + size / 100], **settings))
    figure = drawn(rows[:-1])  # one of the last network's is missing
    assert headings(figure) == ["(a) relu-8", "(b) relu-16", "(c) relu-32"]
    means = figure.axes[0].images[0].get_array()
    assert means.shape == (2, 3)
    assert means[1, 2] == pytest.approx(0.3 + 0.64)
    assert len(figure.axes[2].texts) == 5


def test_over_words_it_is_a_dot_for_each_seed():
    rows = [
        row("relu-8", place, [0.8, 0.9], **{"training.place": place})
        for place in ("before", "after")
    ]
    (axes,) = drawn(rows).axes
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert names == ["relu-8, before", "relu-8, after"]
    assert sum(len(each.get_offsets()) for each in axes.collections) == 4


def test_of_many_networks_it_is_a_line_for_each_variant():
    rows = []
    for place in ("before", "after"):
        for width in range(40):
            rows.append(row(f"relu-{width}", place, [0.8, 0.9], **{"training.place": place}))
    (axes,) = drawn(rows).axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["before", "after"]
    assert sum(len(each.get_offsets()) for each in axes.collections) == 160


def test_without_a_result_it_says_so():
    figure = drawn([row("relu-8", "a", [], **{"training.momentum": 0.5})])
    assert "no run has ended" in figure.axes[0].texts[0].get_text()
