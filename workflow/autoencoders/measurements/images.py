"""The images that networks are measured on, and numbers of the images alone."""

from functools import cached_property

import numpy as np
from sklearn.decomposition import PCA

from autoencoders.measurements.probe import fit_probe

MOST_IMAGES = 10_000  # of the training images, enough for a fit; the lab's are 8000
NOISE = (0.1, 0.3, 0.5)  # standard deviations added to the test images
NOISE_SEED = 16


class Images:
    """The images of a data set's arrays; what a fit makes of them is computed once, if needed."""

    def __init__(self, arrays):
        self.train = arrays["train_images"][:MOST_IMAGES].astype(np.float32)
        self.train_labels = arrays["train_labels"][:MOST_IMAGES]
        self.test = arrays["test_images"].astype(np.float32)
        self.test_labels = arrays["test_labels"]

    @cached_property
    def mean(self):
        """The mean training image, of shape (n_pixels,)."""
        return self.train.mean(axis=0)

    @cached_property
    def pca(self):
        """Principal component analysis of the training images."""
        return PCA(svd_solver="covariance_eigh").fit(self.train)

    @cached_property
    def probe(self):
        """A linear classifier of the pixels."""
        return fit_probe(self.train, self.train_labels)

    @cached_property
    def noisy(self):
        """The test images with noise, by its standard deviation; the same in every process."""
        generator = np.random.default_rng(NOISE_SEED)
        noisy = {}
        for sd in NOISE:
            noise = generator.standard_normal(self.test.shape, dtype=np.float32)
            noisy[sd] = self.test + sd * noise
        return noisy


def squared_error(outputs, targets):
    """Return the mean squared error over images and pixels."""
    return float(np.mean(np.square(outputs - targets), dtype=np.float64))


def rows(images):
    """Return the numbers of the images alone, each as measure, layer, noise and value.

    `mean_image_error` is that of the mean training image on the test images; `probe_accuracy` of
    layer 0 that of a linear classifier of the pixels.
    """
    return [
        ("mean_image_error", "", "", squared_error(images.mean, images.test)),
        ("probe_accuracy", 0, "", images.probe.score(images.test, images.test_labels)),
    ]
