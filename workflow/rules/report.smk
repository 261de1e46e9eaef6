# Report: tables for people to read, one page with everything, and the targets to ask for by name.
#
# Reads: tables/*.csv, figures/.
# Makes: tables/*.md, *.html and *.tex, report.html.
# Steps: render_table, write_page.

CODE_OF_REPORT = PATHS.code("runs", "analysis", "claims", "labels", "report", "report/templates")
IS_SHOWN = {
    "table1": "table1" in SWEEP.tables,
    "table2": "table2" in SWEEP.tables,
    "comparison": SWEEP.settings["paper"] and COMPARED,
    "claims": SWEEP.settings["paper"] and CLAIMED,
    "plateau": SIGMOID,
    "calibration": SWEEP.settings["include_studies"] and CALIBRATION,
}
# Studies with a table and a figure of their own; the calibration shows its recipes by itself.
OF_ONE_SETTING = [name for name in OF_STUDIES if Path(name).name not in CALIBRATION]
STUDIED = OF_ONE_SETTING if SWEEP.settings["include_studies"] else []
SHOWN_TABLES = [name for name in TABLES if IS_SHOWN[name]] + OWN_TABLES + STUDIED
SHOWN_FIGURES = []
for name in [*SWEEP.figures, *OWN_TABLES, *STUDIED]:
    if SWEEP.settings["keep_weights"] or "weights" not in entry_of_figure(name).needs:
        SHOWN_FIGURES.append(name)
if IS_SHOWN["calibration"]:
    SHOWN_FIGURES.append("calibration")
# What `snakemake` trains if nothing is asked for.
TRAININGS = {}
INCLUDED = OF_STUDIES.values() if SWEEP.settings["include_studies"] else []
for each in [*ALL, *(c for study in INCLUDED for c in study.configurations())]:
    TRAININGS |= {block.folder: block.config for block in each.blocks}
PAGE_TABLES = ["runs", "configurations", "provenance"]
for name in SHOWN_TABLES:
    PAGE_TABLES += sources_of(name)


wildcard_constraints:
    table="|".join([*TABLES, *TABULATED]),


use rule collect_runs as render_table with:
    """Render a table for people to read, as .md, .html and .tex."""
    input:
        unpack(table_inputs),
    output:
        report(
            "<made>/tables/{table}.html",
            caption="../captions/table.rst",
            category="Tables",
            labels=lambda wildcards: {
                "name": numbered(wildcards.table),
                "shows": shows(wildcards.table),
            },
        ),
        multiext("<made>/tables/{table}", ".md", ".tex"),
    log:
        "<logs>/report/{table}.log",
    benchmark:
        "<benchmarks>/report/{table}.tsv"
    params:
        code=CODE_OF_REPORT,
        declared=PATHS.declared(),
        caption=lambda wildcards: shows(wildcards.table),


use rule collect_runs as write_page with:
    """Write report.html with all tables and figures."""
    input:
        **PATHS.read_by(
            "write_page",
            tables=PATHS.csv(PAGE_TABLES),
            figures=expand("<made>/figures/{name}.svg", name=SHOWN_FIGURES),
            facts=expand("<made>/figures/{name}.json", name=SHOWN_FIGURES),
        ),
    output:
        report(
            "<made>/report.html",
            caption="../captions/page.rst",
            category="Report",
            labels={"name": "Report", "shows": "Everything on one page"},
        ),
    log:
        "<logs>/report/page.log",
    benchmark:
        "<benchmarks>/report/page.tsv"
    params:
        code=CODE_OF_REPORT,
        declared=PATHS.declared(
            show=[Path(name).name for name in SHOWN_TABLES],
            entry={"of_the_paper": SWEEP.settings["paper"]},
        ),


# Each table and figure is a target of its own: `table1`, `claims`, `figure9`, `studies/loss`.
for name in dict.fromkeys([*TABLES, *FIGURES, *TABULATED, *OWN_FIGURES]):

    rule:
        name:
            name
        input:
            table_files(name) if name in [*TABLES, *TABULATED] else [],
            figure_files(name) if name in [*FIGURES, *TABULATED, *OWN_FIGURES] else [],
        localrule: True

    getattr(rules, name).rule.docstring = shows(name)


rule tables:
    """Every table that the page shows."""
    input:
        PATHS.csv(PAGE_TABLES),
        [table_files(name) for name in SHOWN_TABLES],
    localrule: True


rule figures:
    """Every figure that the page shows."""
    input:
        [figure_files(name) for name in SHOWN_FIGURES],
    localrule: True


rule page:
    """The report, on one page."""
    input:
        f"{PATHS.made}/report.html",
    localrule: True


rule measurements:
    """Every kind of measurement on the saved weights, as CSV."""
    input:
        expand("<made>/measurements/{kind}.csv", kind=MEASUREMENTS),
    localrule: True


rule studies:
    """Every study, and the calibration."""
    input:
        rules.calibration.input,
        [table_files(name) + figure_files(name) for name in OF_ONE_SETTING],
    localrule: True
