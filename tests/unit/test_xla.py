"""What XLA compiles against the plain form: the same histories, metrics and weights.

It compiles the program that trains all seeds at once, and the epochs of a training with several
threads.
"""

import math
import os
import subprocess
import sys

import engine  # isort: skip (before TensorFlow)
import numpy as np
import pytest
import tensorflow as tf

from autoencoders import experiments, training
from autoencoders.networks import Network
from autoencoders.stages import WORKFLOW
from autoencoders.training import Trainer, normal

SEEDS = 3
# Another order of the same sums, and a program that XLA fuses.
ABSOLUTE, RELATIVE = 1e-4, 1e-3

AUTOENCODERS = {
    "relu": {},
    "sigmoid": {"activation": "sigmoid"},
    "l1": {"penalty": {"norm": "l1", "printed": 1e-5, "weight": 1e-4}},
    "l2": {"activation": "sigmoid", "penalty": {"norm": "l2", "printed": 1e-5, "weight": 1e-4}},
    "noise": {"noise": 0.3},
}
CLASSIFIERS = {
    "relu": {},
    "relu, no normalisation": {"normalization": {"activations": []}},
    "relu, normalised after": {"normalization": {"place": "after_activation"}},
    "sigmoid": {"activation": "sigmoid"},
    "no hidden layer": {"hidden": [], "activation": None},
    "output layer alone": {"full_training": {"layers": "output"}},
    "squared error": {"full_training": {"loss": "mse"}},
    "sigmoid outputs": {"full_training": {"output_activation": "sigmoid"}},
    "last batch dropped": {"training": {"last_batch": "drop"}},
    "best epoch": {
        "pre_training": {"keep": "best", "patience": 1, "max_epochs": 6},
        "full_training": {"keep": "best", "patience": 1, "max_epochs": 12},
    },
    "no full training": {"full_training": {"max_epochs": 0}},
}


def both(config, data):
    """Train one seed after the other, and all at once."""
    return [
        experiments.train({**config, "batch_seeds": batched}, data) for batched in (False, True)
    ]


def assert_equal(plain, batched):
    history, seeds, weights = plain
    of_history, of_seeds, of_weights = batched
    assert [row[:3] for row in of_history] == [row[:3] for row in history]
    for row, expected in zip(of_history, history, strict=True):
        assert row[3:5] == pytest.approx(expected[3:5], rel=RELATIVE), row
        assert row[5] == pytest.approx(expected[5], abs=0.06), row
    for found, expected in zip(of_seeds, seeds, strict=True):
        assert list(found) == list(expected)
        assert found["epochs"] == expected["epochs"]
        assert list(found["seconds"]) == list(expected["seconds"])
        for name in ("seed", "dead", "diverged"):
            assert found[name] == expected[name]
    assert list(of_weights) == list(weights)
    for name, value in weights.items():
        np.testing.assert_allclose(of_weights[name], value, RELATIVE, ABSOLUTE, err_msg=name)
    return seeds, of_seeds


@pytest.mark.parametrize("changes", AUTOENCODERS.values(), ids=AUTOENCODERS)
def test_autoencoder(changes):
    config = engine.autoencoder(seeds=SEEDS, first_seed=2, keep_weights="all", **changes)
    for expected, found in zip(*assert_equal(*both(config, engine.data())), strict=True):
        for name in experiments.AutoencoderExperiment.METRICS:
            assert found[name] == pytest.approx(expected[name], abs=2e-3)


@pytest.mark.parametrize("changes", CLASSIFIERS.values(), ids=CLASSIFIERS)
def test_classifier(changes):
    config = engine.classifier(seeds=SEEDS, keep_weights="all", **changes)
    for expected, found in zip(*assert_equal(*both(config, engine.data())), strict=True):
        assert found["accuracy"] == pytest.approx(expected["accuracy"], abs=0.04)


def test_the_reports_size():
    """784-128-784 and batches of 50, one epoch of two seeds."""
    config = engine.autoencoder({"epochs": 1, "batch_size": 50}, hidden=128, seeds=2)
    assert_equal(*both({**config, "keep_weights": "all"}, engine.data(n_train=500)))


def test_a_seed_that_stops_early_keeps_the_weights_of_its_last_epoch(monkeypatch):
    """The others go on, and the programs that they share with it go on with it."""
    ends = {0: 2, 1: 5, 2: 3}
    stopping = iter([ends[seed] for _ in ("plain",) for seed in range(SEEDS)] + list(ends.values()))

    class Stops:
        def __init__(self, min_delta, patience):
            self.left = next(stopping)

        def update(self, validation_error):
            self.left -= 1
            return True, self.left == 0

    monkeypatch.setattr(experiments, "EarlyStopping", Stops)
    config = engine.classifier(hidden=[], activation=None, seeds=SEEDS, keep_weights="all")
    config["training"]["full_training"]["max_epochs"] = 10
    plain, batched = both(config, engine.data())
    assert [seed["epochs"]["full-training"] for seed in batched[1]] == list(ends.values())
    assert_equal(plain, batched)


def test_a_seed_that_diverges_leaves_the_others_alone(monkeypatch):
    config = engine.classifier(seeds=SEEDS, keep_weights="all")
    data = engine.data()
    expected = experiments.train({**config, "batch_seeds": True}, data)
    initialise = Network.initialise

    def spoiled(self, *arguments):
        initialise(self, *arguments)
        values = self.hidden[0].weights.numpy()
        values[1, 0, 0] = math.nan
        self.hidden[0].weights.assign(values)

    monkeypatch.setattr(Network, "initialise", spoiled)
    history, seeds, weights = experiments.train({**config, "batch_seeds": True}, data)
    assert [seed["diverged"] for seed in seeds] == [False, True, False]
    assert seeds[1]["accuracy"] is None
    assert seeds[1]["epochs"] == {"pre-training-1": 1}
    assert list(seeds[1]["seconds"]) == ["pre-training-1"]
    assert [row for row in history if row[0] != 1] == [row for row in expected[0] if row[0] != 1]
    kept = {name: value for name, value in expected[2].items() if not name.startswith("seed1/")}
    assert list(weights) == list(kept)
    for name, value in kept.items():
        assert np.array_equal(weights[name], value), name


def test_it_is_one_program_that_xla_compiles():
    config = engine.autoencoder(seeds=SEEDS, batch_seeds=True)
    experiment = experiments.AutoencoderExperiment(config, engine.data())
    assert experiment.network.hidden[0].weights.shape == (SEEDS, 784, 8)
    experiment.run([experiments.Record(seed) for seed in range(SEEDS)])
    trainer = experiment.trainer
    assert trainer._epoch.experimental_get_tracing_count() == 1
    order = tf.zeros((SEEDS, 100), tf.int32)
    compiler_ir = trainer._epoch.experimental_get_compiler_ir
    text = compiler_ir(experiment.train_images, None, order, tf.zeros(SEEDS, tf.int32))()
    assert "while" in text


def test_noise_is_the_same_numbers():
    seeds, batch = tf.constant([3, 123456789]), tf.constant(7)
    compiled = tf.function(normal, jit_compile=True)
    for found, seed in zip(compiled((2, 25, 3), seeds, batch, True), seeds, strict=True):
        expected = normal((25, 3), seed, batch, False)
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-5)
        np.testing.assert_array_equal(compiled((25, 3), seed, batch, True), found)


def test_the_plain_form_is_not_compiled_by_xla():
    network = Network((784, 4, 784), "relu", "sigmoid", "mse")
    assert Trainer(network, 10, 0.1, 0.9)._epoch._jit_compile is None


@pytest.mark.parametrize(
    "config",
    [
        engine.autoencoder(seeds=1, keep_weights="all", **AUTOENCODERS["noise"]),
        engine.classifier(seeds=1, keep_weights="all"),
    ],
    ids=["autoencoder with noise", "classifier"],
)
def test_several_threads(config, monkeypatch):
    plain = experiments.train(config, engine.data())
    monkeypatch.setattr(training, "several_cores", lambda: True)
    assert_equal(plain, experiments.train(config, engine.data()))


ASK = """
import sys
from autoencoders import backend
backend.prepare(int(sys.argv[1]), True)
from autoencoders.networks import Network
from autoencoders.training import Trainer
network = Network((784, 4, 784), "relu", "sigmoid", "mse")
print(Trainer(network, 10, 0.1, 0.9)._epoch._jit_compile)
"""


@pytest.mark.parametrize(("threads", "compiled"), [(1, "None"), (2, "True")])
def test_xla_compiles_the_epochs_where_a_training_has_several_threads(threads, compiled):
    result = subprocess.run(
        [sys.executable, "-c", ASK, str(threads)],
        env={**os.environ, "PYTHONPATH": str(WORKFLOW), "CUDA_VISIBLE_DEVICES": "-1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.split() == [compiled]
