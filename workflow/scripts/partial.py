"""Draw every table and figure from the runs that are finished, and say what is missing."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from autoencoders import claims, comparison, lottery
from autoencoders.arrays import load
from autoencoders.commands import arguments, run
from autoencoders.evidence import PATIENCE, STUDIES, UNLABELLED
from autoencoders.figures import FIGURES, draw, save
from autoencoders.measures import measure
from autoencoders.reported import read_report
from autoencoders.runs import read_manifest, read_plan, read_runs, read_studies, undeclared
from autoencoders.tables import TABLES, runs_table, write, write_csv


def main():
    """Write everything; a gap is marked where it shows, and is no error."""
    options = arguments(__doc__, "plan", "manifest", "arrays", "results", "report", "output")
    plan = read_plan(options.plan)
    title = read_manifest(options.manifest)["title"]
    report = read_report(options.report)
    arrays = load(options.arrays, options.manifest)
    runs, gaps = read_runs(plan, options.manifest, options.results)
    write_csv(runs_table(runs), options.output / "tables" / "runs.csv")
    for name in TABLES:
        write(name, plan, runs, gaps, title, options.output / "tables", report)
    comparison.write(report, plan, runs, gaps, title, options.output / "tables")
    names = [*STUDIES, PATIENCE, UNLABELLED]
    studies = read_studies(plan, options.manifest, options.results, names)
    unlabelled = next(iter(studies.get(UNLABELLED, {}).values()), {})
    measures = measure(plan, runs, unlabelled, arrays)
    write_csv(measures, options.output / "tables" / "measures.csv")
    evidence = claims.Evidence(report, plan, runs, gaps, measures, studies)
    claims.write(evidence, title, options.output / "tables")
    lottery.write(plan, runs, studies.get(PATIENCE), title, options.output / "tables")
    for name in FIGURES:
        figure = draw(name, plan, runs, gaps, arrays, title, report)
        save(figure, options.output / "figures", name)
    for configuration, reason in gaps.items():
        print(f"missing: {configuration} ({reason})")
    for configuration in undeclared(plan, options.results):
        print(f"not declared, not used: {configuration}")
    print(f"{options.output}: drawn from {len(runs)} of {len(runs) + len(gaps)} runs")


if __name__ == "__main__":
    run(main)
