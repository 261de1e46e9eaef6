"""The rules that turn numbers into verdicts."""

from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest

from autoencoders.claims import rules
from autoencoders.claims.rules import FAILS, HOLDS, UNDECIDED


def part(low=None, high=None, effect=None, p=None):
    return SimpleNamespace(low=low, high=high, effect=effect, p=p)


@pytest.mark.parametrize(
    ("verdicts", "general", "existential"),
    [
        ([HOLDS, HOLDS], HOLDS, HOLDS),
        ([HOLDS, FAILS], FAILS, HOLDS),
        ([HOLDS, UNDECIDED], UNDECIDED, HOLDS),
        ([FAILS, UNDECIDED], FAILS, UNDECIDED),
        ([FAILS, FAILS], FAILS, FAILS),
        ([], UNDECIDED, UNDECIDED),
    ],
)
def test_parts_combine(verdicts, general, existential):
    assert rules.all_of(verdicts) == general
    assert rules.any_of(verdicts) == existential


@pytest.mark.parametrize(
    ("low", "high", "over", "under"),
    [
        (0.6, 0.7, HOLDS, FAILS),
        (0.3, 0.5, FAILS, HOLDS),
        (0.5, 0.7, UNDECIDED, UNDECIDED),
        (0.4, 0.6, UNDECIDED, UNDECIDED),
    ],
)
def test_an_interval_lies_on_one_side_or_on_both(low, high, over, under):
    assert rules.above(part(low, high), 0.5) == over
    assert rules.below(part(low, high), 0.5) == under


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (0.001, 0.02, HOLDS),
        (-0.02, 0.0, FAILS),
        (0.021, 0.03, FAILS),
        (-0.01, 0.01, UNDECIDED),
        (0.01, 0.03, UNDECIDED),
    ],
)
def test_inside(low, high, verdict):
    assert rules.inside(part(low, high), 0, 0.02) == verdict


def test_better_needs_a_small_p_and_the_right_sign():
    assert rules.better(part(effect=0.1, p=0.049)) == HOLDS
    assert rules.better(part(effect=-0.1, p=0.049)) == FAILS
    assert rules.better(part(effect=0.1, p=0.05)) == UNDECIDED


def test_nothing_is_prevented_where_nothing_would_happen():
    assert rules.prevented(part(0.0, 0.01), HOLDS) == HOLDS
    assert rules.prevented(part(0.02, 0.03), HOLDS) == FAILS
    assert rules.prevented(part(0.005, 0.03), HOLDS) == UNDECIDED
    assert rules.prevented(part(0.0, 0.0), FAILS) == FAILS
    assert rules.prevented(part(0.0, 0.0), UNDECIDED) == UNDECIDED


def test_groups_differ_if_by_much_and_not_by_chance():
    assert rules.no_difference(part(p=0.5, effect=0.05)) == HOLDS
    assert rules.no_difference(part(p=0.001, effect=0.05)) == HOLDS
    assert rules.no_difference(part(p=0.001, effect=0.06)) == FAILS
    assert rules.no_difference(part(p=0.2, effect=0.06)) == UNDECIDED


def test_a_bigger_network_is_worse_somewhere_nowhere_or_perhaps():
    assert rules.worse_somewhere([0.9, 0.01], [-0.1, 0.1], [0.05, -0.2]) == HOLDS
    assert rules.worse_somewhere([0.01, 0.01], [-0.1, -0.2], [0.05, 0.1]) == FAILS
    assert rules.worse_somewhere([0.01, 0.9], [-0.1, 0.1], [0.05, -0.2]) == UNDECIDED


def test_a_mean_agrees_up_to_what_is_allowed():
    assert rules.agrees(-0.01, 0.01) == HOLDS
    assert rules.agrees(0.011, 0.01) == FAILS


def uncertain(effect, half, n=10):
    found = part(effect - half, effect + half, effect)
    found.n = n
    return found


def test_networks_that_would_decide():
    """Of so many the interval leaves the threshold out in four cases of five."""
    n, threshold, rule = 10, 0.01, partial(rules.above, threshold=0.01)
    effect, half = 0.02, 0.04
    found = rules.needed(uncertain(effect, half, n), rule)
    sd = half / 1.96 * n**0.5  # of one network
    means = effect + sd / found**0.5 * np.random.default_rng(0).standard_normal(100_000)
    decided = np.abs(means - threshold) > 1.96 * sd / found**0.5
    assert decided.mean() == pytest.approx(rules.POWER, abs=0.01)
    assert rules.needed(uncertain(effect, half, n), rules.above) < found
    assert rules.needed(uncertain(-0.02, half, n), rules.above) < found


@pytest.mark.parametrize(
    ("found", "rule", "expected"),
    [
        (uncertain(0.0, 1.0), rules.above, rules.MOST),
        (uncertain(1e-6, 1.0), rules.above, rules.MOST),
        (uncertain(1.0, 1.01), rules.above, 21),
        (uncertain(0.9, 1.0, 100_000), rules.above, rules.MOST),
        (uncertain(0.1, 1.0), rules.no_difference, None),
        (part(None, None, 0.1), rules.above, None),
    ],
)
def test_networks_that_are_needed_have_a_bound(found, rule, expected):
    if not hasattr(found, "n"):
        found.n = 5
    assert rules.needed(found, rule) == expected
