"""Write one of the report's tables as .csv, .md, .html and .tex."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from autoencoders.commands import arguments, run
from autoencoders.reported import read_report
from autoencoders.runs import read_manifest, read_plan, read_runs, require
from autoencoders.tables import write


def main():
    """Write the table, or refuse if a run of it is missing or stale."""
    options = arguments(__doc__, "plan", "manifest", "results", "report", "name", "output")
    plan = read_plan(options.plan)
    title = read_manifest(options.manifest)["title"]
    runs, gaps = read_runs(plan, options.manifest, options.results, plan["tables"][options.name])
    require(gaps, options.results)
    report = read_report(options.report)
    write(options.name, plan, runs, gaps, title, options.output, report)


if __name__ == "__main__":
    run(main)
