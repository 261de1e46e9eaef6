"""More seeds train new blocks alone; fewer seeds train nothing."""

import csv
import json

import pytest

from snakemake_runs import Checkout
from tiny_jobs import OF_CLASSIFIERS, OF_SIGMOIDS


@pytest.fixture(scope="module")
def more(finished, tmp_path_factory):
    """A finished checkout with more seeds of the stacked classifiers; tests must not change it."""
    checkout = Checkout(tmp_path_factory.mktemp("seeds") / "checkout")
    finished.copy_to(checkout.folder)
    config = checkout.config()
    config["experiments"]["stacked"]["seeds"] = 3
    checkout.configure(config)
    checkout.announced = checkout.jobs()
    checkout.run()
    return checkout


@pytest.fixture
def changed(more, tmp_path):
    """A copy of it, to be changed at will."""
    more.copy_to(tmp_path / "checkout")
    return Checkout(tmp_path / "checkout")


def table2(checkout):
    with open(checkout.folder / "results/tables/table2.csv", newline="") as file:
        return {(row["hidden_nodes"], row["activation"]): row for row in csv.DictReader(file)}


def metrics_of(checkout, block):
    path = checkout.folder / f"results/runs/{block}/run.json"
    return json.loads(path.read_text())["metrics"]


def test_more_seeds_train_new_blocks_alone(more):
    names = ("relu-16", "sigmoid-16", "relu-16-9-9", "sigmoid-16-9-9")
    added = {f"classifier/{name}/seeds-2-3" for name in names}
    assert more.announced == added | OF_CLASSIFIERS | OF_SIGMOIDS | {"figure9.svg"}


def test_a_block_is_whole_and_only_the_seeds_asked_for_are_used(more):
    assert [entry["seed"] for entry in metrics_of(more, "classifier/relu-16/seeds-2-3")] == [2, 3]
    assert table2(more)["16", "relu"]["n"] == "3"
    runs = (more.folder / "results/tables/runs.csv").read_text()
    assert "classifier/relu-16,2,accuracy," in runs
    assert "classifier/relu-16,3,accuracy," not in runs


def test_the_next_seed_of_a_block_trains_nothing(changed):
    config = changed.config()
    config["experiments"]["stacked"]["seeds"] = 4
    changed.configure(config)
    assert changed.jobs() == OF_CLASSIFIERS | OF_SIGMOIDS | {"figure9.svg"}


def test_fewer_seeds_train_nothing_and_give_the_tables_of_before(finished, changed):
    config = changed.config()
    config["experiments"]["stacked"]["seeds"] = 2
    changed.configure(config)
    assert changed.jobs() == OF_CLASSIFIERS | OF_SIGMOIDS | {"figure9.svg"}
    changed.run()
    for name in ("table2.csv", "table2.md", "runs.csv", "plateau.csv"):
        before = (finished.folder / "results/tables" / name).read_bytes()
        assert (changed.folder / "results/tables" / name).read_bytes() == before


def test_seeds_do_not_depend_on_how_they_are_shared_out(finished, checkout):
    config = checkout.config()
    config["experiments"]["stacked"]["seeds_per_job"] = 1
    checkout.configure(config)
    checkout.run("results/runs/classifier/relu-16/seed-1/run.json")
    alone, together = (
        metrics_of(checkout, "classifier/relu-16/seed-1")[0],
        metrics_of(finished, "classifier/relu-16/seeds-0-1")[1],
    )
    timeless = {"seconds": None}
    assert alone | timeless == together | timeless
