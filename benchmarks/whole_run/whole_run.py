"""Where the core time of a whole run goes, and whether a core is idle at its end.

Reads what a finished run left in its results folder: the seconds and the memory of every job
(benchmarks/), the seconds of every training run's epochs (run.json). A core is either at
epochs, at the rest of a training run (start of the process, imports, writing), at another job, or
without a job: while Snakemake starts, between two jobs, or at the end, when there is nothing left
for it. Times are wall times: other work on the machine makes them longer, and the shares less sure.

    python benchmarks/whole_run/whole_run.py --run --check
    python benchmarks/whole_run/whole_run.py --results results --cores 2
    python benchmarks/whole_run/whole_run.py --against CHECKOUT --epochs 4 --seeds 2

`--run` runs Snakemake itself, in a copy of this checkout, and knows of its start and its own CPU
time; the table is kept in results/benchmarks/. Without it the folder must come from one run, as a
job's end is the date of its file. `--against` runs this and another checkout in turn, each
shortened from its own config.yaml, and compares wall time, CPU time and the end of the run.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import shared
from shared import ROOT, copy_of_checkout, spread, variables

KINDS = {"runs": "training", "studies": "training", "data": "data"}
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
        Its path under benchmarks/: runs/autoencoder/relu-128/seeds-0-2, figures/figure1.
    start, end : float
        Seconds since the epoch of the clock.
    memory : float or None
        Largest resident memory that Snakemake saw, in MB.
    epochs : float
        Seconds in the epochs of a training run; 0 for other jobs.
    width : int
        Units of a training run's widest layer; 0 for other jobs.
    """

    name: str
    start: float
    end: float
    memory: float | None = None
    epochs: float = 0.0
    width: int = 0

    @property
    def kind(self):
        """One of "training", "data" and "report", which is all that comes after the runs."""
        return KINDS.get(self.name.split("/")[0], "report")

    @property
    def seconds(self):
        """How long it took."""
        return self.end - self.start


def main():
    """Print the tables; with `--check` exit with 1 where a target is missed."""
    arguments = parse_arguments()
    if arguments.against:
        print(comparison(arguments))
        return
    if arguments.run:
        with tempfile.TemporaryDirectory() as folder:
            checkout = copy_of_checkout(Path(folder) / "checkout", arguments.configfile)
            run_snakemake(checkout, arguments.cores)
            text, missed = tables_of(checkout / "results", arguments.cores)
        shared.keep("whole_run", text)
    else:
        text, missed = tables_of(arguments.results, arguments.cores)
        print(text)
    if arguments.check and missed:
        sys.exit(f"error: {'; '.join(missed)}")


def parse_arguments():
    """Return the command line's arguments."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--results", type=Path, default=ROOT / "results", help="a finished run's")
    add("--cores", type=int, default=2, help="that the run had (2)")
    add("--run", action="store_true", help="run it first, in a copy")
    add("--configfile", type=Path, help="with --run: in place of config.yaml")
    add("--against", type=Path, metavar="CHECKOUT", help="run this and another checkout in turn")
    add("--epochs", type=int, default=4, help="with --against: of an autoencoder, at most (4)")
    add("--seeds", type=int, default=2, help="with --against: of a configuration, at most (2)")
    add("--rounds", type=int, default=1, help="with --against: runs of each (1)")
    add("--dataset", help="with --against: in place of config.yaml's; digits needs no download")
    targets = f"{MOST_OVERHEAD} of the core time, {MOST_IDLE} of the longest job, {MOST_MEMORY} MB"
    add("--check", action="store_true", help=f"exit with 1 above {targets}")
    return parser.parse_args()


def shortened(config, epochs, seeds):
    """Return a configuration file with at most so many epochs of the autoencoders, and seeds.

    All else stays, so that the file of an older checkout can be shortened, too.
    """
    autoencoder = config["autoencoder"]
    autoencoder = {**autoencoder, "epochs": min(epochs, autoencoder["epochs"])}
    experiments = {}
    for name, experiment in config["experiments"].items():
        experiment = {**experiment, "seeds": min(seeds, experiment.get("seeds", seeds))}
        if "seeds_per_job" in experiment:  # a job trains all its seeds, even those not used
            experiment["seeds_per_job"] = min(seeds, experiment["seeds_per_job"])
        experiments[name] = experiment
    return {**config, "autoencoder": autoencoder, "experiments": experiments}


def comparison(arguments):
    """Run this checkout and another one in turn; return the table as Markdown."""
    tasks = {
        "this checkout": partial(times_of_run, ROOT, arguments),
        str(arguments.against): partial(times_of_run, arguments.against, arguments),
    }
    measured = shared.interleaved(tasks, arguments.rounds, warm_up=False)
    other = [times["wall"] for times in measured[str(arguments.against)]]
    lines = [
        "| checkout | jobs | wall, s | / the other | CPU, s | a core without a job at the end, s |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for name, rounds in measured.items():
        wall, cpu, idle = ([times[key] for times in rounds] for key in ("wall", "cpu", "idle"))
        ratio = f"{shared.median_ratio(wall, other):.2f}"
        cells = [name, str(rounds[0]["jobs"]), spread(wall, 0), ratio, spread(cpu, 0)]
        lines.append(f"| {' | '.join(cells)} | {spread(idle, 1)} |")
    return "\n".join(lines)


def times_of_run(source, arguments):
    """Run a copy of a checkout, shortened; return its number of jobs, and seconds."""
    print(f"Running {source}.", file=sys.stderr, flush=True)
    config = shortened(
        shared.read_config(source / "config.yaml"), arguments.epochs, arguments.seeds
    )
    if arguments.dataset:
        config["dataset"] = arguments.dataset
    with tempfile.TemporaryDirectory() as folder:
        checkout = copy_of_checkout(Path(folder) / "checkout", config, source)
        record = run_snakemake(checkout, arguments.cores)
        jobs = read_jobs(checkout / "results")
    return {
        "jobs": len(jobs),
        "wall": record["end"] - record["start"],
        "cpu": record["snakemake_cpu"] + record["jobs_cpu"],
        "idle": idle_at_end(jobs, arguments.cores, max(job.end for job in jobs)),
    }


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
        output = log.read_text(encoding="utf-8")
        failure = output[max(output.find("Error in rule"), 0) :]
        sys.exit(f"error: Snakemake failed:\n{failure[:5000]}")
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
            hidden, metrics = hidden_units_and_metrics(results / name)
            epochs = sum(sum(seed["seconds"].values()) for seed in metrics)
            width = hidden if isinstance(hidden, int) else max(hidden, default=0)
            job = replace(job, epochs=epochs, width=width)
        jobs.append(job)
    if not any(job.kind == "training" for job in jobs):
        sys.exit(f"error: {results} holds no training run of a finished workflow.")
    return sorted(jobs, key=lambda job: job.end)


def hidden_units_and_metrics(folder):
    """Return a run's setting `hidden` and the metrics of its seeds."""
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    if "metrics" in record:
        return record["config"]["hidden"], record["metrics"]
    # Checkouts as of a80ec4f have two files for it.
    config, metrics = (
        json.loads((folder / name).read_text(encoding="utf-8"))
        for name in ("config.json", "metrics.json")
    )
    return config["hidden"], metrics["seeds"]


def idle_at_end(jobs, cores, end):
    """Return for how many seconds before `end` there was a core without a job."""
    moments = []
    for job in jobs:
        if job.start < end:
            moments += [(job.start, 1), (job.end, -1)]
    # An end sorts before a start at the same moment: what takes over does not overlap it.
    moments.sort()
    running, last_all_busy = 0, moments[0][0]
    for moment, change in moments:
        if running >= cores:
            last_all_busy = moment
        running += change
    return end - min(last_all_busy, end)


def core_time(jobs, cores, start, end):
    """Return the core time of a run in seconds, by what it went to; together all there was.

    Returns
    -------
    dict of str to float
    """
    training = [job for job in jobs if job.kind == "training"]
    first, last = min(job.start for job in jobs), max(job.end for job in training)
    busy_after = sum(max(0.0, job.end - max(job.start, last)) for job in jobs)
    parts = {
        "epochs of the training runs": sum(job.epochs for job in training),
        "rest of the training runs": sum(job.seconds - job.epochs for job in training),
        "data": sum(job.seconds for job in jobs if job.kind == "data"),
        "analysis, figures, report": sum(job.seconds for job in jobs if job.kind == "report"),
        "no job: before the first": cores * (first - start),
        "no job: after the last training run": cores * (end - last) - busy_after,
    }
    return parts | {"no job: in between": cores * (end - start) - sum(parts.values())}


def tables(jobs, cores, start=None, end=None, snakemake_cpu=None, jobs_cpu=None, memory=None):
    """Return the tables as Markdown, and in words every target that is missed."""
    start = min(job.start for job in jobs) if start is None else start
    end = max(job.end for job in jobs) if end is None else end
    trainings = [job for job in jobs if job.kind == "training"]
    parts, total = core_time(jobs, cores, start, end), cores * (end - start)
    lines = [
        f"{len(jobs)} jobs, {len(trainings)} of them training runs, in {end - start:.0f} s on "
        f"{cores} cores.",
        "",
        "| core time | s | share |",
        "|---|---:|---:|",
        *(f"| {name} | {value:.0f} | {value / total:.1%} |" for name, value in parts.items()),
        f"| all | {total:.0f} | {1:.1%} |",
        "",
    ]
    if snakemake_cpu is not None:
        lines.append(
            f"CPU time: Snakemake itself {snakemake_cpu:.0f} s, its jobs {jobs_cpu:.0f} s.\n"
        )
    overhead = 1 - parts["epochs of the training runs"] / total
    longest = max(jobs, key=lambda job: job.seconds)
    rows = [("all but epochs", overhead, MOST_OVERHEAD, "{:.1%}")]
    for of, its_jobs in (("training runs", trainings), ("run", jobs)):
        idle = idle_at_end(jobs, cores, max(job.end for job in its_jobs))
        name = f"a core without a job at the end of the {of}, s"
        rows.append((name, idle, longest.seconds * MOST_IDLE, "{:.1f}"))
    memories = {}
    for job in trainings:
        if job.memory is not None:
            memories[job.width] = max(job.memory, memories.get(job.width, 0.0))
    for width, value in sorted(memories.items()):
        name = f"largest memory of a training run of {width} units, MB"
        rows.append((name, value, MOST_MEMORY if width == WIDEST else None, "{:.0f}"))
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
