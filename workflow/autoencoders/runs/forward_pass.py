"""The forward pass of saved networks, in NumPy.

Weights are the arrays of one seed by name, as `Run.weights` returns them, and images are of shape
(n_images, n_pixels). The outputs have their type: float32 as in training, unless it is changed.
"""

import numpy as np

from autoencoders.training.activations import ACTIVATIONS


def forward_pass(weights, settings, images):
    """Return the activities and outputs of a network, given its configuration's settings.

    Returns
    -------
    activities : list of ndarray of shape (n_images, n_units)
        What each hidden layer passes on: normalised, if that comes after the activation.
    outputs : ndarray of shape (n_images, n_outputs)
    """
    if settings["network"] == "autoencoder":
        codes = encode(weights, settings, images)
        return [codes], decode(weights, codes)
    normalization = settings["training"]["batch_normalization"]
    activities, values = [], images
    for k in range(len(settings["hidden"])):
        layer = f"hidden{k + 1}"
        place = normalization["place"] if f"{layer}/scale" in weights else None
        if place in ("hidden_inputs", "all_inputs"):
            values = _normalised(weights, layer, normalization["epsilon"], values)
        values = _dense(weights, layer, values)
        if place == "before_activation":
            values = _normalised(weights, layer, normalization["epsilon"], values)
        values = ACTIVATIONS[settings["activation"]].numpy_function(values)
        if place == "after_activation":
            values = _normalised(weights, layer, normalization["epsilon"], values)
        activities.append(values)
    output_activation = ACTIVATIONS[settings["training"]["full_training"]["output_activation"]]
    return activities, output_activation.numpy_function(_dense(weights, "output", values))


def encode(weights, settings, images):
    """Return an autoencoder's hidden activities, of shape (n_images, n_units)."""
    return ACTIVATIONS[settings["activation"]].numpy_function(_dense(weights, "encoder", images))


def decode(weights, codes):
    """Return an autoencoder's reconstructions, of shape (n_images, n_pixels), from its codes."""
    return ACTIVATIONS["sigmoid"].numpy_function(_dense(weights, "decoder", codes))


def _dense(weights, layer, inputs):
    return inputs @ weights[f"{layer}/weights"] + weights[f"{layer}/biases"]


def _normalised(weights, layer, epsilon, inputs):
    factor = weights[f"{layer}/scale"] / np.sqrt(weights[f"{layer}/moving_variance"] + epsilon)
    return (inputs - weights[f"{layer}/moving_mean"]) * factor + weights[f"{layer}/offset"]
