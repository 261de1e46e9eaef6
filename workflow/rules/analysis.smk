# Analysis: numbers from finished runs, as CSV.
#
# Reads: runs/, studies/, the numbers of the paper in resources/report/.
# Makes: tables/*.csv, measurements/*.csv.
# Steps: those of ANALYSES, each by the script of its name; measure, tabulate_metric.

# By step: the CSV files that it makes, and what it reads: configurations and studies, and more.
ANALYSES = {
    "collect_runs": (["runs", "configurations", "provenance"], {"runs": (ALL, [])}),
    "compute_table1": (["table1"], {"runs": (shown_by("table1"), []), **WITH_PUBLISHED}),
    "compute_table2": (["table2"], {"runs": (shown_by("table2"), []), **WITH_PUBLISHED}),
    "compare": (
        ["comparison"],
        {"runs": (COMPARED, []), "needs": ["history.csv"], **WITH_PUBLISHED},
    ),
    "count_plateaus": (["plateau"], {"runs": (SIGMOID, included_studies(["patience"]))}),
    "calibrate": (
        ["calibration", "calibration_settings", "calibration_cells"],
        {"runs": (IN_CALIBRATION, CALIBRATED), **WITH_PUBLISHED},
    ),
    "judge_claims": (
        ["claims", "claims_parts"],
        {
            "runs": (CLAIMED, included_studies(STUDIES)),
            "needs": ["history.csv"],
            "tables": [f"{PATHS.made}/measurements/{kind}.csv" for kind in MEASUREMENTS],
            **WITH_PUBLISHED,
        },
    ),
}

CODE = {"judge_claims": ["measurements", "claims", "labels"]}  # stages besides those of all steps

# Functions, so that only what is asked for is worked out: a calibration has thousands of files.
for step, (tables, read) in ANALYSES.items():

    rule:
        name:
            step
        input:
            unpack(lambda wildcards, step=step, read=read: PATHS.read_by(step, **read)),
        output:
            [report(path, category="Numbers") for path in PATHS.csv(tables)],
            [f"{path}.sha256" for path in PATHS.csv(tables)],
        log:
            f"<logs>/analysis/{step}.log",
        benchmark:
            f"<benchmarks>/analysis/{step}.tsv"
        conda:
            environment("report")
        resources:
            mem_mb=doubling(2000),
            runtime=doubling(20),
        params:
            code=PATHS.code("runs", "analysis", *CODE.get(step, [])),
            declared=lambda wildcards, read=read: PATHS.declared(*read["runs"]),
        shell:
            REQUEST

    getattr(rules, step).rule.docstring = f"Write {', '.join(tables)}.csv from the runs."


wildcard_constraints:
    kind="|".join(MEASUREMENTS),
    tabulated="|".join(TABULATED) or "none",


use rule collect_runs as measure with:
    """Measure saved weights: one kind of measurement."""
    input:
        unpack(measure_inputs),
    output:
        multiext("<made>/measurements/{kind}.csv", "", ".sha256"),
    log:
        "<logs>/measurements/{kind}.log",
    benchmark:
        "<benchmarks>/measurements/{kind}.tsv"
    params:
        code=PATHS.code("runs", "analysis", "training", "measurements"),
        declared=lambda wildcards: PATHS.declared(*measured(wildcards.kind)),


use rule collect_runs as tabulate_metric with:
    """Tabulate a study, or a table of your own: a metric by the settings that differ."""
    input:
        unpack(tabulate_inputs),
    output:
        multiext("<made>/tables/{tabulated}.csv", "", ".sha256"),
    log:
        "<logs>/analysis/{tabulated}.log",
    benchmark:
        "<benchmarks>/analysis/{tabulated}.tsv"
    params:
        code=PATHS.code("runs", "analysis"),
        declared=lambda wildcards: PATHS.declared(
            *tabulated(wildcards.tabulated),
            entry=SWEEP.own.get(wildcards.tabulated),
        ),
