"""Layers: dense, activation, batch normalisation.

A layer that is called returns its outputs, as in evaluation. Training goes through it in two steps:
`forward` returns the outputs and what it saves for the way back; `backward` takes this and the
gradient of the outputs, and returns the gradient of the inputs and those of `trainable`. Inputs and
outputs are tensors of shape (n_images, n_units).
"""

import math

import numpy as np
import tensorflow as tf

from autoencoders.training.activations import ACTIVATIONS
from autoencoders.training.penalties import PENALTIES


def normal(rng, shape, sd):
    """Return draws from a normal distribution of mean 0."""
    return rng.standard_normal(shape, dtype=np.float32) * np.float32(sd)


def glorot_uniform(rng, shape, sd):
    """Return draws as Keras makes them by default (Glorot and Bengio, 2010); `sd` plays no part."""
    limit = math.sqrt(6 / sum(shape))
    return rng.uniform(-limit, limit, shape).astype(np.float32)


DISTRIBUTIONS = {"normal": normal, "glorot_uniform": glorot_uniform}  # of initial weights


class Dense:
    """A fully connected layer without its activation."""

    def __init__(self, n_inputs, n_units):
        self.weights = tf.Variable(tf.zeros((n_inputs, n_units)))
        self.biases = tf.Variable(tf.zeros(n_units))
        self.trainable = [self.weights, self.biases]
        self.variables = {"weights": self.weights, "biases": self.biases}

    def initialise(self, rng, distribution, sd):
        """Draw the weights from one of `DISTRIBUTIONS`; set the biases to 0."""
        self.weights.assign(DISTRIBUTIONS[distribution](rng, self.weights.shape, sd))
        self.biases.assign(tf.zeros_like(self.biases))

    def __call__(self, inputs):
        """Return inputs @ weights + biases."""
        # Not a plain sum: TensorFlow joins `bias_add` to the product in one kernel.
        return tf.nn.bias_add(tf.matmul(inputs, self.weights), self.biases)

    def forward(self, inputs):
        """Return the outputs, and save the inputs."""
        return self(inputs), inputs

    def backward(self, inputs, gradient, of_inputs):
        """Return the gradient of the inputs, or None if it is not wanted, and the others."""
        below = tf.matmul(gradient, self.weights, transpose_b=True) if of_inputs else None
        # Last of the products, so that the update finds its result in the cache.
        with tf.control_dependencies([below] if of_inputs else []):
            of_weights = tf.matmul(inputs, gradient, transpose_a=True)
        return below, [of_weights, tf.raw_ops.BiasAddGrad(out_backprop=gradient)]


class ActivationLayer:
    """An activation function by its name, and a penalty on its outputs by `kind` and `weight`."""

    def __init__(self, name, penalty=None):
        self.activation = ACTIVATIONS[name]
        self.penalty = PENALTIES[penalty["kind"]] if penalty else None
        self.penalty_weight = penalty["weight"] if penalty else 0.0
        self.trainable, self.variables = [], {}

    def __call__(self, inputs):
        """Return the outputs."""
        return self.activation.function(inputs)

    def forward(self, inputs):
        """Return the outputs, and save them."""
        outputs = self(inputs)
        return outputs, outputs

    def backward(self, outputs, gradient, of_inputs):
        """Return the gradient of the inputs, that of the penalty included, and no others."""
        if self.penalty:
            gradient += self.penalty.gradient(self.penalty_weight, outputs)
        return self.activation.derivative(outputs, gradient), []


class BatchNormalization:
    """Batch normalisation over the images of a batch (Ioffe and Szegedy, 2015), as in Keras.

    `momentum` is the share of the moving mean and variance that is kept at each batch; `epsilon`
    is added to the variance before the division.
    """

    def __init__(self, n_units, momentum, epsilon):
        self.momentum = momentum
        self.epsilon = epsilon
        self.scale = tf.Variable(tf.ones(n_units))
        self.offset = tf.Variable(tf.zeros(n_units))
        self.moving_mean = tf.Variable(tf.zeros(n_units), trainable=False)
        self.moving_variance = tf.Variable(tf.ones(n_units), trainable=False)
        self.trainable = [self.scale, self.offset]
        self.variables = {
            "scale": self.scale,
            "offset": self.offset,
            "moving_mean": self.moving_mean,
            "moving_variance": self.moving_variance,
        }

    def initialise(self):
        """Set the scale and the moving variance to 1, the offset and the moving mean to 0."""
        for variable in (self.scale, self.moving_variance):
            variable.assign(tf.ones_like(variable))
        for variable in (self.offset, self.moving_mean):
            variable.assign(tf.zeros_like(variable))

    def __call__(self, inputs):
        """Return the inputs normalised by the moving mean and variance."""
        return self._normalise(inputs, self.moving_mean, self.moving_variance)

    def forward(self, inputs):
        """Normalise by the batch's own moments, and let the moving ones follow; save a tape."""
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch([inputs, *self.trainable])
            mean, variance = tf.nn.moments(inputs, axes=[0])
            outputs = self._normalise(inputs, mean, variance)
        self.moving_mean.assign_add((1.0 - self.momentum) * (mean - self.moving_mean))
        self.moving_variance.assign_add((1.0 - self.momentum) * (variance - self.moving_variance))
        return outputs, (inputs, outputs, tape)

    def backward(self, saved, gradient, of_inputs):
        """Return the gradient of the inputs and those of scale and offset."""
        inputs, outputs, tape = saved
        below, *gradients = tape.gradient(outputs, [inputs, *self.trainable], gradient)
        return below, gradients

    def _normalise(self, inputs, mean, variance):
        return tf.nn.batch_normalization(
            inputs, mean, variance, self.offset, self.scale, self.epsilon
        )
