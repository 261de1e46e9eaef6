import numpy as np
import pytest
import scipy.stats

from autoencoders.analysis import statistics


def test_tolerance_by_hand():
    assert statistics.tolerance(0.01, 0.005) == pytest.approx(0.03)


def test_spread_of_few_numbers():
    assert (statistics.mean([]), statistics.standard_deviation([0.5])) == (None, None)
    assert statistics.mean([0.1] * 10) == 0.1
    assert statistics.standard_deviation([1, 3]) == pytest.approx(2**0.5)


@pytest.mark.parametrize(
    ("count", "n", "interval"),
    [(0, 10, (0, 0.27753)), (5, 10, (0.23659, 0.76341)), (3, 3, (0.43850, 1))],
)
def test_wilson_interval_as_published(count, n, interval):
    assert statistics.wilson_interval(count, n) == pytest.approx(interval, abs=1e-5)


@pytest.mark.parametrize(
    ("published", "p"),
    [
        (0.05, 2 / 5),  # below all four
        (0.95, 2 / 5),
        (0.15, 4 / 5),  # above one
        (0.25, 1),  # in the middle: 2 * 3 / 5, capped
        (0.101, 4 / 5),  # rounding cannot tell it from the lowest, which may be below
        (0.399, 4 / 5),  # nor this one from the highest, which may be above
        (0.404, 4 / 5),
    ],
)
def test_rank_p_by_hand(published, p):
    values = [0.1, 0.2, 0.3, 0.4]
    assert statistics.rank_p(values, published, 0.005) == pytest.approx(p)
    assert statistics.smallest_p(4) == pytest.approx(2 / 5)


def test_seeds_count_as_the_paper_would_have_rounded_them():
    assert statistics.at_or_below([0.294, 0.304, 0.306], 0.30, 0.005) == 2


def test_relative_rank_by_hand():
    values = [0.1, 0.2, 0.3]
    assert statistics.relative_rank(values, 0.05, 0.005) == 1 / 8
    assert statistics.relative_rank(values, 0.25, 0.005) == 5 / 8
    assert statistics.relative_rank(values, 0.2, 0.005) == 1 / 2
    assert statistics.relative_rank([0.2] * 3, 0.2, 0.005) == 1 / 2


def test_ranks_that_are_spread_evenly_and_ranks_that_are_not():
    even = [(k + 0.5) / 40 for k in range(40)]
    distance, p = statistics.ranks_together(even)
    assert distance == pytest.approx(1 / 80)
    assert p > 0.99
    distance, p = statistics.ranks_together([rank / 4 for rank in even])
    assert distance > 0.7
    assert p < 1e-6


def test_holm_by_hand():
    assert statistics.holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert statistics.holm([0.5, 0.6]) == pytest.approx([1, 1])
    assert statistics.holm([]) == []


def test_difference_as_published():
    """Newcombe (1998), Table II, method 10: 56/70 and 48/80; 0/10 and 0/20."""
    found = statistics.share_difference((70, 56), (80, 48))
    assert found["difference"] == pytest.approx(0.2)
    assert (found["difference_low"], found["difference_high"]) == pytest.approx(
        (0.0524, 0.3339), abs=1e-4
    )
    none = statistics.share_difference((10, 0), (20, 0))
    assert (none["difference_low"], none["difference_high"]) == pytest.approx(
        (-0.1611, 0.2775), abs=1e-4
    )


def test_the_interval_is_that_of_the_bootstrap():
    differences = np.random.default_rng(5).normal(0.2, 0.5, 23)
    mean, low, high = statistics.mean_and_interval(differences)
    drawn = scipy.stats.bootstrap(
        (differences,),
        np.mean,
        n_resamples=statistics.CELL_RESAMPLES,
        method="percentile",
        rng=np.random.default_rng(statistics.CELL_RANDOM_SEED),
    )
    expected = drawn.confidence_interval
    assert mean == pytest.approx(differences.mean())
    assert (low, high) == pytest.approx((expected.low, expected.high), rel=1e-14)
    assert statistics.mean_and_interval(differences) == (mean, low, high)


def test_intervals_by_hand():
    found = statistics.mean_interval([1.0, 2.0, 3.0])
    half = 4.302653 * 1 / 3**0.5
    assert (found["effect"], found["n"]) == (2.0, 3)
    assert (found["low"], found["high"]) == pytest.approx((2 - half, 2 + half), abs=1e-5)
    same = statistics.difference_interval([3, 3, 3], [1, 1, 1])
    assert (same["effect"], same["low"], same["high"], same["p"]) == (2, 2, 2, 0)


@pytest.mark.parametrize(
    "interval",
    [
        statistics.mean_interval,
        statistics.paired_interval,
        lambda values: statistics.difference_interval([1, 2, 3], values),
    ],
)
def test_too_few_seeds_for_an_interval(interval):
    with pytest.raises(statistics.TooFewSeeds, match="only 2 seeds, 3 are needed"):
        interval([1, 2])


def test_paired_differences_that_are_all_the_same():
    assert statistics.paired_interval([0.0] * 3)["p"] == 1
    assert statistics.paired_interval([0.5] * 3)["p"] == 0
    assert 0 < statistics.paired_interval([0.5, 0.4, 0.6])["p"] < 0.05


def test_shares_and_their_interval_over_architectures():
    assert statistics.share_interval([0.5, 0.5]) == {"effect": 0.5, "low": 0.5, "high": 0.5}
    found = statistics.share_interval([0.2, 0.4, 0.9])
    assert 0.2 <= found["low"] < found["effect"] < found["high"] <= 0.9


def test_a_rank_correlation_has_its_interval():
    found = statistics.rank_correlation([1, 2, 3, 4, 5], [2, 1, 30, 40, 500])
    assert found["effect"] == pytest.approx(0.9)
    assert found["low"] < 0.9 < found["high"]
    assert found["n"] == 5


def test_variation_between_groups():
    apart = statistics.between_groups([[1, 2, 3, 4], [11, 12, 13, 14], [21, 22, 23, 24]])
    assert apart["effect"] > 0.8
    assert apart["p"] < 0.05
    alike = statistics.between_groups([[1, 2, 3, 4], [4, 3, 2, 1]])
    assert alike["effect"] == 0
