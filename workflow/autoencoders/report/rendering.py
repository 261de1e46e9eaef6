"""Renders tables for people as Markdown, HTML and LaTeX."""

from importlib import import_module
from pathlib import Path

import jinja2
import pandas

from autoencoders.files import written_aside
from autoencoders.report.table_catalog import TABLES
from autoencoders.report.wording import TEMPLATES

MARKDOWN_ESCAPES = str.maketrans({character: f"\\{character}" for character in "\\`*_|<>"})
LATEX_ESCAPES = str.maketrans(
    {character: f"\\{character}" for character in "&%$#_{}"}
    | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    | {"<": r"\textless{}", ">": r"\textgreater{}", "±": r"$\pm$", "−": "$-$", "–": "--"}
)


def write_table(name, frames, manifest, folder):
    """Write a table into a folder, in every format: `NAME.md`, `NAME.html`, `NAME.tex`.

    Parameters
    ----------
    name : str
        A key of `TABLES`, or a study or table of one's own.
    frames : dict of str to pandas.DataFrame
        The CSV files that its entry names, read as text (`dtype=str, keep_default_na=False`).
    manifest : dict
        The data set's manifest.json; `title` and `dataset` are used.
    folder : path-like
    """
    tables = shown_tables(name, frames, manifest)
    for suffix, render in RENDERERS.items():
        with written_aside(Path(folder) / f"{name}.{suffix}") as aside:
            aside.write_text(render(tables), encoding="utf-8")


def shown_tables(name, frames, manifest):
    """Return a table, and those that go with it, as a list of `Shown`."""
    sources, module = (name,), "metric_tables"  # unless the catalog has it
    if name in TABLES:
        sources, module = TABLES[name].sources, TABLES[name].module
    rows = {source: frames[source].to_dict("records") for source in sources}
    return import_module(f"autoencoders.report.{module}").tables(rows, manifest)


def html(tables):
    """Return tables as a self-contained page."""
    return html_environment().get_template("tables_page.html.jinja").render(tables=tables)


def latex(tables):
    """Return tables as LaTeX; the preamble needs the package booktabs."""
    # LaTeX is full of braces, so that the tags of its template have angle brackets.
    environment = _environment(
        finalize=lambda value: str(value).translate(LATEX_ESCAPES),
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="<#",
        comment_end_string="#>",
    )
    return environment.get_template("tables.tex.jinja").render(tables=tables)


def markdown(tables):
    """Return tables as Markdown that is readable as plain text too."""
    return "\n".join(map(_markdown, tables))


RENDERERS = {"md": markdown, "html": html, "tex": latex}


def html_environment():
    """Return the Jinja environment of the HTML templates, which escapes every text."""
    return _environment(autoescape=True)


def _environment(**options):
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        **options,
    )


def _markdown(shown):
    columns, rows = [], []
    # Markdown has no groups: each column's name has that of its group in front.
    for group, span in shown.groups or [("", len(shown.columns))]:
        for column in shown.columns[len(columns) : len(columns) + span]:
            words = f"{group}: {column.lower()}" if group else column
            columns.append(words.translate(MARKDOWN_ESCAPES))
    for row in shown.rows:
        rows.append([])
        for cell in row:
            marks = f" [{shown.marks(cell)}]" if cell.notes else ""
            rows[-1].append(cell.text.translate(MARKDOWN_ESCAPES) + marks)
    frame = pandas.DataFrame(rows, columns=columns, dtype=object)
    alignment = ["left"] * shown.texts + ["right"] * (len(columns) - shown.texts)
    table = frame.to_markdown(index=False, disable_numparse=True, colalign=alignment)
    title = f"{shown.heading}. {shown.caption}".translate(MARKDOWN_ESCAPES)
    blocks = [f"**{title}**", table]
    for remark in shown.remarks:
        blocks.append(remark.translate(MARKDOWN_ESCAPES))
    for note, letter in shown.notes.items():
        blocks.append(f"[{letter}] {note}".translate(MARKDOWN_ESCAPES))
    return "\n\n".join(blocks) + "\n"
