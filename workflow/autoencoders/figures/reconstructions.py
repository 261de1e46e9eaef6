"""Images of each class and what autoencoders make of them: Figures 2 and 5."""

import math

import numpy as np

from autoencoders.figures import layout, tiles
from autoencoders.figures.small_print import note, strength_notes
from autoencoders.figures.style import SMALL_PRINT
from autoencoders.labels.networks import letter, network_words
from autoencoders.runs.forward_pass import forward_pass

LEFT, TOP, BETWEEN, BELOW = 240, 65, 75, 119  # dots around a panel
WIDTH = (layout.WIDTH - LEFT - BETWEEN - 20) // 2  # at most, of one


def plot_reconstructions(inputs):
    """Plot a panel for each network: the originals above, their reconstructions below."""
    settings = inputs.configurations[0].settings
    n_classes, shape = settings["classes"], settings["image_shape"]
    rows, columns = tiles.mosaic_shape(2 * n_classes, n_classes, *shape)
    scale = max(1, WIDTH // columns)  # dots of a pixel
    width, height = scale * columns, scale * rows
    images, labels = inputs.arrays["test_images"], inputs.arrays["test_labels"]
    images = first_of_each_class(images, labels, n_classes)
    notes = [note("reconstructions", title=inputs.title), *strength_notes(inputs)]
    pictures = []
    for position, configuration in enumerate(inputs.configurations):
        panel, picture = f"({letter(position)})", None
        weights, seed, problem, dead = tiles.saved_weights(inputs, configuration, panel)
        if weights:
            outputs = reconstruct(weights, configuration.settings, images)
            both = np.concatenate([images, outputs]).reshape(-1, *shape)
            picture = tiles.mosaic(both, n_classes, "gray")
        pictures.append((picture, problem))
        if seed > 0:
            notes.append(note("other_seed", panel=panel, seed=seed))
        notes += dead
    pitch = height + BELOW
    figure = layout.sheet(TOP + pitch * math.ceil(len(pictures) / 2) - 50, notes)
    for position, configuration in enumerate(inputs.configurations):
        row, column = divmod(position, 2)
        left, top = LEFT + column * (width + BETWEEN), TOP + row * pitch
        heading = network_words(configuration.settings)
        axes = layout.add_axes(figure, left, top, width, height, heading, position)
        layout.show_picture(axes, *pictures[position])
        if column > 0:
            continue
        for line, label in enumerate(("original", "reconstruction")):
            middle = top + height * (0.25 + 0.5 * line)
            look = {"ha": "right", "va": "center", **SMALL_PRINT}
            layout.add_text(figure, left - 15, middle, label, **look)
    return figure


def first_of_each_class(images, labels, n_classes):
    """Return the first image of each class, (n_classes, n_pixels); zeros where there is none."""
    found = np.zeros((n_classes, images.shape[1]), images.dtype)
    classes, positions = np.unique(labels, return_index=True)
    found[classes] = images[positions]
    return found


def reconstruct(weights, settings, images):
    """Return an autoencoder's reconstructions of images, both (n_images, n_pixels), as float64."""
    exact = {name: values.astype(np.float64) for name, values in weights.items()}
    return forward_pass(exact, settings, images)[1]
