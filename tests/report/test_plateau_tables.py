"""What people see of the networks that leave the plateau."""

import pytest

from autoencoders.report import rendering
from table_frames import LAB, TablePage, as_read, share

ROWS = [
    share(3, 128, hidden_nodes="128-256-128"),
    share(1, 128),
    share(3, 128),
]
PATIENT = [
    share(1, 128, patience="0"),
    share(3, 128, patience="0"),
    share(1, 128, patience="5", difference=0.0, difference_low=-0.3, difference_high=0.3, p=1.0),
    share(3, 128, patience="5", difference=-0.25, difference_low=-0.4, difference_high=0.1, p=1e-5),
]


def shown(rows):
    return rendering.shown_tables("plateau", {"plateau": as_read("plateau", rows)}, LAB)


@pytest.mark.parametrize("studied", [False, True])
def test_people_see_a_page(studied):
    tables = shown(ROWS + PATIENT if studied else ROWS)
    text = rendering.html(tables)
    page = TablePage(text)
    assert page.open == page.asked == []
    assert ("Patience" in text) == studied
    assert "| 128-256-128" in rendering.markdown(tables)
    assert [cell.text for cell in tables[0].rows[1]] == [
        "3",
        "128",
        "10",
        "3",
        "0.30",
        "0.11 to 0.60",
    ]
    assert "an accuracy of at least 0.2 on the test images" in tables[0].caption


def test_each_patience_is_compared_with_none():
    rows = [[cell.text for cell in row] for row in shown(ROWS + PATIENT)[1].rows]
    assert [row[:3] for row in rows] == [
        ["1", "128", "0"],
        ["1", "128", "5"],
        ["3", "128", "0"],
        ["3", "128", "5"],
    ]
    assert rows[2][7:] == ["–", "–", "–"]
    assert rows[3][7:] == ["−0.25", "−0.40 to +0.10", "< 0.001"]


def test_nothing_finished_is_an_empty_table():
    tables = shown([])
    assert [table.rows for table in tables] == [[], []]
    assert TablePage(rendering.html(tables)).rows == [6, 5]
