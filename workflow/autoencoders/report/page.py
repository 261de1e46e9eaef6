"""The report: everything that was found on one self-contained HTML page."""

import json
from pathlib import Path
from urllib.parse import quote

from autoencoders.analysis.published import DATASET
from autoencoders.report.page_findings import compared, judged
from autoencoders.report.page_methods import done
from autoencoders.report.page_provenance import provenance
from autoencoders.report.rendering import html_environment, shown_tables
from autoencoders.report.wording import read_words

UNQUOTED = " !$&'()*+,-./:;=?@_~"  # a data URI may hold these; it is shorter than in base64
ALWAYS = {"methods", "reproduce", "provenance"}  # other sections need a table or figure


def page(manifest, tables, figures, shown, of_the_paper=True):
    """Return the page as text.

    Parameters
    ----------
    manifest : dict
        The data set's manifest.json.
    tables : dict of str to pandas.DataFrame
        The CSV files by their names, every value as text: `runs`, `configurations`, `provenance`,
        and those that the tables to show are made from.
    figures : dict of str to (path-like, path-like)
        For each figure to show, its .svg and its .json.
    shown : iterable of str
        The tables to show, such as `table1` and `comparison`.
    of_the_paper : bool, optional
        Whether the sweep is the paper's, which the page then tells of.
    """
    is_the_papers_data = manifest["dataset"] == DATASET
    finished = {}
    for name in shown:
        if name == "claims" and not is_the_papers_data:
            continue
        for table in shown_tables(name, tables, manifest):
            finished[table.name] = table
    drawings = {name: read_figure(name, *paths) for name, paths in figures.items()}
    rows = {name: table.to_dict("records") for name, table in tables.items()}

    claims, comparison = [], []
    if "claims" in finished:
        claims = judged(rows["claims"], finished["claims-rules"])
    if "comparison" in finished:
        comparison = compared(rows["comparison"])
    template = html_environment().get_template("page.html.jinja")
    return template.render(
        data_title=manifest["title"],
        of_the_paper=of_the_paper,
        is_the_papers_data=is_the_papers_data,
        n_networks=len(rows["configurations"]),
        n_runs=len({(row["configuration"], row["seed"]) for row in rows["runs"]}),
        claims=claims,
        compared=comparison,
        methods=done(manifest, rows["configurations"], rows["runs"]),
        provenance=provenance(rows["provenance"], manifest["sources"]),
        sections=filled_sections(finished, drawings),
    )


def read_figure(name, drawing, description):
    """Return what the .json tells of a figure, its name, and its .svg as a data URI."""
    facts = json.loads(Path(description).read_text(encoding="utf-8"))
    svg = quote(Path(drawing).read_text(encoding="utf-8"), safe=UNQUOTED)
    return {"name": name, "source": f"data:image/svg+xml,{svg}", **facts}


def filled_sections(tables, figures):
    """Return the sections that have something to show, by name: the `heading` and the `parts`."""
    sections, filled = read_words("page.toml")["sections"], {}
    unnamed = {*tables, *figures}
    for section in sections.values():
        unnamed.difference_update(section["parts"])
    for name, section in sections.items():
        parts = []
        for part in sorted(unnamed) if name == "more" else section["parts"]:
            for shown in (figures, tables):  # a figure and a table may have the same name
                if part in shown:
                    parts.append(shown[part])
        if parts or name in ALWAYS:
            filled[name] = {"heading": section["heading"], "parts": parts}
    return filled
