"""Feed-forward networks: the layers in their order, forward and back."""

from itertools import pairwise

import tensorflow as tf

from autoencoders.training.activations import ACTIVATIONS
from autoencoders.training.layers import ActivationLayer, BatchNormalization, Dense
from autoencoders.training.losses import LOSSES

# Where batch normalisation comes among a hidden layer's parts, a dense layer and an activation. The
# last two normalise what the layer is given; `hidden_inputs` leaves the first one's, the pixels.
PLACES = {"before_activation": 1, "after_activation": 2, "hidden_inputs": 0, "all_inputs": 0}


class Network:
    """Hidden layers and an output layer; an autoencoder if the outputs are its inputs again.

    Parameters
    ----------
    widths : sequence of int
        Number of inputs, of units in each hidden layer, and of outputs.
    activation : str or None
        Activation of the hidden layers, a key of `ACTIVATIONS`; None only without any.
    output_activation, loss : str
        A key of `ACTIVATIONS`, and one of `LOSSES` that is defined for it.
    penalty : dict, optional
        `kind` and `weight` of the penalty on the activity of the first hidden layer.
    batch_normalization : dict, optional
        `place` (one of `PLACES`), `momentum` and `epsilon`.
    train_hidden : bool, optional
        Whether training changes the hidden layers, too, or the output layer alone.
    """

    def __init__(
        self,
        widths,
        activation,
        output_activation,
        loss,
        penalty=None,
        batch_normalization=None,
        train_hidden=True,
    ):
        self.widths = tuple(widths)
        self.output_activation = ACTIVATIONS[output_activation]
        self.loss = LOSSES[loss][output_activation]
        self.hidden, self.layers = [], []
        self.normalizations = {}  # by the number of the hidden layer, from 1
        for n_inputs, n_units in pairwise(self.widths[:-1]):
            self.hidden.append(Dense(n_inputs, n_units))
            parts = [self.hidden[-1], ActivationLayer(activation, penalty)]
            penalty = None  # on the first hidden layer alone
            place = batch_normalization["place"] if batch_normalization else None
            if place and not (place == "hidden_inputs" and len(self.hidden) == 1):
                normalization = BatchNormalization(
                    n_units if PLACES[place] else n_inputs,
                    batch_normalization["momentum"],
                    batch_normalization["epsilon"],
                )
                self.normalizations[len(self.hidden)] = normalization
                parts.insert(PLACES[place], normalization)
            self.layers += parts
        self.output = Dense(*self.widths[-2:])
        self.layers.append(self.output)
        # All layers in order: first the frozen ones, then those that training changes.
        n_frozen = 0 if train_hidden else len(self.layers) - 1
        self.frozen, self.trained = self.layers[:n_frozen], self.layers[n_frozen:]
        self.trainable = [variable for layer in self.trained for variable in layer.trainable]
        # With the moments that batch normalisation keeps, which no gradient changes.
        self.state = [value for layer in self.layers for value in layer.variables.values()]

    def initialise(self, rng, sd, output_distribution="normal", output_sd=None):
        """Draw all weights anew, from normal distributions of mean 0 and standard deviation `sd`.

        Those of the output layer may come from another of `layers.DISTRIBUTIONS`, or have another
        standard deviation.
        """
        for layer in self.hidden:
            layer.initialise(rng, "normal", sd)
        self.output.initialise(rng, output_distribution, sd if output_sd is None else output_sd)
        for normalization in self.normalizations.values():
            normalization.initialise()

    def __call__(self, inputs):
        """Return each hidden layer's activities, a list, and the logits, as in evaluation."""
        activities, values = [], inputs
        for layer in self.layers:
            values = layer(values)
            if isinstance(layer, ActivationLayer):
                activities.append(values)
        return activities, values

    def learn(self, inputs, targets, update):
        """Take a batch through the layers, forward and back, and update each on the way back.

        Parameters
        ----------
        inputs, targets : tf.Tensor of shape (n_images, n_inputs) and (n_images, n_outputs)
        update : callable
            Takes a variable and the gradient of the whole loss, penalty included; returns the
            operation that changes the variable.

        Returns
        -------
        tf.Tensor of shape ()
            The error before the update, without the penalty.
        """
        values, saved = inputs, []
        for layer in self.frozen:
            values = layer(values)
        for layer in self.trained:
            values, for_backward = layer.forward(values)
            saved.append(for_backward)

        error, gradient = self.loss(self.output_activation, values, targets)
        updates = []
        for k in reversed(range(len(self.trained))):
            layer = self.trained[k]
            # Each layer is updated as soon as its gradients are there and before the next ones are
            # made: they are then in the cache, which at 1024 units is too small for all.
            with tf.control_dependencies(updates):
                gradient, gradients = layer.backward(saved[k], gradient, of_inputs=k > 0)
            for variable, of_variable in zip(layer.trainable, gradients, strict=True):
                updates.append(update(variable, of_variable))
        return error
