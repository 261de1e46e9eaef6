"""The seeds of an autoencoder as one batched program (`batch_seeds`) against one after the other.

    python benchmarks/batched_seeds.py
    python benchmarks/batched_seeds.py --device gpu --seeds 10 100

Trains epochs of the report's autoencoder (784-units-784) on random 0/1 images; the two forms take
turns, and a ratio is the median over the rounds of the ratio within a round. On a CPU both have one
thread.
"""

import argparse
import statistics
import sys
import time
from pathlib import Path

import numpy as np

from peers import LEARNING_RATE, MOMENTUM, N_PIXELS, random_images

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "workflow"))

from autoencoders import backend

FORMS = ("one after the other", "batched")


def main():
    """Time both forms for every width and number of seeds; print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--device", choices=("cpu", "gpu"), default="cpu", help="what to train on (cpu)")
    add("--units", type=int, nargs="+", default=[128, 1024], help="hidden units (128 1024)")
    add("--seeds", type=int, nargs="+", default=[3, 10], help="numbers of seeds (3 10)")
    add("--batch", type=int, default=50, help="images per batch (50)")
    add("--rounds", type=int, default=5, help="rounds for each (5)")
    arguments = parser.parse_args()
    try:
        device = backend.prepare(1, onednn=True, device=arguments.device)
    except backend.DeviceError as error:
        sys.exit(f"error: {error}")
    print(f"On {device.get('name') or 'the CPU'}:\n")
    print("| units | seeds | form | seconds per epoch of all seeds | ratio | first call |")
    print("|---:|---:|---|---:|---:|---:|")
    for units in arguments.units:
        for n_seeds in arguments.seeds:
            forms = [form(units, n_seeds, arguments.batch, each) for each in (False, True)]
            first = [time_of(epoch) for epoch in forms]
            rounds = [[time_of(epoch) for epoch in forms] for _ in range(arguments.rounds)]
            for k, name in enumerate(FORMS):
                values = [seconds[k] for seconds in rounds]
                ratio = statistics.median(seconds[k] / seconds[0] for seconds in rounds)
                spread = f"{statistics.median(values):.3f} ({min(values):.3f}-{max(values):.3f})"
                cells = f"{name} | {spread} | {ratio:.2f} | {first[k]:.1f}"
                print(f"| {units} | {n_seeds} | {cells} |", flush=True)


def form(units, n_seeds, batch, batched):
    """Return a function that trains every seed for one epoch."""
    import tensorflow as tf

    from autoencoders.networks import Network
    from autoencoders.training import Trainer, random_streams

    images = tf.constant(random_images().astype(np.uint8))
    streams = [random_streams(seed) for seed in range(n_seeds)]
    network = Network(
        *((N_PIXELS, units, N_PIXELS), "relu", "sigmoid", "mse"),
        seeds=(n_seeds,) if batched else (),
    )
    generators = [of_seed["weights"] for of_seed in streams]
    network.initialise(generators if batched else generators[0], 0.05)
    trainer = Trainer(network, batch, LEARNING_RATE, MOMENTUM)
    if batched:
        return lambda: trainer.epoch(images, images, streams)
    return lambda: [trainer.epoch(images, images, of_seed) for of_seed in streams]


def time_of(epoch):
    """Return the seconds of an epoch."""
    start = time.perf_counter()
    epoch()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
