"""What XLA compiles against the plain form: the same histories, metrics and weights.

It compiles the epochs of a training run with several threads.
"""

import os
import subprocess
import sys
from pathlib import Path

import engine  # isort: skip (before TensorFlow)
import numpy as np
import pytest
import tensorflow as tf

from autoencoders.training import job, trainer
from autoencoders.training.activations import HIDDEN_ACTIVATIONS
from autoencoders.training.network import Network
from autoencoders.training.normal_noise import normal_noise
from autoencoders.training.penalties import PENALTIES
from autoencoders.training.trainer import Trainer

WORKFLOW = Path(__file__).parents[2] / "workflow"
# Another order of the same sums, and a program that XLA fuses.
ABSOLUTE, RELATIVE = 1e-4, 1e-3

AUTOENCODERS = {
    **{name: {"activation": name} for name in HIDDEN_ACTIVATIONS},
    **{
        kind: {"penalty": {"kind": kind, "printed": 1e-5, "weight": 1e-4}, "activation": "sigmoid"}
        for kind in PENALTIES
    },
    "noise": {"noise": 0.3},
}
CLASSIFIERS = {
    "normalised before": {},
    "normalised after": {"normalization": {"place": "after_activation"}},
    "no normalisation": {"normalization": {"activations": []}},
    "no hidden layer": {"hidden": [], "activation": None},
    "output layer alone": {"full_training": {"layers": "output"}},
    "squared error": {"full_training": {"loss": "mse"}},
    "sigmoid outputs": {"full_training": {"output_activation": "sigmoid"}},
    "last batch dropped": {"training": {"last_batch": "drop"}},
    "best epoch": {
        "pre_training": {"keep": "best", "patience": 1, "max_epochs": 6},
        "full_training": {"keep": "best", "patience": 1, "max_epochs": 12},
    },
}
CONFIGS = {
    **{f"autoencoder, {name}": engine.autoencoder(**c) for name, c in AUTOENCODERS.items()},
    **{f"classifier, {name}": engine.classifier(**c) for name, c in CLASSIFIERS.items()},
}


def assert_equal(plain, compiled):
    """Compare what `job.train` returns."""
    history, seeds, weights = plain
    of_history, of_seeds, of_weights = compiled
    assert [row[:3] for row in of_history] == [row[:3] for row in history]
    for row, expected in zip(of_history, history, strict=True):
        assert row[3:5] == pytest.approx(expected[3:5], rel=RELATIVE), row
        assert row[5] == pytest.approx(expected[5], abs=0.06), row
    for found, expected in zip(of_seeds, seeds, strict=True):
        assert list(found) == list(expected)
        assert found["epochs"] == expected["epochs"]
        for name in ("seed", "dead", "diverged"):
            assert found[name] == expected[name]
        for name in ("sparseness", "sparseness_training", "accuracy"):
            assert found.get(name) == pytest.approx(expected.get(name), abs=0.04)
    assert list(of_weights) == list(weights)
    for name, value in weights.items():
        np.testing.assert_allclose(of_weights[name], value, RELATIVE, ABSOLUTE, err_msg=name)


@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS)
def test_several_threads(config, monkeypatch):
    plain = job.train(config, engine.data())
    monkeypatch.setattr(trainer, "several_cores", lambda: True)
    assert_equal(plain, job.train(config, engine.data()))


def test_noise_is_the_same_numbers():
    compiled = tf.function(normal_noise, jit_compile=True)
    for seed, batch in ((3, 7), (123456789, 0)):
        seed, batch = tf.constant(seed), tf.constant(batch)
        found = compiled((25, 3), seed, batch, True)
        expected = normal_noise((25, 3), seed, batch, False)
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-5)


def test_the_plain_form_is_not_compiled_by_xla():
    network = Network((784, 4, 784), "relu", "sigmoid", "mse")
    assert Trainer(network, 10, 0.1, 0.9)._epoch._jit_compile is None


ASK = """
import sys
from autoencoders.training import device
device.prepare(int(sys.argv[1]), True)
from autoencoders.training.network import Network
from autoencoders.training.trainer import Trainer
network = Network((784, 4, 784), "relu", "sigmoid", "mse")
print(Trainer(network, 10, 0.1, 0.9)._epoch._jit_compile)
"""


@pytest.mark.parametrize(("threads", "compiled"), [(1, "None"), (2, "True")])
def test_xla_compiles_the_epochs_where_a_training_run_has_several_threads(threads, compiled):
    result = subprocess.run(
        [sys.executable, "-c", ASK, str(threads)],
        env={**os.environ, "PYTHONPATH": str(WORKFLOW), "CUDA_VISIBLE_DEVICES": "-1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.split() == [compiled]
