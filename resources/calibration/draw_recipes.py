"""Draw the recipes of the calibration: whole sets of the settings that the paper does not state.

    python resources/calibration/draw_recipes.py > resources/calibration/recipes.csv

The first recipe has the settings that config.yaml had when the calibration was made; each of the
next differs from it in one setting; the rest are a Sobol sequence over all settings.
"""

import csv
import sys

import numpy as np
from scipy.stats import qmc

N_DRAWN, SEED = 32, 2019
# By setting its values, the first as in the first recipe; where two go together, both columns.
SETTINGS = {
    ("batch_normalization.place",): [
        ("before_activation",),
        ("after_activation",),
        ("hidden_inputs",),
        ("all_inputs",),
    ],
    ("batch_size",): [(128,), (32,), (50,), (64,), (100,)],
    ("pre_training.max_epochs",): [(5,), (3,), (4,)],
    ("pre_training.output_activation", "pre_training.loss"): [
        ("sigmoid", "mse"),
        ("linear", "mse"),
        ("sigmoid", "cross_entropy"),
    ],
    ("pre_training.images",): [("training",), ("all",)],
    ("pre_training.patience", "full_training.patience"): [(0, 0), (2, 2)],
    ("pre_training.keep", "full_training.keep"): [("last", "last"), ("best", "best")],
    ("full_training.output_activation",): [("softmax",), ("sigmoid",)],
    ("output_distribution",): [("normal",), ("glorot_uniform",)],
    ("nesterov",): [("false",), ("true",)],
}


def recipes():
    """Return the names and settings of all recipes; a setting is the position of its value."""
    sizes = [len(values) for values in SETTINGS.values()]
    found = [("first", [0] * len(sizes))]
    for k, size in enumerate(sizes):
        for value in range(1, size):
            changed = [value if k == other else 0 for other in range(len(sizes))]
            found.append((f"one-{len(found):02}", changed))
    sampler = qmc.Sobol(len(sizes), rng=np.random.default_rng(SEED))
    for number, point in enumerate(sampler.random(N_DRAWN), start=1):
        found.append((f"drawn-{number:02}", np.floor(point * sizes).astype(int)))
    return found


def main():
    """Print a row for each recipe."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["recipe", *(path for paths in SETTINGS for path in paths)])
    for name, positions in recipes():
        row = [name]
        for values, position in zip(SETTINGS.values(), positions, strict=True):
            row += values[position]
        writer.writerow(row)


if __name__ == "__main__":
    main()
