"""Build a data set's arrays and manifest."""

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from autoencoders.arrays import save
from autoencoders.data.dataset_catalog import DataSet
from autoencoders.data.datasets import build
from autoencoders.data.errors import DatasetError
from autoencoders.files import failing_in_one_sentence


def parse_arguments():
    """Return the command line's arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--dataset", required=True, type=json.loads, help="what it is, a DataSet as JSON"
    )
    parser.add_argument(
        "--files", type=Path, nargs="*", default=[], help="its files, in the order it names them"
    )
    parser.add_argument("--split", type=Path, nargs="*", help="the CSV file that splits it")
    parser.add_argument(
        "--output", type=Path, nargs=2, required=True, help="arrays.npz and manifest.json to write"
    )
    return parser.parse_args()


def main():
    """Write the data set, or say on stderr why not."""
    arguments = parse_arguments()
    with failing_in_one_sentence(DatasetError):
        dataset = DataSet(**arguments.dataset)
        files = dict(zip(dataset.files, arguments.files, strict=True))
        arrays, facts = build(dataset, files, *(arguments.split or []))
        save(*arguments.output, arrays, facts)
    print(f"{arguments.output[0].parent}: {facts['title']}")


if __name__ == "__main__":
    main()
