"""Check a folder of results: every file of every run, and every table and figure.

    python workflow/scripts/check_results.py
    python workflow/scripts/check_results.py --configfile full.yaml --results results

Every file is compared with the checksum that was recorded when it was written, and every run with
the configuration, data and code of today. Runs that are not finished are counted, no fault.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from snakemake.utils import update_config

from autoencoders.arrays import ArraysError, load
from autoencoders.runs.integrity import (
    RunsError,
    present_checksums,
    require_checksums,
    require_current,
)
from autoencoders.sweep.checking import ConfigError
from autoencoders.sweep.config_files import composed, read_file
from autoencoders.sweep.declaration import read_sweep
from autoencoders.sweep.paths import Paths

ROOT = Path(__file__).resolve().parents[2]
RUN_FILES = ("history.csv", "weights.npz")
MADE = ("tables", "measurements", "figures")


def main():
    """Print every fault, and exit with 1 if there is one."""
    sweep, paths = declared()
    faults = faults_of_data(paths)
    finished, left = 0, 0
    for folder, (name, config) in declared_runs(sweep).items():
        if not Path(paths.results, folder, "run.json").exists():
            left += 1
            continue
        finished += 1
        faults += faults_of_run(paths, folder, name, config)
    undeclared = undeclared_runs(sweep, paths)
    faults += faults_of_tables_and_figures(paths)
    for fault in faults:
        print(fault)
    for folder in undeclared:
        print(f"note: {folder} is declared by nothing in the configuration; no result uses it.")
    print(
        f"{paths.results}: {finished} finished runs, {left} more not trained yet, "
        f"{len(faults)} fault{'' if len(faults) == 1 else 's'}."
    )
    sys.exit(1 if faults else 0)


def declared():
    """Return the sweep that configuration files and command line declare, and its paths."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--configfile", type=Path, nargs="*", default=[], help="laid over config.yaml, in order"
    )
    parser.add_argument("--results", help="the folder, in place of the configuration's")
    arguments = parser.parse_args()
    config = {}
    try:
        for path in arguments.configfile:
            update_config(config, read_file(path))
        if arguments.results:
            config["results"] = arguments.results
        sweep = read_sweep(composed(read_file(ROOT / "config.yaml"), config))
        return sweep, Paths(sweep, ROOT)
    except (OSError, ConfigError) as error:
        sys.exit(f"error: {error}")


def declared_runs(sweep):
    """Return name and settings of every run that the sweep declares, by its folder."""
    configurations = list(sweep.configurations.values())
    for study in sweep.studies.values():
        configurations += study.configurations()
    runs = {}
    for each in configurations:
        for block in each.blocks:
            runs[block.folder] = (each.name, block.config)
    return runs


def faults_of_data(paths):
    """Return what is wrong with the data set, if it is there."""
    if not (Path(paths.manifest).exists() or Path(paths.arrays).exists()):
        return []
    try:
        load(paths.arrays, paths.manifest)
    except ArraysError as error:
        return [str(error)]
    return []


def faults_of_run(paths, folder, name, config):
    """Return what is wrong with each file of a run, and how to mend it."""
    path = Path(paths.results, folder)
    mended = f"remove the folder and run `snakemake --cores 1 {path}/run.json`."
    if not Path(paths.manifest).exists():
        return [f"{path}: {paths.manifest}, the data it was made from, is missing; {mended}"]
    present = present_checksums(paths.manifest)
    faults = []
    for file in RUN_FILES:
        try:
            require_current(path, name, config, present, [file])
        except RunsError as reason:
            if f"{path}: {reason}; {mended}" not in faults:
                faults.append(f"{path}: {reason}; {mended}")
    return faults


def undeclared_runs(sweep, paths):
    """Return the folders of runs that nothing declares."""
    runs = declared_runs(sweep)
    found = []
    for kind in ("runs", "studies"):
        for record in sorted(Path(paths.results, kind).rglob("run.json")):
            if str(record.parent.relative_to(paths.results)) not in runs:
                found.append(record.parent)
    return found


def faults_of_tables_and_figures(paths):
    """Return what is wrong with each table and figure that was written with a checksum."""
    faults = []
    for folder in MADE:
        for checksums in sorted(Path(paths.results, folder).glob("*.sha256")):
            try:
                require_checksums(checksums.with_suffix(""))
            except RunsError as error:
                faults.append(str(error))
    return faults


if __name__ == "__main__":
    main()
