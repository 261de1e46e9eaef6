"""Tables 1 and 2, as numbers."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest

import synthetic
from autoencoders.analysis.published import NOTHING, read_published
from autoencoders.analysis.table1 import table1
from autoencoders.analysis.table2 import table2
from autoencoders.analysis.writing import write_csv
from autoencoders.runs.reading import read_runs

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "report"
TABLES = {"table1": table1, "table2": table2}
STRONG, NOISY = "autoencoder/relu-8-l1-1e-05", "autoencoder/sigmoid-8-noise-0.3"
MISSING = "autoencoder/relu-8-l2-1e-05"


def metrics_of(configuration, metric, values, diverged=(), dead=()):
    """Return metrics in which only the values of one metric matter; None for a diverged seed."""
    entries = synthetic.make_metrics(configuration)[: configuration.seeds]
    for entry, value in zip(entries, values, strict=True):
        entry[metric] = value
        entry["dead"] = entry["seed"] in dead
    return [synthetic.diverge(entry) if entry["seed"] in diverged else entry for entry in entries]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    configurations = synthetic.over_complete(8) | synthetic.classifiers(["4", "4-3"])
    del configurations["classifier/sigmoid-4-3"]
    relu, sigmoid, bare = "classifier/relu-4", "classifier/sigmoid-4", "classifier/no-hidden"
    metrics = {
        STRONG: metrics_of(configurations[STRONG], "sparseness", [0.5, 0.2, 0.7], [1], [2]),
        NOISY: metrics_of(configurations[NOISY], "sparseness", [0.1, 0.2, 0.6]),
        relu: metrics_of(configurations[relu], "accuracy", [0.9, 0.92, 0.94]),
        sigmoid: metrics_of(configurations[sigmoid], "accuracy", [0.1] * 3, [0, 1, 2]),
        bare: metrics_of(configurations[bare], "accuracy", [0.89, 0.895, 0.9]),
    }
    for seed, entry in enumerate(metrics[relu]):
        entry["epochs"] = {"pre-training-1": 4, "full-training": 6 + seed}
        entry["seconds"] = {"pre-training-1": 0.5, "full-training": 1.0 + seed}
    return synthetic.write_results(
        tmp_path_factory.mktemp("tables"),
        configurations,
        unfinished=[MISSING, "classifier/relu-4-3"],
        metrics=metrics,
    )


def written(place, folder):
    """Write both tables from the finished runs."""
    runs, gaps = read_runs(place.configurations.values(), place.manifest, place.results)
    for name, table in TABLES.items():
        write_csv(table(place.of(name), runs, gaps, NOTHING), folder / f"{name}.csv")
    return folder


@pytest.fixture(scope="module")
def folder(place, tmp_path_factory):
    return written(place, tmp_path_factory.mktemp("written"))


def rows_of(path):
    with open(path, newline="") as file:
        return {row["configuration"]: row for row in csv.DictReader(file)}


def test_table1_has_its_columns_and_the_rows_of_the_configurations(folder):
    lines = (folder / "table1.csv").read_text().splitlines()
    assert lines[0] == (
        "activation,hidden,regularisation,parameter,applied_weight,sparseness,sd,n,published,"
        "seeds,diverged,dead,missing,sparseness_threshold,configuration"
    )
    assert [line.split(",")[:5] for line in lines[1:]] == [
        [activation, "8", *kind]
        for kind in (
            ["l1", "1e-05", "0.0001"],
            ["l1", "1e-07", "1e-06"],
            ["l2", "1e-05", "0.0001"],
            ["l2", "1e-07", "1e-06"],
            ["noise", "0.1", "0.1"],
            ["noise", "0.3", "0.3"],
        )
        for activation in ("relu", "sigmoid")
    ]


def test_table1_shows_no_network_without_a_penalty_or_noise():
    plain = synthetic.autoencoder(8)
    assert table1([plain], {}, {}, NOTHING).empty


def test_table1_means_leave_diverged_seeds_out_and_name_them(folder):
    rows = rows_of(folder / "table1.csv")
    row = rows[STRONG]
    assert float(row["sparseness"]) == pytest.approx(0.6)
    assert float(row["sd"]) == pytest.approx(0.1 * 2**0.5)
    assert (row["n"], row["seeds"], row["diverged"], row["dead"]) == ("2", "3", "1", "2")
    assert (row["missing"], row["sparseness_threshold"]) == ("", "0.1")
    row = rows[NOISY]
    assert float(row["sparseness"]) == pytest.approx(0.3)
    assert float(row["sd"]) == pytest.approx(0.07**0.5)
    assert (row["n"], row["diverged"], row["dead"]) == ("3", "", "")


def test_a_gap_leaves_its_cells_empty(folder):
    row = rows_of(folder / "table1.csv")[MISSING]
    assert [row[column] for column in ("sparseness", "sd", "n", "diverged", "dead")] == [""] * 5
    assert (row["missing"], row["seeds"]) == ("not finished", "3")


def test_one_seed_has_no_standard_deviation(tmp_path):
    only = synthetic.autoencoder(8, kind="l1", printed=1e-05, seeds=1)
    place = synthetic.write_results(tmp_path, {only.name: only})
    runs, gaps = read_runs([only], place.manifest, place.results)
    row = table1([only], runs, gaps, NOTHING).iloc[0]
    assert (row["sd"], row["n"], row["seeds"]) == ("", 1, 1)


def test_table2_has_its_columns_and_rows(folder):
    lines = (folder / "table2.csv").read_text().splitlines()
    assert lines[0] == (
        "hidden_nodes,activation,accuracy,sd,n,published,published_place,epochs,seconds,seeds,"
        "diverged,dead,missing,configuration,batch_size,pre_training_epochs,"
        "pre_training_patience,full_training_patience,trained_layers,output_activation,loss,"
        "normalized,normalization_place"
    )
    assert [line.split(",")[:2] for line in lines[1:]] == [
        ["4", "relu"],
        ["4", "sigmoid"],
        ["4-3", "relu"],
        ["no-hidden", ""],
    ]


def test_table2_by_hand(folder):
    rows = rows_of(folder / "table2.csv")
    row = rows["classifier/relu-4"]
    assert float(row["accuracy"]) == pytest.approx(0.92)
    assert float(row["sd"]) == pytest.approx(0.02)
    assert (row["n"], row["diverged"]) == ("3", "")
    assert float(row["epochs"]) == 11.0
    assert float(row["seconds"]) == 2.5
    row = rows["classifier/sigmoid-4"]
    assert (row["accuracy"], row["sd"], row["n"]) == ("", "", "0")
    assert row["diverged"] == "0 1 2"
    row = rows["classifier/relu-4-3"]
    for column in ("accuracy", "sd", "n", "published", "epochs", "seconds", "diverged", "dead"):
        assert row[column] == ""
    assert row["missing"] == "not finished"
    row = rows["classifier/no-hidden"]
    assert float(row["accuracy"]) == pytest.approx(0.895)
    assert row["epochs"] != ""


def test_table2_holds_what_is_assumed(folder):
    for row in rows_of(folder / "table2.csv").values():
        assert (row["batch_size"], row["pre_training_epochs"]) == ("128", "5")
        assert row["pre_training_patience"] == row["full_training_patience"] == "0"
        assert (row["trained_layers"], row["output_activation"]) == ("all", "softmax")
        assert (row["loss"], row["normalized"]) == ("cross_entropy", "relu")
        assert row["normalization_place"] == "before_activation"


def test_equal_networks_told_apart_by_a_suffix_have_rows_of_their_own():
    plain = synthetic.classifier("4")
    slow = replace(plain, name=f"{plain.name}-slow", suffixed=True)
    table = table2([plain, slow], {}, {}, NOTHING)
    assert list(table["hidden_nodes"]) == ["4", "4-slow"]
    assert set(table["missing"]) == {"not read"}


# --- the published numbers --------------------------------------------------------------------


def tables_with_published(dataset="lab"):
    """Return both tables of networks that the paper has, and of some that it has not."""
    settings = {**synthetic.TRAINING, "epochs": 100}
    autoencoders = [
        synthetic.autoencoder(1024, kind="l1", printed=1e-05, training=settings, dataset=dataset),
        synthetic.autoencoder(1024, kind="l2", printed=1e-05, dataset=dataset),
    ]
    classifiers = [
        synthetic.classifier("512-128", dataset=dataset),
        synthetic.classifier("512-128", "sigmoid", dataset=dataset),
        synthetic.classifier("9", dataset=dataset),
        synthetic.classifier("", dataset=dataset),
    ]
    published = read_published(FOLDER)
    return [
        table1(autoencoders, {}, {}, published).set_index("configuration"),
        table2(classifiers, {}, {}, published).set_index("configuration"),
    ]


def test_the_published_numbers_are_next_to_ours():
    first, second = tables_with_published()
    assert first.loc["autoencoder/relu-1024-l1-1e-05", "published"] == "0.99"
    assert first.loc["autoencoder/relu-1024-l2-1e-05", "published"] == ""  # 6 epochs, not 100
    assert list(second["published"]) == ["0.94", "0.90", "", "0.895"]
    assert list(second["published_place"]) == ["Table 2", "Table 2", "", "text"]


@pytest.mark.parametrize("dataset", ["digits", "mnist"])
def test_on_other_data_the_paper_has_no_number(dataset):
    for table in tables_with_published(dataset):
        assert set(table["published"]) == {""}


def test_the_same_runs_give_the_same_bytes(place, folder, tmp_path):
    written(place, tmp_path)
    for name in TABLES:
        path = f"{name}.csv"
        assert (tmp_path / path).read_bytes() == (folder / path).read_bytes()
