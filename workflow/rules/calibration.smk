# The unstated settings of section 3.2: the studies that vary them, held against Table 2.


rule calibration:
    input:
        script=script("calibration.py"),
        code=code("runs", "tables", "comparison", "calibration", "figures"),
        manifest=MANIFEST,
        report=REPORT_NUMBERS,
        runs=lambda wildcards: study_records(CALIBRATED),
    output:
        multiext(f"{RESULTS}/tables/calibration", ".csv", ".md", "_cells.csv"),
        report(
            f"{RESULTS}/tables/calibration.html",
            caption="../report/calibration.rst",
            category="Tables",
            labels={"name": "Calibration", "shows": "What the report rules out of its settings"},
        ),
        report(
            f"{RESULTS}/figures/calibration.svg",
            caption="../report/calibration.rst",
            category="Figures",
            labels={"name": "Calibration", "shows": "What the report rules out of its settings"},
        ),
        multiext(f"{RESULTS}/figures/calibration", ".pdf", ".png"),
    log:
        f"{RESULTS}/logs/report/calibration.log",
    benchmark:
        f"{RESULTS}/benchmarks/report/calibration.tsv"
    conda:
        environment("../../envs/report.yaml")
    resources:
        mem_mb=doubling(1500),
        runtime=doubling(10),
    params:
        selection=sha256_of_json([[name, SWEEP.studies[name]] for name in CALIBRATED]),
        options=REPORT_OPTIONS,
        # Functions of files are not tracked: folders that were moved change nothing.
        report=lambda wildcards, output: resource("report"),
        folder=lambda wildcards, output: RESULTS,
    shell:
        "python {input.script:q} {params.options} --report {params.report:q}"
        " --output {params.folder:q} > {log:q} 2>&1"


rule studies:
    input:
        rules.calibration.output,
        lambda wildcards: study_records(SWEEP.studies),
    localrule: True
