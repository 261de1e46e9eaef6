"""Judge the report's claims by the finished runs: claims.csv, .md and .html, claims_parts.csv."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pandas

from autoencoders.claims import Evidence, write
from autoencoders.commands import arguments, run
from autoencoders.evidence import STUDIES, claimed
from autoencoders.reported import read_report
from autoencoders.runs import read_manifest, read_plan, read_runs, read_studies


def main():
    """Judge by what is there; what is missing leaves a claim undecided and says so."""
    options = arguments(__doc__, "plan", "manifest", "results", "report", "measures", "output")
    plan = read_plan(options.plan)
    title = read_manifest(options.manifest)["title"]
    report = read_report(options.report)
    declared = claimed(report, plan["configurations"])
    runs, gaps = read_runs(plan, options.manifest, options.results, declared)
    studies = read_studies(plan, options.manifest, options.results, STUDIES)
    measures = pandas.read_csv(options.measures, keep_default_na=False, dtype=str)
    evidence = Evidence(report, plan, runs, gaps, measures, studies)
    write(evidence, title, options.output)


if __name__ == "__main__":
    run(main)
