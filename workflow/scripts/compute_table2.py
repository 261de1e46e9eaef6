"""Compute Table 2 from finished runs."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from autoencoders.analysis.published import read_published
from autoencoders.analysis.table2 import table2
from autoencoders.analysis.writing import write_csv
from autoencoders.runs.request import run


def main(request):
    """Write table2.csv, or refuse if a run is missing or stale."""
    runs, gaps = request.read_runs()
    configurations = request.configurations
    published = read_published(request.published)
    published = published.comparable(configurations, request.manifest["dataset"])
    write_csv(table2(list(configurations.values()), runs, gaps, published), request.output[0])


if __name__ == "__main__":
    run(main, __doc__)
