"""Compare the runs with every number and curve of the paper."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from autoencoders.analysis.comparison import compare
from autoencoders.analysis.published import read_published
from autoencoders.analysis.writing import write_csv
from autoencoders.runs.request import run


def main(request):
    """Write comparison.csv; a run that is missing or stale is a row that says so."""
    runs, gaps = request.read_runs(["history.csv"], may_lack=True)
    published = read_published(request.published)
    dataset = request.manifest["dataset"]
    write_csv(compare(published, request.configurations, dataset, runs, gaps), request.output[0])


if __name__ == "__main__":
    run(main, __doc__)
