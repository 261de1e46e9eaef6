"""What Snakemake does besides running jobs, for 70, 1,000 and 10,000 configurations.

    python benchmarks/dag.py
    python benchmarks/dag.py --counts 70 1000 --rounds 3 --check

The configurations are those of config.yaml and, above 70, an experiment of so many more classifiers
with two hidden layers each. Measured is `snakemake --cores 2` with the default profile:

- "dry run": `-n` in a fresh checkout;
- "no-op": everything is finished, "Nothing to be done"; and its dry run, "no-op, -n";
- "one changed": everything is finished, then one configuration is edited, `-n`;
- "cluster job": from the start of what a SLURM job holds to the start of its training. The command
  is the very one that Snakemake gives to `sbatch` with profiles/slurm, taken by a stand-in for it
  on the PATH. It starts Snakemake twice, as on a node; `srun` is a stand-in that runs what it is
  given, and `python`, which the training would start, is one that ends the measurement.

Beside each stands an empty workflow of as many jobs: a rule with one output, one wildcard without a
constraint and the command `touch`, a rule `all` that asks for all of them, the same profile, and no
input, parameter, resource, log, module or configuration file. There, one output is deleted for "one
changed". Everything stands beside `snakemake --version`, too.

Nothing is trained for the finished state: every output, log and benchmark file that a dry run
announces is written with its name as its content (and resources/mnist/SHA256SUMS with the sums of
these), and `snakemake --touch --forceall` records them all as made of the present parameters,
inputs and code. After that a dry run must find nothing to do and no record missing.

The rounds are interleaved; a first one, not recorded, fills the file cache; a ratio is the median
over the rounds of the ratio within a round. CPU seconds (user) move less than the wall clock's on a
busy machine; `--check` goes by them. The table goes to results/benchmarks/dag.md, the rows to
dag.csv. To be run from `.venv`; needs the plugin for SLURM (requirements/slurm.txt), but no SLURM.
"""

import argparse
import csv
import hashlib
import os
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import islice, product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from snakemake_runs import REPOSITORY, Checkout

TASKS = ("dry run", "no-op", "no-op, -n", "one changed", "cluster job")
DEFAULT = 70  # configurations in config.yaml
# The most that a task may take: of the default configuration in times of `snakemake --version`, of
# 10,000 configurations in times of the empty workflow.
LIMITS = {(DEFAULT, "no-op", "version"): 2.0, (10_000, "dry run", "empty"): 1.5}
COLUMNS = ("round", "configurations", "task", "workflow", "wall", "cpu")
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
# Programs that a job's Snakemake would find on a node, by name.
STAND_INS = {
    "sbatch": 'printf "%s\\0" "$@" > "$STAND_IN_OUTPUT.part"\n'
    'mv "$STAND_IN_OUTPUT.part" "$STAND_IN_OUTPUT"\necho 1\n',
    "srun": 'while [ "${1#-}" != "$1" ]; do shift; done\nexec "$@"\n',
    "python": 'touch "$STAND_IN_OUTPUT"\nsleep 60\n',
    **dict.fromkeys(("sacct", "sacctmgr", "scancel", "scontrol", "sinfo", "squeue"), ""),
}


def main():
    """Measure, print and store the table; with `--check` exit with 1 over a limit."""
    arguments = parse_arguments()
    with tempfile.TemporaryDirectory(prefix="dag-") as folder:
        places = {count: Place(Path(folder) / str(count), count) for count in arguments.counts}
        rows = [row for k in range(arguments.rounds + 1) for row in one_round(k, places) if k > 0]
    table = table_of(rows, arguments)
    print(table)
    arguments.output.mkdir(parents=True, exist_ok=True)
    (arguments.output / "dag.md").write_text(table + "\n")
    with open(arguments.output / "dag.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([COLUMNS, *rows])
    if arguments.check:
        check(rows)


def parse_arguments():
    """Return the command line's arguments."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--counts", type=int, nargs="+", default=[DEFAULT, 1000, 10_000], help="of configurations"
    )
    parser.add_argument("--rounds", type=int, default=5, help="recorded rounds (5)")
    parser.add_argument(
        "--output",
        type=Path,
        default=REPOSITORY / "results/benchmarks",
        help="folder",
    )
    limits = "; ".join(
        f"{task} of {count:,}: {limit} times {to}" for (count, task, to), limit in LIMITS.items()
    )
    parser.add_argument("--check", action="store_true", help=f"exit with 1 above ({limits})")
    arguments = parser.parse_args()
    if min(arguments.counts) < DEFAULT or arguments.rounds < 1:
        parser.error(f"at least {DEFAULT} configurations and one round")
    return arguments


class Place:
    """The project's workflow and an empty one, fresh and finished, for so many configurations.

    Parameters
    ----------
    folder : pathlib.Path
        Where they are made.
    count : int
        How many configurations, and jobs of the empty workflow.
    """

    def __init__(self, folder, count):
        print(f"Making the workflows of {count:,} configurations.", file=sys.stderr)
        self.count = count
        self.fresh, self.finished, self.node = (
            Checkout.copy(folder / name) for name in ("fresh", "finished", "node")
        )
        for checkout in (self.fresh, self.finished, self.node):
            checkout.configure(configuration(count))
        self.empty, self.empty_finished = (
            empty_workflow(folder / name, count) for name in ("empty", "empty-finished")
        )
        for checkout in (self.finished, self.empty_finished):
            finish(checkout)
        self.job = cluster_job(self.node, folder / "bin")

    def times(self):
        """Yield task, workflow, wall and CPU seconds of every task, one after the other."""
        for task, project, empty, options in (
            ("dry run", self.fresh, self.empty, ["-n"]),
            ("no-op", self.finished, self.empty_finished, []),
            ("no-op, -n", self.finished, self.empty_finished, ["-n"]),
        ):
            yield task, "project", *time_of(project, *options)
            yield task, "empty", *time_of(empty, *options)
        self.finished.configure(configuration(self.count, momentum=0.5))
        yield "one changed", "project", *time_of(self.finished, "-n")
        self.finished.configure(configuration(self.count))
        output = self.empty_finished.folder / "jobs/0.txt"
        dates = output.stat()
        output.unlink()
        yield "one changed", "empty", *time_of(self.empty_finished, "-n")
        output.touch()
        os.utime(output, ns=(dates.st_atime_ns, dates.st_mtime_ns))
        yield "cluster job", "project", *self.job()


def configuration(count, momentum=None):
    """Return config.yaml's content with more configurations until there are so many.

    Parameters
    ----------
    count : int
        How many.
    momentum : float, optional
        Of the first classifier's training, another one than config.yaml's.
    """
    config = Checkout(REPOSITORY).config()
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
    shutil.copytree(REPOSITORY / "profiles", folder / "profiles")
    (folder / "Snakefile").write_text(EMPTY.format(count=count))
    return Checkout(folder)


def finish(checkout):
    """Let a checkout look as if all its jobs had run, and assert that Snakemake takes it so."""
    sums = checkout.folder / "resources/mnist/SHA256SUMS"
    if sums.exists():
        names = [line.split()[1] for line in sums.read_text().splitlines()]
        sums.write_text(
            "".join(f"{hashlib.sha256(name.encode()).hexdigest()}  {name}\n" for name in names)
        )
    for name in checkout.outputs():
        path = checkout.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(path.name)
    touch = [sys.executable, "-c", TOUCH, "--touch", "--forceall"]
    # Choosing two at a time of 10,000 that are ready would take hours.
    touch += ["--cores", "1000", "--scheduler-subsample", "1000"]
    subprocess.run(touch, cwd=checkout.folder, stderr=subprocess.DEVNULL, check=True)
    output = run(checkout, "-n")
    assert "Nothing to be done" in output, output
    assert "missing provenance" not in output, output


def run(checkout, *options):
    """Run Snakemake, which must succeed, for as long as it takes; return its output."""
    command = ["snakemake", "--cores", "2", *options]
    result = subprocess.run(
        command, cwd=checkout.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if result.returncode:
        sys.exit(f"error: {' '.join(command)} failed:\n{result.stdout[-3000:]}")
    return result.stdout


def time_of(checkout, *options):
    """Return the wall and CPU seconds of a run of Snakemake."""
    before, start = user_seconds(), time.monotonic()
    run(checkout, *options)
    return time.monotonic() - start, user_seconds() - before


def user_seconds():
    """Return the CPU seconds of all finished child processes."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime


def cluster_job(checkout, folder):
    """Return a function that starts a checkout's SLURM job and times it until its training starts.

    Parameters
    ----------
    checkout : Checkout
        It must not have run; its data are written as `finish` writes files.
    folder : pathlib.Path
        For the stand-ins.
    """
    folder.mkdir()
    for name, text in STAND_INS.items():
        (folder / name).write_text(f"#!/bin/sh\n{text}")
        (folder / name).chmod(0o755)
    data = checkout.folder / "results/data/lab"
    data.mkdir(parents=True)
    for name in ("arrays.npz", "manifest.json"):
        (data / name).write_text(name)
    submitted = folder / "submitted"
    target = "results/runs/autoencoder/relu-128/run.json"
    snakemake = ["snakemake", "--workflow-profile", "profiles/slurm", target]
    until_written(submitted, snakemake, checkout.folder, folder)
    command = next(
        argument.removeprefix("--wrap=")
        for argument in submitted.read_text().split("\0")
        if argument.startswith("--wrap=")
    )
    started = folder / "started"
    return lambda: (until_written(started, ["sh", "-c", command], checkout.folder, folder), None)


def until_written(path, command, cwd, stand_ins):
    """Return the seconds from the start of a command until one of the stand-ins writes a file."""
    path.unlink(missing_ok=True)
    variables = {name: value for name, value in os.environ.items() if not name.startswith("SLURM_")}
    variables |= {"PATH": f"{stand_ins}:{os.environ['PATH']}", "STAND_IN_OUTPUT": str(path)}
    with tempfile.TemporaryFile("w+") as output:
        start = time.monotonic()
        process = subprocess.Popen(
            command, cwd=cwd, env=variables, stdout=output, stderr=output, start_new_session=True
        )
        while not path.exists():
            if process.poll() is not None:
                output.seek(0)
                sys.exit(f"error: {command[0]} ended early:\n{output.read()}")
            time.sleep(0.005)
        seconds = time.monotonic() - start
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return seconds


def one_round(k, places):
    """Return the rows of a round."""
    print(f"Round {k}.", file=sys.stderr)
    rows = []
    for count, place in places.items():
        before, start = user_seconds(), time.monotonic()
        subprocess.run(["snakemake", "--version"], stdout=subprocess.DEVNULL, check=True)
        version = time.monotonic() - start, user_seconds() - before
        rows.append((k, count, "--version", "version", *version))
        rows += [(k, count, *row) for row in place.times()]
    return rows


def table_of(rows, arguments):
    """Return the table as Markdown."""
    lines = [
        "| configurations | task | wall, s | CPU, s | / empty: wall | / empty: CPU"
        " | / `--version`: wall | / `--version`: CPU |",
        "|---:|---|---|---|---|---|---|---|",
    ]
    for count in arguments.counts:
        for task in TASKS:
            cells = [spread(values(rows, count, task, "project", what)) for what in ("wall", "cpu")]
            for to in ("empty", "version"):
                cells += [spread(ratios(rows, count, task, to, what)) for what in ("wall", "cpu")]
            lines.append(f"| {count:,} | {task} | {' | '.join(cells)} |")
    rounds = f"{arguments.rounds} round" + "s" * (arguments.rounds > 1)
    return "\n".join([*lines, "", f"Medians of {rounds} (smallest to largest)."])


def values(rows, count, task, workflow, what):
    """Return what was measured of a task, for every round."""
    index = COLUMNS.index(what)
    return [row[index] for row in rows if row[1:4] == (count, task, workflow)]


def ratios(rows, count, task, to, what):
    """Return a task's seconds in those of the empty workflow or of `--version`, for every round."""
    other = values(rows, count, "--version" if to == "version" else task, to, what)
    ours = values(rows, count, task, "project", what)
    return [a / b for a, b in zip(ours, other, strict=False) if a is not None]


def spread(numbers):
    """Return the median and the range as text."""
    if not numbers or None in numbers:
        return "–"
    return f"{statistics.median(numbers):.2f} ({min(numbers):.2f}-{max(numbers):.2f})"


def check(rows):
    """Exit with 1 if a task takes longer than it may."""
    for (count, task, to), limit in LIMITS.items():
        found = ratios(rows, count, task, to, "cpu")
        if found and statistics.median(found) > limit:
            sys.exit(
                f"error: the {task} of {count:,} configurations takes "
                f"{statistics.median(found):.2f} times {to}, allowed: {limit}"
            )


if __name__ == "__main__":
    main()
