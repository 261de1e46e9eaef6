"""From the start of a training to the end of its first step, against a plain `import tensorflow`.

Both are timed in the training stage's lean environment and in the all-in-one environment, by one
clock that starts before the process does and stops inside it. The training is
`workflow/scripts/train.py` itself on the configuration `autoencoder/relu-128`, on data of exactly
one batch, so that its first epoch, which is one compiled function, is its first step. The rounds
are interleaved, so that a busy machine disturbs all alike; a first round, not recorded, fills the
file cache; a ratio is the median over the rounds of the ratio within a round.

    python benchmarks/startup.py --make FOLDER
    python benchmarks/startup.py --training PYTHON --all PYTHON --rounds 15 --check
    python benchmarks/startup.py --make FOLDER --variants

`--make` builds both environments from requirements/training.txt and all.txt in FOLDER where they
are not there yet (4 GB, some minutes); otherwise name their interpreters. `--variants` also times
other ways to start a training, in the lean one. To be run from `.venv`.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import yaml

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "workflow"))

from autoencoders import arrays
from autoencoders.sweep import read_sweep
from environments import ROOT, environment

CONFIGURATION = "autoencoder/relu-128"
N_PIXELS, DENSITY = 784, 0.13
TASKS = ("first step", "plain import")
# The longest that the training environment's first step may take, in plain imports.
LIMITS = {"training": 0.8, "all": 0.5}

PLAIN_IMPORT = "import tensorflow; import time; print(time.monotonic())"
# Runs a script whose first epoch of training ends the process.
FIRST_STEP = """
import os, runpy, sys, time
sys.argv.pop(0)
sys.path.insert(0, os.path.dirname(os.path.dirname(sys.argv[0])))
from autoencoders import backend
prepare = backend.prepare

def prepare_and_watch(*args, **kwargs):
    prepared = prepare(*args, **kwargs)
    from autoencoders.training import Trainer
    epoch = Trainer.epoch

    def first_epoch(*args, **kwargs):
        epoch(*args, **kwargs)
        print(time.monotonic(), flush=True)
        os._exit(0)

    Trainer.epoch = first_epoch
    return prepared

backend.prepare = prepare_and_watch
runpy.run_path(sys.argv[0], run_name="__main__")
sys.exit("error: no epoch was trained")
"""
# Other ways to start: variables, the interpreter's options, and what is done first.
VARIANTS = {
    "isolated": ([], ["-I"], ""),
    "without docstrings": ([], ["-OO"], ""),
    "collector on": ([], [], "import gc; gc.disable = gc.freeze = lambda: None"),
    "collector off for good": ([], [], "import gc; gc.enable = lambda: None"),
    "huge pages": (["GLIBC_TUNABLES=glibc.malloc.hugetlb=1", "PYTHONMALLOC=malloc"], [], ""),
    "every symbol bound at once": (["LD_BIND_NOW=1"], [], ""),
}


def main():
    """Time both environments, print the table, and with `--check` exit with 1 over a limit."""
    arguments = parse_arguments()
    pythons = {"training": arguments.training, "all": arguments.all}
    if arguments.make:
        pythons = {name: environment(arguments.make / name, name) for name in pythons}
    with tempfile.TemporaryDirectory() as folder:
        train = training_command(Path(folder))
        commands = {
            (name, task): [str(python), *options]
            for name, python in pythons.items()
            for task, options in zip(TASKS, (train, ["-c", PLAIN_IMPORT]), strict=True)
        }
        if arguments.variants:
            commands |= {
                ("training", f"first step, {variant}"): [
                    *("env", *variables, str(pythons["training"]), *options),
                    *("-c", f"{first}\n{train[1]}", *train[2:]),
                ]
                for variant, (variables, options, first) in VARIANTS.items()
            }
        seconds = measure(commands, arguments.rounds)
    print("| environment | task | seconds | / its plain import | / plain import in `all` |")
    print("|---|---|---|---|---|")
    for name, task in seconds:
        cells = [spread(seconds[name, task])]
        cells += [spread(ratios(seconds, name, task, to)) for to in (name, "all")]
        print(f"| {name} | {task} | {' | '.join(cells)} |")
    print(f"\nMedians of {arguments.rounds} rounds (smallest to largest).")
    if arguments.check:
        for to, limit in LIMITS.items():
            ratio = statistics.median(ratios(seconds, "training", "first step", to))
            if ratio > limit:
                sys.exit(
                    f"error: the first step takes {ratio:.2f} times a plain import in the "
                    f"environment {to}, allowed: {limit}"
                )


def parse_arguments():
    """Return the command line's arguments."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--make", type=Path, metavar="FOLDER", help="folder of the environments")
    parser.add_argument("--training", type=Path, metavar="PYTHON", help="the lean one's python")
    parser.add_argument("--all", type=Path, metavar="PYTHON", help="the all-in-one's python")
    parser.add_argument("--rounds", type=int, default=10, help="recorded rounds (10)")
    parser.add_argument("--variants", action="store_true", help="also other ways to start")
    limits = f"{LIMITS['training']} and {LIMITS['all']} plain imports"
    parser.add_argument("--check", action="store_true", help=f"exit with 1 above {limits}")
    arguments = parser.parse_args()
    if bool(arguments.make) == bool(arguments.training and arguments.all):
        parser.error("either --make, or --training and --all")
    return arguments


def training_command(folder):
    """Make data of one batch in a folder; return the interpreter's options to train on them."""
    config = read_sweep(yaml.safe_load((ROOT / "config.yaml").read_text())).configurations[
        CONFIGURATION
    ]
    n_images = config["training"]["batch_size"]
    rng = np.random.default_rng(0)
    images = (rng.random((n_images, N_PIXELS)) < DENSITY).astype(np.uint8)
    labels = np.arange(n_images, dtype=np.uint8) % 10
    data = {f"{split}_images": images for split in ("train", "test")}
    data |= {f"{split}_labels": labels for split in ("train", "test")}
    arrays.save(folder, data, {"dataset": "one batch"})
    return [
        *("-c", FIRST_STEP, str(ROOT / "workflow/scripts/train.py")),
        *("--configuration", CONFIGURATION, "--config", json.dumps(config)),
        *("--manifest", str(folder / "manifest.json"), "--arrays", str(folder / "arrays.npz")),
        *("--output", str(folder / "run")),
    ]


def measure(commands, rounds):
    """Return the seconds of every round, by command.

    Parameters
    ----------
    commands : dict of tuple to list of str
        Each prints, when it is done, what the monotonic clock shows.
    rounds : int
    """
    seconds = {key: [] for key in commands}
    for k in range(rounds + 1):
        for key in list(commands)[:: 1 if k % 2 == 0 else -1]:
            duration = time_of(commands[key])
            if k > 0:
                seconds[key].append(duration)
    return seconds


def time_of(command):
    """Return the seconds from before the start of a command until the moment that it prints."""
    mine = ("TF_", "PYTHON", "MALLOC_")
    variables = {name: value for name, value in os.environ.items() if not name.startswith(mine)}
    start = time.monotonic()
    result = subprocess.run(command, env=variables, capture_output=True, text=True)
    if result.returncode:
        sys.exit(f"error: {command[0]} failed:\n{result.stderr}")
    return float(result.stdout.split()[-1]) - start


def ratios(seconds, name, task, to):
    """Return a task's seconds in plain imports of the environment `to`, for every round."""
    pairs = zip(seconds[name, task], seconds[to, "plain import"], strict=True)
    return [duration / plain for duration, plain in pairs]


def spread(values):
    """Return the median and the range as text."""
    return f"{statistics.median(values):.2f} ({min(values):.2f}-{max(values):.2f})"


if __name__ == "__main__":
    main()
