"""What people see of the settings that the paper does not state."""

import pytest

from autoencoders.report import rendering
from table_frames import DIGITS, LAB, TablePage, as_read, cell, recipe, setting

RECIPES = [
    recipe("one", study="recipes", likelihood_choosing=-2.0, settings="nesterov True"),
    recipe("two", "best", study="recipes", likelihood_choosing=-1.0),
    recipe("first", "less likely", settings="", default="yes"),
    recipe("a", "best", confirmed="yes", settings="batch_size 64; pre_training.keep best"),
]
SETTINGS = [
    setting("128", default="yes", posterior=0.03),
    setting("64", posterior=0.97, decided="yes"),
    setting("False", setting="nesterov", default="yes"),
    setting("True", setting="nesterov", posterior=0.58),
    setting("32", study="finalists"),
]
CELLS = [
    cell("classifier/relu-128", likelihood=-1.0),
    cell("classifier/sigmoid-256-256"),
    cell("classifier/relu-512", recipe="first"),
    cell("classifier/relu-512", averaged=1),
]


def shown(recipes, settings=SETTINGS, cells=CELLS, manifest=LAB):
    frames = {
        "calibration": as_read("calibration", recipes),
        "calibration_settings": as_read("calibration_settings", settings),
        "calibration_cells": as_read("calibration_cells", cells),
    }
    return rendering.shown_tables("calibration", frames, manifest)


def texts(row):
    return [cell.text for cell in row]


def test_people_see_which_recipe_fits_best_and_how_well():
    finalists = shown(RECIPES)[0]
    assert "the most likely one is a (batch size 64 and pre-training keep best), if a" in (
        finalists.caption
    )
    assert "the mean of 3 networks. 45 of 46 published accuracies are consistent" in (
        finalists.caption
    )
    first, best = map(texts, finalists.rows)
    assert first[:3] == ["first (default)", "as the default", "less likely"]
    assert first[3:6] == ["−1.39", "−1.25", "−0.20 (−0.31 to 0.12)"]
    assert best[:3] == [
        "a",
        "batch size 64 and pre-training keep best",
        "best, confirmed: yes",
    ]
    assert best[5] == best[8] == "–"
    assert best[9:] == ["45 of 46", "0.210", "100%, 100%"]


def test_people_see_which_settings_are_decided():
    settings = shown(RECIPES)[1]
    assert settings.caption.endswith("Decided: batch size (64). Open: nesterov.")
    assert [texts(row) for row in settings.rows][:2] == [
        ["Batch size", "128 (default)", "12", "+3.2", "+1.1 to +5.4", "0.03", "–"],
        ["Batch size", "64", "12", "+3.2", "+1.1 to +5.4", "0.97", "yes"],
    ]
    assert len(settings.rows) == 4


def test_the_search_is_in_the_order_of_likelihood():
    search = shown(RECIPES)[2]
    assert [row[0].text for row in search.rows] == ["two", "one"]
    assert "on the 46 cells that tell most, with 10 seeds each" in search.caption


def test_the_least_likely_cells_of_the_best_recipe_come_first():
    cells = shown(RECIPES)[3]
    assert [row[0].text for row in cells.rows] == ["sigmoid-256-256", "relu-128"]
    assert texts(cells.rows[0])[1:] == [
        *("choosing", "0.92", "0.934", "1 of 10", "−4.50", "−1.50", "0.012", "0.400")
    ]


def test_a_study_that_searches_and_decides_is_shown_once():
    names = [table.name for table in shown(RECIPES[2:])]
    assert names == ["calibration", "calibration-settings", "calibration-cells"]


def test_pages_are_whole():
    tables = shown(RECIPES)
    page = TablePage(rendering.html(tables))
    assert page.open == page.asked == []
    assert len(page.rows) == 4 + 1 + 2 + 4 + 2 + 2
    assert "| first (default)" in rendering.markdown(tables)


@pytest.mark.parametrize(
    ("rows", "manifest", "said"),
    [
        ([{"study": "recipes", "recipe": "a", "verdict": "other data"}], DIGITS, "not the paper"),
        ([], LAB, "No study is named"),
    ],
)
def test_without_anything_to_calibrate_the_table_says_so(rows, manifest, said):
    (table,) = shown(rows, [], [], manifest)
    assert said in table.caption
    assert table.remarks == []
