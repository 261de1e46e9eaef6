"""What a folder of results holds, beside what the configuration declares: for the commands."""

import argparse
import json
import sys
from pathlib import Path

from autoencoders.runs.configuration import settings_by_path
from autoencoders.sweep.checking import ConfigError
from autoencoders.sweep.config_files import composed, read_file
from autoencoders.sweep.declaration import read_sweep
from autoencoders.sweep.paths import Paths

ROOT = Path(__file__).resolve().parents[3]
CONFIG = '"config": '  # with what follows it, one of the first keys of run.json
LONGEST_CONFIG = 20_000  # characters
NAMED = 3  # runs that a line names


def parser_of_commands(description):
    """Return the parser of a command, with the options that `declared` reads."""
    parser = argparse.ArgumentParser(description=description)
    add_options(parser)
    return parser


def add_options(parser):
    """Add the options that `declared` reads."""
    parser.add_argument(
        "--configfile", type=Path, nargs="*", default=[], help="laid over config.yaml, in order"
    )
    parser.add_argument("--results", help="the folder, in place of the configuration's")


def declared(options):
    """Return the sweep that the options of a command name, and its paths; or end in a sentence."""
    try:
        config = read_file(ROOT / "config.yaml")
        for path in options.configfile:
            config = composed(config, read_file(path))
        if options.results:
            config["results"] = options.results
        sweep = read_sweep(config)
        return sweep, Paths(sweep, ROOT)
    except (OSError, ConfigError) as error:
        sys.exit(f"error: {error}")


def undeclared_runs(sweep, paths):
    """Return the folders of runs that nothing declares."""
    found = []
    for kind in ("runs", "studies"):
        for record in sorted(Path(paths.results, kind).rglob("run.json")):
            if str(record.parent.relative_to(paths.results)) not in sweep.trainings:
                found.append(record.parent)
    return found


def stale_settings(trainings, results):
    """Return which settings of runs on disk are others than those declared, in words, by folder.

    `trainings` are configs by folder, in the folder `results`. A text is such as
    `training.momentum 0.9 -> 0.8`. Runs that are not there, or cannot be read, are left out.
    """
    stale = {}
    for folder, config in trainings.items():
        try:
            with open(Path(results, folder, "run.json"), encoding="utf-8") as file:
                start = file.read(LONGEST_CONFIG)
            found = json.JSONDecoder().raw_decode(start, start.index(CONFIG) + len(CONFIG))[0]
            before, now = settings_by_path(found), settings_by_path(config)
        except (OSError, ValueError, AttributeError):
            continue
        changes = []
        for path in dict.fromkeys([*before, *now]):
            if before.get(path) != now.get(path):
                changes.append(f"{path} {before.get(path)} -> {now.get(path)}")
        if changes:
            stale[folder] = "; ".join(changes)
    return stale


def reasons(stale):
    """Return a line for every change of settings, with the runs that it is about."""
    runs_of = {}
    for folder, changes in stale.items():
        runs_of.setdefault(changes, []).append(str(Path(folder).parent).partition("/")[2])
    lines = []
    for changes, runs in runs_of.items():
        more = f" and {len(runs) - NAMED} more" if len(runs) > NAMED else ""
        lines.append(f"{', '.join(runs[:NAMED])}{more}: {changes}")
    return lines
