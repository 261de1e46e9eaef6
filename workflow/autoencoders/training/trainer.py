"""Stochastic gradient descent with momentum: one epoch is one compiled function."""

import numpy as np
import tensorflow as tf

from autoencoders.training.normal_noise import normal_noise

EVALUATION_ROWS = 2000  # images that are evaluated at once; bounds the memory


def several_cores():
    """Return whether operations run on a CPU and may use more than one of its cores."""
    threads = tf.config.threading.get_intra_op_parallelism_threads()
    return threads > 1 and not tf.config.get_visible_devices("GPU")


class Trainer:
    """Trains a network; its compiled functions are reused seed after seed.

    Inputs are tensors of shape (n_images, n_inputs) and of any type: 0/1 images as uint8 take a
    quarter of the memory traffic of float32. Targets are float32 tensors of shape (n_images,
    n_outputs), or None for an autoencoder, whose targets are its inputs.

    Parameters
    ----------
    network : Network
    batch_size : int
    learning_rate, momentum : float
        The momentum is the share of the last step that is kept.
    noise : float, optional
        Standard deviation of the Gaussian noise added to the inputs, not to the targets; fresh for
        every batch.
    last_batch : {"train", "drop"}, optional
        What to do with the last batch of an epoch when it is smaller than the others.
    nesterov : bool, optional
        Whether the momentum is Nesterov's, as in Keras, or the classical one.
    """

    def __init__(
        self,
        network,
        batch_size,
        learning_rate,
        momentum,
        noise=0.0,
        last_batch="train",
        nesterov=False,
    ):
        self.network = network
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.momentum = momentum
        self.noise = noise
        self.last_batch = last_batch
        self.nesterov = nesterov
        self.velocities = {v.ref(): tf.Variable(tf.zeros_like(v)) for v in network.trainable}
        # XLA uses several cores better; on one the epoch is faster without, see benchmarks/.
        self.xla = several_cores()
        self._epoch = tf.function(self._run_epoch, autograph=False, jit_compile=self.xla or None)
        self._evaluate = tf.function(self._evaluate_rows, autograph=False, reduce_retracing=True)
        self._activities = tf.function(self._run_hidden, autograph=False, reduce_retracing=True)

    def reset(self):
        """Forget the momentum of an earlier training."""
        for velocity in self.velocities.values():
            velocity.assign(tf.zeros_like(velocity))

    def step(self, inputs, targets):
        """Update the weights by one batch and return its error before the update."""
        return self.network.learn(inputs, targets, self._update)

    def _update(self, variable, gradient):
        return tf.raw_ops.ResourceApplyMomentum(
            var=variable.handle,
            accum=self.velocities[variable.ref()].handle,
            lr=self.learning_rate,
            grad=gradient,
            momentum=self.momentum,
            use_nesterov=self.nesterov,
        )

    def epoch(self, inputs, targets, streams):
        """Train on every image once, in a fresh order; return the error as a float.

        It is the mean of the batches' errors, each before its update, weighted by size. `streams`
        are those of `random_streams`.
        """
        order = streams["shuffling"].permutation(inputs.shape[0]).astype(np.int32)
        noise_seed = np.int32(streams["noise"].integers(2**31) if self.noise else 0)
        return float(self._epoch(inputs, targets, tf.constant(order), tf.constant(noise_seed)))

    def _run_epoch(self, inputs, targets, order, noise_seed):
        n_images, size = inputs.shape[0], self.batch_size
        n_full, rest = divmod(n_images, size)

        def is_full(batch, total):
            return batch < n_full

        def train_full(batch, total):
            error = self._train_batch(inputs, targets, order, noise_seed, batch, size)
            return batch + 1, total + size * error

        start = (tf.constant(0), tf.constant(0.0))
        _, total = tf.while_loop(is_full, train_full, start, parallel_iterations=1)
        if not rest or self.last_batch == "drop":
            return total / (n_full * size)
        with tf.control_dependencies([total]):
            last = tf.constant(n_full)
            error = self._train_batch(inputs, targets, order, noise_seed, last, rest)
            return (total + rest * error) / n_images

    def _train_batch(self, inputs, targets, order, noise_seed, batch, n_rows):
        # Gathered batch by batch: the whole set in its new order would not stay in the cache.
        rows = tf.slice(order, [batch * self.batch_size], [n_rows])
        batch_inputs = tf.cast(tf.gather(inputs, rows), tf.float32)
        batch_targets = batch_inputs if targets is None else tf.gather(targets, rows)
        if self.noise:
            noise = normal_noise(batch_inputs.shape, noise_seed, batch, self.xla)
            batch_inputs += self.noise * noise
        return self.step(batch_inputs, batch_targets)

    def evaluate(self, inputs, targets):
        """Return error and accuracy on images, without noise, penalty or update.

        The accuracy is the share of images whose largest output is at the largest target; it is
        None for an autoencoder.
        """
        n_images, total, n_right = inputs.shape[0], 0.0, 0
        for start in range(0, n_images, EVALUATION_ROWS):
            rows = slice(start, min(start + EVALUATION_ROWS, n_images))
            error, right = self._evaluate(inputs[rows], None if targets is None else targets[rows])
            total += (rows.stop - rows.start) * float(error)
            n_right += int(right)
        return total / n_images, None if targets is None else n_right / n_images

    def _evaluate_rows(self, inputs, targets):
        inputs = tf.cast(inputs, tf.float32)
        network, wanted = self.network, inputs if targets is None else targets
        _, logits = network(inputs)
        error, _ = network.loss(network.output_activation, logits, wanted)
        if targets is None:
            return error, tf.constant(0)
        right = tf.equal(tf.argmax(logits, axis=-1), tf.argmax(targets, axis=-1))
        return error, tf.math.count_nonzero(right)

    def activities(self, inputs):
        """Return the activities of every hidden layer: tensors of shape (n_images, n_units)."""
        blocks = []
        for start in range(0, inputs.shape[0], EVALUATION_ROWS):
            blocks.append(self._activities(inputs[start : start + EVALUATION_ROWS]))
        return [tf.concat(layer, axis=0) for layer in zip(*blocks, strict=True)]

    def _run_hidden(self, inputs):
        activities, _ = self.network(tf.cast(inputs, tf.float32))
        return activities
