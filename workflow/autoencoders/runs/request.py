"""What the scripts of the later stages are given: files as options, what is declared as JSON."""

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path

from autoencoders.arrays import ArraysError, read_manifest
from autoencoders.files import failing_in_one_sentence
from autoencoders.runs.configuration import Study, by_name
from autoencoders.runs.integrity import RunsError, require_checksums
from autoencoders.runs.reading import read_runs, read_study, require


@dataclass(frozen=True)
class Request:
    """What a script is asked to make, and from what."""

    configurations: dict  # by name, those that the output is made from
    studies: dict  # of Study, by name
    manifest_path: Path  # of the data
    results: Path  # the folder that the configurations' folders are relative to
    published: Path | None  # the folder of the published numbers
    arrays: Path | None  # of the data
    tables: list  # paths of earlier rules' files, such as table1.csv
    figures: list  # the same, such as figure1.svg
    show: list  # the names of the tables that the page shows
    entry: dict | None  # what the configuration declares of the table or figure to make
    output: list  # the paths of the files to write; their checksums are written with them
    partial: bool  # whether runs may be missing

    @property
    def name(self):
        """The name of the table, figure or kind of measurement, as the first output has it."""
        return self.output[0].stem

    @property
    def manifest(self):
        """What the data set's manifest tells."""
        return read_manifest(self.manifest_path)

    def read_runs(self, needs=(), may_lack=False):
        """Return the runs of the configurations and the gaps, as `runs.reading.read_runs` does.

        A RunsError names the runs that cannot be used, unless the request is partial or the output
        says itself what it lacks (`may_lack`).
        """
        configurations = self.configurations.values()
        runs, gaps = read_runs(configurations, self.manifest_path, self.results, needs)
        if not (self.partial or may_lack):
            require(gaps)
        return runs, gaps

    def read_studies(self, needs=()):
        """Return nested dictionaries of the studies' runs, by study, variant and name.

        A partial request leaves out every study that is not complete.
        """
        complete = {}
        for study in self.studies.values():
            runs, gaps = read_study(study, self.manifest_path, self.results, needs)
            if not self.partial:
                require(gaps, f"of the study {study.name}")
            if not gaps:
                complete[study.name] = runs
        return complete

    def read_tables(self):
        """Read the tables: by name a pandas DataFrame of texts, empty where there is nothing.

        A RunsError names a table that was changed after it was made.
        """
        import pandas

        frames = {}
        for path in self.tables:
            require_checksums(path)
            frames[path.stem] = pandas.read_csv(path, keep_default_na=False, dtype=str)
        return frames


def read_request(description):
    """Return the `Request` that the command line and the standard input make.

    What is declared comes through the standard input, as an argument of a command line may have
    128 KiB at most.
    """
    epilog = "Standard input: what is declared, as JSON."
    parser = argparse.ArgumentParser(description=description, epilog=epilog)
    parser.add_argument("--manifest", type=Path, required=True, help="manifest.json of the data")
    parser.add_argument("--results", type=Path, required=True, help="the folder of results")
    parser.add_argument("--arrays", type=Path, nargs="*", help="arrays.npz of the data")
    parser.add_argument("--published", type=Path, nargs="*", help="the published numbers' files")
    parser.add_argument("--tables", type=Path, nargs="*", default=[], help="CSV files to read")
    parser.add_argument("--figures", type=Path, nargs="*", default=[], help="SVG files to show")
    parser.add_argument("--output", type=Path, nargs="+", required=True, help="files to write")
    options = parser.parse_args()
    declared = json.load(sys.stdin)
    studies = [Study.from_json(value) for value in declared["studies"]]
    return Request(
        configurations=by_name(declared["configurations"]),
        studies={study.name: study for study in studies},
        manifest_path=options.manifest,
        results=options.results,
        published=options.published[0].parent if options.published else None,
        arrays=options.arrays[0] if options.arrays else None,
        tables=options.tables,
        figures=options.figures,
        show=declared["show"],
        entry=declared["entry"],
        output=[path for path in options.output if path.suffix != ".sha256"],
        partial=declared["partial"] is not None,
    )


def run(main, description):
    """Call `main` with the request; end with one sentence at an error that is foreseen."""
    with failing_in_one_sentence(RunsError, ArraysError):
        main(read_request(description))
