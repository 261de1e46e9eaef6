"""How likely a published accuracy is, if its network was trained as some seeds of ours were.

A seed of a network either stays on the initial plateau, near the accuracy of guessing, or learns.
Of few seeds neither the share of the first nor the spread of the second is well known, and the
paper rounds; a cell of its Table 2 may be one network's accuracy or the mean of several. So the
chance of a published number is that of a whole interval under a predictive distribution:

- The share stuck is (k + r) / (n + 1), where k of n seeds are stuck, and r is the share among all
  seeds of the same recipe and activation.
- A stuck seed ends anywhere between 0.08 and `STUCK`.
- What a seed reaches that learns is Student's t around the mean of those that did, its variance
  shrunk towards that of a steady network.
- One seed in fifty ends anywhere: no single number can rule a recipe out.
"""

from functools import lru_cache

import numpy as np
from scipy import stats

from autoencoders.analysis.statistics import STUCK

N_TESTED = 2000  # test images: accuracies are multiples of 1 / 2000
LOWEST = 0.08  # accuracy of a stuck seed
OUTLIERS = 0.02  # share of seeds that may end anywhere
STEADY_SD, STEADY_SEEDS = 0.008, 2  # of a steady network, and how many seeds it counts as
EXACT = 1e-9  # what arithmetic may add to a number
FLOOR = 1e-300  # of a probability that rounding made 0


def is_stuck(accuracy):
    """Return whether a seed learnt next to nothing; one that diverged, with None, did."""
    return accuracy is None or accuracy < STUCK


def share_stuck(accuracies):
    """Return the share of stuck seeds, counted with one half of a seed more, in one more."""
    return (sum(map(is_stuck, accuracies)) + 0.5) / (len(accuracies) + 1)


def distribution(accuracies, share):
    """Return the predictive distribution of one more seed.

    Parameters
    ----------
    accuracies : sequence of float or None
        Of our seeds; None of one that diverged.
    share : float
        The share of stuck seeds among similar networks.

    Returns
    -------
    ndarray of shape (2001,)
        The probability of each multiple of 1 / 2000 from 0 to 1.
    """
    learnt = [value for value in accuracies if not is_stuck(value)]
    n, k = len(accuracies), len(accuracies) - len(learnt)
    stuck = (k + share) / (n + 1)
    everywhere = _uniform(0.0, 1.0)
    reached = _learning(learnt) if learnt else everywhere
    of_seed = stuck * _uniform(LOWEST, STUCK) + (1 - stuck) * reached
    return (1 - OUTLIERS) * of_seed + OUTLIERS * everywhere


def _learning(values):
    squares = float(np.sum((np.asarray(values) - np.mean(values)) ** 2))
    freedom = len(values) - 1 + STEADY_SEEDS
    variance = (squares + STEADY_SEEDS * STEADY_SD**2) / freedom
    scale = np.sqrt(variance * (1 + 1 / len(values)))
    edges = (np.arange(N_TESTED + 2) - 0.5) / N_TESTED
    cumulative = stats.t.cdf(edges, freedom, np.mean(values), scale)
    return np.diff(cumulative) / (cumulative[-1] - cumulative[0])


@lru_cache
def _uniform(low, high):
    accuracies = np.arange(N_TESTED + 1) / N_TESTED
    inside = (accuracies >= low - EXACT) & (accuracies < high + (EXACT if high == 1 else -EXACT))
    return inside / inside.sum()


def of_mean(probabilities, m):
    """Return the distribution of the mean of `m` seeds, an array of shape (2000 m + 1,)."""
    size = N_TESTED * m + 1
    n_points = 1 << (size - 1).bit_length()
    product = np.fft.irfft(np.fft.rfft(probabilities, n_points) ** m, n_points)[:size]
    return np.clip(product, 0, None) / product.sum()


def chances(probabilities, published, rounding):
    """Return the chances that a number is below the published one, rounds to it, or is above."""
    values = np.linspace(0, 1, len(probabilities))
    below = float(probabilities[values < published - rounding - EXACT].sum())
    above = float(probabilities[values > published + rounding + EXACT].sum())
    return below, max(FLOOR, 1 - below - above), above


def expected_log(probabilities, rounding):
    """Return the mean logarithm of the chance of a number that comes from the distribution itself.

    No recipe can be expected to do better: it is what the spread of the seeds costs.
    """
    values = np.linspace(0, 1, len(probabilities))
    rounded = np.round(values / (2 * rounding)).astype(int)
    of_each = np.bincount(rounded, probabilities)
    return float(np.sum(of_each * np.log(np.maximum(of_each, FLOOR))))
