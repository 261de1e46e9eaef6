# One job per configuration, all its seeds one after the other.

TRAINING_ENVIRONMENT = (
    "../../envs/training.yaml"
    if SWEEP.settings["device"] == "cpu"
    else "../../envs/training-gpu.yaml"
)
KEPT_WEIGHTS = [] if SWEEP.settings["keep_weights"] == "none" else ["weights.npz"]

asked_of_profile = workflow.resource_settings.overwrite_resources.get("train", {})
if "gpu" in asked_of_profile and SWEEP.settings["device"] == "cpu":
    raise WorkflowError(
        "the profile asks for a card for every training, but device is cpu in the configuration; "
        "set device: gpu in config.yaml, or use profiles/slurm."
    )


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
        TRAINING_ENVIRONMENT
    threads: SWEEP.settings["threads"]
    resources:
        mem_mb=doubling(2000),
        runtime=enough_minutes,
    params:
        config=settings_of,
        folder=lambda wildcards, output: os.path.dirname(output[-1]),
    shell:
        "python {input.script:q} --configuration {wildcards.configuration}"
        " --config {params.config:q} --manifest {input.manifest:q} --arrays {input.arrays:q}"
        " --output {params.folder:q} > {log:q} 2>&1"
