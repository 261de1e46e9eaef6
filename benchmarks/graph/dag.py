"""What Snakemake does besides running jobs, for 70, 1,000 and 10,000 configurations.

    python benchmarks/graph/dag.py
    python benchmarks/graph/dag.py --counts 70 1000 --rounds 3 --check
    python benchmarks/graph/dag.py --counts 70 1000 --against CHECKOUT

The configurations are those of config.yaml and, above 70, an experiment of so many more classifiers
with two hidden layers each. Measured is `snakemake --cores 2` with the default profile:

- "dry run": `-n` in a fresh checkout;
- "no-op": everything is finished, "Nothing to be done";
- "one changed": everything is finished, then one configuration is edited, `-n`;
- "cluster job": from the start of what a SLURM job holds to the start of its training run, see
  cluster_job.py.

Each is compared with an empty workflow of as many jobs as there are training runs: a rule with one
output, one wildcard without a constraint and the command `touch`, a rule `all` that asks for all of
them, the same profile, and no input, parameter, resource, log, module or configuration file. There,
one output is deleted for "one changed". Everything is compared with `snakemake --version`, too.
`--against` times nothing but the dry run, here and in another checkout in turn.

Nothing is trained for the finished state: every output, log and benchmark file that a dry run
announces is written with its name as its content (and resources/mnist/SHA256SUMS with the checksums
of these), and `snakemake --touch --forceall` records them all as made of the present parameters,
inputs and code. After that a dry run must find nothing to do and no record missing.

The rounds are interleaved; a first one, not recorded, fills the file cache; a ratio is the median
over the rounds of the ratio within a round. CPU seconds (user) move less than wall time on a busy
machine; `--check` goes by them. The table goes to results/benchmarks/dag.md. To be run from
`.venv`; needs the plugin for SLURM (requirements/slurm.txt), but no SLURM.
"""

import argparse
import hashlib
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from functools import partial
from itertools import islice, product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "workflow"))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests/helpers"))

from cluster_job import ClusterJob

import shared
from autoencoders.sweep.declaration import read_sweep
from shared import ROOT, copy_of_checkout, ratios, spread
from snakemake_runs import Checkout

DEFAULT = 70  # configurations in config.yaml
# The most that a task may take: of the default configuration in times of `snakemake --version`, of
# 10,000 configurations in times of the empty workflow.
LIMITS = {(DEFAULT, "no-op", "version"): 2.0, (10_000, "dry run", "empty"): 1.5}
WALL, CPU = 0, 1  # what is measured of a task
EMPTY = """
rule all:
    input:
        expand("jobs/{{job}}.txt", job=range({count})),


rule job:
    output:
        "jobs/{{job}}.txt",
    shell:
        "touch {{output}}"
"""
# Snakemake waits 0.1 s before it touches a job's files.
TOUCH = """
from snakemake.cli import main
from snakemake.executors.touch import Executor

Executor.SLEEPING_TIME = 0
main()
"""


def main():
    """Measure, print and store the table; with `--check` exit with 1 over a limit."""
    arguments = parse_arguments()
    with tempfile.TemporaryDirectory(prefix="dag-") as name:
        tasks = {}
        for count in arguments.counts:
            folder = Path(name) / str(count)
            tasks[count, "dry run", "project"] = dry_run(folder / "fresh", count, ROOT)
            if arguments.against:
                other = dry_run(folder / "other", count, arguments.against)
                tasks[count, "dry run", "other checkout"] = other
            else:
                tasks |= other_tasks(folder, count)
        measured = shared.interleaved(tasks, arguments.rounds)
    if arguments.against:
        print(comparison(measured, arguments))
        return
    shared.keep("dag", table_of(measured, arguments))
    if arguments.check:
        check(measured, arguments.counts)


def parse_arguments():
    """Return the command line's arguments."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add, counts = parser.add_argument, [DEFAULT, 1000, 10_000]
    add("--counts", type=int, nargs="+", default=counts, help="of configurations")
    add("--rounds", type=int, default=5, help="recorded rounds (5)")
    add("--against", type=Path, metavar="CHECKOUT", help="dry runs of this and another checkout")
    add("--check", action="store_true", help="exit with 1 where a limit is exceeded")
    arguments = parser.parse_args()
    if min(arguments.counts) < DEFAULT or arguments.rounds < 1:
        parser.error(f"at least {DEFAULT} configurations and one round")
    return arguments


def dry_run(folder, count, source):
    """Return a function that times the dry run of a copy of a checkout."""
    copy = copy_of_checkout(folder, configuration(count, source), source)
    return partial(time_of, Checkout(copy), "-n")


def other_tasks(folder, count):
    """Return all tasks but the project's dry run, by count, name and workflow."""
    print(f"Making the workflows of {count:,} configurations.", file=sys.stderr)
    config = configuration(count)
    runs = training_runs(config)
    finished, node = project(folder / "finished", config), project(folder / "node", config)
    empty = empty_workflow(folder / "empty", len(runs))
    empty_finished = empty_workflow(folder / "empty-finished", len(runs))
    for checkout in (finished, empty_finished):
        finish(checkout)

    def one_edited():
        finished.configure(configuration(count, momentum=0.5))
        times = time_of(finished, "-n")
        finished.configure(config)
        return times

    def one_deleted():
        output = empty_finished.folder / "jobs/0.txt"
        dates = output.stat()
        output.unlink()
        times = time_of(empty_finished, "-n")
        output.touch()
        os.utime(output, ns=(dates.st_atime_ns, dates.st_mtime_ns))
        return times

    return {
        (count, "dry run", "empty"): partial(time_of, empty, "-n"),
        (count, "no-op", "project"): partial(time_of, finished),
        (count, "no-op", "empty"): partial(time_of, empty_finished),
        (count, "one changed", "project"): one_edited,
        (count, "one changed", "empty"): one_deleted,
        (count, "cluster job", "project"): ClusterJob(node.folder, runs[0], folder / "bin").times,
        (count, "--version", "version"): partial(time_of, empty, "--version"),
    }


def project(folder, config):
    """Return a copy of this checkout with a configuration."""
    return Checkout(copy_of_checkout(folder, config))


def training_runs(config):
    """Return the folders of the training runs that a configuration file declares."""
    folders = []
    for each in read_sweep(config).configurations.values():
        folders += [block.folder for block in each.blocks]
    return folders


def configuration(count, source=ROOT, momentum=None):
    """Return config.yaml's content with more configurations until there are so many.

    Parameters
    ----------
    count : int
        How many.
    source : pathlib.Path, optional
        The checkout whose config.yaml it is.
    momentum : float, optional
        Of the first classifier's training, another one than config.yaml's.
    """
    config = shared.read_config(source / "config.yaml")
    if momentum is not None:
        config["experiments"]["no-hidden"]["training"] = {"momentum": momentum}
    if count > DEFAULT:
        widths = islice(product(range(1, 100_000), range(1, 101)), count - DEFAULT)
        config["experiments"]["more"] = {
            "network": "classifier",
            "seeds": 1,
            "activations": ["relu"],
            "configurations": [{"hidden": list(pair)} for pair in widths],
        }
    return config


def empty_workflow(folder, count):
    """Return an empty workflow of so many jobs."""
    shutil.copytree(ROOT / "profiles", folder / "profiles")
    (folder / "Snakefile").write_text(EMPTY.format(count=count))
    return Checkout(folder)


def finish(checkout):
    """Let a checkout look as if all its jobs had run, and assert that Snakemake takes it so."""
    checksums = checkout.folder / "resources/mnist/SHA256SUMS"
    if checksums.exists():
        lines = []
        for line in checksums.read_text().splitlines():
            name = line.split()[1]
            lines.append(f"{hashlib.sha256(name.encode()).hexdigest()}  {name}\n")
        checksums.write_text("".join(lines))
    for name in checkout.outputs():
        path = checkout.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(path.name)
    touch = [sys.executable, "-c", TOUCH, "--touch", "--forceall"]
    # Choosing two at a time of 10,000 that are ready would take hours.
    touch += ["--cores", "1000", "--scheduler-subsample", "1000"]
    subprocess.run(touch, cwd=checkout.folder, stderr=subprocess.DEVNULL, check=True)
    output = checkout.run("-n")
    assert "Nothing to be done" in output, output
    assert "missing provenance" not in output, output


def time_of(checkout, *options):
    """Return the wall and CPU seconds of a run of Snakemake."""
    before, start = user_seconds(), time.monotonic()
    checkout.run(*options)
    return time.monotonic() - start, user_seconds() - before


def user_seconds():
    """Return the CPU seconds of all finished child processes."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime


def seconds_of(measured, clock, *task):
    """Return a task's wall or CPU seconds of every round."""
    return [times[clock] for times in measured[task]]


def table_of(measured, arguments):
    """Return the table as Markdown."""
    lines = [
        "| configurations | task | s | / empty workflow | / `snakemake --version` |",
        "|---:|---|---|---|---|",
    ]
    for count in arguments.counts:
        for task in ("dry run", "no-op", "one changed", "cluster job"):
            clock = WALL if task == "cluster job" else CPU
            ours = seconds_of(measured, clock, count, task, "project")
            version = seconds_of(measured, clock, count, "--version", "version")
            cells = [f"{count:,}", task, spread(ours), "", spread(ratios(ours, version))]
            if (count, task, "empty") in measured:
                empty = seconds_of(measured, clock, count, task, "empty")
                cells[3] = spread(ratios(ours, empty))
            lines.append(f"| {' | '.join(cells)} |")
    lines += ["", "CPU time, of the cluster job wall time until its training run starts."]
    return "\n".join([*lines, f"Rounds: {arguments.rounds}, medians (smallest to largest)."])


def comparison(measured, arguments):
    """Return the table of the dry run in two checkouts as Markdown."""
    lines = [
        f"| configurations | | this checkout, s | {arguments.against}, s | ratio |",
        "|---:|---|---|---|---|",
    ]
    for count in arguments.counts:
        for clock, name in ((WALL, "wall"), (CPU, "CPU")):
            ours = seconds_of(measured, clock, count, "dry run", "project")
            other = seconds_of(measured, clock, count, "dry run", "other checkout")
            cells = [f"{count:,}", name, spread(ours), spread(other), spread(ratios(ours, other))]
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def check(measured, counts):
    """Exit with 1 if a task takes longer than it may."""
    for (count, task, to), limit in LIMITS.items():
        if count in counts:
            ours = seconds_of(measured, CPU, count, task, "project")
            name = "--version" if to == "version" else task
            ratio = shared.median_ratio(ours, seconds_of(measured, CPU, count, name, to))
            if ratio > limit:
                found = f"{task} of {count:,} configurations: {ratio:.2f} times {to}"
                sys.exit(f"error: {found}, allowed: {limit}")


if __name__ == "__main__":
    main()
