"""The table of a study or of one's own, for people to read."""

import pytest

from autoencoders.report import rendering
from table_frames import LAB

COLUMNS = (
    *("configuration", "variant", "hidden", "training.batch_size"),
    *("metric", "mean", "sd", "low", "high", "n", "difference", "difference_low"),
    *("difference_high", "p", "diverged", "missing", "values"),
)


def row(batch_size, **changes):
    return {
        **dict.fromkeys(COLUMNS, ""),
        "configuration": "classifier/relu-8",
        "variant": batch_size,
        "hidden": "8",
        "training.batch_size": batch_size,
        "metric": "accuracy",
        "mean": "0.91234567",
        "sd": "0.0123",
        "low": "0.9",
        "high": "0.92",
        "n": "3",
        **changes,
    }


def shown(rows):
    import pandas

    frame = pandas.DataFrame(rows, dtype=str)
    (table,) = rendering.shown_tables("batch-size", {"batch-size": frame}, LAB)
    return table


def test_settings_are_columns_and_the_default_has_no_difference():
    compared = {"difference": "-0.01", "difference_low": "-0.02", "difference_high": "0.0"}
    table = shown([row("32"), row("16", p="0.0004", **compared)])
    assert table.heading == "Batch size"
    assert table.caption.startswith("Accuracy on the test images by batch size: mean")
    assert table.columns == [
        *("Network", "Variant", "Batch size", "Mean", "95 % interval", "n"),
        *("Difference", "95 % interval", "p"),
    ]
    first, second = [[cell.text for cell in line] for line in table.rows]
    assert first == ["relu-8", "32", "32", "0.9123 ± 0.012", "0.9 to 0.92", "3", "–", "–", "–"]
    assert second[6:] == ["−0.01", "−0.02 to +0", "< 0.001"]
    assert "default settings" in " ".join(table.remarks)


def test_what_is_missing_or_diverged_is_a_note():
    gone = dict.fromkeys(("mean", "sd", "low", "high", "n"), "")
    table = shown([row("32", diverged="1 2"), row("16", missing="not finished", **gone)])
    assert list(table.notes) == ["Diverged and left out: seeds 1 2.", "Missing: not finished."]
    assert [cell.text for cell in table.rows[1]][3:] == ["–", "–", "–"]


@pytest.mark.parametrize("render", rendering.RENDERERS.values())
def test_it_renders_in_every_format(render):
    text = render([shown([row("32", configuration="classifier/<a>&_b")])])
    assert "<a>" not in text
    assert "0.9123" in text
