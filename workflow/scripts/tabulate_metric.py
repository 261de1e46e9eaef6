"""Tabulate a metric by the settings that differ: of a study, or of a table of one's own."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from autoencoders.analysis.metric_table import of_configurations, of_study
from autoencoders.analysis.writing import write_csv
from autoencoders.runs.reading import read_study, require
from autoencoders.runs.request import run


def main(request):
    """Write the table's numbers; a run that is missing is an error unless the sweep is partial."""
    if request.studies:
        (study,) = request.studies.values()
        runs, gaps = read_study(study, request.manifest_path, request.results)
        if not request.partial:
            require(gaps, f"of the study {study.name}")
        frame = of_study(study, runs, gaps)
    else:
        frame = of_configurations(request.configurations, *request.read_runs(), **request.entry)
    write_csv(frame, request.output[0])


if __name__ == "__main__":
    run(main, __doc__)
