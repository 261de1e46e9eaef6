"""Images of each class and what autoencoders make of them: Figures 2 and 5."""

import math

import numpy as np

from autoencoders.figures import layout, tiles
from autoencoders.figures.small_print import note, strength_notes
from autoencoders.figures.style import SMALL_PRINT
from autoencoders.labels.networks import letter, network_words
from autoencoders.runs.forward_pass import forward_pass

N_CLASSES = 10
SCALE = 3  # dots of a pixel
LEFT, TOP, BETWEEN, PITCH = 240, 65, 75, 290  # dots around a panel
WIDTH = SCALE * (N_CLASSES * (tiles.SIDE + 1) - 1)
HEIGHT = SCALE * (2 * tiles.SIDE + 1)


def plot_reconstructions(inputs):
    """Plot a panel for each network: the originals above, their reconstructions below."""
    images = first_of_each_class(inputs.arrays["test_images"], inputs.arrays["test_labels"])
    notes = [note("reconstructions", title=inputs.title), *strength_notes(inputs)]
    pictures = []
    for position, configuration in enumerate(inputs.configurations):
        panel, picture = f"({letter(position)})", None
        weights, seed, problem, dead = tiles.saved_weights(inputs, configuration, panel)
        if weights:
            outputs = reconstruct(weights, configuration.settings, images)
            rows = np.concatenate([images, outputs]).reshape(-1, tiles.SIDE, tiles.SIDE)
            picture = tiles.mosaic(rows, N_CLASSES, "gray")
        pictures.append((picture, problem))
        if seed > 0:
            notes.append(note("other_seed", panel=panel, seed=seed))
        notes += dead
    figure = layout.sheet(TOP + PITCH * math.ceil(len(pictures) / 2) - 50, notes)
    for position, configuration in enumerate(inputs.configurations):
        row, column = divmod(position, 2)
        left, top = LEFT + column * (WIDTH + BETWEEN), TOP + row * PITCH
        heading = network_words(configuration.settings)
        axes = layout.add_axes(figure, left, top, WIDTH, HEIGHT, heading, position)
        layout.show_picture(axes, *pictures[position])
        if column > 0:
            continue
        for line, label in enumerate(("original", "reconstruction")):
            middle = top + SCALE * (line * (tiles.SIDE + 1) + tiles.SIDE / 2)
            look = {"ha": "right", "va": "center", **SMALL_PRINT}
            layout.add_text(figure, left - 15, middle, label, **look)
    return figure


def first_of_each_class(images, labels):
    """Return the first image of each class 0-9, shape (10, 784); zeros where there is none."""
    found = np.zeros((N_CLASSES, images.shape[1]), images.dtype)
    digits, positions = np.unique(labels, return_index=True)
    found[digits] = images[positions]
    return found


def reconstruct(weights, settings, images):
    """Return an autoencoder's reconstructions of images, both (n_images, 784), as float64."""
    exact = {name: values.astype(np.float64) for name, values in weights.items()}
    return forward_pass(exact, settings, images)[1]
