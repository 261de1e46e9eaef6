"""Write runs.csv, every number of every declared run."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from autoencoders.commands import arguments, run
from autoencoders.runs import read_plan, read_runs, require, undeclared
from autoencoders.tables import runs_table, write_csv


def main():
    """Write the file, or refuse if a declared run is missing or stale."""
    options = arguments(__doc__, "plan", "manifest", "results", "output")
    plan = read_plan(options.plan)
    for configuration in undeclared(plan, options.results):
        print(f"not declared, not used: {configuration}")
    runs, gaps = read_runs(plan, options.manifest, options.results)
    require(gaps, options.results)
    write_csv(runs_table(runs), options.output)


if __name__ == "__main__":
    run(main)
