"""The tables that compare our numbers with the published ones."""

import math
from collections import Counter
from string import ascii_lowercase

from autoencoders.analysis import comparison as rules
from autoencoders.analysis import statistics
from autoencoders.analysis.published import DATASET, READING_ERROR
from autoencoders.labels.networks import capitalised
from autoencoders.report.network_rows import network_text, notes_of
from autoencoders.report.wording import table

SEED_DEPENDENT = (rules.CONSISTENT, rules.NOT_CONSISTENT)


def tables(sources, manifest):
    """Return how many verdicts of each kind there are; every number; every curve.

    On other data than the paper's only the first, which says so.
    """
    numbers, curves, places = [], [], {}
    for row in sources["comparison"]:
        place = row["place"]
        row = {**row, "words": network_text(row), "notes": {"Verdict": notes_of(row)}}
        if place.startswith("Figure"):
            place = place.rstrip(ascii_lowercase)  # Figure 3b is part of Figure 3
            curves.append(row)
        else:
            numbers.append(row)
        places.setdefault(place, Counter())[row["verdict"]] += 1
    summary = _summary(places, _together(numbers), manifest)
    if manifest["dataset"] != DATASET:
        return [summary]
    limits = {"margin": rules.CURVE_MARGIN, "spread": rules.CURVE_SPREAD}
    limits["reading_error"] = READING_ERROR
    of_numbers = table("comparison-numbers", numbers, _facts(numbers))
    return [summary, of_numbers, table("comparison-curves", curves, limits)]


def _summary(places, together, manifest):
    verdicts = sum(places.values(), Counter())
    columns, rows = [], []
    for verdict in rules.VERDICTS:
        if verdicts[verdict]:
            columns.append((capitalised(verdict), f"{{{verdict}}}"))
    for place, counts in places.items():
        none = dict.fromkeys(verdicts, 0)
        rows.append({"place": place, "numbers": counts.total(), **none, **counts})
    facts = {**manifest, "together": together}
    if manifest["dataset"] == DATASET:
        facts["judged"] = sum(verdicts[verdict] for verdict in rules.JUDGED)
        facts["total"] = verdicts.total()
    return table("comparison", rows, facts, columns)


def _together(numbers):
    """Return what the ranks of all published accuracies say together; nothing of fewer than two."""
    ranks, uncertain = [], []
    for row in numbers:
        if row["quantity"] == "accuracy" and row["rank"]:
            ranks.append(float(row["rank"]))
            if row["verdict"] in SEED_DEPENDENT:
                uncertain.append(float(row["rank"]))
    said = []
    for part, words in ((ranks, "accuracies"), (uncertain, "seed-dependent ones")):
        if len(part) > 1:
            distance, p = statistics.ranks_together(part)
            said.append(f"of the {len(part)} {words}, distance {distance:.2f}, p = {p:.2g}")
    return "; ".join(said)


def _facts(numbers):
    """Return the limits of the rules, and what the p-values cannot show."""
    seeds, distances = [], []
    for row in numbers:
        if row["p"]:
            seeds.append(int(row["n"]))
        if row["verdict"] in SEED_DEPENDENT:
            distances.append(float(row["nearest"]))
    far = sum(distance > rules.FAR for distance in distances)
    facts = {
        "stuck": statistics.STUCK,
        "margin": statistics.MARGIN,
        "spreads": statistics.SPREADS,
        "fewest_seeds": statistics.FEWEST_SEEDS,
        "level": statistics.LEVEL,
        "tested": len(seeds),
    }
    if seeds:
        facts["most_seeds"] = max(seeds)
        facts["smallest_p"] = statistics.smallest_p(max(seeds))
        facts["needed_seeds"] = math.ceil(2 * len(seeds) / statistics.LEVEL) - 1
    if far:
        facts |= {"far": far, "seed_dependent": len(distances), "distance": rules.FAR}
    return facts
