"""Activation functions: the registry `ACTIVATIONS`, one entry for each."""

from collections.abc import Callable
from dataclasses import dataclass

from autoencoders.training.lazy_import import LazyModule

tf = LazyModule("tensorflow")
np = LazyModule("numpy")
special = LazyModule("scipy.special")


@dataclass(frozen=True, kw_only=True)
class Activation:
    """An activation function; an entry that lacks a part raises when this module is imported."""

    function: Callable  # of the inputs x, a tensor of shape (n_images, n_units)
    derivative: Callable  # of the outputs y and their gradient dy; returns the gradient of x
    numpy_function: Callable  # the function for an ndarray, whose type it keeps
    hidden: bool  # whether hidden layers may have it
    output: bool  # whether an output layer may have it


# Lambdas, as `function=tf.tanh` would import TensorFlow at once.
ACTIVATIONS = {
    "relu": Activation(
        function=lambda x: tf.nn.relu(x),
        derivative=lambda y, dy: tf.raw_ops.ReluGrad(gradients=dy, features=y),
        numpy_function=lambda x: np.maximum(x, 0),
        hidden=True,
        output=False,
    ),
    "sigmoid": Activation(
        function=lambda x: tf.sigmoid(x),
        derivative=lambda y, dy: tf.raw_ops.SigmoidGrad(y=y, dy=dy),
        numpy_function=lambda x: special.expit(x),
        hidden=True,
        output=True,
    ),
    "tanh": Activation(
        function=lambda x: tf.tanh(x),
        derivative=lambda y, dy: tf.raw_ops.TanhGrad(y=y, dy=dy),
        numpy_function=lambda x: np.tanh(x),
        hidden=True,
        output=False,
    ),
    # x above 0, exp(x) - 1 below: D.-A. Clevert, T. Unterthiner and S. Hochreiter, Fast and
    # accurate deep network learning by exponential linear units, 2016. Their alpha is 1 here.
    "elu": Activation(
        function=lambda x: tf.nn.elu(x),
        derivative=lambda y, dy: tf.raw_ops.EluGrad(gradients=dy, outputs=y),
        # One of the two terms is always 0.
        numpy_function=lambda x: np.maximum(x, 0) + np.expm1(np.minimum(x, 0)),
        hidden=True,
        output=False,
    ),
    "softmax": Activation(
        function=lambda x: tf.nn.softmax(x),
        derivative=lambda y, dy: (dy - tf.reduce_sum(dy * y, axis=-1, keepdims=True)) * y,
        numpy_function=lambda x: special.softmax(x, axis=-1),
        hidden=False,
        output=True,
    ),
    "linear": Activation(
        function=lambda x: tf.identity(x),
        derivative=lambda y, dy: dy,
        numpy_function=lambda x: x,
        hidden=False,
        output=True,
    ),
}
HIDDEN_ACTIVATIONS = [name for name, activation in ACTIVATIONS.items() if activation.hidden]
OUTPUT_ACTIVATIONS = [name for name, activation in ACTIVATIONS.items() if activation.output]
