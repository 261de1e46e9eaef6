"""What goes wrong on a cluster, done to a real SLURM; each has one outcome."""

import re
import shutil
import signal
import time

import pytest

from cluster_runs import OnCluster

ONE = "autoencoder/relu-16"
OTHERS = ["autoencoder/sigmoid-16", "classifier/relu-16"]
HANG = "time.sleep(3600)"
# In steps, as a training that grows would: SLURM looks once a second.
TAKE_MEMORY = """
taken = []
while len(taken) < {gigabytes} * 10:
    taken.append(bytearray(os.urandom(1) * 10**8))
    time.sleep(0.05)
"""


def target(name):
    return f"results/runs/{name}/seed-0/run.json"


def only_for(name, fault):
    """Return a fault for one configuration alone."""
    return f"if {name!r} in sys.argv:\n" + "\n".join(f"    {line}" for line in fault.split("\n"))


def untrain(checkout, *names):
    """Remove the runs of some configurations."""
    for name in names:
        shutil.rmtree(checkout.folder / "results/runs" / name)


def one_each(*names):
    """Return arguments that train each of these in a job of its own."""
    return [*(target(name) for name in names), "--group-components", "trainings=1"]


def requested_memory(job):
    return int(re.search(r"mem=(\d+)M", job["TRES"])[1])


def states(jobs):
    return [job["JobState"] for job in jobs]


def assert_nothing_half_written(checkout):
    """Every run folder is whole, and nothing is left of work aside."""
    checkout.runs()
    left = [path.name for path in (checkout.folder / "results/runs").rglob(".*")]
    assert left == []


# --- One run, one retry, and four of six trainings meet with something ---------------------------

GETS_THROUGH = "autoencoder/relu-16"
NEVER_ENOUGH = "autoencoder/sigmoid-16"
HANGS = "classifier/relu-16"
CANCELLED = "classifier/sigmoid-16"
WELL = ("autoencoder/relu-24", "classifier/no-hidden")
FAULTS = {
    GETS_THROUGH: TAKE_MEMORY.format(gigabytes=3),
    NEVER_ENOUGH: TAKE_MEMORY.format(gigabytes=6),
    HANGS: HANG,
    CANCELLED: HANG,
}


@pytest.fixture(scope="module")
def faulty(swept, slurm, tmp_path_factory):
    """A checkout after that run."""
    folder = tmp_path_factory.mktemp("faulty") / "checkout"
    shutil.copytree(swept.folder, folder, symlinks=True)
    names = [*FAULTS, *WELL]
    with OnCluster(folder, slurm) as checkout:
        # A minute is the shortest limit that SLURM knows.
        checkout.edit("workflow/rules/training.smk", "=enough(minutes)", "=doubling(1)")
        untrain(checkout, *names)
        fault = "\n".join(only_for(name, fault) for name, fault in FAULTS.items())
        process = checkout.start(*one_each(*names), "--retries", "1", fault=fault)
        checkout.cancelled = set()
        while process.poll() is None:
            for job in checkout.jobs_submitted():
                log = slurm.log_of(job)
                if job["JobState"] == "RUNNING" and f"run=runs/{CANCELLED}/seed-0\n" in log:
                    slurm.run("scancel", job["JobId"])
                    checkout.cancelled.add(job["JobId"])
            time.sleep(1)
        checkout.all_jobs = checkout.jobs_submitted()
    assert process.returncode == 1, checkout.output()
    return checkout


def jobs_of(checkout, name):
    return [
        job
        for job in checkout.all_jobs
        if f"run=runs/{name}/seed-0\n" in checkout.slurm.log_of(job)
        or checkout.runs().get(name, {}).get("slurm_job") == job["JobId"]
    ]


def errors_of(checkout, name):
    """Return what Snakemake printed of a configuration's failed jobs, their logs included."""
    blocks = checkout.output().split("message: Error in group trainings")[1:]
    return [block for block in blocks if target(name) in block]


def test_what_is_well_is_done(faulty):
    assert {*WELL, GETS_THROUGH} <= set(faulty.runs())
    assert not {NEVER_ENOUGH, HANGS, CANCELLED} & set(faulty.runs())
    assert_nothing_half_written(faulty)


def test_killed_for_its_memory_a_training_gets_twice_as_much(faulty):
    failed, done = jobs_of(faulty, GETS_THROUGH)
    assert states([failed, done]) == ["FAILED", "COMPLETED"]
    assert [requested_memory(job) for job in (failed, done)] == [2000, 4000]
    assert "memory limit" in faulty.slurm.log_of(failed)


def test_when_that_is_not_enough_the_error_names_the_configuration(faulty):
    jobs = jobs_of(faulty, NEVER_ENOUGH)
    assert states(jobs) == ["FAILED", "FAILED"]
    assert [requested_memory(job) for job in jobs] == [2000, 4000]
    errors = errors_of(faulty, NEVER_ENOUGH)
    assert "Exceeded job memory limit" in errors[-1]


def test_a_training_beyond_its_time_gets_twice_as_much_then_is_a_named_error(faulty):
    jobs = jobs_of(faulty, HANGS)
    assert states(jobs) == ["TIMEOUT", "TIMEOUT"]
    assert [job["TimeLimit"] for job in jobs] == ["00:01:00", "00:02:00"]
    errors = errors_of(faulty, HANGS)
    assert "DUE TO TIME LIMIT" in errors[-1]


def test_a_cancelled_training_is_a_named_error(faulty):
    """It counts as failed: it is submitted again until the retries are used up."""
    jobs = jobs_of(faulty, CANCELLED)
    assert states(jobs) == ["CANCELLED", "CANCELLED"]
    assert {job["JobId"] for job in jobs} == faulty.cancelled
    errors = errors_of(faulty, CANCELLED)
    assert re.search(r"\*\*\* JOB \d+ ON cpu1 CANCELLED AT", errors[-1])


def test_the_next_run_does_what_is_left(faulty):
    left = [NEVER_ENOUGH, HANGS, CANCELLED]
    output = faulty.run("--dry-run", *map(target, [*FAULTS, *WELL]))
    assert all(f"run=runs/{name}/seed-0" in output for name in left)
    assert len(re.findall("^rule train:", output, re.MULTILINE)) == len(left)


# --- One fault at a time -------------------------------------------------------------------------


@pytest.fixture
def checkout(checkout):
    """A checkout in which three configurations are still to be trained."""
    untrain(checkout, ONE, *OTHERS)
    return checkout


def test_a_node_that_is_drained_and_resumed_only_delays_the_run(checkout):
    process = checkout.start(*one_each(ONE, *OTHERS))
    checkout.wait_until(lambda: "RUNNING" in states(checkout.jobs_submitted()))
    scontrol = ("scontrol", "update", "NodeName=cpu1")
    checkout.slurm.run(*scontrol, "State=DRAIN", "Reason=test")
    checkout.slurm.wait_until(lambda: "RUNNING" not in states(checkout.jobs_submitted()))
    assert checkout.slurm.node_states()["cpu1"].startswith("drain")
    checkout.slurm.run(*scontrol, "State=RESUME")
    assert process.wait(120) == 0, checkout.output()
    assert set(states(checkout.jobs_submitted())) == {"COMPLETED"}
    assert_nothing_half_written(checkout)


def test_a_controller_that_is_restarted_in_mid_run_loses_nothing(checkout):
    """Trainings go on while it is away; a job that is about to start one waits some minutes."""
    process = checkout.start(*one_each(ONE, *OTHERS), fault="time.sleep(12)")
    checkout.wait_until(
        lambda: (
            [
                checkout.slurm.log_of(job).count("localrule train:")
                for job in checkout.jobs_submitted()
            ]
            == [1, 1, 1]
        )
    )
    checkout.slurm.stop_slurmctld()
    time.sleep(10)
    checkout.slurm.start_slurmctld()
    assert process.wait(240) == 0, checkout.output()
    assert {ONE, *OTHERS} < set(checkout.runs())
    assert_nothing_half_written(checkout)


def test_after_snakemake_was_killed_on_the_head_node_a_rerun_completes(checkout):
    """The jobs it had submitted go on; the rerun trains again what it finds not recorded."""
    process = checkout.start(*one_each(ONE, *OTHERS))
    checkout.wait_until(lambda: "RUNNING" in states(checkout.jobs_submitted()))
    process.kill()
    process.wait()
    assert checkout.submit(*one_each(ONE, *OTHERS)) == 1
    assert "--unlock" in checkout.output()
    checkout.submit_well("--unlock")
    checkout.submit_well(*one_each(ONE, *OTHERS))
    assert {ONE, *OTHERS} < set(checkout.runs())
    assert_nothing_half_written(checkout)
    checkout.submit_well(*one_each(ONE, *OTHERS))
    assert "Nothing to be done" in checkout.output()


def test_an_interrupted_snakemake_cancels_its_jobs(checkout):
    process = checkout.start(*one_each(ONE, *OTHERS), fault=HANG)
    checkout.wait_until(lambda: states(checkout.jobs_submitted()).count("RUNNING") == 3)
    process.send_signal(signal.SIGINT)
    assert process.wait(60) != 0
    checkout.slurm.wait_until(lambda: set(states(checkout.jobs_submitted())) == {"CANCELLED"})
    assert not {ONE, *OTHERS} & set(checkout.runs())
    assert_nothing_half_written(checkout)
    checkout.submit_well(*one_each(ONE, *OTHERS))


def test_a_failed_training_takes_those_that_share_its_job_with_it_until_it_succeeds(checkout):
    """The price of shared jobs: all of them are done again, and none is lost in the end."""
    names = [ONE, *OTHERS]
    fault = only_for(ONE, "if not os.path.exists('failed'):\n    open('failed', 'x'); sys.exit(3)")
    checkout.submit_well(*(target(name) for name in names), fault=fault)
    first, second = checkout.jobs_submitted()
    assert states([first, second]) == ["FAILED", "COMPLETED"]
    assert {checkout.runs()[name]["slurm_job"] for name in names} == {second["JobId"]}
    assert_nothing_half_written(checkout)
