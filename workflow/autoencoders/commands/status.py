"""`autoencoders status`: how much of the training is done, and about how long the rest takes."""

import json
from datetime import datetime
from pathlib import Path
from statistics import median

from autoencoders.sweep.cost import duration, seconds
from autoencoders.sweep.on_disk import add_options, declared, stale_settings


def add_arguments(parser):
    """Add the options of the command."""
    add_options(parser)
    parser.add_argument("--cores", type=int, default=1, help="that train at a time (%(default)s)")


def run(options):
    """Print what is trained and what is left, by work and not by count; from files alone."""
    sweep, paths = declared(options)
    configurations = list(sweep.configurations.values())
    if sweep.settings["include_studies"]:
        for study in sweep.studies.values():
            configurations += study.configurations()
    expected, trainings = {}, {}
    for configuration in configurations:
        for block in configuration.blocks:
            trainings[block.folder] = block.config
            expected[block.folder] = seconds(block.config)
    there = [each for each in expected if Path(paths.results, each, "run.json").exists()]
    stale = stale_settings({folder: trainings[folder] for folder in there}, paths.results)
    done = [folder for folder in there if folder not in stale]
    share = sum(expected[folder] for folder in done) / max(sum(expected.values()), 1e-9)
    left = len(expected) - len(done)
    again = f", {len(stale)} of them again, as their settings changed" if stale else ""
    print(f"{paths.results}: {len(done)} of {len(expected)} jobs trained, {share:.0%} of the work.")
    if not left:
        return
    ratios = [_ratio(Path(paths.results, folder), expected[folder]) for folder in done]
    ratios = [ratio for ratio in ratios if ratio is not None]
    remaining = sum(expected[folder] for folder in expected if folder not in done)
    remaining *= (median(ratios) if ratios else 1) / options.cores
    known = (
        f"as long as the {len(ratios)} finished ones" if ratios else "as long as on a Zen 4 core"
    )
    cores = f"{options.cores} cores" if options.cores > 1 else "one core"
    print(f"{left} left{again}: about {duration(remaining)} on {cores}, if they take {known}.")


def _ratio(folder, expected):
    """Return how many times the expected seconds a finished run took; None if it is not known."""
    try:
        record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        start, end = (datetime.fromisoformat(record[key]) for key in ("start", "end"))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return (end - start).total_seconds() / expected
