"""The rules that turn the number of a part and its 95 % interval into a verdict.

A part holds if the whole interval lies where the claim says, it does not hold if the whole interval
lies elsewhere, and it cannot be decided if the interval lies on both sides.
"""

from math import ceil

from scipy.stats import norm

from autoencoders.analysis.statistics import CONFIDENCE, LEVEL

HOLDS, FAILS, UNDECIDED = "holds", "does not hold", "cannot be decided"
VERDICTS = (HOLDS, FAILS, UNDECIDED)
INFORMATION = ""  # the verdict of a part that decides nothing

POWER = 0.8  # with which the networks that are said to be needed decide
MOST = 10_000  # networks that are worth training for one number

RISE = 0.01  # of the validation error above its minimum, less than what seeds differ by
SMALL = 0.06  # share of variation; by convention less is a small effect (Cohen 1988)


def all_of(verdicts):
    """Return the verdict on a general statement: it falls with a single part."""
    if FAILS in verdicts:
        return FAILS
    return HOLDS if verdicts and set(verdicts) == {HOLDS} else UNDECIDED


def any_of(verdicts):
    """Return the verdict on a statement that something happens: a single part makes it hold."""
    if HOLDS in verdicts:
        return HOLDS
    return FAILS if verdicts and set(verdicts) == {FAILS} else UNDECIDED


def above(part, threshold=0.0):
    """Return the verdict on a number that is said to be above a threshold."""
    if part.low > threshold:
        return HOLDS
    return FAILS if part.high <= threshold else UNDECIDED


def needed(part, rule):
    """Return how many networks would decide an undecided part; None if that cannot be said.

    It is said of rules that compare with one threshold: of so many the interval leaves the
    threshold out with a probability of `POWER`, if the number is what is estimated now and the
    interval shrinks with the root of their number (J. Cohen, "Statistical power analysis for the
    behavioral sciences" (1988), ch. 2).
    """
    threshold = getattr(rule, "keywords", {}).get("threshold", 0.0)
    if getattr(rule, "func", rule) not in (above, below) or None in (part.n, part.low):
        return None
    distance = abs(part.effect - threshold)
    usual = norm.ppf((1 + CONFIDENCE) / 2)
    wanted = (part.high - part.low) / 2 * (usual + norm.ppf(POWER)) / usual
    if distance == 0 or part.n * (wanted / distance) ** 2 > MOST:
        return MOST
    return max(part.n + 1, ceil(part.n * (wanted / distance) ** 2))


def below(part, threshold):
    """Return the verdict on a number that is said to be at most a threshold."""
    if part.high <= threshold:
        return HOLDS
    return FAILS if part.low > threshold else UNDECIDED


def inside(part, lower, upper):
    """Return the verdict on a number that is said to be above `lower` and at most `upper`."""
    return all_of([above(part, lower), below(part, upper)])


def better(part):
    """Return the verdict on one of many differences said to be positive, by its adjusted p."""
    if part.p >= LEVEL:
        return UNDECIDED
    return HOLDS if part.effect > 0 else FAILS


def prevented(part, premise):
    """Return the verdict on a remedy, by the rise with it and the verdict on the rise without."""
    return below(part, RISE) if premise == HOLDS else premise


def worse_somewhere(p_adjusted, losses, gains):
    """Return the verdict on: a bigger network is not necessarily better, from pairs of two.

    The gains are the lower ends of the intervals of what the bigger one's accuracy gains.
    """
    for p, loss in zip(p_adjusted, losses, strict=True):
        if p < LEVEL and loss > 0:
            return HOLDS
    return FAILS if min(gains) > 0 else UNDECIDED


def no_difference(part):
    """Return the verdict on: groups do not differ, by the share of variation between them."""
    if part.effect < SMALL:  # even if it is significant, it does not matter
        return HOLDS
    return FAILS if part.p < LEVEL else UNDECIDED


def agrees(difference, allowed):
    """Return the verdict on a published mean, by how far ours is from it."""
    return HOLDS if abs(difference) <= allowed + 1e-12 else FAILS


def as_found(part):
    """Return the verdict that came with the part's numbers."""
    return part.verdict
