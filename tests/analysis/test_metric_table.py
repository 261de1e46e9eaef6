"""The table of a study or of one's own: settings as columns, seeds paired."""

import pytest
from scipy import stats

from autoencoders.analysis import metric_table
from autoencoders.runs.configuration import Configuration, Study
from autoencoders.runs.reading import Run

SETTINGS = {
    "network": "classifier",
    "activation": "relu",
    "hidden": [8],
    "training": {"learning_rate": 0.1, "batch_size": 32},
}


def configuration(name="classifier/relu-8", folder="runs", activation="relu", **training):
    settings = {**SETTINGS, "activation": activation}
    settings["training"] = {**SETTINGS["training"], **training}
    return Configuration(name, f"{folder}/{name}", "made-up", settings, 4, 4, 0)


def run(of, accuracies):
    metrics = []
    for seed, accuracy in enumerate(accuracies):
        metrics.append({"seed": seed, "accuracy": accuracy, "diverged": accuracy is None})
    return Run(of, metrics, ())


@pytest.fixture
def study():
    default, small = configuration(), configuration(folder="studies/s/16", batch_size=16)
    return Study("s", 4, {"32": {default.name: default}, "16": {small.name: small}})


def runs_of(study, **accuracies):
    runs = {}
    for variant, configurations in study.variants.items():
        ((name, each),) = configurations.items()
        runs[variant] = {name: run(each, accuracies[f"of_{variant}"])}
    return runs


def test_a_variant_is_compared_with_the_default_seed_by_seed(study):
    default, small = [0.9, 0.92, 0.91, 0.95], [0.91, 0.95, 0.91, 0.97]
    table = metric_table.of_study(study, runs_of(study, of_32=default, of_16=small), {})
    assert list(table.columns) == [
        *metric_table.FIRST,
        "training.batch_size",
        *metric_table.LAST,
    ]
    first, second = table.to_dict("records")
    assert (first["training.batch_size"], second["training.batch_size"]) == (32, 16)
    assert first["difference"] == ""
    differences = [b - a for a, b in zip(default, small, strict=True)]
    assert second["difference"] == pytest.approx(sum(differences) / 4)
    test = stats.ttest_rel(small, default)
    assert second["p"] == pytest.approx(test.pvalue)
    low, high = test.confidence_interval(0.95)
    assert (second["difference_low"], second["difference_high"]) == pytest.approx((low, high))
    assert [float(each) for each in second["values"].split()] == small
    assert second["n"] == 4


def test_seeds_that_diverged_are_left_out_of_the_pairs(study):
    runs = runs_of(study, of_32=[0.9, None, 0.8, 0.7], of_16=[None, 0.5, 0.9, 0.9])
    first, second = metric_table.of_study(study, runs, {}).to_dict("records")
    assert (first["n"], first["diverged"]) == (3, "1")
    assert (second["n"], second["diverged"]) == (3, "0")
    assert second["difference"] == pytest.approx(0.15)
    assert second["p"] == "", "two pairs give no interval"


def test_a_missing_run_says_why(study):
    runs = {"32": runs_of(study, of_32=[0.9] * 4, of_16=[0.9] * 4)["32"]}
    gaps = {"16/classifier/relu-8": "not finished"}
    first, second = metric_table.of_study(study, runs, gaps).to_dict("records")
    assert first["mean"] == pytest.approx(0.9)
    assert (second["missing"], second["mean"]) == ("not finished", "")


def test_a_table_of_one_s_own_has_the_metric_and_the_reference_that_it_names():
    both = {
        "classifier/relu-8": configuration(),
        "classifier/elu-8": configuration("classifier/elu-8", activation="elu"),
    }
    runs = {name: run(each, [0.5, 0.6, 0.8]) for name, each in both.items()}
    for entry in (entry for each in runs.values() for entry in each.metrics):
        entry["validation_error"] = 1 - entry["accuracy"]
    table = metric_table.of_configurations(both, runs, {}, "validation_error", "classifier/elu-8")
    assert "activation" in table.columns
    assert set(table["metric"]) == {"validation_error"}
    assert list(table["difference"]) == [0, ""]
    plain = metric_table.of_configurations(both, runs, {})
    assert set(plain["metric"]) == {"accuracy"}
    assert set(plain["difference"]) == {""}
