"""Ways to feed Keras' `fit`: what benchmarks/whole_run/keras_script.py was chosen from.

    python benchmarks/epoch/keras_ways.py
    python benchmarks/epoch/keras_ways.py --units 1024 --rounds 11

Trains epochs of the paper's autoencoder (784-units-784, batches of 50) on 8000 random 0/1 images,
on all cores. The rounds are interleaved; a ratio is the median over the rounds of the ratio within
a round. To be run from `.venv`.
"""

import argparse
import sys
import time
from functools import partial
from pathlib import Path

import numpy as np
import tensorflow as tf

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "whole_run"))

import keras_script
from peers import INITIAL_SD, LEARNING_RATE, MOMENTUM, N_IMAGES, N_PIXELS, random_images

from shared import interleaved, median_ratio, spread

BATCH = 50
EPOCH = N_IMAGES // BATCH  # batches
SCRIPT = "batches gathered, with XLA (the script)"


def arrays(images):
    """Return the images as `fit` takes arrays."""
    return {"x": images, "y": images, "batch_size": BATCH}


def pairs(images):
    """Return images twice: inputs and targets."""
    return images, images


def shuffled(images):
    """Return a pipeline that shuffles the images one by one."""
    dataset = tf.data.Dataset.from_tensor_slices(images).shuffle(N_IMAGES)
    return dataset.batch(BATCH, drop_remainder=True).map(pairs).prefetch(4)


def tuned(images):
    """Return a pipeline that tf.data tunes itself, and that is otherwise that of `shuffled`."""
    dataset = tf.data.Dataset.from_tensor_slices(images).shuffle(N_IMAGES)
    dataset = dataset.batch(BATCH, drop_remainder=True).map(pairs, tf.data.AUTOTUNE)
    return dataset.prefetch(tf.data.AUTOTUNE)


def gathered(images):
    """Return the script's pipeline: an order of the images, gathered batch by batch."""
    images = tf.constant(images)
    return keras_script.batches(images, images, BATCH, seed=0, noise=0.0)


def gathered_bytes(images):
    """Return a pipeline as `gathered` of images of a quarter of the size, cast in every batch."""
    bytes_ = gathered(images.astype(np.uint8))
    return bytes_.map(lambda x, y: (tf.cast(x, tf.float32), tf.cast(y, tf.float32)))


def gathered_at_once(images):
    """Return a pipeline of a whole epoch's images, gathered in one go and cut into batches."""
    images = tf.constant(images)

    def epoch(number):
        seed = tf.stack([number, number])
        order = tf.random.experimental.stateless_shuffle(tf.range(N_IMAGES), seed)
        batches = tf.reshape(tf.gather(images, order), (EPOCH, BATCH, N_PIXELS))
        return tf.data.Dataset.from_tensor_slices(batches)

    epochs = tf.data.Dataset.random(seed=0, rerandomize_each_iteration=True)
    return epochs.take(1).flat_map(epoch).map(pairs).prefetch(4)


# What is fed, batches in a call, whether XLA compiles.
WAYS = {
    "arrays (Keras' guides)": (arrays, 1, "auto"),
    "arrays, an epoch a call": (arrays, EPOCH, False),
    "arrays, an epoch a call, with XLA": (arrays, EPOCH, True),
    "tf.data, shuffled, tuned by itself": (tuned, EPOCH, False),
    "tf.data, shuffled": (shuffled, EPOCH, False),
    "batches gathered": (gathered, EPOCH, False),
    "batches gathered, uint8": (gathered_bytes, EPOCH, False),
    "epoch gathered at once": (gathered_at_once, EPOCH, False),
    SCRIPT: (gathered, EPOCH, True),
}


def main():
    """Time every way for every width; print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--units", type=int, nargs="+", default=[128, 512, 1024], help="hidden units")
    add("--rounds", type=int, default=5, help="rounds for each (5)")
    arguments = parser.parse_args()
    images = random_images()
    print("| units | `fit` | seconds per epoch | / the script's |")
    print("|---:|---|---:|---:|")
    for units in arguments.units:
        tasks = {}
        for name, way in WAYS.items():
            tasks[name] = partial(time_of, epoch_of(images, units, *way))
        seconds = interleaved(tasks, arguments.rounds)
        for name, values in seconds.items():
            ratio = median_ratio(values, seconds[SCRIPT])
            print(f"| {units} | {name} | {spread(values)} | {ratio:.2f} |", flush=True)


def time_of(epoch):
    """Return the seconds of an epoch."""
    start = time.perf_counter()
    epoch()
    return time.perf_counter() - start


def epoch_of(images, units, feed, steps, jit_compile):
    """Return a function that trains a model of its own for one epoch."""
    model = keras_script.network.__wrapped__(
        *((N_PIXELS, units, N_PIXELS), "relu", "sigmoid", "mse", LEARNING_RATE, MOMENTUM, steps),
        jit_compile=jit_compile,
    )
    keras_script.start_anew(model, np.random.default_rng(0), INITIAL_SD)
    given = feed(images)
    if feed not in (arrays, tuned):
        given = keras_script.without_autotuning(given)
    given = given if feed is arrays else {"x": given}
    return lambda: model.fit(**given, epochs=1, verbose=0)


if __name__ == "__main__":
    main()
