"""Weights as images: of an autoencoder in Figures 6 to 8, of a classifier in Figure 9."""

from math import prod

from autoencoders.figures import layout, tiles
from autoencoders.figures.small_print import note
from autoencoders.labels.networks import network_words

LEFT, ABOVE, BELOW = 30, 65, 30  # dots around a picture
N_UNITS, N_COLUMNS, SCALE = 60, 6, 4  # of a layer in Figure 9: units, units per row, dots per pixel
NARROWEST, BETWEEN = 360, 100  # dots of a layer's heading, and from one layer to the next


def plot_weights(inputs):
    """Plot the weights of one network of either kind."""
    (configuration,) = inputs.configurations
    kind = configuration.settings["network"]
    return plot_encoder(inputs) if kind == "autoencoder" else plot_hidden_layers(inputs)


def plot_encoder(inputs):
    """Plot the weights from the pixels to each hidden unit of an autoencoder."""
    (configuration,) = inputs.configurations
    words, n_units = network_words(configuration.settings), configuration.settings["hidden"]
    weights, seed, problem, dead = tiles.saved_weights(inputs, configuration, words)
    n_columns = tiles.columns_of(n_units)
    shape = configuration.settings["image_shape"]
    picture = None
    if weights:
        picture = tiles.weights_picture(weights["encoder/weights"], n_columns, shape)
    rows, columns = tiles.mosaic_shape(n_units, n_columns, *shape)
    scale = max(1, (layout.WIDTH - 300) // columns)
    height, width = scale * rows, scale * columns
    notes = [note("encoder", n_pixels=prod(shape), seed=seed, title=inputs.title), *dead]
    figure = layout.sheet(ABOVE + height + BELOW, notes, width + 2 * LEFT)
    axes = layout.add_axes(figure, LEFT, ABOVE, width, height, words)
    layout.show_picture(axes, picture, problem)
    return figure


def plot_hidden_layers(inputs):
    """Plot the weights to the first units of each hidden layer of a classifier."""
    (configuration,) = inputs.configurations
    words, hidden = network_words(configuration.settings), configuration.settings["hidden"]
    weights, seed, problem, dead = tiles.saved_weights(inputs, configuration, words)
    boxes, left, tallest = [], LEFT, 0
    shapes = [configuration.settings["image_shape"], *map(tiles.tile_shape, hidden)]
    for tile, fan_out in zip(shapes, hidden, strict=False):
        rows, columns = tiles.mosaic_shape(min(N_UNITS, fan_out), N_COLUMNS, *tile)
        boxes.append((left, ABOVE * 2, SCALE * columns, SCALE * rows))
        left += max(SCALE * columns, NARROWEST) + BETWEEN
        tallest = max(tallest, SCALE * rows)
    width = max(left - LEFT, layout.WIDTH // 2) - BETWEEN + 2 * LEFT
    shown = note("hidden_layers", n_units=N_UNITS, seed=seed, title=inputs.title)
    assumed = [] if inputs.declared else [note("assumed")]
    notes = [shown, *assumed, *dead]
    figure = layout.sheet(ABOVE * 2 + tallest + BELOW, notes, width)
    layout.add_text(figure, LEFT, 40, words, size=8, va="center", weight="bold")
    for position, box in enumerate(boxes):
        layer, picture = position + 1, None
        heading = f"{ {1: '1st', 2: '2nd', 3: '3rd'}.get(layer, f'{layer}th') } hidden layer"
        axes = layout.add_axes(figure, *box, heading, position)
        if weights:
            bottom_up = weights[f"hidden{layer}/weights"][:, :N_UNITS]
            picture = tiles.weights_picture(bottom_up, N_COLUMNS, shapes[position])
        layout.show_picture(axes, picture, problem)
    return figure
