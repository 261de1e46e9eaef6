"""The report: everything that was found on one self-contained HTML page."""

from autoencoders.analysis.published import DATASET
from autoencoders.files import written_aside
from autoencoders.report.page_findings import compared, judged
from autoencoders.report.page_inputs import read_figure, rows_of
from autoencoders.report.page_methods import done
from autoencoders.report.page_provenance import provenance
from autoencoders.report.rendering import html_environment, shown_tables
from autoencoders.report.table_catalog import TABLES
from autoencoders.report.wording import read_words

ALWAYS = {"methods", "reproduce", "provenance"}  # other sections need a table or figure


def write(path, manifest, tables, figures, shown):
    """Write the page.

    Parameters
    ----------
    path : path-like
    manifest : dict
        The data set's manifest.json.
    tables : dict of str to pandas.DataFrame
        The CSV files by their names, every value as text: `runs`, `configurations`, `provenance`,
        and those that the tables to show are made from.
    figures : dict of str to (path-like, path-like)
        For each figure to show, its .svg and its .json.
    shown : iterable of str
        The tables to show, such as `table1` and `comparison`.

    Raises
    ------
    RunsError
        If a file is missing or broken; one sentence that names it.
    """
    text = page(manifest, tables, figures, shown)
    with written_aside(path) as aside:
        aside.write_text(text, encoding="utf-8")


def page(manifest, tables, figures, shown):
    """Return the page as text; the parameters are those of `write`."""
    is_the_papers_data = manifest["dataset"] == DATASET
    finished = {}
    for name in shown:
        if name == "claims" and not is_the_papers_data:
            continue
        with rows_of(tables, *TABLES[name].sources):
            for table in shown_tables(name, tables, manifest):
                finished[table.name] = table
    drawings = {name: read_figure(name, *paths) for name, paths in figures.items()}

    claims, comparison = [], []
    if "claims" in finished:
        claims = judged(tables["claims"].to_dict("records"), finished["claims-rules"])
    if "comparison" in finished:
        comparison = compared(tables["comparison"].to_dict("records"))
    with rows_of(tables, "runs", "configurations") as (runs, configurations):
        methods = done(manifest, configurations, runs)
        n_runs = len({(row["configuration"], row["seed"]) for row in runs})
    with rows_of(tables, "provenance") as (jobs,):
        origin = provenance(jobs, manifest["sources"])
    template = html_environment().get_template("page.html.jinja")
    return template.render(
        data_title=manifest["title"],
        is_the_papers_data=is_the_papers_data,
        n_networks=len(configurations),
        n_runs=n_runs,
        claims=claims,
        compared=comparison,
        methods=methods,
        provenance=origin,
        sections=filled_sections(finished, drawings),
    )


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
