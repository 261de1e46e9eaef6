"""A data set on disk: four arrays and the manifest that says what they are."""

import hashlib
import json

import numpy as np

from autoencoders.files import write_json, written_aside

NAMES = ("train_images", "train_labels", "test_images", "test_labels")


class ArraysError(ValueError):
    """Arrays on disk that are not what their manifest says."""


def sha256_of_array(array):
    """Return the sha256 of an array's bytes in C order."""
    return hashlib.sha256(np.ascontiguousarray(array).data).hexdigest()


def save(arrays_path, manifest_path, arrays, facts):
    """Write a data set's arrays, and then the manifest that describes them.

    Parameters
    ----------
    arrays_path, manifest_path : path-like
        The files to write; their folders are made if need be.
    arrays : dict of str to ndarray
        `train_images` and `test_images`, uint8 of shape (n_images, 784) and values 0 and 1;
        `train_labels` and `test_labels`, uint8 of shape (n_images,).
    facts : dict
        What else the manifest tells: dataset, title, sources, threshold, split.
    """
    described = {}
    for name in NAMES:
        described[name] = {
            "shape": list(arrays[name].shape),
            "dtype": str(arrays[name].dtype),
            "sha256": sha256_of_array(arrays[name]),
        }
    with written_aside(arrays_path) as aside:
        np.savez_compressed(aside, **{name: arrays[name] for name in NAMES})
    write_json(manifest_path, {**facts, "arrays": described})


def load(arrays_path, manifest_path):
    """Return the arrays of a data set, as given to `save`, checked against the manifest.

    Raises
    ------
    ArraysError
        If an array is missing or its bytes are not those the manifest names.
    """
    with open(manifest_path, encoding="utf-8") as file:
        described = json.load(file)["arrays"]
    with np.load(arrays_path) as stored:
        arrays = {name: stored[name] for name in NAMES if name in stored}
    for name in NAMES:
        expected = described[name]["sha256"]
        if name not in arrays or sha256_of_array(arrays[name]) != expected:
            raise ArraysError(
                f"{arrays_path}: {name} is not what {manifest_path} describes; "
                "remove both files and run again to rebuild them."
            )
    return arrays
