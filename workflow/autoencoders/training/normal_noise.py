"""Normally distributed noise that a seed and the number of the batch determine."""

import math

import tensorflow as tf


def normal_noise(shape, seed, batch, xla):
    """Return numbers of mean 0 and standard deviation 1; the same whether XLA compiles this."""
    seed_of_batch = tf.stack([seed, batch])
    if xla:
        return box_muller(shape, seed_of_batch)
    return tf.random.stateless_normal(shape, seed=seed_of_batch, alg="philox")


def box_muller(shape, seed):
    """Return the numbers that `stateless_normal` draws on a CPU; XLA's own are others.

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
