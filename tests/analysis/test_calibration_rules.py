import math
from pathlib import Path

import numpy as np
import pytest

from autoencoders.analysis import calibration_rules as rules
from autoencoders.analysis.published import read_published

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "report"


@pytest.fixture(scope="module")
def half_of():
    return rules.halves(read_published(FOLDER))


@pytest.mark.parametrize(("near", "n", "share"), [(0, 3, 1 / 5), (3, 3, 4 / 5), (7, 10, 8 / 12)])
def test_score_by_hand(near, n, share):
    assert rules.score(near, n) == pytest.approx(math.log(share))


def test_what_is_just_near_counts_and_a_diverged_seed_does_not():
    assert rules.n_near([0.93, 0.91, 0.9305, 0.9095, None], 0.92) == 2


def test_each_half_has_every_architecture_once(half_of):
    assert len(half_of) == 46
    for half in rules.HALVES:
        cells = [cell.split("/")[1].split("-", 1) for cell in half_of if half_of[cell] == half]
        assert len({hidden for _, hidden in cells}) == len(cells) == 23
        depths = [hidden.count("-") + 1 for _, hidden in cells]
        assert [depths.count(depth) for depth in (1, 2, 3)] == [3, 9, 11]
        assert 11 <= [activation for activation, _ in cells].count("relu") <= 12


def test_the_halves_are_fixed(half_of):
    assert half_of["classifier/relu-128"] == half_of["classifier/sigmoid-256"] == "choosing"
    assert half_of["classifier/sigmoid-128"] == half_of["classifier/relu-256"] == "confirming"
    assert half_of["classifier/sigmoid-512-128-512"] == "choosing"
    assert half_of["classifier/relu-128-512-128"] == "choosing"


@pytest.mark.parametrize(("kept", "n", "few"), [(0, 3, False), (0, 10, True), (4, 10, False)])
def test_few_seeds_are_clearly_fewer_than_half(kept, n, few):
    assert rules.few_keep_to(kept, n) is few


def test_the_spread_within_samples_is_pooled():
    sd, freedom = rules.pooled_sd([[1.0, 3.0], [5.0, 5.0, 5.0], [7.0], []])
    assert (sd, freedom) == (pytest.approx(math.sqrt(2 / 3)), 3)
    assert rules.pooled_sd([[7.0], []]) == (None, 0)


def test_what_holds_for_every_variant_does_not_count():
    grounds = {"a": {"text": "x", "pre": "1"}, "b": {"pre": "2"}}
    own, shared = rules.without_shared(grounds)
    assert own == {"a": ["x"], "b": []}
    assert shared == {"a": ["1"], "b": ["2"]}


@pytest.mark.parametrize(
    ("scores", "against", "best"),
    [
        ({"a": -1, "b": -2}, [], "a"),
        ({"a": -1, "b": -1}, [], "b"),  # the default wins a tie
        ({"a": -1, "b": -2}, ["a"], "b"),
        ({"a": -1, "b": -2}, ["a", "b"], "a"),
    ],
)
def test_the_best_is_among_those_that_nothing_speaks_against(scores, against, best):
    said = {variant: ["why"] if variant in against else [] for variant in scores}
    assert rules.best_of(scores, said, default="b") == best


NOWHERE, CHOOSING, CONFIRMING, BOTH = (False, False), (True, False), (False, True), (True, True)


@pytest.mark.parametrize(
    ("against", "lower", "best", "judged"),
    [
        ([], {"a": NOWHERE, "b": NOWHERE}, "b", ["left open", "chosen"]),
        ([], {"a": CHOOSING, "b": NOWHERE}, "b", ["left open", "chosen"]),
        ([], {"a": CONFIRMING, "b": NOWHERE}, "b", ["left open", "chosen"]),
        ([], {"a": BOTH, "b": NOWHERE}, "b", ["ruled out", "chosen"]),
        ([], {"a": NOWHERE, "b": CHOOSING}, "a", ["left open", "chosen"]),
        ([], {"a": NOWHERE, "b": BOTH}, "a", ["chosen", "ruled out"]),
        (["a"], {"a": NOWHERE, "b": NOWHERE}, "b", ["ruled out", "chosen"]),
        (["b"], {"a": NOWHERE, "b": NOWHERE}, "a", ["chosen", "ruled out"]),
        (["a", "b"], {"a": NOWHERE, "b": NOWHERE}, "a", ["ruled out", "ruled out"]),
    ],
)
def test_verdicts_where_b_is_the_default(against, lower, best, judged):
    said = {variant: ["why"] if variant in against else [] for variant in lower}
    found = rules.verdicts(said, lower, best, default="b")
    assert [verdict for verdict, _ in found.values()] == judged
    assert all(reason for _, reason in found.values())


def test_reasons_name_the_halves_and_everything_that_speaks_against_a_variant():
    lower = {"a": CONFIRMING, "b": NOWHERE, "c": BOTH}
    found = rules.verdicts({"a": [], "b": [], "c": ["why"]}, lower, "b", "b")
    assert found["a"][1] == "its score is clearly lower than that of b on the confirming half only"
    assert found["b"][1] == "the default, and the best score"
    assert found["c"][1] == "why; its score is clearly lower than that of b on both halves"


def test_a_choice_is_confirmed_unless_another_is_clearly_better():
    chosen = np.zeros(20)
    higher, mixed = chosen + 0.1, np.tile([1.0, -0.9], 10)
    assert rules.confirmed(chosen, []) == "yes"
    assert rules.confirmed(chosen, [mixed, -higher]) == "yes"
    assert rules.confirmed(chosen, [mixed, higher]) == "no"
