"""Other ways to write an epoch of training, each beside this project's own.

All train the report's autoencoder (784-units-784, ReLU, sigmoid outputs, squared error, momentum)
on the same images in the same order, in one compiled function of plain TensorFlow on one core, and
must agree in the error. Of the 784 pixels 150 are never on, as in the lab's training images. The
rounds are interleaved; a ratio is the median over the rounds of the ratio within a round.

    python benchmarks/alternatives.py
    python benchmarks/alternatives.py --units 1024 --batches 50 --only "sparse images" --rounds 21

Variables for the allocator, such as MALLOC_TRIM_THRESHOLD_, hold for all, and so does
`--onednn off`: compare the seconds of "this project" between two calls. To be run from `.venv`.
"""

import argparse
import os
import statistics
import sys
import time
from functools import partial

import numpy as np

import peers
from peers import LEARNING_RATE, MOMENTUM, N_IMAGES, N_PIXELS

NEVER_ON = 150  # pixels
TOLERANCE = 1e-3


def main():
    """Time every alternative for every width and batch size; print the table."""
    arguments = parse_arguments()
    os.sched_setaffinity(0, [max(os.sched_getaffinity(0))])
    images = peers.random_images()
    images[:, -NEVER_ON:] = 0
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
    set_up, _ = peers.this_project(1, images, onednn=arguments.onednn == "on")
    print("| units | batch | | seconds per epoch | / this project |")
    print("|---:|---:|---|---:|---:|")
    for units in arguments.units:
        for batch in arguments.batches:
            epochs = {"this project": set_up(units, batch)}
            for name in arguments.only:
                epochs[name] = ALTERNATIVES[name](images, units, batch)
            seconds = measure(epochs, arguments.rounds)
            for name, values in seconds.items():
                pairs = zip(values, seconds["this project"], strict=True)
                ratio = statistics.median(one / ours for one, ours in pairs)
                spread = f"({min(values):.3f}-{max(values):.3f})"
                cells = f"{name} | {statistics.median(values):.3f} {spread} | {ratio:.2f}"
                print(f"| {units} | {batch} | {cells} |", flush=True)


def parse_arguments():
    """Return the command line's arguments."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add, names = parser.add_argument, list(ALTERNATIVES)
    add("--units", type=int, nargs="+", default=[128, 1024], help="hidden units (128 1024)")
    add("--batches", type=int, nargs="+", default=[50, 128], help="images per batch (50 128)")
    add("--rounds", type=int, default=9, help="rounds for each (9)")
    add("--only", nargs="+", default=names, choices=names, metavar="NAME", help=", ".join(names))
    add("--onednn", choices=("on", "off"), default="on", help="TensorFlow's oneDNN kernels (on)")
    return parser.parse_args()


def measure(epochs, rounds):
    """Return the CPU seconds of every round by name; exit if one trains something else."""
    for epoch in epochs.values():
        epoch()  # compiles
    seconds = {name: [] for name in epochs}
    for k in range(rounds):
        errors = {}
        for name in list(epochs)[:: 1 if k % 2 == 0 else -1]:
            start = time.process_time()
            errors[name] = epochs[name]()
            seconds[name].append(time.process_time() - start)
        expected = errors["this project"]
        for name, error in errors.items():
            if abs(error - expected) > TOLERANCE * expected:
                sys.exit(f"error: {name} has the error {error:.6g}, this project {expected:.6g}")
    return seconds


def set_up(
    images, units, batch, *, backward="at once", encoder="dense", in_rate=False, unroll=1, jit=False
):
    """Return a function that trains for one epoch.

    Parameters
    ----------
    images : ndarray of shape (n_images, 784)
    units, batch : int
    backward : {"at once", "in the end", "automatic"}
        Gradients by hand, each applied at once or all in the end; or TensorFlow's own gradients.
    encoder : {"dense", "used pixels", "sparse"}
        What the encoder's products are made of: all pixels; those that are ever on; of each image
        those that are on.
    in_rate : bool
        Whether the factor of the mean is left to the learning rate, which saves a pass.
    unroll : int
        Batches in one turn of the loop.
    jit : bool
        Whether XLA compiles the epoch.
    """
    import tensorflow as tf

    used = np.flatnonzero(images.any(axis=0))
    data = tf.constant(images.astype(np.uint8))
    data_used = tf.constant(images[:, used].astype(np.uint8))
    weights, decoder_weights = peers.initial_weights(units)
    encoder_biases, decoder = tf.Variable(tf.zeros(units)), tf.Variable(decoder_weights)
    decoder_biases = tf.Variable(tf.zeros(N_PIXELS))
    of_encoder = tf.Variable(weights[used] if encoder == "used pixels" else weights)
    variables = of_encoder, encoder_biases, decoder, decoder_biases
    velocities = {v.ref(): tf.Variable(tf.zeros_like(v)) for v in variables}
    in_rate = 2.0 / (batch * N_PIXELS) if in_rate else 1.0

    def update(variable, gradient):
        return tf.raw_ops.ResourceApplyMomentum(
            var=variable.handle,
            accum=velocities[variable.ref()].handle,
            lr=LEARNING_RATE * in_rate,
            grad=gradient,
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
        outputs = tf.sigmoid(tf.nn.bias_add(tf.matmul(codes, decoder), decoder_biases))
        return pixels, inputs, seen, codes, outputs

    def sums_of_rows(matrix, places, n_sums):
        return tf.raw_ops.SparseSegmentSumWithNumSegments(
            data=matrix, indices=places[:, 1], segment_ids=places[:, 0], num_segments=n_sums
        )

    def step_automatic(rows):
        with tf.GradientTape() as tape:
            _, inputs, _, _, outputs = forward(rows)
            error = tf.reduce_mean(tf.square(outputs - inputs))
        for variable, gradient in zip(variables, tape.gradient(error, variables), strict=True):
            update(variable, gradient)
        return error

    def step_by_hand(rows):
        pixels, inputs, seen, codes, outputs = forward(rows)
        difference = outputs - inputs
        error = tf.reduce_mean(tf.square(difference))
        factor = 2.0 / (rows.shape[0] * N_PIXELS) / in_rate
        difference = difference if factor == 1.0 else difference * factor
        of_logits = tf.raw_ops.SigmoidGrad(y=outputs, dy=difference)
        below = tf.matmul(of_logits, decoder, transpose_b=True)
        with tf.control_dependencies([below]):
            of_decoder = tf.matmul(codes, of_logits, transpose_a=True)
        gradients = {decoder.ref(): of_decoder}
        after = [update(decoder, of_decoder)] if backward == "at once" else []
        with tf.control_dependencies(after):
            below = tf.raw_ops.ReluGrad(gradients=below, features=codes)
            if encoder == "sparse":
                places = tf.where(tf.transpose(pixels))
                gradients[of_encoder.ref()] = sums_of_rows(below, places, N_PIXELS)
            else:
                gradients[of_encoder.ref()] = tf.matmul(seen, below, transpose_a=True)
        gradients[encoder_biases.ref()] = tf.raw_ops.BiasAddGrad(out_backprop=below)
        gradients[decoder_biases.ref()] = tf.raw_ops.BiasAddGrad(out_backprop=of_logits)
        for variable in variables:
            if variable is not decoder or backward == "in the end":
                update(variable, gradients[variable.ref()])
        return error

    step = step_automatic if backward == "automatic" else step_by_hand
    full, rest = divmod(N_IMAGES, batch)
    turns = full // unroll

    @tf.function(autograph=False, jit_compile=jit or None)
    def epoch(order):
        def run(k, total, n_rows):
            with tf.control_dependencies([total]):
                return total + n_rows * step(tf.slice(order, [k * batch], [n_rows]))

        def turn(k, total):
            for j in range(unroll):
                total = run(k + j, total, batch)
            return k + unroll, total

        _, total = tf.while_loop(
            lambda k, total: k < turns * unroll,
            turn,
            (tf.constant(0), tf.constant(0.0)),
            parallel_iterations=1,
        )
        for k in range(turns * unroll, full):
            total = run(k, total, batch)
        if rest:
            total = run(full, total, rest)
        return total / N_IMAGES

    of_epochs = peers.orders()
    return lambda: float(epoch(tf.constant(next(of_epochs))))


ALTERNATIVES = {
    name: partial(set_up, **options)
    for name, options in {
        "TensorFlow's gradients": {"backward": "automatic"},
        "updates in the end": {"backward": "in the end"},
        "factor in the rate": {"in_rate": True},
        "4 batches a turn": {"unroll": 4},
        "used pixels only": {"encoder": "used pixels"},
        "sparse images": {"encoder": "sparse"},
        "compiled by XLA": {"backward": "automatic", "jit": True},
    }.items()
}


if __name__ == "__main__":
    main()
