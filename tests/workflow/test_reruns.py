"""Only what changed runs again: Snakemake's job lists, compared as sets."""

import json
import os
import time

from autoencoders.files import write_record
from snakemake_runs import Checkout
from tiny_jobs import CLAIMS, FIGURES, OF_CLASSIFIERS, OF_SIGMOIDS, TRAININGS


def test_second_run_finds_nothing_to_do(checkout):
    assert checkout.jobs() == set()
    assert "Nothing to be done" in checkout.run()


def test_added_classifiers_are_all_that_is_trained(checkout):
    config = checkout.config()
    config["experiments"]["stacked"]["configurations"].append({"hidden": [64, 32]})
    checkout.configure(config)
    added = {"classifier/relu-64-32/seeds-0-1", "classifier/sigmoid-64-32/seeds-0-1"}
    assert checkout.jobs() == added | OF_CLASSIFIERS | OF_SIGMOIDS
    assert checkout.jobs("table2") == {*added, "compute_table2", "table2.html"}


def test_removed_configuration_leaves_the_tables(checkout):
    config = checkout.config()
    del config["experiments"]["stacked"]["configurations"][0]
    checkout.configure(config)
    assert checkout.jobs() == OF_CLASSIFIERS | OF_SIGMOIDS
    checkout.run("table2")
    table = (checkout.folder / "results/tables/table2.csv").read_text()
    assert "\n16," not in table
    assert "\n16-9-9," in table


def test_comparison_follows_the_runs_that_the_paper_has(checkout):
    config = checkout.config()
    config["experiments"]["stacked"]["configurations"].append({"hidden": [128]})
    checkout.configure(config)
    added = {"classifier/relu-128/seeds-0-1", "classifier/sigmoid-128/seeds-0-1"}
    redrawn = OF_CLASSIFIERS | OF_SIGMOIDS | CLAIMS | {"compare", "comparison.html"}
    assert checkout.jobs() == added | redrawn
    assert checkout.jobs("results/tables/comparison.csv") == {*added, "compare"}


def test_an_edit_of_the_training_that_is_taken_back_reruns_nothing(checkout):
    path = checkout.folder / "workflow/autoencoders/training/network.py"
    text = path.read_text()
    path.write_text(f"{text}\n# Another thought.\n")
    assert checkout.jobs() >= TRAININGS
    path.write_text(text)
    assert checkout.jobs() == set()


def test_new_dates_of_unchanged_sources_mean_nothing(checkout):
    now = time.time()
    for folder in ("workflow", "resources", "envs"):
        for path in (checkout.folder / folder).rglob("*"):
            os.utime(path, (now, now))
    os.utime(checkout.folder / "config.yaml", (now, now))
    assert checkout.jobs() == set()


def test_moved_folder_reruns_nothing(checkout, tmp_path):
    moved = tmp_path / "elsewhere" / "under another name"
    moved.parent.mkdir()
    checkout.folder.rename(moved)
    assert Checkout(moved).jobs() == set()


def test_other_working_directory(checkout, tmp_path):
    record = "results/runs/autoencoder/relu-16/seed-0/run.json"
    there = tmp_path / "there"
    checkout.run("--directory", str(there), record)
    run = json.loads((there / record).read_text())
    assert run["configuration"] == "autoencoder/relu-16"
    assert "autoencoder/relu-16/seed-0" not in checkout.jobs("--directory", str(there))
    assert checkout.jobs() == set()


def test_the_record_tells_of_a_stale_run_that_dates_cannot(checkout):
    """A run made by other code, declared up to date with --touch, is named and never used."""
    path = checkout.folder / "results/runs/classifier/relu-16/seeds-0-1/run.json"
    run = json.loads(path.read_text())
    run["sha256"]["code"] = "0" * 64
    del run["checksum"]
    write_record(path, run)
    checkout.run("--touch")
    assert checkout.jobs() == set()
    result = checkout.snakemake("--forcerun", "compute_table2", "--", "table2")
    assert result.returncode != 0
    assert "classifier/relu-16 (made by other code)" in result.stdout


# --- the configuration decides ----------------------------------------------------------------


def test_what_lies_in_the_results_changes_no_job(checkout):
    """Runs of studies and seeds that nobody asks for are neither used nor missed."""
    config = checkout.config()
    config["studies"]["patience"] = {
        "network": "classifier",
        "of": ["stacked"],
        "variants": {"0": {}, "2": {"full_training": {"patience": 2}}},
    }
    checkout.configure(config)
    assert checkout.jobs() == set()
    config["experiments"]["stacked"]["seeds"] = 4
    checkout.configure(config)
    checkout.run("results/runs/classifier/relu-16/seeds-2-3/run.json")
    checkout.run("studies")
    before = {path: path.read_bytes() for path in tables(checkout)}
    config["experiments"]["stacked"]["seeds"] = 2
    checkout.configure(config)
    assert checkout.jobs() == set()
    checkout.run("--forcerun", "compute_table2", "count_plateaus", "judge_claims", "--", "tables")
    assert {path: path.read_bytes() for path in tables(checkout)} == before


def tables(checkout):
    names = ("table2.csv", "plateau.csv", "claims.csv", "comparison.csv")
    return [checkout.folder / "results/tables" / name for name in names]


def test_included_studies_are_trained_and_shown(checkout):
    config = checkout.config()
    config["studies"]["patience"] = {
        "network": "classifier",
        "of": ["stacked"],
        "variants": {"0": {}, "2": {"full_training": {"patience": 2}}},
    }
    config["studies"]["step"] = {
        "network": "classifier",
        "of": ["stacked"],
        "grid": {"learning_rate": [0.1, 0.03]},
    }
    config["include_studies"], config["calibration"] = True, ["patience"]
    checkout.configure(config)
    jobs = checkout.jobs()
    shown = {job for job in jobs if job.startswith("studies/") and "/classifier/" not in job}
    assert shown == {f"studies/step.{kind}" for kind in ("csv", "html", "svg")}
    trained = {job for job in jobs if job.startswith("studies/patience/")}
    assert trained == {
        f"studies/patience/2/classifier/{name}/seeds-0-2"
        for name in ("relu-16", "sigmoid-16", "relu-16-9-9", "sigmoid-16-9-9")
    }
    assert {"count_plateaus", "calibrate", "calibration.html"} <= jobs
    assert "calibration.svg" in jobs


def test_partial_shows_what_is_finished_and_names_every_gap(checkout):
    missing = checkout.folder / "results/runs/autoencoder/sigmoid-16/seed-0/run.json"
    missing.unlink()
    table = checkout.folder / "results/tables/table1.csv"
    before = table.stat().st_mtime_ns
    partial = ("--config", "partial=True")
    assert checkout.jobs(*partial) & TRAININGS == set()
    output = checkout.run(*partial)
    assert "missing: autoencoder/sigmoid-16 (not finished)" in output
    assert "autoencoder/relu-16 (" not in output
    made = {path.name for path in (checkout.folder / "results/partial").rglob("*.svg")}
    assert made == FIGURES
    assert (checkout.folder / "results/partial/report.html").exists()
    assert table.stat().st_mtime_ns == before
    assert checkout.jobs(*partial) >= FIGURES, "a partial report is always made anew"
    again = checkout.jobs("--forcerun", "plot_figure", "--", "figure1")
    assert again == {"autoencoder/sigmoid-16/seed-0", "figure1.svg"}
