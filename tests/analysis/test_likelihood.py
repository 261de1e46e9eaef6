import math

import numpy as np
import pytest
from scipy import stats

from autoencoders.analysis import likelihood
from autoencoders.analysis.statistics import STUCK

STEADY = [0.91, 0.915, 0.92, 0.925, 0.93]
HALF_STUCK = [0.11, 0.1, 0.113, 0.85, 0.86, 0.84]


def log_chance(accuracies, published, m=1, share=0.01, rounding=0.005):
    of_seed = likelihood.distribution(accuracies, share)
    of_mean = likelihood.of_mean(of_seed, m)
    return math.log(likelihood.chances(of_mean, published, rounding)[1])


@pytest.mark.parametrize("m", [1, 2, 3, 5, 10])
@pytest.mark.parametrize("accuracies", [STEADY, HALF_STUCK, [0.1], [None, 0.9], [0.113] * 3])
def test_chances_of_all_published_numbers_make_one(accuracies, m):
    of_mean = likelihood.of_mean(likelihood.distribution(accuracies, 0.1), m)
    assert of_mean.shape == (2000 * m + 1,)
    assert of_mean.sum() == pytest.approx(1)
    assert of_mean.min() >= 0
    for published in (0.11, 0.5, 0.92):
        assert sum(likelihood.chances(of_mean, published, 0.005)) == pytest.approx(1)


def test_one_more_seed_of_a_steady_network_follows_student():
    """Without the share that may end anywhere or be stuck."""
    found = likelihood.distribution(STEADY, 0.0)
    variance = (np.var(STEADY) * 5 + 2 * 0.008**2) / 6
    expected = stats.t(6, np.mean(STEADY), math.sqrt(variance * 1.2))
    for low, high in ((0.9, 0.91), (0.92, 0.93), (0.95, 0.96)):
        accuracies = np.arange(2001) / 2000
        inside = (accuracies > low - 1e-4) & (accuracies < high - 1e-4)
        of_t = expected.cdf(high - 2.5e-4) - expected.cdf(low - 2.5e-4)
        assert found[inside].sum() == pytest.approx(0.98 * of_t + 0.02 * 0.01, rel=0.02)


def test_the_mean_of_several_has_their_mean_and_less_spread():
    of_seed = likelihood.distribution(HALF_STUCK, 0.5)
    accuracies = np.arange(2001) / 2000
    mean = of_seed @ accuracies
    variance = of_seed @ (accuracies - mean) ** 2
    for m in (2, 5, 10):
        of_mean = likelihood.of_mean(of_seed, m)
        values = np.linspace(0, 1, len(of_mean))
        assert of_mean @ values == pytest.approx(mean)
        assert of_mean @ (values - mean) ** 2 == pytest.approx(variance / m)


def test_a_nearer_number_is_likelier():
    chances = [log_chance(STEADY, published) for published in (0.92, 0.94, 0.96, 0.99)]
    assert chances == sorted(chances, reverse=True)
    assert log_chance(STEADY, 0.5) > math.log(0.02 * 0.01) - 0.1, "nothing is ruled out by a cell"


def test_a_number_between_plateau_and_success_speaks_for_a_mean():
    assert log_chance(HALF_STUCK, 0.11, m=1) > log_chance(HALF_STUCK, 0.11, m=5)
    assert log_chance(HALF_STUCK, 0.31, m=5) > log_chance(HALF_STUCK, 0.31, m=1)


def test_few_seeds_say_less_than_many():
    """Of a number that ours do not reach, and of a plateau that none of them met."""
    assert log_chance(STEADY[:3], 0.96) > log_chance(STEADY * 4, 0.96)
    assert log_chance([0.85], 0.11, share=0.3) > log_chance([0.85] * 10, 0.11, share=0.3)


def test_similar_networks_tell_how_often_one_is_stuck():
    assert log_chance(STEADY, 0.11, share=0.5) > log_chance(STEADY, 0.11, share=0.01) + 1


def test_a_coarser_rounding_is_likelier():
    assert log_chance(STEADY, 0.92) > log_chance(STEADY, 0.92, rounding=0.0005)


@pytest.mark.parametrize(
    ("accuracies", "share"), [([0.1, 0.9], 0.5), ([0.9], 0.25), ([None], 0.75)]
)
def test_share_of_stuck_seeds(accuracies, share):
    assert likelihood.share_stuck(accuracies) == share
    assert [likelihood.is_stuck(value) for value in (None, STUCK - 0.001, STUCK)] == [1, 1, 0]


def test_no_recipe_can_be_expected_to_do_better_than_the_one_that_was_used():
    """Over many numbers drawn from a distribution, its own mean logarithm is reached."""
    of_seed = likelihood.distribution(HALF_STUCK, 0.5)
    for m in (1, 3):
        of_mean = likelihood.of_mean(of_seed, m)
        generator = np.random.default_rng(0)
        drawn = generator.choice(np.linspace(0, 1, len(of_mean)), 4000, p=of_mean)
        found = [np.log(likelihood.chances(of_mean, round(x, 2), 0.005)[1]) for x in drawn]
        expected = likelihood.expected_log(of_mean, 0.005)
        assert np.mean(found) == pytest.approx(expected, abs=0.08)
