"""How numbers are put into the words of the tables."""

from string import Formatter

import pytest

import table_frames
from autoencoders.report import rendering, wording
from autoencoders.report.table_catalog import TABLES
from autoencoders.report.wording import Value, Words, cells_of, filled, words_of_tables
from table_frames import DIGITS, LAB, accurate, as_read


@pytest.fixture(scope="module")
def shown():
    """Every table by its name, of several sets of numbers."""
    some = table_frames.frames()
    none = {name: frame[:0] for name, frame in some.items()}
    rows = [accurate("relu", "4"), accurate("relu", "8", batch_size=64)]
    differing = {**none, "table2": as_read("table2", rows)}
    other = as_read("calibration", [{"study": "loss", "variant": "a", "verdict": "other data"}])
    tables = {}
    for frames, manifest in (
        (some, LAB),
        (none, LAB),
        (differing, LAB),
        ({**none, "calibration": other}, DIGITS),
    ):
        for name in TABLES:
            for table in rendering.shown_tables(name, frames, manifest):
                tables.setdefault(table.name, []).append(table)
    return tables


def longest_piece(pattern):
    """Return the longest text between two of the values to be filled in."""
    return max((piece for piece, *_ in Formatter().parse(pattern)), key=len)


def test_every_entry_is_shown_and_every_table_has_an_entry(shown):
    assert set(shown) == set(words_of_tables())
    assert set(TABLES) <= set(words_of_tables())


@pytest.mark.parametrize("name", words_of_tables())
def test_every_caption_and_remark_is_said(shown, name):
    """A fact that no module knows would silence them."""
    words = words_of_tables()[name]
    captions = [table.caption for table in shown[name]]
    for caption in words.caption:
        assert any(longest_piece(caption) in said for said in captions), caption
    remarks = [remark for table in shown[name] for remark in table.remarks]
    for remark in (*words.remarks, *words.optional.values()):
        assert any(longest_piece(remark) in said for said in remarks), remark


@pytest.mark.parametrize("name", words_of_tables())
def test_words_fit_their_columns(name):
    words = words_of_tables()[name]
    assert all(len(column) > 1 for column in words.columns)
    assert set(words.optional) <= {heading for heading, *_ in words.columns}
    assert all(0 <= column < words.texts for column in words.prose)
    if words.groups:
        assert sum(span for _, span in words.groups) == len(words.columns)
    for text in (*words.caption, *words.remarks, *words.optional.values()):
        assert text.endswith(".")
        assert "  " not in text


def test_words_without_a_part_are_refused():
    with pytest.raises(TypeError, match="columns"):
        Words(heading="T", caption=["A table."], texts=1)
    with pytest.raises(TypeError, match="colour"):
        Words(heading="T", caption=["A table."], texts=1, columns=[], colour="red")


@pytest.mark.parametrize(
    ("text", "format_", "expected"),
    [
        ("12.345", "digits", "12.3"),
        ("-1.234", "digits", "−1.23"),
        ("0.01234", "digits", "0.012"),
        ("0.001234", "digits", "0.00123"),
        ("0.0", "digits", "0.000"),
        ("0.0456", "p", "0.046"),
        ("0.0002", "p", "< 0.001"),
        ("-0.25", "+.1f", "−0.2"),
        ("0.5", ".0%", "50%"),
        ("-as it is", "", "-as it is"),
    ],
)
def test_formats_by_hand(text, format_, expected):
    assert f"{Value(text):{format_}}" == expected


def test_the_first_pattern_with_all_its_values_is_filled_in():
    patterns = ["{mean:.2f} ± {sd:.2f}", "{mean:.2f}"]
    assert filled(patterns, {"mean": "0.5", "sd": "0.25"}) == "0.50 ± 0.25"
    assert filled(patterns, {"mean": "0.5", "sd": ""}) == "0.50"
    assert filled(patterns, {"mean": "", "sd": ""}) is None
    assert filled(["{n} of {total}"], {"n": 0, "total": 3}) == "0 of 3"


def test_a_column_that_the_numbers_do_not_have_is_refused():
    with pytest.raises(KeyError, match="accuracy"):
        cells_of({"sparseness": "0.5"}, [("Accuracy", "{accuracy:.3f}")])


def test_a_caption_without_its_facts_is_refused():
    with pytest.raises(ValueError, match="table plateau: a fact is missing"):
        wording.table("plateau", [], {"title": "made up"})
