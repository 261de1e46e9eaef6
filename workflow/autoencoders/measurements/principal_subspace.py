"""Whether an under-complete autoencoder learns what principal component analysis (PCA) learns."""

import numpy as np
from scipy.linalg import orth, subspace_angles

from autoencoders.measurements.images import squared_error
from autoencoders.runs.forward_pass import decode, encode


def rows(weights, settings, metrics, images):
    """Return the numbers of one network, each as measure, layer, noise and value.

    `training_error` and `test_error` of the reconstructions; the same of PCA of equal width
    (`pca_...`) and of PCA's reconstructions clipped to [0, 1]; `legible`, the share of test
    images whose digit a linear classifier of the pixels reads in the reconstruction; `overlap`
    and `largest_angle` of the decoder's subspace and PCA's; `captured`, the variance of the
    training images in the former over that in the latter.
    """
    decoder = weights["decoder/weights"]
    basis = images.pca.components_[: len(decoder)]
    share, largest = overlap(decoder, basis)
    training = decode(weights, encode(weights, settings, images.train))
    test = decode(weights, encode(weights, settings, images.test))
    training_by_pca = _projected(images, images.train, basis)
    test_by_pca = _projected(images, images.test, basis)
    captured = _variance(images, orth(decoder.T).T) / _variance(images, basis)
    values = {
        "training_error": squared_error(training, images.train),
        "test_error": squared_error(test, images.test),
        "pca_training_error": squared_error(training_by_pca, images.train),
        "pca_test_error": squared_error(test_by_pca, images.test),
        "pca_test_error_clipped": squared_error(test_by_pca.clip(0, 1), images.test),
        "legible": images.probe.score(test, images.test_labels),
        "overlap": share,
        "largest_angle": largest,
        "captured": float(captured),
    }
    return [(measure, "", "", value) for measure, value in values.items()]


def overlap(one, other):
    """Return how far two subspaces agree, each given by rows that span it.

    The mean squared cosine of the principal angles is 1 for the same subspace, and on average
    n_dimensions / n_pixels for two random ones. The second number is the largest angle in degrees.
    """
    angles = subspace_angles(one.T, other.T)
    return float(np.mean(np.cos(angles) ** 2)), float(np.degrees(angles.max()))


def _projected(images, originals, basis):
    """Return what PCA makes of images."""
    return images.mean + (originals - images.mean) @ basis.T @ basis


def _variance(images, basis):
    """Return the variance of the training images in a subspace with an orthonormal basis."""
    return np.square((images.train - images.mean) @ basis.T).sum()
