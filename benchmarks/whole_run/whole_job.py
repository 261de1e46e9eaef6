"""The whole job, `snakemake --cores 2` as a user runs it, compared with one Keras script for it.

Both train every configuration of config.yaml on the same cores: Snakemake, in a copy of this
checkout, up to tables, figures and page; then keras_script.py, in one process with all cores, which
plots nothing. Autoencoders get fewer epochs and all get fewer seeds, those of a configuration in
one job, on both sides alike. What is left out is added configuration by configuration, at the pace
of those seeds and epochs that come after the first, when all is compiled: epochs of an autoencoder,
seeds of a classifier, which stops by itself, and the starts of more jobs. The workflow's additions
share its cores. `--full` leaves out nothing, and so adds nothing.

    python benchmarks/whole_run/whole_job.py --check
    python benchmarks/whole_run/whole_job.py --epochs 20 --seeds 3 --rounds 3

`--plain` is the Keras script with the defaults of `compile` and `fit`, in place of the tuned one.
Writes results/benchmarks/whole_job.md, or whole_job_plain.md, and .csv with the seconds and the
result of every configuration: an autoencoder's validation error, a classifier's accuracy, mean over
the seeds. On the way it says what whole_run.py says of each run of the workflow.
"""

import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "workflow"))

import shared
from autoencoders.sweep.declaration import read_sweep
from shared import ROOT, copy_of_checkout, median_ratio, read_config, variables
from whole_run import read_jobs, run_snakemake, shortened, tables_of

LIMIT = 0.35
SIDES = ("workflow", "keras")
GROUPS = ("autoencoders of 1024 units", "narrower autoencoders", "classifiers", "all else")
NOTE = (
    "The workflow's groups are core time divided by the cores; all else is the start of both, and "
    "of the workflow also data, analysis, figures, report and idle cores."
)


def main():
    """Run both sides, print and keep the table; with `--check` exit with 1 above the limit."""
    arguments = parse_arguments()
    config = declared = read_config(ROOT / "config.yaml")
    if not arguments.full:
        config = shortened(declared, arguments.epochs, arguments.seeds)
        for experiment in config["experiments"].values():
            # The seeds after the first of a job have the pace without compilation.
            experiment["seeds_per_job"] = experiment["seeds"]
    whole, short = (read_sweep(each).configurations for each in (declared, config))
    rounds = []
    with tempfile.TemporaryDirectory() as folder:
        for k in range(arguments.rounds):
            checkout = copy_of_checkout(Path(folder) / str(k), config)
            print(f"Round {k + 1}: the workflow.", file=sys.stderr, flush=True)
            ours = of_workflow(checkout, arguments.cores, short, whole)
            print(f"Round {k + 1}: the Keras script.", file=sys.stderr, flush=True)
            keras = of_keras(checkout, config, short, whole, arguments.plain)
            rounds.append({"workflow": ours, "keras": keras})
    name = "whole_job_plain" if arguments.plain else "whole_job"
    shared.keep(name, table(rounds, arguments), rows_of(rounds))
    ratio = median_ratio(*(seconds_of(rounds, side, "whole") for side in SIDES))
    if arguments.check and ratio > LIMIT:
        sys.exit(f"error: the whole job takes {ratio:.2f} of the Keras script's time, not {LIMIT}")


def parse_arguments():
    """Return the command line's arguments."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=6, help="of the autoencoders (6)")
    parser.add_argument("--seeds", type=int, default=2, help="of every configuration (2)")
    parser.add_argument("--full", action="store_true", help="all epochs and seeds")
    parser.add_argument("--rounds", type=int, default=1, help="of both sides (1)")
    parser.add_argument("--plain", action="store_true", help="the script with Keras' defaults")
    parser.add_argument("--cores", type=int, default=os.cpu_count(), help="of Snakemake (all)")
    parser.add_argument("--check", action="store_true", help=f"exit with 1 above {LIMIT}")
    arguments = parser.parse_args()
    if arguments.epochs < 2 or arguments.seeds < 2:
        parser.error("the pace is that of the epochs and the seeds after the first: at least 2")
    return arguments


def left_out(short, whole, epoch_seconds, seed_seconds, job_seconds=0.0):
    """Return the seconds that a configuration's training lacks of the whole.

    Parameters
    ----------
    short, whole : autoencoders.runs.configuration.Configuration
        As it ran, and as it is declared.
    epoch_seconds : float or None
        Seconds of an epoch of an autoencoder; None of a classifier.
    seed_seconds : float
        Seconds of a seed, as it ran.
    job_seconds : float, optional
        Seconds of a job apart from its seeds': its start, imports and compilation.
    """
    seconds = (whole.seeds - short.seeds) * seed_seconds
    seconds += (len(whole.blocks) - len(short.blocks)) * job_seconds
    if is_autoencoder(whole):
        epochs = whole.settings["training"]["epochs"] - short.settings["training"]["epochs"]
        seconds += whole.seeds * epochs * epoch_seconds
    return seconds


def part(short, whole, seconds, later, epoch, results, of_job=0.0):
    """Return what a configuration took, and the mean of its results.

    A seed that diverged has no result.
    """
    there = [float(value) for value in results if value is not None]
    return {
        "measured": seconds,
        "more": left_out(short, whole, epoch, later, of_job),
        "result": statistics.mean(there) if there else None,
    }


def of_workflow(checkout, cores, short, whole):
    """Run the workflow; return its times and results, as `measurement` has them."""
    record = run_snakemake(checkout, cores)
    print(tables_of(checkout / "results", cores)[0], file=sys.stderr)
    jobs = {job.name: job for job in read_jobs(checkout / "results")}
    configurations = {}
    for name, configuration in short.items():
        seconds, seeds = 0.0, []
        for block in configuration.blocks:
            record = checkout / "results" / block.folder / "run.json"
            seeds += json.loads(record.read_text(encoding="utf-8"))["metrics"]
            seconds += jobs[block.folder].seconds / cores
        later = statistics.mean(sum(seed["seconds"].values()) for seed in seeds[1:]) / cores
        of_job = (seconds - later * len(seeds)) / len(configuration.blocks)
        epoch = None
        if is_autoencoder(configuration):
            epoch = later / configuration.settings["training"]["epochs"]
        results = [seed[result_of(configuration)] for seed in seeds]
        configurations[name] = part(
            configuration, whole[name], seconds, later, epoch, results, of_job
        )
    cpu = record["snakemake_cpu"] + record["jobs_cpu"]
    return measurement(record["end"] - record["start"], cpu, configurations, short)


def of_keras(checkout, config, short, whole, plain):
    """Run the Keras script on the data that the workflow made; return the same of it."""
    data, output = checkout / f"results/data/{config['dataset']}", checkout / "keras.csv"
    command = [
        *(sys.executable, ROOT / "benchmarks/whole_run/keras_script.py"),
        *("--config", checkout / "config.yaml", "--output", output),
        *("--arrays", data / "arrays.npz", "--manifest", data / "manifest.json"),
        *(["--plain"] if plain else []),
    ]
    start = time.monotonic()
    with open(checkout / "keras.log", "w", encoding="utf-8") as log:
        process = subprocess.Popen(command, env=variables(), stdout=log, stderr=log)
        _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    if status:
        sys.exit(f"error: the Keras script failed:\n{(checkout / 'keras.log').read_text()}")
    rows = {name: [] for name in short}
    with open(output, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            rows[row["configuration"]].append(row)
    configurations = {}
    for name, seeds in rows.items():
        configuration = short[name]
        of_seeds = [float(seed["seconds"]) for seed in seeds]
        later, epoch = statistics.mean(of_seeds[1:]), None
        if is_autoencoder(configuration):
            epoch = statistics.mean(float(seed["epoch_seconds"]) for seed in seeds)
        results = [seed[result_of(configuration)] for seed in seeds]
        configurations[name] = part(
            configuration, whole[name], sum(of_seeds), later, epoch, results
        )
    return measurement(seconds, usage.ru_utime + usage.ru_stime, configurations, short)


def is_autoencoder(configuration):
    """Return whether it is one; otherwise it is a classifier."""
    return configuration.settings["network"] == "autoencoder"


def result_of(configuration):
    """Return which metric tells how well a configuration was trained."""
    return "validation_error" if is_autoencoder(configuration) else "accuracy"


def measurement(seconds, cpu, configurations, short):
    """Return what one side took.

    Returns
    -------
    dict
        `measured`, `whole`: seconds of all, as run and with what was left out; `cpu`: CPU time as
        run; `groups`: the whole's seconds by `GROUPS`; `configurations`: for each its part of these
        seconds, `measured` and `whole`, and its `result`, validation error or accuracy.
    """
    groups = dict.fromkeys(GROUPS, 0.0)
    groups["all else"] = seconds
    for name, parts in configurations.items():
        parts["whole"] = parts["measured"] + parts.pop("more")
        groups[group_of(short[name])] += parts["whole"]
        groups["all else"] -= parts["measured"]
    times = {"measured": seconds, "whole": sum(groups.values()), "cpu": cpu}
    return {**times, "groups": groups, "configurations": configurations}


def group_of(configuration):
    """Return which of `GROUPS` a configuration belongs to."""
    if not is_autoencoder(configuration):
        return "classifiers"
    return GROUPS[0] if configuration.settings["hidden"] == 1024 else GROUPS[1]


def table(rounds, arguments):
    """Return the table as Markdown: medians of the rounds."""
    length, whole = "all epochs and seeds", "whole"
    if not arguments.full:
        length = f"{arguments.epochs} epochs of an autoencoder, {arguments.seeds} seeds"
        whole = "whole, extrapolated"
    names = {"measured": f"measured: {length}", "cpu": "CPU time of that", "whole": whole}
    names |= {group: f"of it {group}" for group in GROUPS}
    script = "Keras script, plain" if arguments.plain else "Keras script"
    lines = [
        f"| s, {arguments.cores} cores | workflow | {script} | ratio |",
        "|---|---:|---:|---:|",
    ]
    for key, name in names.items():
        ours, keras = (seconds_of(rounds, side, key) for side in SIDES)
        cells = [f"{statistics.median(seconds):.0f}" for seconds in (ours, keras)]
        lines.append(f"| {name} | {' | '.join(cells)} | {median_ratio(ours, keras):.2f} |")
    found = shared.spread(shared.ratios(*(seconds_of(rounds, side, "whole") for side in SIDES)))
    lines += ["", f"Rounds: {len(rounds)}, medians; ratio of the whole {found}. {NOTE}"]
    return "\n".join(lines)


def seconds_of(rounds, side, key):
    """Return a side's seconds of every round; `key` is one of `GROUPS` or of all."""
    return [{**round_[side], **round_[side]["groups"]}[key] for round_ in rounds]


def rows_of(rounds):
    """Return the seconds and the result of every configuration, by round and side."""
    rows = []
    for k, round_ in enumerate(rounds, start=1):
        for side in SIDES:
            for name, parts in round_[side]["configurations"].items():
                rows.append({"round": k, "side": side, "configuration": name, **parts})
    return rows


if __name__ == "__main__":
    main()
