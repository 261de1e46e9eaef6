"""Claims 13 and 16: how abstract, and how robust, the features of hidden layers are."""

from dataclasses import replace
from functools import partial

import pandas

from autoencoders.analysis.statistics import FEWEST_SEEDS, STUCK, mean_interval, paired_interval
from autoencoders.claims import subjects
from autoencoders.claims.evidence import Missing
from autoencoders.claims.parts import Quantity, measurement, quantity
from autoencoders.claims.rules import above
from autoencoders.claims.subjects import NOISE, OVER_COMPLETE, PAIR, autoencoder
from autoencoders.measurements.measurement_catalog import DEPTH, STUDY

TEST_NOISE = 0.3  # standard deviation on the test images: the stronger of the paper's two


def _probes(evidence, network):
    """Return the probes' accuracy by seed and layer, without trained networks at chance."""
    probes = {}
    for layer in range(1, DEPTH + 1):
        probes[layer] = evidence.measured("probe_accuracy", replace(network, layer=layer))
    probes = pandas.DataFrame(probes)
    if network.study:
        return probes
    accuracy = evidence.measured("accuracy", replace(network, layer=None))
    learnt = accuracy.index[accuracy >= STUCK]
    if len(learnt) < FEWEST_SEEDS:
        raise Missing(f"only {len(learnt)} of {len(accuracy)} networks are above chance")
    return probes.loc[learnt]


@quantity(above)
def _trained(evidence, network):
    probes = _probes(evidence, network)
    return paired_interval((probes[DEPTH] - probes[1]).to_numpy())


@quantity()
def _of_layer(evidence, subject):
    return mean_interval(_probes(evidence, subject)[subject.layer])


def abstraction(evidence):
    """Return what the last layer gains over the first, and the accuracy of each and of pixels."""
    parts, layers = [], []
    for study, gain in (("", _trained), (STUDY, replace(_trained, key="pre_trained"))):
        for network in subjects.of_equal_layers(DEPTH):
            network = replace(network, study=study)
            parts.append(gain.of(evidence, network))
            layers += [replace(network, layer=layer) for layer in range(1, DEPTH + 1)]
    pixels = measurement("probe_accuracy", layer=0).of(evidence, subjects.IMAGES)
    return [*parts, *_of_layer.of_all(evidence, layers), pixels]


def _saved_or_gained(measure, sign, evidence, network):
    """Return what noise in training improves, over the seeds whose weights both networks saved."""
    plain = replace(network, regularisation="", parameter=None)
    difference = evidence.measured(measure, network) - evidence.measured(measure, plain)
    return paired_interval((sign * difference).dropna().to_numpy())


def _improved(key, measure, sign, rule=None, **columns):
    numbers = partial(_saved_or_gained, measure, sign)
    return Quantity(key, numbers, rule, {"noise": TEST_NOISE, **columns})


_gain = _improved("gain", "probe_accuracy", 1, above, layer=1)
_change_saved = _improved("change_saved", "code_change", -1)
_error_saved = _improved("error_saved", "noisy_error", -1)
_change = measurement("code_change", noise=TEST_NOISE)
_clean = measurement("probe_accuracy", layer=1, noise=0.0)
_noisy = measurement("probe_accuracy", layer=1, noise=TEST_NOISE)


def robustness(evidence):
    """Return what noise in training gains and saves, and what noise does to each network."""
    parts, others = [], []
    for activation in PAIR:
        with_noise = [autoencoder(activation, OVER_COMPLETE, *kind) for kind in NOISE]
        without = [autoencoder(activation, OVER_COMPLETE, kind, 1e-07) for kind in ("l1", "l2")]
        parts += _gain.of_all(evidence, with_noise)
        for network in with_noise:
            others += [_change_saved.of(evidence, network), _error_saved.of(evidence, network)]
        for network in (autoencoder(activation, OVER_COMPLETE), *with_noise, *without):
            others.append(_change.of(evidence, network))
            others += [_clean.of(evidence, network), _noisy.of(evidence, network)]
    return parts + others
