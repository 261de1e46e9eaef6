# What the rules of the data read and are told: functions of their wildcards.

import re
from dataclasses import asdict

from autoencoders.data.dataset_catalog import DATASETS

MNIST_SHA256 = {}
for line in Path(CHECKOUT, "resources/mnist/SHA256SUMS").read_text().splitlines():
    checksum, name = line.split()
    MNIST_SHA256[name] = checksum
MNIST_LOCAL = [os.environ.get("MNIST_LOCAL"), SWEEP.settings["mnist"]["local"]]
MNIST_SOURCES = [*filter(None, MNIST_LOCAL), *SWEEP.settings["mnist"]["mirrors"]]


def mnist_checksum(wildcards):
    return MNIST_SHA256[wildcards.mnist_file]


def own_checksum(wildcards):
    parts = {name: part for part, name in DATASET.files.items()}
    return DATASET.sha256[parts[wildcards.file]]


def dataset_of(wildcards):
    """Return the data set: that of the configuration, or a known one that is asked for."""
    return DATASET if wildcards.dataset == DATASET.name else DATASETS[wildcards.dataset]


def dataset_files(wildcards):
    """Return the files of a data set: MNIST's, others that are downloaded, or the user's own."""
    dataset = dataset_of(wildcards)
    folder = "data/mnist" if dataset.name in DATASETS else f"data/{dataset.name}/downloads"
    is_fetched = dataset.mirrors or dataset.name in DATASETS
    return [
        f"{PATHS.results}/{folder}/{name}" if is_fetched else name
        for name in dataset.files.values()
    ]


def dataset_split(wildcards):
    dataset = dataset_of(wildcards)
    if not isinstance(dataset.split, str):
        return []
    known = os.path.relpath(f"{CHECKOUT}/resources/{dataset.split}")
    return known if dataset.name in DATASETS else dataset.split
