"""Claims 7, 8, 9, 11 and 15: which classifiers are more accurate."""

import itertools
from dataclasses import replace
from functools import partial

import numpy as np
import pandas
from scipy.stats import mannwhitneyu

from autoencoders.analysis import statistics
from autoencoders.analysis.published import N_CLASSES, N_PIXELS
from autoencoders.analysis.statistics import MARGIN, difference_interval, holm
from autoencoders.claims import rules, subjects
from autoencoders.claims.evidence import Missing
from autoencoders.claims.parts import quantity
from autoencoders.claims.subjects import OF_ACTIVATION, PAIR

SLIGHTLY = 0.02  # accuracy: two points at most


def _by_activation(evidence, network):
    return [evidence.values(replace(network, activation=each), "accuracy") for each in PAIR]


@quantity()
def _gain_of_relu(evidence, pair):
    relu, sigmoid = _by_activation(evidence, pair)
    return difference_interval(relu, sigmoid) | {"p": float(mannwhitneyu(relu, sigmoid).pvalue)}


@quantity()
def _pairs_won(evidence, subject):
    wins = []
    for network in evidence.networks_of_table2(OF_ACTIVATION[0]):
        try:
            wins.append(np.mean(np.greater.outer(*_by_activation(evidence, network))))
        except Missing:
            continue
    return {"effect": float(np.mean(wins))} if wins else {}


def activations(evidence):
    """Return each architecture's gain by ReLU, with p adjusted, and the share of pairs won."""
    parts = []
    for network in evidence.networks_of_table2(OF_ACTIVATION[0]):
        parts.append(_gain_of_relu.of(evidence, replace(network, activation="")))
    adjusted = iter(holm([part.p for part in parts if part.p is not None]))
    for position, part in enumerate(parts):
        if part.p is not None:
            part = replace(part, p=next(adjusted))
        parts[position] = part.judged(rules.better)
    return [*parts, _pairs_won.of(evidence, subjects.CLASSIFIERS)]


def _accuracies(evidence, subject):
    """Return the accuracies of each network of Table 2, by seed."""
    return {network: run.values("accuracy") for network, run in evidence.table2(subject).items()}


@quantity(rules.as_found)
def _lacking(evidence, subject):
    """Return the pair whose bigger network lacks most; a significant one, if there is one."""
    accuracies = _accuracies(evidence, subject)
    pairs, found = [], []
    for small, big in itertools.permutations(accuracies, 2):
        if _is_bigger(big.hidden, small.hidden):
            pairs.append(replace(big, compared_with=small.hidden))
            found.append(difference_interval(accuracies[small], accuracies[big]))
    found = pandas.DataFrame(found)
    found["p"] = holm(found.p.tolist())
    worse = found[(found.effect > 0) & (found.p < statistics.LEVEL)]
    worst = found.effect.idxmax() if worse.empty else worse.effect.idxmax()
    return {
        **found.loc[worst],
        "n": sum(map(len, accuracies.values())),
        "subject": pairs[worst],
        "verdict": rules.worse_somewhere(found.p, found.effect, -found.high),
        "reason": f"significantly worse in {len(worse)} of {len(pairs)} pairs",
    }


def _is_bigger(big, small):
    """Return whether a network has more weights than another, and no fewer nodes or layers."""
    no_smaller = len(big) >= len(small) and sum(big) >= sum(small)
    return no_smaller and n_weights(big) > n_weights(small)


def n_weights(hidden):
    """Return how many weights a classifier with these hidden layers has."""
    widths = [N_PIXELS, *hidden, N_CLASSES]
    return sum(lower * upper for lower, upper in itertools.pairwise(widths))


@quantity(partial(rules.inside, lower=0, upper=SLIGHTLY))
def _second_layer(evidence, pair):
    ours, other = evidence.values(pair, "accuracy"), evidence.values(pair.other, "accuracy")
    return difference_interval(ours, other)


@quantity(rules.as_found)
def _mean_accuracy(evidence, network):
    values, published = evidence.values(network, "accuracy"), evidence.published.cells[network.name]
    found = statistics.mean_interval(values)
    allowed = statistics.tolerance(float(np.std(values, ddof=1)), published.rounding)
    remark = f"a difference of up to {allowed:.3f} from the published {published.text} is allowed"
    verdict = rules.agrees(found["effect"] - published.value, allowed)
    return {**found, "verdict": verdict, "reason": remark}


@quantity(partial(rules.below, threshold=MARGIN))
def _third_layer(evidence, subject):
    best, accuracies = {}, _accuracies(evidence, subject)
    for network, values in accuracies.items():
        depth = len(network.hidden)
        if depth not in best or np.mean(values) > np.mean(accuracies[best[depth]]):
            best[depth] = network
    found = difference_interval(accuracies[best[3]], accuracies[best[2]])
    return {**found, "subject": replace(best[3], compared_with=best[2].hidden)}


bigger_networks = partial(_lacking.of_all, subjects=OF_ACTIVATION)
two_layers = partial(_second_layer.of_all, subjects=subjects.of_equal_layers(2, compared=True))
no_hidden_layer = partial(_mean_accuracy.of_all, subjects=[subjects.NO_HIDDEN])
three_layers = partial(_third_layer.of_all, subjects=OF_ACTIVATION)
