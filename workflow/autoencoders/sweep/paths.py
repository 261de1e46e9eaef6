"""Where the files of a sweep are, and which of them a rule reads.

All paths are relative to the working directory, so that a checkout can move with its results.
"""

import time
from functools import cache
from pathlib import Path

from autoencoders.files import canonical_json, sha256_of_files
from autoencoders.sweep.checking import ConfigError


class Paths:
    """The paths of a sweep.

    Parameters
    ----------
    sweep : Sweep
    checkout : path-like
        The folder of the Snakefile.

    Raises
    ------
    ConfigError
        If the folder of results cannot be one, as a file is in its place.

    Attributes
    ----------
    results, manifest, arrays : str
        The folder of results, and the data set in it.
    made : str
        Where tables and figures go: a partial report has a folder of its own.
    published : list of str
        The files of the published numbers.
    """

    def __init__(self, sweep, checkout):
        self.workflow = Path(checkout, "workflow")
        self.results = sweep.settings["results"]
        for place in (Path(self.results), *Path(self.results).parents):
            if place.is_file():
                raise ConfigError(
                    f"results is {self.results}, but {place} is a file; name another."
                )
        data = f"{self.results}/data/{sweep.dataset.name}"
        self.manifest, self.arrays = f"{data}/manifest.json", f"{data}/arrays.npz"
        # A moment that is never the same, as a partial report is made anew each time.
        self.partial = time.time() if sweep.settings["partial"] else None
        self.made = f"{self.results}/partial" if self.partial else self.results
        self.published = _files(Path(checkout, "resources/report"), "*.csv")

    def script(self, name):
        """Return the path of a rule's script."""
        return str(self.workflow / f"scripts/{name}.py")

    def code(self, *stages):
        """Return a param of a rule: checksums of the stages (folders) that its script runs.

        As inputs, the files would be 1,300, each of which Snakemake looks up at every start.
        """
        library = self.workflow / "autoencoders"
        folders = [library, *(library / stage for stage in stages)]
        return [f"{folder.name} {_checksum_of_folder(folder)}" for folder in folders]

    def csv(self, names):
        """Return the paths of tables of numbers."""
        return [f"{self.made}/tables/{name}.csv" for name in names]

    def of_runs(self, configurations, studies, needs=()):
        """Return the files that reading runs takes: its record, and `needs`."""
        every = [*configurations, *(each for study in studies for each in study.configurations())]
        folders = dict.fromkeys(block.folder for each in every for block in each.blocks)
        names = ("run.json", *needs)
        return [f"{self.results}/{folder}/{name}" for folder in folders for name in names]

    def read_by(self, script, runs=((), ()), needs=(), **files):
        """Return the inputs of a rule by name, for the call of its script."""
        checked = [*files.get("tables", []), *files.get("figures", [])]
        return {
            "script": self.script(script),
            "manifest": self.manifest,
            # A partial report takes the runs that are finished, and waits for none.
            "runs": [] if self.partial else self.of_runs(*runs, needs),
            **{"arrays": [], "published": [], "tables": [], "figures": []},
            **files,
            "checksums": [f"{path}.sha256" for path in checked],
        }

    def declared(self, configurations=(), studies=(), show=(), entry=None):
        """Return what is declared as one text, for a script's standard input.

        One text, as Snakemake compares params as a set, in which exchanged values look the same.
        """
        return canonical_json(
            {
                "configurations": [each.to_json() for each in configurations],
                "studies": [each.to_json() for each in studies],
                "show": list(show),
                "entry": entry,
                "partial": self.partial,
            }
        )


@cache
def _checksum_of_folder(folder):
    return sha256_of_files(_files(folder, "*.*"), folder)


def _files(folder, pattern):
    return sorted(str(path) for path in folder.glob(pattern) if path.is_file())
