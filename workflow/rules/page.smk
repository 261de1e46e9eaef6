# All that was found on one page, which needs nothing beside itself.

PAGE_TABLES = [*TABLES, "comparison"]
PAGE_FIGURES = [name for name in FIGURES if KEEPS_WEIGHTS or name not in FROM_WEIGHTS]


def page_tables(wildcards):
    return PAGE_TABLES + ["calibration"] * is_calibrated()


def page_figures(wildcards):
    return PAGE_FIGURES + ["calibration"] * is_calibrated()


def is_calibrated():
    """Return whether all runs of the calibration are there: the page trains none of them."""
    runs = [
        run
        for study in SWEEP.settings["calibration"]
        for variant in SWEEP.study_runs(study).values()
        for run in variant.values()
    ]
    return bool(runs) and all(is_wanted(run) for run in runs if run.startswith("studies/"))


rule page:
    input:
        script=script("page.py"),
        code=code("runs", "tables", "comparison", "page"),
        manifest=MANIFEST,
        runs=lambda wildcards: run_records(SWEEP.configurations),
        numbers=expand(f"{RESULTS}/tables/{{name}}.csv", name=["runs", "comparison"]),
        tables=lambda wildcards: expand(
            f"{RESULTS}/tables/{{name}}.html", name=page_tables(wildcards)
        ),
        figures=lambda wildcards: expand(
            f"{RESULTS}/figures/{{name}}.svg", name=page_figures(wildcards)
        ),
    output:
        report(
            f"{RESULTS}/report.html",
            caption="../report/page.rst",
            category="Report",
            labels={"name": "Report", "shows": "All that was found, on one page"},
        ),
    log:
        f"{RESULTS}/logs/report/page.log",
    benchmark:
        f"{RESULTS}/benchmarks/report/page.tsv"
    conda:
        "../../envs/report.yaml"
    resources:
        mem_mb=doubling(1000),
        runtime=doubling(10),
    params:
        selection=selection(SWEEP.configurations),
        options=REPORT_OPTIONS,
        tables=page_tables,
        figures=page_figures,
    shell:
        "python {input.script:q} {params.options} --tables {params.tables}"
        " --figures {params.figures} --output {output:q} > {log:q} 2>&1"
