"""What a run records of its hidden activities, arrays of shape (n_images, n_units)."""

import numpy as np


def sparseness(activities, threshold):
    """Return the share of activities, between 0 and 1, that are at or below a threshold."""
    return np.count_nonzero(activities <= threshold) / activities.size


def is_dead(layers):
    """Return whether some hidden layer, of a list of their activities, is 0 everywhere."""
    return not all(np.any(activities) for activities in layers)
