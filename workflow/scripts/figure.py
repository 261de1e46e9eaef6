"""Draw one of the report's figures as .svg, .pdf and .png."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from autoencoders.arrays import load
from autoencoders.commands import arguments, run
from autoencoders.figures import draw, require_weights, save
from autoencoders.reported import read_report
from autoencoders.runs import read_manifest, read_plan, read_runs, require


def main():
    """Draw the figure, or refuse if a run of it is missing or stale."""
    options = arguments(
        __doc__, "plan", "manifest", "arrays", "results", "report", "name", "output"
    )
    plan = read_plan(options.plan)
    title = read_manifest(options.manifest)["title"]
    require_weights(options.name, plan)
    runs, gaps = read_runs(plan, options.manifest, options.results, plan["figures"][options.name])
    require(gaps, options.results)
    arrays = load(options.arrays, options.manifest)
    report = read_report(options.report)
    figure = draw(options.name, plan, runs, gaps, arrays, title, report)
    save(figure, options.output, options.name)


if __name__ == "__main__":
    run(main)
