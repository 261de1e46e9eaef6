"""Check a folder of results: every file of every run, and every table and figure.

    python workflow/scripts/check_results.py
    python workflow/scripts/check_results.py --configfile full.yaml --results results

Every file is compared with the checksum that was recorded when it was written, and every run with
the configuration, data and code of today. Runs that are not finished are counted, no fault.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from autoencoders.arrays import ArraysError, load
from autoencoders.runs.integrity import (
    RunsError,
    present_checksums,
    require_checksums,
    require_current,
)
from autoencoders.sweep.on_disk import declared, parser_of_commands, undeclared_runs

RUN_FILES = ("history.csv", "weights.npz")
MADE = ("tables", "measurements", "figures")


def main():
    """Print every fault, and exit with 1 if there is one."""
    sweep, paths = declared(parser_of_commands(__doc__.splitlines()[0]).parse_args())
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
        print(
            f"note: {folder} is declared by nothing in the configuration; no result uses it "
            "(`make clean-orphans` lists all)."
        )
    print(
        f"{paths.results}: {finished} finished runs, {left} more not trained yet, "
        f"{len(faults)} fault{'' if len(faults) == 1 else 's'}."
    )
    sys.exit(1 if faults else 0)


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


def faults_of_tables_and_figures(paths):
    """Return what is wrong with each table and figure that was written with a checksum."""
    faults = []
    for folder in MADE:
        for checksums in sorted(Path(paths.results, folder).rglob("*.sha256")):
            try:
                require_checksums(checksums.with_suffix(""))
            except RunsError as error:
                faults.append(str(error))
    return faults


if __name__ == "__main__":
    main()
