"""What a user can ask for, and what a wrong request or configuration gets."""

import os
import re
import sys
from pathlib import Path

import pytest

from autoencoders.measurements.measurement_catalog import MEASUREMENTS
from autoencoders.report.table_catalog import TABLES
from autoencoders.sweep.config_files import composed, read_file
from autoencoders.sweep.declaration import read_sweep
from snakemake_runs import REPOSITORY

CONFIG = read_file(REPOSITORY / "config.yaml")
STUDIES = read_sweep(CONFIG).studies
OF_ONE_SETTING = [name for name in STUDIES if name not in CONFIG["calibration"]]
# What Snakemake asks conda before it would create an environment.
CONDA = """#!/bin/sh
case "$1" in
    --version) echo "conda 24.9.0" ;;
    info) echo '{"conda_prefix": "/opt/conda", "platform": "linux-64"}' ;;
    config) echo '{"get": {"channel_priority": "strict"}}' ;;
esac
"""


def runs(outputs):
    return {name for name in outputs if name.endswith("/run.json")}


def n_trained(studies):
    """Return how many configurations some studies train, and besides them their 47 classifiers."""
    folders = set()
    for name in studies:
        folders |= {each.folder for each in STUDIES[name].configurations()}
    return 47 + sum(folder.startswith("studies/") for folder in folders)


def trainings(jobs):
    return {job for job in jobs if "autoencoder/" in job or "classifier/" in job}


def test_default_is_the_whole_paper(fresh):
    jobs = fresh.jobs()
    blocks = trainings(jobs)
    assert sum(job.startswith("classifier/") for job in blocks) == 47
    assert sum(job.startswith("autoencoder/") for job in blocks) == 23
    assert jobs - blocks == {
        *("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte", "lab"),
        *("collect_runs", "compute_table1", "compute_table2", "compare", "count_plateaus"),
        *(f"measure {kind}" for kind in MEASUREMENTS),
        *("judge_claims", "write_page"),
        *(f"{name}.html" for name in TABLES if name != "calibration"),
        *(f"figure{number}.svg" for number in range(1, 11)),
    }


def test_full_is_more_seeds_every_study_and_the_calibration(fresh):
    jobs, full = fresh.jobs(), fresh.jobs("--configfile", "full.yaml")
    assert jobs < full
    added = trainings(full - jobs)
    studies = {job for job in added if job.startswith("studies/")}
    assert len(studies) == n_trained(STUDIES) - 47
    # Blocks: of 12 autoencoders with 7 seeds more, 36 classifiers with 20, eleven with 90.
    assert len(added - studies) == 12 * 3 + 36 * 2 + 11 * 9
    kinds = ("csv", "html", "svg")
    shown = {f"studies/{name}.{kind}" for name in OF_ONE_SETTING for kind in kinds}
    assert full - jobs - added == {"calibrate", "calibration.html", "calibration.svg"} | shown


@pytest.mark.parametrize(
    ("target", "n_configurations"),
    [
        ("tables", 70),
        ("table1", 12),
        ("table2", 47),
        ("figure1", 6),
        ("figure2", 6),
        ("figure3", 14),
        ("figure4", 14),
        ("figure5", 12),
        ("figure6", 1),
        ("figure7", 1),
        ("figure8", 1),
        ("figure9", 1),
        ("figure10", 47),
        ("comparison", 65),
        ("claims", 70),
        ("results/measurements/images.csv", 0),
        ("results/measurements/principal_subspace.csv", 9),
        ("results/measurements/robustness.csv", 14),
        ("results/measurements/layer_probes.csv", 6),
        ("plateau", 23),
        ("figures", 70),
        ("calibration", n_trained(CONFIG["calibration"])),
        ("studies", n_trained(STUDIES)),
        ("page", 70),
        ("results/runs/classifier/relu-256-256/seeds-0-9/run.json", 1),
    ],
)
def test_target_trains_only_what_it_shows(fresh, target, n_configurations):
    blocks = trainings(fresh.jobs(target))
    assert len({block.rsplit("/", 1)[0] for block in blocks}) == n_configurations


def test_data_sets_download_only_their_own_files(fresh):
    record = "results/runs/autoencoder/relu-128/seeds-0-2/run.json"
    train = {"train-images-idx3-ubyte", "train-labels-idx1-ubyte"}
    test = {"t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"}
    run = "autoencoder/relu-128/seeds-0-2"
    assert fresh.jobs(record) == {*test, "lab", run}
    assert fresh.jobs("--config", "dataset=mnist", "--", record) == {*train, *test, "mnist", run}
    assert fresh.jobs("--config", "dataset=digits", "--", record) == {"digits", run}


def test_on_other_data_there_is_nothing_to_calibrate(fresh):
    assert fresh.jobs("--config", "dataset=digits", "--", "calibration") == {
        *("digits", "calibrate", "calibration.html", "calibration.svg")
    }


def test_demo_and_paper_share_no_file(fresh):
    demo = fresh.outputs("--configfile", "demo.yaml")
    report = fresh.outputs()
    assert len(runs(report)) == 70
    assert 12 <= len(runs(demo)) <= 24
    assert not demo & report
    assert all(name.startswith("results/demo/") for name in demo)
    assert not any(name.startswith("results/demo/") for name in report)


def test_the_demo_has_nothing_of_the_paper_but_settings():
    base = read_file(REPOSITORY / "config.yaml")
    demo = read_sweep(composed(base, read_file(REPOSITORY / "demo.yaml")))
    assert 12 <= len(demo.configurations) <= 15
    assert set(demo.experiments) == {"compress", "regularise", "classify", "no-hidden"}
    assert list(demo.studies) == ["step"]
    assert demo.settings["classifier"]["momentum"] == base["classifier"]["momentum"]
    assert demo.dataset.name == "digits"


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        ("dataset=cifar", 'dataset is "cifar", but must be one of: lab, mnist, digits.'),
        ("datset=lab", "datset is not a known key (did you mean dataset?)"),
        ("threads=0", "threads is 0, but must be at least 1."),
    ],
)
def test_wrong_configuration_is_one_sentence_before_any_job(fresh, option, sentence):
    result = fresh.snakemake("--dry-run", "--config", option)
    assert result.returncode != 0
    assert sentence in result.stdout
    assert "Traceback" not in result.stdout
    assert "Building DAG" not in result.stdout


def test_unknown_configuration_is_an_error(fresh):
    result = fresh.snakemake("--dry-run", "results/runs/autoencoder/relu-999/seed-0/run.json")
    assert result.returncode != 0
    assert "No rule to produce results/runs/autoencoder/relu-999/seed-0/run.json" in result.stdout


@pytest.mark.parametrize(
    "run",
    [
        "runs/classifier/relu-128/seeds-0-9/again",
        "runs/classifier/relu-128/seeds-10-19",
        "runs/classifier/relu-128/seed-0",
        "runs/classifier/relu-128",
        "studies/loss/hinge/classifier/relu-128/seeds-0-2",
    ],
)
def test_what_is_not_declared_is_not_trained_though_it_looks_alike(fresh, run):
    result = fresh.snakemake("--dry-run", f"results/{run}/weights.npz")
    assert result.returncode != 0
    assert f"No rule to produce results/{run}/run.json" in result.stdout


@pytest.mark.parametrize("device", ["cpu", "gpu"])
def test_conda_is_asked_for_the_environment_of_each_stage(fresh, tmp_path, device):
    conda = tmp_path / "conda"
    conda.write_text(CONDA)
    conda.chmod(0o755)
    output = fresh.run(
        *("--dry-run", "--sdm", "conda", "--config", f"device={device}", "--", "table1"),
        PATH=os.pathsep.join([str(tmp_path), str(Path(sys.executable).parent), os.environ["PATH"]]),
    )
    training = {"cpu": "training", "gpu": "training-gpu"}[device]
    named = re.findall(r"Conda environment envs/(\S+)\.yaml will be created", output)
    assert set(named) == {"data", training, "report"}


def test_without_weights_what_needs_none_is_drawn(fresh):
    none = ("--config", "keep_weights=0", "--")
    jobs = fresh.jobs(*none, "all")
    assert {job for job in jobs if job.startswith("figure")} == {
        f"figure{number}.svg" for number in (1, 3, 4, 10)
    }
    result = fresh.snakemake("--dry-run", *none, "figure9")
    assert result.returncode != 0
    assert "keep_weights is 0" in result.stdout


def test_downloads_say_what_is_wrong_and_leave_nothing(fresh):
    nowhere = fresh.folder / "no such folder"
    result = fresh.snakemake(
        *("--config", f"mnist={{mirrors: ['{nowhere}']}}"),
        *("--", "results/data/mnist/t10k-labels-idx1-ubyte"),
        MNIST_LOCAL="",
    )
    assert result.returncode != 0
    for words in ("t10k-labels-idx1-ubyte", "no such folder", "MNIST_LOCAL", "make demo"):
        assert words in result.stdout
    assert not list((fresh.folder / "results/data").rglob("*ubyte*"))


def test_a_training_asks_for_time_by_its_work_and_for_one_amount_of_memory(fresh):
    names = [
        "autoencoder/relu-1024-l1-1e-05/seeds-0-2",
        "classifier/relu-128/seeds-0-9",
        "classifier/no-hidden/seeds-0-9",
    ]
    output = fresh.run("--dry-run", *(f"results/runs/{name}/run.json" for name in names))
    asked = re.findall(
        r"wildcards: run=runs/(\S+)\n.*\n    resources: .*runtime=(\d+), mem_mb=(\d+)", output
    )
    assert {memory for _, _, memory in asked} == {"2000"}
    minutes = {name: int(time) for name, time, _ in asked}
    assert sorted(names, key=minutes.get, reverse=True) == names
    assert minutes[names[0]] > minutes[names[-1]] >= 10


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["tabel1"], "tabel1 is no target (did you mean table1?)."),
        (["studies/lose"], "studies/lose is no target (did you mean studies/loss?)."),
        (["--configfile", "full.yaml", "table1"], "error: there is no file table1, which --conf"),
        (["relu-300"], "relu-300 is not declared; add `- hidden: 300` to an experiment of"),
        (
            ["--workflow-profile", "profiles/slrum"],
            "error: there is no profile profiles/slrum; profiles/ has default, slurm, slurm-gpu.",
        ),
    ],
)
def test_a_wrong_request_gets_a_hint(fresh, arguments, sentence):
    done = fresh.snakemake("-n", *arguments)
    assert done.returncode != 0
    assert sentence in done.stdout
    assert "Traceback" not in done.stdout


def test_every_rule_says_what_it_is_for(fresh):
    listed = fresh.snakemake("--list").stdout.splitlines()
    rules = [line for line in listed if re.match(r"[a-z][\w/-]*( \(|$)", line)]
    assert len(rules) > 40
    assert [line for line in rules if " (" not in line] == []
