# Data: from MNIST's files to a data set.
#
# Reads: the mirrors or the local copy named in config.yaml, resources/lab_split.csv.
# Makes: data/mnist/ (the downloads), data/<data set>/arrays.npz and manifest.json.
# Steps: download_mnist, build_dataset.


wildcard_constraints:
    dataset="|".join({**DATASETS, DATASET.name: None}),
    mnist_file="|".join(re.escape(name) for name in MNIST_SHA256),


rule download_mnist:
    """Fetch a file of MNIST, uncompressed, from the first source whose copy has its checksum."""
    input:
        # The checksum fixes the bytes, and an edit of the code cannot change them: nothing reruns.
        script=ancient(PATHS.script("download_mnist")),
    output:
        ensure("<results>/data/mnist/{mnist_file}", sha256=mnist_checksum),
    log:
        "<logs>/data/download-{mnist_file}.log",
    benchmark:
        "<benchmarks>/data/download-{mnist_file}.tsv"
    localrule: True
    conda:
        environment("data")
    params:
        sha256=mnist_checksum,
        # Another mirror gives the same bytes and must not rerun all that was made of them.
        sources=untracked(MNIST_SOURCES),
        timeout=untracked(SWEEP.settings["mnist"]["timeout"]),
        time_limit=untracked(SWEEP.settings["mnist"]["time_limit"]),
    shell:
        "python {input.script:q} --name $(basename {output:q}) --sha256 {params.sha256}"
        " --source {params.sources:q} --timeout {params.timeout}"
        " --time-limit {params.time_limit} --output {output:q} > {log:q} 2>&1"


use rule download_mnist as download with:
    """Fetch a file of your own data from its mirrors."""
    output:
        ensure("<results>/data/{dataset}/downloads/{file}", sha256=own_checksum),
    log:
        "<logs>/data/download-{dataset}-{file}.log",
    benchmark:
        "<benchmarks>/data/download-{dataset}-{file}.tsv"
    params:
        sha256=own_checksum,
        sources=untracked(DATASET.mirrors),
        timeout=untracked(SWEEP.settings["mnist"]["timeout"]),
        time_limit=untracked(SWEEP.settings["mnist"]["time_limit"]),


rule build_dataset:
    """Build a data set: binary images with their labels, and the manifest that describes them."""
    input:
        script=PATHS.script("build_dataset"),
        files=dataset_files,
        split=dataset_split,
    output:
        multiext("<results>/data/{dataset}/", "arrays.npz", "manifest.json"),
    log:
        "<logs>/data/build-{dataset}.log",
    benchmark:
        "<benchmarks>/data/build-{dataset}.tsv"
    conda:
        environment("data")
    resources:
        mem_mb=doubling(2000),
        runtime=doubling(10),
    params:
        code=PATHS.code("data"),
        dataset=lambda wildcards: canonical_json(asdict(dataset_of(wildcards))),
    shell:
        "python {input.script:q} --dataset {params.dataset:q} --files {input.files:q}"
        " --split {input.split:q} --output {output:q} > {log:q} 2>&1"
