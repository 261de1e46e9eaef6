"""Finished runs: which may be used, and what they hold."""

import csv
import json
import zipfile
import zlib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from autoencoders.files import sha256_of_file, sha256_of_json
from autoencoders.stages import code_sha256

HISTORY_COLUMNS = ["seed", "phase", "epoch", "training_error", "validation_error", "accuracy"]

DAMAGE = (OSError, ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile, zlib.error)


class RunsError(ValueError):
    """Runs that are missing, stale or without what is asked of them."""


@dataclass(frozen=True)
class Run:
    """A finished run of one configuration.

    Attributes
    ----------
    configuration : str
        Its id, such as `autoencoder/relu-128`.
    config : dict
        The resolved configuration.
    metrics : list of dict
        One entry per seed, as in metrics.json; None stands for a number that is not finite.
    folder : pathlib.Path
        Where its files lie.
    """

    configuration: str
    config: dict
    metrics: list = field(repr=False)
    folder: Path

    @property
    def seeds(self):
        """The seeds that ended with finite numbers."""
        return [entry["seed"] for entry in self.metrics if not entry["diverged"]]

    @property
    def diverged(self):
        """The seeds that diverged."""
        return [entry["seed"] for entry in self.metrics if entry["diverged"]]

    @property
    def dead(self):
        """The seeds whose hidden units are all 0 on every test image."""
        return [entry["seed"] for entry in self.metrics if entry["dead"]]

    @cached_property
    def history(self):
        """The errors of every epoch: a pandas DataFrame with the columns of history.csv."""
        import pandas

        return pandas.read_csv(self.folder / "history.csv")

    @cached_property
    def kept_seeds(self):
        """The seeds whose weights were kept, in ascending order."""
        path = self.folder / "weights.npz"
        if not path.exists():
            return []
        with np.load(path) as stored:
            return sorted({int(name.split("/")[0].removeprefix("seed")) for name in stored.files})

    def weights(self, seed=None):
        """Return the weights of one seed.

        Parameters
        ----------
        seed : int, optional
            The first kept seed unless told.

        Returns
        -------
        dict of str to ndarray
            Such as `encoder/weights` of shape (784, hidden) and `encoder/biases` (hidden,).

        Raises
        ------
        RunsError
            If no weights of that seed were kept.
        """
        if not self.kept_seeds or (seed is not None and seed not in self.kept_seeds):
            which = "no weights" if seed is None else f"no weights of seed {seed}"
            raise RunsError(
                f"{self.configuration} has kept {which} (`keep_weights: "
                f"{self.config['keep_weights']}`); set `keep_weights: first` or `all` in "
                "config.yaml and run it again."
            )
        prefix = f"seed{self.kept_seeds[0] if seed is None else seed}/"
        with np.load(self.folder / "weights.npz") as stored:
            return {
                name.removeprefix(prefix): stored[name]
                for name in stored.files
                if name.startswith(prefix)
            }


def read_plan(path):
    """Read plan.json: what is declared, and what each table and figure is made from.

    Raises
    ------
    RunsError
        If it is missing or not JSON.
    """
    return _read_json(path, "the plan that Snakemake writes when it starts")


def read_manifest(path):
    """Read the manifest of a data set.

    Raises
    ------
    RunsError
        If it is missing or not JSON.
    """
    return _read_json(path, "the manifest of the data set")


def read_runs(plan, manifest_path, runs_folder, configurations=None):
    """Read finished runs; leave out, with the reason, what is missing, stale or damaged.

    Parameters
    ----------
    plan : dict
        What plan.json holds.
    manifest_path : path-like
        The manifest of the data that the runs must have been made from.
    runs_folder : path-like
        Holds a folder for every configuration.
    configurations : iterable of str, optional
        The configurations wanted; all of the plan unless told.

    Returns
    -------
    runs : dict of str to Run
        The runs that may be used, in the order asked for.
    gaps : dict of str to str
        Why each of the others may not, in a few words.
    """
    present = {"data": sha256_of_file(manifest_path), "code": code_sha256("training")}
    runs, gaps = {}, {}
    for configuration in plan["configurations"] if configurations is None else configurations:
        declared = plan["configurations"][configuration]
        sums = {**present, "config": declared["sha256"]}
        try:
            runs[configuration] = _read_run(configuration, Path(runs_folder) / configuration, sums)
        except RunsError as reason:
            gaps[configuration] = str(reason)
    return runs, gaps


def undeclared(plan, runs_folder):
    """Return the configurations that have a run on disk but are not declared: they are not used.

    Parameters
    ----------
    plan : dict
        What plan.json holds.
    runs_folder : path-like
        Holds a folder for every configuration.

    Returns
    -------
    list of str
        In alphabetical order.
    """
    records = Path(runs_folder).glob("*/*/run.json")
    found = {record.parent.relative_to(runs_folder).as_posix() for record in records}
    return sorted(found - set(plan["configurations"]))


def require(gaps, runs_folder="results/runs"):
    """Refuse to go on when there are gaps.

    Parameters
    ----------
    gaps : dict of str to str
        As `read_runs` returns them.
    runs_folder : path-like, optional
        Where the runs lie, for the command that the message proposes.

    Raises
    ------
    RunsError
        Names every configuration that is missing, with its reason and what to do.
    """
    if not gaps:
        return
    named = "; ".join(f"{configuration} ({reason})" for configuration, reason in gaps.items())
    records = " ".join(f"{runs_folder}/{configuration}/run.json" for configuration in gaps)
    raise RunsError(
        f"{len(gaps)} declared run{'s' * (len(gaps) > 1)} cannot be used: {named}; train again "
        f"with `snakemake --cores 1 --forcerun {records}`, or draw what is finished with "
        "`snakemake --cores 1 partial` (and the --configfile or --config of this run, if any)."
    )


def _read_json(path, what):
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RunsError(f"{path}, {what}, is missing; run `snakemake` to make it.") from None
    except ValueError:
        raise RunsError(f"{path}, {what}, is not JSON; remove it and run `snakemake`.") from None


def _read_run(configuration, folder, sums):
    """Read and check one run; a RunsError says in a few words what is wrong with it."""
    if not (folder / "run.json").exists():
        raise RunsError("not finished")
    recorded = _parsed(folder / "run.json", _json)
    recorded = recorded.get("sha256") if isinstance(recorded, dict) else None
    if not isinstance(recorded, dict):
        raise RunsError("run.json is unreadable")
    if recorded.get("config") != sums["config"]:
        raise RunsError("made from another configuration")
    if recorded.get("data") != sums["data"]:
        raise RunsError("made from other data")
    if recorded.get("code") != sums["code"]:
        raise RunsError("made by other code")
    config = _parsed(folder / "config.json", _json)
    if sha256_of_json(config) != sums["config"]:
        raise RunsError("config.json was altered after the run")
    metrics = _parsed(folder / "metrics.json", _metrics)
    if metrics["configuration"] != configuration:
        raise RunsError(f"metrics.json belongs to {metrics['configuration']}")
    if [entry["seed"] for entry in metrics["seeds"]] != list(range(config["seeds"])):
        raise RunsError("metrics.json does not hold every seed")
    _parsed(folder / "history.csv", _check_history)
    if config["keep_weights"] != "none":
        _parsed(folder / "weights.npz", _check_weights)
    return Run(configuration, config, metrics["seeds"], folder)


def _parsed(path, parse):
    try:
        return parse(path)
    except FileNotFoundError:
        raise RunsError(f"{path.name} is missing") from None
    except DAMAGE:
        raise RunsError(f"{path.name} is unreadable") from None


def _json(path):
    return json.loads(path.read_text(encoding="utf-8"))


def _metrics(path):
    metrics = _json(path)
    needed = {"seed", "diverged", "dead", "epochs", "seconds"}
    if "configuration" not in metrics or not all(
        needed <= seed.keys() for seed in metrics["seeds"]
    ):
        raise KeyError("configuration, seeds")
    return metrics


def _check_history(path):
    with open(path, newline="", encoding="utf-8") as file:
        rows = csv.reader(file)
        if next(rows, None) != HISTORY_COLUMNS:
            raise ValueError("columns")
        for seed, _, epoch, *errors in rows:
            if len(errors) != 3 or int(seed) < 0 or int(epoch) < 1:
                raise ValueError("row")
            for error in errors:
                float(error or "nan")


def _check_weights(path):
    with zipfile.ZipFile(path) as archive:
        if archive.testzip() is not None:
            raise zipfile.BadZipFile(path)
