"""TensorFlow for the tests, and tiny configurations and data to train on.

To be imported before TensorFlow or Keras are: it fixes the threads and the kernels.
"""

import os

for name, value in {
    "KERAS_BACKEND": "tensorflow",
    "TF_CPP_MIN_LOG_LEVEL": "2",
    "TF_ENABLE_ONEDNN_OPTS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_USE_LEGACY_KERAS": "1",
}.items():
    os.environ[name] = value

import numpy as np  # noqa: E402

from autoencoders import arrays as arrays_on_disk  # noqa: E402
from autoencoders.runs.configuration import relevant  # noqa: E402

N_PIXELS = 784


def images(n_images, seed=0, n_pixels=N_PIXELS, density=0.13):
    """Return random 0/1 images, uint8, with pixels that are as unequal as those of digits."""
    rng = np.random.default_rng(seed)
    probabilities = rng.beta(0.5, 0.5 * (1 / density - 1), n_pixels)
    return (rng.random((n_images, n_pixels)) < probabilities).astype(np.uint8)


def data(n_train=100, n_test=30, seed=0):
    """Return a data set as `arrays.load` does."""
    rng = np.random.default_rng(seed)
    return {
        "train_images": images(n_train, seed),
        "train_labels": rng.integers(10, size=n_train).astype(np.uint8),
        "test_images": images(n_test, seed + 1),
        "test_labels": rng.integers(10, size=n_test).astype(np.uint8),
    }


def write_data(folder, **sizes):
    """Write such a data set into a folder; return the paths of its manifest and its arrays."""
    facts = {"dataset": "lab", "title": "made-up images (tests)"}
    facts |= {"image_shape": [28, 28], "classes": 10}
    arrays_on_disk.save(folder / "arrays.npz", folder / "manifest.json", data(**sizes), facts)
    return folder / "manifest.json", folder / "arrays.npz"


def autoencoder(training=(), **changes):
    """Return the configuration of a block of a tiny autoencoder."""
    settings = {
        "epochs": 3,
        "batch_size": 16,
        "learning_rate": 0.1,
        "momentum": 0.9,
        "initial_sd": 0.05,
    }
    config = {
        "network": "autoencoder",
        "hidden": 8,
        "activation": "relu",
        "penalty": None,
        "noise": 0.0,
        "dataset": "lab",
        "image_shape": [28, 28],
        "classes": 10,
        "training_images": 48,
        "seeds": [0],
        "keep_weights": True,
        "threads": 1,
        "onednn": True,
        "device": "cpu",
        "tf32": False,
        "training": {**settings, **dict(training)},
        "sparseness_threshold": 0.1,
    }
    return {**config, **changes}


def classifier(training=(), pre_training=(), full_training=(), normalization=(), **changes):
    """Return the configuration of a block of a tiny classifier."""
    stopping = {"min_delta": 1e-6, "patience": 0, "keep": "last"}
    settings = {
        "validation_fraction": 0.2,
        "batch_size": 16,
        "last_batch": "train",
        "learning_rate": 0.1,
        "momentum": 0.9,
        "initial_sd": 0.05,
        "output_initial_sd": 0.05,
        "output_distribution": "normal",
        "nesterov": False,
        "pre_training": {
            "activation": None,
            "output_activation": "sigmoid",
            "loss": "mse",
            "images": "training",
            "max_epochs": 2,
            **stopping,
            **dict(pre_training),
        },
        "full_training": {
            "layers": "all",
            "output_activation": "softmax",
            "loss": "cross_entropy",
            "max_epochs": 4,
            **stopping,
            **dict(full_training),
        },
        "batch_normalization": {
            "activations": ["relu"],
            "place": "before_activation",
            "momentum": 0.99,
            "epsilon": 1e-3,
            **dict(normalization),
        },
    }
    config = {
        "network": "classifier",
        "hidden": [8, 6],
        "activation": "relu",
        "dataset": "lab",
        "image_shape": [28, 28],
        "classes": 10,
        "training_images": 48,
        "seeds": [0],
        "keep_weights": True,
        "threads": 1,
        "onednn": True,
        "device": "cpu",
        "tf32": False,
        "training": {**settings, **dict(training)},
    }
    return relevant({**config, **changes})


class FixedOrder:
    """Stands in for the generator of the shuffling: every epoch in the rows' own order."""

    def permutation(self, n):
        return np.arange(n)


FIXED_ORDER = {"shuffling": FixedOrder(), "noise": np.random.default_rng(0)}


def without_seconds(seeds):
    """Return what `job.train` says of seeds, but not how long they took."""
    return [{name: value for name, value in seed.items() if name != "seconds"} for seed in seeds]


def phases(history, seed=0):
    """Return the number of epochs of every phase of a seed."""
    names = [row[1] for row in history if row[0] == seed]
    return {name: names.count(name) for name in dict.fromkeys(names)}
