"""Our runs compared with every published number, by stated rules.

A number of a table or of the text is *steady* when our seeds agree on the result, up to some
spread, and *seed-dependent* when some of them end at chance level and others do not. The paper
shows one draw of each: of a steady number it must be near our mean; of a seed-dependent one it can
only be asked how unusual it would be among our seeds. A curve that was read off must be near ours.
"""

import numpy as np
import pandas

from autoencoders.analysis import statistics
from autoencoders.analysis.columns import NETWORK_COLUMNS, network_of, seeds_text, spread_of
from autoencoders.analysis.published import NOT_RUN, OTHER_DATA, OTHER_SETTINGS, READING_ERROR
from autoencoders.analysis.writing import frame_of

EXACT = 1e-12  # what arithmetic may add to a difference
FAR = 0.05  # a published number that is further from the nearest seed is far from all of them
CURVE_MARGIN = 0.0006  # median absolute difference of a curve
CURVE_SPREAD = 0.002  # over the seeds; with a larger one a mean curve is nobody's curve

AGREES, DISAGREES = "agrees", "disagrees"
CONSISTENT, NOT_CONSISTENT = "seed-dependent, consistent", "seed-dependent, not consistent"
SEEDS_DIFFER = "seeds differ"
TOO_FEW, RUN_MISSING = "too few seeds", "run missing"
JUDGED = (AGREES, DISAGREES, CONSISTENT, NOT_CONSISTENT, SEEDS_DIFFER)
VERDICTS = (*JUDGED, TOO_FEW, RUN_MISSING, NOT_RUN, OTHER_SETTINGS, OTHER_DATA)
COLUMNS = (
    "place", "configuration", "quantity", "verdict", "reason", "published", "rounding",
    "mean", "sd", "n", "minimum", "maximum", "difference", "tolerance", "stuck",
    "at_or_below", "share", "share_low", "share_high", "p", "smallest_p", "p_adjusted",
    "rank", "nearest", "epochs", "last_epoch", "median_difference", "median_epoch",
    "spread", "nearest_seed_difference", "diverged", *NETWORK_COLUMNS,
)  # fmt: skip


def is_seed_dependent(accuracies):
    """Return whether some seeds end at chance and some do not: below 0.2, and at 0.2 or more."""
    return min(accuracies) < statistics.STUCK <= max(accuracies)


def verdict_on_steady(difference, allowed):
    """Return the verdict on a number that our seeds agree on; what is just allowed agrees."""
    return AGREES if abs(difference) <= allowed + EXACT else DISAGREES


def compare(published, configurations, dataset, runs, gaps):
    """Compare every published number with ours.

    Parameters
    ----------
    published : Published
    configurations : dict of str to Configuration
        Those declared.
    dataset : str
        The data that the runs are made from.
    runs, gaps : dict
        By name each Run that may be used; by name why a run is missing.

    Returns
    -------
    pandas.DataFrame
        The columns `COLUMNS`, which results/README.md explains: a row for each number of the
        tables and the text, then one for each curve.
    """
    rows = []
    for name, number in published.cells.items():
        row = _start(published, configurations, dataset, runs, gaps, name)
        row |= {"place": number.place, "quantity": number.quantity}
        row |= {"published": number.text, "rounding": number.rounding}
        if "diverged" in row:
            row |= _number(runs[name], number)
        rows.append(row)
    tested = [row for row in rows if "p" in row]
    adjusted = statistics.holm([row["p"] for row in tested])
    for row, p_adjusted in zip(tested, adjusted, strict=True):
        row["p_adjusted"] = p_adjusted
        # The paper shows one draw of a seed-dependent number.
        row.setdefault("verdict", CONSISTENT if p_adjusted >= statistics.LEVEL else NOT_CONSISTENT)
    for curve in published.curves:
        name, last = curve.configuration, max(curve.points)
        row = _start(published, configurations, dataset, runs, gaps, name)
        row |= {"place": f"Figure {curve.figure}", "quantity": curve.error}
        row |= {"published": curve.points[last], "rounding": READING_ERROR}
        row |= {"epochs": len(curve.points), "last_epoch": last}
        if "diverged" in row:
            row |= _curve(runs[name], curve)
        rows.append(row)
    return frame_of(rows, COLUMNS)


def _start(published, configurations, dataset, runs, gaps, name):
    """Return what can be said before comparing; it has `diverged` if there is a run to compare."""
    row = {"configuration": name}
    if name in configurations:
        row |= network_of(configurations[name].settings)
    verdict, reason = published.standing(configurations, dataset, name)
    if verdict is None and name not in runs:
        verdict, reason = RUN_MISSING, gaps.get(name, "not read")
    if verdict is not None:
        return row | {"verdict": verdict, "reason": reason}
    if len(runs[name].seeds) < statistics.FEWEST_SEEDS:
        row["verdict"] = TOO_FEW
    return row | {"diverged": seeds_text(runs[name].diverged)}


def _our_side(values):
    ends = {"minimum": min(values, default=None), "maximum": max(values, default=None)}
    return spread_of(values) | ends


def _number(run, number):
    """Return our side of a number; without the verdict if that has to wait for all p-values."""
    values, is_accuracy = run.values(number.quantity), number.quantity == "accuracy"
    row, n = _our_side(values), len(values)
    if not values:
        return row
    row["difference"] = row["mean"] - number.value
    row["nearest"] = float(np.min(np.abs(np.subtract(values, number.value))))
    if is_accuracy:
        row["stuck"] = int(np.count_nonzero(np.less(values, statistics.STUCK)))
    if n < statistics.FEWEST_SEEDS:
        return row
    count = statistics.at_or_below(values, number.value, number.rounding)
    row["at_or_below"], row["share"] = count, count / n
    row["share_low"], row["share_high"] = statistics.wilson_interval(count, n)
    row["p"] = statistics.rank_p(values, number.value, number.rounding)
    row["smallest_p"] = statistics.smallest_p(n)
    row["rank"] = statistics.relative_rank(values, number.value, number.rounding)
    if not (is_accuracy and is_seed_dependent(values)):
        row["tolerance"] = statistics.tolerance(row["sd"], number.rounding)
        row["verdict"] = verdict_on_steady(row["difference"], row["tolerance"])
    return row


def _curve(run, curve):
    """Return our side of a curve, at the epochs that were read off and trained."""
    ours = run.curves(curve.error)
    theirs = pandas.Series(curve.points).sort_index()
    theirs = theirs[theirs.index.isin(ours.index)]
    if theirs.empty or not run.seeds:
        return {"verdict": TOO_FEW, "epochs": 0, "n": len(run.seeds)}
    ours = ours.loc[theirs.index]
    last, middle = theirs.index[-1], theirs.index[(len(theirs) - 1) // 2]
    row = {
        **_our_side(ours.loc[last].tolist()),
        "epochs": len(theirs),
        "last_epoch": int(last),
        "published": float(theirs[last]),
        "difference": float(ours.loc[last].mean() - theirs[last]),
        "median_difference": float((ours.mean(axis=1) - theirs).abs().median()),
        "median_epoch": int(middle),
        "spread": float(np.ptp(ours.loc[middle])),
        "nearest_seed_difference": float(ours.sub(theirs, axis=0).abs().median().min()),
    }
    if len(run.seeds) < statistics.FEWEST_SEEDS:
        return row
    if row["median_difference"] < CURVE_MARGIN:
        return row | {"verdict": AGREES}
    return row | {"verdict": DISAGREES if row["spread"] < CURVE_SPREAD else SEEDS_DIFFER}
