"""Claims 6, 10 and 14: the epochs and the seconds that training the classifiers takes."""

from dataclasses import replace
from functools import partial
from itertools import pairwise
from math import prod

import numpy as np

from autoencoders.analysis import statistics
from autoencoders.claims.evidence import Missing
from autoencoders.claims.parts import Quantity, quantity
from autoencoders.claims.rules import above, no_difference
from autoencoders.claims.subjects import CLASSIFIERS, OF_ACTIVATION, of_equal_layers
from autoencoders.labels.networks import hidden_words

USUAL = 0.9  # share of networks of which a range must be true: nine in ten
FULL_TRAINING = "full-training"  # the phase; all others are pre-training
STUDY = replace(CLASSIFIERS, study="pre-training-epochs")
IN_RANGE = partial(above, threshold=USUAL)


def _full_epochs(run):
    return [entry["epochs"][FULL_TRAINING] for entry in run.metrics]


def _pre_training_epochs(run):
    epochs = []
    for entry in run.metrics:
        epochs += [count for phase, count in entry["epochs"].items() if phase != FULL_TRAINING]
    return epochs


def _share(runs, epochs_of, limits):
    """Return the mean over architectures of the share of phases that end within limits."""
    low, high = limits
    shares, n = [], 0
    for run in runs:
        epochs = np.array(epochs_of(run))
        shares.append(np.mean((low <= epochs) & (epochs <= high)))
        n += len(run.metrics)
    return {**statistics.share_interval(shares), "n": n}


@quantity(IN_RANGE)
def _unbounded(evidence, subject):
    limits = evidence.published.ranges["pre_training_epochs"]
    by_bound = {}
    for variant in evidence.study(subject.study).values():
        runs = [run for run in variant.values() if run.settings["hidden"]]
        by_bound[runs[0].settings["training"]["pre_training"]["max_epochs"]] = runs
    bound = max(by_bound)
    if bound <= limits[1]:
        raise Missing(f"no variant of {subject.study} has a bound above {limits[1]:g} epochs")
    return _share(by_bound[bound], _pre_training_epochs, limits)


@quantity(IN_RANGE)
def _full_training(evidence, subject):
    runs = evidence.table2(subject).values()
    epochs = np.concatenate([_full_epochs(run) for run in runs])
    low, median, high = np.quantile(epochs, [(1 - USUAL) / 2, 0.5, (1 + USUAL) / 2])
    remark = f"nine in ten take {low:.0f} to {high:.0f} epochs, median {median:.0f}"
    share = _share(runs, _full_epochs, evidence.published.ranges["full_training_epochs"])
    return {**share, "reason": remark}


@quantity()
def _bounded(evidence, subject):
    limits = evidence.published.ranges["pre_training_epochs"]
    share = _share(evidence.table2(subject).values(), _pre_training_epochs, limits)
    return {**share, "reason": "by construction: our own bound ends pre-training"}


def ranges(evidence):
    """Return the share of runs that end in the range, of each phase and under each bound."""
    parts = [_unbounded.of(evidence, STUDY), _full_training.of(evidence, CLASSIFIERS)]
    return [*parts, _bounded.of(evidence, CLASSIFIERS)]


def _seconds(run):
    """Return the seconds of each seed but the first of each job, which compiles as well."""
    later = [entry for entry in run.metrics if entry["seed"] not in run.first_of_job]
    if len(later) < statistics.FEWEST_SEEDS:
        raise Missing(f"{run.name}: only {len(later)} seeds are not the first of their job")
    return [sum(entry["seconds"].values()) for entry in later]


def _operations(run):
    """Return the floating-point operations of each seed, in thousands of millions.

    Of the products of matrices alone: for each weight and image two forward, two for the gradient
    of the weights and two for that of the inputs, in each epoch that the seed trained.
    """
    settings, training = run.settings, run.settings["training"]
    n_images = settings["training_images"] * (1 - training["validation_fraction"])
    widths = [prod(settings["image_shape"]), *settings["hidden"]]
    layers = [below * width for below, width in pairwise(widths)]
    operations = []
    for entry in run.metrics:
        epochs = entry["epochs"]
        weights = epochs[FULL_TRAINING] * (sum(layers) + widths[-1] * settings["classes"])
        for position, of_layer in enumerate(layers, start=1):
            # There and back: a layer is pre-trained with one that reconstructs its inputs.
            weights += epochs[f"pre-training-{position}"] * 2 * of_layer
        operations.append(6 * n_images * weights / 1e9)
    return operations


def _correlated(amounts, evidence, subject):
    """Return the rank correlation of the hidden nodes with the median amount of a network."""
    nodes, medians = [], []
    for network, run in evidence.table2(subject).items():
        nodes.append(sum(network.hidden))
        medians.append(np.median(amounts(run)))
    remark = f"medians from {min(medians):.1f} to {max(medians):.1f}"
    return {**statistics.rank_correlation(nodes, medians), "reason": remark}


def _more(amounts, evidence, pair):
    """Return how much more three layers take than one."""
    three, one = evidence.run(pair), evidence.run(pair.other)
    return statistics.difference_interval(amounts(three), amounts(one))


def computation_time(evidence):
    """Return how operations and seconds go with the nodes, and how many more three layers take.

    Operations decide: seconds depend on the machine, and on what else it does.
    """
    three_layers = of_equal_layers(3, compared=True)
    parts = []
    for name, amounts, rule in (("operations", _operations, above), ("seconds", _seconds, None)):
        correlation = Quantity(f"correlation_{name}", partial(_correlated, amounts), rule)
        parts += correlation.of_all(evidence, OF_ACTIVATION)
        parts += Quantity(f"{name}_more", partial(_more, amounts), rule).of_all(
            evidence, three_layers
        )
    return parts


@quantity(no_difference)
def _between(evidence, subject):
    epochs, medians = [], {}
    for network, run in evidence.table2(subject).items():
        epochs.append(_full_epochs(run))
        medians[hidden_words(network.hidden)] = np.median(epochs[-1])
    few, many = min(medians, key=medians.get), max(medians, key=medians.get)
    remark = f"medians from {medians[few]:g} with {few} to {medians[many]:g} with {many}"
    return {**statistics.between_groups(epochs), "reason": remark}


architectures = partial(_between.of_all, subjects=OF_ACTIVATION)
