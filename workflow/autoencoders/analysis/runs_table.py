"""Every number of every run, the settings behind them, and the jobs that made them."""

import json

from autoencoders.analysis.columns import seeds_text
from autoencoders.analysis.writing import frame_of
from autoencoders.runs.configuration import settings_by_path
from autoencoders.runs.names import hidden_text

RUNS_COLUMNS = ("configuration", "seed", "metric", "value")
METRICS = (
    "training_error", "validation_error", "sparseness", "sparseness_training",
    "validation_accuracy", "accuracy",
)  # fmt: skip
PROVENANCE_COLUMNS = (
    "configuration", "folder", "seeds", "start", "end", "commit", "dirty", "code", "data",
    "versions", "cpu", "device", "threads", "host",
)  # fmt: skip


def runs_table(runs):
    """Return every number of every run, one a row, with the columns `RUNS_COLUMNS`.

    Errors are per pixel, `accuracy` is that on the test images, `diverged` and `dead` are 0 or 1,
    `epochs` and `seconds` are totals and `epochs_<phase>`, `seconds_<phase>` those of a phase. A
    number that is not finite is empty.
    """
    rows = []
    for configuration, run in runs.items():
        for entry in run.metrics:
            for metric, value in _numbers(entry).items():
                rows.append((configuration, entry["seed"], metric, value))
    return frame_of(rows, RUNS_COLUMNS)


def _numbers(entry):
    """Return the numbers of a seed by their metric."""
    numbers = {metric: entry[metric] for metric in METRICS if metric in entry}
    for count in ("epochs", "seconds"):
        numbers[count] = sum(entry[count].values())
        for phase, value in entry[count].items():
            numbers[f"{count}_{phase}"] = value
    for flag in ("diverged", "dead"):
        numbers[flag] = int(entry[flag])
    return numbers


def configurations_table(configurations):
    """Return the resolved settings of every Configuration of an iterable.

    The columns are configuration, experiment and seeds, then every setting, those of sections by
    their dotted path, such as `training.batch_size`; hidden as `256-128` or `no-hidden`.
    """
    rows, columns = [], {}
    for configuration in configurations:
        settings = configuration.settings
        row = {"configuration": configuration.name, "experiment": configuration.experiment}
        row |= {"seeds": configuration.seeds, **settings_by_path(settings)}
        row["hidden"] = hidden_text(settings["hidden"])
        rows.append(row)
        columns |= dict.fromkeys(row)
    # A section that some configurations do not have, such as a penalty, is no column by itself.
    sections = {column.rpartition(".")[0] for column in columns}
    return frame_of(rows, [column for column in columns if column not in sections])


def provenance_table(runs):
    """Return where the numbers of every job of some runs come from: `PROVENANCE_COLUMNS`.

    The folder is relative to the results; seeds are `0 1 2`; start and end are UTC, ISO 8601;
    dirty tells whether the checkout had other changes than its commit; code and data are
    checksums; versions are `numpy 2.0.0, python 3.12.0`.
    """
    rows = []
    for name, run in runs.items():
        for block, folder in zip(run.configuration.blocks, run.folders, strict=True):
            record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
            row = {**record, **record["git"], **record["sha256"]}
            row |= {"configuration": name, "folder": block.folder}
            row["seeds"] = seeds_text(block.config["seeds"])
            row["device"] = record["device"]["kind"]
            row["versions"] = ", ".join(map(" ".join, record["versions"].items()))
            rows.append(row)
    return frame_of(rows, PROVENANCE_COLUMNS)
