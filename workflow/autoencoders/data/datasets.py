"""Build a data set from its files: binary images with their labels, and facts about them."""

import csv
from pathlib import Path

import numpy as np

from autoencoders.arrays import NAMES
from autoencoders.data.digits import enlarged_digits
from autoencoders.data.errors import DatasetError
from autoencoders.data.gzipped import sha256_of_content
from autoencoders.data.idx import read_idx
from autoencoders.data.npz import read_npz

WHOLE = ("images", "labels")  # the parts of a data set that has yet to be split


def build(dataset, files, split=None):
    """Build a data set.

    Parameters
    ----------
    dataset : DataSet
    files : dict of str to path-like
        Where the files are that `dataset.files` names.
    split : path-like, optional
        The CSV file that says which images are for training and which for testing, if the data
        set has one: the columns split ("train" or "test"), row and index, or t10k_index.

    Returns
    -------
    arrays, facts : dict
        As `arrays.save` takes them.

    Raises
    ------
    DatasetError
        If the files are not what they should be.
    """
    for part, path in files.items():
        _check_checksum(path, dataset.sha256.get(part))
    parts = NAMES if dataset.split is None else WHOLE
    if dataset.digits:
        images, labels, source = enlarged_digits(dataset.threshold)
        arrays, sources = {"images": images, "labels": labels}, [source]
    else:
        arrays, sources = _read(dataset, files, parts), []
        for kind in ("train_", "test_") if dataset.split is None else ("",):
            images, labels = arrays[f"{kind}images"], arrays[f"{kind}labels"]
            where = _place(files, f"{kind}images"), _place(files, f"{kind}labels")
            arrays[f"{kind}images"] = _binary(images, dataset, where[0])
            arrays[f"{kind}labels"] = _classes(labels, dataset, where[1])
            if len(images) != len(labels):
                raise DatasetError(
                    f"{where[0]} holds {len(images)} images, but {where[1]} holds {len(labels)} "
                    "labels; give two that belong together."
                )
        sources = [_source(path) for path in files.values()]
    words = "its own training and test files"
    if split is not None:
        arrays, words = _as_listed(arrays, split), f"the order of the rows in {Path(split).name}"
        sources.append(_source(split))
    elif dataset.split is not None:
        arrays = _at_random(arrays, dataset)
        words = f"stratified by class, {dataset.split['test_images']} test images, random state"
        words += f" {dataset.split['random_state']}"
    n_train, n_test = len(arrays["train_images"]), len(arrays["test_images"])
    if n_train != dataset.training_images or not n_test:
        raise DatasetError(
            f"the data set {dataset.name} has {n_train} training images and {n_test} test images, "
            f"but training_images is {dataset.training_images}; set training_images: {n_train}, "
            "or give files with test images."
        )
    return arrays, {
        "dataset": dataset.name,
        "title": dataset.title.replace("{sizes}", f"{n_train} + {n_test}"),
        "image_shape": dataset.image_shape,
        "classes": dataset.classes,
        "sources": sources,
        "threshold": f"pixel > {dataset.threshold:g}",
        "split": words,
    }


def _read(dataset, files, parts):
    if dataset.npz:
        return read_npz(files["npz"], parts)
    return {part: read_idx(files[part], part.rpartition("_")[2]) for part in parts}


def _place(files, part):
    """Return what a message calls a part: its file, or the archive and its array."""
    return files[part] if part in files else f"{files['npz']}, {part}"


def _binary(images, dataset, where):
    """Return images as uint8 of 0 and 1, shape (n_images, n_pixels)."""
    height, width = dataset.image_shape
    if images.shape[1:] not in ((height, width), (height * width,)):
        size = " x ".join(map(str, images.shape[1:])) or "1"
        raise DatasetError(
            f"{where}: images of {height} x {width} pixels were expected, not of {size}; set "
            "image_shape to what they have, or give other files."
        )
    if images.size and not (images.min() >= 0 and images.max() <= 255):  # false for NaN, too
        raise DatasetError(
            f"{where}: pixels from 0 to 255 were expected, but some are "
            f"{'not a number' if np.isnan(images).any() else 'outside'}; scale the images."
        )
    return (images > dataset.threshold).astype(np.uint8).reshape(len(images), height * width)


def _classes(labels, dataset, where):
    """Return labels as uint8."""
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.ndim != 1 or labels.dtype.kind not in "ui":
        raise DatasetError(
            f"{where}: one whole number per image was expected, not {labels.dtype} of the shape "
            f"{labels.shape}; write the number of each image's class."
        )
    if labels.size and not (labels.min() >= 0 and labels.max() < dataset.classes):
        wrong = labels.min() if labels.min() < 0 else labels.max()
        raise DatasetError(
            f"{where}: labels from 0 to {dataset.classes - 1} were expected, but one is {wrong}; "
            "set classes to their number, or give other files."
        )
    return labels.astype(np.uint8)


def _as_listed(arrays, path):
    """Return the arrays of both parts, in the order of the rows that a CSV file lists."""
    n_images = len(arrays["images"])
    damaged = DatasetError(
        f"{path}: the columns split (train or test), row and index were expected, with each of "
        f"the {n_images} images once and rows counted from 0 without a gap; restore the file."
    )
    indices = {"train": [], "test": []}
    try:
        with open(path, newline="", encoding="utf-8") as file:
            lines = list(csv.DictReader(file))
        for line in sorted(lines, key=lambda line: int(line["row"])):
            if int(line["row"]) != len(indices[line["split"]]):
                raise damaged
            column = "index" if "index" in line else "t10k_index"
            indices[line["split"]].append(int(line[column]))
    except (OSError, KeyError, TypeError, ValueError, csv.Error) as error:
        raise damaged from error
    if sorted(indices["train"] + indices["test"]) != list(range(n_images)):
        raise damaged
    split = {}
    for part, of_part in indices.items():
        split |= {f"{part}_{kind}": arrays[kind][of_part] for kind in WHOLE}
    return split


def _at_random(arrays, dataset):
    """Return the arrays of both parts; every class has the same share of each."""
    # Here and not above: other data sets do without the library.
    from sklearn.model_selection import train_test_split

    options = {"test_size": dataset.split["test_images"], "stratify": arrays["labels"]}
    options["random_state"] = dataset.split["random_state"]
    try:
        parts = train_test_split(arrays["images"], arrays["labels"], **options)
    except ValueError as error:
        raise DatasetError(
            f"{options['test_size']} of {len(arrays['labels'])} images cannot be taken for testing "
            f"({error}); change test_images of the data set's split."
        ) from error
    names = ("train_images", "test_images", "train_labels", "test_labels")
    return dict(zip(names, parts, strict=True))


def _check_checksum(path, expected):
    """Refuse a file whose checksum is not the one declared, if one is."""
    found = expected and sha256_of_content(path)
    if found != expected:
        raise DatasetError(
            f"{path}: its sha256, uncompressed, is {found} instead of {expected}; give the right "
            "file, or correct sha256 of the data set."
        )


def _source(path):
    return {"name": Path(path).name, "sha256": sha256_of_content(path)}
