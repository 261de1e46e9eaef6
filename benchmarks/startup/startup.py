"""From the start of a training run to its first step, compared with a plain `import tensorflow`.

Both are timed in the training stage's lean environment and in the all-in-one environment, by one
clock that starts before the process does and stops inside it. What is timed is
`workflow/scripts/train.py` itself on the configuration `autoencoder/relu-128`, on data of exactly
one batch, so that its first epoch, which is one compiled function, is its first step. The rounds
are interleaved; a ratio is the median over the rounds of the ratio within a round.

    python benchmarks/startup/startup.py --make FOLDER
    python benchmarks/startup/startup.py --training PYTHON --all PYTHON --rounds 15 --check
    python benchmarks/startup/startup.py --make FOLDER --variants
    python benchmarks/startup/startup.py --make FOLDER --against CHECKOUT

`--make` builds both environments from requirements/training.txt and all.txt in FOLDER where they
are not there yet (4 GB, some minutes); otherwise name their interpreters. In the lean one,
`--variants` also times other ways to start, and `--against` the code of another checkout, whose own
benchmark makes the command. To be run from `.venv`.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "workflow"))

import shared
from autoencoders import arrays
from autoencoders.sweep.declaration import read_sweep
from shared import ROOT, ratios, spread

CONFIGURATION = "autoencoder/relu-128"
N_PIXELS, DENSITY = 784, 0.13
# The longest that the training environment's first step may take, in plain imports.
LIMITS = {"training": 0.8, "all": 0.5}

PLAIN_IMPORT = "import tensorflow; import time; print(time.monotonic())"
# Runs a script whose first epoch ends the process.
FIRST_STEP = """
import os, runpy, sys, time
sys.argv.pop(0)
sys.path.insert(0, os.path.dirname(os.path.dirname(sys.argv[0])))
from autoencoders.training import device
prepare = device.prepare

def prepare_and_watch(*args, **kwargs):
    prepared = prepare(*args, **kwargs)
    from autoencoders.training.trainer import Trainer
    epoch = Trainer.epoch

    def first_epoch(*args, **kwargs):
        epoch(*args, **kwargs)
        print(time.monotonic(), flush=True)
        os._exit(0)

    Trainer.epoch = first_epoch
    return prepared

device.prepare = prepare_and_watch
runpy.run_path(sys.argv[0], run_name="__main__")
sys.exit("error: no epoch was trained")
"""
# Other ways to start: variables, the interpreter's options, and Python code that is run first.
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
        pythons = {name: shared.environment(arguments.make / name, name) for name in pythons}
    with tempfile.TemporaryDirectory() as folder:
        train = training_command(Path(folder, "here"))
        commands = {}
        for name, python in pythons.items():
            commands[name, "first step"] = [python, *train]
            commands[name, "plain import"] = [python, "-c", PLAIN_IMPORT]
        if arguments.against:
            other = other_training_command(arguments.against, Path(folder, "there"))
            task = f"first step, {arguments.against}"
            commands["training", task] = [pythons["training"], *other]
        if arguments.variants:
            for variant, (given, options, first) in VARIANTS.items():
                command = ["env", *given, pythons["training"], *options]
                command += ["-c", f"{first}\n{train[1]}", *train[2:]]
                commands["training", f"first step, {variant}"] = command
        tasks = {key: partial(time_of, command) for key, command in commands.items()}
        seconds = shared.interleaved(tasks, arguments.rounds)
    print("| environment | task | seconds | / its plain import | / plain import in `all` |")
    print("|---|---|---|---|---|")
    for (name, task), values in seconds.items():
        cells = [name, task, spread(values)]
        for to in (name, "all"):
            cells.append(spread(ratios(values, seconds[to, "plain import"])))
        print(f"| {' | '.join(cells)} |")
    print(f"\nMedians of {arguments.rounds} rounds (smallest to largest).")
    here = seconds["training", "first step"]
    if arguments.against:
        there = seconds["training", f"first step, {arguments.against}"]
        print(f"This checkout / {arguments.against}: {spread(ratios(here, there))}")
    if arguments.check:
        for to, limit in LIMITS.items():
            ratio = shared.median_ratio(here, seconds[to, "plain import"])
            if ratio > limit:
                found = f"the first step takes {ratio:.2f} plain imports in the environment {to}"
                sys.exit(f"error: {found}, allowed: {limit}")


def parse_arguments():
    """Return the command line's arguments."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--make", type=Path, metavar="FOLDER", help="folder of the environments")
    parser.add_argument("--training", type=Path, metavar="PYTHON", help="the lean one's python")
    parser.add_argument("--all", type=Path, metavar="PYTHON", help="the all-in-one's python")
    parser.add_argument("--rounds", type=int, default=10, help="recorded rounds (10)")
    parser.add_argument("--variants", action="store_true", help="also other ways to start")
    parser.add_argument("--against", type=Path, metavar="CHECKOUT", help="also another checkout's")
    limits = f"{LIMITS['training']} and {LIMITS['all']} plain imports"
    parser.add_argument("--check", action="store_true", help=f"exit with 1 above {limits}")
    arguments = parser.parse_args()
    if bool(arguments.make) == bool(arguments.training and arguments.all):
        parser.error("either --make, or --training and --all")
    return arguments


def training_command(folder):
    """Make data of one batch in a folder; return the interpreter's options to train on them."""
    configurations = read_sweep(shared.read_config(ROOT / "config.yaml")).configurations
    config = configurations[CONFIGURATION].blocks[0].config
    n_images = config["training"]["batch_size"]
    rng = np.random.default_rng(0)
    images = (rng.random((n_images, N_PIXELS)) < DENSITY).astype(np.uint8)
    labels = np.arange(n_images, dtype=np.uint8) % 10
    data = {"train_images": images, "test_images": images}
    data |= {"train_labels": labels, "test_labels": labels}
    arrays_path, manifest_path = folder / "arrays.npz", folder / "manifest.json"
    arrays.save(arrays_path, manifest_path, data, {"dataset": "lab", "title": "One batch"})
    return [
        *("-c", FIRST_STEP, str(ROOT / "workflow/scripts/train.py")),
        *("--configuration", CONFIGURATION, "--config", json.dumps(config), "--code", "none"),
        *("--manifest", str(manifest_path), "--arrays", str(arrays_path)),
        *("--output", str(folder / "run")),
    ]


def other_training_command(checkout, folder):
    """Return `training_command` as the same benchmark of another checkout makes it."""
    (module,) = checkout.resolve().glob("benchmarks/**/startup.py")
    code = (
        "import json, pathlib, sys; sys.path.insert(0, sys.argv[1]); import startup; "
        "print(json.dumps(startup.training_command(pathlib.Path(sys.argv[2]))))"
    )
    command = [sys.executable, "-c", code, module.parent, folder]
    return json.loads(subprocess.check_output(command, text=True))


def time_of(command):
    """Return the seconds from before the start of a command until the moment that it prints."""
    start = time.monotonic()
    result = subprocess.run(command, env=shared.variables(), capture_output=True, text=True)
    if result.returncode:
        sys.exit(f"error: {command[0]} failed:\n{result.stderr}")
    return float(result.stdout.split()[-1]) - start


if __name__ == "__main__":
    main()
