"""`make check`: every file of a folder of results against what was recorded of it."""

import json
import shutil
import subprocess
import sys

import pytest

from autoencoders.files import write_record
from tiny_jobs import TRAININGS

COUNT = len(TRAININGS)
RUN = "runs/autoencoder/relu-16/seed-0"


def check(checkout, *options):
    """Return the exit status, the faults and the last line of a check."""
    done = subprocess.run(
        [sys.executable, "workflow/scripts/check_results.py", *options],
        cwd=checkout.folder,
        capture_output=True,
        text=True,
    )
    assert "Traceback" not in done.stderr, done.stderr
    *faults, last = done.stdout.splitlines() or [done.stderr]
    return done.returncode, faults, last


def test_undisturbed_results_have_no_fault(finished):
    assert check(finished) == (
        0,
        [],
        f"results: {COUNT} finished runs, 0 more not trained yet, 0 faults.",
    )


def test_each_changed_file_is_named_with_what_to_do(checkout):
    results = checkout.folder / "results"
    changed = {
        f"{RUN}/history.csv": f"results/{RUN}: history.csv",
        "runs/classifier/relu-16/seeds-0-1/weights.npz": (
            "results/runs/classifier/relu-16/seeds-0-1: weights.npz"
        ),
        "tables/claims.csv": "results/tables/claims.csv",
        "measurements/images.csv": "results/measurements/images.csv",
        "figures/figure1.svg": "results/figures/figure1.svg",
        "figures/figure2.json": "results/figures/figure2.json",
    }
    for name in changed:
        with open(results / name, "ab") as file:
            file.write(b" ")
    status, faults, last = check(checkout)
    assert status == 1
    assert sorted(fault.split(" was changed ")[0] for fault in faults) == sorted(changed.values())
    assert all("run `snakemake" in fault for fault in faults)
    assert last.endswith("6 faults.")


def test_mending_as_told_leaves_no_fault(checkout):
    results = checkout.folder / "results"
    before = (results / RUN / "weights.npz").read_bytes()
    (results / RUN / "weights.npz").write_bytes(b"")
    _, [fault], _ = check(checkout)
    assert fault == (
        f"results/{RUN}: weights.npz was changed after it was written; remove the folder and run "
        f"`snakemake --cores 1 results/{RUN}/run.json`."
    )
    shutil.rmtree(results / RUN)
    assert check(checkout)[0] == 0
    checkout.run(f"results/{RUN}/run.json")
    assert check(checkout)[0] == 0
    assert (results / RUN / "weights.npz").read_bytes() == before


def test_data_that_were_changed_are_named(checkout):
    (checkout.folder / "results/data/digits/arrays.npz").write_bytes(b"")
    _, faults, _ = check(checkout)
    assert len(faults) == 1
    assert "arrays.npz: train_images is not what" in faults[0]
    (checkout.folder / "results/data/digits/manifest.json").write_text("{}")
    status, faults, _ = check(checkout)
    assert status == 1
    assert "manifest.json is no manifest of a data set" in faults[0]
    assert sum("made from other data" in fault for fault in faults) == COUNT


def test_runs_of_another_name_configuration_or_version_are_named(checkout):
    runs = checkout.folder / "results/runs/autoencoder"
    shutil.copytree(runs / "relu-16", runs / "relu-17")
    shutil.rmtree(runs / "sigmoid-16")
    shutil.copytree(runs / "relu-16", runs / "sigmoid-16")
    record = checkout.folder / "results" / RUN / "run.json"
    content = json.loads(record.read_text())
    content["sha256"]["code"] = "0" * 64
    del content["checksum"]
    write_record(record, content)
    _, faults, _ = check(checkout)
    text = "\n".join(faults)
    for said in (
        "results/runs/autoencoder/sigmoid-16/seed-0: it is a run of autoencoder/relu-16",
        "results/runs/autoencoder/sigmoid-16/seed-1: it is a run of autoencoder/relu-16",
        f"results/{RUN}: made by other code",
        "note: results/runs/autoencoder/relu-17/seed-0 is declared by nothing",
    ):
        assert said in text


def test_unfinished_results_are_no_fault_and_another_folder_can_be_named(checkout):
    assert check(checkout, "--results", "elsewhere") == (
        0,
        [],
        f"elsewhere: 0 finished runs, {COUNT} more not trained yet, 0 faults.",
    )


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--configfile", "missing.yaml"], "missing.yaml"),
        (["--configfile", "broken.yaml"], "broken.yaml"),
        (["--configfile", "wrong.yaml"], "dataset is"),
    ],
)
def test_a_wrong_configuration_is_one_sentence(checkout, options, sentence):
    (checkout.folder / "broken.yaml").write_text("{")
    (checkout.folder / "wrong.yaml").write_text("dataset: cifar")
    status, _, said = check(checkout, *options)
    assert status == 1
    assert said.startswith("error: ")
    assert sentence in said


def test_a_changed_run_is_refused_by_whoever_reads_it(checkout):
    path = checkout.folder / "results" / RUN / "run.json"
    path.write_text(path.read_text().replace('_error": 0.', '_error": 0.0', 1))
    done = checkout.snakemake("tables")
    assert done.returncode != 0
    assert "autoencoder/relu-16 (run.json was changed after it was written)" in done.stdout
    assert "Traceback" not in done.stdout


@pytest.mark.parametrize("name", ["tables/claims.csv", "figures/figure1.svg"])
def test_a_changed_table_or_figure_does_not_reach_the_page(checkout, name):
    path = checkout.folder / "results" / name
    path.write_text(path.read_text() + "<script>alert(1)</script>\n")
    done = checkout.snakemake()
    assert done.returncode != 0
    assert f"{name} was changed after it was made; remove it and run `snakemake`" in done.stdout
    assert "Traceback" not in done.stdout
    assert not (checkout.folder / "results/report.html").exists()
    path.unlink()
    checkout.run()
    assert check(checkout)[0] == 0


def test_a_hand_edited_html_table_is_never_read(checkout):
    path = checkout.folder / "results/tables/table1.html"
    path.write_text("<script>alert(1)</script>\n")
    checkout.run("--forcerun", "write_page", "--", "page")
    assert "alert(1)" not in (checkout.folder / "results/report.html").read_text()


def test_orphans_are_listed_and_removed_only_on_request(checkout):
    def clean(*options):
        return subprocess.run(
            [sys.executable, "workflow/scripts/clean_orphans.py", *options],
            cwd=checkout.folder,
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    results = checkout.folder / "results"
    assert clean() == "results: no orphans.\n"
    orphans = [results / "runs/autoencoder/relu-17/seed-0", results / "studies/old/a/b/seed-0"]
    for orphan in orphans:
        shutil.copytree(results / RUN, orphan)
    said = clean()
    for orphan in orphans:
        assert str(orphan.relative_to(checkout.folder)) in said
        assert orphan.exists()
    assert "2 runs that nothing declares; nothing removed" in said
    assert "2 runs that nothing declares; removed" in clean("--remove")
    assert not orphans[0].parent.exists()
    assert not (results / "studies").exists()
    assert check(checkout)[1] == []
