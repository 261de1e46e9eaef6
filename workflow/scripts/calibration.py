"""Hold the calibration's studies against Table 2, in tables and in a figure."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from autoencoders.calibration import calibrate, cells_of, write
from autoencoders.commands import arguments, run
from autoencoders.figures import draw_calibration, save
from autoencoders.reported import DATASET, read_report
from autoencoders.runs import read_manifest, read_plan, read_study, require_study


def main():
    """Calibrate, or refuse if a run is missing or stale; on other data than the report's say so."""
    options = arguments(__doc__, "plan", "manifest", "results", "report", "output")
    plan = read_plan(options.plan)
    title = read_manifest(options.manifest)["title"]
    report = read_report(options.report)
    studies = {}
    for study in plan["calibration"] if plan["dataset"] == DATASET else []:
        studies[study], gaps = read_study(plan, options.manifest, options.results, study)
        require_study(gaps, plan, study, options.results)
    cells = cells_of(report, plan, studies)
    table = calibrate(report, plan, studies, cells)
    write(table, cells, title, options.output / "tables")
    save(draw_calibration(table, title), options.output / "figures", "calibration")


if __name__ == "__main__":
    run(main)
