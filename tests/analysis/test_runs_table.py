"""Every number of every run, the settings and the jobs behind them."""

import csv

import pytest

import synthetic
from autoencoders.analysis.runs_table import (
    PROVENANCE_COLUMNS,
    configurations_table,
    provenance_table,
    runs_table,
)
from autoencoders.analysis.writing import write_csv
from autoencoders.files import sha256_of_file
from autoencoders.runs.reading import read_runs

STRONG, STACK = "autoencoder/relu-8-l1-1e-05", "classifier/relu-4"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    configurations = synthetic.over_complete(8) | synthetic.classifiers(["4", "4-3"])
    metrics = {}
    for name in (STRONG, STACK):
        metrics[name] = synthetic.make_metrics(configurations[name])[:3]
    metrics[STRONG][1] = synthetic.diverge(metrics[STRONG][1])
    metrics[STRONG][2]["dead"] = True
    for seed, entry in enumerate(metrics[STACK]):
        entry["accuracy"] = 0.9 + seed / 50
        entry["epochs"] = {"pre-training-1": 4, "full-training": 6 + seed}
        entry["seconds"] = {"pre-training-1": 0.5, "full-training": 1.0 + seed}
    return synthetic.write_results(tmp_path_factory.mktemp("runs"), configurations, metrics=metrics)


@pytest.fixture(scope="module")
def runs(place):
    runs, gaps = read_runs(place.configurations.values(), place.manifest, place.results)
    assert gaps == {}
    return runs


def read(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def test_runs_are_tidy(runs, tmp_path):
    write_csv(runs_table(runs), tmp_path / "runs.csv")
    rows = read(tmp_path / "runs.csv")
    assert list(rows[0]) == ["configuration", "seed", "metric", "value"]
    values = {(row["configuration"], row["seed"], row["metric"]): row["value"] for row in rows}
    assert len(values) == len(rows)
    assert values[STACK, "1", "accuracy"] == "0.92"
    assert values[STACK, "1", "epochs"] == "11"
    assert values[STACK, "1", "epochs_full-training"] == "7"
    assert values[STACK, "1", "seconds"] == "2.5"
    assert values[STRONG, "1", "sparseness"] == ""
    assert [values[STRONG, seed, "diverged"] for seed in "012"] == ["0", "1", "0"]
    assert [values[STRONG, seed, "dead"] for seed in "012"] == ["0", "0", "1"]
    exact = runs[STRONG].metrics[0]["training_error"]
    assert float(values[STRONG, "0", "training_error"]) == exact
    assert (STRONG, "0", "accuracy") not in values
    # A block is always whole, but only the seeds used count: its fourth is not among them.
    assert {seed for name, seed, _ in values if name == STACK} == {"0", "1", "2"}


def test_every_setting_of_a_configuration_is_there(place, tmp_path):
    write_csv(configurations_table(place.configurations.values()), tmp_path / "configurations.csv")
    rows = {row["configuration"]: row for row in read(tmp_path / "configurations.csv")}
    assert list(rows) == list(place.configurations)
    row = rows[STRONG]
    assert (row["experiment"], row["seeds"], row["hidden"]) == ("made-up", "3", "8")
    assert (row["penalty.kind"], row["penalty.weight"], row["noise"]) == ("l1", "0.0001", "0.0")
    assert row["training.batch_size"] == "50"
    assert row["training.full_training.loss"] == ""
    row = rows["classifier/relu-4-3"]
    assert (row["hidden"], row["activation"], row["penalty.kind"]) == ("4-3", "relu", "")
    assert row["training.batch_normalization.activations"] == "relu"
    assert row["training.pre_training.activation"] == ""
    row = rows["classifier/no-hidden"]
    assert (row["hidden"], row["activation"]) == ("no-hidden", "")
    # A section is no column by itself, also where some configurations have none.
    assert not {"penalty", "training", "training.pre_training"} & set(row)


def test_every_job_tells_where_its_numbers_come_from(place, runs, tmp_path):
    write_csv(provenance_table(runs), tmp_path / "provenance.csv")
    rows = read(tmp_path / "provenance.csv")
    assert tuple(rows[0]) == PROVENANCE_COLUMNS
    assert len(rows) == 2 * len(place.configurations)  # two seeds a job
    first, second = [row for row in rows if row["configuration"] == STACK]
    assert first["folder"] == f"runs/{STACK}/seeds-0-1"
    assert (first["seeds"], second["seeds"]) == ("0 1", "2 3")
    assert first["start"] == "2019-02-27T12:00:00+00:00"
    assert (first["device"], first["threads"], first["host"]) == ("cpu", "1", "nowhere")
    assert (first["commit"], first["versions"]) == ("", "")
    assert first["data"] == sha256_of_file(place.manifest)
    assert len(first["code"]) == 64
