"""Images and weights as small pictures, laid out as mosaics."""

import math

import matplotlib
import numpy as np

from autoencoders.figures.small_print import note

GAP = 1  # white pixels between tiles
PAPER_COLUMNS = {200: 15}  # tiles per row in the paper, where that is not the smallest square


def saved_weights(inputs, configuration, which):
    """Return the first saved seed's weights, that seed, why there are none, notes on `which`."""
    run = inputs.runs.get(configuration.name)
    if run and run.seeds and run.kept_seeds:
        seed = run.kept_seeds[0]
        notes = [note("dead", networks=which)] if seed in run.dead else []
        return run.weights(), seed, None, notes
    if run is None:
        why = inputs.gaps.get(configuration.name, "not read")
    else:
        why = "weights were not saved" if run.seeds else "every seed diverged"
    return None, 0, f"missing: {why}", []


def tile_shape(fan_in):
    """Return the rows and columns, as near to a square as can be, that hold `fan_in` weights."""
    rows = math.isqrt(fan_in)
    while fan_in % rows:
        rows -= 1
    return rows, fan_in // rows


def columns_of(n_units):
    """Return how many tiles a row holds: as in the paper, else for the smallest square."""
    return PAPER_COLUMNS.get(n_units, math.ceil(math.sqrt(n_units)))


def mosaic_shape(n_tiles, n_columns, height, width):
    """Return the height and width of a mosaic in pixels."""
    n_rows = math.ceil(n_tiles / n_columns)
    return n_rows * (height + GAP) - GAP, n_columns * (width + GAP) - GAP


def mosaic(tiles, n_columns, colours):
    """Return tiles, values 0 to 1 of shape (n_tiles, height, width), as one uint8 RGB picture."""
    n_tiles, height, width = tiles.shape
    picture = np.full((*mosaic_shape(n_tiles, n_columns, height, width), 3), 255, np.uint8)
    for position, tile in enumerate(matplotlib.colormaps[colours](tiles, bytes=True)[..., :3]):
        row, column = divmod(position, n_columns)
        top, left = row * (height + GAP), column * (width + GAP)
        picture[top : top + height, left : left + width] = tile
    return picture


def scaled_by_unit(weights):
    """Return bottom-up weights (fan_in, n_units) with every unit's range made 0 to 1."""
    weights = weights.astype(np.float64)
    low, high = weights.min(axis=0), weights.max(axis=0)
    return (weights - low) / np.where(high > low, high - low, 1)


def weights_picture(weights, n_columns, shape):
    """Return bottom-up weights (fan_in, n_units) as one picture, each unit scaled by itself.

    `shape`, height and width, is that of a unit's weights as an image.
    """
    tiles = scaled_by_unit(weights).T.reshape(-1, *shape)
    return mosaic(tiles, n_columns, "viridis")
