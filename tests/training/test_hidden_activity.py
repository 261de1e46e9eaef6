"""Runs that are sparse, dead or diverged."""

import math

import engine  # isort: skip (before TensorFlow)
import numpy as np

from autoencoders.training import job
from autoencoders.training.hidden_activity import is_dead, sparseness


def test_sparseness():
    activities = np.array([[0.0, 0.1], [0.2, 1.0], [0.05, 0.3]])
    assert sparseness(activities, 0.1) == 3 / 6
    assert sparseness(activities, 0.0) == 1 / 6
    assert sparseness(activities, 1.0) == 1.0
    assert sparseness(np.full((2, 3), 0.11), 0.1) == 0.0


def test_is_dead():
    zero, one = np.zeros((2, 3)), np.eye(2, 3)
    assert is_dead([zero])
    assert is_dead([one, zero])
    assert not is_dead([one, one])
    assert not is_dead([]), "without a hidden layer nothing can die"


def test_a_dead_run_is_recorded():
    """A strong penalty drives every rectified unit below zero, for good."""
    config = engine.autoencoder(
        penalty={"kind": "l1", "printed": 1.0, "weight": 1.0}, training={"epochs": 3}
    )
    history, (seed,), _ = job.train(config, engine.data())
    assert seed["dead"]
    assert not seed["diverged"]
    assert seed["sparseness"] == seed["sparseness_training"] == 1.0
    assert math.isfinite(seed["validation_error"])
    assert engine.phases(history) == {"training": 3}


def test_a_diverged_phase_of_a_classifier_is_recorded():
    """With linear outputs and a huge rate pre-training diverges at once."""
    config = engine.classifier(
        {"learning_rate": 1e6}, pre_training={"output_activation": "linear", "max_epochs": 5}
    )
    history, (seed,), _ = job.train(config, engine.data())
    assert seed["diverged"]
    assert not seed["dead"]
    for name in ("training_error", "validation_error", "validation_accuracy", "accuracy"):
        assert seed[name] is None
    assert not math.isfinite(history[-1][3]) or not math.isfinite(history[-1][4])
    assert seed["epochs"] == {"pre-training-1": len(history)}
    assert list(seed["seconds"]) == ["pre-training-1"]
