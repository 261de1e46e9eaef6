"""What a folder of results holds, beside what the configuration declares: for the commands."""

import argparse
import sys
from pathlib import Path

from autoencoders.sweep.checking import ConfigError
from autoencoders.sweep.config_files import composed, read_file
from autoencoders.sweep.declaration import read_sweep
from autoencoders.sweep.paths import Paths

ROOT = Path(__file__).resolve().parents[3]


def parser_of_commands(description):
    """Return the parser of a command, with the options that `declared` reads."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument(
        "--configfile", type=Path, nargs="*", default=[], help="laid over config.yaml, in order"
    )
    parser.add_argument("--results", help="the folder, in place of the configuration's")
    return parser


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
