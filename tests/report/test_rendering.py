"""The renderer, and the catalog of the tables."""

import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

import table_frames
from autoencoders.labels.networks import letter
from autoencoders.report import rendering
from autoencoders.report.shown import Cell, Shown
from autoencoders.report.table_catalog import TABLES, TableEntry
from table_frames import LAB, TITLE, TablePage

WORKFLOW = Path(rendering.__file__).parents[2]
NASTY = "<a> & 100 % of_it: $x$ #1 {y} ~z ^ \\ | *b* `c`"


@pytest.fixture(scope="module")
def frames():
    return table_frames.frames()


@pytest.fixture
def nasty():
    """A table in which every text has characters that a format gives a meaning."""
    return Shown(
        name="nasty",
        heading=NASTY,
        caption=NASTY,
        columns=[NASTY, "Number"],
        texts=1,
        rows=[[Cell(NASTY, (NASTY,)), Cell("−1 ± 2")]],
        groups=[(NASTY, 2)],
        remarks=[NASTY],
    )


# --- every table of the catalog ---------------------------------------------------------------


@pytest.mark.parametrize("name", TABLES)
def test_every_table_renders_in_every_format(frames, name):
    tables = rendering.shown_tables(name, frames, LAB)
    page = TablePage(rendering.html(tables))
    assert page.open == page.asked == []
    assert None not in page.scopes
    widths = []
    for shown in tables:
        n_heads = 2 if shown.groups else 1
        widths += [len(shown.columns)] * (n_heads + len(shown.rows))
    assert page.rows == widths
    markdown, latex = rendering.markdown(tables), rendering.latex(tables)
    assert markdown.count("|:-") + markdown.count("|--") >= len(tables)
    for environment in ("table", "tabular"):
        assert latex.count(rf"\begin{{{environment}}}") == len(tables)
        assert latex.count(rf"\end{{{environment}}}") == len(tables)
    assert tables[0].name == name


@pytest.mark.parametrize("name", TABLES)
def test_every_table_is_written_in_its_formats(frames, name, tmp_path):
    entry = TABLES[name]
    of_entry = {source: frames[source] for source in entry.sources}
    rendering.write_table(name, of_entry, LAB, tmp_path)
    written = {path.name for path in tmp_path.iterdir()}
    assert written == {f"{name}.{suffix}" for suffix in ("md", "html", "tex")}


@pytest.mark.parametrize("name", TABLES)
def test_every_caption_is_a_sentence_without_its_full_stop(name):
    caption = TABLES[name].caption
    assert caption[0].isupper()
    assert caption[-1] not in ".,;:"


def test_an_entry_without_a_part_is_refused():
    for field in fields(TableEntry):
        entry = {each.name: () for each in fields(TableEntry) if each is not field}
        with pytest.raises(TypeError, match=field.name):
            TableEntry(**entry)


def test_the_catalog_needs_the_standard_library_alone():
    code = "import sys, autoencoders.report.table_catalog\n"
    code += "print({'numpy', 'jinja2'} & set(sys.modules))"
    command = [sys.executable, "-c", code]
    assert subprocess.check_output(command, cwd=WORKFLOW, text=True) == "set()\n"


def test_the_same_numbers_give_the_same_bytes(frames, tmp_path):
    for name in TABLES:
        for folder in ("one", "two"):
            rendering.write_table(name, frames, LAB, tmp_path / folder)
        for suffix in rendering.RENDERERS:
            one, two = (tmp_path / folder / f"{name}.{suffix}" for folder in ("one", "two"))
            assert one.read_bytes() == two.read_bytes()


# --- what is escaped --------------------------------------------------------------------------


def test_html_is_a_page_of_its_own(nasty, frames):
    text = rendering.html([nasty])
    assert TablePage(text).open == []
    assert "<a>" not in text
    # Title, label, heading, caption, group, column, cell, remark and note.
    assert text.count("&lt;a&gt; &amp; 100 % of_it: $x$") == 9
    text = rendering.html(rendering.shown_tables("table1", frames, LAB))
    assert TablePage(text).asked == []
    assert "url(" not in text
    assert "<title>Table 1</title>" in text
    assert "a made-up &lt;set&gt; &amp; 100 % of_it." in text
    assert "prefers-color-scheme: dark" in text


def test_latex_is_escaped_and_uses_booktabs(nasty, frames):
    text = rendering.latex([nasty])
    escaped = (
        r"\textless{}a\textgreater{} \& 100 \% of\_it: \$x\$ \#1 \{y\} \textasciitilde{}z "
        r"\textasciicircum{} \textbackslash{} | *b* `c`"
    )
    # Without a heading, as LaTeX numbers its tables.
    assert text.count(escaped) == 6
    assert r"$-$1 $\pm$ 2 \\" in text
    text = rendering.latex(rendering.shown_tables("table2", frames, LAB))
    assert r"a made-up \textless{}set\textgreater{} \& 100 \% of\_it." in text
    assert r"0.920 $\pm$ 0.020 & 0.94 & 3 & 11.0 & 2.5 &" in text
    assert r"\begin{tabular}{lrrrrrrrrrr}" in text
    assert r" & \multicolumn{5}{c}{ReLU} & \multicolumn{5}{c}{sigmoid} \\" in text
    assert r"\cmidrule(lr){2-6} \cmidrule(lr){7-11}" in text
    for rule in ("toprule", "midrule", "bottomrule"):
        assert text.count(f"\\{rule}") == 1
    body = text.split(r"\midrule")[1].split(r"\bottomrule")[0].strip().splitlines()
    assert {line.count("&") for line in body} == {10}


def test_markdown_is_escaped(nasty):
    text = rendering.markdown([nasty])
    escaped = r"\<a\> & 100 % of\_it: $x$ #1 {y} ~z ^ \\ \| \*b\* \`c\`"
    assert text.startswith(f"**{escaped}. {escaped}**")
    assert f"\n| {escaped}: {escaped} " in text
    assert f"\n| {escaped} [a] " in text
    assert f"\n{escaped}\n\n[a] {escaped}\n" in text


# --- the table --------------------------------------------------------------------------------


def test_notes_are_lettered_in_reading_order():
    rows = [[Cell("1", ("z", "y")), Cell("2", ("x",))], [Cell("3", ("y",)), Cell("4")]]
    shown = Shown("t", "T", "A table.", ["A", "B"], 0, rows)
    assert shown.notes == {"z": "a", "y": "b", "x": "c"}
    assert shown.marks(rows[0][0]) == "a,b"
    assert shown.marks(rows[1][0]) == "b"
    assert [letter(number) for number in (0, 25, 26, 27, 52)] == ["a", "z", "aa", "ab", "ba"]


def test_rows_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="table t: 1 cells, 2 columns"):
        Shown("t", "T", "A table.", ["A", "B"], 0, [[Cell("1")]])


def test_the_data_are_named(frames):
    for name in TABLES:
        assert rendering.shown_tables(name, frames, LAB)[0].caption.endswith(f"Data: {TITLE}.")
