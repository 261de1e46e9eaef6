"""Hold the recipes of the calibration against the paper's accuracies."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from autoencoders.analysis.calibration import judge_cells, judge_recipes
from autoencoders.analysis.calibration_settings import judge_settings
from autoencoders.analysis.published import read_published
from autoencoders.analysis.writing import write_csv
from autoencoders.runs.request import run


def main(request):
    """Write a table of the recipes, one of the settings and one of the cells."""
    declared = (
        read_published(request.published),
        request.manifest["dataset"],
        request.configurations,
        request.studies,
    )
    cells = judge_cells(*declared, request.read_studies())
    recipes_path, settings_path, cells_path = request.output
    write_csv(judge_recipes(*declared, cells), recipes_path)
    write_csv(judge_settings(request.studies, cells), settings_path)
    write_csv(cells, cells_path)


if __name__ == "__main__":
    run(main, __doc__)
