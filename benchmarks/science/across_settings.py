"""How far results differ across numbers of threads, and with and without oneDNN's kernels.

    MNIST_LOCAL=FOLDER python benchmarks/science/across_settings.py
    python benchmarks/science/across_settings.py --seeds 3 --epochs 5

Trains autoencoders and pre-trained classifiers, with the settings of config.yaml but fewer epochs,
under every combination of 1 and 2 threads with oneDNN on and off, each by the workflow's own script
in a process of its own. Prints the largest differences over all seeds from the default, which is
also trained twice; in brackets relative differences, those of an array of weights relative to its
largest. FOLDER holds MNIST's t10k files; without it the data are scikit-learn's digits.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from shared import ROOT, machine, read_config, variables

sys.path.insert(0, str(ROOT / "workflow"))

from autoencoders.data.dataset_catalog import DATASETS
from autoencoders.files import training_code_sha256
from autoencoders.sweep.declaration import read_sweep

SCRIPTS = ROOT / "workflow/scripts"
DEFAULT = {"threads": 1, "onednn": True}
SETTINGS = {
    "the default again": DEFAULT,
    "1 thread, oneDNN off": {"threads": 1, "onednn": False},
    "2 threads, oneDNN on": {"threads": 2, "onednn": True},
    "2 threads, oneDNN off": {"threads": 2, "onednn": False},
}
NETWORKS = {
    "autoencoder": {"hidden": 128},
    "classifier": {"hidden": [128, 128]},
}
ERRORS = ("training_error", "validation_error")


def main():
    """Train under every setting and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=3, help="default: %(default)s")
    parser.add_argument("--epochs", type=int, default=5, help="of each phase, default: %(default)s")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = build_data(Path(folder))
        rows = []
        for name, config in declared(data["dataset"], arguments.seeds, arguments.epochs).items():
            reference = train(name, {**config, **DEFAULT}, data)
            for setting, values in SETTINGS.items():
                other = train(name, {**config, **values}, data)
                rows.append([name, setting, *differences(reference, other)])
    print(table(rows))
    length = f"{arguments.seeds} seeds, at most {arguments.epochs} epochs of each phase"
    print(f"\nData: {data['dataset']}; {length}. {machine()}.")


def build_data(folder):
    """Build the data set; return its name and the paths of its files."""
    local = os.environ.get("MNIST_LOCAL")
    name = "lab" if local else "digits"
    files = [Path(local, file) for file in DATASETS[name].files.values()]
    split = [ROOT / "resources" / "lab_split.csv"] if local else []
    data = {"arrays": folder / "arrays.npz", "manifest": folder / "manifest.json"}
    described = json.dumps(asdict(DATASETS[name]))
    options = ("--dataset", described, "--files", *files, "--split", *split)
    call("build_dataset", *options, "--output", *data.values())
    return {"dataset": name, **data}


def declared(dataset, seeds, epochs):
    """Return what config.yaml, shortened, declares to be trained: settings by name."""
    config = read_config(ROOT / "config.yaml")
    config["autoencoder"]["epochs"] = epochs
    for phase in ("pre_training", "full_training"):
        config["classifier"][phase]["max_epochs"] = epochs
    experiments = {}
    for network, entry in NETWORKS.items():
        facts = {"network": network, "seeds": seeds, "seeds_per_job": seeds}
        facts["activations"] = ["relu", "sigmoid"]
        experiments[network] = {**facts, "configurations": [entry]}
    nothing = {"studies": {}, "calibration": [], "tables": {}, "figures": {}}
    sweep = read_sweep({**config, **nothing, "dataset": dataset, "experiments": experiments})
    return {name: each.blocks[0].config for name, each in sweep.configurations.items()}


def train(name, config, data):
    """Train a configuration; return the metrics of its seeds and their weights."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "run"
        options = {"--configuration": name, "--config": json.dumps(config), "--output": output}
        options |= {"--manifest": data["manifest"], "--arrays": data["arrays"]}
        options["--code"] = training_code_sha256()
        call("train", *(text for pair in options.items() for text in pair))
        record = json.loads((output / "run.json").read_text(encoding="utf-8"))
        with np.load(output / "weights.npz") as weights:
            return record["metrics"], dict(weights)


def call(script, *arguments):
    """Run a script of the workflow in a process of its own, which says nothing unless it fails."""
    command = [sys.executable, SCRIPTS / f"{script}.py", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env=variables())
    if done.returncode:
        sys.exit(done.stderr)


def differences(reference, other):
    """Return the texts of a row: of errors, accuracies and weights, and the seeds' epochs."""
    (metrics, weights), (other_metrics, other_weights) = reference, other
    pairs = list(zip(metrics, other_metrics, strict=True))
    errors = [(one[key], two[key]) for one, two in pairs for key in ERRORS]
    accuracies = [(one["accuracy"], two["accuracy"]) for one, two in pairs if "accuracy" in one]
    arrays = [(weights[key], other_weights[key]) for key in weights]
    other_epochs = sum(one["epochs"] != two["epochs"] for one, two in pairs)
    return [*map(largest, (errors, accuracies, arrays)), f"{other_epochs} of {len(pairs)}"]


def largest(pairs):
    """Return the largest absolute difference and, in brackets, the largest relative one.

    The latter is that of a pair of numbers or arrays, relative to the largest of the first one.
    """
    if not pairs:
        return "–"
    absolute = [np.abs(np.subtract(one, two)).max() for one, two in pairs]
    sizes = [np.abs(one).max() for one, _ in pairs]
    relative = [value / size for value, size in zip(absolute, sizes, strict=True) if size]
    return f"{max(absolute):.1e} ({max(relative):.1e})" if max(absolute) else "0"


def table(rows):
    """Return the rows as Markdown."""
    head = ["network", "setting", "errors", "accuracy", "weights", "seeds with other epochs"]
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    main()
