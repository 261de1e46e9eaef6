# Training: a job for every block of a configuration's seeds, each a target of its own.
#
# Reads: data/<data set>/.
# Makes: runs/<configuration>/<seeds>/ and studies/<study>/<variant>/<configuration>/<seeds>/.
# Steps: train.

GPU = SWEEP.settings["device"] != "cpu"

if "gpu" in resources_set_by_user(workflow, "train") and not GPU:
    raise WorkflowError(
        "the profile asks for a GPU for every training run, but device is cpu in the "
        "configuration; set device: gpu in config.yaml, or use profiles/slurm."
    )


# Not a list of all folders, a regular expression as long as the sweep: `declared_data` asks for it.
wildcard_constraints:
    run="(?:runs|studies)/.+",


rule train:
    """Train a block of a configuration's seeds."""
    input:
        manifest=declared_data,
        arrays=ancient(PATHS.arrays),
    output:
        multiext("<results>/{run}/", "history.csv", "weights.npz"),
        record="<results>/{run}/run.json",
    log:
        "<logs>/{run}.log",
    benchmark:
        "<benchmarks>/{run}.tsv"
    priority: longest_first
    conda:
        environment("training-gpu" if GPU else "training")
    threads: SWEEP.settings["threads"]
    resources:
        mem_mb=enough(memory_mb),
        runtime=enough(minutes),
    params:
        configuration=configuration_of,
        config=config_of,
        code=training_code_sha256(),
        script=untracked(PATHS.script("train")),
    shell:
        # In the shell's place: its parent is then Snakemake, and it ends when Snakemake is killed.
        "exec python {params.script:q} --configuration {params.configuration}"
        " --config {params.config:q} --code {params.code} --manifest {input.manifest:q}"
        ' --arrays {input.arrays:q} --output "$(dirname {output.record:q})" > {log:q} 2>&1'
