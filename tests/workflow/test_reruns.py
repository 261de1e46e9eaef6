"""Only what changed runs again: Snakemake's job lists, compared as sets."""

import json
import os
import time

from snakemake_runs import Checkout

FIGURES = {f"figure{number}" for number in range(1, 11)}
BESIDE_THE_REPORT = {"figure1", "figure3", "figure10"}
CLAIMS = {"measures", "claims"}
TABLES = {"collect_runs", "table1", "table2", "comparison", "lottery_table"} | CLAIMS
PAGE = {"page"}
AUTOENCODERS = {
    "autoencoder/relu-16",
    "autoencoder/sigmoid-16",
    "autoencoder/relu-24-l1-1e-05",
    "autoencoder/sigmoid-24-l1-1e-05",
    "autoencoder/relu-24-noise-0.1",
    "autoencoder/sigmoid-24-noise-0.1",
    "autoencoder/relu-24",
}
CLASSIFIERS = {
    "classifier/relu-16",
    "classifier/sigmoid-16",
    "classifier/relu-16-9-9",
    "classifier/sigmoid-16-9-9",
    "classifier/no-hidden",
}
TRAININGS = AUTOENCODERS | CLASSIFIERS


def test_second_run_finds_nothing_to_do(checkout):
    assert checkout.jobs() == set()
    assert "Nothing to be done" in checkout.run()


def test_edited_classifier_reruns_it_and_its_table(checkout):
    config = checkout.config()
    config["experiments"]["stacked"]["configurations"][0]["training"] = {"momentum": 0.5}
    checkout.configure(config)
    assert checkout.jobs() == {
        "classifier/relu-16",
        "classifier/sigmoid-16",
        "collect_runs",
        "table2",
        "lottery_table",
        "figure10",
        "page",
    }


def test_edited_classifier_of_figure_9_redraws_it_and_no_other_figure(checkout):
    config = checkout.config()
    config["experiments"]["stacked"]["configurations"][1]["seeds"] = 3
    checkout.configure(config)
    assert checkout.jobs() == {
        "classifier/relu-16-9-9",
        "classifier/sigmoid-16-9-9",
        "collect_runs",
        "table2",
        "lottery_table",
        *CLAIMS,
        "figure9",
        "figure10",
        "page",
    }


def test_edited_penalty_reruns_its_two_networks_and_what_shows_them(checkout):
    config = checkout.config()
    config["experiments"]["over-complete"]["configurations"][0]["penalty"]["weight"] = 2e-4
    checkout.configure(config)
    assert checkout.jobs() == {
        "autoencoder/relu-24-l1-1e-05",
        "autoencoder/sigmoid-24-l1-1e-05",
        "collect_runs",
        "table1",
        *CLAIMS,
        "figure3",
        "figure4",
        "figure5",
        "page",
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
    added = {"classifier/relu-64-32", "classifier/sigmoid-64-32"}
    drawn = {"collect_runs", "table2", "lottery_table", "figure10", "page"}
    assert checkout.jobs() == added | drawn
    assert checkout.jobs("table2") == {*added, "table2"}


def test_removed_configuration_leaves_the_tables(checkout):
    config = checkout.config()
    del config["experiments"]["stacked"]["configurations"][0]
    checkout.configure(config)
    assert checkout.jobs() == {"collect_runs", "table2", "lottery_table", "figure10", "page"}
    checkout.run("table2")
    table = (checkout.folder / "results/tables/table2.csv").read_text()
    assert "\n16," not in table
    assert "\n16-9-9," in table


def test_edited_plot_retrains_nothing(checkout):
    checkout.edit("workflow/autoencoders/figures.py", "viridis", "magma")
    assert checkout.jobs() == FIGURES | PAGE


def test_edited_table_retrains_and_draws_nothing(checkout):
    with open(checkout.folder / "workflow/autoencoders/tables.py", "a") as file:
        file.write("\n# A table of another mind.\n")
    assert checkout.jobs() == TABLES | PAGE


def test_edited_comparison_reruns_it_and_what_shares_its_rules(checkout):
    with open(checkout.folder / "workflow/autoencoders/comparison.py", "a") as file:
        file.write("\n# Another verdict.\n")
    assert checkout.jobs() == {"comparison", "claims", "lottery_table"} | PAGE


def test_edited_rule_of_a_claim_measures_nothing_again(checkout):
    with open(checkout.folder / "workflow/autoencoders/claims.py", "a") as file:
        file.write("\n# Another verdict.\n")
    assert checkout.jobs() == {"claims"} | PAGE


def test_edited_page_reruns_it_alone(checkout):
    checkout.edit("workflow/templates/report.html.jinja", "Contents</p>", "In here</p>")
    assert checkout.jobs() == PAGE


def test_edited_caption_of_snakemakes_report_reruns_nothing(checkout):
    checkout.edit("workflow/report/page.rst", "can be printed", "may be printed")
    assert checkout.jobs() == set()


def test_edited_number_of_the_report_redraws_what_shows_it(checkout):
    checkout.edit("resources/report/table2.csv", "\n128,0.92,", "\n128,0.93,")
    numbers = {"table1", "table2", "comparison", "claims"}
    assert checkout.jobs() == numbers | BESIDE_THE_REPORT | PAGE


def test_comparison_follows_the_runs_that_the_report_has(checkout):
    config = checkout.config()
    config["experiments"]["stacked"]["configurations"].append({"hidden": [128]})
    checkout.configure(config)
    added = {"classifier/relu-128", "classifier/sigmoid-128"}
    redrawn = {
        "comparison",
        "claims",
        "collect_runs",
        "table2",
        "lottery_table",
        "figure10",
        "page",
    }
    assert checkout.jobs() == added | redrawn
    assert checkout.jobs("results/tables/comparison.csv") == {*added, "comparison"}


def test_edited_training_reruns_all_of_it(checkout):
    with open(checkout.folder / "workflow/autoencoders/networks.py", "a") as file:
        file.write("\n# Another network.\n")
    assert checkout.jobs() == TRAININGS | TABLES | FIGURES | PAGE


def test_an_edit_of_the_training_that_is_taken_back_reruns_nothing(checkout):
    path = checkout.folder / "workflow/scripts/train.py"
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
    assert checkout.jobs() == data | TRAININGS | TABLES | FIGURES | PAGE


def test_moved_folder_reruns_nothing(checkout, tmp_path):
    moved = tmp_path / "elsewhere" / "under another name"
    moved.parent.mkdir()
    checkout.folder.rename(moved)
    assert Checkout(moved).jobs() == set()


def test_other_working_directory(checkout, tmp_path):
    record = "results/runs/autoencoder/relu-16/run.json"
    there = tmp_path / "there"
    checkout.run("--directory", str(there), record)
    run = json.loads((there / record).read_text())
    assert run["configuration"] == "autoencoder/relu-16"
    assert "autoencoder/relu-16" not in checkout.jobs("--directory", str(there))
    assert checkout.jobs() == set()


def test_the_record_tells_of_a_stale_run_that_dates_cannot(checkout):
    """A run made by other code, declared up to date with --touch, is named and never used."""
    path = checkout.folder / "results/runs/classifier/relu-16/run.json"
    run = json.loads(path.read_text())
    run["sha256"]["code"] = "0" * 64
    path.write_text(json.dumps(run))
    checkout.run("--touch")
    assert checkout.jobs() == set()
    result = checkout.snakemake("--forcerun", "table", "--", "table2")
    assert result.returncode != 0
    assert "classifier/relu-16" in result.stdout
    assert "code" in result.stdout


def test_partial_draws_what_is_finished_and_names_every_gap(checkout):
    missing = checkout.folder / "results/runs/autoencoder/sigmoid-16/run.json"
    missing.unlink()
    table = checkout.folder / "results/tables/table1.csv"
    before = table.stat().st_mtime_ns
    assert checkout.jobs("partial") == {"partial"}
    output = checkout.run("partial")
    assert "autoencoder/sigmoid-16" in output
    assert "autoencoder/relu-16:" not in output
    made = {path.name for path in (checkout.folder / "results/partial").rglob("*.png")}
    assert made == {f"{name}.png" for name in FIGURES}
    assert table.stat().st_mtime_ns == before
    again = checkout.jobs("--forcerun", "figure", "--", "figure1")
    assert again == {"autoencoder/sigmoid-16", "figure1"}


def test_the_page_has_no_calibration_trained_that_was_not_asked_for(checkout):
    config = checkout.config()
    config["studies"]["batch-size"] = {
        "network": "classifier",
        "seeds": 1,
        "of": ["stacked"],
        "variants": {"32": {"batch_size": 32}},
    }
    config["calibration"] = ["batch-size"]
    checkout.configure(config)
    assert checkout.jobs() == set()
