"""Train every seed of one configuration and write its run folder."""

import argparse
import csv
import json
import logging
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from autoencoders import arrays, backend, provenance, stages
from autoencoders.files import (
    clean_up_when_terminated,
    folder_written_aside,
    sha256_of_file,
    sha256_of_json,
    write_json,
)


def main():
    """Read the arguments, train, and write the run whole or not at all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--configuration", required=True, help="its id, autoencoder/relu-128, say")
    parser.add_argument("--config", required=True, type=json.loads, help="resolved, as JSON")
    parser.add_argument("--manifest", required=True, type=Path, help="the data set's manifest.json")
    parser.add_argument("--arrays", required=True, type=Path, help="the data set's arrays.npz")
    parser.add_argument("--output", required=True, type=Path, help="folder of the run")
    arguments = parser.parse_args()
    clean_up_when_terminated()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)

    config = arguments.config
    start = provenance.now()
    try:
        device = backend.prepare(
            config["threads"], config["onednn"], config["device"], config["tf32"]
        )
    except backend.DeviceError as error:
        sys.exit(f"error: {arguments.configuration}: {error}")
    from autoencoders import experiments

    try:
        data = arrays.load(arguments.arrays, arguments.manifest)
    except arrays.ArraysError as error:
        sys.exit(f"error: {error}")
    logging.info(
        "%s: %d seeds from %d on the %s",
        *(arguments.configuration, config["seeds"], config["first_seed"], device["kind"]),
    )
    history, seeds, weights = experiments.train(config, data)
    run = {
        "configuration": arguments.configuration,
        "sha256": {
            "config": sha256_of_json(config),
            "data": sha256_of_file(arguments.manifest),
            "code": stages.code_sha256("training"),
        },
        "data": json.loads(arguments.manifest.read_text(encoding="utf-8")),
        **provenance.environment(),
        "threads": config["threads"],
        "device": device,
        "git": provenance.git_state(stages.WORKFLOW),
        "start": start,
        "end": provenance.now(),
    }
    with folder_written_aside(arguments.output) as folder:
        write_json(folder / "config.json", config)
        write_history(folder / "history.csv", history, experiments.COLUMNS)
        metrics = {"configuration": arguments.configuration, "seeds": seeds}
        write_json(folder / "metrics.json", metrics)
        np.savez(folder / "weights.npz", **weights)
        write_json(folder / "run.json", run)
    logging.info("wrote %s", arguments.output)


def write_history(path, rows, columns):
    """Write the epochs as CSV, numbers with all their digits and nothing for None."""
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


if __name__ == "__main__":
    main()
