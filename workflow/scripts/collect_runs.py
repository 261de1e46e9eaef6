"""Collect every number of every run, its settings, and where it comes from."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from autoencoders.analysis.runs_table import configurations_table, provenance_table, runs_table
from autoencoders.analysis.writing import write_csv
from autoencoders.runs.request import run


def main(request):
    """Write runs.csv, configurations.csv and provenance.csv, or refuse if a run is missing."""
    runs, gaps = request.read_runs()
    for name, reason in gaps.items():
        print(f"missing: {name} ({reason})")
    runs_path, configurations_path, provenance_path = request.output
    write_csv(runs_table(runs), runs_path)
    write_csv(configurations_table(list(request.configurations.values())), configurations_path)
    write_csv(provenance_table(runs), provenance_path)


if __name__ == "__main__":
    run(main, __doc__)
