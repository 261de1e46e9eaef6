"""Hold the finished runs against every number of the report: comparison.csv, .md and .html."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from autoencoders.commands import arguments, run
from autoencoders.comparison import write
from autoencoders.reported import read_report
from autoencoders.runs import read_manifest, read_plan, read_runs


def main():
    """Compare what is there; a run that is missing or stale is a row that says so."""
    options = arguments(__doc__, "plan", "manifest", "results", "report", "output")
    plan = read_plan(options.plan)
    title = read_manifest(options.manifest)["title"]
    report = read_report(options.report)
    declared = [each for each in report.configurations if each in plan["configurations"]]
    runs, gaps = read_runs(plan, options.manifest, options.results, declared)
    write(report, plan, runs, gaps, title, options.output)


if __name__ == "__main__":
    run(main)
