"""Other ways to write an epoch of training, each compared with this project's own.

All train the paper's autoencoder (784-units-784, ReLU, sigmoid outputs, squared error, momentum)
on the same images in the same order, in one compiled function of plain TensorFlow, and must agree
in the error. Of the 784 pixels 150 are never on, as in the lab's training images. The rounds are
interleaved; a ratio is the median over the rounds of the ratio within a round. On one core CPU time
is measured, on several wall time.

    python benchmarks/epoch/alternatives.py
    python benchmarks/epoch/alternatives.py --units 1024 --batches 50 --only XLA --rounds 21
    python benchmarks/epoch/alternatives.py --cores 2 --threads 1 --between 2

With several cores the alternatives are those for several. Some things hold for all of a call, so
that "this project" is to be compared between two calls: `--threads` and `--between`, `--onednn
off`, and variables for the allocator, such as MALLOC_TRIM_THRESHOLD_. To be run from `.venv`.
"""

import argparse
import os
import sys
import time
from functools import partial
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import peers
from peers import LEARNING_RATE, MOMENTUM, N_IMAGES, N_PIXELS

from shared import interleaved, median_ratio, spread

NEVER_ON = 150  # pixels
TOLERANCE = 1e-3


def main():
    """Time every alternative for every width and batch size; print the table."""
    arguments = parse_arguments()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-arguments.cores :])
    images = peers.random_images()
    images[:, -NEVER_ON:] = 0
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
    threads = arguments.threads or arguments.cores
    ours, _ = peers.this_project(
        threads, images, onednn=arguments.onednn == "on", between=arguments.between
    )
    clock = time.process_time if arguments.cores == 1 else time.perf_counter
    print("| units | batch | | seconds per epoch | / this project |")
    print("|---:|---:|---|---:|---:|")
    for units in arguments.units:
        for batch in arguments.batches:
            epochs = {"this project": ours(units, batch)}
            for name in arguments.only:
                options = (ON_ONE_CORE | ON_SEVERAL)[name]
                epochs[name] = set_up(images, units, batch, **options)
            seconds = measure(epochs, arguments.rounds, clock)
            for name, values in seconds.items():
                ratio = median_ratio(values, seconds["this project"])
                cells = f"{name} | {spread(values, 3)} | {ratio:.2f}"
                print(f"| {units} | {batch} | {cells} |", flush=True)


def parse_arguments():
    """Return the command line's arguments."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add, names = parser.add_argument, [*ON_ONE_CORE, *ON_SEVERAL]
    add("--cores", type=int, default=1, help="cores to use (1)")
    add("--threads", type=int, help="threads for an operation (as many as cores)")
    add("--between", type=int, help="threads that operations share out among them (as --threads)")
    add("--units", type=int, nargs="+", default=[128, 1024], help="hidden units (128 1024)")
    add("--batches", type=int, nargs="+", default=[50, 128], help="images per batch (50 128)")
    add("--rounds", type=int, default=9, help="rounds for each (9)")
    add("--only", nargs="*", choices=names, metavar="NAME", help=", ".join(names))
    add("--onednn", choices=("on", "off"), default="on", help="TensorFlow's oneDNN kernels (on)")
    arguments = parser.parse_args()
    if arguments.only is None:
        arguments.only = list(ON_ONE_CORE if arguments.cores == 1 else ON_SEVERAL)
    return arguments


def measure(epochs, rounds, clock):
    """Return the seconds of every round by name; exit if one trains something else."""

    def timed(epoch):
        start = clock()
        error = epoch()
        return clock() - start, error

    measured = interleaved({name: partial(timed, epochs[name]) for name in epochs}, rounds)
    seconds = {}
    for name, values in measured.items():
        seconds[name] = [duration for duration, _ in values]
        for (_, error), (_, expected) in zip(values, measured["this project"], strict=True):
            if abs(error - expected) > TOLERANCE * expected:
                sys.exit(f"error: {name} has the error {error:.6g}, this project {expected:.6g}")
    return seconds


def set_up(
    images,
    units,
    batch,
    *,
    backward="at once",
    encoder="dense",
    transposed=False,
    in_rate=False,
    halves=False,
    jit=False,
):
    """Return a function that trains for one epoch.

    Parameters
    ----------
    images : ndarray of shape (n_images, 784)
    units, batch : int
    backward : {"at once", "in the end", "in any order", "automatic"}
        Gradients by hand: each applied at once, all in the end, or whenever TensorFlow finds the
        time, two products at once if it likes; or TensorFlow's own gradients.
    encoder : {"dense", "used pixels", "sparse"}
        What the encoder's products are made of: all pixels; those that are ever on; of each image
        those that are on.
    transposed : bool
        Whether the decoder's weights are kept with the pixels as their first axis.
    in_rate : bool
        Whether the factor of the mean is left to the learning rate, which saves a pass.
    halves : bool
        Whether a batch goes through the network in two halves.
    jit : bool
        Whether XLA compiles the epoch.
    """
    import tensorflow as tf

    used = np.flatnonzero(images.any(axis=0))
    data = tf.constant(images.astype(np.uint8))
    data_used = tf.constant(images[:, used].astype(np.uint8))
    weights, decoder_weights = peers.initial_weights(units)
    encoder_biases = tf.Variable(tf.zeros(units))
    decoder = tf.Variable(decoder_weights.T if transposed else decoder_weights)
    decoder_biases = tf.Variable(tf.zeros(N_PIXELS))
    of_encoder = tf.Variable(weights[used] if encoder == "used pixels" else weights)
    variables = of_encoder, encoder_biases, decoder, decoder_biases
    velocities = {v.ref(): tf.Variable(tf.zeros_like(v)) for v in variables}
    in_rate = 2.0 / (batch * N_PIXELS) if in_rate else 1.0

    def update(variable, gradients):
        return tf.raw_ops.ResourceApplyMomentum(
            var=variable.handle,
            accum=velocities[variable.ref()].handle,
            lr=LEARNING_RATE * in_rate,
            grad=gradients[0] if len(gradients) == 1 else tf.add_n(gradients),
            momentum=MOMENTUM,
        )

    def forward(rows):
        pixels = tf.gather(data, rows)
        inputs = tf.cast(pixels, tf.float32)
        seen = inputs
        if encoder == "used pixels":
            seen = tf.cast(tf.gather(data_used, rows), tf.float32)
        if encoder == "sparse":
            codes = sums_of_rows(of_encoder.read_value(), tf.where(pixels), rows.shape[0])
        else:
            codes = tf.matmul(seen, of_encoder)
        codes = tf.nn.relu(tf.nn.bias_add(codes, encoder_biases))
        logits = tf.matmul(codes, decoder, transpose_b=transposed)
        return pixels, inputs, seen, codes, tf.sigmoid(tf.nn.bias_add(logits, decoder_biases))

    def sums_of_rows(matrix, places, n_sums):
        return tf.raw_ops.SparseSegmentSumWithNumSegments(
            data=matrix, indices=places[:, 1], segment_ids=places[:, 0], num_segments=n_sums
        )

    def step_automatic(rows):
        with tf.GradientTape() as tape:
            _, inputs, _, _, outputs = forward(rows)
            error = tf.reduce_mean(tf.square(outputs - inputs))
        for variable, gradient in zip(variables, tape.gradient(error, variables), strict=True):
            update(variable, [gradient])
        return error

    def after(operations):
        return tf.control_dependencies([] if backward == "in any order" else operations)

    def back_to_codes(rows, factor):
        """Return what the gradients of a batch or a half of it are made of, and its error."""
        pixels, inputs, seen, codes, outputs = forward(rows)
        difference = outputs - inputs
        scaled = difference if factor == 1.0 else difference * factor
        of_logits = tf.raw_ops.SigmoidGrad(y=outputs, dy=scaled)
        below = tf.matmul(of_logits, decoder, transpose_b=not transposed)
        with after([below]):
            pair = (of_logits, codes) if transposed else (codes, of_logits)
            of_decoder = tf.matmul(*pair, transpose_a=True)
        below = tf.raw_ops.ReluGrad(gradients=below, features=codes)
        return pixels, seen, of_logits, of_decoder, below, tf.reduce_sum(tf.square(difference))

    def of_encoder_weights(pixels, seen, below):
        if encoder == "sparse":
            return sums_of_rows(below, tf.where(tf.transpose(pixels)), N_PIXELS)
        return tf.matmul(seen, below, transpose_a=True)

    def step_by_hand(rows):
        n_rows = rows.shape[0]
        parts = tf.split(rows, [n_rows // 2, n_rows - n_rows // 2]) if halves else [rows]
        factor = 2.0 / (n_rows * N_PIXELS) / in_rate
        passed = [back_to_codes(part, factor) for part in parts]
        pixels, seen, of_logits, of_decoder, below, errors = zip(*passed, strict=True)
        with after([update(decoder, of_decoder)] if backward == "at once" else []):
            gradients = [
                of_encoder_weights(*of_part) for of_part in zip(pixels, seen, below, strict=True)
            ]
        update(of_encoder, gradients)
        for variable, outputs in ((encoder_biases, below), (decoder_biases, of_logits)):
            update(variable, [tf.raw_ops.BiasAddGrad(out_backprop=part) for part in outputs])
        if backward != "at once":
            update(decoder, of_decoder)
        return tf.add_n(errors) / (n_rows * N_PIXELS)

    step = step_automatic if backward == "automatic" else step_by_hand
    full, rest = divmod(N_IMAGES, batch)

    @tf.function(autograph=False, jit_compile=jit or None)
    def epoch(order):
        def run(k, total, n_rows):
            with tf.control_dependencies([total]):
                return total + n_rows * step(tf.slice(order, [k * batch], [n_rows]))

        def turn(k, total):
            return k + 1, run(k, total, batch)

        _, total = tf.while_loop(
            lambda k, total: k < full,
            turn,
            (tf.constant(0), tf.constant(0.0)),
            parallel_iterations=1,
        )
        if rest:
            total = run(full, total, rest)
        return total / N_IMAGES

    of_epochs = peers.orders()

    return lambda: float(epoch(tf.constant(next(of_epochs))))


# What each passes to `set_up`.
ON_ONE_CORE = {
    "TensorFlow's gradients": {"backward": "automatic"},
    "updates in the end": {"backward": "in the end"},
    "factor in the rate": {"in_rate": True},
    "used pixels only": {"encoder": "used pixels"},
    "sparse images": {"encoder": "sparse"},
    "transposed decoder": {"transposed": True},
    "XLA": {"jit": True},
    "XLA, TensorFlow's gradients": {"backward": "automatic", "jit": True},
}
ON_SEVERAL = {
    "without XLA": {},
    "products in any order": {"backward": "in any order"},
    "halves of a batch": {"halves": True, "backward": "in any order"},
}


if __name__ == "__main__":
    main()
