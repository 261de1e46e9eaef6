# From finished runs to the report's tables and figures.

import os
import shlex

TABLES = ["table1", "table2"]
FIGURES = [f"figure{number}" for number in range(1, 10)]
FROM_WEIGHTS = ["figure2", "figure5", "figure6", "figure7", "figure8", "figure9"]
KEEPS_WEIGHTS = SWEEP.settings["keep_weights"] != "none"
FIGURE_SUFFIXES = [".svg", ".pdf", ".png"]
TABLE_SUFFIXES = [".csv", ".md", ".html", ".tex"]
# The plan is no input: it holds every configuration, and a table must not wait for all of them.
REPORT_OPTIONS = shlex.join(["--plan", PLAN, "--manifest", MANIFEST, "--runs", f"{RESULTS}/runs"])


wildcard_constraints:
    table="|".join(TABLES),
    figure="|".join(FIGURES),


rule collect_runs:
    input:
        script=script("collect_runs.py"),
        code=code("runs", "tables"),
        manifest=MANIFEST,
        runs=run_records(SWEEP.configurations),
    output:
        f"{RESULTS}/tables/runs.csv",
    log:
        f"{RESULTS}/logs/report/runs.log",
    benchmark:
        f"{RESULTS}/benchmarks/report/runs.tsv"
    conda:
        "../../envs/report.yaml"
    resources:
        mem_mb=doubling(1000),
        runtime=doubling(10),
    params:
        selection=selection(SWEEP.configurations),
        options=REPORT_OPTIONS,
    shell:
        "python {input.script:q} {params.options} --output {output:q} > {log:q} 2>&1"


rule table:
    input:
        script=script("table.py"),
        code=code("runs", "tables"),
        manifest=MANIFEST,
        runs=lambda wildcards: run_records(SWEEP.tables[wildcards.table]),
    output:
        multiext(f"{RESULTS}/tables/{{table}}", *TABLE_SUFFIXES),
    log:
        f"{RESULTS}/logs/report/{{table}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/report/{{table}}.tsv"
    conda:
        "../../envs/report.yaml"
    resources:
        mem_mb=doubling(1000),
        runtime=doubling(10),
    params:
        selection=lambda wildcards: selection(SWEEP.tables[wildcards.table]),
        options=REPORT_OPTIONS,
        folder=lambda wildcards, output: os.path.dirname(output[0]),
    shell:
        "python {input.script:q} {params.options} --name {wildcards.table}"
        " --output {params.folder:q} > {log:q} 2>&1"


rule figure:
    input:
        script=script("figure.py"),
        code=code("runs", "figures"),
        manifest=MANIFEST,
        arrays=ancient(ARRAYS),
        runs=lambda wildcards: run_records(SWEEP.figures[wildcards.figure]),
        weights=lambda wildcards: (
            run_weights(SWEEP.figures[wildcards.figure])
            if wildcards.figure in FROM_WEIGHTS
            else []
        ),
    output:
        multiext(f"{RESULTS}/figures/{{figure}}", *FIGURE_SUFFIXES),
    log:
        f"{RESULTS}/logs/report/{{figure}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/report/{{figure}}.tsv"
    conda:
        "../../envs/report.yaml"
    resources:
        mem_mb=doubling(1500),
        runtime=doubling(10),
    params:
        selection=lambda wildcards: selection(SWEEP.figures[wildcards.figure]),
        options=REPORT_OPTIONS,
        folder=lambda wildcards, output: os.path.dirname(output[0]),
    shell:
        "python {input.script:q} {params.options} --arrays {input.arrays:q}"
        " --name {wildcards.figure} --output {params.folder:q} > {log:q} 2>&1"


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
    localrule: True


rule figures:
    input:
        [
            multiext(f"{RESULTS}/figures/{name}", *FIGURE_SUFFIXES)
            for name in FIGURES
            if KEEPS_WEIGHTS or name not in FROM_WEIGHTS
        ],
    localrule: True


# Without an output it runs whenever asked, and draws from whatever is finished by then.
rule partial:
    input:
        script=script("partial.py"),
        code=code("runs", "tables", "figures"),
        manifest=MANIFEST,
        arrays=ancient(ARRAYS),
    log:
        f"{RESULTS}/logs/report/partial.log",
    localrule: True
    conda:
        "../../envs/report.yaml"
    params:
        options=REPORT_OPTIONS,
        folder=f"{RESULTS}/partial",
    shell:
        "python {input.script:q} {params.options} --arrays {input.arrays:q}"
        " --output {params.folder:q} 2>&1 | tee {log:q}"
