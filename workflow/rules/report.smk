# From finished runs to the report's tables and figures, and how far they are its own.

import os
import shlex

TABLES = ["table1", "table2"]
FIGURES = [f"figure{number}" for number in range(1, 11)]
FROM_WEIGHTS = ["figure2", "figure5", "figure6", "figure7", "figure8", "figure9"]
KEEPS_WEIGHTS = SWEEP.settings["keep_weights"] != "none"
FIGURE_SUFFIXES = [".svg", ".pdf", ".png"]
TABLE_SUFFIXES = [".csv", ".md", ".html", ".tex"]
COMPARISON_SUFFIXES = [".csv", ".md", ".html"]
BESIDE_THE_REPORT = ["figure1", "figure3", "figure10"]
REPORT_NAMES = ["table1", "table2", "text", "curves", "misread", "settings"]
REPORT_NUMBERS = [resource(f"report/{name}.csv") for name in REPORT_NAMES]
PRINTED = read_report(Path(workflow.basedir, "resources/report"))
COMPARED = [name for name in PRINTED.configurations if name in SWEEP.configurations]
# The plan is no input: it holds every configuration, and a table must not wait for all of them.
REPORT_OPTIONS = shlex.join(["--plan", PLAN, "--manifest", MANIFEST, "--results", RESULTS])


wildcard_constraints:
    table="|".join(TABLES),
    figure="|".join(FIGURES),


rule collect_runs:
    input:
        script=script("collect_runs.py"),
        code=code("runs", "tables"),
        manifest=MANIFEST,
        runs=lambda wildcards: run_records(SWEEP.configurations),
    output:
        report(
            f"{RESULTS}/tables/runs.csv",
            caption="../report/runs.rst",
            category="Tables",
            labels={"name": "Runs", "shows": "Every number of every run"},
        ),
    log:
        f"{RESULTS}/logs/report/runs.log",
    benchmark:
        f"{RESULTS}/benchmarks/report/runs.tsv"
    conda:
        environment("../../envs/report.yaml")
    resources:
        mem_mb=doubling(1000),
        runtime=doubling(10),
    params:
        selection=lambda wildcards: selection(SWEEP.configurations),
        options=REPORT_OPTIONS,
    shell:
        "python {input.script:q} {params.options} --output {output:q} > {log:q} 2>&1"


rule table:
    input:
        script=script("table.py"),
        code=code("runs", "tables"),
        manifest=MANIFEST,
        report=REPORT_NUMBERS,
        runs=lambda wildcards: run_records(SWEEP.tables[wildcards.table]),
    output:
        multiext(f"{RESULTS}/tables/{{table}}", ".csv", ".md", ".tex"),
        report(
            f"{RESULTS}/tables/{{table}}.html",
            caption="../report/table.rst",
            category="Tables",
            labels=labels,
        ),
    log:
        f"{RESULTS}/logs/report/{{table}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/report/{{table}}.tsv"
    conda:
        environment("../../envs/report.yaml")
    resources:
        mem_mb=doubling(1000),
        runtime=doubling(10),
    params:
        selection=lambda wildcards: selection(SWEEP.tables[wildcards.table]),
        options=REPORT_OPTIONS,
        # Functions of files are not tracked: folders that were moved change nothing.
        report=lambda wildcards, output: resource("report"),
        folder=lambda wildcards, output: os.path.dirname(output[0]),
        caption=lambda wildcards, output: shows(wildcards.table),
    shell:
        "python {input.script:q} {params.options} --report {params.report:q}"
        " --name {wildcards.table} --output {params.folder:q} > {log:q} 2>&1"


rule comparison:
    input:
        script=script("comparison.py"),
        code=code("runs", "tables", "comparison"),
        manifest=MANIFEST,
        report=REPORT_NUMBERS,
        runs=lambda wildcards: run_records(COMPARED),
    output:
        multiext(f"{RESULTS}/tables/comparison", ".csv", ".md"),
        report(
            f"{RESULTS}/tables/comparison.html",
            caption="../report/comparison.rst",
            category="Tables",
            labels={"name": "Comparison", "shows": "Every number of the report beside ours"},
        ),
    log:
        f"{RESULTS}/logs/report/comparison.log",
    benchmark:
        f"{RESULTS}/benchmarks/report/comparison.tsv"
    conda:
        environment("../../envs/report.yaml")
    resources:
        mem_mb=doubling(1000),
        runtime=doubling(10),
    params:
        selection=selection(COMPARED),
        options=REPORT_OPTIONS,
        report=lambda wildcards, output: resource("report"),
        folder=lambda wildcards, output: os.path.dirname(output[0]),
    shell:
        "python {input.script:q} {params.options} --report {params.report:q}"
        " --output {params.folder:q} > {log:q} 2>&1"


rule figure:
    input:
        script=script("figure.py"),
        code=code("runs", "figures"),
        manifest=MANIFEST,
        arrays=ancient(ARRAYS),
        report=lambda wildcards: (REPORT_NUMBERS if wildcards.figure in BESIDE_THE_REPORT else []),
        runs=lambda wildcards: run_records(SWEEP.figures[wildcards.figure]),
        weights=lambda wildcards: (
            run_weights(SWEEP.figures[wildcards.figure])
            if wildcards.figure in FROM_WEIGHTS
            else []
        ),
    output:
        multiext(f"{RESULTS}/figures/{{figure}}", ".pdf", ".png"),
        report(
            f"{RESULTS}/figures/{{figure}}.svg",
            caption="../report/figure.rst",
            category="Figures",
            labels=labels,
        ),
    log:
        f"{RESULTS}/logs/report/{{figure}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/report/{{figure}}.tsv"
    conda:
        environment("../../envs/report.yaml")
    resources:
        mem_mb=doubling(1500),
        runtime=doubling(10),
    params:
        selection=lambda wildcards: selection(SWEEP.figures[wildcards.figure]),
        options=REPORT_OPTIONS,
        # Functions of files are not tracked: folders that were moved change nothing.
        report=lambda wildcards, output: resource("report"),
        folder=lambda wildcards, output: os.path.dirname(output[0]),
        caption=lambda wildcards, output: shows(wildcards.figure),
    shell:
        "python {input.script:q} {params.options} --arrays {input.arrays:q}"
        " --report {params.report:q} --name {wildcards.figure} --output {params.folder:q} > {log:q} 2>&1"


# Each table and figure is a target of its own: `table1`, `figure9`.
for name in TABLES:

    rule:
        name:
            name
        input:
            multiext(f"{RESULTS}/tables/{name}", *TABLE_SUFFIXES),
        localrule: True


for name in FIGURES:

    rule:
        name:
            name
        input:
            multiext(f"{RESULTS}/figures/{name}", *FIGURE_SUFFIXES),
        localrule: True


rule tables:
    input:
        f"{RESULTS}/tables/runs.csv",
        [multiext(f"{RESULTS}/tables/{name}", *TABLE_SUFFIXES) for name in TABLES],
        multiext(f"{RESULTS}/tables/comparison", *COMPARISON_SUFFIXES),
        multiext(f"{RESULTS}/tables/lottery", *COMPARISON_SUFFIXES),
        multiext(f"{RESULTS}/tables/claims", *COMPARISON_SUFFIXES, "_parts.csv"),
    localrule: True


rule figures:
    input:
        [
            multiext(f"{RESULTS}/figures/{name}", *FIGURE_SUFFIXES)
            for name in FIGURES
            if KEEPS_WEIGHTS or name not in FROM_WEIGHTS
        ],
    localrule: True


# Trains the seeds that the section `lottery` adds, and draws again what shows them.
rule lottery:
    input:
        [f"{RESULTS}/lottery/{name}/run.json" for name in SWEEP.lottery],
        rules.tables.input,
        rules.figures.input,
        f"{RESULTS}/report.html",
    localrule: True


# Without an output it runs whenever asked, and draws from whatever is finished by then.
rule partial:
    input:
        script=script("partial.py"),
        code=code("runs", "tables", "comparison", "measures", "claims", "lottery", "figures"),
        manifest=MANIFEST,
        arrays=ancient(ARRAYS),
        report=REPORT_NUMBERS,
    log:
        f"{RESULTS}/logs/report/partial.log",
    localrule: True
    conda:
        environment("../../envs/report.yaml")
    params:
        options=REPORT_OPTIONS,
        report=lambda wildcards, input: os.path.dirname(input.report[0]),
        folder=f"{RESULTS}/partial",
    shell:
        "python {input.script:q} {params.options} --arrays {input.arrays:q}"
        " --report {params.report:q} --output {params.folder:q} 2>&1 | tee {log:q}"
