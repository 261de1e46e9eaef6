"""The engines that benchmarks/epoch/engines.py times: one of them, in a process of its own.

Reads tasks from standard input, a line of JSON each, and answers in kind: `{"units": 128, "batch":
50}` sets the network up and trains two epochs, so that all is compiled; `{"epoch": 0}` trains one
epoch and tells its seconds and its error, the mean over the images of each batch's error before its
update. Epoch after epoch all engines go the same way.
"""

import json
import os
import sys
import time
from functools import partial
from pathlib import Path

import numpy as np

N_IMAGES, N_PIXELS, DENSITY = 8000, 784, 0.13
LEARNING_RATE, MOMENTUM, INITIAL_SD = 0.1, 0.9, 0.05
WARM_UP = 2  # epochs


def random_images():
    """Return 0/1 images, float32 of shape (n_images, n_pixels), that all engines are given."""
    rng = np.random.default_rng(0)
    return (rng.random((N_IMAGES, N_PIXELS)) < DENSITY).astype(np.float32)


def initial_weights(n_units):
    """Return the weights of encoder and decoder as the paper draws them."""
    rng = np.random.default_rng(1)
    shapes = (N_PIXELS, n_units), (n_units, N_PIXELS)
    return [rng.normal(0, INITIAL_SD, shape).astype(np.float32) for shape in shapes]


def orders():
    """Yield a new order of the images for every epoch."""
    rng = np.random.default_rng(2)
    while True:
        yield rng.permutation(N_IMAGES).astype(np.int32)


def this_project(threads, images=None, onednn=True, between=None):
    """Return a function that sets up this project's engine, for other images if told.

    `between` is the number of threads that operations share out among them, if another one.
    """
    sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "workflow"))
    from autoencoders.training import device

    device.prepare(threads, onednn)
    import tensorflow as tf

    tf.config.threading.set_inter_op_parallelism_threads(between or threads)
    from autoencoders.training.network import Network
    from autoencoders.training.trainer import Trainer

    images = tf.constant((random_images() if images is None else images).astype(np.uint8))

    class Order:
        """Stands in for a random generator and gives the order that all engines have."""

        def __init__(self):
            self.orders = orders()

        def permutation(self, _):
            return next(self.orders)

    def set_up(units, batch):
        network = Network((N_PIXELS, units, N_PIXELS), "relu", "sigmoid", "mse")
        encoder, decoder = initial_weights(units)
        network.hidden[0].weights.assign(encoder)
        network.output.weights.assign(decoder)
        trainer = Trainer(network, batch, LEARNING_RATE, MOMENTUM)
        streams = {"shuffling": Order()}
        return lambda: trainer.epoch(images, None, streams)  # None: the inputs are the targets

    return set_up, ["tensorflow"]


def keras(threads):
    """Return a function that sets up Keras: `fit` on a pipeline of batches, many steps a call."""
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)
    import keras

    images = tf.constant(random_images())
    options = tf.data.Options()
    options.autotune.enabled = False  # its thread keeps `fit` waiting at the end

    def set_up(units, batch):
        keras.backend.clear_session()
        hidden = keras.layers.Dense(units, activation="relu")
        output = keras.layers.Dense(N_PIXELS, activation="sigmoid")
        model = keras.Sequential([keras.Input((N_PIXELS,)), hidden, output])
        for layer, weights in zip([hidden, output], initial_weights(units), strict=True):
            layer.kernel.assign(weights)
        model.compile(
            keras.optimizers.SGD(LEARNING_RATE, momentum=MOMENTUM),
            "mse",
            steps_per_execution=32,
            jit_compile=False,
        )
        of_epochs = orders()

        def epoch():
            batches = tf.data.Dataset.from_tensor_slices(next(of_epochs)).batch(batch)
            pairs = batches.map(lambda rows: (tf.gather(images, rows),) * 2).prefetch(4)
            return model.fit(pairs.with_options(options), verbose=0).history["loss"][0]

        return epoch

    return set_up, ["tensorflow", "keras"]


def pytorch(threads):
    """Return a function that sets up PyTorch: the usual loop, with the fused optimiser."""
    import torch

    torch.set_num_threads(threads)
    images = torch.from_numpy(random_images())

    def set_up(units, batch):
        hidden, output = torch.nn.Linear(N_PIXELS, units), torch.nn.Linear(units, N_PIXELS)
        model = torch.nn.Sequential(hidden, torch.nn.ReLU(), output, torch.nn.Sigmoid())
        with torch.no_grad():
            for layer, weights in zip([hidden, output], initial_weights(units), strict=True):
                layer.weight.copy_(torch.from_numpy(weights.T))
                layer.bias.zero_()
        optimiser = torch.optim.SGD(
            model.parameters(), lr=LEARNING_RATE, momentum=MOMENTUM, fused=True
        )
        of_epochs = orders()

        def epoch():
            total = torch.zeros(())
            for rows in torch.from_numpy(next(of_epochs)).split(batch):
                inputs = images[rows]
                error = torch.nn.functional.mse_loss(model(inputs), inputs)
                optimiser.zero_grad(set_to_none=True)
                error.backward()
                optimiser.step()
                total += error.detach() * len(rows)
            return float(total) / N_IMAGES

        return epoch

    return set_up, ["torch"]


def jax(threads):
    """Return a function that sets up JAX: an epoch is one compiled `lax.scan` over the batches."""
    import jax
    from jax import numpy as jnp

    images = jnp.asarray(random_images())

    def error_of(weights, inputs):
        encoder, encoder_biases, decoder, decoder_biases = weights
        codes = jax.nn.relu(inputs @ encoder + encoder_biases)
        outputs = jax.nn.sigmoid(codes @ decoder + decoder_biases)
        return jnp.mean((outputs - inputs) ** 2)

    def step(state, rows):
        weights, velocities = state
        error, gradients = jax.value_and_grad(error_of)(weights, images[rows])
        velocities = jax.tree.map(lambda v, g: MOMENTUM * v + g, velocities, gradients)
        weights = jax.tree.map(lambda w, v: w - LEARNING_RATE * v, weights, velocities)
        return (weights, velocities), error * len(rows)

    def set_up(units, batch):
        encoder, decoder = map(jnp.asarray, initial_weights(units))
        weights = [encoder, jnp.zeros(units), decoder, jnp.zeros(N_PIXELS)]
        state = weights, [jnp.zeros_like(values) for values in weights]
        of_epochs = orders()
        full = N_IMAGES // batch * batch

        @jax.jit
        def run(state, order):
            state, errors = jax.lax.scan(step, state, order[:full].reshape(-1, batch))
            total = errors.sum()
            if full < N_IMAGES:
                state, error = step(state, order[full:])
                total += error
            return state, total / N_IMAGES

        def epoch():
            nonlocal state
            state, error = run(state, jnp.asarray(next(of_epochs)))
            return float(error)

        return epoch

    return set_up, ["jax"]


def numpy_products(threads):
    """Return a function that sets up the products of an epoch with NumPy, into buffers."""
    images = random_images()

    def set_up(units, batch):
        encoder, decoder = initial_weights(units)
        encoder_gradients, decoder_gradients = np.empty_like(encoder), np.empty_like(decoder)
        codes, code_gradients = np.empty((2, batch, units), np.float32)
        outputs = np.empty((batch, N_PIXELS), np.float32)

        def products():
            for start in range(0, N_IMAGES, batch):
                inputs = images[start : start + batch]
                n_rows = len(inputs)
                np.matmul(inputs, encoder, out=codes[:n_rows])
                np.matmul(codes[:n_rows], decoder, out=outputs[:n_rows])
                np.matmul(codes[:n_rows].T, outputs[:n_rows], out=decoder_gradients)
                np.matmul(outputs[:n_rows], decoder.T, out=code_gradients[:n_rows])
                np.matmul(inputs.T, code_gradients[:n_rows], out=encoder_gradients)

        return products

    return set_up, ["numpy"]


def tensorflow_products(threads, update=False):
    """Return a function that sets up the products of an epoch with TensorFlow.

    Each product takes the one before it, the first one a batch of images, so none can be moved
    out of the loop; a number of each gradient is summed up, or with `update` each is applied, so
    none can be left out.
    """
    sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "workflow"))
    from autoencoders.training import device

    device.prepare(threads, onednn=True)
    import tensorflow as tf

    images = tf.constant(random_images())

    def set_up(units, batch):
        encoder, decoder = (tf.Variable(weights) for weights in initial_weights(units))
        velocities = [tf.Variable(tf.zeros_like(v)) for v in (encoder, decoder)]

        def run(k, n_rows):
            inputs = tf.slice(images, [k * batch, 0], [n_rows, N_PIXELS])
            codes = tf.matmul(inputs, encoder)
            outputs = tf.matmul(codes, decoder)
            decoder_gradients = tf.matmul(codes, outputs, transpose_a=True)
            code_gradients = tf.matmul(outputs, decoder, transpose_b=True)
            encoder_gradients = tf.matmul(inputs, code_gradients, transpose_a=True)
            gradients = encoder_gradients, decoder_gradients
            if update:
                # A rate of 0: the same traffic, and numbers that stay finite.
                parts = zip((encoder, decoder), velocities, gradients, strict=True)
                for variable, velocity, gradient in parts:
                    tf.raw_ops.ResourceApplyMomentum(
                        var=variable.handle,
                        accum=velocity.handle,
                        lr=0.0,
                        grad=gradient,
                        momentum=MOMENTUM,
                    )
            return encoder_gradients[0, 0] + decoder_gradients[0, 0]

        full, rest = divmod(N_IMAGES, batch)

        @tf.function(autograph=False)
        def products():
            _, total = tf.while_loop(
                lambda k, total: k < full,
                lambda k, total: (k + 1, total + run(k, batch)),
                (tf.constant(0), tf.constant(0.0)),
                parallel_iterations=1,
            )
            if not rest:
                return total
            with tf.control_dependencies([total]):
                return total + run(tf.constant(full), rest)

        def epoch():
            float(products())

        return epoch

    return set_up, ["tensorflow"]


ENGINES = {
    "this project": this_project,
    "Keras": keras,
    "PyTorch": pytorch,
    "JAX": jax,
    "NumPy's products": numpy_products,
    "TensorFlow's products": tensorflow_products,
    "TensorFlow's products + update": partial(tensorflow_products, update=True),
}


def main():
    """Answer tasks until standard input ends."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints is no answer
    set_up, packages = ENGINES[sys.argv[1]](int(sys.argv[2]))

    def answer(**facts):
        print(json.dumps(facts), file=answers, flush=True)

    answer(**{name: sys.modules[name].__version__ for name in packages})
    epoch = None
    for line in sys.stdin:
        task = json.loads(line)
        if "units" in task:
            epoch = set_up(**task)
            for _ in range(WARM_UP):
                epoch()
            answer()
            continue
        start = time.perf_counter()
        error = epoch()
        answer(seconds=time.perf_counter() - start, error=error)


if __name__ == "__main__":
    main()
