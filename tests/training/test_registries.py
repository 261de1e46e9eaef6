"""The registries of activations, penalties and losses: derivatives, NumPy functions, imports."""

import os
import subprocess
import sys
from pathlib import Path

import engine  # noqa: F401  isort: skip (before TensorFlow)
import numpy as np
import pytest
import tensorflow as tf

from autoencoders.training.activations import (
    ACTIVATIONS,
    HIDDEN_ACTIVATIONS,
    OUTPUT_ACTIVATIONS,
    Activation,
)
from autoencoders.training.layers import ActivationLayer
from autoencoders.training.losses import LOSSES
from autoencoders.training.network import Network
from autoencoders.training.penalties import PENALTIES, Penalty

WORKFLOW = Path(__file__).parents[2] / "workflow"
STEP = 1e-6
LOSS_PAIRS = [(loss, output) for loss in LOSSES for output in LOSSES[loss]]


def values(shape=(5, 4), seed=0):
    """Return numbers on both sides of 0, none so near that a finite difference would cross it."""
    numbers = np.random.default_rng(seed).normal(size=shape)
    return numbers + np.sign(numbers) * 0.01


def finite_differences(function, inputs):
    """Return the gradient of a scalar function of float64 inputs."""
    gradient = np.zeros_like(inputs)
    for place in np.ndindex(inputs.shape):
        step = np.zeros_like(inputs)
        step[place] = STEP
        above, below = (float(function(tf.constant(inputs + s))) for s in (step, -step))
        gradient[place] = (above - below) / (2 * STEP)
    return gradient


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_derivative_of_an_activation(name):
    inputs, factors = values(), values(seed=1)
    activation = ACTIVATIONS[name]
    outputs = activation.function(tf.constant(inputs))
    expected = finite_differences(lambda x: tf.reduce_sum(factors * activation.function(x)), inputs)
    found = activation.derivative(outputs, tf.constant(factors))
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_in_numpy_is_that_in_tensorflow(name, dtype):
    inputs = np.concatenate([values(), [[-800.0, 800.0, 0.0, 1e-4]]]).astype(dtype)
    found = ACTIVATIONS[name].numpy_function(inputs)
    assert found.dtype == dtype
    expected = ACTIVATIONS[name].function(tf.constant(inputs))
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("kind", PENALTIES)
def test_gradient_of_a_penalty(kind):
    penalty, activities = PENALTIES[kind], values()
    expected = finite_differences(lambda a: penalty.value(0.3, a), activities)
    found = penalty.gradient(0.3, tf.constant(activities))
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-8)


def test_penalties_by_hand():
    activities = tf.constant([[1.0, -2.0], [0.0, 3.0]])
    found = {kind: float(penalty.value(0.5, activities)) for kind, penalty in PENALTIES.items()}
    logarithms = np.log(2) + np.log(5) + np.log(10)
    assert found == pytest.approx({"l1": 3.0, "l2": 7.0, "log": logarithms / 2})


@pytest.mark.parametrize(("loss", "output"), LOSS_PAIRS)
def test_gradient_of_a_loss(loss, output):
    logits, targets = values(), np.eye(4)[[0, 3, 1, 1, 2]]
    function, activation = LOSSES[loss][output], ACTIVATIONS[output]
    expected = finite_differences(lambda x: function(activation, x, targets)[0], logits)
    _, found = function(activation, tf.constant(logits), targets)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-8)


def test_where_an_activation_may_stand():
    assert HIDDEN_ACTIVATIONS == ["relu", "sigmoid", "tanh", "elu"]
    assert OUTPUT_ACTIVATIONS == ["sigmoid", "softmax", "linear"]
    assert all(set(outputs) <= set(OUTPUT_ACTIVATIONS) for outputs in LOSSES.values())


@pytest.mark.parametrize(
    "options",
    [
        {"activation": "swish"},
        {"output_activation": "swish"},
        {"loss": "hinge"},
        {"output_activation": "linear", "loss": "cross_entropy"},
        {"penalty": {"kind": "l3", "weight": 1e-4}},
        {"batch_normalization": {"place": "elsewhere", "momentum": 0.99, "epsilon": 1e-3}},
    ],
)
def test_unknown_names_raise(options):
    known = {"activation": "relu", "output_activation": "sigmoid", "loss": "mse"}
    with pytest.raises(KeyError):
        Network((6, 4, 6), **{**known, **options})


@pytest.mark.parametrize(
    ("entry", "parts"),
    [
        (Activation, ("function", "derivative", "numpy_function", "hidden", "output")),
        (Penalty, ("value", "gradient")),
    ],
)
def test_an_entry_that_lacks_a_part_raises(entry, parts):
    assert entry(**dict.fromkeys(parts))
    for missing in parts:
        with pytest.raises(TypeError, match=missing):
            entry(**{part: None for part in parts if part != missing})


def test_a_penalty_belongs_to_the_first_hidden_layer_alone():
    penalty = {"kind": "log", "printed": 1e-5, "weight": 1e-4}
    network = Network((6, 5, 4, 3), "relu", "softmax", "mse", penalty=penalty)
    layers = [layer for layer in network.layers if isinstance(layer, ActivationLayer)]
    assert [layer.penalty for layer in layers] == [PENALTIES["log"], None]


ASK = """
import sys
from autoencoders.training.activations import ACTIVATIONS
from autoencoders.training.losses import LOSSES
from autoencoders.training.penalties import PENALTIES
assert ACTIVATIONS and LOSSES and PENALTIES
print([name for name in ("tensorflow", "numpy", "scipy") if name in sys.modules])
"""
ASK_NUMPY = """
import sys, numpy
from autoencoders.runs import forward_pass
from autoencoders.training.activations import ACTIVATIONS
for activation in ACTIVATIONS.values():
    activation.numpy_function(numpy.zeros((2, 3)))
print([name for name in ("tensorflow",) if name in sys.modules])
"""


@pytest.mark.parametrize("code", [ASK, ASK_NUMPY], ids=["names alone", "forward pass"])
def test_the_registries_import_no_library_that_is_not_used(code):
    environment = {**os.environ, "PYTHONPATH": str(WORKFLOW)}
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
