"""The statistics of all analyses, and the limits that several of them judge by.

All intervals are 95 % intervals. `values` are a list of one number per seed of ours; `published`
is the paper's number, one draw, and `rounding` half a unit of its last digit. The numbers of an
`effect` are a dict: itself, `low` and `high`, the ends of its interval, and where they are known
the p-value `p` and the number `n` of seeds or other values.
"""

import math
import warnings
from statistics import stdev

import numpy as np
from scipy import stats

from autoencoders.analysis.published import N_CLASSES

CONFIDENCE = 0.95
TAILS = [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2]
LEVEL = 0.05  # of the adjusted p-value
FEWEST_SEEDS = 3
MARGIN = 0.005  # what a steady number may differ by, in addition to its spread and the rounding
SPREADS = 2  # standard deviations over our seeds that are allowed for the paper's one draw

RESAMPLES, RANDOM_SEED = 999, 2019  # of `share_interval` and `between_groups`
CELL_RESAMPLES, CELL_RANDOM_SEED = 10_000, 0  # of `mean_and_interval`


def guessing(n_classes):
    """Return the accuracy of guessing one of so many classes."""
    return 1 / n_classes


def stuck_below(n_classes):
    """Return the accuracy below which a network has learnt next to nothing.

    Twice that of guessing; of few classes, half-way between guessing and none wrong.
    """
    return min(2 / n_classes, (1 + 1 / n_classes) / 2)


STUCK = stuck_below(N_CLASSES)  # of the paper's networks


class TooFewSeeds(Exception):
    """Fewer seeds than an interval takes; the message says how many."""


def mean(values):
    """Return the mean of a list of numbers; None if there is none."""
    return math.fsum(values) / len(values) if values else None


def standard_deviation(values):
    """Return the sample standard deviation of a list of numbers; None of fewer than two."""
    return stdev(values) if len(values) > 1 else None


def tolerance(sd, rounding):
    """Return how far a mean may be from the published number, given the spread over our seeds."""
    return MARGIN + SPREADS * sd + rounding


def at_or_below(values, published, rounding):
    """Return how many values are, rounded as the paper rounds, at or below its number."""
    return int(np.count_nonzero(np.asarray(values) <= published + rounding))


def rank_p(values, published, rounding):
    """Return the two-sided p-value of the paper's one draw among our seeds.

    If the paper's network was one more seed of ours, each rank among all `n` + 1 was equally
    likely. (k + 1) / (n + 1) is the chance of a rank at least as low as the one found, where k
    seeds are at or below the published value, and likewise for high ones; the smaller of the two
    is doubled, and capped at 1. A seed that rounding cannot tell from the published value counts
    on either side, so that ties do not make a draw look unusual. Source: B. Phipson, G. K. Smyth,
    Statistical Applications in Genetics and Molecular Biology 9 (2010) 39.
    """
    below = at_or_below(values, published, rounding)
    above = int(np.count_nonzero(np.asarray(values) >= published - rounding))
    return min(1.0, 2 * (min(below, above) + 1) / (len(values) + 1))


def smallest_p(n):
    """Return the p-value of a published draw beyond all of our `n` seeds."""
    return min(1.0, 2 / (n + 1))


def relative_rank(values, published, rounding):
    """Return where the paper's draw lies among ours, between 0 and 1: the middle of its ranks.

    Uniform over many draws if each was one more seed of ours; ties count as in `rank_p`.
    """
    below = int(np.count_nonzero(np.asarray(values) < published - rounding))
    ties = at_or_below(values, published, rounding) - below
    return (below + (ties + 1) / 2) / (len(values) + 1)


def ranks_together(ranks):
    """Return how far the relative ranks of independent draws are from a uniform distribution.

    The p-value, of the Kolmogorov-Smirnov test, is exact but for the few values that a rank can
    have, which makes it too large rather than too small.
    """
    result = stats.kstest(ranks, "uniform")
    return float(result.statistic), float(result.pvalue)


def holm(p_values):
    """Return a list of p-values adjusted for their number, in the same order.

    The chance that any true hypothesis has one of at most 0.05 is at most 0.05, whatever the
    dependence between them. Source: S. Holm, Scandinavian Journal of Statistics 6 (1979) 65-70.
    """
    # SciPy adjusts for the false discovery rate alone (`stats.false_discovery_control`).
    adjusted, largest = [0.0] * len(p_values), 0.0
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    for rank, position in enumerate(order):
        largest = max(largest, min(1.0, (len(p_values) - rank) * p_values[position]))
        adjusted[position] = largest
    return adjusted


def wilson_interval(count, n):
    """Return the lower and upper end of the interval of a share, estimated as `count` of `n`.

    Source: E. B. Wilson, J. Amer. Statist. Assoc. 22 (1927) 209-212. Recommended for few
    observations by L. D. Brown, T. T. Cai, A. DasGupta, Statistical Science 16 (2001) 101-133.
    """
    low, high = stats.binomtest(count, n).proportion_ci(CONFIDENCE, "wilson")
    return float(low), float(high)


def share_difference(counted, reference):
    """Return how far two shares differ, each given as n and how many of them, with interval and p.

    The interval is Newcombe's: Statistics in Medicine 17 (1998) 873-890, method 10; p is Fisher's.
    """
    (n, k), (m, j) = counted, reference
    share, other = k / n, j / m
    (low, high), (other_low, other_high) = wilson_interval(k, n), wilson_interval(j, m)
    below = ((share - low) ** 2 + (other_high - other) ** 2) ** 0.5
    above = ((high - share) ** 2 + (other - other_low) ** 2) ** 0.5
    return {
        "difference": share - other,
        "difference_low": share - other - below,
        "difference_high": share - other + above,
        "p": float(stats.fisher_exact([[k, n - k], [j, m - j]]).pvalue),
    }


def share_interval(shares):
    """Return the mean share over architectures, with a bootstrap interval over them."""
    low = high = average = float(np.mean(shares))
    if np.ptp(shares) > 0:
        given = {"n_resamples": RESAMPLES, "rng": np.random.default_rng(RANDOM_SEED)}
        given |= {"confidence_level": CONFIDENCE, "method": "percentile"}
        low, high = stats.bootstrap((shares,), np.mean, **given).confidence_interval
    return _found(average, low, high)


def mean_and_interval(differences):
    """Return the mean of paired differences, one for each cell, and the ends of its interval.

    It is that of the percentile bootstrap over the cells, always with the same random numbers.
    Source: B. Efron, R. J. Tibshirani, "An introduction to the bootstrap" (1993), ch. 13.
    """
    # `stats.bootstrap` draws the same, but its quantiles differ from NumPy's in the last digit.
    values = np.asarray(differences, dtype=np.float64)
    generator = np.random.default_rng(CELL_RANDOM_SEED)
    drawn = generator.integers(values.size, size=(CELL_RESAMPLES, values.size))
    low, high = np.quantile(values[drawn].mean(axis=1), TAILS)
    return float(values.mean()), float(low), float(high)


def mean_interval(values):
    """Return the effect that is the mean, by Student's t; TooFewSeeds below three values."""
    values = np.asarray(values, float)
    _enough(values)
    low = high = average = float(values.mean())
    if _differ(values):
        low, high = stats.ttest_1samp(values, 0).confidence_interval(CONFIDENCE)
    return _found(average, low, high, n=len(values))


def paired_interval(differences):
    """Return `mean_interval` of differences by seed, with the p-value that they are none."""
    numbers = mean_interval(differences)
    if numbers["low"] == numbers["high"]:
        return numbers | {"p": float(numbers["effect"] == 0)}
    return numbers | {"p": float(stats.ttest_1samp(differences, 0).pvalue)}


def difference_interval(ours, others):
    """Return the difference of two means by Welch's t-test; `n` counts both."""
    _enough(ours)
    _enough(others)
    low = high = difference = float(np.mean(ours) - np.mean(others))
    p = float(difference == 0)
    if _differ(ours) or _differ(others):
        with warnings.catch_warnings():
            # One group may well be the same for every seed, such as a number of epochs.
            warnings.filterwarnings("ignore", "Precision loss", RuntimeWarning)
            test = stats.ttest_ind(ours, others, equal_var=False)
        (low, high), p = test.confidence_interval(CONFIDENCE), test.pvalue
    return _found(difference, low, high, p=float(p), n=len(ours) + len(others))


def rank_correlation(values, others):
    """Return Spearman's rank correlation, its interval by Fisher's transformation."""
    test = stats.spearmanr(values, others)
    ranks = stats.pearsonr(stats.rankdata(values), stats.rankdata(others))
    low, high = ranks.confidence_interval(CONFIDENCE)
    return _found(test.statistic, low, high, p=float(test.pvalue), n=len(values))


def between_groups(groups):
    """Return the share of variation between groups (by ranks), with a bootstrap interval."""
    generator = np.random.default_rng(RANDOM_SEED)
    resampled = []
    for _ in range(RESAMPLES):
        samples = [generator.choice(group, len(group)) for group in groups]
        resampled.append(_share_between(samples)[0])
    low, high = np.quantile(resampled, TAILS)
    effect, p = _share_between(groups)
    # Resampling adds variation between groups, so that the lower end can pass the share itself.
    return _found(effect, min(low, effect), high, p=p, n=sum(map(len, groups)))


def _share_between(samples):
    """Return Kruskal and Wallis' (H - k + 1) / (n - k), at least 0, of k samples, and their p."""
    values = np.concatenate(samples)
    if np.ptp(values) == 0:
        return 0.0, 1.0
    h, p = stats.kruskal(*samples)
    k = len(samples)
    return max(0.0, float(h - k + 1) / (len(values) - k)), float(p)


def _found(effect, low, high, **more):
    return {"effect": float(effect), "low": float(low), "high": float(high), **more}


def _differ(values):
    """Return whether values differ by more than the last digits of a number."""
    return np.ptp(values) > 1e-9 * np.max(np.abs(values))


def _enough(values):
    if len(values) < FEWEST_SEEDS:
        raise TooFewSeeds(f"only {len(values)} seeds, {FEWEST_SEEDS} are needed")
