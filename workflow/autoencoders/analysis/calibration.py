"""The settings of section 3.2 that the paper does not state: how likely each recipe is.

A *recipe* is a whole set of these settings. The first study of the calibration searches: many
recipes on few cells of Table 2. The last one decides: the best of them on all cells, chosen on one
half and confirmed on the other; docs/calibration.md explains how.
"""

import numpy as np

from autoencoders.analysis import likelihood
from autoencoders.analysis.published import DATASET
from autoencoders.analysis.statistics import (
    LEVEL,
    holm,
    mean,
    mean_and_interval,
    ranks_together,
)
from autoencoders.analysis.writing import frame_of
from autoencoders.runs.configuration import settings_by_path
from autoencoders.runs.names import configuration_name
from autoencoders.runs.reading import RunsError

PHASES = {"pre_training": "pre-training", "full_training": "full-training"}
UNSTACKED = configuration_name("classifier", None, [])
TABLE2_ACTIVATIONS = 2  # Table 2 has a column for ReLU and one for sigmoid
CHOOSING, CONFIRMING = "choosing", "confirming"
HALVES = (CHOOSING, CONFIRMING)
FEWEST_CELLS = 5  # of the choosing half
EXACT = 1e-9  # what arithmetic may add to a difference
AVERAGED = (1, 2, 3, 5, 10)  # networks whose mean a number of the paper may be
YES, NO = "yes", "no"
BEST, LEFT_OPEN, LESS_LIKELY = "best", "left open", "less likely"

OF_HALF = ("cells", "likelihood", "reachable", "difference", "difference_low", "difference_high")
COLUMNS = (
    "study", "recipe", "settings", "verdict", "reason", "default", "confirmed", "averaged", "seeds",
    *(f"{column}_{half}" for half in HALVES for column in OF_HALF),
    "cells", "consistent", "p_ranks", *(f"{phase}_share" for phase in PHASES),
)  # fmt: skip
CELL_COLUMNS = (
    "study", "recipe", "configuration", "half", "published", "seeds", "mean", "stuck", "averaged",
    "likelihood", "reachable", "below", "above", "p", "p_adjusted",
    *(f"{phase}_kept" for phase in PHASES),
)  # fmt: skip


def halves(published):
    """Return `choosing` or `confirming` for each configuration with a published accuracy.

    The cells of Table 2 in turn, as on a chessboard, so that each half has every architecture
    once, every other one as a ReLU network. The network without a hidden layer helps to choose.
    """
    half_of = {UNSTACKED: CHOOSING}
    for position, name in enumerate(published.in_table("Table 2")):
        row, column = divmod(position, TABLE2_ACTIVATIONS)
        half_of[name] = HALVES[(row + column) % 2]
    return half_of


def judge_cells(published, dataset, configurations, studies, runs):
    """Return how likely every recipe makes every published accuracy that its study has.

    Parameters
    ----------
    published : Published
    dataset : str
        The data that the runs are made from.
    configurations, studies : dict
        By name each Configuration that is declared, and each Study of the calibration.
    runs : dict of str to dict of str to dict of str to Run
        By study, recipe and configuration all runs. All recipes of a study are given as many seeds
        as the one that has fewest.

    Returns
    -------
    pandas.DataFrame
        The columns `CELL_COLUMNS`, which docs/calibration.md explains: a row for each study,
        recipe, cell and number of networks that a cell may be the mean of. On other data than the
        paper's it has none.

    Raises
    ------
    RunsError
        If a study has too few of the paper's networks to be judged.
    """
    known = published.comparable(configurations, dataset).cells
    half_of = {name: half for name, half in halves(published).items() if name in known}
    rows = []
    for study, recipes in runs.items() if dataset == DATASET else ():
        cells = [name for name in half_of if name in studies[study].networks]
        n_choosing = sum(half_of[name] == CHOOSING for name in cells)
        if n_choosing < FEWEST_CELLS:
            raise RunsError(
                f"the study {study} has {n_choosing} of Table 2's networks of the choosing half, "
                f"and it takes {FEWEST_CELLS} to judge it; name more of them in its `of`, or leave "
                "it out of `calibration` in config.yaml."
            )
        n = min(len(run.metrics) for of_one in recipes.values() for run in of_one.values())
        for recipe, of_recipe in recipes.items():
            entries = {name: of_recipe[name].metrics[:n] for name in cells}
            for row in _cells_of(published, entries, of_recipe):
                rows.append({"study": study, "recipe": recipe, "seeds": n} | row)
    for row in rows:
        row["half"] = half_of[row["configuration"]]
    return frame_of(rows, CELL_COLUMNS)


def _cells_of(published, entries, runs):
    """Return the rows of one recipe's cells, whose seeds are `entries`."""
    accuracies, stuck = {}, {}
    for name, of_cell in entries.items():
        accuracies[name] = [None if e["diverged"] else e["accuracy"] for e in of_cell]
        activation = runs[name].settings["activation"]
        stuck.setdefault(activation, []).extend(accuracies[name])
    rows = []
    for name, of_cell in entries.items():
        number, values = published.cells[name], accuracies[name]
        share = likelihood.share_stuck(stuck[runs[name].settings["activation"]])
        of_seed = likelihood.distribution(values, share)
        row = {
            "configuration": name,
            "published": number.text,
            "mean": mean([value for value in values if value is not None]),
            "stuck": sum(map(likelihood.is_stuck, values)),
        }
        for phase in PHASES:
            row[f"{phase}_kept"] = _n_kept(of_cell, phase, published)
        of_recipe = []
        for m in AVERAGED:
            of_mean = likelihood.of_mean(of_seed, m)
            below, within, above = likelihood.chances(of_mean, number.value, number.rounding)
            of_recipe.append({
                **row,
                "averaged": m,
                "likelihood": float(np.log(within)),
                "reachable": likelihood.expected_log(of_mean, number.rounding),
                "below": below,
                "above": above,
                "p": min(1.0, 2 * (min(below, above) + within)),
            })  # fmt: skip
        rows += of_recipe
    for m in AVERAGED:
        of_mean = [row for row in rows if row["averaged"] == m]
        adjusted = holm([row["p"] for row in of_mean])
        for row, p_adjusted in zip(of_mean, adjusted, strict=True):
            row["p_adjusted"] = p_adjusted
    return rows


def _n_kept(entries, phase, published):
    """Return how many seeds keep to the epochs that the paper states of a phase."""
    fewest, most = map(int, published.ranges[f"{phase}_epochs"])
    kept = 0
    for entry in entries:
        # `full-training`, or `pre-training-1` and so on.
        epochs = [n for name, n in entry["epochs"].items() if name.startswith(PHASES[phase])]
        kept += not entry["diverged"] and all(fewest <= n <= most for n in epochs)
    return kept


def judge_recipes(published, dataset, configurations, studies, cells):
    """Return what the cells say of every recipe, together.

    Parameters
    ----------
    published, dataset, configurations, studies
        As for `judge_cells`.
    cells : pandas.DataFrame
        As `judge_cells` returns it.

    Returns
    -------
    pandas.DataFrame
        The columns `COLUMNS`: a row for each recipe of each study. The cells are taken for means
        of as many networks as fits the study's best recipe best, on the choosing half.
    """
    rows = []
    verdict, reason = published.standing(configurations, dataset, UNSTACKED)
    for study in studies.values():
        of_study = cells[cells["study"] == study.name]
        if of_study.empty:
            told = {"study": study.name, "verdict": verdict, "reason": reason}
            rows += [told | {"recipe": recipe} for recipe in study.variants]
        else:
            rows += _recipes_of(study, of_study)
    return frame_of(rows, COLUMNS)


def averaged_of(of_study):
    """Return the best recipe of a study, and of how many networks its cells are the mean."""
    choosing = of_study[of_study["half"] == CHOOSING]
    totals = scored(choosing).groupby(["recipe", "averaged"], sort=False)["total"].sum()
    return totals.idxmax()


def scored(cells):
    """Return cells with `total`: the likelihood of the accuracy, and of the epochs of each phase.

    The latter is Laplace's estimate of the chance that one more seed keeps to what the paper says.
    """
    total = cells["likelihood"].astype(float)
    for phase in PHASES:
        kept = cells[f"{phase}_kept"].astype(float)
        total = total + np.log((kept + 1) / (cells["seeds"].astype(float) + 2))
    return cells.assign(total=total)


def _recipes_of(study, of_study):
    best, m = averaged_of(of_study)
    cells = scored(of_study[of_study["averaged"] == m])
    settings = differing_settings(study)
    rows = []
    for recipe in study.variants:
        ours = cells[cells["recipe"] == recipe]
        row = {"study": study.name, "recipe": recipe, "averaged": m}
        row["settings"] = "; ".join(f"{path} {value}" for path, value in settings[recipe].items())
        row["default"] = YES if recipe == study.default else ""
        row["seeds"], row["cells"] = ours["seeds"].iloc[0], len(ours)
        row["consistent"] = int((ours["p_adjusted"] >= LEVEL).sum())
        # Of a published number among the means that the recipe makes: the middle of its chances.
        places = (1 + ours["below"] - ours["above"]) / 2
        row["p_ranks"] = ranks_together(places.astype(float))[1]
        for phase in PHASES:
            row[f"{phase}_share"] = ours[f"{phase}_kept"].sum() / ours["seeds"].sum()
        for half in HALVES:
            row |= _of_half(ours, cells[cells["recipe"] == best], half)
        rows.append(row)
    for row in rows:
        highs = [row[f"difference_high_{half}"] for half in HALVES if row[f"cells_{half}"]]
        row["verdict"] = LESS_LIKELY if all(high < -EXACT for high in highs) else LEFT_OPEN
        if row["recipe"] == best:
            row["verdict"] = BEST
            if row["cells_confirming"]:
                better = [each["difference_low_confirming"] > EXACT for each in rows]
                row["confirmed"] = NO if any(better) else YES
    return rows


def _of_half(ours, best, half):
    """Return what one half of the cells says of a recipe, and of its difference from the best."""
    ours, best = ours[ours["half"] == half], best[best["half"] == half]
    row = {"cells": len(ours)}
    if not ours.empty:
        row["likelihood"] = float(ours["total"].mean())
        row["reachable"] = float(ours["reachable"].mean())
        differences = ours["total"].to_numpy(float) - best["total"].to_numpy(float)
        row |= zip(OF_HALF[3:], mean_and_interval(differences), strict=True)
    return {f"{name}_{half}": value for name, value in row.items()}


def differing_settings(study):
    """Return of every recipe the settings that differ from the default recipe, or the first."""
    flat = {}
    for recipe, configurations in study.variants.items():
        # All networks of a recipe have the same settings of training.
        training = next(iter(configurations.values())).settings["training"]
        flat[recipe] = settings_by_path(training)
    common = flat[study.default or next(iter(flat))]
    differing = {}
    for recipe, of_recipe in flat.items():
        changed = {path: value for path, value in of_recipe.items() if value != common[path]}
        differing[recipe] = changed
    return differing
