# One job per configuration, all its seeds one after the other.

KEPT_WEIGHTS = [] if SWEEP.settings["keep_weights"] == "none" else ["weights.npz"]


wildcard_constraints:
    configuration="|".join(re.escape(name) for name in SWEEP.configurations),


rule train:
    input:
        script=script("train.py"),
        code=code("training"),
        manifest=MANIFEST,
        arrays=ancient(ARRAYS),
    output:
        expand(
            f"{RESULTS}/runs/{{{{configuration}}}}/{{file}}",
            file=["config.json", "history.csv", "metrics.json", *KEPT_WEIGHTS, "run.json"],
        ),
    log:
        f"{RESULTS}/logs/runs/{{configuration}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/runs/{{configuration}}.tsv"
    priority: longest_first
    conda:
        "../../envs/training.yaml"
    threads: SWEEP.settings["threads"]
    resources:
        mem_mb=2000,
        runtime=120,
    params:
        config=settings_of,
        folder=lambda wildcards, output: os.path.dirname(output[-1]),
    shell:
        "python {input.script:q} --configuration {wildcards.configuration}"
        " --config {params.config:q} --manifest {input.manifest:q} --arrays {input.arrays:q}"
        " --output {params.folder:q} > {log:q} 2>&1"
