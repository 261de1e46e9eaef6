# From MNIST's files to a data set's arrays and manifest.

import os
import re

MNIST_FILES = {
    "lab": ["t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"],
    "mnist": sorted(MNIST_SHA256),
    "digits": [],
}


wildcard_constraints:
    dataset="|".join(MNIST_FILES),
    mnist_file="|".join(re.escape(name) for name in sorted(MNIST_SHA256)),


rule download_mnist:
    input:
        # The sum fixes the bytes, and an edit of the code cannot change them: nothing reruns.
        script=ancient(script("download_mnist.py")),
        code=ancient(code("download")),
    output:
        ensure(
            f"{RESULTS}/data/mnist/{{mnist_file}}",
            sha256=lambda wildcards: MNIST_SHA256[wildcards.mnist_file],
        ),
    log:
        f"{RESULTS}/logs/data/download-{{mnist_file}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/data/download-{{mnist_file}}.tsv"
    retries: 2
    localrule: True
    conda:
        environment("../../envs/data.yaml")
    params:
        sha256=lambda wildcards: MNIST_SHA256[wildcards.mnist_file],
        # Functions of `output` are not tracked: another mirror gives the same bytes and must
        # not rerun all that was made of them.
        sources=lambda wildcards, output: mnist_sources(),
        timeout=lambda wildcards, output: SWEEP.settings["mnist"]["timeout"],
        time_limit=lambda wildcards, output: SWEEP.settings["mnist"]["time_limit"],
    shell:
        "python {input.script:q} --name {wildcards.mnist_file} --sha256 {params.sha256}"
        " --source {params.sources:q} --timeout {params.timeout}"
        " --time-limit {params.time_limit} --output {output:q} > {log:q} 2>&1"


rule build_dataset:
    input:
        script=script("build_dataset.py"),
        code=code("data"),
        mnist=lambda wildcards: [
            f"{RESULTS}/data/mnist/{name}" for name in MNIST_FILES[wildcards.dataset]
        ],
        split=lambda wildcards: resource("lab_split.csv") if wildcards.dataset == "lab" else [],
    output:
        arrays=f"{RESULTS}/data/{{dataset}}/arrays.npz",
        manifest=f"{RESULTS}/data/{{dataset}}/manifest.json",
    log:
        f"{RESULTS}/logs/data/build-{{dataset}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/data/build-{{dataset}}.tsv"
    conda:
        environment("../../envs/data.yaml")
    resources:
        mem_mb=doubling(2000),
        runtime=doubling(10),
    params:
        # Functions of `output` are not tracked: folders that were moved change nothing.
        mnist=lambda wildcards, output: f"{RESULTS}/data/mnist",
        split=lambda wildcards, output: resource("lab_split.csv"),
        folder=lambda wildcards, output: os.path.dirname(output.arrays),
    shell:
        "python {input.script:q} --dataset {wildcards.dataset} --mnist {params.mnist:q}"
        " --split {params.split:q} --output {params.folder:q} > {log:q} 2>&1"
