import matplotlib
import numpy as np
import pytest
from drawn import (
    DIVERGED,
    assert_apart_and_inside,
    figure_of,
    headings,
    picture,
    small,
    small_print,
)
from scipy.special import expit

import synthetic
from autoencoders.figures.reconstructions import first_of_each_class, reconstruct
from autoencoders.figures.tiles import columns_of, mosaic, scaled_by_unit, tile_shape
from autoencoders.training.activations import HIDDEN_ACTIVATIONS

# --- reconstructions ------------------------------------------------------------------------------


def test_the_first_image_of_each_class_is_shown():
    images = np.arange(5, dtype=np.uint8)[:, None] * np.ones(3, np.uint8)
    found = first_of_each_class(images, np.array([7, 0, 7, 9, 0]), 10)
    assert found[:, 0].tolist() == [1, 0, 0, 0, 0, 0, 0, 0, 0, 3]


def test_reconstruction_by_hand():
    weights = {
        "encoder/weights": np.array([[1.0, -1.0]] * 2),
        "encoder/biases": np.array([0.5, 0.5]),
        "decoder/weights": np.array([[2.0, 0.0], [7.0, 1.0]]),
        "decoder/biases": np.array([0.0, -1.0]),
    }
    image = np.array([[1, 0]], np.uint8)
    settings = {"network": "autoencoder", "activation": "relu"}
    relu = reconstruct(weights, settings, image)
    assert relu[0] == pytest.approx([expit(3.0), expit(-1.0)])
    codes = expit(1.5), expit(-0.5)
    expected = [expit(2 * codes[0] + 7 * codes[1]), expit(codes[1] - 1)]
    settings["activation"] = "sigmoid"
    assert reconstruct(weights, settings, image)[0] == pytest.approx(expected)
    settings["activation"] = "unheard of"
    with pytest.raises(KeyError):
        reconstruct(weights, settings, image)


def test_figure2_shows_originals_above_their_reconstructions(draw, place, runs):
    figure = draw("figure2")
    assert headings(figure) == [
        "(a) ReLU, 4 units",
        "(b) sigmoid, 4 units",
        "(c) ReLU, 5 units",
        "(d) sigmoid, 5 units",
    ]
    assert "by the network of seed 0" in small_print(figure)
    assert synthetic.TITLE in small_print(figure)
    shown = picture(figure.axes[3])
    assert shown.shape == (2 * 28 + 1, 10 * 28 + 9, 3)
    images, labels = place.arrays["test_images"], place.arrays["test_labels"]
    run = runs["autoencoder/sigmoid-5"]
    for digit in range(10):
        image = images[np.flatnonzero(labels == digit)[0]]
        across = slice(29 * digit, 29 * digit + 28)
        np.testing.assert_array_equal(shown[:28, across, 0], 255 * image.reshape(28, 28))
        below = reconstruct(run.weights(0), run.settings, image[None]).reshape(28, 28)
        np.testing.assert_allclose(shown[29:, across, 0], 255 * below, atol=2)
    assert (shown[28] == 255).all()


def test_figure2_of_every_activation(tmp_path):
    configurations = synthetic.by_name(
        synthetic.autoencoder(5, activation) for activation in HIDDEN_ACTIVATIONS
    )
    place = synthetic.write_results(tmp_path, configurations)
    figure = figure_of(place, "figure2")
    assert {"(c) tanh, 5 units", "(d) ELU, 5 units"} <= set(headings(figure))
    images, labels = place.arrays["test_images"], place.arrays["test_labels"]
    images = first_of_each_class(images, labels, 10)
    functions = {"tanh": np.tanh, "elu": lambda codes: np.where(codes > 0, codes, np.expm1(codes))}
    for activation, axes in zip(HIDDEN_ACTIVATIONS, figure.axes, strict=True):
        if activation in functions:
            settings = configurations[f"autoencoder/{activation}-5"].settings
            weights = synthetic.make_weights(settings, 0, place.arrays["test_images"])
            codes = images @ weights["encoder/weights"] + weights["encoder/biases"]
            codes = functions[activation](codes)
            outputs = expit(codes @ weights["decoder/weights"] + weights["decoder/biases"])
            shown = picture(axes)[29:, :28, 0]
            np.testing.assert_allclose(shown, 255 * outputs[0].reshape(28, 28), atol=2)
    assert_apart_and_inside(figure)


def test_figure5_has_a_panel_per_run_and_marks_what_is_wrong(tmp_path):
    configurations = small(keep_weights=2)
    metrics = {}
    for name in (DIVERGED, "autoencoder/sigmoid-6-l1-1e-05"):
        metrics[name] = synthetic.make_metrics(configurations[name])
    metrics[DIVERGED][0] = synthetic.diverge(metrics[DIVERGED][0])
    metrics["autoencoder/sigmoid-6-l1-1e-05"][0]["dead"] = True
    place = synthetic.write_results(
        tmp_path, configurations, unfinished=["autoencoder/relu-6-noise-0.1"], metrics=metrics
    )
    figure = figure_of(place, "figure5")
    assert len(figure.axes) == 12
    assert headings(figure)[0] == "(a) ReLU, 6 units, L1 1e-05"
    assert headings(figure)[11] == "(l) sigmoid, 6 units, Gaussian noise 0.3"
    texts = [[text.get_text() for text in axes.texts] for axes in figure.axes]
    said = dict(zip(headings(figure), texts, strict=True))
    assert said["(a) ReLU, 6 units, L1 1e-05"] == []
    assert "(a): seed 1, as those before it diverged." in small_print(figure)
    assert said["(i) ReLU, 6 units, Gaussian noise 0.1"] == ["missing: not finished"]
    assert "inactive on every test image: (b)." in small_print(figure)
    assert sum(bool(axes.images) for axes in figure.axes) == 11


def test_every_seed_diverged(tmp_path):
    configurations = small()
    metrics = synthetic.make_metrics(configurations[DIVERGED])
    metrics = {DIVERGED: [synthetic.diverge(entry) for entry in metrics]}
    place = synthetic.write_results(tmp_path, configurations, metrics=metrics)
    figure = figure_of(place, "figure5")
    assert [text.get_text() for text in figure.axes[0].texts] == ["missing: every seed diverged"]


def test_more_panels_than_letters(tmp_path):
    configurations = synthetic.by_name(synthetic.autoencoder(width) for width in range(2, 30))
    figure = figure_of(synthetic.write_results(tmp_path, configurations), "figure2")
    assert headings(figure)[25:27] == ["(z) ReLU, 27 units", "(aa) ReLU, 28 units"]


# --- weights --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("n_units", "columns"), [(100, 10), (200, 15), (400, 20), (6, 3), (1, 1)])
def test_tiles_per_row(n_units, columns):
    assert columns_of(n_units) == columns


@pytest.mark.parametrize(
    ("fan_in", "shape"), [(784, (28, 28)), (256, (16, 16)), (128, (8, 16)), (512, (16, 32))]
)
def test_tile_shapes(fan_in, shape):
    assert tile_shape(fan_in) == shape


def test_every_unit_is_scaled_to_its_own_range():
    scaled = scaled_by_unit(np.array([[0.0, -4.0, 3.0], [1.0, 4.0, 3.0], [0.5, 0.0, 3.0]]))
    assert scaled.tolist() == [[0, 0, 0], [1, 1, 0], [0.5, 0.5, 0]]


def test_mosaic_puts_tiles_in_reading_order_with_white_between():
    shown = mosaic(np.array([0.0, 0.5, 1.0]).reshape(3, 1, 1) * np.ones((1, 2, 2)), 2, "gray")
    assert shown.shape == (5, 5, 3)
    assert (shown[0, 0] == 0).all()
    assert (shown[1, 3] == 128).all()
    assert (shown[4, 1] == 255).all()
    assert (shown[2] == 255).all()
    assert (shown[:, 2] == 255).all()


def test_figure6_shows_the_encoder_weights(draw, runs):
    figure = draw("figure6")
    assert headings(figure) == ["ReLU, 100 units"]
    shown = picture(figure.axes[0])
    assert shown.shape == (10 * 29 - 1, 10 * 29 - 1, 3)
    unit = runs["autoencoder/relu-100"].weights()["encoder/weights"][:, 23].reshape(28, 28)
    unit = unit.astype(float)
    scaled = (unit - unit.min()) / (unit.max() - unit.min())
    expected = matplotlib.colormaps["viridis"](scaled, bytes=True)[:, :, :3]
    np.testing.assert_array_equal(shown[2 * 29 : 2 * 29 + 28, 3 * 29 : 3 * 29 + 28], expected)


def test_figure9_shows_the_first_units_of_every_layer(draw, runs):
    figure = draw("figure9")
    assert headings(figure) == [
        "(a) 1st hidden layer",
        "(b) 2nd hidden layer",
        "(c) 3rd hidden layer",
    ]
    shapes = [picture(axes).shape[:2] for axes in figure.axes]
    assert shapes == [(10 * 29 - 1, 6 * 29 - 1), (6 * 9 - 1, 6 * 9 - 1), (2 * 7 - 1, 6 * 7 - 1)]
    unit = runs["classifier/relu-64-36-10"].weights()["hidden2/weights"][:, 7].reshape(8, 8)
    shown = picture(figure.axes[1])[9:17, 9:17]
    darkest = np.unravel_index(unit.argmin(), unit.shape)
    expected = matplotlib.colormaps["viridis"](0.0, bytes=True)[:3]
    np.testing.assert_array_equal(shown[darkest], expected)


@pytest.mark.parametrize("name", ["figure2", "figure5", "figure6", "figure9"])
def test_pixels_of_an_image_fall_on_whole_dots(draw, name):
    figure = draw(name)
    for axes in figure.axes:
        if axes.images:
            box = axes.get_window_extent()
            edges = np.array([box.x0, box.y0, box.width, box.height])
            np.testing.assert_allclose(edges, np.round(edges), atol=1e-6)
            height, width = picture(axes).shape[:2]
            assert round(box.width) % width == round(box.height) % height == 0
