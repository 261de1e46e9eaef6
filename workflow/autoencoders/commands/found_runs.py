"""The finished runs of a folder of results, whatever configuration they are of."""

import json
import os
from dataclasses import dataclass, field
from math import fsum, sqrt
from pathlib import Path
from statistics import fmean

from autoencoders.runs.configuration import settings_by_path
from autoencoders.runs.names import hidden_text
from autoencoders.sweep.checking import did_you_mean

KINDS = ("runs", "studies")
# Of a job, not of the network that it trains.
NOT_OF_A_NETWORK = ("seeds", "keep_weights")
RECORD = "run.json"


class CommandError(Exception):
    """What a command cannot do; the message is one sentence with the way out."""


@dataclass
class FoundRun:
    """All blocks of one configuration that are there."""

    name: str  # such as `classifier/relu-128`, or `studies/step/0.1/classifier/relu-128`
    settings: dict  # by dotted path
    metrics: list = field(default_factory=list)  # one entry per seed, as in run.json
    folders: list = field(default_factory=list)  # of the blocks

    def values(self, metric):
        """Return a metric by seed, of the seeds that did not diverge and have it."""
        values = {}
        for entry in self.metrics:
            if not entry["diverged"] and entry.get(metric) is not None:
                values[entry["seed"]] = entry[metric]
        return values

    def mean_and_sd(self, metric):
        """Return mean and standard deviation over the seeds; None where there are too few."""
        values = list(self.values(metric).values())
        if not values:
            return None, None
        mean, n = fmean(values), len(values)
        # Not `statistics.stdev`, whose fractions take most of the time of thousands of runs.
        return mean, sqrt(fsum((x - mean) ** 2 for x in values) / (n - 1)) if n > 1 else None


def read_folder(results):
    """Return every `FoundRun` of a folder of results by its name, and what could not be read.

    The latter are sentences.

    Raises
    ------
    CommandError
        If there is no such folder, or no run in it.
    """
    results = Path(results)
    if not results.is_dir():
        raise CommandError(f"there is no folder {results}; run `snakemake --cores 8` to make one.")
    found, faults = {}, []
    for kind in KINDS:
        for path in _records(results / kind):
            folder = path.parent
            name = str(folder.parent.relative_to(results)).removeprefix("runs/")
            try:
                record = json.loads(path.read_text(encoding="utf-8"))
                settings = _flat(record["config"])
                metrics = [dict(entry) for entry in record["metrics"]]
                if any("seed" not in entry or "diverged" not in entry for entry in metrics):
                    raise ValueError
            except (OSError, ValueError, KeyError, TypeError, AttributeError):
                faults.append(
                    f"{path} is no record of a run; remove its folder and train it again."
                )
                continue
            run = found.setdefault(name, FoundRun(name, settings))
            run.metrics += metrics
            run.folders.append(folder)
    for run in found.values():
        run.metrics.sort(key=lambda entry: entry["seed"])
    if not found and not faults:
        raise CommandError(
            f"{results} has no finished run; run `snakemake --cores 8` to train them."
        )
    return found, faults


def named(name, found, refusal):
    """Return of a dict by name the one asked for, whose kind of network may be left out.

    Raises
    ------
    CommandError
        With the nearest names, after the words of the `refusal`, or with those that it may be.
    """
    if name in found:
        return found[name]
    fitting = [kind for kind in (f"autoencoder/{name}", f"classifier/{name}") if kind in found]
    if len(fitting) == 1:
        return found[fitting[0]]
    if fitting:
        raise CommandError(f"{name} may be {' or '.join(fitting)}; name one of them.")
    short = {each.partition("/")[2]: each for each in found if not each.startswith("studies/")}
    hint = did_you_mean(name, [*found, *short]) or "; `autoencoders show` lists what is there"
    raise CommandError(f"{refusal} {name}{hint}.")


def _records(folder):
    """Yield the records below a folder, in order; hidden folders are unfinished runs."""
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        if RECORD in files:
            yield Path(place, RECORD)


def _flat(config):
    config = dict(config)
    for name in NOT_OF_A_NETWORK:
        config.pop(name, None)
    flat = settings_by_path(config)
    flat["hidden"] = hidden_text(config["hidden"])
    return {path.removeprefix("training."): value for path, value in flat.items()}
