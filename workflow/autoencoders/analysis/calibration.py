"""The settings of section 3.2 that the paper does not state: which of them its numbers rule out.

A study varies one setting. Its variants are scored on one half of Table 2's cells, and what that
half says has to be confirmed on the other; docs/calibration.md explains how.
"""

from collections import Counter
from dataclasses import replace
from statistics import median

from autoencoders.analysis import calibration_rules as rules
from autoencoders.analysis.published import DATASET
from autoencoders.analysis.statistics import mean, mean_and_interval
from autoencoders.analysis.writing import frame_of
from autoencoders.runs.names import configuration_name
from autoencoders.runs.reading import RunsError

PHASES = {"pre_training": "pre-training", "full_training": "full training"}
UNSTACKED = configuration_name("classifier", None, [])
FEWEST_CELLS = 5  # of a half

OF_HALF = ("cells", "near", "score", "difference", "difference_low", "difference_high")
OF_PHASE = ("kept", "share", "epochs", "fewest", "most")
COLUMNS = (
    "study", "variant", "default", "best", "verdict", "reason", "confirmed", "seeds",
    *(f"{column}_{half}" for half in rules.HALVES for column in OF_HALF),
    *(f"{phase}_{column}" for phase in PHASES for column in OF_PHASE),
    "no_hidden", "no_hidden_sd", "no_hidden_difference", "no_hidden_allowed",
)  # fmt: skip
CELL_COLUMNS = (
    "study", "variant", "configuration", "half", "published", "seeds", "near", "score",
)  # fmt: skip


def cells_of(published, dataset, configurations, studies, runs):
    """Return how near every variant comes to every cell of Table 2 that its study changes.

    Parameters
    ----------
    published : Published
    dataset : str
        The data that the runs are made from.
    configurations, studies : dict
        By name each Configuration that is declared, and each Study of the calibration.
    runs : dict of str to dict of str to dict of str to Run
        By study, variant and configuration all runs, none on other data than the paper's. All
        variants of a study are given as many seeds as the one that has fewest.

    Returns
    -------
    pandas.DataFrame
        The columns `CELL_COLUMNS`; `near` of `seeds` are within 0.01 of the published number.

    Raises
    ------
    RunsError
        If a study changes too few of the paper's networks to be judged.
    """
    half_of = rules.halves(published)
    known = published.comparable(configurations, dataset).cells
    rows = []
    for study, variants in runs.items():
        changed = studies[study].varied
        cells = [cell for cell in half_of if cell in known and cell in changed]
        found = Counter(map(half_of.get, cells))
        for half in rules.HALVES:
            if found[half] < FEWEST_CELLS:
                raise RunsError(
                    f"the study {study} changes {found[half]} of Table 2's networks in the "
                    f"{half} half, and it takes {FEWEST_CELLS} with the paper's settings to judge "
                    "it; name more of them in its `of`, or leave it out of `calibration` in "
                    "config.yaml."
                )
        n = min(len(run.metrics) for of_one in variants.values() for run in of_one.values())
        for variant, of_variant in variants.items():
            for cell in cells:
                accuracies = [entry["accuracy"] for entry in of_variant[cell].metrics[:n]]
                near, half = rules.n_near(accuracies, known[cell].value), half_of[cell]
                score = rules.score(near, n)
                rows.append((study, variant, cell, half, known[cell].text, n, near, score))
    return frame_of(rows, CELL_COLUMNS)


def calibrate(published, dataset, configurations, studies, runs, cells):
    """Return what the paper says of every variant of every study.

    Parameters
    ----------
    published, dataset, configurations, studies, runs
        As for `cells_of`.
    cells : pandas.DataFrame
        As `cells_of` returns it.

    Returns
    -------
    pandas.DataFrame
        The columns `COLUMNS`, which docs/calibration.md explains: a row for each variant. On
        other data no number is there.
    """
    rows = []
    for study in studies.values():
        if dataset == DATASET:
            of_study = cells[cells["study"] == study.name]
            rows += _study_rows(published, study, runs[study.name], of_study)
        else:
            verdict, reason = published.standing(configurations, dataset, UNSTACKED)
            told = {"study": study.name, "verdict": verdict, "reason": reason}
            rows += [told | {"variant": variant} for variant in study.variants]
    return frame_of(rows, COLUMNS)


def _study_rows(published, study, variants, cells):
    if study.default is None:
        raise RunsError(
            f"no variant of the study {study.name} has the settings of the section `classifier`, "
            "which the others are compared with; add one with them to its `variants` in "
            "config.yaml."
        )
    n = cells["seeds"].iloc[0]
    # Of the network without a hidden layer; a run that several variants reuse is one sample.
    samples, accuracies = {}, {}
    for variant, runs in variants.items():
        if UNSTACKED in runs:
            run = runs[UNSTACKED]
            accuracies[variant] = replace(run, metrics=run.metrics[:n]).values("accuracy")
            samples[run.folders] = accuracies[variant]
    sd, freedom = rules.pooled_sd(samples.values())
    rows, scores, grounds = {}, {}, {}
    for variant, runs in variants.items():
        of_variant = cells[cells["variant"] == variant]
        entries = []
        for name in of_variant["configuration"]:
            entries += runs[name].metrics[:n]
        row = {"study": study.name, "variant": variant, "seeds": n}
        for phase in PHASES:
            row |= _epochs(entries, phase, published)
        row |= _no_hidden(accuracies.get(variant), sd, freedom, published.cells[UNSTACKED])
        for half in rules.HALVES:
            of_half = of_variant[of_variant["half"] == half]
            scores[variant, half] = of_half["score"].to_numpy(float)
            row[f"cells_{half}"] = len(of_half)
            row[f"near_{half}"] = of_half["near"].sum() / of_half["seeds"].sum()
            row[f"score_{half}"] = float(scores[variant, half].mean())
        rows[variant] = row
        grounds[variant] = _grounds(row, len(entries), runs, published)
    _judge(rows, scores, grounds, study.default)
    return list(rows.values())


def _judge(rows, scores, grounds, default):
    """Add to the rows of a study how far each variant is from the best one, and the verdicts."""
    against, shared = rules.without_shared(grounds)
    choosing = {variant: row[f"score_{rules.CHOOSING}"] for variant, row in rows.items()}
    best = rules.best_of(choosing, against, default)
    rows[default]["default"] = rows[best]["best"] = rules.YES
    lower = {}
    for (variant, half), of_half in scores.items():
        difference, low, high = mean_and_interval(of_half - scores[best, half])
        rows[variant][f"difference_{half}"] = difference
        rows[variant][f"difference_low_{half}"] = low
        rows[variant][f"difference_high_{half}"] = high
        lower.setdefault(variant, []).append(high < -rules.EXACT)
    rivals = [scores[variant, rules.CONFIRMING] for variant in rows if not against[variant]]
    for variant, (verdict, reason) in rules.verdicts(against, lower, best, default).items():
        reasons = [reason, *(f"as in every variant, {each}" for each in shared[variant])]
        rows[variant] |= {"verdict": verdict, "reason": "; ".join(reasons)}
        if verdict == rules.CHOSEN:
            rows[variant]["confirmed"] = rules.confirmed(scores[variant, rules.CONFIRMING], rivals)


def _epochs(entries, phase, published):
    """Return how many seeds keep to the epochs that the paper states, and the median epochs."""
    fewest, most = map(int, published.ranges[f"{phase}_epochs"])
    of_phase = phase.replace("_", "-")  # `full-training`, or `pre-training-1` and so on
    trained, kept = [], 0
    for entry in entries:
        epochs = [n for name, n in entry["epochs"].items() if name.startswith(of_phase)]
        kept += not entry["diverged"] and all(fewest <= n <= most for n in epochs)
        trained += epochs
    values = kept, kept / len(entries), float(median(trained)), fewest, most
    return {f"{phase}_{column}": value for column, value in zip(OF_PHASE, values, strict=True)}


def _no_hidden(accuracies, sd, freedom, number):
    """Return how far the network without a hidden layer is from the paper's number."""
    if not accuracies:
        return {}
    ours, n = mean(accuracies), len(accuracies)
    row = {"no_hidden": ours, "no_hidden_sd": sd, "no_hidden_difference": ours - number.value}
    if sd is not None:
        row["no_hidden_allowed"] = rules.allowed_of_mean(sd, freedom, n, number.rounding)
    return row


def _grounds(row, n, runs, published):
    """Return what speaks against a variant in addition to its score, each kind with its words."""
    grounds, stated = {}, set()
    for run in runs.values():
        stated.update(published.contradictions(run.settings))
    if stated:
        grounds["text"] = f"the text says otherwise: {'; '.join(sorted(stated))}"
    for phase, words in PHASES.items():
        if rules.few_keep_to(row[f"{phase}_kept"], n):
            fewest, most = row[f"{phase}_fewest"], row[f"{phase}_most"]
            share = f"only {row[f'{phase}_share']:.0%} of the seeds"
            grounds[phase] = f"{words} takes {fewest} to {most} epochs in {share}"
    allowed = row.get("no_hidden_allowed")
    if allowed is not None and abs(row["no_hidden_difference"]) > allowed + rules.EXACT:
        grounds["no_hidden"] = (
            f"without a hidden layer the accuracy is {row['no_hidden']:.3f}, in the paper "
            f"{published.cells[UNSTACKED].text}"
        )
    return grounds
