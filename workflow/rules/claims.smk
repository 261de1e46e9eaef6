# The report's claims as measured verdicts, and what has to be measured for them.

from autoencoders.evidence import (
    PATIENCE,
    STUDIES,
    UNLABELLED,
    claimed,
    deep,
    is_sigmoid_classifier,
    regularised,
    under_complete,
)

CLAIMED = claimed(PRINTED, SWEEP.configurations)
STUDIED = dict.fromkeys(
    name for configs in SWEEP.studies.get(UNLABELLED, {}).values() for name in configs
)
MEASURED = dict.fromkeys(
    [
        *under_complete(SWEEP.configurations),
        *regularised(SWEEP.configurations),
        *deep(SWEEP.figures, STUDIED),
    ]
)
SIGMOIDS = [name for name, config in SWEEP.configurations.items() if is_sigmoid_classifier(config)]


rule measures:
    input:
        script=script("measures.py"),
        code=code("runs", "tables", "measures"),
        manifest=MANIFEST,
        arrays=ancient(ARRAYS),
        runs=expand(
            f"{RESULTS}/runs/{{name}}/{{file}}", name=MEASURED, file=["run.json", "weights.npz"]
        ),
        unlabelled=lambda wildcards: study_files(UNLABELLED, "run.json", "weights.npz"),
    output:
        f"{RESULTS}/tables/measures.csv",
    log:
        f"{RESULTS}/logs/report/measures.log",
    benchmark:
        f"{RESULTS}/benchmarks/report/measures.tsv"
    conda:
        environment("../../envs/report.yaml")
    resources:
        mem_mb=doubling(2000),
        runtime=doubling(30),
    params:
        selection=selection(MEASURED),
        options=REPORT_OPTIONS,
    shell:
        # More would wait for each other on cores that other jobs have.
        "OPENBLAS_NUM_THREADS={threads} python {input.script:q} {params.options}"
        " --arrays {input.arrays:q} --output {output:q} > {log:q} 2>&1"


rule claims:
    input:
        script=script("claims.py"),
        code=code("runs", "tables", "comparison", "claims"),
        manifest=MANIFEST,
        report=REPORT_NUMBERS,
        measures=rules.measures.output,
        runs=lambda wildcards: run_records(CLAIMED),
        studies=lambda wildcards: [
            name for study in STUDIES for name in study_files(study, "run.json")
        ],
    output:
        multiext(f"{RESULTS}/tables/claims", ".csv", ".md", "_parts.csv"),
        report(
            f"{RESULTS}/tables/claims.html",
            caption="../report/claims.rst",
            category="Tables",
            labels={"name": "Claims", "shows": "What holds of the report's 16 claims"},
        ),
    log:
        f"{RESULTS}/logs/report/claims.log",
    benchmark:
        f"{RESULTS}/benchmarks/report/claims.tsv"
    conda:
        environment("../../envs/report.yaml")
    resources:
        mem_mb=doubling(1000),
        runtime=doubling(10),
    params:
        selection=selection(CLAIMED),
        options=REPORT_OPTIONS,
        report=lambda wildcards, output: resource("report"),
        folder=lambda wildcards, output: os.path.dirname(output[0]),
    shell:
        "python {input.script:q} {params.options} --report {params.report:q}"
        " --measures {input.measures:q} --output {params.folder:q} > {log:q} 2>&1"


rule lottery_table:
    input:
        script=script("lottery.py"),
        code=code("runs", "tables", "comparison", "lottery"),
        manifest=MANIFEST,
        runs=lambda wildcards: run_records(SIGMOIDS),
        patience=lambda wildcards: study_files(PATIENCE, "run.json"),
    output:
        multiext(f"{RESULTS}/tables/lottery", ".csv", ".md"),
        report(
            f"{RESULTS}/tables/lottery.html",
            caption="../report/lottery.rst",
            category="Tables",
            labels={"name": "Lottery", "shows": "How often sigmoid networks leave their plateau"},
        ),
    log:
        f"{RESULTS}/logs/report/lottery.log",
    benchmark:
        f"{RESULTS}/benchmarks/report/lottery.tsv"
    conda:
        environment("../../envs/report.yaml")
    resources:
        mem_mb=doubling(1000),
        runtime=doubling(10),
    params:
        selection=selection(SIGMOIDS),
        options=REPORT_OPTIONS,
        folder=lambda wildcards, output: os.path.dirname(output[0]),
    shell:
        "python {input.script:q} {params.options} --output {params.folder:q} > {log:q} 2>&1"
