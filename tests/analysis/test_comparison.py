import csv
from dataclasses import replace
from pathlib import Path

import pytest

import synthetic
from autoencoders.analysis import comparison
from autoencoders.analysis.published import (
    Published,
    PublishedCurve,
    PublishedNumber,
    read_published,
)
from autoencoders.analysis.statistics import tolerance
from autoencoders.analysis.writing import write_csv
from autoencoders.runs.reading import Run, read_runs

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "report"
AS_IN_THE_PAPER = {**synthetic.TRAINING, "epochs": 100}
STEADY, OTHER, SPARSE = "classifier/relu-4", "classifier/sigmoid-4", "autoencoder/relu-8-l1-1e-05"
CURVED = "autoencoder/relu-4"


@pytest.fixture(scope="module")
def published():
    return read_published(FOLDER)


def declared(**changes):
    """Return made-up configurations with the paper's settings."""
    return synthetic.by_name(
        [
            synthetic.classifier("4", **changes),
            synthetic.classifier("4", "sigmoid", **changes),
            synthetic.autoencoder(8, kind="l1", printed=1e-05, training=AS_IN_THE_PAPER),
            synthetic.autoencoder(4, training=AS_IN_THE_PAPER),
        ]
    )


def run_of(configurations, name, quantity, values, diverged=()):
    entries = [
        {"seed": seed, quantity: value, "diverged": seed in diverged, "dead": False}
        for seed, value in enumerate(values)
    ]
    return Run(configurations[name], entries, ())


def compared(published, values, diverged=(), configurations=None, dataset="lab", **number):
    """Return the row of one published number, given our seeds' values; None for no run."""
    whole = declared()
    name = number.get("name", STEADY)
    runs, gaps = {}, {name: "not finished"}
    if values is not None:
        quantity = number.get("quantity", "accuracy")
        runs, gaps = {name: run_of(whole, name, quantity, values, diverged)}, {}
    cells = {
        name: PublishedNumber(
            number.get("text", "0.92"), "Table 2", number.get("quantity", "accuracy")
        )
    }
    only = replace(published, cells=cells, curves=[])
    table = comparison.compare(
        only, whole if configurations is None else configurations, dataset, runs, gaps
    )
    assert list(table.columns) == list(comparison.COLUMNS)
    assert len(table) == 1
    return table.iloc[0]


# --- the rules --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("difference", "verdict"),
    [(0.01, "agrees"), (1.0 - 0.99, "agrees"), (-0.01, "agrees"), (0.0101, "disagrees")],
)
def test_what_is_just_allowed_agrees(difference, verdict):
    allowed = tolerance(0.0, 0.005)
    assert comparison.verdict_on_steady(difference, allowed) == verdict


@pytest.mark.parametrize(
    ("accuracies", "seed_dependent"),
    [
        ([0.11, 0.87], True),
        ([0.199, 0.2], True),
        ([0.098, 0.114, 0.18], False),
        ([0.2, 0.3, 0.9], False),
    ],
)
def test_a_seed_dependent_network_has_seeds_at_chance_and_others(accuracies, seed_dependent):
    assert comparison.is_seed_dependent(accuracies) is seed_dependent


# --- each verdict on a number -----------------------------------------------------------------


def test_agrees_by_hand(published):
    row = compared(published, [0.93, 0.94, 0.95])
    assert row["verdict"] == "agrees"
    assert (row["published"], row["n"], row["stuck"], row["at_or_below"]) == ("0.92", 3, 0, 0)
    numbers = ["rounding", "mean", "sd", "minimum", "maximum", "difference", "tolerance"]
    assert list(row[numbers]) == pytest.approx([0.005, 0.94, 0.01, 0.93, 0.95, 0.02, 0.03])
    assert (row["share"], row["nearest"], row["p"]) == pytest.approx((0, 0.01, 0.5))


def test_a_row_says_which_network_it_is_about(published):
    columns = list(comparison.NETWORK_COLUMNS)
    row = compared(published, [0.93, 0.94, 0.95])
    assert list(row[columns]) == ["classifier", "relu", "4", "", ""]
    row = compared(published, [0.5] * 3, name=SPARSE, text="0.5", quantity="sparseness")
    assert list(row[columns]) == ["autoencoder", "relu", "8", "l1", "1e-05"]


def test_disagrees(published):
    row = compared(published, [0.95, 0.951, 0.952])
    assert row["verdict"] == "disagrees"
    assert row["difference"] == pytest.approx(0.031)


def test_sparseness_is_never_seed_dependent(published):
    values = [0.1, 0.5, 0.9]
    row = compared(published, values, name=SPARSE, text="0.5", quantity="sparseness")
    assert (row["verdict"], row["stuck"]) == ("agrees", "")


@pytest.mark.parametrize(
    ("values", "diverged"), [([0.92, 0.92], ()), ([0.92] * 3, (1,)), ([0.92] * 3, (0, 1, 2))]
)
def test_too_few_seeds_are_not_judged(published, values, diverged):
    row = compared(published, values, diverged)
    assert row["verdict"] == "too few seeds"
    assert row["n"] == len(values) - len(diverged)
    assert row["p"] == row["p_adjusted"] == row["tolerance"] == ""
    assert row["diverged"] == " ".join(map(str, diverged))


def test_diverged_seeds_count_for_nothing(published):
    row = compared(published, [0.93, 0.11, 0.94, 0.95], diverged=[1])
    assert (row["verdict"], row["n"], row["stuck"]) == ("agrees", 3, 0)
    assert (row["diverged"], row["reason"]) == ("1", "")


def test_a_seed_dependent_number_that_is_not_contradicted(published):
    row = compared(published, [0.11, 0.11, 0.85, 0.86], text="0.30")
    assert row["verdict"] == "seed-dependent, consistent"
    assert (row["stuck"], row["at_or_below"], row["share"]) == (2, 2, 0.5)
    assert (row["p"], row["p_adjusted"], row["tolerance"]) == (1, 1, "")
    assert row["share_low"] < 0.5 < row["share_high"]
    assert row["nearest"] == pytest.approx(0.19)


def test_a_seed_dependent_number_that_is_contradicted(published):
    seeds = [0.12] + [0.8 + k / 1000 for k in range(39)]
    row = compared(published, seeds, text="0.95")
    assert row["verdict"] == "seed-dependent, not consistent"
    assert row["p"] == row["p_adjusted"] == row["smallest_p"] == pytest.approx(2 / 41)
    row = compared(published, seeds[:-1], text="0.95")
    assert row["verdict"] == "seed-dependent, consistent"


def test_p_values_are_adjusted_over_all_numbers(published):
    configurations = declared()
    seeds = [0.12] + [0.8 + k / 1000 for k in range(39)]
    runs = {
        STEADY: run_of(configurations, STEADY, "accuracy", seeds),
        OTHER: run_of(configurations, OTHER, "accuracy", [0.9, 0.9, 0.9]),
    }
    cells = {name: PublishedNumber("0.95", "Table 2", "accuracy") for name in runs}
    only = replace(published, cells=cells, curves=[])
    table = comparison.compare(only, configurations, "lab", runs, {})
    assert list(table["verdict"]) == ["seed-dependent, consistent", "disagrees"]
    assert list(table["p_adjusted"]) == pytest.approx([4 / 41, 0.5])


def test_the_rank_of_the_published_number_is_there(published):
    configurations = declared()
    runs, cells = {}, {}
    for name in (STEADY, OTHER):
        runs[name] = run_of(configurations, name, "accuracy", [0.90, 0.91, 0.92])
        cells[name] = PublishedNumber("0.99", "Table 2", "accuracy")
    only = replace(published, cells=cells, curves=[])
    table = comparison.compare(only, configurations, "lab", runs, {})
    assert list(table["rank"]) == [3.5 / 4] * 2


def test_a_missing_run_says_why(published):
    row = compared(published, None)
    assert (row["verdict"], row["reason"]) == ("run missing", "not finished")
    assert (row["published"], row["mean"], row["n"]) == ("0.92", "", "")


def test_what_is_not_declared_is_not_run(published):
    configurations = declared()
    del configurations[STEADY]
    row = compared(published, None, configurations=configurations)
    assert (row["verdict"], row["published"], row["mean"]) == ("not run", "0.92", "")
    assert row["network"] == ""


def test_other_settings_are_not_compared(published):
    configurations = declared(training={**synthetic.CLASSIFIER_TRAINING, "momentum": 0.5})
    row = compared(published, [0.92] * 3, configurations=configurations)
    assert (row["verdict"], row["mean"]) == ("other settings", "")
    assert row["reason"] == "momentum is 0.5, in the paper 0.9"


def test_other_data_are_not_compared(published):
    row = compared(published, [0.92] * 3, dataset="digits")
    assert (row["verdict"], row["mean"], row["p"]) == ("other data", "", "")


# --- curves -----------------------------------------------------------------------------------


def curve_row(published, folder, offsets, epochs=(1, 2, 4), diverged=()):
    """Return the row of a curve that ours, a seed each, lie above by `offsets`."""
    configurations = declared()
    points = {epoch: 0.1 / epoch for epoch in epochs}
    lines = ["seed,phase,epoch,training_error,validation_error,accuracy"]
    for seed, offset in enumerate(offsets):
        lines += [f"{seed},training,{k},{0.1 / k + offset},9," for k in range(1, 6)]
    (folder / "history.csv").write_text("\n".join(lines) + "\n")
    entries = [
        {"seed": seed, "diverged": seed in diverged, "dead": False} for seed in range(len(offsets))
    ]
    run = Run(configurations[CURVED], entries, (folder,))
    curve = PublishedCurve("1a", CURVED, "training_error", points)
    only = Published({}, [curve], published.settings, {})
    return comparison.compare(only, configurations, "lab", {CURVED: run}, {}).iloc[0]


@pytest.mark.parametrize(
    ("offsets", "verdict"),
    [
        ([0.0002, 0.0004, 0.0006], "agrees"),
        ([0.0005, 0.0006, 0.0008], "disagrees"),
        ([0.0, 0.0006, 0.003], "seeds differ"),
        ([-0.003, 0.0, 0.003], "agrees"),
        ([0.0, 0.0], "too few seeds"),
    ],
)
def test_verdicts_on_curves(published, tmp_path, offsets, verdict):
    assert curve_row(published, tmp_path, offsets)["verdict"] == verdict


def test_curve_by_hand(published, tmp_path):
    row = curve_row(published, tmp_path, [0.0002, 0.0004, 0.0009, 7.0], diverged=[3])
    assert (row["place"], row["quantity"], row["n"]) == ("Figure 1a", "training_error", 3)
    assert (row["epochs"], row["last_epoch"], row["median_epoch"]) == (3, 4, 2)
    assert row["published"] == pytest.approx(0.025)
    assert (row["mean"], row["difference"]) == pytest.approx((0.0255, 0.0005))
    assert row["median_difference"] == pytest.approx(0.0005)
    assert row["spread"] == pytest.approx(0.0007)
    assert row["nearest_seed_difference"] == pytest.approx(0.0002)
    assert row["diverged"] == "3"


# --- from finished runs -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Results of two of the paper's networks, one of them unfinished, and of no other."""
    configurations = synthetic.by_name(
        [
            synthetic.classifier("128"),
            synthetic.classifier("128", "sigmoid"),
            synthetic.autoencoder(128, training=AS_IN_THE_PAPER),
        ]
    )
    return synthetic.write_results(
        tmp_path_factory.mktemp("comparison"), configurations, unfinished=["classifier/relu-128"]
    )


def written(place, path, dataset="lab"):
    """Return the rows of comparison.csv."""
    runs, gaps = read_runs(place.configurations.values(), place.manifest, place.results)
    published = read_published(FOLDER)
    write_csv(comparison.compare(published, place.configurations, dataset, runs, gaps), path)
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def test_what_is_there_is_compared(place, tmp_path):
    rows = written(place, tmp_path / "comparison.csv")
    assert len(rows) == 59 + 24
    assert sum(row["verdict"] in comparison.JUDGED for row in rows) == 3
    reasons = {row["configuration"]: row["reason"] for row in rows if row["verdict"] != "not run"}
    assert reasons["classifier/relu-128"] == "not finished"
    assert {row["verdict"] for row in rows} <= set(comparison.VERDICTS)


def test_other_data_are_said_to_be_other_data(place, tmp_path):
    rows = written(place, tmp_path / "comparison.csv", "mnist")
    assert len(rows) == 83
    assert {row["verdict"] for row in rows} == {"other data"}
    assert {row["mean"] for row in rows} == {""}
