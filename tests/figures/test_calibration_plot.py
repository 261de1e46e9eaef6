import pandas
import pytest
from drawn import assert_apart_and_inside, headings, setting_row, small_print

from autoencoders.analysis.calibration_settings import COLUMNS
from autoencoders.figures.drawing import FigureInputs, draw, save

PATIENCE = "pre_training.patience and full_training.patience"
ROWS = [
    setting_row("batch_size", "128", 0.02, default="yes"),
    setting_row("batch_size", "64", 0.98),
    setting_row(PATIENCE, "0", 0.4, default="yes"),
    setting_row(PATIENCE, "2", 0.6),
    setting_row("networks that a cell is the mean of", "3", 1.0, low="", high=""),
]


@pytest.fixture
def table():
    return pandas.DataFrame(ROWS, dtype=object)


def inputs_of(table):
    return FigureInputs("calibration", [], {}, {}, {}, "made up", table=table)


def test_the_figure_shows_the_numbers(table):
    figure, facts = draw("calibration", inputs_of(table))
    assert headings(figure) == ["(a) effect", "(b) probability"]
    effects, posteriors = figure.axes
    marks = [line for line in effects.lines if line.get_marker() == "o"]
    assert [line.get_xdata()[0] for line in marks] == list(table["effect"])
    assert [line.get_ydata()[0] for line in marks] == [1, 2, 4, 5, 7]
    assert [bar.get_width() for bar in posteriors.patches] == list(table["posterior"])
    texts = {text.get_text(): text for text in figure.texts}
    assert {"batch size", "128 (default)", "64"} <= set(texts)
    assert texts["64"].get_weight() == "bold"
    assert texts["128 (default)"].get_weight() != "bold"
    assert "made up" in small_print(figure)
    assert facts["title"] == "Calibration"


def test_a_table_read_from_a_file_gives_the_same_figure(table, tmp_path):
    table.to_csv(tmp_path / "calibration_settings.csv", index=False)
    path = tmp_path / "calibration_settings.csv"
    read = pandas.read_csv(path, keep_default_na=False, dtype=str)
    for name, each in (("numbers", table), ("text", read)):
        save(*draw("calibration", inputs_of(each)), tmp_path, name)
    assert (tmp_path / "numbers.svg").read_bytes() == (tmp_path / "text.svg").read_bytes()


def test_nothing_in_the_figure_is_cut_off_or_hides_anything_else(table):
    assert_apart_and_inside(draw("calibration", inputs_of(table))[0])


def test_only_the_first_study_is_shown(table):
    more = [setting_row("nesterov", "True", 0.5, study="finalists")]
    both = pandas.concat([table, pandas.DataFrame(more, dtype=object)])
    figure, _ = draw("calibration", inputs_of(both))
    assert "nesterov" not in [text.get_text() for text in figure.texts]


def test_without_anything_to_calibrate_the_figure_says_so():
    figure, _ = draw("calibration", inputs_of(pandas.DataFrame([], columns=COLUMNS)))
    assert "nothing to calibrate" in figure.axes[0].texts[0].get_text().replace("\n", " ")
