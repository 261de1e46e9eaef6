"""Plot a figure as .svg, .pdf and .png, and write its caption and alternative text."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from autoencoders.analysis.published import NOTHING, read_published
from autoencoders.arrays import load
from autoencoders.figures.drawing import FigureInputs, draw, save
from autoencoders.figures.figure_catalog import FIGURES, own_entry
from autoencoders.runs.request import run


def main(request):
    """Plot the figure, or refuse if a run of it is missing or stale."""
    configurations, manifest = list(request.configurations.values()), request.manifest
    entry = own_entry(request.entry) if request.entry else FIGURES[request.name]
    runs, gaps = request.read_runs(entry.run_files)
    published = NOTHING
    if request.published:
        published = read_published(request.published)
        published = published.comparable(request.configurations, manifest["dataset"])
    inputs = FigureInputs(
        name=request.name,
        configurations=configurations,
        runs=runs,
        gaps=gaps,
        arrays=load(request.arrays, request.manifest_path),
        title=manifest["title"],
        published=published,
        table=next(iter(request.read_tables().values()), None),
        declared=request.entry,
    )
    figure, facts = draw(request.name, inputs)
    save(figure, facts, request.output[0].parent, request.name)


if __name__ == "__main__":
    run(main, __doc__)
