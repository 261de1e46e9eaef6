# One job per configuration, all its seeds one after the other; those that `lottery` adds, and each
# variant of a study, are jobs of their own.

# One sum instead of the files as inputs, which would be looked at for each of thousands of trainings.
TRAINING_CODE = code_sha256("training")
TRAINING_ENVIRONMENT = (
    "../../envs/training.yaml"
    if SWEEP.settings["device"] == "cpu"
    else "../../envs/training-gpu.yaml"
)

asked_of_profile = workflow.resource_settings.overwrite_resources.get("train", {})
if "gpu" in asked_of_profile and SWEEP.settings["device"] == "cpu":
    raise WorkflowError(
        "the profile asks for a card for every training, but device is cpu in the configuration; "
        "set device: gpu in config.yaml, or use profiles/slurm."
    )


# Not the declared ones, a regular expression as long as the sweep; `data_of_declared` asks for them.
wildcard_constraints:
    run="(?:runs|lottery|studies)/.+",


rule train:
    input:
        manifest=data_of_declared,
        arrays=ancient(ARRAYS),
    output:
        expand(
            f"{RESULTS}/{{{{run}}}}/{{file}}",
            file=["config.json", "history.csv", "metrics.json", "weights.npz", "run.json"],
        ),
    log:
        f"{RESULTS}/logs/{{run}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/{{run}}.tsv"
    priority: longest_first
    conda:
        environment(TRAINING_ENVIRONMENT)
    threads: SWEEP.settings["threads"]
    resources:
        mem_mb=doubling(2000),
        runtime=enough_minutes,
    params:
        configuration=configuration_of,
        config=settings_of,
        code=TRAINING_CODE,
        script=script("train.py"),
        folder=f"{RESULTS}/{{run}}",
    shell:
        "python {params.script:q} --configuration {params.configuration}"
        " --config {params.config:q} --manifest {input.manifest:q} --arrays {input.arrays:q}"
        " --output {params.folder:q} > {log:q} 2>&1"
