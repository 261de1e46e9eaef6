"""Separate random streams for weights, shuffling and noise."""

import numpy as np

STREAMS = ("weights", "shuffling", "noise")


def random_streams(seed, phase=0):
    """Return a random generator for each of `STREAMS`, as a dict.

    They depend on the seed and on the number of the training phase alone, so neither another seed
    nor the length of an earlier phase moves them.
    """
    return {
        name: np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(phase, k)))
        for k, name in enumerate(STREAMS)
    }
