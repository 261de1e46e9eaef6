"""Stochastic gradient descent with momentum: one epoch is one compiled function."""

import math

import numpy as np
import tensorflow as tf

from autoencoders.networks import loss_and_gradient

STREAMS = ("weights", "shuffling", "noise")
EVALUATION_ROWS = 2000  # images that are evaluated at once; bounds the memory


def random_streams(seed, phase=0):
    """Return separate random generators for weights, shuffling and noise.

    They depend on the seed and the phase alone, so neither another seed nor the length of an
    earlier phase moves them.

    Parameters
    ----------
    seed : int
    phase : int, optional
        Number of the training phase within the seed.

    Returns
    -------
    dict of str to numpy.random.Generator
    """
    return {
        name: np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(phase, k)))
        for k, name in enumerate(STREAMS)
    }


def as_floats(inputs):
    """Return a tensor as float32, which the networks take."""
    return tf.cast(inputs, tf.float32)


def pick(images, rows):
    """Return rows of images; for several seeds each its own rows, of its own images if it has any.

    Parameters
    ----------
    images : tf.Tensor of shape (n_images, n_values) or (n_seeds, n_images, n_values)
    rows : tf.Tensor of shape (n_rows,) or (n_seeds, n_rows)
    """
    return tf.gather(images, rows, axis=-2, batch_dims=images.shape.rank - 2)


def several_cores():
    """Return whether operations run on a CPU and may use more than one of its cores."""
    threads = tf.config.threading.get_intra_op_parallelism_threads()
    return threads > 1 and not tf.config.get_visible_devices("GPU")


def normal(shape, noise_seed, batch, xla):
    """Return normally distributed numbers that the seed and the number of the batch determine.

    Parameters
    ----------
    shape : tuple of int
        With the seeds as its first axis if there are several.
    noise_seed : tf.Tensor of shape () or (n_seeds,)
    batch : tf.Tensor of shape ()
    xla : bool
        Whether XLA compiles this; the numbers are the same.
    """
    if not xla:
        return tf.random.stateless_normal(shape, seed=tf.stack([noise_seed, batch]), alg="philox")
    if not noise_seed.shape.rank:
        return box_muller(shape, tf.stack([noise_seed, batch]))
    numbers = [box_muller(shape[1:], tf.stack([seed, batch])) for seed in tf.unstack(noise_seed)]
    return tf.stack(numbers)


def box_muller(shape, seed):
    """Return the numbers that `stateless_normal` draws on a CPU; XLA's own are others.

    References
    ----------
    G. E. P. Box and M. E. Muller, A note on the generation of random normal deviates, 1958.
    """
    n_values = math.prod(shape)
    n_pairs = 2 * math.ceil(n_values / 4)  # the generator gives four numbers at a time
    bits = tf.random.stateless_uniform(
        (n_pairs, 2), seed, minval=None, maxval=None, dtype=tf.uint32, alg="philox"
    )
    # 23 random bits behind the exponent of 1 make a number from 1 to 2.
    uniform = tf.bitcast((bits & 0x7FFFFF) | 0x3F800000, tf.float32) - 1.0
    radius = tf.sqrt(-2.0 * tf.math.log(tf.maximum(uniform[:, 0], 1e-7)))
    angle = 2.0 * math.pi * uniform[:, 1]
    pairs = tf.stack([tf.sin(angle), tf.cos(angle)], axis=1) * radius[:, tf.newaxis]
    return tf.reshape(tf.reshape(pairs, [-1])[:n_values], shape)


class Trainer:
    """Trains a network; its compiled functions serve seed after seed.

    Of a network of several seeds it trains all at once, in a program that XLA compiles for the
    device. Its streams and the numbers returned are lists, one for each seed. With more than one
    thread on a CPU, XLA compiles the epoch of a single network, too.

    Parameters
    ----------
    network : Network
    batch_size : int
    learning_rate : float
    momentum : float
        Share of the last step that is kept; classical momentum, not Nesterov's.
    noise : float, optional
        Standard deviation of the Gaussian noise added to the inputs, fresh for every batch; the
        targets stay clean.
    last_batch : {"train", "drop"}, optional
        What becomes of the last batch of an epoch when it is smaller than the others.
    """

    def __init__(self, network, batch_size, learning_rate, momentum, noise=0.0, last_batch="train"):
        self.network = network
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.momentum = momentum
        self.noise = noise
        self.last_batch = last_batch
        self._velocity_of = {v.ref(): tf.Variable(tf.zeros_like(v)) for v in network.trainable}
        # On one core the plain form is the faster one without XLA, see benchmarks/README.md.
        self._xla = bool(network.seeds) or several_cores()
        self._epoch = tf.function(
            self._run_epoch, autograph=False, jit_compile=True if self._xla else None
        )
        compiled = {"autograph": False, "jit_compile": True if network.seeds else None}
        self._evaluate = tf.function(self._evaluate_rows, reduce_retracing=True, **compiled)
        self._activities = tf.function(
            lambda inputs: network.activities(as_floats(inputs)), reduce_retracing=True, **compiled
        )

    @property
    def velocities(self):
        """The variables that hold the momentum, in the order of the network's `trainable`."""
        return list(self._velocity_of.values())

    def reset(self):
        """Forget the momentum of an earlier training."""
        for velocity in self.velocities:
            velocity.assign(tf.zeros_like(velocity))

    def step(self, inputs, targets):
        """Update the weights by one batch and return its error before the update."""
        return self.network.learn(inputs, targets, self._update)

    def _update(self, variable, gradient):
        return tf.raw_ops.ResourceApplyMomentum(
            var=variable.handle,
            accum=self._velocity_of[variable.ref()].handle,
            lr=self.learning_rate,
            grad=gradient,
            momentum=self.momentum,
        )

    def epoch(self, inputs, targets, streams):
        """Train on every row once, in a fresh order.

        Parameters
        ----------
        inputs : tf.Tensor of shape (n_images, n_inputs)
            Of any type; 0/1 images as uint8 take a quarter of the memory traffic of float32.
        targets : tf.Tensor of shape (n_images, n_outputs)
            The tensor `inputs` itself for an autoencoder.
        streams : dict of str to numpy.random.Generator
            "shuffling" and, with noise, "noise".

        Returns
        -------
        float
            The mean of the batches' errors, each before its update, weighted by size.
        """
        n_images, several = inputs.shape[-2], bool(self.network.seeds)
        orders, noise_seeds = [], []
        for of_seed in streams if several else [streams]:
            orders.append(of_seed["shuffling"].permutation(n_images).astype(np.int32))
            noise_seeds.append(np.int32(of_seed["noise"].integers(2**31) if self.noise else 0))
        order, noise_seed = (orders, noise_seeds) if several else (orders[0], noise_seeds[0])
        error = self._epoch(
            inputs,
            None if targets is inputs else targets,
            tf.constant(order),
            tf.constant(noise_seed),
        )
        return error.numpy().tolist()

    def _run_epoch(self, inputs, targets, order, noise_seed):
        n_images, size, seeds = inputs.shape[-2], self.batch_size, self.network.seeds
        full, rest = divmod(n_images, size)

        def run(batch, n_rows):
            # Gathered batch by batch: the whole set in its new order would not stay in the cache.
            rows = tf.slice(order, [0] * len(seeds) + [batch * size], [*seeds, n_rows])
            batch_inputs = as_floats(pick(inputs, rows))
            batch_targets = batch_inputs if targets is None else pick(targets, rows)
            if self.noise:
                batch_inputs += self.noise * normal(
                    batch_inputs.shape, noise_seed, batch, self._xla
                )
            return self.step(batch_inputs, batch_targets)

        _, total = tf.while_loop(
            lambda batch, total: batch < full,
            lambda batch, total: (batch + 1, total + size * run(batch, size)),
            (tf.constant(0), tf.zeros(seeds)),
            parallel_iterations=1,
        )
        if not rest or self.last_batch == "drop":
            return total / (full * size)
        with tf.control_dependencies([total]):
            return (total + rest * run(tf.constant(full), rest)) / n_images

    def evaluate(self, inputs, targets):
        """Return error and accuracy on images, without noise, penalty or update.

        Parameters
        ----------
        inputs : tf.Tensor of shape (n_images, n_inputs)
        targets : tf.Tensor of shape (n_images, n_outputs)
            The tensor `inputs` itself for an autoencoder.

        Returns
        -------
        error : float
            The network's loss, mean over the images.
        accuracy : float or None
            Share of images whose largest output is at the largest target; None for an
            autoencoder.
        """
        n_images, total, right = inputs.shape[-2], 0.0, 0
        reconstructs = targets is inputs
        for start in range(0, n_images, EVALUATION_ROWS):
            stop = min(start + EVALUATION_ROWS, n_images)
            wanted = None if reconstructs else targets[start:stop]
            error, n_right = self._evaluate(inputs[..., start:stop, :], wanted)
            total += (stop - start) * error.numpy().astype(float)
            right += n_right.numpy()
        accuracy = None if reconstructs else (right / n_images).tolist()
        return (total / n_images).tolist(), accuracy

    def _evaluate_rows(self, inputs, targets):
        network = self.network
        inputs = as_floats(inputs)
        _, logits, outputs = network(inputs)
        wanted = inputs if targets is None else targets
        error, _, _ = loss_and_gradient(
            network.loss, network.output_activation, logits, outputs, wanted
        )
        if targets is None:
            return error, tf.constant(0)
        right = tf.equal(tf.argmax(logits, axis=-1), tf.argmax(targets, axis=-1))
        return error, tf.math.count_nonzero(right, axis=-1)

    def activities(self, inputs):
        """Return every hidden layer's activities on images, as a list per block of rows.

        Yields
        ------
        list of tf.Tensor of shape (n_rows, n_units)
            One tensor per hidden layer, for the next at most `EVALUATION_ROWS` images.
        """
        for start in range(0, inputs.shape[-2], EVALUATION_ROWS):
            yield self._activities(inputs[..., start : start + EVALUATION_ROWS, :])


class EarlyStopping:
    """Stops when the validation error has not fallen by more than `min_delta`, as Keras does.

    Parameters
    ----------
    min_delta : float
        The fall that counts as an improvement must be larger than this.
    patience : int
        Epochs without an improvement that are waited for; 0 stops at the first one.
    """

    def __init__(self, min_delta, patience):
        self.min_delta = min_delta
        self.patience = patience
        self.best = math.inf
        self.waited = 0

    def update(self, validation_error):
        """Take an epoch's validation error.

        Returns
        -------
        improved, stop : bool
        """
        if validation_error + self.min_delta < self.best:
            self.best = validation_error
            self.waited = 0
            return True, False
        self.waited += 1
        return False, self.waited >= self.patience
