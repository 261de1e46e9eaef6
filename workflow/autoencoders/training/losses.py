"""Losses: the registry `LOSSES`, which names for each the output activations it is defined for.

A loss takes the output activation (an `Activation`), the logits, which are the outputs before it,
and the targets, tensors of shape (n_images, n_outputs). It returns the error, of shape (), and its
gradient with respect to the logits, in closed form, which is faster than differentiating it.
"""

from autoencoders.training.activations import OUTPUT_ACTIVATIONS
from autoencoders.training.lazy_import import LazyModule

tf = LazyModule("tensorflow")


def squared_error(activation, logits, targets):
    """Return the squared error, mean over images and outputs, and its gradient."""
    outputs = activation.function(logits)
    difference = outputs - targets
    gradient_of_outputs = difference * (2.0 / (_n_images(logits) * logits.shape[-1]))
    gradient = activation.derivative(outputs, gradient_of_outputs)
    return tf.reduce_mean(tf.square(difference)), gradient


def categorical_cross_entropy(activation, logits, targets):
    """Return the cross-entropy of softmax outputs, mean over images, and its gradient."""
    errors = tf.nn.softmax_cross_entropy_with_logits(labels=targets, logits=logits)
    difference = activation.function(logits) - targets
    return tf.reduce_mean(errors), difference / _n_images(logits)


def binary_cross_entropy(activation, logits, targets):
    """Return the cross-entropy of sigmoid outputs, mean over images and outputs; its gradient."""
    errors = tf.nn.sigmoid_cross_entropy_with_logits(labels=targets, logits=logits)
    difference = activation.function(logits) - targets
    return tf.reduce_mean(errors), difference / (_n_images(logits) * logits.shape[-1])


def _n_images(logits):
    return tf.cast(tf.shape(logits)[0], logits.dtype)


# Loss -> output activation -> function.
LOSSES = {
    "mse": dict.fromkeys(OUTPUT_ACTIVATIONS, squared_error),
    "cross_entropy": {"softmax": categorical_cross_entropy, "sigmoid": binary_cross_entropy},
}
