"""Finished runs: which may be used, and what they hold."""

import csv
import json
import zipfile
import zlib
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from autoencoders.files import sha256_of_json
from autoencoders.records import fault, present_sums

HISTORY_COLUMNS = ["seed", "phase", "epoch", "training_error", "validation_error", "accuracy"]
FEW = 3  # runs that a refusal names

DAMAGE = (OSError, ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile, zlib.error)


class RunsError(ValueError):
    """Runs that are missing, stale or without what is asked of them."""


@dataclass(frozen=True)
class Run:
    """A finished run of one configuration, with the seeds that the lottery added to it.

    Attributes
    ----------
    configuration : str
        Its id, such as `autoencoder/relu-128`.
    config : dict
        The resolved configuration, as declared.
    metrics : list of dict
        One entry per seed, as in metrics.json; None stands for a number that is not finite.
    folders : tuple of pathlib.Path
        Where its files lie; those of the declared seeds first.
    """

    configuration: str
    config: dict
    metrics: list = field(repr=False)
    folders: tuple

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

        parts = [pandas.read_csv(folder / "history.csv") for folder in self.folders]
        history = pandas.concat(parts, ignore_index=True)
        return history[history["seed"].isin([entry["seed"] for entry in self.metrics])]

    @cached_property
    def kept_seeds(self):
        """The seeds whose weights were kept, in ascending order."""
        with np.load(self.folders[0] / "weights.npz") as stored:
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
        with np.load(self.folders[0] / "weights.npz") as stored:
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


def read_runs(plan, manifest_path, results, configurations=None):
    """Read finished runs; leave out, with the reason, what is missing, stale or damaged.

    The seeds that `snakemake lottery` added are used where they may be, and not missed elsewhere.

    Parameters
    ----------
    plan : dict
        What plan.json holds.
    manifest_path : path-like
        The manifest of the data that the runs must have been made from.
    results : path-like
        Holds runs/ and lottery/, with a folder for every configuration.
    configurations : iterable of str, optional
        The configurations wanted; all of the plan unless told.

    Returns
    -------
    runs : dict of str to Run
        The runs that may be used, in the order asked for.
    gaps : dict of str to str
        Why each of the others may not, in a few words.
    """
    present = present_sums(manifest_path)
    runs, gaps = {}, {}
    for configuration in plan["configurations"] if configurations is None else configurations:
        sums = {**present, "config": plan["configurations"][configuration]["sha256"]}
        folder = Path(results) / "runs" / configuration
        try:
            run = _read_run(configuration, folder, sums)
        except RunsError as reason:
            gaps[configuration] = str(reason)
            continue
        if configuration in plan["lottery"]:
            sums = {**present, "config": plan["lottery"][configuration]["sha256"]}
            folder = Path(results) / "lottery" / configuration
            with suppress(RunsError):
                more = _read_run(configuration, folder, sums)
                run = replace(
                    run, metrics=run.metrics + more.metrics, folders=run.folders + more.folders
                )
        runs[configuration] = run
    return runs, gaps


def read_study(plan, manifest_path, results, study):
    """Read the finished runs of a study.

    Parameters
    ----------
    plan, manifest_path, results
        As for `read_runs`; the runs lie in studies/<study>/<variant>/, or are the declared ones.
    study : str
        Its name, a key of the plan's `studies`.

    Returns
    -------
    runs : dict of str to dict of str to Run
        By variant and configuration the runs that may be used, each with the first of its seeds
        only, as many as the study has.
    gaps : dict of str to str
        By `<variant>/<configuration>` why each of the others may not.
    """
    present = present_sums(manifest_path)
    declared = plan["studies"][study]
    runs, gaps = {}, {}
    for variant, entries in declared["variants"].items():
        runs[variant] = {}
        for configuration, entry in entries.items():
            sums = {**present, "config": entry["sha256"]}
            try:
                run = _read_run(configuration, Path(results) / entry["folder"], sums)
            except RunsError as reason:
                gaps[f"{variant}/{configuration}"] = str(reason)
                continue
            runs[variant][configuration] = replace(run, metrics=run.metrics[: declared["seeds"]])
    return runs, gaps


def read_studies(plan, manifest_path, results, studies):
    """Read those of some studies that are whole.

    Parameters
    ----------
    plan, manifest_path, results
        As for `read_study`.
    studies : iterable of str
        Their names; one that is not declared is none that is whole.

    Returns
    -------
    dict of str to dict of str to dict of str to Run
        The runs by study, variant and configuration.
    """
    whole = {}
    for study in studies:
        if study in plan["studies"]:
            runs, gaps = read_study(plan, manifest_path, results, study)
            if not gaps:
                whole[study] = runs
    return whole


def undeclared(plan, results):
    """Return the configurations that have a run on disk but are not declared: they are not used.

    Parameters
    ----------
    plan : dict
        What plan.json holds.
    results : path-like
        Holds runs/, with a folder for every configuration.

    Returns
    -------
    list of str
        In alphabetical order.
    """
    runs = Path(results) / "runs"
    found = {record.parent.relative_to(runs).as_posix() for record in runs.glob("*/*/run.json")}
    return sorted(found - set(plan["configurations"]))


def require(gaps, results="results"):
    """Refuse to go on when there are gaps.

    Parameters
    ----------
    gaps : dict of str to str
        As `read_runs` returns them.
    results : path-like, optional
        Where the results lie, for the command that the message proposes.

    Raises
    ------
    RunsError
        Names every configuration that is missing, with its reason and what to do.
    """
    if not gaps:
        return
    named = "; ".join(f"{configuration} ({reason})" for configuration, reason in gaps.items())
    records = " ".join(f"{results}/runs/{configuration}/run.json" for configuration in gaps)
    raise RunsError(
        f"{len(gaps)} declared run{'s' * (len(gaps) > 1)} cannot be used: {named}; train again "
        f"with `snakemake --cores 1 --forcerun {records}`, or draw what is finished with "
        "`snakemake --cores 1 partial` (and the --configfile or --config of this run, if any)."
    )


def require_study(gaps, plan, study, results="results"):
    """Refuse to go on when runs of a study are missing.

    Parameters
    ----------
    gaps : dict of str to str
        As `read_study` returns them.
    plan : dict
        What plan.json holds.
    study : str
        Its name.
    results : path-like, optional
        Where the results lie, for the command that the message proposes.

    Raises
    ------
    RunsError
        Names the study, the first of its runs that cannot be used, and what to do.
    """
    if not gaps:
        return
    variants = plan["studies"][study]["variants"]
    first = [f"{run} ({reason})" for run, reason in gaps.items()][:FEW]
    more = len(gaps) - len(first)
    variant, configuration = next(iter(gaps)).split("/", 1)
    record = f"{results}/{variants[variant][configuration]['folder']}/run.json"
    raise RunsError(
        f"{len(gaps)} of the {sum(map(len, variants.values()))} runs of the study {study} cannot "
        f"be used: {'; '.join(first)}{f'; and {more} more' if more else ''}; `snakemake --cores 1 "
        "calibration` trains what is missing or stale, and what is damaged where it is named, as "
        f"by `--forcerun {record}` (with the --configfile or --config of this run, if any)."
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
    if reason := fault(folder, sums):
        raise RunsError(reason)
    config = _parsed(folder / "config.json", _json)
    if sha256_of_json(config) != sums["config"]:
        raise RunsError("config.json was altered after the run")
    metrics = _parsed(folder / "metrics.json", _metrics)
    if metrics["configuration"] != configuration:
        raise RunsError(f"metrics.json belongs to {metrics['configuration']}")
    first, count = config["first_seed"], config["seeds"]
    if [entry["seed"] for entry in metrics["seeds"]] != list(range(first, first + count)):
        raise RunsError("metrics.json does not hold every seed")
    _parsed(folder / "history.csv", _check_history)
    _parsed(folder / "weights.npz", _check_weights)
    return Run(configuration, config, metrics["seeds"], (folder,))


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
