"""The workflow through the profiles on a real SLURM; what became of it is asked of SLURM."""

import math
import sys
import time
from pathlib import Path

import pytest
import yaml

from autoencoders.measurements.measurement_catalog import MEASUREMENTS

N_TRAININGS = 14
ONE = "autoencoder/relu-16"
RENDERED = ("claims", "comparison", "plateau", "table1", "table2")


def in_one_job(checkout):
    """How many trainings the profile puts into one job."""
    settings = yaml.safe_load((checkout.folder / checkout.profile / "config.yaml").read_text())
    (group,) = settings["group-components"]
    return int(group.removeprefix("trainings="))


def test_the_sweep_reaches_its_tables(swept):
    for name in ("runs.csv", "table1.md", "table2.html"):
        assert (swept.folder / "results/tables" / name).stat().st_size > 0
    assert len(swept.runs()) == N_TRAININGS
    assert {job["JobState"] for job in swept.slurm_jobs} == {"COMPLETED"}
    assert {job["Partition"] for job in swept.slurm_jobs} == {"cpu"}
    assert {job["NodeList"] for job in swept.slurm_jobs} == {"cpu1"}


def test_trainings_share_jobs_and_nothing_is_done_on_the_head_node(swept):
    n_training_jobs = math.ceil(N_TRAININGS / in_one_job(swept))
    comments = sorted(job["Comment"] for job in swept.slurm_jobs)
    assert len([c for c in comments if c == "rule_trainings_train"]) == n_training_jobs
    others = [c for c in comments if c != "rule_trainings_train"]
    assert others == [
        "rule_build_dataset_wildcards_digits",
        "rule_collect_runs",
        "rule_compare",
        "rule_compute_table1",
        "rule_compute_table2",
        "rule_count_plateaus",
        "rule_judge_claims",
        *(f"rule_measure_wildcards_{kind}" for kind in sorted(MEASUREMENTS)),
        *(f"rule_render_table_wildcards_{name}" for name in RENDERED),
    ]
    numbers = {job["JobId"] for job in swept.slurm_jobs}
    assert {record["slurm_job"] for record in swept.runs().values()} <= numbers


def test_a_shared_job_asks_for_one_trainings_memory_and_for_all_their_time(swept):
    jobs = [job for job in swept.slurm_jobs if job["Comment"] == "rule_trainings_train"]
    for job in jobs:
        assert job["NumCPUs"] == "1"
        assert "mem=2000M" in job["TRES"].split(",")
        assert job["Requeue"] == "1"
    # These networks are tiny: ten minutes for each. The rest share the last job.
    n_full, n_rest = divmod(N_TRAININGS, in_one_job(swept))
    limits = [f"00:{10 * n_rest}:00"] * (n_rest > 0) + [f"00:{10 * in_one_job(swept)}:00"] * n_full
    assert sorted(job["TimeLimit"] for job in jobs) == limits


def test_one_edited_configuration_is_the_only_one_that_is_submitted(checkout):
    before = checkout.runs()
    config = checkout.config()
    config["experiments"]["no-hidden"]["training"] = {"learning_rate": 0.05}
    checkout.configure(config)
    checkout.submit_well("tables")
    jobs = {job["Comment"]: job for job in checkout.jobs_submitted()}
    light = {"compute_table2", "render_table_wildcards_table2", "collect_runs"}
    light |= {"judge_claims", "render_table_wildcards_claims"}
    light |= {"compare", "render_table_wildcards_comparison"}
    assert set(jobs) == {"rule_trainings_train", *(f"rule_{name}" for name in light)}
    assert len(checkout.jobs_submitted()) == len(jobs)
    after = checkout.runs()
    assert [name for name in before if before[name] != after[name]] == ["classifier/no-hidden"]
    assert after["classifier/no-hidden"]["slurm_job"] == jobs["rule_trainings_train"]["JobId"]


def test_threads_are_not_capped_to_the_head_nodes_cores(checkout):
    config = checkout.config()
    config["threads"] = 3
    checkout.configure(config)
    checkout.submit_well(f"results/runs/{ONE}/seed-0/run.json")
    (job,) = checkout.jobs_submitted()
    assert job["NumCPUs"] == "3"
    assert checkout.runs()[ONE]["threads"] == 3


def test_all_in_one_job_needs_no_plugin(checkout):
    """As docs/cluster.md has it: Snakemake itself in a job, with the default profile."""
    config = checkout.config()
    config["experiments"]["no-hidden"]["training"] = {"learning_rate": 0.05}
    checkout.configure(config)
    command = f"PATH={Path(sys.executable).parent}:$PATH snakemake --cores 2 tables"
    options = ["--cpus-per-task=2", "--mem=8G", "--time=0:10:00", f"--chdir={checkout.folder}"]
    checkout.slurm.run("sbatch", *options, f"--wrap={command}")
    checkout.slurm.wait_until(lambda: not checkout.slurm.run("squeue", "--noheader"))
    (job,) = checkout.jobs_submitted()
    assert job["JobState"] == "COMPLETED", checkout.slurm.log_of(job)
    assert checkout.runs()["classifier/no-hidden"]["slurm_job"] == job["JobId"]


class TestGPU:
    """The profile for GPU nodes. The cards here are pretended: TensorFlow finds none."""

    @pytest.fixture
    def checkout(self, checkout):
        checkout.profile = "profiles/slurm-gpu"
        return checkout

    def let_device_be(self, checkout, device):
        config = checkout.config()
        config["device"] = device
        checkout.configure(config)

    def test_every_training_has_the_card_that_slurm_gave_it(self, checkout):
        self.let_device_be(checkout, "auto")
        names = [f"autoencoder/{kind}" for kind in ("relu-16", "sigmoid-16", "relu-24")]
        targets = [f"results/runs/{name}/seed-0/run.json" for name in names]
        process = checkout.start(*targets, "--group-components", "trainings=1")
        cards = {}  # SLURM tells of a card only as long as the job has it
        while process.poll() is None:
            now = checkout.jobs_submitted()
            cards |= {job["JobId"]: job["GRES"] for job in now if job.get("GRES")}
            time.sleep(0.5)
        assert process.returncode == 0, checkout.output()
        jobs = {job["JobId"]: job for job in checkout.jobs_submitted()}
        assert len(jobs) == len(names)
        for name in names:
            record = checkout.runs()[name]
            job = jobs[record["slurm_job"]]
            assert (job["Partition"], job["NodeList"]) == ("gpu", "gpu1")
            assert job["TresPerJob"] == "gres:gpu:1"
            card = record["device"]["cuda_visible_devices"]
            assert card in ("0", "1")
            assert cards[job["JobId"]] == f"gpu:1(IDX:{card})"
            assert record["device"]["kind"] == "cpu"
            assert record["device"]["tf32"] is False

    def test_trainings_that_share_a_job_share_a_card(self, checkout):
        self.let_device_be(checkout, "auto")
        names = [ONE, "autoencoder/sigmoid-16"]
        checkout.submit_well(*(f"results/runs/{name}/seed-0/run.json" for name in names))
        (job,) = checkout.jobs_submitted()
        assert job["TresPerJob"] == "gres:gpu:1"
        assert "mem=6000M" in job["TRES"].split(",")
        assert {checkout.runs()[name]["slurm_job"] for name in names} == {job["JobId"]}

    def test_light_jobs_take_no_card(self, checkout):
        self.let_device_be(checkout, "auto")
        checkout.submit_well("--forcerun", "build_dataset", "--until", "build_dataset")
        (job,) = checkout.jobs_submitted()
        assert job["Partition"] == "cpu"
        assert "TresPerJob" not in job

    def test_without_a_card_the_error_names_the_reason(self, checkout):
        self.let_device_be(checkout, "gpu")
        before = checkout.runs()
        assert checkout.submit("--retries", "0", f"results/runs/{ONE}/seed-0/run.json") == 1
        message = "error: device is gpu, but TensorFlow finds no GPU on "
        assert message in checkout.output()
        assert set(checkout.runs()) == set(before) - {ONE}

    def test_device_cpu_on_the_gpu_profile_is_refused_before_anything_is_submitted(self, checkout):
        assert checkout.submit("--forceall") == 1
        assert "device is cpu in the configuration" in checkout.output()
        assert checkout.jobs_submitted() == []
