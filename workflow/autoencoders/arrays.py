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


def save(folder, arrays, facts):
    """Write `arrays.npz` and then `manifest.json` into a folder.

    Parameters
    ----------
    folder : pathlib.Path
        Where to write; made if need be.
    arrays : dict of str to ndarray
        `train_images` and `test_images`, uint8 of shape (n_images, 784) and values 0 and 1;
        `train_labels` and `test_labels`, uint8 of shape (n_images,).
    facts : dict
        What the manifest tells besides: dataset, title, sources, threshold, split.
    """
    with written_aside(folder / "arrays.npz") as aside:
        np.savez_compressed(aside, **{name: arrays[name] for name in NAMES})
    described = {
        name: {
            "shape": list(arrays[name].shape),
            "dtype": str(arrays[name].dtype),
            "sha256": sha256_of_array(arrays[name]),
        }
        for name in NAMES
    }
    write_json(folder / "manifest.json", {**facts, "arrays": described})


def load(arrays_path, manifest_path):
    """Read a data set and check it against its manifest.

    Returns
    -------
    dict of str to ndarray
        As given to `save`.

    Raises
    ------
    ArraysError
        If an array is missing or its bytes are not those the manifest names.
    """
    with open(manifest_path, encoding="utf-8") as file:
        manifest = json.load(file)
    with np.load(arrays_path) as stored:
        arrays = {name: stored[name] for name in NAMES if name in stored}
    for name in NAMES:
        if (
            name not in arrays
            or sha256_of_array(arrays[name]) != manifest["arrays"][name]["sha256"]
        ):
            raise ArraysError(
                f"{arrays_path}: {name} is not what {manifest_path} describes; "
                "remove both files and run again to rebuild them."
            )
    return arrays
