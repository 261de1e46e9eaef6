# Report: tables for people to read, one page with everything, and the targets to ask for by name.
#
# Reads: tables/*.csv, figures/.
# Makes: tables/*.md, *.html and *.tex, report.html.
# Steps: render_table, write_page.

CODE_OF_REPORT = PATHS.code("runs", "analysis", "claims", "labels", "report", "report/templates")
STUDIED = ["calibration"] if SWEEP.settings["include_studies"] else []
SHOWN_TABLES = [name for name in TABLES if name != "calibration"] + STUDIED
SHOWN_FIGURES = [
    name
    for name in SWEEP.figures
    if SWEEP.settings["keep_weights"] or "weights" not in FIGURES[name].needs
] + STUDIED
PAGE_TABLES = ["runs", "configurations", "provenance"]
for name in SHOWN_TABLES:
    PAGE_TABLES += TABLES[name].sources


wildcard_constraints:
    table="|".join(TABLES),


use rule collect_runs as render_table with:
    input:
        unpack(table_inputs),
    output:
        report(
            "<made>/tables/{table}.html",
            caption="../captions/table.rst",
            category="Tables",
            labels=lambda wildcards: labels_of(wildcards.table, TABLES),
        ),
        multiext("<made>/tables/{table}", ".md", ".tex"),
    log:
        "<logs>/report/{table}.log",
    benchmark:
        "<benchmarks>/report/{table}.tsv"
    params:
        code=CODE_OF_REPORT,
        declared=PATHS.declared(),
        caption=lambda wildcards: TABLES[wildcards.table].caption,


use rule collect_runs as write_page with:
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
        declared=PATHS.declared(show=SHOWN_TABLES),


# Each table and figure is a target of its own: `table1`, `claims`, `figure9`.
for name in dict.fromkeys([*TABLES, *FIGURES]):

    rule:
        name:
            name
        input:
            table_files(name) if name in TABLES else [],
            figure_files(name) if name in FIGURES else [],
        localrule: True


rule tables:
    input:
        PATHS.csv(PAGE_TABLES),
        [table_files(name) for name in SHOWN_TABLES],
    localrule: True


rule figures:
    input:
        [figure_files(name) for name in SHOWN_FIGURES],
    localrule: True


rule page:
    input:
        f"{PATHS.made}/report.html",
    localrule: True


rule studies:
    input:
        rules.calibration.input,
        lambda wildcards: PATHS.of_runs([], SWEEP.studies.values()),
    localrule: True
