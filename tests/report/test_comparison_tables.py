"""What people see of the comparison with the published numbers."""

import pytest

from autoencoders.analysis.comparison import VERDICTS
from autoencoders.report import rendering
from table_frames import DIGITS, LAB, TablePage, as_read, compared, curve

SEED_DEPENDENT = "seed-dependent, consistent"


def shown(rows, manifest=LAB):
    return rendering.shown_tables(
        "comparison", {"comparison": as_read("comparison", rows)}, manifest
    )


def unjudged(verdict, **row):
    """Return a row of a number that was not compared."""
    gone = ("mean", "sd", "n", "minimum", "maximum", "difference", "tolerance", "at_or_below")
    row = compared(verdict=verdict, **row)
    for key in (*gone, "share_low", "share_high", "p", "p_adjusted", "rank", "nearest"):
        row[key] = ""
    return row


def test_people_see_how_much_was_compared():
    missing = unjudged("run missing", hidden="256", reason="not finished")
    tables = shown([compared(), missing, compared("Table 1"), curve(), curve("disagrees")])
    summary, numbers, curves = tables
    assert "4 of the 5 published numbers and curves could be compared." in summary.caption
    assert summary.columns == ["Where", "Numbers", "Agrees", "Disagrees", "Run missing"]
    assert [[cell.text for cell in row] for row in summary.rows] == [
        ["Table 2", "2", "1", "0", "1"],
        ["Table 1", "1", "1", "0", "0"],
        ["Figure 1", "2", "1", "1", "0"],
    ]
    text = rendering.markdown(tables)
    assert "| run missing [a]" in text
    assert "[a] Not finished." in text
    assert "With 10 seeds no p is below 0.18" in text
    assert "single one of 2 numbers would take 79 seeds" in text
    page = TablePage(rendering.html(tables))
    assert page.open == page.asked == []
    assert len(page.rows) == 3 + 3 + 3 + 2
    assert [cell.text for cell in numbers.rows[0]] == [
        *("Table 2", "agrees", "ReLU, 128 units", "0.92", "0.910 ± 0.010", "10"),
        *("0.900 to 0.930", "−0.010", "0.030", "9", "0.60 to 1.00", "0.20", "1.00"),
    ]
    assert [cell.text for cell in curves.rows[0]] == [
        *("Figure 1a", "agrees", "ReLU, 128 units", "90", "0.00040", "0.00100", "–", "100"),
        *("0.0251", "0.0255 ± 0.0001", "3", "+0.00040"),
    ]


def test_networks_are_told_in_words():
    noisy = {"network": "autoencoder", "regularisation": "noise", "parameter": "0.3"}
    bare = {"activation": "", "hidden": "no-hidden"}
    nowhere = {"network": "", "activation": "", "hidden": "", "configuration": "classifier/relu-9"}
    rows = [compared(**noisy), compared(**bare), unjudged("not run") | nowhere]
    assert [row[2].text for row in shown(rows)[1].rows] == [
        "ReLU, 128 units, Gaussian noise 0.3",
        "no hidden layer",
        "classifier/relu-9",
    ]


def test_diverged_seeds_and_reasons_are_notes():
    rows = [compared(diverged="0 2"), unjudged("other settings", reason="epochs is 6")]
    notes = [row[1].notes for row in shown(rows)[1].rows]
    assert notes == [("Diverged and left out: seeds 0, 2.",), ("Epochs is 6.",)]


def test_people_see_what_the_ranks_say_together():
    rows = [compared(rank=3.5 / 4), compared(rank=3.5 / 4)]
    (remark,) = shown(rows)[0].remarks
    assert "of the 2 accuracies, distance 0.88" in remark
    assert "seed-dependent ones" not in remark
    (remark,) = shown([compared(rank=0.5, verdict=SEED_DEPENDENT) for _ in range(2)])[0].remarks
    assert "of the 2 seed-dependent ones, distance 0.50" in remark
    assert shown([compared()])[0].remarks == []


@pytest.mark.parametrize(("nearest", "far"), [(0.18, True), (0.01, False)])
def test_a_warning_where_the_published_number_lies_far_from_every_seed(nearest, far):
    remarks = " ".join(shown([compared(verdict=SEED_DEPENDENT, nearest=nearest)])[1].remarks)
    assert ("in 1 of 1 seed-dependent numbers the published value" in remarks) == far


def test_every_verdict_has_a_column():
    rows = [compared(verdict=verdict) for verdict in VERDICTS]
    columns = shown(rows)[0].columns[2:]
    assert [column.lower() for column in columns] == list(VERDICTS)


def test_other_data_are_said_to_be_other_data():
    tables = shown([unjudged("other data"), curve("other data")], DIGITS)
    for text in (render(tables) for render in rendering.RENDERERS.values()):
        assert "0.92" not in text
    (summary,) = tables
    assert summary.caption.startswith("These data are not the paper's")
    assert summary.columns == ["Where", "Numbers", "Other data"]
