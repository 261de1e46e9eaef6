"""Claim 12: whether early stopping ends training too soon at lower learning rates."""

from dataclasses import replace
from itertools import chain

import numpy as np

from autoencoders.analysis.statistics import STUCK, mean_interval, paired_interval
from autoencoders.claims.evidence import Missing
from autoencoders.claims.parts import quantity
from autoencoders.claims.rules import above
from autoencoders.claims.subjects import CLASSIFIERS, classifier

STUDY = "learning-rate"
USUAL, *LOWER = RATES = ("0.1", "0.03", "0.01")
PATIENT = {rate: f"{rate}-patient" for rate in RATES}  # variants that wait longer before they stop
VARIANTS = tuple(chain.from_iterable(PATIENT.items()))


def _variant(name, network=CLASSIFIERS):
    return replace(network, study=STUDY, variant=name)


def _runs(evidence, variant):
    """Return the runs of a variant, by name."""
    variants = evidence.study(STUDY)
    for needed in VARIANTS:
        if needed not in variants:
            raise Missing(f"the study {STUDY} has no variant {needed}")
    return variants[variant]


def _accuracies(run):
    return np.array([entry["accuracy"] for entry in run.metrics], float)


def _is_steady(run):
    """Return whether no seed of a network ends at chance at the usual rate."""
    # One that the stopping leaves at chance at a lower rate alone is what the claim is about.
    return not (_accuracies(run) < STUCK).any()


def _gains(evidence, rate, name=""):
    """Return what patience adds to the accuracy of each seed, of one network or all steady ones."""
    runs, waited = _runs(evidence, rate), _runs(evidence, PATIENT[rate])
    gains = [np.array([])]
    for other, run in _runs(evidence, USUAL).items():
        if other == name or (not name and _is_steady(run)):
            gains.append(_accuracies(waited[other]) - _accuracies(runs[other]))
    return np.concatenate(gains)


@quantity()
def _gain(evidence, subject):
    return paired_interval(_gains(evidence, subject.variant))


@quantity(above)
def _gain_beyond(evidence, subject):
    return paired_interval(_gains(evidence, subject.variant) - _gains(evidence, USUAL))


@quantity()
def _left_out(evidence, subject):
    return paired_interval(_gains(evidence, subject.variant, subject.name))


@quantity()
def _stuck(evidence, subject):
    runs = _runs(evidence, subject.variant).values()
    stuck = np.concatenate([_accuracies(run) < STUCK for run in runs])
    return {"effect": float(stuck.mean()), "n": len(stuck)}


def _epochs_and_bounds(evidence, variant):
    epochs, bounds = [], []
    for run in _runs(evidence, variant).values():
        epochs += [entry["epochs"]["full-training"] for entry in run.metrics]
        bounds += [run.settings["training"]["full_training"]["max_epochs"]] * len(run.metrics)
    return np.array(epochs), np.array(bounds)


@quantity()
def _epochs(evidence, subject):
    return mean_interval(_epochs_and_bounds(evidence, subject.variant)[0])


@quantity()
def _bounded(evidence, subject):
    epochs, bounds = _epochs_and_bounds(evidence, subject.variant)
    return {"effect": float(np.mean(epochs == bounds)), "n": len(epochs)}


def gains_by_patience(evidence):
    """Return what patience gains at each rate, the networks left out, and how training ended."""
    judged = replace(_gain, rule=above)
    try:
        usual = _runs(evidence, USUAL)
    except Missing:
        return judged.of_all(evidence, map(_variant, LOWER))
    parts = []
    for rate in LOWER:
        parts.append(judged.of(evidence, _variant(rate)))
        parts.append(_gain_beyond.of(evidence, _variant(rate)))
    parts.append(_gain.of(evidence, _variant(USUAL)))
    for run in usual.values():
        if not _is_steady(run):
            network = classifier(run.settings["activation"] or "", *run.settings["hidden"])
            for rate in RATES:
                parts.append(_left_out.of(evidence, _variant(rate, network)))
    for each in (_stuck, _epochs, _bounded):
        parts += each.of_all(evidence, map(_variant, VARIANTS))
    return parts
