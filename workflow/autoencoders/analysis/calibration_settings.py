"""What the recipes of a study say of each setting by itself, and of what the cells are means of."""

import numpy as np
from scipy.special import softmax
from sklearn.linear_model import BayesianRidge

from autoencoders.analysis.calibration import (
    AVERAGED,
    CHOOSING,
    YES,
    averaged_of,
    scored,
)
from autoencoders.analysis.statistics import TAILS
from autoencoders.analysis.writing import frame_of
from autoencoders.runs.configuration import settings_by_path

DECIDED = 0.95  # posterior probability
DRAWS, RANDOM_SEED = 10_000, 2019
OF_NETWORKS = "networks that a cell is the mean of"
COLUMNS = (
    "study", "setting", "value", "recipes", "effect", "low", "high", "posterior", "decided",
    "default",
)  # fmt: skip


def judge_settings(studies, cells):
    """Return how the values of every setting that a study varies compare, all else being equal.

    The logarithm of each recipe's likelihood on the choosing half is taken for a sum of effects,
    one for each setting's value, by Bayesian ridge regression (D. J. C. MacKay, Neural Computation
    4 (1992) 415-447); the posterior probability of a value is the mean, over draws of the effects,
    of exp(effect) among the setting's values.

    Parameters
    ----------
    studies : dict of str to Study
    cells : pandas.DataFrame
        As `calibration.judge_cells` returns it.

    Returns
    -------
    pandas.DataFrame
        The columns `COLUMNS`: a row for each study, setting and value.
    """
    rows = []
    for study in studies.values():
        of_study = cells[cells["study"] == study.name]
        if of_study.empty:
            continue
        values = settings_of(study)
        _, m = averaged_of(of_study)
        chosen = (of_study["half"] == CHOOSING) & (of_study["averaged"] == m)
        totals = scored(of_study[chosen]).groupby("recipe", sort=False)["total"].sum()
        for row in _effects(values, totals, study.default):
            rows.append({"study": study.name} | row)
        for row in _networks(of_study):
            rows.append({"study": study.name} | row)
    return frame_of(rows, COLUMNS)


def settings_of(study):
    """Return by setting that a study varies its value in each recipe, in words.

    Settings that always change together are one.
    """
    values = {}
    for configurations in study.variants.values():
        training = next(iter(configurations.values())).settings["training"]
        for path, value in settings_by_path(training).items():
            values.setdefault(path, []).append(str(value))
    together = {}
    for path, of_path in values.items():
        if len(set(of_path)) > 1:
            order = list(dict.fromkeys(of_path))
            together.setdefault(tuple(map(order.index, of_path)), []).append(path)
    settings = {}
    for paths in together.values():
        in_words = []
        for of_recipe in zip(*(values[path] for path in paths), strict=True):
            in_words.append(", ".join(dict.fromkeys(of_recipe)))
        settings[" and ".join(paths)] = dict(zip(study.variants, in_words, strict=True))
    return settings


def _effects(values, totals, default):
    columns, place = [], []
    for setting, by_recipe in values.items():
        for value in dict.fromkeys(by_recipe.values()):
            place.append((setting, value))
            columns.append([float(by_recipe[recipe] == value) for recipe in totals.index])
    model = BayesianRidge().fit(np.transpose(columns), totals.to_numpy(float))
    generator = np.random.default_rng(RANDOM_SEED)
    drawn = generator.multivariate_normal(model.coef_, model.sigma_, DRAWS, method="eigh")
    rows = []
    for setting, by_recipe in values.items():
        of_setting = [k for k, (name, _) in enumerate(place) if name == setting]
        effects = drawn[:, of_setting]
        effects = effects - effects.mean(axis=1, keepdims=True)
        posterior = softmax(effects, axis=1).mean(axis=0)
        low, high = np.quantile(effects, TAILS, axis=0)
        for position, k in enumerate(of_setting):
            value = place[k][1]
            rows.append({
                "setting": setting,
                "value": value,
                "recipes": list(by_recipe.values()).count(value),
                "effect": float(effects[:, position].mean()),
                "low": float(low[position]),
                "high": float(high[position]),
                "posterior": float(posterior[position]),
                "decided": YES if posterior[position] > DECIDED else "",
                "default": YES if default and by_recipe[default] == value else "",
            })  # fmt: skip
    return rows


def _networks(of_study):
    """Return the rows of how many networks a cell is the mean of, each with its best recipe."""
    choosing = scored(of_study[of_study["half"] == CHOOSING])
    totals = choosing.groupby(["averaged", "recipe"])["total"].sum().groupby("averaged").max()
    best = np.array([totals[m] for m in AVERAGED], float)
    posterior = softmax(best)
    rows = []
    for m, total, probability in zip(AVERAGED, best, posterior, strict=True):
        decided = YES if probability > DECIDED else ""
        row = {"setting": OF_NETWORKS, "value": str(m), "effect": total - best.mean()}
        rows.append(row | {"posterior": float(probability), "decided": decided})
    return rows
