"""About how much work a training run is: the longest start first, and time is asked for by it."""

from itertools import pairwise
from math import prod

from autoencoders.sweep.checking import ConfigError

TYPICAL_EPOCHS = 12  # of full training, before early stopping
SLOW_CORE = 60 * 10**10  # floating-point operations per minute
# On a core of an AMD EPYC (Zen 4): operations per second; seconds of a step besides them, and of a
# job's start.
TYPICAL_CORE, STEP, START = 1.2 * 10**11, 0.0005, 4
BASE_MB, LEAST_MB = 600, 2000  # of a training process: without networks and images; asked for
COPIES = 9  # of a weight: three each (value, step, gradient) in the network and two halves before
MOST_GB, MOST_DAYS = 100, 30  # that a job may ask for


def work(config):
    """Return about how many floating-point operations the training run of a block's config takes.

    Only its size against that of other runs means something.
    """
    training, n_pixels = config["training"], prod(config["image_shape"])
    if config["network"] == "autoencoder":
        passes = training["epochs"] * 2 * n_pixels * config["hidden"]
    else:
        widths = [n_pixels, *config["hidden"]]
        weights = sum(below * width for below, width in pairwise(widths))
        passes = training["pre_training"]["max_epochs"] * 2 * weights if weights else 0
        epochs = min(TYPICAL_EPOCHS, training["full_training"]["max_epochs"])
        passes += epochs * (weights + widths[-1] * config["classes"])
    # Forward, and back to the weights and to the inputs: two operations for each weight and image.
    return 6 * len(config["seeds"]) * config["training_images"] * passes


def seconds(config):
    """Return about how many seconds a training run takes on one core."""
    training = config["training"]
    if config["network"] == "autoencoder":
        n_epochs = training["epochs"]
    else:
        full = min(TYPICAL_EPOCHS, training["full_training"]["max_epochs"])
        pre_training = training["pre_training"]
        n_epochs = full + (
            len(config["hidden"]) * pre_training["max_epochs"] if pre_training else 0
        )
    n_steps = len(config["seeds"]) * n_epochs * config["training_images"] / training["batch_size"]
    return START + n_steps * STEP + work(config) / TYPICAL_CORE


def minutes(config):
    """Return the minutes that a training run is given: many times what a common core takes."""
    return round(10 + work(config) / SLOW_CORE)


def memory_mb(config):
    """Return how much memory a training run is given, in MB: what it takes at most, or more."""
    n_pixels, hidden = prod(config["image_shape"]), config["hidden"]
    widths = [hidden] if isinstance(hidden, int) else hidden
    weights = sum(below * width for below, width in pairwise([n_pixels, *widths]))
    activities = config["training_images"] * (n_pixels + sum(widths))
    return max(LEAST_MB, BASE_MB + 4 * (COPIES * weights + activities) // 10**6)


def check_cost(trainings):
    """Refuse, with a ConfigError, a training run of absurd size before anything starts."""
    for folder, config in trainings.items():
        gigabytes, days = memory_mb(config) / 1000, minutes(config) / (24 * 60)
        if gigabytes > MOST_GB or days > MOST_DAYS:
            raise ConfigError(
                f"{folder} would take up to {gigabytes:.0f} GB of memory and {days:.0f} days; at "
                f"most {MOST_GB} GB and {MOST_DAYS} days are allowed. Make `hidden`, the epochs or "
                "`seeds_per_job` smaller."
            )


def duration(n_seconds):
    """Return about how long so many seconds are."""
    if n_seconds < 90:
        return "a minute"
    return f"{n_seconds / 60:.0f} minutes" if n_seconds < 3600 else f"{n_seconds / 3600:.1f} hours"


def in_words(trainings, left):
    """Return how many trainings a sweep declares, and about how long those `left` take.

    `trainings` is a dict of block configs by folder, `left` the folders of those to train.
    """
    n_seeds = sum(len(config["seeds"]) for config in trainings.values())
    time = duration(sum(seconds(trainings[folder]) for folder in left))
    declared = f"{n_seeds:,} trainings in {len(trainings):,} jobs are declared"
    if not left:
        return f"{declared}; all are there."
    jobs = f"{len(left):,} job{' is' if len(left) == 1 else 's are'}"
    return f"{declared}; {jobs} left, about {time} on one core."


def priority(config, is_measured):
    """Return a training run's priority: the longest first, all behind tables and figures (0).

    What can be plotted is plotted at once; left to the end it would keep one core waiting. For the
    same reason those that are measured go first: measuring takes longer than any table or figure.
    """
    return work(config) // 10**6 - 10**12 + is_measured * 10**11
