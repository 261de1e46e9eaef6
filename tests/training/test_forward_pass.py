"""The NumPy forward pass of saved weights against TensorFlow's."""

import engine  # isort: skip (before TensorFlow)
import numpy as np
import pytest
import tensorflow as tf

from autoencoders.runs.forward_pass import decode, encode, forward_pass
from autoencoders.training.activations import HIDDEN_ACTIVATIONS
from autoencoders.training.autoencoder_procedure import AutoencoderProcedure
from autoencoders.training.classifier_procedure import ClassifierProcedure
from autoencoders.training.layers import ActivationLayer, BatchNormalization

PLACES = ("before_activation", "after_activation", "hidden_inputs", "all_inputs")
IMAGES = engine.images(30, seed=1).astype(np.float32)


def saved(procedure):
    """Return the weights that a run saves, without the seed in their names."""
    weights = {}
    for layer_name, layer in procedure.saved_layers:
        for name, variable in layer.variables.items():
            weights[f"{layer_name}/{name}"] = variable.numpy()
    return weights


def by_tensorflow(network, place):
    """Return what each hidden layer passes on, and the outputs."""
    activities, values = [], tf.constant(IMAGES)
    for layer in network.layers:
        values = layer(values)
        if isinstance(layer, ActivationLayer):
            activities.append(values)
        elif isinstance(layer, BatchNormalization) and place == "after_activation":
            activities[-1] = values
    return activities, network.output_activation.function(values)


def assert_same_pass(procedure, config):
    procedure.train(seed=0)
    expected_activities, expected_outputs = by_tensorflow(
        procedure.network, (config["training"].get("batch_normalization") or {}).get("place")
    )
    activities, outputs = forward_pass(saved(procedure), config, IMAGES)
    assert len(activities) == len(expected_activities)
    pairs = zip([*activities, outputs], [*expected_activities, expected_outputs], strict=True)
    for found, expected in pairs:
        assert found.dtype == np.float32
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("activation", HIDDEN_ACTIVATIONS)
def test_autoencoder(activation):
    config = engine.autoencoder(activation=activation)
    procedure = AutoencoderProcedure(config, engine.data())
    assert_same_pass(procedure, config)
    weights = saved(procedure)
    activities, outputs = forward_pass(weights, config, IMAGES)
    codes = encode(weights, config, IMAGES)
    assert np.array_equal(codes, activities[0])
    assert np.array_equal(decode(weights, codes), outputs)


@pytest.mark.parametrize("place", [None, *PLACES])
@pytest.mark.parametrize("activation", HIDDEN_ACTIVATIONS)
def test_classifier(activation, place):
    chosen = {"activations": [activation], "place": place} if place else {"activations": []}
    config = engine.classifier(activation=activation, normalization=chosen)
    procedure = ClassifierProcedure(config, engine.data())
    assert len(procedure.network.normalizations) == {None: 0, "hidden_inputs": 1}.get(place, 2)
    assert_same_pass(procedure, config)


@pytest.mark.parametrize("output", ["softmax", "sigmoid", "linear"])
def test_outputs_of_a_classifier(output):
    rules = {"output_activation": output, "loss": "mse"}
    for hidden, activation in (([8], "relu"), ([], None)):
        config = engine.classifier(hidden=hidden, activation=activation, full_training=rules)
        assert_same_pass(ClassifierProcedure(config, engine.data()), config)


def test_the_type_is_that_of_weights_and_images():
    config = engine.classifier()
    procedure = ClassifierProcedure(config, engine.data())
    procedure.train(seed=0)
    weights = {name: value.astype(np.float64) for name, value in saved(procedure).items()}
    activities, outputs = forward_pass(weights, config, IMAGES.astype(np.float64))
    assert {values.dtype for values in (*activities, outputs)} == {np.dtype(np.float64)}


@pytest.mark.parametrize("place", PLACES[:2])
def test_activities_by_hand(place):
    weights = {
        "hidden1/weights": np.array([[1.0, -1.0]]),
        "hidden1/biases": np.array([0.5, 0.0]),
        "hidden1/scale": np.array([2.0, 1.0]),
        "hidden1/offset": np.array([0.0, 3.0]),
        "hidden1/moving_mean": np.array([1.0, 0.0]),
        "hidden1/moving_variance": np.array([3.999, 0.999]),
        "output/weights": np.array([[1.0], [1.0]]),
        "output/biases": np.array([0.0]),
    }
    config = engine.classifier(
        hidden=[2], normalization={"place": place}, full_training={"output_activation": "linear"}
    )
    (found,), outputs = forward_pass(weights, config, np.array([[2.0]]))
    # Before: (2.5 - 1) / 2 * 2 = 1.5 and -2 + 3 = 1. After: the same of 2.5, and 0 + 3.
    expected = [1.5, 1.0] if place == "before_activation" else [1.5, 3.0]
    assert found[0] == pytest.approx(expected)
    assert outputs[0] == pytest.approx([sum(expected)])
    plain = {n: weights[n] for n in weights if n.split("/")[1] in ("weights", "biases")}
    (found,), _ = forward_pass(plain, config, np.array([[2.0]]))
    assert found[0] == pytest.approx([2.5, 0.0])
