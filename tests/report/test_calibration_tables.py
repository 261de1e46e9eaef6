"""What people see of the settings that the paper does not state."""

import pytest

from autoencoders.report import rendering
from table_frames import DIGITS, LAB, TablePage, as_read, variant

REASON = "its score is clearly lower than that of softmax on both halves"
ROWS = [
    variant("softmax", "chosen", default="yes", best="yes", confirmed="yes", near_choosing=1.0),
    variant("mse", "ruled out", reason=REASON, near_choosing=0.0, full_training_share=0.0),
    variant("sigmoid", "left open", no_hidden="", no_hidden_difference="", no_hidden_allowed=""),
    variant("tanh", "ruled out", study="pre-training-epochs"),
]


def shown(rows, manifest=LAB):
    frames = {"calibration": as_read("calibration", rows)}
    return rendering.shown_tables("calibration", frames, manifest)


def texts(row):
    return [cell.text for cell in row]


def test_people_see_what_is_chosen_and_why():
    summary, scores, epochs = shown(ROWS)
    assert texts(summary.rows[0]) == ["loss", "softmax (default)", "yes", "sigmoid", "mse"]
    assert texts(summary.rows[1]) == ["pre-training epochs", "–", "–", "–", "tanh"]
    assert scores.rows[1][2].text == "ruled out"
    assert scores.rows[1][2].notes == (
        "Its score is clearly lower than that of softmax on both halves.",
    )
    assert texts(scores.rows[1])[3:8] == ["23", "0%", "−1.39", "−0.20", "−0.31 to 0.12"]
    assert texts(scores.rows[0])[3:8] == ["23", "100%", "−1.39", "–", "–"]
    assert texts(epochs.rows[1])[3:] == [
        *("100%", "5", "0%", "5", "0.899 ± 0.001", "+0.0040", "0.0081")
    ]
    assert texts(epochs.rows[2])[7:] == ["–", "–", "–"]
    assert "take 4 to 15 epochs for every layer, and 4 to 15 for the whole" in epochs.remarks[0]
    assert scores.groups == [("", 3), ("Choosing half", 5), ("Confirming half", 5)]


def test_seeds_of_the_cells_are_named():
    rows = [variant("a"), variant("b", study="patience", seeds=10)]
    assert "Seeds of each cell: 3 or 10." in shown(rows)[1].remarks


def test_pages_are_whole():
    tables = shown(ROWS)
    page = TablePage(rendering.html(tables))
    assert page.open == page.asked == []
    assert len(set(page.rows)) == 3
    assert len(page.rows) == 3 + 6 + 6
    assert "| softmax (default)" in rendering.markdown(tables)


@pytest.mark.parametrize(
    ("rows", "manifest", "said"),
    [
        ([{"study": "loss", "variant": "mse", "verdict": "other data"}], DIGITS, "not the paper's"),
        ([], LAB, "No study is named"),
    ],
)
def test_without_anything_to_calibrate_the_table_says_so(rows, manifest, said):
    (table,) = shown(rows, manifest)
    assert said in table.caption
    assert table.remarks == []
