"""Compare the variants of the calibration's studies with Table 2."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from autoencoders.analysis.calibration import calibrate, cells_of
from autoencoders.analysis.published import read_published
from autoencoders.analysis.writing import write_csv
from autoencoders.runs.request import run


def main(request):
    """Write calibration.csv and calibration_cells.csv, or refuse if a run is missing or stale."""
    declared = (
        read_published(request.published),
        request.manifest["dataset"],
        request.configurations,
        request.studies,
        request.read_studies(),
    )
    cells = cells_of(*declared)
    table_path, cells_path = request.output
    write_csv(calibrate(*declared, cells), table_path)
    write_csv(cells, cells_path)


if __name__ == "__main__":
    run(main, __doc__)
