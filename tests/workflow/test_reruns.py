"""Only what changed runs again: Snakemake's job lists, compared as sets."""

import json
import os
import time

import pytest

from snakemake_runs import Checkout

FIGURES = {f"figure{number}.svg" for number in range(1, 11)}
WITH_PUBLISHED = {"figure1.svg", "figure3.svg", "figure10.svg"}
KINDS = ("images", "principal_subspace", "robustness", "layer_probes")
MEASUREMENTS = {f"measure {kind}" for kind in KINDS}
ANALYSES = {"collect_runs", "compute_table1", "compute_table2", "compare", "count_plateaus"}
CLAIMS = {"judge_claims", "claims.html"}
TABLES = {f"{name}.html" for name in ("table1", "table2", "comparison", "plateau", "claims")}
PAGE = {"write_page"}
AUTOENCODERS = {
    "autoencoder/relu-16/seed-0",
    "autoencoder/relu-16/seed-1",
    "autoencoder/sigmoid-16/seed-0",
    "autoencoder/sigmoid-16/seed-1",
    "autoencoder/relu-24-l1-1e-05/seed-0",
    "autoencoder/sigmoid-24-l1-1e-05/seed-0",
    "autoencoder/relu-24-noise-0.1/seed-0",
    "autoencoder/sigmoid-24-noise-0.1/seed-0",
    "autoencoder/relu-24/seed-0",
    "autoencoder/tanh-24-log-0.5/seed-0",
    "autoencoder/elu-24-log-0.5/seed-0",
}
CLASSIFIERS = {
    "classifier/relu-16/seeds-0-1",
    "classifier/sigmoid-16/seeds-0-1",
    "classifier/relu-16-9-9/seeds-0-1",
    "classifier/sigmoid-16-9-9/seeds-0-1",
    "classifier/no-hidden/seeds-0-1",
}
TRAININGS = AUTOENCODERS | CLASSIFIERS
ALL = TRAININGS | ANALYSES | MEASUREMENTS | CLAIMS | TABLES | FIGURES | PAGE
# What shows classifiers that the claims do not name.
OF_CLASSIFIERS = {"collect_runs", "compute_table2", "table2.html", "figure10.svg"} | PAGE
OF_SIGMOIDS = {"count_plateaus", "plateau.html"}


def test_second_run_finds_nothing_to_do(checkout):
    assert checkout.jobs() == set()
    assert "Nothing to be done" in checkout.run()


def test_edited_classifier_reruns_it_and_its_table(checkout):
    config = checkout.config()
    config["experiments"]["stacked"]["configurations"][0]["training"] = {"momentum": 0.5}
    checkout.configure(config)
    edited = {"classifier/relu-16/seeds-0-1", "classifier/sigmoid-16/seeds-0-1"}
    assert checkout.jobs() == edited | OF_CLASSIFIERS | OF_SIGMOIDS


def test_edited_classifier_of_figure_9_redraws_it_and_no_other_figure(checkout):
    config = checkout.config()
    config["experiments"]["stacked"]["configurations"][1]["training"] = {"momentum": 0.5}
    checkout.configure(config)
    edited = {"classifier/relu-16-9-9/seeds-0-1", "classifier/sigmoid-16-9-9/seeds-0-1"}
    assert checkout.jobs() == edited | OF_CLASSIFIERS | OF_SIGMOIDS | {"figure9.svg"}


def test_edited_penalty_reruns_its_two_networks_and_what_shows_them(checkout):
    config = checkout.config()
    config["experiments"]["over-complete"]["configurations"][0]["penalty"]["weight"] = 2e-4
    checkout.configure(config)
    assert checkout.jobs() == {
        "autoencoder/relu-24-l1-1e-05/seed-0",
        "autoencoder/sigmoid-24-l1-1e-05/seed-0",
        "collect_runs",
        "compute_table1",
        "table1.html",
        "measure robustness",
        *CLAIMS,
        "figure3.svg",
        "figure4.svg",
        "figure5.svg",
        *PAGE,
    }


def test_exchanged_values_are_a_change(checkout):
    """Snakemake compares params as a set of texts, in which exchanged values look the same."""
    config = checkout.config()
    settings = config["autoencoder"]
    settings["learning_rate"], settings["momentum"] = (
        settings["momentum"],
        settings["learning_rate"],
    )
    checkout.configure(config)
    assert checkout.jobs() & TRAININGS == AUTOENCODERS


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


# --- a folder of the library is a stage -------------------------------------------------------

DRAWN = ANALYSES | CLAIMS | TABLES | FIGURES | PAGE
RENDERED = TABLES | PAGE
STAGES = {
    "training": TRAININGS | MEASUREMENTS | DRAWN,
    "runs": MEASUREMENTS | DRAWN,
    "analysis": MEASUREMENTS | DRAWN,
    "measurements": MEASUREMENTS | CLAIMS | PAGE,
    "claims": CLAIMS | RENDERED,
    "labels": CLAIMS | FIGURES | RENDERED,
    "figures": FIGURES | PAGE,
    "report": RENDERED,
    "sweep": set(),
}


@pytest.mark.parametrize("stage", STAGES)
def test_a_new_module_reruns_its_stage_and_what_is_made_from_it(checkout, stage):
    """No list names the modules: a folder is a stage, and no stage before it runs again."""
    module = checkout.folder / f"workflow/autoencoders/{stage}/new_module.py"
    module.write_text('"""A new module."""\n')
    assert checkout.jobs() == STAGES[stage]


def test_a_new_module_of_the_data_reruns_everything(checkout):
    module = checkout.folder / "workflow/autoencoders/data/new_module.py"
    module.write_text('"""A new module."""\n')
    assert checkout.jobs() == {"digits"} | ALL


@pytest.mark.parametrize("stage", STAGES)
def test_an_edited_module_reruns_its_stage(checkout, stage):
    with open(checkout.folder / f"workflow/autoencoders/{stage}/__init__.py", "a") as file:
        file.write("\n# Another thought.\n")
    assert checkout.jobs() == STAGES[stage]


def test_edited_template_reruns_what_is_rendered(checkout):
    with open(checkout.folder / "workflow/autoencoders/report/templates/page.css", "a") as file:
        file.write("\n/* Another look. */\n")
    assert checkout.jobs() == RENDERED


def test_edited_script_reruns_its_rule(checkout):
    with open(checkout.folder / "workflow/scripts/compute_table1.py", "a") as file:
        file.write("\n# Another table.\n")
    assert checkout.jobs() == {"compute_table1", "table1.html"} | PAGE


def test_edited_caption_of_snakemakes_report_reruns_nothing(checkout):
    with open(checkout.folder / "workflow/captions/page.rst", "a") as file:
        file.write("More words.\n")
    assert checkout.jobs() == set()


def test_edited_number_of_the_paper_redraws_what_shows_it(checkout):
    checkout.edit("resources/report/table2.csv", "\n128,0.92,", "\n128,0.93,")
    numbers = {"compute_table1", "compute_table2", "compare"} | CLAIMS
    rendered = {"table1.html", "table2.html", "comparison.html"}
    assert checkout.jobs() == numbers | rendered | WITH_PUBLISHED | PAGE


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


def test_other_mirror_and_other_comment_rerun_nothing(checkout):
    config = checkout.config()
    config["mnist"] |= {"mirrors": ["file:///nowhere"], "timeout": 1}
    checkout.configure(config)
    with open(checkout.folder / "config.yaml", "a") as file:
        file.write("\n# A remark.\n")
    assert checkout.jobs() == set()


def test_other_data_set_reruns_all(checkout):
    config = checkout.config()
    config["dataset"] = "lab"
    checkout.configure(config)
    data = {"t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz", "lab"}
    assert checkout.jobs() == data | ALL


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
    path.write_text(json.dumps(run))
    checkout.run("--touch")
    assert checkout.jobs() == set()
    result = checkout.snakemake("--forcerun", "compute_table2", "--", "table2")
    assert result.returncode != 0
    assert "classifier/relu-16" in result.stdout
    assert "code" in result.stdout


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
    config["include_studies"] = True
    checkout.configure(config)
    jobs = checkout.jobs()
    trained = {job for job in jobs if job.startswith("studies/")}
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
