"""Our runs held against every number of the report, by stated rules.

A number of a table or of the text is *steady* when our seeds agree on what comes out, up to some
spread, and a *lottery* when some of them end at chance level and others do not. The report shows
one draw of each: of a steady number it must be near our mean, of a lottery it can only be asked
how unusual it would be among our seeds. A digitised curve must be near our mean curve.
"""

import math
import statistics

import numpy as np
import pandas
from scipy.stats import kstest

from autoencoders.files import written_aside
from autoencoders.reported import NOT_RUN, OTHER_DATA, OTHER_SETTINGS, READING_ERROR
from autoencoders.tables import EMPTY, Cell, Shown, html, markdown, write_csv
from autoencoders.words import configuration_words, seed_list

MARGIN = 0.005  # what a steady number may differ by, beside its spread and the rounding
SPREADS = 2  # standard deviations over our seeds that are allowed for the report's one draw
CHANCE = 0.1  # accuracy of guessing one of ten classes
STUCK = 2 * CHANCE  # a network below it has learnt next to nothing
FEWEST_SEEDS = 3
CONFIDENCE = 0.95
LEVEL = 0.05  # of the adjusted p-value
FAR = 0.05  # from the nearest seed
CURVE_MARGIN = 0.0006  # median absolute difference of a curve
CURVE_SPREAD = 0.002  # over the seeds; with a larger one a mean curve is nobody's curve

AGREES, DISAGREES = "agrees", "disagrees"
CONSISTENT, NOT_CONSISTENT = "lottery, consistent", "lottery, not consistent"
SEEDS_DIFFER = "seeds differ"
TOO_FEW, RUN_MISSING = "too few seeds", "run missing"
VERDICTS = (
    AGREES,
    DISAGREES,
    CONSISTENT,
    NOT_CONSISTENT,
    SEEDS_DIFFER,
    TOO_FEW,
    RUN_MISSING,
    NOT_RUN,
    OTHER_SETTINGS,
    OTHER_DATA,
)
JUDGED = VERDICTS[:5]
COLUMNS = (
    "place",
    "configuration",
    "quantity",
    "verdict",
    "reason",
    "report",
    "rounding",
    "mean",
    "sd",
    "n",
    "minimum",
    "maximum",
    "difference",
    "tolerance",
    "stuck",
    "at_or_below",
    "share",
    "share_low",
    "share_high",
    "p",
    "smallest_p",
    "p_adjusted",
    "rank",
    "nearest",
    "epochs",
    "last_epoch",
    "median_difference",
    "median_epoch",
    "spread",
    "nearest_seed_difference",
)
FIGURES = ("Figure 1", "Figure 3")
SUFFIXES = ("csv", "md", "html")


# --- the rules --------------------------------------------------------------------------------


def tolerance(sd, rounding):
    """Return how far our mean of a steady number may be from the report's.

    Parameters
    ----------
    sd : float
        The sample standard deviation over our seeds.
    rounding : float
        Half a unit of the report's last digit.

    Returns
    -------
    float
    """
    return MARGIN + SPREADS * sd + rounding


def is_lottery(accuracies):
    """Return whether some seeds end at chance and some do not: below 0.2, and at 0.2 or more."""
    return min(accuracies) < STUCK <= max(accuracies)


def at_or_below(values, report, rounding):
    """Return how many values are, rounded as the report rounds, at or below its number."""
    return sum(value <= report + rounding for value in values)


def wilson_interval(count, n, confidence=CONFIDENCE):
    """Return the interval of a share that was estimated as `count` of `n`.

    Parameters
    ----------
    count, n : int
        Of `n` seeds, `count` have the property.
    confidence : float, optional

    Returns
    -------
    low, high : float

    References
    ----------
    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal
    of the American Statistical Association 22 (1927) 209-212. Recommended for few observations by
    L. D. Brown, T. T. Cai, A. DasGupta, "Interval estimation for a binomial proportion",
    Statistical Science 16 (2001) 101-133.
    """
    z = statistics.NormalDist().inv_cdf((1 + confidence) / 2)
    share, extra = count / n, z * z / n
    middle = (share + extra / 2) / (1 + extra)
    half = z * math.sqrt(share * (1 - share) / n + extra / (4 * n)) / (1 + extra)
    return max(0.0, middle - half), min(1.0, middle + half)


def rank_p(values, report, rounding):
    """Return the two-sided p-value of the report's one draw among our seeds.

    If the report's network was one more seed of ours, each rank among all `n` + 1 was equally
    likely. (k + 1) / (n + 1) is the chance of a rank at least as low as the one found, where k
    seeds are at or below the report's value, and likewise for high ones; the smaller of the two is
    doubled, and capped at 1. A seed that rounding cannot tell from the report's value counts on
    either side, so that ties do not make a draw look unusual.

    Parameters
    ----------
    values : list of float
        Ours, of `n` seeds.
    report, rounding : float
        The report's value, and half a unit of its last digit.

    Returns
    -------
    float
        At least `smallest_p(n)`.

    References
    ----------
    B. Phipson, G. K. Smyth, "Permutation p-values should never be zero", Statistical Applications
    in Genetics and Molecular Biology 9 (2010) 39.
    """
    below = at_or_below(values, report, rounding)
    above = sum(value >= report - rounding for value in values)
    return min(1.0, 2 * (min(below, above) + 1) / (len(values) + 1))


def relative_rank(values, report, rounding):
    """Return where the report's draw lies among ours, between 0 and 1: the middle of its ranks.

    Uniform over many draws if each was one more seed of ours. Seeds that rounding cannot tell
    from the report's value may stand on either side of it.
    """
    below = sum(value < report - rounding for value in values)
    ties = at_or_below(values, report, rounding) - below
    return (below + (ties + 1) / 2) / (len(values) + 1)


def ranks_together(ranks):
    """Return how well relative ranks go together with a uniform distribution.

    Parameters
    ----------
    ranks : list of float
        As `relative_rank` returns them, of independent draws.

    Returns
    -------
    distance : float
        The largest between their share at or below any value and that value.
    p : float
        Of the Kolmogorov-Smirnov test, exact but for the few values that a rank can have, which
        makes it too large rather than too small.
    """
    result = kstest(ranks, "uniform")
    return float(result.statistic), float(result.pvalue)


def smallest_p(n):
    """Return the p-value of a report's draw beyond all of our `n` seeds."""
    return min(1.0, 2 / (n + 1))


def holm(p_values):
    """Return p-values adjusted for their number, so that a small one means something.

    Parameters
    ----------
    p_values : list of float

    Returns
    -------
    list of float
        In the same order. The chance that any true hypothesis has one of at most 0.05 is at most
        0.05, whatever the dependence between them.

    References
    ----------
    S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of
    Statistics 6 (1979) 65-70.
    """
    adjusted, largest = [0.0] * len(p_values), 0.0
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    for rank, position in enumerate(order):
        largest = max(largest, min(1.0, (len(p_values) - rank) * p_values[position]))
        adjusted[position] = largest
    return adjusted


def verdict_on_steady(difference, allowed):
    """Return the verdict on a number that our seeds agree on; what is just allowed agrees."""
    return AGREES if abs(difference) <= allowed + 1e-12 else DISAGREES


def verdict_on_lottery(p_adjusted):
    """Return the verdict on a number that is one draw of a lottery."""
    return CONSISTENT if p_adjusted >= LEVEL else NOT_CONSISTENT


def verdict_on_curve(median_difference, spread):
    """Return the verdict on a curve, given the median absolute difference of the mean curve."""
    if median_difference < CURVE_MARGIN:
        return AGREES
    return DISAGREES if spread < CURVE_SPREAD else SEEDS_DIFFER


# --- the numbers ------------------------------------------------------------------------------


def compare(report, plan, runs, gaps):
    """Hold every number of the report against ours.

    Parameters
    ----------
    report : Report
        All numbers of the report.
    plan : dict
        What plan.json holds.
    runs : dict of str to Run
        The runs that may be used.
    gaps : dict of str to str
        Why a run is missing.

    Returns
    -------
    pandas.DataFrame
        The columns `COLUMNS`, a row for each number of the tables and the text, then one for each
        curve. `mean`, `sd`, `n`, `minimum` and `maximum` are over our seeds that did not diverge,
        of a curve at `last_epoch`, the last one that was read off; `report` and `difference` (ours
        minus the report's) are those there too. `stuck` counts the seeds at chance level;
        `at_or_below` those at or below the report's value, which are the `share` of all, with
        its 95 % interval; `p` is that of `rank_p`, `smallest_p` the least that so few seeds can
        give, `p_adjusted` Holm's over all rows that have a p, `rank` that of `relative_rank`.
        `nearest` is the distance of the nearest seed. Of a curve, `epochs` could be read off;
        `median_difference` is the median of the absolute differences of the mean curve at them,
        `nearest_seed_difference` that of the nearest single seed, and `spread` the difference
        between our largest and smallest seed at `median_epoch`.
    """
    rows = []
    for configuration, printed in report.cells.items():
        row, run = _start(report, plan, runs, gaps, configuration)
        row |= {
            "place": printed.place,
            "quantity": printed.quantity,
            "report": printed.text,
            "rounding": printed.rounding,
        }
        rows.append(row | (_cell(run, printed) if run else {}))
    tested = [row for row in rows if "p" in row]
    for row, p_adjusted in zip(tested, holm([row["p"] for row in tested]), strict=True):
        row["p_adjusted"] = p_adjusted
        if "verdict" not in row:
            row["verdict"] = verdict_on_lottery(p_adjusted)
    for curve in report.curves:
        row, run = _start(report, plan, runs, gaps, curve.configuration)
        row |= {
            "place": f"Figure {curve.figure}",
            "quantity": curve.error,
            "rounding": READING_ERROR,
            "epochs": len(curve.points),
            "report": curve.points[max(curve.points)],
            "last_epoch": max(curve.points),
        }
        rows.append(row | (_curve(run, curve) if run else {}))
    frame = pandas.DataFrame(rows, columns=list(COLUMNS), dtype=object)
    return frame.where(frame.notna(), "")


def _start(report, plan, runs, gaps, configuration):
    """Return what can be said before comparing, and the run if there is one to compare."""
    row = {"configuration": configuration, "reason": ""}
    verdict, reason = report.standing(plan, configuration)
    run = runs.get(configuration)
    if verdict is None and run is None:
        verdict, reason = RUN_MISSING, gaps.get(configuration, "not read")
    if verdict is not None:
        return row | {"verdict": verdict, "reason": reason}, None
    if run.diverged:
        row["reason"] = f"diverged and left out: {seed_list(run.diverged)}"
    if len(run.seeds) < FEWEST_SEEDS:
        row["verdict"] = TOO_FEW
    return row, run


def _spread_of(values):
    return {
        "mean": math.fsum(values) / len(values) if values else None,
        "sd": statistics.stdev(values) if len(values) > 1 else None,
        "n": len(values),
        "minimum": min(values, default=None),
        "maximum": max(values, default=None),
    }


def _cell(run, printed):
    """Return our side of a number; without the verdict if that has to wait for all p-values."""
    values = [entry[printed.quantity] for entry in run.metrics if not entry["diverged"]]
    row, n = _spread_of(values), len(values)
    if not values:
        return row
    row["difference"] = row["mean"] - printed.value
    row["nearest"] = min(abs(value - printed.value) for value in values)
    if printed.quantity == "accuracy":
        row["stuck"] = sum(value < STUCK for value in values)
    if n < FEWEST_SEEDS:
        return row
    count = at_or_below(values, printed.value, printed.rounding)
    low, high = wilson_interval(count, n)
    row |= {
        "at_or_below": count,
        "share": count / n,
        "share_low": low,
        "share_high": high,
        "p": rank_p(values, printed.value, printed.rounding),
        "smallest_p": smallest_p(n),
        "rank": relative_rank(values, printed.value, printed.rounding),
    }
    if not (printed.quantity == "accuracy" and is_lottery(values)):
        row["tolerance"] = tolerance(row["sd"], printed.rounding)
        row["verdict"] = verdict_on_steady(row["difference"], row["tolerance"])
    return row


def _curve(run, curve):
    """Return our side of a curve, at the epochs that were read off and trained."""
    history = run.history[run.history["seed"].isin(run.seeds)]
    ours = history.pivot(index="epoch", columns="seed", values=curve.error)
    report = pandas.Series(curve.points).sort_index()
    report = report[report.index.isin(ours.index)]
    if report.empty or not run.seeds:
        return {"verdict": TOO_FEW, "epochs": 0, "n": len(run.seeds)}
    ours = ours.loc[report.index]
    last, middle = report.index[-1], report.index[(len(report) - 1) // 2]
    away = float((ours.mean(axis=1) - report).abs().median())
    spread = float(np.ptp(ours.loc[middle]))
    row = {
        **_spread_of(ours.loc[last].tolist()),
        "epochs": len(report),
        "last_epoch": int(last),
        "report": float(report[last]),
        "difference": float(ours.loc[last].mean() - report[last]),
        "median_difference": away,
        "median_epoch": int(middle),
        "spread": spread,
        "nearest_seed_difference": float(ours.sub(report, axis=0).abs().median().min()),
    }
    return (
        row if len(run.seeds) < FEWEST_SEEDS else row | {"verdict": verdict_on_curve(away, spread)}
    )


# --- the same for people ----------------------------------------------------------------------


def shown(table, plan, title):
    """Return the comparison for people to read.

    Parameters
    ----------
    table : pandas.DataFrame
        As `compare` returns it.
    plan : dict
        What plan.json holds.
    title : str
        Which data ours show.

    Returns
    -------
    list of Shown
        How many verdicts of each kind there are; then every number, and every curve. On other
        data than the report's only the first, which says so.
    """
    rows = table.to_dict("records")
    of_curves = table["place"].str.startswith(FIGURES)
    summary = _summary(rows, title)
    if all(row["verdict"] == OTHER_DATA for row in rows):
        return [summary]
    cells, curves = (table[mask].to_dict("records") for mask in (~of_curves, of_curves))
    return [summary, _shown_cells(cells, plan), _shown_curves(curves, plan)]


def _summary(rows, title):
    places = {}
    for row in rows:
        place = next((name for name in FIGURES if row["place"].startswith(name)), row["place"])
        places.setdefault(place, []).append(row["verdict"])
    verdicts = [verdict for verdict in VERDICTS if any(verdict in of for of in places.values())]
    judged = sum(row["verdict"] in JUDGED for row in rows)
    said = f"{judged} of the report's {len(rows)} numbers and curves could be compared."
    if all(row["verdict"] == OTHER_DATA for row in rows):
        said = (
            "These data are not the report's: its numbers say nothing about them, and nothing was "
            "compared."
        )
    return Shown(
        "comparison",
        f"Comparison with the report. {said} Data: {title}.",
        [],
        ["Where", "Numbers", *(f"{verdict[0].upper()}{verdict[1:]}" for verdict in verdicts)],
        1,
        [
            [Cell(place), *(Cell(str(n)) for n in (len(of), *map(of.count, verdicts)))]
            for place, of in places.items()
        ],
        _together_remark(rows),
    )


def _shown_cells(rows, plan):
    cells = [
        [
            *_first_cells(row, plan),
            Cell(row["report"]),
            _mean_and_sd(row, 3),
            _number(row["n"], 0),
            Cell(_range(row["minimum"], row["maximum"], 3)),
            _number(row["difference"], 3, "+"),
            _number(row["tolerance"], 3),
            _number(row["at_or_below"], 0),
            Cell(_range(row["share_low"], row["share_high"], 2)),
            _number(row["p"], 2),
            _number(row["p_adjusted"], 2),
        ]
        for row in rows
    ]
    return Shown(
        "comparison-numbers",
        "Numbers. What the tables and the text of the report print, and ours.",
        [],
        [
            "Where",
            "Verdict",
            "Network",
            "Report",
            "Ours",
            "n",
            "Range",
            "Difference",
            "Allowed",
            "At or below",
            "95 % interval",
            "p",
            "p adjusted",
        ],
        3,
        cells,
        [
            f"A number is steady unless some seeds end below {STUCK:g}, twice chance level, and "
            f"some do not. A steady number agrees when the difference is at most {MARGIN:g} + "
            f"{SPREADS} standard deviations + half a unit of the report's last digit, with at "
            f"least {FEWEST_SEEDS} seeds.",
            "A lottery is one draw: at or below are the seeds that, rounded, do not exceed the "
            "report's value, with Wilson's interval of their share; p is twice the chance of a "
            "rank as extreme as the report's among our seeds, adjusted (Holm) over all "
            f"{sum(row['p'] != '' for row in rows)} numbers that have one; not consistent below "
            f"{LEVEL:g}.",
            *_power_remark(rows),
            *_far_remark(rows),
        ],
    )


def _power_remark(rows):
    """Return what the p-values cannot show for want of seeds."""
    tested = [row for row in rows if row["p"] != ""]
    if not tested:
        return []
    most = max(row["n"] for row in tested)
    needed = math.ceil(2 * len(tested) / LEVEL) - 1
    return [
        f"With {most} seeds no p is below {smallest_p(most):.2g}, and a single one of "
        f"{len(tested)} numbers would take {needed} seeds to come out below {LEVEL:g} once "
        "adjusted: consistent means not contradicted, no more."
    ]


def _far_remark(rows):
    """Return how many lotteries show a value that none of our seeds comes near to."""
    lotteries = [row for row in rows if row["verdict"] in (CONSISTENT, NOT_CONSISTENT)]
    far = [row for row in lotteries if row["nearest"] > FAR]
    if not far:
        return []
    return [
        f"A rank does not see gaps: in {len(far)} of {len(lotteries)} lotteries the report's value "
        f"is more than {FAR:g} from every seed of ours."
    ]


def _together_remark(rows):
    """Return what the ranks of the report's accuracies say together, all and the lotteries'."""
    accuracies = [row for row in rows if row["quantity"] == "accuracy" and row["rank"] != ""]
    lotteries = [row for row in accuracies if row["verdict"] in (CONSISTENT, NOT_CONSISTENT)]
    said = []
    for what, part in (("accuracies", accuracies), ("lotteries among them", lotteries)):
        if len(part) > 1:
            distance, p = ranks_together([row["rank"] for row in part])
            said.append(f"of the {len(part)} {what}, distance {distance:.2f}, p = {p:.2g}")
    if not said:
        return []
    return [
        "Taken together: were the report's values further seeds of ours, their ranks among ours "
        f"would be spread evenly. Kolmogorov-Smirnov: {'; '.join(said)}. A small p says that the "
        "values as a whole are not such draws, without naming one."
    ]


def _shown_curves(rows, plan):
    cells = [
        [
            *_first_cells(row, plan),
            _number(row["epochs"], 0),
            _number(row["median_difference"], 5),
            _number(row["spread"], 5),
            _number(row["nearest_seed_difference"], 5),
            _number(row["last_epoch"], 0),
            _number(row["report"], 4),
            _mean_and_sd(row, 4),
            _number(row["n"], 0),
            _number(row["difference"], 5, "+"),
        ]
        for row in rows
    ]
    return Shown(
        "comparison-curves",
        "Curves. The report's own, read off its Figures 1 and 3, and our mean curves.",
        [],
        [
            "Where",
            "Verdict",
            "Network",
            "Epochs",
            "Median difference",
            "Spread",
            "Nearest seed",
            "Last epoch",
            "Report there",
            "Ours there",
            "n",
            "Difference there",
        ],
        3,
        cells,
        [
            "Median difference: of the absolute differences at the epochs that could be read off; "
            f"a curve agrees below {CURVE_MARGIN:g} (the reading error is about "
            f"{READING_ERROR:g}). Spread: between our largest and smallest seed at the middle one "
            f"of these epochs; from {CURVE_SPREAD:g} on a mean curve is not judged to disagree. "
            "Nearest seed: the median difference of the single seed that comes nearest.",
        ],
    )


def _first_cells(row, plan):
    declared = plan["configurations"].get(row["configuration"])
    words = configuration_words(declared["config"]) if declared else row["configuration"]
    reason = row["reason"]
    note = (f"{reason[0].upper()}{reason[1:]}.",) if reason else ()
    return [Cell(row["place"]), Cell(row["verdict"], note), Cell(words)]


def _number(value, digits, sign=""):
    return Cell(EMPTY if value == "" else f"{value:{sign}.{digits}f}".replace("-", "−"))


def _range(low, high, digits):
    return EMPTY if "" in (low, high) else f"{low:.{digits}f} to {high:.{digits}f}"


def _mean_and_sd(row, digits):
    text = _number(row["mean"], digits).text
    return Cell(text if row["sd"] == "" else f"{text} ± {row['sd']:.{digits}f}")


# --- writing ----------------------------------------------------------------------------------


def write(report, plan, runs, gaps, title, folder):
    """Write comparison.csv, .md and .html; the parameters are those of `compare` and `shown`."""
    table = compare(report, plan, runs, gaps)
    write_csv(table, folder / "comparison.csv")
    parts = shown(table, plan, title)
    texts = {"md": "\n".join(map(markdown, parts)), "html": html(*parts)}
    for suffix, text in texts.items():
        with written_aside(folder / f"comparison.{suffix}") as aside:
            aside.write_text(text, encoding="utf-8")
