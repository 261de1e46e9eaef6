"""The rules by which the calibration rules a variant out, chooses one and confirms the choice.

docs/calibration.md explains them. `against`, `lower` and `grounds` are by variant.
"""

import math
from statistics import variance

from scipy.stats import t as student_t

from autoencoders.analysis import statistics

NEAR = 0.01  # from the published accuracy
EXACT = 1e-9  # what arithmetic may add to a difference
TABLE2_ACTIVATIONS = 2  # Table 2 has a column for ReLU and one for sigmoid

CHOOSING, CONFIRMING = "choosing", "confirming"
HALVES = (CHOOSING, CONFIRMING)
CHOSEN, LEFT_OPEN, RULED_OUT = "chosen", "left open", "ruled out"
YES, NO = "yes", "no"


def halves(published):
    """Return `choosing` or `confirming` for each configuration of Table 2, as on a chessboard.

    So each half has every architecture once, every other one as a ReLU network.
    """
    half_of = {}
    for position, name in enumerate(published.in_table("Table 2")):
        row, column = divmod(position, TABLE2_ACTIVATIONS)
        half_of[name] = HALVES[(row + column) % 2]
    return half_of


def n_near(accuracies, published):
    """Return how many accuracies are within 0.01 of the paper's; None, of a diverged seed, not."""
    near = [each is not None and abs(each - published) <= NEAR + EXACT for each in accuracies]
    return sum(near)


def score(near, n):
    """Return the logarithm of Laplace's estimate of the chance that one more seed is as near."""
    return math.log((near + 1) / (n + 2))


def few_keep_to(kept, n):
    """Return whether the `kept`, of `n` seeds, are clearly fewer than half."""
    return statistics.wilson_interval(kept, n)[1] < 0.5


def pooled_sd(samples):
    """Return the standard deviation within samples and its degrees of freedom; None without any."""
    large = [sample for sample in samples if len(sample) > 1]
    if not large:
        return None, 0
    freedom = sum(map(len, large)) - len(large)
    squares = sum((len(sample) - 1) * variance(sample) for sample in large)
    return math.sqrt(squares / freedom), freedom


def allowed_of_mean(sd, freedom, n, rounding):
    """Return how far a mean of `n` seeds may be from the published number.

    It is what the comparison allows of a steady number, and half the mean's own 95 % interval: a
    mean is clearly another one if its whole interval lies beyond what is allowed.
    """
    half = student_t.ppf((1 + statistics.CONFIDENCE) / 2, freedom) * sd / math.sqrt(n)
    return statistics.tolerance(sd, rounding) + float(half)


def without_shared(grounds):
    """Return by variant the words of its own grounds, and of the kinds that all variants have."""
    everywhere = set.intersection(*map(set, grounds.values()))
    own, shared = {}, {}
    for variant, of_variant in grounds.items():
        own[variant], shared[variant] = [], []
        for kind, words in of_variant.items():
            (shared if kind in everywhere else own)[variant].append(words)
    return own, shared


def best_of(scores, against, default):
    """Return the best variant that nothing is against, or the best of all; a tie: the default."""
    among = [variant for variant in scores if not against[variant]] or list(scores)
    return max(among, key=lambda variant: (scores[variant], variant == default))


def verdicts(against, lower, best, default):
    """Return of every variant whether it is chosen, left open or ruled out, and the reason.

    `against` holds in words what rules it out in addition to its score, and `lower` whether its
    score is clearly lower than that of the best one on each half.
    """
    than = f"clearly lower than that of {best}"
    reasons, judged = {}, {}
    for variant, words in against.items():
        on_both = [f"its score is {than} on both halves"] if all(lower[variant]) else []
        reasons[variant] = words + on_both
    for variant, ruling_out in reasons.items():
        if ruling_out:
            judged[variant] = RULED_OUT, "; ".join(ruling_out)
        elif variant == default == best:
            judged[variant] = CHOSEN, "the default, and the best score"
        elif variant == default:
            judged[variant] = CHOSEN, f"the default; {best} is not clearly better on both halves"
        elif variant == best and reasons[default]:
            judged[variant] = CHOSEN, "the best score; the default is ruled out"
        elif variant == best:
            judged[variant] = LEFT_OPEN, "the best score, not clearly better than the default"
        elif any(lower[variant]):
            half = HALVES[lower[variant].index(True)]
            judged[variant] = LEFT_OPEN, f"its score is {than} on the {half} half only"
        else:
            judged[variant] = LEFT_OPEN, f"its score is not {than} on either half"
    return judged


def confirmed(chosen, others):
    """Return `no` if an array of scores of one of the others is clearly better, else `yes`."""
    better = [statistics.mean_and_interval(other - chosen)[1] > EXACT for other in others]
    return NO if any(better) else YES
