"""One kind of measurement on every network that it applies to."""

from importlib import import_module

import pandas

from autoencoders.measurements.images import Images
from autoencoders.measurements.measurement_catalog import MEASUREMENTS, STUDY

COLUMNS = ("configuration", "study", "seed", "measure", "layer", "noise", "value")


def measure(kind, runs, study_runs, arrays):
    """Return the numbers of one kind, of every network whose weights were saved.

    Parameters
    ----------
    kind : str
        One of `MEASUREMENTS`.
    runs : dict of str to Run
        By name the declared runs that may be used.
    study_runs : dict of str to Run
        The same of the study `pre-trained`, whose networks stop before full training; may be empty.
    arrays : dict of str to ndarray
        The data set's four arrays.

    Returns
    -------
    pandas.DataFrame
        The columns `COLUMNS`, one number per row; what they are is said by the function `rows` of
        each kind. `study` is empty or `pre-trained`; configuration and seed are empty for numbers
        of the images alone; layer and noise are empty where they mean nothing.
    """
    measurement = MEASUREMENTS[kind]
    rows_of = import_module(f"autoencoders.measurements.{kind}").rows
    images = Images(arrays)
    rows = []
    if measurement.of_data:
        _add(rows, ("", "", ""), rows_of(images))
    studies = {"": runs}
    if measurement.of_study:
        studies[STUDY] = study_runs
    for study, networks in studies.items():
        for name, run in networks.items():
            if not measurement.applies(run.settings):
                continue
            for entry in run.metrics:
                seed = entry["seed"]
                if seed in run.kept_seeds:
                    found = rows_of(run.weights(seed), run.settings, entry, images)
                    _add(rows, (name, study, seed), found)
    return pandas.DataFrame(rows, columns=list(COLUMNS), dtype=object)


def _add(rows, network, found):
    for row in found:
        rows.append((*network, *row))
