# All that was found on one page, which needs nothing beside itself.

PAGE_TABLES = [*TABLES, "comparison", "claims", "lottery"]
PAGE_FIGURES = [name for name in FIGURES if KEEPS_WEIGHTS or name not in FROM_WEIGHTS]


rule page:
    input:
        script=script("page.py"),
        code=code("runs", "tables", "comparison", "page"),
        manifest=MANIFEST,
        numbers=expand(f"{RESULTS}/tables/{{name}}.csv", name=["runs", "comparison", "claims"]),
        tables=lambda wildcards: [
            f"{RESULTS}/tables/{name}.html" for name in PAGE_TABLES + calibrated()
        ],
        figures=lambda wildcards: [
            f"{RESULTS}/figures/{name}.svg" for name in PAGE_FIGURES + calibrated()
        ],
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
        environment("../../envs/report.yaml")
    resources:
        mem_mb=doubling(1000),
        runtime=doubling(10),
    params:
        selection=lambda wildcards: selection(SWEEP.configurations),
        options=REPORT_OPTIONS,
        tables=lambda wildcards: PAGE_TABLES + calibrated(),
        figures=lambda wildcards: PAGE_FIGURES + calibrated(),
    shell:
        "python {input.script:q} {params.options} --tables {params.tables}"
        " --figures {params.figures} --output {output:q} > {log:q} 2>&1"
