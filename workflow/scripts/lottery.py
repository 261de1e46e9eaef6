"""Count the sigmoid networks that leave the plateau: lottery.csv, .md and .html."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from autoencoders.commands import arguments, run
from autoencoders.evidence import PATIENCE
from autoencoders.lottery import networks, write
from autoencoders.runs import read_manifest, read_plan, read_runs, read_studies


def main():
    """Count what is there."""
    options = arguments(__doc__, "plan", "manifest", "results", "output")
    plan = read_plan(options.plan)
    title = read_manifest(options.manifest)["title"]
    runs, _ = read_runs(plan, options.manifest, options.results, networks(plan))
    studies = read_studies(plan, options.manifest, options.results, [PATIENCE])
    write(plan, runs, studies.get(PATIENCE), title, options.output)


if __name__ == "__main__":
    run(main)
