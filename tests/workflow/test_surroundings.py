"""Full disks, odd names, clocks that go back, two Snakemakes at once: what happens then."""

import os
import shutil
import subprocess
import time

import pytest

from same_results import differences, leftovers_in
from snakemake_runs import Checkout, with_own_programs

RUN = "results/runs/autoencoder/relu-24/seed-0"
NEEDS_RUNS = "results/tables/runs.csv"
ODD = 'it\'s "odd" $(touch made) `touch made` %d ; & * ünï 😀 #1:2'


def with_limit(checkout, kilobytes, *arguments):
    """Run Snakemake with a limit on the size of files, beyond which it is as on a full disk."""
    command = f'ulimit -f {kilobytes}; exec snakemake --cores 2 "$@"'
    return subprocess.run(
        ["bash", "-c", command, "bash", *arguments],
        cwd=checkout.folder,
        env=with_own_programs({}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=600,
    )


def remove(checkout, *names):
    for name in names:
        path = checkout.folder / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()


@pytest.mark.parametrize(
    ("removed", "kilobytes"),
    [
        ([RUN, NEEDS_RUNS], 60),
        (["results/figures/figure3.png"], 40),
        (["results"], 20),
    ],
)
def test_a_full_disk_is_one_sentence_and_a_rerun_completes(finished, checkout, removed, kilobytes):
    remove(checkout, *removed)
    done = with_limit(checkout, kilobytes)
    assert done.returncode != 0
    assert "Traceback" not in done.stdout
    assert done.stdout.count("error: [Errno 27] File too large") == 1
    assert not (checkout.folder / removed[0] / "run.json").exists()
    assert leftovers_in(checkout.folder / "results") == []
    checkout.run()
    assert differences(finished.folder / "results", checkout.folder / "results") == []


def test_a_folder_for_temporary_files_that_is_none_does_not_matter(finished, checkout):
    remove(checkout, RUN, NEEDS_RUNS)
    checkout.run(TMPDIR=str(checkout.folder / "config.yaml"))
    assert differences(finished.folder / "results", checkout.folder / "results") == []


@pytest.mark.parametrize("results", ["config.yaml", "config.yaml/results"])
def test_a_file_in_the_place_of_the_results_is_one_sentence(checkout, results):
    done = checkout.snakemake("--config", f"results={results}")
    assert done.returncode != 0
    assert f"config: results is {results}, but config.yaml is a file" in done.stdout
    assert "Traceback" not in done.stdout


def test_results_that_cannot_be_written_are_one_sentence(checkout):
    done = checkout.snakemake("--config", "results=/proc/results")
    assert done.returncode != 0
    assert "Failed to create output directory /proc/results/data/digits." in done.stdout
    assert "Traceback" not in done.stdout


def test_two_snakemakes_without_a_lock_end_with_the_same_results(finished, checkout, tmp_path):
    remove(checkout, RUN, "results/runs/classifier/relu-16", "results/tables", "results/figures")
    outputs = [tmp_path / "first.txt", tmp_path / "second.txt"]
    started = []
    for output in outputs:
        with open(output, "wb") as file:
            started.append(checkout.start("--nolock", output=file))
    for process in started:
        process.wait(300)
    for output in outputs:
        assert "Traceback" not in output.read_text()
    checkout.run()
    assert differences(finished.folder / "results", checkout.folder / "results") == []
    assert leftovers_in(checkout.folder / "results") == []


def test_a_second_snakemake_says_what_to_do_about_the_lock(checkout):
    remove(checkout, RUN, NEEDS_RUNS)
    first = checkout.start()
    while not list((checkout.folder / ".snakemake/locks").glob("*")) and first.poll() is None:
        time.sleep(0.05)
    second = checkout.snakemake()
    first.wait(300)
    assert first.returncode == 0
    assert second.returncode != 0
    assert "--unlock" in second.stdout
    assert "Traceback" not in second.stdout


def set_dates(checkout, date):
    for path in checkout.folder.rglob("*"):
        os.utime(path, (date, date), follow_symlinks=False)


def test_a_clock_that_went_back_reruns_nothing_and_is_said_in_one_sentence(finished, checkout):
    """Files of tomorrow are what a clock leaves that was a day ahead until it was set right."""
    set_dates(checkout, time.time() + 24 * 3600)
    assert checkout.jobs() == set()
    remove(checkout, RUN, NEEDS_RUNS)
    done = checkout.snakemake()
    assert done.returncode != 0
    assert "history.csv has older modification time" in done.stdout
    assert "Traceback" not in done.stdout
    set_dates(checkout, time.time())
    checkout.run()
    assert differences(finished.folder / "results", checkout.folder / "results") == []
    assert checkout.jobs() == set()


def test_odd_names_of_folders_are_names(finished, tmp_path):
    """Nothing in a path is a command, a pattern, a wildcard or a format."""
    folder = tmp_path / f"{ODD}\nline {{run}} {{{{a}}}}"
    finished.copy_to(folder)
    checkout = Checkout(folder)
    shutil.rmtree(checkout.folder / "results")
    config = checkout.config()
    config["results"] = f"results/{ODD}"
    checkout.configure(config)
    record = f"results/{ODD}/runs/autoencoder/relu-16/seed-0/run.json"
    checkout.run("figure1", record.replace("{run} {{a}}", "{run} {{a}}"))
    expected = finished.folder / "results"
    for name in ("runs/autoencoder/relu-16/seed-0/weights.npz", "figures/figure1.svg"):
        found = checkout.folder / "results" / ODD / name
        assert found.read_bytes() == (expected / name).read_bytes()
    assert list(tmp_path.rglob("made")) == []


def test_links_in_the_place_of_results_are_replaced_not_followed(finished, checkout, tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "table").write_text("precious")
    remove(checkout, RUN, "results/tables/table1.csv")
    (checkout.folder / RUN).symlink_to(tmp_path / "run")
    (checkout.folder / "results/tables/table1.csv").symlink_to(tmp_path / "table")
    checkout.run("--forcerun", "train", "compute_table1", "--", "table1", f"{RUN}/run.json")
    assert list((tmp_path / "run").iterdir()) == []
    assert (tmp_path / "table").read_text() == "precious"
    checkout.run()
    assert differences(finished.folder / "results", checkout.folder / "results") == []
