import csv
import math
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest

import synthetic
from autoencoders.analysis import calibration, likelihood
from autoencoders.analysis.calibration import AVERAGED, CHOOSING, CONFIRMING, UNSTACKED, halves
from autoencoders.analysis.calibration_settings import OF_NETWORKS, judge_settings
from autoencoders.analysis.published import read_published
from autoencoders.analysis.writing import write_csv
from autoencoders.runs.configuration import Study
from autoencoders.runs.reading import Run, RunsError, read_study
from autoencoders.sweep.declaration import varied

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "report"
RECIPES = {
    "first": {},
    "wide": {"batch_size": 50},
    "other": {"batch_size": 50, "nesterov": True},
}
SEEDS = 4


@pytest.fixture(scope="module")
def published():
    return read_published(FOLDER)


@pytest.fixture(scope="module")
def configurations(published):
    architectures = [
        cell.removeprefix("classifier/relu-")
        for cell in published.cells
        if cell.startswith("classifier/relu")
    ]
    return synthetic.classifiers(architectures)


def study_of(configurations, recipes=RECIPES, name="recipes"):
    """Return a study of these classifiers."""
    declared = {}
    for recipe, changes in recipes.items():
        folder = f"studies/{name}/{recipe}"
        of_recipe = [varied(base, changes, SEEDS, folder) for base in configurations.values()]
        declared[recipe] = synthetic.by_name(of_recipe)
    return Study(name, SEEDS, declared)


def seeds_of(published, configuration, off, generator, full=9):
    """Return the metrics of seeds whose accuracy is off the published one by about `off`."""
    target = published.cells[configuration.name].value + off
    layers = range(1, len(configuration.settings["hidden"]) + 1)
    epochs = {**{f"pre-training-{layer}": 5 for layer in layers}, "full-training": full}
    metrics = []
    for seed, step in enumerate(0.006 * generator.standard_normal(SEEDS)):
        metrics.append({
            "seed": seed,
            "diverged": False,
            "dead": False,
            "accuracy": float(np.clip(np.round(target + step, 4), 0, 1)),
            "epochs": epochs,
            "seconds": {phase: 1.0 for phase in epochs},
        })  # fmt: skip
    return metrics


def made_up(published, study, off=lambda recipe, name: 0.0, full=lambda recipe: 9):
    """Return made-up runs of a study; `off` says how far from the paper's accuracy they are."""
    generator, runs = np.random.default_rng(0), {}
    for recipe, of_recipe in study.variants.items():
        runs[recipe] = {}
        for name, configuration in of_recipe.items():
            far = off(recipe, name)
            metrics = seeds_of(published, configuration, far, generator, full(recipe))
            runs[recipe][name] = Run(configuration, metrics, (Path(configuration.folder),))
    return runs


def judged(published, configurations, study, runs):
    given = published, "lab", configurations, {study.name: study}
    cells = calibration.judge_cells(*given, {study.name: runs})
    assert list(cells.columns) == list(calibration.CELL_COLUMNS)
    recipes = calibration.judge_recipes(*given, cells)
    assert list(recipes.columns) == list(calibration.COLUMNS)
    return recipes.set_index("recipe"), cells


def test_each_half_has_every_architecture_once(published):
    half_of = halves(published)
    for half in (CHOOSING, CONFIRMING):
        names = [name for name, each in half_of.items() if each == half and name != UNSTACKED]
        assert len({name.partition("-")[2] for name in names}) == len(names) == 23
        assert abs(sum("relu" in name for name in names) - 11.5) == 0.5
    assert half_of["classifier/relu-128"] == half_of[UNSTACKED] == CHOOSING


def test_numbers_by_hand(published, configurations):
    study = study_of(configurations)
    runs = made_up(published, study)
    recipes, cells = judged(published, configurations, study, runs)
    assert len(cells) == 3 * 47 * len(AVERAGED)
    m = recipes.loc["wide", "averaged"]
    name = "classifier/relu-256-128"
    chosen = (cells["recipe"] == "wide") & (cells["configuration"] == name)
    (row,) = cells[chosen & (cells["averaged"] == m)].to_dict("records")
    accuracies = [entry["accuracy"] for entry in runs["wide"][name].metrics]
    # No seed of a ReLU network is stuck: of 23 cells with four seeds each.
    of_mean = likelihood.of_mean(likelihood.distribution(accuracies, 0.5 / 93), int(m))
    below, within, above = likelihood.chances(of_mean, 0.92, 0.005)
    assert row["likelihood"] == pytest.approx(math.log(within))
    assert (row["below"], row["above"]) == pytest.approx((below, above))
    assert row["p"] == pytest.approx(min(1, 2 * (min(below, above) + within)))
    assert row["reachable"] == pytest.approx(likelihood.expected_log(of_mean, 0.005))
    assert (row["half"], row["published"], row["stuck"]) == (CHOOSING, "0.92", 0)
    assert (row["pre_training_kept"], row["full_training_kept"]) == (SEEDS, SEEDS)
    of_half = calibration.scored(cells[cells["averaged"] == m])
    of_half = of_half[(of_half["recipe"] == "wide") & (of_half["half"] == CONFIRMING)]
    assert recipes.loc["wide", "cells_confirming"] == len(of_half) == 23
    assert recipes.loc["wide", "likelihood_confirming"] == pytest.approx(of_half["total"].mean())
    laplace = 2 * math.log(5 / 6)
    assert of_half["total"].iloc[0] == pytest.approx(of_half["likelihood"].iloc[0] + laplace)


def test_the_most_likely_recipe_is_chosen_and_confirmed(published, configurations):
    study = study_of(configurations)
    draws = 0.006 * np.random.default_rng(1).standard_normal(len(configurations))
    draw_of = dict(zip(configurations, draws, strict=True))  # what the paper's one draw is off

    def off(recipe, name):
        return draw_of[name] + (0.0 if recipe == "wide" else 0.02)

    recipes, _ = judged(published, configurations, study, made_up(published, study, off))
    assert dict(recipes["verdict"]) == {
        "first": "less likely",
        "wide": "best",
        "other": "less likely",
    }
    assert dict(recipes["confirmed"]) == {"first": "", "wide": "yes", "other": ""}
    assert dict(recipes["default"]) == {"first": "yes", "wide": "", "other": ""}
    assert dict(recipes["settings"]) == {
        "first": "",
        "wide": "batch_size 50",
        "other": "batch_size 50; nesterov True",
    }
    assert recipes.loc["first", "difference_high_choosing"] < 0
    assert recipes.loc["wide", "consistent"] == recipes.loc["wide", "cells"] == 47
    assert recipes.loc["wide", "p_ranks"] > 0.05 > recipes.loc["first", "p_ranks"]


def test_a_choice_that_the_other_half_speaks_against_is_not_confirmed(published, configurations):
    half_of = halves(published)
    study = study_of(configurations)

    def off(recipe, name):
        return 0.0 if (recipe == "wide") == (half_of[name] == CHOOSING) else 0.02

    recipes, _ = judged(published, configurations, study, made_up(published, study, off))
    assert recipes.loc["wide", ["verdict", "confirmed"]].to_list() == ["best", "no"]
    assert recipes.loc["first", "verdict"] == "left open"


def test_the_epochs_of_the_text_count(published, configurations):
    study = study_of(configurations)
    runs = made_up(published, study, full=lambda recipe: 9 if recipe == "other" else 20)
    recipes, _ = judged(published, configurations, study, runs)
    assert recipes.loc["other", "verdict"] == "best"
    assert list(recipes["full_training_share"]) == [0, 0, 1]
    assert list(recipes["pre_training_share"]) == [1, 1, 1]


def test_means_of_several_networks_are_recognised(published, configurations):
    """Where single networks would scatter more than the paper's numbers do."""
    study = study_of(configurations, {"first": {}})
    generator, runs = np.random.default_rng(0), {"first": {}}
    for name, configuration in study.variants["first"].items():
        metrics = seeds_of(published, configuration, 0.0, generator)
        for entry, step in zip(metrics, (-0.03, -0.01, 0.01, 0.03), strict=True):
            entry["accuracy"] = round(published.cells[name].value + step, 4)
        runs["first"][name] = Run(configuration, metrics, ())
    recipes, _ = judged(published, configurations, study, runs)
    assert recipes.loc["first", "averaged"] == 10


def test_all_recipes_are_given_as_many_seeds(published, configurations):
    study = study_of(configurations)
    runs = made_up(published, study)
    first = next(iter(runs["wide"]))
    runs["wide"][first] = replace(runs["wide"][first], metrics=runs["wide"][first].metrics[:2])
    recipes, cells = judged(published, configurations, study, runs)
    assert set(cells["seeds"]) == set(recipes["seeds"]) == {2}


def test_a_diverged_seed_is_stuck_and_keeps_to_no_epochs(published, configurations):
    study = study_of(configurations)
    runs = made_up(published, study)
    runs["wide"]["classifier/relu-128"].metrics[1] |= {"diverged": True, "accuracy": None}
    _, cells = judged(published, configurations, study, runs)
    chosen = (cells["recipe"] == "wide") & (cells["configuration"] == "classifier/relu-128")
    for row in cells[chosen].to_dict("records"):
        assert (row["stuck"], row["full_training_kept"], row["pre_training_kept"]) == (1, 3, 3)


def test_too_few_networks_are_refused(published, configurations):
    few = {name: each for name, each in configurations.items() if "sigmoid-128" in name}
    study = study_of(few)
    with pytest.raises(RunsError, match="the study recipes has 4 of Table 2's networks of the cho"):
        judged(published, few, study, made_up(published, study))


def test_on_other_data_no_recipe_is_judged(published, configurations):
    study = study_of(configurations)
    given = published, "digits", configurations, {study.name: study}
    cells = calibration.judge_cells(*given, {study.name: made_up(published, study)})
    recipes = calibration.judge_recipes(*given, cells)
    assert list(recipes["recipe"]) == list(RECIPES)
    assert set(recipes["verdict"]) == {"other data"}
    assert set(recipes["likelihood_choosing"]) == {""}
    assert cells.empty
    assert judge_settings({study.name: study}, cells).empty


def test_without_a_study_there_is_nothing_to_calibrate(published, configurations):
    given = published, "lab", configurations, {}
    cells = calibration.judge_cells(*given, {})
    assert cells.empty
    assert calibration.judge_recipes(*given, cells).empty


# --- settings ---------------------------------------------------------------------------------

GRID = {}
for size, nesterov, patience, keep in product((128, 100, 64, 50), (False, True), (0, 2), (4, 5)):
    GRID[f"{size}-{nesterov}-{patience}-{keep}"] = {
        "batch_size": size,
        "nesterov": nesterov,
        "pre_training": {"patience": patience, "max_epochs": keep},
        "full_training": {"patience": patience},
    }


def test_a_setting_that_matters_is_decided_and_others_stay_open(published, configurations):
    """Batches of 50 come near the paper, the rest makes no difference."""
    few = {name: configurations[name] for name in list(configurations)[:16]}
    study = study_of(few, GRID)
    runs = made_up(published, study, lambda recipe, name: 0.0 if recipe[:2] == "50" else 0.02)
    _, cells = judged(published, few, study, runs)
    rows = judge_settings({study.name: study}, cells).to_dict("records")
    found = {(row["setting"], row["value"]): row for row in rows}
    together = "pre_training.patience and full_training.patience"
    settings = ["batch_size", "nesterov", together, "pre_training.max_epochs", OF_NETWORKS]
    assert {setting for setting, _ in found} == set(settings)
    for setting in settings:
        of_setting = [row["posterior"] for row in rows if row["setting"] == setting]
        assert sum(of_setting) == pytest.approx(1)
    decided = {key for key, row in found.items() if row["decided"] and key[0] != OF_NETWORKS}
    assert decided == {("batch_size", "50")}
    assert found["batch_size", "50"]["low"] > 0 > found["batch_size", "128"]["high"]
    assert found["batch_size", "128"]["default"] == found[together, "0"]["default"] == "yes"
    assert found["batch_size", "64"]["recipes"] == 8
    assert found["nesterov", "True"]["recipes"] == 16


# --- from finished runs -----------------------------------------------------------------------


def test_runs_on_disk_are_calibrated(published, configurations, tmp_path):
    few = dict(list(configurations.items())[:24])
    few |= {UNSTACKED: configurations[UNSTACKED]}
    few = {name: replace(each, keep_weights=0) for name, each in few.items()}
    generator = np.random.default_rng(1)
    metrics = {name: seeds_of(published, each, 0.0, generator) for name, each in few.items()}
    place = synthetic.write_results(tmp_path, few, metrics=metrics)
    studies = synthetic.write_studies(
        place,
        {"recipes": {recipe: RECIPES[recipe] for recipe in ("first", "wide")}},
        lambda study, variant, name, settings: seeds_of(published, few[name], 0.03, generator),
        seeds=3,
    )
    runs, gaps = read_study(studies["recipes"], place.manifest, place.results)
    assert gaps == {}
    given = published, "lab", few, studies
    cells = calibration.judge_cells(*given, {"recipes": runs})
    write_csv(calibration.judge_recipes(*given, cells), tmp_path / "calibration.csv")
    rows = list(csv.DictReader((tmp_path / "calibration.csv").open(newline="")))
    assert [(row["recipe"], row["verdict"]) for row in rows] == [
        ("first", "best"),
        ("wide", "less likely"),
    ]
