"""Feed-forward networks: layers, losses and the penalty on the hidden activity."""

import numpy as np
import tensorflow as tf

ACTIVATIONS = {
    "relu": tf.nn.relu,
    "sigmoid": tf.sigmoid,
    "softmax": tf.nn.softmax,
    "linear": tf.identity,
}


class Activation:
    """An activation function with its derivative, which is told from the outputs alone.

    Parameters
    ----------
    name : {"relu", "sigmoid", "softmax", "linear"}
    """

    trainable = ()

    def __init__(self, name):
        self.name = name

    def __call__(self, inputs):
        """Return the outputs, of the same shape."""
        return ACTIVATIONS[self.name](inputs)

    def forward(self, inputs):
        """Return the outputs and what takes a gradient back through them, see `Dense.forward`."""
        outputs = self(inputs)

        def backward(gradient, further):
            return self.gradient_below(outputs, gradient), ()

        return outputs, backward

    def gradient_below(self, outputs, gradient):
        """Return the gradient of the inputs for one of the outputs."""
        if self.name == "relu":
            return tf.raw_ops.ReluGrad(gradients=gradient, features=outputs)
        if self.name == "sigmoid":
            return tf.raw_ops.SigmoidGrad(y=outputs, dy=gradient)
        if self.name == "softmax":
            along = tf.reduce_sum(gradient * outputs, axis=-1, keepdims=True)
            return (gradient - along) * outputs
        return gradient


def for_every_image(values):
    """Return one value per unit, for each seed if there are several, to go with all images."""
    return values[:, tf.newaxis] if values.shape.rank > 1 else values


class Dense:
    """A fully connected layer without its activation.

    Parameters
    ----------
    n_inputs, n_units : int
    seeds : tuple of int, optional
        As for `Network`.

    Attributes
    ----------
    weights : tf.Variable of shape (n_inputs, n_units)
    biases : tf.Variable of shape (n_units,)
    """

    def __init__(self, n_inputs, n_units, seeds=()):
        self.seeds = seeds
        self.weights = tf.Variable(tf.zeros((*seeds, n_inputs, n_units)))
        self.biases = tf.Variable(tf.zeros((*seeds, n_units)))

    def __call__(self, inputs):
        """Return inputs @ weights + biases, of shape (n_images, n_units)."""
        outputs = tf.matmul(inputs, self.weights)
        if self.seeds:
            return outputs + for_every_image(self.biases)
        return tf.nn.bias_add(outputs, self.biases)  # which a kernel joins to the product

    def forward(self, inputs):
        """Return the outputs and what takes a gradient back through them.

        Returns
        -------
        outputs : tf.Tensor of shape (n_images, n_units)
        backward : callable
            Takes the gradient of the outputs, and whether that of the inputs is wanted
            (`further`); returns the gradient of the inputs (else None) and those of `trainable`.
        """

        def backward(gradient, further):
            below = tf.matmul(gradient, self.weights, transpose_b=True) if further else None
            # Last of the products, so that the update finds its result in the cache.
            with tf.control_dependencies([below] if further else []):
                of_weights = tf.matmul(inputs, gradient, transpose_a=True)
            if self.seeds:
                return below, (of_weights, tf.reduce_sum(gradient, axis=-2))
            return below, (of_weights, tf.raw_ops.BiasAddGrad(out_backprop=gradient))

        return self(inputs), backward

    @property
    def trainable(self):
        """The variables that training changes."""
        return [self.weights, self.biases]

    def variables(self):
        """Return all variables by name."""
        return {"weights": self.weights, "biases": self.biases}

    def initialise(self, rng, sd):
        """Draw the weights from a normal distribution of mean 0; set the biases to 0.

        Parameters
        ----------
        rng : numpy.random.Generator or list of numpy.random.Generator
            One for every seed where the layer has several.
        sd : float
        """
        shape = self.weights.shape[-2:]
        draws = [
            generator.standard_normal(shape, dtype=np.float32) * np.float32(sd)
            for generator in (rng if self.seeds else [rng])
        ]
        self.weights.assign(draws if self.seeds else draws[0])
        self.biases.assign(tf.zeros_like(self.biases))


class BatchNormalization:
    """Batch normalisation over the images of a batch (Ioffe and Szegedy, 2015), as in Keras.

    Parameters
    ----------
    n_units : int
        Width of the layer.
    momentum : float
        Share of the moving mean and variance that is kept at each batch.
    epsilon : float
        Added to the variance before the division.
    seeds : tuple of int, optional
        As for `Network`.
    """

    def __init__(self, n_units, momentum=0.99, epsilon=1e-3, seeds=()):
        self.momentum = momentum
        self.epsilon = epsilon
        shape = (*seeds, n_units)
        self.scale = tf.Variable(tf.ones(shape))
        self.offset = tf.Variable(tf.zeros(shape))
        self.moving_mean = tf.Variable(tf.zeros(shape), trainable=False)
        self.moving_variance = tf.Variable(tf.ones(shape), trainable=False)

    def __call__(self, inputs):
        """Return the inputs normalised by the moving mean and variance."""
        return self._normalise(inputs, self.moving_mean, self.moving_variance)

    def forward(self, inputs):
        """Normalise by the batch's own moments, and let the moving ones follow.

        Returns
        -------
        outputs : tf.Tensor of shape (n_images, n_units)
        backward : callable
            As that of `Dense.forward`.
        """
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch([inputs, *self.trainable])
            mean, variance = tf.nn.moments(inputs, axes=[-2])
            outputs = self._normalise(inputs, mean, variance)
        for moving, batch in ((self.moving_mean, mean), (self.moving_variance, variance)):
            moving.assign_add((1.0 - self.momentum) * (batch - moving))

        def backward(gradient, further):
            below, *gradients = tape.gradient(outputs, [inputs, *self.trainable], gradient)
            return below, gradients

        return outputs, backward

    def _normalise(self, inputs, mean, variance):
        of_units = map(for_every_image, (mean, variance, self.offset, self.scale))
        return tf.nn.batch_normalization(inputs, *of_units, self.epsilon)

    @property
    def trainable(self):
        """The variables that training changes."""
        return [self.scale, self.offset]

    def variables(self):
        """Return all variables by name."""
        return {
            "scale": self.scale,
            "offset": self.offset,
            "moving_mean": self.moving_mean,
            "moving_variance": self.moving_variance,
        }

    def initialise(self):
        """Set the scale and the moving variance to 1, the offset and the moving mean to 0."""
        for variable, value in zip(self.variables().values(), (1.0, 0.0, 0.0, 1.0), strict=True):
            variable.assign(tf.fill(variable.shape, value))


class Network:
    """Hidden layers and an output layer; an autoencoder if the outputs are its inputs again.

    Parameters
    ----------
    widths : sequence of int
        Number of inputs, of units in each hidden layer, and of outputs.
    activation : {"relu", "sigmoid", None}
        Activation of the hidden layers; None only without any.
    output_activation : {"sigmoid", "softmax", "linear"}
        Activation of the output layer.
    loss : {"mse", "cross_entropy"}
        See `loss_and_gradient`.
    penalty : dict, optional
        `norm` ("l1" or "l2") and `weight` of the penalty on the activity of the first hidden
        layer.
    batch_normalization : dict, optional
        `place` ("before_activation" or "after_activation"), `momentum` and `epsilon`; None for
        a network without.
    train_hidden : bool, optional
        Whether training changes the hidden layers, too, or the output layer alone.
    seeds : tuple of int, optional
        `(n_seeds,)` for as many networks side by side: every variable, and all that the network
        returns, then has them as its first axis. Images may have that axis, or be the same for all.
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
        seeds=(),
    ):
        self.widths = tuple(widths)
        self.output_activation = output_activation
        self.loss = loss
        self.penalty = penalty
        self.train_hidden = train_hidden
        self.seeds = seeds
        self.hidden = [
            Dense(*pair, seeds) for pair in zip(self.widths[:-2], self.widths[1:-1], strict=True)
        ]
        self.normalizations = [
            BatchNormalization(
                width, batch_normalization["momentum"], batch_normalization["epsilon"], seeds
            )
            for width in (self.widths[1:-1] if batch_normalization else [])
        ]
        self.output = Dense(*self.widths[-2:], seeds)
        self.activation = Activation(activation)
        self.outputs = Activation(output_activation)
        # What the images pass before the output layer, in order.
        self.layers = []
        for k, dense in enumerate(self.hidden):
            normalization = self.normalizations[k : k + 1]
            if batch_normalization and batch_normalization["place"] == "after_activation":
                self.layers += [dense, self.activation, *normalization]
            else:
                self.layers += [dense, *normalization, self.activation]

    @property
    def trainable(self):
        """The variables that training changes, from the inputs to the outputs."""
        hidden = self.layers if self.train_hidden else []
        return [variable for layer in [*hidden, self.output] for variable in layer.trainable]

    @property
    def state(self):
        """All variables, those that training moves only by averaging included."""
        layers = [*self.hidden, *self.normalizations, self.output]
        return [variable for layer in layers for variable in layer.variables().values()]

    def initialise(self, rng, sd, output_sd=None):
        """Draw every layer's weights anew, from the inputs to the outputs.

        Parameters
        ----------
        rng : numpy.random.Generator or list of numpy.random.Generator
            As for `Dense.initialise`.
        sd : float
            Standard deviation of the weights.
        output_sd : float, optional
            That of the output layer's weights, if it is another one.
        """
        for layer in self.hidden:
            layer.initialise(rng, sd)
        self.output.initialise(rng, sd if output_sd is None else output_sd)
        for normalization in self.normalizations:
            normalization.initialise()

    def run_hidden(self, inputs):
        """Return the activities of every hidden layer and what the output layer is given.

        Parameters
        ----------
        inputs : tf.Tensor of shape (n_images, n_inputs)

        Returns
        -------
        activities : list of tf.Tensor of shape (n_images, n_units)
            What each layer's activation function gives.
        codes : tf.Tensor of shape (n_images, n_units)
            The last layer's activities, normalised if that comes after the activation; the
            inputs themselves without hidden layers.
        """
        activities = []
        for layer in self.layers:
            inputs = layer(inputs)
            if layer is self.activation:
                activities.append(inputs)
        return activities, inputs

    def activities(self, inputs):
        """Return the activities of every hidden layer, as `run_hidden` does."""
        return self.run_hidden(inputs)[0]

    def __call__(self, inputs):
        """Return hidden activities, logits and outputs.

        Parameters
        ----------
        inputs : tf.Tensor of shape (n_images, n_inputs)

        Returns
        -------
        activities : list of tf.Tensor of shape (n_images, n_units)
        logits : tf.Tensor of shape (n_images, n_outputs)
            Outputs before their activation.
        outputs : tf.Tensor of shape (n_images, n_outputs)
        """
        activities, codes = self.run_hidden(inputs)
        logits = self.output(codes)
        return activities, logits, self.outputs(logits)

    def learn(self, inputs, targets, update):
        """Go through the layers with a batch, forward and back, and update each on the way back.

        Each layer is updated as soon as its gradients are there and before the next ones are
        made, while they are likely to be in the cache, which at 1024 units is too small for all.

        Parameters
        ----------
        inputs : tf.Tensor of shape (n_images, n_inputs)
        targets : tf.Tensor of shape (n_images, n_outputs)
        update : callable
            Takes a variable and the gradient of the whole loss, penalty included, changes the
            variable and returns the operation that does.

        Returns
        -------
        tf.Tensor of shape ()
            The error before the update: the loss of the outputs alone, without the penalty.
        """
        values, penalised, passed = inputs, None, []
        for layer in self.layers:
            if not self.train_hidden:
                values = layer(values)
                continue
            values, backward = layer.forward(values)
            passed.append((layer, backward))
            if layer is self.activation and self.penalty and penalised is None:
                penalised, activities = backward, values
        logits, backward = self.output.forward(values)
        passed.append((self.output, backward))
        outputs, backward = self.outputs.forward(logits)
        error, by, gradient = loss_and_gradient(
            self.loss, self.output_activation, logits, outputs, targets
        )
        if by is outputs:
            gradient, _ = backward(gradient, True)
        updates = []
        for layer, backward in reversed(passed):
            if backward is penalised:
                gradient += penalty_gradient(self.penalty, activities)
            with tf.control_dependencies(updates):
                gradient, gradients = backward(gradient, backward is not passed[0][1])
            updates += map(update, layer.trainable, gradients)
        return error


def loss_and_gradient(loss, output_activation, logits, outputs, targets):
    """Return a loss and its gradient in closed form, which is faster than differentiating it.

    Parameters
    ----------
    loss : {"mse", "cross_entropy"}
        "mse": squared error, mean over images and outputs. "cross_entropy": with softmax
        outputs the categorical one, mean over images; with sigmoid outputs the binary one, mean
        over images and outputs.
    output_activation : {"sigmoid", "softmax", "linear"}
        What made `outputs` of `logits`.
    logits, outputs, targets : tf.Tensor of shape (n_images, n_outputs)

    Returns
    -------
    error : tf.Tensor of shape ()
    by : tf.Tensor
        Either `logits` or `outputs`.
    gradient : tf.Tensor of shape (n_images, n_outputs)
        Gradient of the error with respect to `by`.
    """
    difference = outputs - targets
    n_images = tf.cast(tf.shape(logits)[-2], tf.float32)
    n_values = n_images * logits.shape[-1]
    if loss == "mse":
        error = tf.reduce_mean(tf.square(difference), axis=[-2, -1])
        return error, outputs, difference * (2.0 / n_values)
    targets = tf.broadcast_to(targets, tf.shape(logits))
    if output_activation == "softmax":
        errors = tf.nn.softmax_cross_entropy_with_logits(labels=targets, logits=logits)
        return tf.reduce_mean(errors, axis=-1), logits, difference / n_images
    errors = tf.nn.sigmoid_cross_entropy_with_logits(labels=targets, logits=logits)
    return tf.reduce_mean(errors, axis=[-2, -1]), logits, difference / n_values


def penalty_gradient(penalty, activity):
    """Return the gradient of an activity penalty, summed over batch and units.

    Parameters
    ----------
    penalty : dict
        `norm`: "l1" for weight * sum |a|, "l2" for weight * sum a^2; `weight`.
    activity : tf.Tensor of shape (n_images, n_units)
    """
    if penalty["norm"] == "l1":
        return penalty["weight"] * tf.sign(activity)
    return (2.0 * penalty["weight"]) * activity
