"""Measure the kept networks that the report's claims ask for: measures.csv."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from autoencoders.arrays import load
from autoencoders.commands import arguments, run
from autoencoders.evidence import UNLABELLED
from autoencoders.measures import measure
from autoencoders.runs import read_plan, read_runs, read_studies
from autoencoders.tables import write_csv


def main():
    """Measure what is there; a run that is missing or stale has no rows."""
    options = arguments(__doc__, "plan", "manifest", "arrays", "results", "output")
    plan = read_plan(options.plan)
    arrays = load(options.arrays, options.manifest)
    runs, _ = read_runs(plan, options.manifest, options.results)
    studies = read_studies(plan, options.manifest, options.results, [UNLABELLED])
    unlabelled = next(iter(studies.get(UNLABELLED, {}).values()), {})
    write_csv(measure(plan, runs, unlabelled, arrays), options.output)


if __name__ == "__main__":
    run(main)
