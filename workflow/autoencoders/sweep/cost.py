"""About how much work a training run is: the longest start first, and time is asked for by it."""

from itertools import pairwise

from autoencoders.data.dataset_catalog import DATASETS

TYPICAL_EPOCHS = 12  # of full training, before early stopping
SLOW_CORE = 60 * 10**10  # floating-point operations per minute


def work(config):
    """Return about how many floating-point operations the training run of a block's config takes.

    Only its size against that of other runs means something.
    """
    training, dataset = config["training"], DATASETS[config["dataset"]]
    if config["network"] == "autoencoder":
        passes = training["epochs"] * 2 * dataset.n_pixels * config["hidden"]
    else:
        widths = [dataset.n_pixels, *config["hidden"]]
        weights = sum(below * width for below, width in pairwise(widths))
        passes = training["pre_training"]["max_epochs"] * 2 * weights if weights else 0
        epochs = min(TYPICAL_EPOCHS, training["full_training"]["max_epochs"])
        passes += epochs * (weights + widths[-1] * dataset.n_classes)
    # Forward, and back to the weights and to the inputs: two operations for each weight and image.
    return 6 * len(config["seeds"]) * dataset.n_training_images * passes


def minutes(config):
    """Return the minutes that a training run is given: many times what a common core takes."""
    return round(10 + work(config) / SLOW_CORE)


def priority(config, is_measured):
    """Return a training run's priority: the longest first, all behind tables and figures (0).

    What can be plotted is plotted at once; left to the end it would keep one core waiting. For the
    same reason those that are measured go first: measuring takes longer than any table or figure.
    """
    return work(config) // 10**6 - 10**12 + is_measured * 10**11
