"""How many networks leave the plateau."""

import pytest

import synthetic
from autoencoders.analysis.plateau import plateau
from autoencoders.analysis.writing import write_csv
from autoencoders.runs.reading import Run

STACKS = ("128", "128-128-128", "128-256-128", "512-512-512")


@pytest.fixture(scope="module")
def configurations():
    return synthetic.classifiers(STACKS)


def run_of(configurations, hidden, accuracies, diverged=()):
    name = f"classifier/sigmoid-{hidden}"
    entries = [
        {"seed": seed, "accuracy": value, "diverged": seed in diverged, "dead": False}
        for seed, value in enumerate(accuracies)
    ]
    return {name: Run(configurations[name], entries, ())}


@pytest.fixture
def runs(configurations):
    return (
        run_of(configurations, "128", [0.9, 0.91])
        | run_of(configurations, "128-128-128", [0.1, 0.199, 0.2, 0.9, None], diverged=[4])
        | run_of(configurations, "128-256-128", [0.1, 0.1])
    )


def test_networks_are_counted_alone_and_by_first_width(configurations, runs):
    rows = plateau(configurations, runs).to_dict("records")
    found = [
        (row["layers"], row["first_width"], row["hidden_nodes"], row["n"], row["left"])
        for row in rows
    ]
    assert found == [
        (1, 128, "128", 2, 2),
        (3, 128, "128-128-128", 4, 2),
        (3, 128, "128-256-128", 2, 0),
        (1, 128, "", 2, 2),
        (3, 128, "", 6, 2),
    ]
    assert rows[4]["share"] == pytest.approx(1 / 3)
    assert rows[4]["low"] < 1 / 3 < rows[4]["high"]


def test_patience_is_compared_with_none(configurations, runs):
    patient = run_of(configurations, "128-128-128", [0.9] * 4)
    patient |= run_of(configurations, "128-256-128", [0.9] * 2)
    rows = plateau(configurations, runs, {"0": runs, "5": patient}).to_dict("records")
    deep = {row["patience"]: row for row in rows if row["layers"] == 3 and row["patience"]}
    assert deep["0"]["difference"] == ""
    assert deep["5"]["difference"] == pytest.approx(2 / 3)
    assert deep["5"]["p"] == pytest.approx(0.0606, abs=1e-4)  # 2 * 15 / 495


def test_a_network_whose_seeds_all_diverged_has_no_row(configurations):
    runs = run_of(configurations, "128", [None, None], diverged=[0, 1])
    assert plateau(configurations, runs, {"0": runs}).empty


def test_nothing_finished_is_an_empty_table(configurations, tmp_path):
    write_csv(plateau(configurations, {}), tmp_path / "plateau.csv")
    assert (tmp_path / "plateau.csv").read_text().count("\n") == 1
