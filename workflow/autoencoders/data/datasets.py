"""The builders of the data sets: binary images of 784 pixels with their labels, and facts on them.

Each `build_*` function returns `(arrays, facts)` as `arrays.save` takes them. The paths are those
of MNIST's uncompressed files. An IdxError or a DatasetError says what is wrong with a file.
"""

import csv
from pathlib import Path

import numpy as np

from autoencoders.arrays import NAMES, sha256_of_array
from autoencoders.data.idx import SIDE, read_images, read_labels
from autoencoders.files import sha256_of_file

MNIST_THRESHOLD = 127
DIGITS_THRESHOLD = 8
DIGITS_SIDE = 20
DIGITS_TEST_IMAGES = 360


class DatasetError(ValueError):
    """Files that do not make up a data set."""


def build_lab(images_path, labels_path, split_path):
    """Rebuild the lab's 8000 training and 2000 test images from MNIST's t10k files.

    The split is a CSV file with the columns split ("train" or "test"), row and t10k_index.
    """
    images, labels = _read_binary(images_path, labels_path)
    arrays = {}
    for split, indices in _read_split(split_path, len(images)).items():
        arrays[f"{split}_images"] = images[indices]
        arrays[f"{split}_labels"] = labels[indices]
    return arrays, {
        "dataset": "lab",
        "title": f"the lab's {_counts(arrays)} binary images (MNIST t10k)",
        "sources": _sources(images_path, labels_path, split_path),
        "threshold": f"pixel > {MNIST_THRESHOLD}",
        "split": f"the lab's order of the t10k images, as kept in {Path(split_path).name}",
    }


def build_mnist(train_images_path, train_labels_path, test_images_path, test_labels_path):
    """Build MNIST's standard 60000 training and 10000 test images, with the lab's threshold."""
    paths = (train_images_path, train_labels_path, test_images_path, test_labels_path)
    both = (*_read_binary(*paths[:2]), *_read_binary(*paths[2:]))
    arrays = dict(zip(NAMES, both, strict=True))
    return arrays, {
        "dataset": "mnist",
        "title": f"MNIST's {_counts(arrays)} images, made binary",
        "sources": _sources(*paths),
        "threshold": f"pixel > {MNIST_THRESHOLD}",
        "split": "MNIST's own training and test files",
    }


def build_digits():
    """Build 1437 training and 360 test images from scikit-learn's digits; needs no network."""
    # Here and not above: the other data sets need neither library.
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    digits = load_digits()
    images = np.stack([_enlarge_digit(image) for image in digits.images])
    labels = digits.target.astype(np.uint8)
    names = ("train_images", "test_images", "train_labels", "test_labels")
    split = {"test_size": DIGITS_TEST_IMAGES, "stratify": labels, "random_state": 0}
    arrays = dict(zip(names, train_test_split(images, labels, **split), strict=True))
    checksum = sha256_of_array(digits.images.astype(np.uint8))
    side, size = DIGITS_SIDE, digits.images.shape[1]
    return arrays, {
        "dataset": "digits",
        "title": f"scikit-learn's {_counts(arrays)} handwritten digits, made binary",
        "sources": [{"name": "scikit-learn load_digits", "sha256": checksum}],
        "threshold": f"pixel > {DIGITS_THRESHOLD} of 16, after bicubic enlargement of "
        f"{size} x {size} to {side} x {side} pixels, centred in {SIDE} x {SIDE}",
        "split": f"stratified by digit, {DIGITS_TEST_IMAGES} test images, random state 0",
    }


def _enlarge_digit(image):
    """Return an (8, 8) image of 0..16 as a flat binary image of 28 x 28 pixels."""
    from scipy.ndimage import zoom

    enlarged = zoom(image, DIGITS_SIDE / len(image), order=3, mode="nearest", grid_mode=True)
    # Rounded, so that a value that is exactly half of the range falls on the same side everywhere.
    binary = np.round(enlarged, 6) > DIGITS_THRESHOLD
    return np.pad(binary, (SIDE - DIGITS_SIDE) // 2).astype(np.uint8).ravel()


def _read_binary(images_path, labels_path):
    """Return the images as uint8 (n_images, 784) of 0 and 1, and their labels."""
    images, labels = read_images(images_path), read_labels(labels_path)
    if len(images) != len(labels):
        raise DatasetError(
            f"{images_path} holds {len(images)} images, but {labels_path} holds {len(labels)} "
            "labels; give two files that belong together."
        )
    binary = (images > MNIST_THRESHOLD).astype(np.uint8)
    return binary.reshape(len(images), SIDE * SIDE), labels


def _read_split(path, n_images):
    """Return for "train" and "test" the indices of their images, in the order of their rows."""
    damaged = DatasetError(
        f"{path}: the columns split (train or test), row and t10k_index were expected, with each "
        f"of the {n_images} images once and rows counted from 0 without a gap; restore the file."
    )
    indices = {"train": [], "test": []}
    try:
        with open(path, newline="", encoding="utf-8") as file:
            lines = list(csv.DictReader(file))
        for line in sorted(lines, key=lambda line: int(line["row"])):
            if int(line["row"]) != len(indices[line["split"]]):
                raise damaged
            indices[line["split"]].append(int(line["t10k_index"]))
    except (KeyError, TypeError, ValueError, csv.Error) as error:
        raise damaged from error
    if sorted(indices["train"] + indices["test"]) != list(range(n_images)):
        raise damaged
    return indices


def _sources(*paths):
    return [{"name": Path(path).name, "sha256": sha256_of_file(path)} for path in paths]


def _counts(arrays):
    return f"{len(arrays['train_images'])} + {len(arrays['test_images'])}"
