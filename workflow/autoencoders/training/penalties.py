"""Penalties on the activity of a hidden layer: the registry `PENALTIES`, one entry for each."""

from collections.abc import Callable
from dataclasses import dataclass

from autoencoders.training.lazy_import import LazyModule

tf = LazyModule("tensorflow")


@dataclass(frozen=True, kw_only=True)
class Penalty:
    """A penalty on activities, a tensor of shape (n_images, n_units), summed over all of them.

    An entry that lacks a part raises when this module is imported.
    """

    value: Callable  # of the weight and the activities
    gradient: Callable  # of the same; the gradient with respect to the activities


PENALTIES = {
    "l1": Penalty(
        value=lambda weight, a: weight * tf.reduce_sum(tf.abs(a)),
        gradient=lambda weight, a: weight * tf.sign(a),
    ),
    "l2": Penalty(
        value=lambda weight, a: weight * tf.reduce_sum(tf.square(a)),
        gradient=lambda weight, a: (2.0 * weight) * a,
    ),
    # Presses small activities to 0 and spares large ones: B. A. Olshausen and D. J. Field,
    # Emergence of simple-cell receptive field properties by learning a sparse code for natural
    # images, Nature 381, 607-609, 1996.
    "log": Penalty(
        value=lambda weight, a: weight * tf.reduce_sum(tf.math.log1p(tf.square(a))),
        gradient=lambda weight, a: (2.0 * weight) * a / (1.0 + tf.square(a)),
    ),
}
