"""Train the seeds of one block of a configuration and write its run folder."""

import argparse
import csv
import json
import logging
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from autoencoders import arrays
from autoencoders.files import (
    described,
    failing_in_one_sentence,
    folder_written_aside,
    sha256_of_file,
    write_record,
)
from autoencoders.training import device, provenance
from autoencoders.training.parent_watch import end_with_parent
from autoencoders.training.training_record import COLUMNS


def parse_arguments():
    """Return the command line's arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--configuration", required=True, help="its name, such as autoencoder/relu-128")
    add("--config", required=True, type=json.loads, help="the block's settings and seeds, JSON")
    add("--code", required=True, metavar="SHA256", help="checksum of the training code, to record")
    add("--manifest", required=True, type=Path, help="the data set's manifest.json")
    add("--arrays", required=True, type=Path, help="the data set's arrays.npz")
    add("--output", required=True, type=Path, help="folder of the run")
    return parser.parse_args()


def main(arguments):
    """Train, and write the run whole or not at all."""
    end_with_parent()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)

    config = arguments.config
    start = provenance.now()
    found_device = device.prepare(
        config["threads"], config["onednn"], config["device"], config["tf32"]
    )
    from autoencoders.training import job  # imports TensorFlow, which is prepared now

    data = arrays.load(arguments.arrays, arguments.manifest)
    logging.info(
        "%s: seeds %s on the %s",
        *(arguments.configuration, config["seeds"], found_device["kind"].upper()),
    )
    history, metrics, weights = job.train(config, data)
    run = {
        "configuration": arguments.configuration,
        "config": config,
        "metrics": metrics,
        "sha256": {
            "data": sha256_of_file(arguments.manifest),
            "code": arguments.code,
        },
        "data": json.loads(arguments.manifest.read_text(encoding="utf-8")),
        **provenance.environment(),
        "threads": config["threads"],
        "device": found_device,
        "git": provenance.git_state(Path(__file__).parent),
        "start": start,
        "end": provenance.now(),
    }
    with folder_written_aside(arguments.output) as folder:
        write_history(folder / "history.csv", history)
        np.savez(folder / "weights.npz", **weights)
        run["files"] = {path.name: described(path) for path in sorted(folder.iterdir())}
        write_record(folder / "run.json", run)
    logging.info("wrote %s", arguments.output)


def write_history(path, rows):
    """Write the epochs as CSV, numbers with all their digits and nothing for None."""
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)


if __name__ == "__main__":
    with failing_in_one_sentence(device.DeviceError, arrays.ArraysError):
        main(parse_arguments())
