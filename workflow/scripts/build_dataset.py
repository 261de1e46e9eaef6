"""Build a data set's arrays and manifest."""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from autoencoders.arrays import save
from autoencoders.data import datasets
from autoencoders.data.dataset_catalog import DATASETS
from autoencoders.data.datasets import DatasetError
from autoencoders.data.idx import IdxError
from autoencoders.files import failing_in_one_sentence


def parse_arguments():
    """Return the command line's arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dataset", required=True, choices=DATASETS)
    parser.add_argument("--files", type=Path, nargs="*", default=[], help="what it is built from")
    parser.add_argument(
        "--output", type=Path, nargs=2, required=True, help="arrays.npz and manifest.json to write"
    )
    arguments = parser.parse_args()
    dataset = DATASETS[arguments.dataset]
    names = [*dataset.downloads, *dataset.resources]
    if len(arguments.files) != len(names):
        wanted = ", ".join(names) or "no file"
        parser.error(f"--dataset {arguments.dataset} needs --files with {wanted}, in this order")
    return arguments


def main():
    """Write the data set, or say on stderr why not."""
    arguments = parse_arguments()
    with failing_in_one_sentence(DatasetError, IdxError):
        build = getattr(datasets, DATASETS[arguments.dataset].builder)
        arrays, facts = build(*arguments.files)
        save(*arguments.output, arrays, facts)
    print(f"{arguments.output[0].parent}: {facts['title']}")


if __name__ == "__main__":
    main()
