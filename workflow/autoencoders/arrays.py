"""A data set on disk: four arrays and the manifest that says what they are."""

import hashlib
import json
import zipfile
import zlib
from pathlib import Path

import numpy as np

from autoencoders.files import write_json, written_aside

# What reading a damaged archive may raise; a RuntimeError where it claims to be encrypted.
DAMAGE = (OSError, EOFError, LookupError, RuntimeError, TypeError, ValueError, zlib.error)
DAMAGE += (zipfile.BadZipFile,)
AGAIN = "run `snakemake` again."
FACTS = {"dataset", "title", "arrays"}  # of every manifest
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
        `train_images` and `test_images`, uint8 of shape (n_images, n_pixels) and values 0 and 1;
        `train_labels` and `test_labels`, uint8 of shape (n_images,).
    facts : dict
        What else the manifest tells: dataset, title, image_shape, classes, sources, threshold,
        split.
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


def read_manifest(path):
    """Return what the manifest of a data set tells; an ArraysError says what is wrong with it."""
    try:
        manifest = json.loads(Path(path).read_text(encoding="utf-8"))
        if manifest.keys() >= FACTS and manifest["arrays"].keys() >= set(NAMES):
            return manifest
    except FileNotFoundError:
        raise ArraysError(f"{path}, the manifest of the data set, is missing; {AGAIN}") from None
    except (OSError, ValueError, AttributeError):
        pass
    raise ArraysError(f"{path} is no manifest of a data set; remove it and {AGAIN}")


def load(arrays_path, manifest_path):
    """Return the arrays of a data set, as given to `save`, checked against the manifest.

    Raises
    ------
    ArraysError
        If a file is missing or damaged, or an array's bytes are not those the manifest names.
    """
    described = read_manifest(manifest_path)["arrays"]
    arrays = {}
    for name in NAMES:
        try:
            arrays[name] = _read_array(arrays_path, name, described[name])
        except FileNotFoundError:
            raise ArraysError(f"{arrays_path} is missing; {AGAIN}") from None
        except DAMAGE:
            wrong = f"{arrays_path}: {name} is not what {manifest_path} describes"
            raise ArraysError(f"{wrong}; remove both files and {AGAIN}") from None
    return arrays


def _read_array(path, name, expected):
    with zipfile.ZipFile(path) as archive:
        # The header first: an array of the shape that it claims is allocated before it is read.
        with archive.open(f"{name}.npy") as file:
            np.lib.format.read_magic(file)
            shape, _, dtype = np.lib.format.read_array_header_1_0(file)
        if list(shape) != expected["shape"] or str(dtype) != expected["dtype"]:
            raise ValueError("header")
        with archive.open(f"{name}.npy") as file:
            array = np.lib.format.read_array(file, allow_pickle=False)
    if sha256_of_array(array) != expected["sha256"]:
        raise ValueError("content")
    return array
