"""Finished runs: which may be used, and what they hold."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from autoencoders.runs.configuration import Configuration
from autoencoders.runs.integrity import RunsError, present_checksums, require_current

NAMED = 3  # runs that a refusal names


@dataclass(frozen=True)
class Run:
    """What was trained of one configuration: the seeds used, joined over its blocks."""

    configuration: Configuration
    # One entry per seed, as in run.json; None stands for a number that is not finite.
    metrics: list = field(repr=False)
    folders: tuple  # of the blocks, in the order of their seeds

    @property
    def name(self):
        """The name of the configuration."""
        return self.configuration.name

    @property
    def settings(self):
        """The settings of the configuration."""
        return self.configuration.settings

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
        """The seeds with a hidden layer that is 0 on every test image."""
        return [entry["seed"] for entry in self.metrics if entry["dead"]]

    @property
    def first_of_job(self):
        """The seeds that were trained first in their job, and whose seconds include compiling."""
        return set(range(0, self.configuration.seeds, self.configuration.seeds_per_job))

    def values(self, metric):
        """Return a metric of every seed that ended with finite numbers."""
        return [entry[metric] for entry in self.metrics if not entry["diverged"]]

    @cached_property
    def history(self):
        """The errors of every epoch: a pandas DataFrame with the columns of history.csv."""
        import pandas

        parts = [pandas.read_csv(folder / "history.csv") for folder in self.folders]
        history = pandas.concat(parts, ignore_index=True)
        return history[history["seed"].isin([entry["seed"] for entry in self.metrics])]

    def curves(self, error):
        """Return an error of the seeds that ended with finite numbers: epochs by seeds."""
        history = self.history[self.history["seed"].isin(self.seeds)]
        return history.pivot(index="epoch", columns="seed", values=error)

    @property
    def kept_seeds(self):
        """The seeds whose weights are there to be used, in ascending order."""
        return sorted(self._folder_of_seed)

    @cached_property
    def _folder_of_seed(self):
        folders = {}
        kept = self.configuration.keep_weights
        used = {entry["seed"] for entry in self.metrics if entry["seed"] < kept}
        for folder in self.folders:
            with np.load(folder / "weights.npz") as stored:
                saved = {int(name.split("/")[0].removeprefix("seed")) for name in stored.files}
            folders |= dict.fromkeys(saved & used, folder)
        return folders

    def weights(self, seed=None):
        """Return the weights of one seed, of the first one saved unless told.

        Returns
        -------
        dict of str to ndarray
            Such as `encoder/weights` of shape (n_pixels, hidden) and `encoder/biases` (hidden,).

        Raises
        ------
        RunsError
            If no weights of that seed were saved.
        """
        which = "no weights were saved" if seed is None else f"no weights of seed {seed}"
        if seed is None:
            seed = next(iter(self.kept_seeds), None)
        if seed not in self.kept_seeds:
            raise RunsError(
                f"{self.name}: {which} (`keep_weights: {self.configuration.keep_weights}`); set "
                "`keep_weights` to a larger number in config.yaml and run it again."
            )
        prefix = f"seed{seed}/"
        with np.load(self._folder_of_seed[seed] / "weights.npz") as stored:
            names = [name for name in stored.files if name.startswith(prefix)]
            return {name.removeprefix(prefix): stored[name] for name in names}


def read_runs(configurations, manifest_path, results, needs=()):
    """Read finished runs; leave out, with the reason, what is missing, stale or damaged.

    They must have been made from the data of the manifest, and lie in the folder `results`.
    `needs` names what else than the metrics is going to be read, and so must be whole:
    "history.csv", "weights.npz".

    Returns
    -------
    runs : dict of str to Run
        By name the runs that may be used, in the order asked for.
    gaps : dict of str to str
        Why each of the others may not, in a few words.
    """
    present = present_checksums(manifest_path)
    runs, gaps = {}, {}
    for configuration in configurations:
        try:
            runs[configuration.name] = _read_run(configuration, Path(results), present, needs)
        except RunsError as reason:
            gaps[configuration.name] = str(reason)
    return runs, gaps


def read_study(study, manifest_path, results, needs=()):
    """Read the finished runs of a study, as `read_runs` does.

    Returns the runs by variant and name, and the gaps by `<variant>/<name>`.
    """
    runs, gaps = {}, {}
    for variant, configurations in study.variants.items():
        runs[variant], missing = read_runs(configurations.values(), manifest_path, results, needs)
        for name, reason in missing.items():
            gaps[f"{variant}/{name}"] = reason
    return runs, gaps


def require(gaps, what="declared"):
    """Refuse to go on when there are gaps: name the first, with their reasons and what to do."""
    if not gaps:
        return
    first = [f"{name} ({reason})" for name, reason in gaps.items()][:NAMED]
    more = f"; and {len(gaps) - NAMED} more" if len(gaps) > NAMED else ""
    raise RunsError(
        f"{len(gaps)} {what} run{'s' if len(gaps) > 1 else ''} cannot be used: "
        f"{'; '.join(first)}{more}; train again with `snakemake --cores 1 --forcerun` and the "
        "path of each run's run.json, or show what is finished with `snakemake --cores 1 --config "
        "partial=True` (with the --configfile or --config of this run, if any)."
    )


def _read_run(configuration, results, present, needs):
    """Read the blocks of a configuration; a RunsError says what is wrong with one, in short."""
    metrics, folders = [], []
    for block in configuration.blocks:
        folder = results / block.folder
        record = require_current(folder, configuration.name, block.config, present, needs)
        metrics += record["metrics"]
        folders.append(folder)
    return Run(configuration, metrics[: configuration.seeds], tuple(folders))
