"""Build a data set's arrays and manifest."""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from autoencoders.arrays import save
from autoencoders.datasets import DatasetError, build_digits, build_lab, build_mnist
from autoencoders.files import clean_up_when_terminated
from autoencoders.idx import IdxError

TRAIN_FILES = ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz")
TEST_FILES = ("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz")


def parse_arguments():
    """Return the command line's arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dataset", required=True, choices=["lab", "mnist", "digits"])
    parser.add_argument("--mnist", type=Path, help="folder of the MNIST files (lab and mnist)")
    parser.add_argument("--split", type=Path, help="the lab's split as a CSV file (lab)")
    parser.add_argument("--output", required=True, type=Path, help="the folder to write to")
    arguments = parser.parse_args()
    if arguments.dataset in ("lab", "mnist") and arguments.mnist is None:
        parser.error(f"--dataset {arguments.dataset} needs --mnist, the folder of the MNIST files")
    if arguments.dataset == "lab" and arguments.split is None:
        parser.error("--dataset lab needs --split, the lab's split as a CSV file")
    return arguments


def build(dataset, mnist, split):
    """Return the arrays and facts of the data set with this name."""
    if dataset == "digits":
        return build_digits()
    test_paths = [mnist / name for name in TEST_FILES]
    if dataset == "lab":
        return build_lab(*test_paths, split)
    return build_mnist(*[mnist / name for name in TRAIN_FILES], *test_paths)


def main():
    """Write the data set, or say on stderr why not."""
    arguments = parse_arguments()
    clean_up_when_terminated()
    try:
        arrays, facts = build(arguments.dataset, arguments.mnist, arguments.split)
        save(arguments.output, arrays, facts)
    except (DatasetError, IdxError, OSError) as error:
        sys.exit(f"error: {error}")
    print(f"{arguments.output}: {facts['title']}")


if __name__ == "__main__":
    main()
