"""Claims 6, 10 and 14: the epochs and the seconds that training the classifiers takes."""

from dataclasses import replace
from functools import partial

import numpy as np

from autoencoders.analysis import statistics
from autoencoders.claims.evidence import Missing
from autoencoders.claims.parts import quantity
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


@quantity(above)
def _correlation(evidence, subject):
    nodes, seconds = [], []
    for network, run in evidence.table2(subject).items():
        nodes.append(sum(network.hidden))
        seconds.append(np.median(_seconds(run)))
    remark = f"medians from {min(seconds):.1f} to {max(seconds):.1f}"
    return {**statistics.rank_correlation(nodes, seconds), "reason": remark}


@quantity(above)
def _seconds_more(evidence, pair):
    three, one = evidence.run(pair), evidence.run(pair.other)
    return statistics.difference_interval(_seconds(three), _seconds(one))


def computation_time(evidence):
    """Return how the seconds go with the nodes, and how many more three layers take."""
    three_layers = of_equal_layers(3, compared=True)
    parts = _correlation.of_all(evidence, OF_ACTIVATION)
    return parts + _seconds_more.of_all(evidence, three_layers)


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
