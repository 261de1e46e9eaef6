"""What people see of the claims of the paper."""

import pytest

from autoencoders.report import rendering
from table_frames import DIGITS, LAB, TablePage, as_read, claim, part


def shown(claims, parts=(), manifest=LAB):
    frames = {"claims": as_read("claims", claims), "claims_parts": as_read("claims_parts", parts)}
    return rendering.shown_tables("claims", frames, manifest)


def test_people_see_the_verdicts_the_rules_and_every_part():
    claims = [
        claim(1),
        claim(2, "does not hold"),
        claim(3, "cannot be decided", low="", p="", n=""),
    ]
    parts = [part(1), part(3, verdict="", reason="only 2 seeds")]
    tables = shown(claims, parts)
    verdicts, rules, every = tables
    assert "3 statements of 2019" in verdicts.caption
    assert "1 hold, 1 do not hold, 1 cannot be decided." in verdicts.caption
    texts = [cell.text for cell in verdicts.rows[0]]
    assert texts == ["1", "ReLU is <faster>.", "holds", "It is."]
    assert [cell.text for cell in rules.rows[0]] == [
        *("1", "Epochs. Holds if above 0.", "Welch's t.", "128 units: epochs that ReLU saves"),
        *("40.5", "30.0 to 51.2", "< 0.001", "6"),
    ]
    assert [cell.text for cell in rules.rows[2]][5:] == ["–", "–", "–"]
    texts = [cell.text for cell in every.rows[0]]
    assert texts[3:] == ["epochs", "−0.00120", "−0.500 to 2.35", "0.046", "6"]
    assert every.rows[1][1].notes == ("Only 2 seeds.",)
    assert every.rows[1][2].text == "for information"
    page = TablePage(rendering.html(tables))
    assert page.open == page.asked == []
    assert len(page.rows) == 4 + 4 + 3


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (12.345, "12.3"),
        (-1.234, "−1.23"),
        (0.01234, "0.012"),
        (0.001234, "0.00123"),
        (0.0, "0.000"),
    ],
)
def test_numbers_have_as_many_digits_as_their_size_asks_for(number, text):
    assert shown([], [part(1, effect=number)])[2].rows[0][4].text == text


def test_other_data_are_said_to_be_other_data():
    (verdicts,) = tables = shown([claim(number) for number in range(1, 17)], [], DIGITS)
    assert verdicts.caption.startswith("These data are not the paper's")
    page = rendering.html(tables)
    assert len(TablePage(page).rows) == 17
