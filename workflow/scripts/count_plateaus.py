"""Count the sigmoid networks that leave the plateau on which their training starts."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from autoencoders.analysis.plateau import plateau
from autoencoders.analysis.writing import write_csv
from autoencoders.runs.request import run


def main(request):
    """Write plateau.csv, with the runs of the study of the patience if it is included."""
    runs, _ = request.read_runs()
    patience = request.read_studies().get("patience")
    write_csv(plateau(request.configurations, runs, patience), request.output[0])


if __name__ == "__main__":
    run(main, __doc__)
