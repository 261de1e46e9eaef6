from dataclasses import replace

import pandas
import pytest
from drawn import assert_apart_and_inside, calibration_row, headings, small_print

from autoencoders.figures.drawing import FigureInputs, draw, save


@pytest.fixture
def table():
    variants = ("softmax-cross-entropy", "softmax-mse", "sigmoid-cross-entropy", "sigmoid-mse")
    rows = [calibration_row("loss", variant, position) for position, variant in enumerate(variants)]
    return pandas.DataFrame(rows, dtype=object)


def inputs_of(table):
    return FigureInputs("calibration", [], {}, {}, {}, "made up", table=table)


def test_the_figure_shows_the_numbers(table):
    figure, facts = draw("calibration", inputs_of(table))
    assert headings(figure) == ["(a) Table 2", "(b) stated epochs", "(c) no hidden layer"]
    scores, epochs, accuracies = figure.axes
    marks = [line for line in scores.lines if line.get_marker() == "D"]
    assert [line.get_xdata()[0] for line in marks] == list(table["difference_confirming"])
    assert [round(line.get_ydata()[0]) for line in marks] == [1, 2, 3, 4]
    (squares,) = (line for line in epochs.lines if line.get_marker() == "s")
    assert list(squares.get_xdata()) == list(table["full_training_share"])
    dots = [line for line in accuracies.lines if line.get_marker() == "o"]
    assert [line.get_xdata()[0] for line in dots] == list(table["no_hidden"])
    texts = [text.get_text() for text in figure.texts]
    assert {"loss (46 cells)", "softmax-cross-entropy (default)", "chosen"} <= set(texts)
    verdicts = [text for text in texts if text in ("chosen", "left open", "ruled out")]
    assert verdicts == list(table["verdict"])
    assert "3 seeds of each cell" in small_print(figure)
    assert facts["title"] == "Calibration"


def test_a_table_read_from_a_file_gives_the_same_figure(table, tmp_path):
    table.to_csv(tmp_path / "calibration.csv", index=False)
    read = pandas.read_csv(tmp_path / "calibration.csv", keep_default_na=False, dtype=str)
    for name, each in (("numbers", table), ("text", read)):
        save(*draw("calibration", inputs_of(each)), tmp_path, name)
    assert (tmp_path / "numbers.svg").read_bytes() == (tmp_path / "text.svg").read_bytes()


def test_nothing_in_the_figure_is_cut_off_or_hides_anything_else(table):
    more = [
        calibration_row("batch-size", "32", 0),
        calibration_row("batch-size", "50", 1, no_hidden_allowed="", no_hidden_sd=""),
        calibration_row("batch-size", "64", 2, no_hidden="", no_hidden_difference=""),
    ]
    both = pandas.concat([table, pandas.DataFrame(more, dtype=object)])
    assert_apart_and_inside(draw("calibration", inputs_of(both))[0])


@pytest.mark.parametrize(
    ("rows", "drawn"),
    [
        ([{"study": "loss", "variant": "a", "verdict": "other data"}], "not the paper's"),
        ([], "no study is named"),
    ],
)
def test_without_anything_to_calibrate_the_figure_says_so(table, rows, drawn):
    table = pandas.DataFrame(rows, columns=table.columns, dtype=object).fillna("")
    figure, _ = draw("calibration", replace(inputs_of(table), title="other"))
    (text,) = figure.axes[0].texts
    assert drawn in text.get_text().replace("\n", " ")
    assert_apart_and_inside(figure)
