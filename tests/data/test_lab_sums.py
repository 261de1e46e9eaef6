"""The lab's images are MNIST's t10k images: proved to the byte on the real files."""

import hashlib
import os
from pathlib import Path

import numpy as np
import pytest

from autoencoders.data.dataset_catalog import DATASETS
from autoencoders.data.datasets import build
from autoencoders.data.download import download

SUMS = Path(__file__).parents[2] / "resources" / "mnist" / "SHA256SUMS"
SPLIT = Path(__file__).parents[2] / "resources" / "lab_split.csv"

# The sha256 sums of the four CSV files that the lab handed out.
LAB_SUMS = {
    "train_images": "8934167db1b77c4633c3cf55a53df2f7390f166b8103b056dece638f6dd345dd",
    "test_images": "176b2ebff6ecd1a6ddf2a9d9c52b94756f5f49facc20a38afc4ff99e7929743b",
    "train_labels": "997f1c289f626cf621cafb39442bf574642e716512fa12d90dc6f884ec10848f",
    "test_labels": "a639a3accd217d722fd8707c1ad61bb3b8a85bc5f4b9e372d5c14f9ff7eaae56",
}


def csv_sha256(array):
    """Return the sha256 of an array as CSV text: commas, and a newline after every row."""
    rows = array.reshape(len(array), -1).tolist()
    text = "".join(",".join(map(str, row)) + "\n" for row in rows)
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture(scope="module")
def lab_arrays(tmp_path_factory):
    if not os.environ.get("MNIST_LOCAL"):
        reason = "set MNIST_LOCAL to a folder with MNIST's t10k files"
        if os.environ.get("CI") == "true":
            pytest.fail(f"this proof must not be skipped in CI: {reason}")
        pytest.skip(reason)
    files = {}
    parts = {name: part for part, name in DATASETS["lab"].files.items()}
    for line in SUMS.read_text().splitlines():
        checksum, name = line.split()
        if name in parts:
            files[parts[name]] = tmp_path_factory.getbasetemp() / name
            download(name, checksum, [os.environ["MNIST_LOCAL"]], files[parts[name]])
    return build(DATASETS["lab"], files, SPLIT)[0]


@pytest.mark.parametrize("name", sorted(LAB_SUMS))
def test_the_arrays_are_the_lab_s_files(lab_arrays, name):
    assert csv_sha256(lab_arrays[name]) == LAB_SUMS[name]


def test_a_single_pixel_or_another_order_would_be_seen(lab_arrays):
    changed = lab_arrays["test_images"].copy()
    changed[0, 400] ^= 1
    assert csv_sha256(changed) != LAB_SUMS["test_images"]
    assert csv_sha256(np.roll(lab_arrays["test_labels"], 1)) != LAB_SUMS["test_labels"]
