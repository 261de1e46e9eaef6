"""Measure saved networks: one kind of measurement."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from autoencoders.analysis.writing import write_csv
from autoencoders.arrays import load
from autoencoders.measurements.measurement_catalog import STUDY
from autoencoders.measurements.measuring import measure
from autoencoders.runs.request import run


def main(request):
    """Write the measurements of a kind, or refuse if a run is missing or stale."""
    runs, _ = request.read_runs(["weights.npz"])
    study_runs = {}
    for variant in request.read_studies(["weights.npz"]).get(STUDY, {}).values():
        study_runs |= variant
    arrays = load(request.arrays, request.manifest_path)
    write_csv(measure(request.name, runs, study_runs, arrays), request.output[0])


if __name__ == "__main__":
    run(main, __doc__)
