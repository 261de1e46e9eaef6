"""Where the core time of a whole run goes, and whether a core is idle at its end.

Reads what a finished run left in its results folder: the seconds and the memory of every job
(benchmarks/), the seconds of every training's epochs (metrics.json). A core is either at epochs, at
the rest of a training (start of the process, imports, writing), at another job, or without a job:
while Snakemake starts, between two jobs, or at the end, when there is nothing left for it. Times
are the clock's: other work on the machine makes them longer, and the shares less sure.

    python benchmarks/whole_run.py --run --check
    python benchmarks/whole_run.py --results results --cores 2

`--run` runs Snakemake itself, in a copy of this checkout, and knows of its start and its own CPU
time; the table is kept in results/benchmarks/. Without it the folder must come from one run, as a
job's end is the date of its file.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
import yaml

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from snakemake_runs import PARTS

ROOT = Path(__file__).resolve().parent.parent
TRAININGS = ("runs", "lottery", "studies")
# Of the core time, all but epochs; of the longest job, a core's idle time at the end; in MB, a job.
MOST_OVERHEAD, MOST_IDLE, MOST_MEMORY = 0.15, 0.1, 1000
WIDEST = 1024
RECORD = "benchmarks/whole_run.json"


@dataclass(frozen=True)
class Job:
    """A finished job.

    Attributes
    ----------
    name : str
        Its path under benchmarks/: runs/autoencoder/relu-128, report/figure1.
    start, end : float
        Seconds since the epoch of the clock.
    memory : float or None
        Largest resident memory that Snakemake saw, in MB.
    epochs : float
        Seconds in the epochs of a training; 0 for other jobs.
    width : int
        Units of a training's widest layer; 0 for other jobs.
    """

    name: str
    start: float
    end: float
    memory: float | None = None
    epochs: float = 0.0
    width: int = 0

    @property
    def kind(self):
        """One of "training", "data" and "report"."""
        folder = self.name.split("/")[0]
        return "training" if folder in TRAININGS else folder

    @property
    def seconds(self):
        """How long it took."""
        return self.end - self.start


def main():
    """Print the tables; with `--check` exit with 1 where a target is missed."""
    arguments = parse_arguments()
    if arguments.run:
        with tempfile.TemporaryDirectory() as folder:
            checkout = copy_of_checkout(Path(folder) / "checkout", arguments.configfile)
            run_snakemake(checkout, arguments.cores)
            text, missed = tables_of(checkout / "results", arguments.cores)
        kept = ROOT / "results/benchmarks/whole_run.md"
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(text + "\n", encoding="utf-8")
    else:
        text, missed = tables_of(arguments.results, arguments.cores)
    print(text)
    if arguments.check and missed:
        sys.exit(f"error: {'; '.join(missed)}")


def parse_arguments():
    """Return the command line's arguments."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--results", type=Path, default=ROOT / "results", help="a finished run's")
    parser.add_argument("--cores", type=int, default=2, help="that the run had (2)")
    parser.add_argument("--run", action="store_true", help="run it first, in a copy")
    parser.add_argument("--configfile", type=Path, help="with --run: in place of config.yaml")
    targets = f"{MOST_OVERHEAD:.0%}, {MOST_IDLE} of the longest job, {MOST_MEMORY} MB"
    parser.add_argument("--check", action="store_true", help=f"exit with 1 above {targets}")
    return parser.parse_args()


def copy_of_checkout(folder, config=None):
    """Copy what the workflow needs into a folder; return the folder.

    Parameters
    ----------
    folder : pathlib.Path
    config : path-like or dict, optional
        What is to be its config.yaml; its results are always in `results`.
    """
    folder.mkdir(parents=True)
    for part in PARTS:
        if (ROOT / part).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / part, folder / part, ignore=ignored)
        else:
            shutil.copy(ROOT / part, folder / part)
    if not isinstance(config, dict):
        config = yaml.safe_load(Path(config or ROOT / "config.yaml").read_text(encoding="utf-8"))
    text = yaml.safe_dump({**config, "results": "results"}, sort_keys=False)
    (folder / "config.yaml").write_text(text, encoding="utf-8")
    return folder


def variables():
    """Return a user's environment: nothing set for the programs, this interpreter first."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    others = ("TF_", "PYTHON", "SNAKEMAKE_")
    return {k: v for k, v in os.environ.items() if not k.startswith(others)} | {"PATH": path}


def run_snakemake(folder, cores):
    """Run the whole workflow in a copy of the checkout as a user does; keep its record there.

    The record tells of the run's start and end, of the CPU time of Snakemake alone and of its jobs,
    in seconds, and of the largest memory of a job, in MB.
    """
    log = folder / "snakemake.log"
    start = time.time()
    with open(log, "w", encoding="utf-8") as file:
        process = subprocess.Popen(
            ["snakemake", "--cores", str(cores)],
            cwd=folder,
            env=variables(),
            stdout=file,
            stderr=subprocess.STDOUT,
        )
        # It is asked for its times after its end, but before it is gone.
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        end = time.time()
        times = psutil.Process(process.pid).cpu_times()
        _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"error: Snakemake failed:\n{log.read_text(encoding='utf-8')[-3000:]}")
    record = {
        "cores": cores,
        "start": start,
        "end": end,
        "snakemake_cpu": times.user + times.system,
        "jobs_cpu": times.children_user + times.children_system,
        "memory": usage.ru_maxrss / 1024,
    }
    (folder / "results" / RECORD).write_text(json.dumps(record), encoding="utf-8")
    return record


def tables_of(results, cores):
    """Return what `tables` says of a finished run's folder, with its record if there is one."""
    path = results / RECORD
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"cores": cores}
    return tables(read_jobs(results), **known)


def read_jobs(results):
    """Return the jobs of a run that left a file of times, by their end."""
    jobs = []
    for path in (results / "benchmarks").rglob("*.tsv"):
        header, values = path.read_text(encoding="utf-8").splitlines()[:2]
        times = dict(zip(header.split("\t"), values.split("\t"), strict=True))
        name = path.relative_to(results / "benchmarks").with_suffix("").as_posix()
        end = path.stat().st_mtime
        memory = None if times["max_rss"] == "NA" else float(times["max_rss"])
        job = Job(name, end - float(times["s"]), end, memory)
        if job.kind == "training":
            job = with_training(job, results / name)
        jobs.append(job)
    if not any(job.kind == "training" for job in jobs):
        sys.exit(f"error: {results} holds no training of a finished run.")
    return sorted(jobs, key=lambda job: job.end)


def with_training(job, folder):
    """Return a job with the seconds of its epochs and its width, as its run's folder tells."""
    metrics = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    hidden = json.loads((folder / "config.json").read_text(encoding="utf-8"))["hidden"]
    epochs = sum(sum(seed["seconds"].values()) for seed in metrics["seeds"])
    width = max(hidden, default=0) if isinstance(hidden, list) else hidden
    return Job(job.name, job.start, job.end, job.memory, epochs, width)


def last_all_busy(jobs, cores):
    """Return the last moment at which as many jobs ran as there are cores.

    Parameters
    ----------
    jobs : list of Job
    cores : int

    Returns
    -------
    float or None
        None if they never did.
    """
    # An end goes before a start at the same moment: what takes over is not beside it.
    moments = sorted([(job.start, 1) for job in jobs] + [(job.end, -1) for job in jobs])
    running, last = 0, None
    for moment, change in moments:
        if running >= cores:
            last = moment
        running += change
    return last


def idle_at_end(jobs, cores, end):
    """Return for how many seconds before `end` there was a core without a job."""
    last = last_all_busy([job for job in jobs if job.start < end], cores)
    return end - (min(job.start for job in jobs) if last is None else min(last, end))


def core_time(jobs, cores, start, end):
    """Return the core time of a run in seconds, by what it went to; the sum is all there was.

    Returns
    -------
    dict of str to float
    """
    training = [job for job in jobs if job.kind == "training"]
    first, last = min(job.start for job in jobs), max(job.end for job in training)
    busy_after = sum(max(0.0, job.end - max(job.start, last)) for job in jobs)
    parts = {
        "epochs of the trainings": sum(job.epochs for job in training),
        "rest of the trainings": sum(job.seconds - job.epochs for job in training),
        "data": sum(job.seconds for job in jobs if job.kind == "data"),
        "tables, figures, page": sum(job.seconds for job in jobs if job.kind == "report"),
        "no job: before the first": cores * (first - start),
        "no job: after the last training": cores * (end - last) - busy_after,
    }
    return parts | {"no job: in between": cores * (end - start) - sum(parts.values())}


def tables(jobs, cores, start=None, end=None, snakemake_cpu=None, jobs_cpu=None, memory=None):
    """Return the tables as Markdown, and in words every target that is missed."""
    start = min(job.start for job in jobs) if start is None else start
    end = max(job.end for job in jobs) if end is None else end
    trainings = [job for job in jobs if job.kind == "training"]
    parts, total = core_time(jobs, cores, start, end), cores * (end - start)
    lines = [
        f"{len(jobs)} jobs, {len(trainings)} of them trainings, in {end - start:.0f} s on "
        f"{cores} cores.",
        "",
        "| core time | s | share |",
        "|---|---:|---:|",
        *(f"| {name} | {value:.0f} | {value / total:.1%} |" for name, value in parts.items()),
        f"| all | {total:.0f} | {1:.1%} |",
        "",
    ]
    if snakemake_cpu is not None:
        lines += [
            f"CPU time: Snakemake itself {snakemake_cpu:.0f} s, most of it beside jobs; its jobs "
            f"{jobs_cpu:.0f} s.",
            "",
        ]
    overhead = 1 - parts["epochs of the trainings"] / total
    longest = max(jobs, key=lambda job: job.seconds)
    idle = {
        "trainings": idle_at_end(jobs, cores, max(job.end for job in trainings)),
        "run": idle_at_end(jobs, cores, max(job.end for job in jobs)),
    }
    memories = {}
    for job in trainings:
        if job.memory is not None:
            memories[job.width] = max(job.memory, memories.get(job.width, 0.0))
    rows = [("all but epochs", overhead, MOST_OVERHEAD, "{:.1%}")]
    rows += [
        (
            f"a core without a job at the end of the {of}, s",
            seconds,
            longest.seconds * MOST_IDLE,
            "{:.1f}",
        )
        for of, seconds in idle.items()
    ]
    rows += [
        (
            f"largest memory of a training of {width} units, MB",
            value,
            MOST_MEMORY if width == WIDEST else None,
            "{:.0f}",
        )
        for width, value in sorted(memories.items())
    ]
    if memory is not None:
        rows.append(("largest memory of any process, MB", memory, None, "{:.0f}"))
    lines += ["| | found | allowed |", "|---|---:|---:|"]
    missed = []
    for name, found, allowed, form in rows:
        limit = "" if allowed is None else form.format(allowed)
        lines.append(f"| {name} | {form.format(found)} | {limit} |")
        if allowed is not None and found > allowed:
            missed.append(f"{name}: {form.format(found)}, allowed: {limit}")
    lines += ["", f"The longest job is {longest.name}, {longest.seconds:.1f} s."]
    return "\n".join(lines), missed


if __name__ == "__main__":
    main()
