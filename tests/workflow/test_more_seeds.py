"""More seeds for some configurations, beside those that are declared."""

import csv
import json

import pytest

from snakemake_runs import Checkout

DRAWN = {"collect_runs", "table2", "lottery_table", "figure10", "page"}
ADDED = {"lottery/classifier/relu-16", "lottery/classifier/sigmoid-16"}


@pytest.fixture(scope="module")
def drawn(finished, tmp_path_factory):
    """A finished checkout with the seeds of its lottery; tests must not change it."""
    checkout = Checkout(tmp_path_factory.mktemp("lottery") / "checkout")
    finished.copy_to(checkout.folder)
    checkout.output = checkout.run("lottery")
    return checkout


@pytest.fixture
def changed(drawn, tmp_path):
    """A copy of it, to be changed at will."""
    drawn.copy_to(tmp_path / "checkout")
    return Checkout(tmp_path / "checkout")


def table2(checkout):
    with open(checkout.folder / "results/tables/table2.csv", newline="") as file:
        return {row["hidden_nodes"]: row for row in csv.DictReader(file)}


def test_lottery_trains_what_is_missing_and_redraws_what_shows_it(finished):
    assert finished.jobs("lottery") == {*ADDED, *DRAWN}


def test_lottery_on_a_new_checkout_trains_everything_first(fresh):
    jobs = fresh.jobs("lottery")
    trainings = {job for job in jobs if "classifier/" in job or "autoencoder/" in job}
    added = {job for job in trainings if job.startswith("lottery/")}
    assert len(trainings - added) == 70
    assert len(added) == 12 + 47


def test_its_seeds_stand_in_the_tables_with_the_declared_ones(finished, drawn):
    before, after = table2(finished)["16"], table2(drawn)["16"]
    assert (before["n_relu"], after["n_relu"]) == ("2", "3")
    assert table2(drawn)["16-9-9"] == table2(finished)["16-9-9"]
    metrics = json.loads(
        (drawn.folder / "results/lottery/classifier/relu-16/metrics.json").read_text()
    )
    assert [entry["seed"] for entry in metrics["seeds"]] == [2]
    config = json.loads(
        (drawn.folder / "results/lottery/classifier/relu-16/config.json").read_text()
    )
    assert (config["first_seed"], config["seeds"], config["keep_weights"]) == (2, 1, "none")
    runs = (drawn.folder / "results/tables/runs.csv").read_text()
    assert "classifier/relu-16,2,accuracy," in runs


def test_the_declared_runs_are_not_trained_again(drawn):
    assert "run=runs/" not in drawn.output


def test_afterwards_there_is_nothing_to_do(drawn):
    assert drawn.jobs() == set()
    assert drawn.jobs("lottery") == set()


def test_more_seeds_are_trained_only_when_asked_for(changed):
    config = changed.config()
    config["lottery"][0]["seeds"] = 4
    changed.configure(config)
    assert changed.jobs() == DRAWN  # without the stale ones
    assert changed.jobs("lottery") == {*ADDED, *DRAWN}
    changed.run()
    assert table2(changed)["16"]["n_relu"] == "2"
    assert changed.jobs() == set()


def test_stale_seeds_are_left_out_after_a_change_of_the_settings(changed):
    config = changed.config()
    config["experiments"]["stacked"]["configurations"][0]["training"] = {"momentum": 0.5}
    changed.configure(config)
    assert changed.jobs() == {
        "classifier/relu-16",
        "classifier/sigmoid-16",
        *DRAWN,
    }
