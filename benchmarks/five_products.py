"""One epoch of our training against its five matrix products alone, side by side.

An epoch of an autoencoder is, batch by batch, five products: two forward (codes, outputs) and
three backward (the gradient of the codes and of both layers' weights). No training can be
faster than these; the rest is what the engine adds. The products are timed twice: as NumPy
computes them, into buffers that exist already, and as TensorFlow does, in one compiled function.
The rounds are interleaved, so that a busy machine disturbs all three alike; a ratio is the
median over the rounds of the ratio within a round.

    python benchmarks/five_products.py
    python benchmarks/five_products.py --units 128 512 1024 --rounds 20 --limit 1.15
"""

import argparse
import os
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "workflow"))

N_IMAGES, N_PIXELS, DENSITY = 8000, 784, 0.13
COLUMNS = ("one epoch", "NumPy's products", "TensorFlow's products")


def main():
    """Time every width, print the table, and exit with 1 if the limit is exceeded."""
    arguments = parse_arguments()
    # Both are read when the libraries are loaded, so nothing of them is imported above.
    os.environ["OPENBLAS_NUM_THREADS"] = str(arguments.threads)
    from autoencoders import backend

    backend.prepare(arguments.threads, onednn=arguments.onednn == "on")
    import numpy as np

    rng = np.random.default_rng(0)
    images = (rng.random((N_IMAGES, N_PIXELS)) < DENSITY).astype(np.float32)
    print(f"| units | {' | '.join(f'{name} (s)' for name in COLUMNS)} ", end="")
    print("| epoch / NumPy | epoch / TensorFlow |")
    print("|---:|---|---|---|---|---|")
    ratios = []
    for n_units in arguments.units:
        seconds = measure(images, n_units, arguments.batch, arguments.rounds)
        epoch, *limits = (seconds[name] for name in COLUMNS)
        cells = [spread(seconds[name], 3) for name in COLUMNS]
        pairs = [[e / s for e, s in zip(epoch, limit, strict=True)] for limit in limits]
        cells += [spread(pair, 2) for pair in pairs]
        print(f"| {n_units} | {' | '.join(cells)} |", flush=True)
        ratios.append(statistics.median(pairs[0]))
    print(
        f"\nMedians of {arguments.rounds} rounds (smallest to largest); {N_IMAGES} images, batch "
        f"{arguments.batch}, threads {arguments.threads}, oneDNN {arguments.onednn}."
    )
    if arguments.limit is not None and max(ratios) > arguments.limit:
        sys.exit(f"error: {max(ratios):.3f} times NumPy's products, allowed: {arguments.limit}")


def parse_arguments():
    """Return the command line's arguments."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--units", type=int, nargs="+", default=[128], help="hidden units (128)")
    parser.add_argument("--batch", type=int, default=50, help="images per batch (50)")
    parser.add_argument("--rounds", type=int, default=15, help="rounds per width (15)")
    parser.add_argument("--threads", type=int, default=1, help="threads of each library (1)")
    parser.add_argument("--onednn", choices=("on", "off"), default="on", help="TensorFlow's (on)")
    parser.add_argument(
        "--limit",
        type=float,
        help="exit with 1 if an epoch takes more than this many times NumPy's",
    )
    return parser.parse_args()


def spread(values, digits):
    """Return the median and the range as text."""
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{middle:.{digits}f} ({low:.{digits}f}-{high:.{digits}f})"


def measure(images, n_units, batch, rounds):
    """Return the seconds of every round, by column."""
    tasks = {
        "one epoch": our_epoch(images, n_units, batch),
        "NumPy's products": numpy_products(images, n_units, batch),
        "TensorFlow's products": tensorflow_products(images, n_units, batch),
    }
    for task in tasks.values():
        task()  # compile, and fill the caches
    seconds = {name: [] for name in tasks}
    for k in range(rounds):
        order = COLUMNS if k % 2 == 0 else COLUMNS[::-1]
        for name in order:
            start = time.perf_counter()
            tasks[name]()
            seconds[name].append(time.perf_counter() - start)
    return seconds


def initial_weights(n_units):
    """Return the weights of encoder and decoder as the report draws them."""
    import numpy as np

    rng = np.random.default_rng(1)
    shapes = (N_PIXELS, n_units), (n_units, N_PIXELS)
    return [rng.normal(0, 0.05, shape).astype(np.float32) for shape in shapes]


def our_epoch(images, n_units, batch):
    """Return a function that trains for one epoch, shuffling included."""
    import numpy as np
    import tensorflow as tf

    from autoencoders.networks import Network
    from autoencoders.training import Trainer, random_streams

    network = Network((N_PIXELS, n_units, N_PIXELS), "relu", "sigmoid", "mse")
    network.initialise(np.random.default_rng(1), 0.05)
    trainer = Trainer(network, batch, learning_rate=0.1, momentum=0.9)
    inputs, streams = tf.constant(images), random_streams(0)
    return lambda: trainer.epoch(inputs, inputs, streams)


def numpy_products(images, n_units, batch):
    """Return a function that computes the products of an epoch with NumPy, into buffers."""
    import numpy as np

    encoder, decoder = initial_weights(n_units)
    codes, code_gradients = np.empty((2, batch, n_units), np.float32)
    outputs = np.empty((batch, N_PIXELS), np.float32)
    encoder_gradients, decoder_gradients = np.empty_like(encoder), np.empty_like(decoder)

    def products():
        for start in range(0, len(images) // batch * batch, batch):
            inputs = images[start : start + batch]
            np.matmul(inputs, encoder, out=codes)
            np.matmul(codes, decoder, out=outputs)
            np.matmul(codes.T, outputs, out=decoder_gradients)
            np.matmul(outputs, decoder.T, out=code_gradients)
            np.matmul(inputs.T, code_gradients, out=encoder_gradients)

    return products


def tensorflow_products(images, n_units, batch):
    """Return a function that computes the products of an epoch with TensorFlow.

    Each product takes the one before it, the first one a batch of images, so none can be moved
    out of the loop; a number of each result is summed up, so none can be left out.
    """
    import tensorflow as tf

    data = tf.constant(images)
    encoder, decoder = (tf.Variable(weights) for weights in initial_weights(n_units))

    def body(k, total):
        inputs = tf.slice(data, [k * batch, 0], [batch, N_PIXELS])
        codes = tf.matmul(inputs, encoder)
        outputs = tf.matmul(codes, decoder)
        decoder_gradients = tf.matmul(codes, outputs, transpose_a=True)
        code_gradients = tf.matmul(outputs, decoder, transpose_b=True)
        encoder_gradients = tf.matmul(inputs, code_gradients, transpose_a=True)
        return k + 1, total + decoder_gradients[0, 0] + encoder_gradients[0, 0]

    @tf.function(autograph=False)
    def products():
        return tf.while_loop(
            lambda k, total: k < len(images) // batch,
            body,
            (tf.constant(0), tf.constant(0.0)),
            parallel_iterations=1,
        )

    return lambda: float(products()[1])


if __name__ == "__main__":
    main()
