"""The whole job, `snakemake --cores 2` as a user runs it, against one Keras script for the same.

Both train every configuration of config.yaml on the same cores: Snakemake, in a copy of this
checkout, up to tables, figures and page; then `benchmarks/keras_script.py`, in one process with all
cores, which draws nothing. Autoencoders get fewer epochs and all get fewer seeds, on both sides
alike. What is left out is added configuration by configuration, at the pace of those seeds and
epochs that come after the first, when all is compiled: epochs of an autoencoder, seeds of a
classifier, which stops by itself. The workflow's additions share its cores. `--full` leaves out
nothing, and so adds nothing.

    python benchmarks/whole_job.py --check
    python benchmarks/whole_job.py --epochs 20 --seeds 3 --rounds 3

`--plain` is the Keras script with the defaults of `compile` and `fit`, in place of the tuned one.
Writes results/benchmarks/whole_job.md, or whole_job_plain.md, and .csv with the seconds and the
result of every configuration: an autoencoder's validation error, a classifier's accuracy, mean over
the seeds. On the way it says what `benchmarks/whole_run.py` says of each run of the workflow.
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

import yaml

from whole_run import ROOT, copy_of_checkout, read_jobs, run_snakemake, tables_of, variables

sys.path.insert(0, str(ROOT / "workflow"))

from autoencoders.sweep import read_sweep

LIMIT = 0.35
SIDES = ("workflow", "keras")
GROUPS = ("autoencoders of 1024 units", "narrower autoencoders", "classifiers", "all else")
FOLDER = ROOT / "results/benchmarks"
COLUMNS = ("round", "side", "configuration", "measured", "whole", "result")


def main():
    """Run both sides, print and keep the table; with `--check` exit with 1 above the limit."""
    arguments = parse_arguments()
    declared = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    config = declared if arguments.full else shortened(declared, arguments.epochs, arguments.seeds)
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
    text = table(rounds, arguments)
    print(text)
    FOLDER.mkdir(parents=True, exist_ok=True)
    name = "whole_job_plain" if arguments.plain else "whole_job"
    (FOLDER / f"{name}.md").write_text(text + "\n", encoding="utf-8")
    write_csv(FOLDER / f"{name}.csv", rounds)
    ratio = statistics.median(ratios(rounds, "whole"))
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


def shortened(config, epochs, seeds):
    """Return a configuration file with at most so many epochs of the autoencoders, and seeds."""
    return {
        **config,
        "autoencoder": config["autoencoder"]
        | {"epochs": min(epochs, config["autoencoder"]["epochs"])},
        "experiments": {
            name: experiment | {"seeds": min(seeds, experiment.get("seeds", seeds))}
            for name, experiment in config["experiments"].items()
        },
    }


def left_out(short, whole, epoch_seconds, seed_seconds):
    """Return the seconds that a configuration's training lacks of the whole.

    Parameters
    ----------
    short, whole : dict
        The resolved configuration as it ran, and as it was declared.
    epoch_seconds : float or None
        Seconds of an epoch of an autoencoder; None of a classifier.
    seed_seconds : float
        Seconds of a seed, as it ran.
    """
    seeds = whole["seeds"] - short["seeds"]
    if whole["network"] == "classifier":
        return seeds * seed_seconds
    epochs = whole["training"]["epochs"] - short["training"]["epochs"]
    return seeds * seed_seconds + whole["seeds"] * epochs * epoch_seconds


def of_workflow(checkout, cores, short, whole):
    """Run the workflow; return its times and results, as `measurement` has them."""
    record = run_snakemake(checkout, cores)
    print(tables_of(checkout / "results", cores)[0], file=sys.stderr)
    jobs = {job.name: job for job in read_jobs(checkout / "results")}
    configurations = {}
    for name, config in short.items():
        seeds = json.loads((checkout / f"results/runs/{name}/metrics.json").read_text())["seeds"]
        later = statistics.mean(sum(seed["seconds"].values()) for seed in seeds[1:])
        autoencoder = config["network"] == "autoencoder"
        epoch = later / config["training"]["epochs"] if autoencoder else None
        result = "validation_error" if autoencoder else "accuracy"
        configurations[name] = {
            "measured": jobs[f"runs/{name}"].seconds / cores,
            "more": left_out(config, whole[name], epoch, later) / cores,
            "result": mean_of(seed[result] for seed in seeds),
        }
    cpu = record["snakemake_cpu"] + record["jobs_cpu"]
    return measurement(record["end"] - record["start"], cpu, configurations, short)


def of_keras(checkout, config, short, whole, plain):
    """Run the Keras script on the data that the workflow made; return the same of it."""
    data, output = checkout / f"results/data/{config['dataset']}", checkout / "keras.csv"
    command = [
        *(sys.executable, ROOT / "benchmarks/keras_script.py"),
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
        later = statistics.mean(float(seed["seconds"]) for seed in seeds[1:])
        autoencoder = short[name]["network"] == "autoencoder"
        epoch = statistics.mean(float(s["epoch_seconds"]) for s in seeds) if autoencoder else None
        result = "validation_error" if autoencoder else "accuracy"
        configurations[name] = {
            "measured": sum(float(seed["seconds"]) for seed in seeds),
            "more": left_out(short[name], whole[name], epoch, later),
            "result": mean_of(float(seed[result]) for seed in seeds),
        }
    return measurement(seconds, usage.ru_utime + usage.ru_stime, configurations, short)


def mean_of(values):
    """Return the mean of the values that are there: a seed that diverged has none."""
    there = [value for value in values if value is not None]
    return statistics.mean(there) if there else None


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
    for name, parts in configurations.items():
        parts["whole"] = parts["measured"] + parts.pop("more")
        groups[group_of(short[name])] += parts["whole"]
    groups["all else"] = seconds - sum(parts["measured"] for parts in configurations.values())
    return {
        "measured": seconds,
        "whole": sum(groups.values()),
        "cpu": cpu,
        "groups": groups,
        "configurations": configurations,
    }


def group_of(config):
    """Return which of `GROUPS` a configuration belongs to."""
    if config["network"] == "classifier":
        return "classifiers"
    return GROUPS[0] if config["hidden"] == 1024 else GROUPS[1]


def ratios(rounds, key):
    """Return the workflow's seconds in those of the Keras script, for every round."""
    return [round_["workflow"][key] / round_["keras"][key] for round_ in rounds]


def table(rounds, arguments):
    """Return the table as Markdown: medians of the rounds."""

    def row(name, pick):
        values = {side: [pick(round_[side]) for round_ in rounds] for side in SIDES}
        quotients = [a / b for a, b in zip(*values.values(), strict=True) if b]
        cells = [f"{statistics.median(values[side]):.0f}" for side in SIDES]
        cells.append(f"{statistics.median(quotients):.2f}" if quotients else "")
        return f"| {name} | {' | '.join(cells)} |"

    length = "all epochs and seeds"
    if not arguments.full:
        length = f"{arguments.epochs} epochs of an autoencoder, {arguments.seeds} seeds"
    lines = [
        f"| s, {arguments.cores} cores | workflow | "
        f"Keras script{', plain' if arguments.plain else ''} | ratio |",
        "|---|---:|---:|---:|",
        row(f"measured: {length}", lambda side: side["measured"]),
        row("CPU time of that", lambda side: side["cpu"]),
        row("whole" if arguments.full else "whole, extrapolated", lambda side: side["whole"]),
        *(row(f"of it {group}", lambda side, g=group: side["groups"][g]) for group in GROUPS),
    ]
    spread = ratios(rounds, "whole")
    lines += [
        "",
        f"Rounds: {len(rounds)}, medians; ratio of the whole {min(spread):.2f}-{max(spread):.2f}. "
        "The workflow's groups are core time divided by the cores; all else is the start of both, "
        "and of the workflow also data, tables, figures, page and idle cores.",
    ]
    return "\n".join(lines)


def write_csv(path, rounds):
    """Write the seconds and the results of every configuration."""
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for k, round_ in enumerate(rounds, start=1):
            for side in SIDES:
                for name, parts in round_[side]["configurations"].items():
                    writer.writerow({"round": k, "side": side, "configuration": name, **parts})


if __name__ == "__main__":
    main()
