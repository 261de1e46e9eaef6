"""Our layers, losses and updates against Keras' own: same initial weights, same batches."""

from itertools import product

import engine  # isort: skip (before TensorFlow)
import numpy as np
import pytest

keras = pytest.importorskip("keras")

import tensorflow as tf  # noqa: E402

from autoencoders.training.activations import HIDDEN_ACTIVATIONS  # noqa: E402
from autoencoders.training.losses import LOSSES  # noqa: E402
from autoencoders.training.network import Network  # noqa: E402
from autoencoders.training.penalties import PENALTIES  # noqa: E402
from autoencoders.training.trainer import Trainer  # noqa: E402

BATCH = 50
STEPS = 20
LEARNING_RATE, MOMENTUM = 0.1, 0.9
WEIGHT = 1e-4
N_CLASSES = 10
ABSOLUTE, RELATIVE = 1e-5, 1e-5
NORMALIZATION = {"momentum": 0.99, "epsilon": 1e-3}


class LogPenalty(keras.regularizers.Regularizer):
    """Penalty `log`, which Keras does not have."""

    def __init__(self, weight):
        self.weight = weight

    def __call__(self, activities):
        return self.weight * keras.ops.sum(keras.ops.log(1.0 + activities * activities))


KERAS_PENALTY = {"l1": keras.regularizers.L1, "l2": keras.regularizers.L2, "log": LogPenalty}
KERAS_LOSS = {
    ("mse", "sigmoid"): "mse",
    ("mse", "softmax"): "mse",
    ("mse", "linear"): "mse",
    ("cross_entropy", "softmax"): "categorical_crossentropy",
    ("cross_entropy", "sigmoid"): "binary_crossentropy",
}


def make_network(widths, activation, output="sigmoid", loss="mse", seed=0, **options):
    """Return one of our networks with weights drawn as a training run draws them."""
    network = Network(widths, activation, output, loss, **options)
    network.initialise(np.random.default_rng(seed), 0.05)
    return network


def keras_twin(network, activation, penalty=None, place=None, output="sigmoid", loss="mse"):
    """Return a compiled Keras model with the weights of `network`.

    Keras divides the activity penalty by the batch size, so the weight is multiplied by it.
    """
    layers = [keras.Input((network.widths[0],))]
    regularizer = None
    if penalty:
        regularizer = KERAS_PENALTY[penalty["kind"]](penalty["weight"] * BATCH)
    for k, width in enumerate(network.widths[1:-1]):
        if place == "all_inputs" or (place == "hidden_inputs" and k > 0):
            layers.append(keras.layers.BatchNormalization(**NORMALIZATION))
        if place == "before_activation":
            layers += [
                keras.layers.Dense(width),
                keras.layers.BatchNormalization(**NORMALIZATION),
                keras.layers.Activation(activation),
            ]
        else:
            layers.append(keras.layers.Dense(width, activation, activity_regularizer=regularizer))
            if place == "after_activation":
                layers.append(keras.layers.BatchNormalization(**NORMALIZATION))
    layers.append(keras.layers.Dense(network.widths[-1], output))
    model = keras.Sequential(layers)
    for layer, ours in paired(model, network):
        layer.set_weights([variable.numpy() for variable in ours.variables.values()])
    model.compile(
        keras.optimizers.SGD(LEARNING_RATE, momentum=MOMENTUM),
        KERAS_LOSS[loss, output],
        metrics=[keras.metrics.MeanSquaredError(name="mse")],
        run_eagerly=True,
    )
    return model


def paired(model, network):
    """Yield every Keras layer that has weights with our counterpart."""
    dense = iter([*network.hidden, network.output])
    normalizations = iter(network.normalizations.values())
    for layer in model.layers:
        if isinstance(layer, keras.layers.Dense):
            yield layer, next(dense)
        elif isinstance(layer, keras.layers.BatchNormalization):
            yield layer, next(normalizations)


def assert_same_weights(model, network):
    for layer, ours in paired(model, network):
        names = ours.variables
        for (name, variable), expected in zip(names.items(), layer.get_weights(), strict=True):
            np.testing.assert_allclose(
                variable.numpy(), expected, rtol=0, atol=ABSOLUTE, err_msg=f"{layer.name} {name}"
            )


def make_trainer(network, **options):
    return Trainer(network, BATCH, LEARNING_RATE, MOMENTUM, **options)


def compare_steps(network, model, inputs, targets, penalty=None, error="loss", **options):
    """Take `STEPS` steps with both; compare the errors, the whole losses and the weights.

    `error` is the one of Keras' numbers that is the loss without the penalty.
    """
    trainer = make_trainer(network, **options)
    step = tf.function(trainer.step, autograph=False)
    before = [variable.numpy() for variable in matrices(network)]
    errors, losses, keras_errors, keras_losses = [], [], [], []
    for start in range(0, STEPS * BATCH, BATCH):
        x = tf.constant(inputs[start : start + BATCH])
        y = tf.constant(targets[start : start + BATCH])
        added = penalty_of(penalty, network(x)[0][0]) if penalty else 0.0
        errors.append(float(step(x, y)))
        losses.append(errors[-1] + added)
        model.reset_metrics()
        result = model.train_on_batch(x, y, return_dict=True)
        keras_losses.append(result["loss"])
        keras_errors.append(result["mse"] if error == "mse" else result["loss"])
    np.testing.assert_allclose(errors, keras_errors, rtol=RELATIVE)
    np.testing.assert_allclose(losses, keras_losses, rtol=RELATIVE)
    assert_same_weights(model, network)
    for variable, value in zip(matrices(network), before, strict=True):
        assert np.abs(variable.numpy() - value).max() > 3 * ABSOLUTE, "training moved nothing"


def matrices(network):
    """Return the weights that training moves; biases before a normalisation do not matter."""
    return [variable for variable in network.trainable if len(variable.shape) == 2]


def penalty_of(penalty, activities):
    """Return the penalty as protocol.md has it: summed over batch and units."""
    value = PENALTIES[penalty["kind"]].value
    return float(value(penalty["weight"], tf.cast(activities, tf.float64)))


def digits(n_images=STEPS * BATCH, n_pixels=784):
    return engine.images(n_images, n_pixels=n_pixels).astype(np.float32)


def classes(n_images=STEPS * BATCH):
    """Return one-hot labels, float32 of shape (n_images, 10)."""
    labels = np.random.default_rng(3).integers(N_CLASSES, size=n_images)
    return np.eye(N_CLASSES, dtype=np.float32)[labels]


def penalty_of_kind(kind):
    return {"kind": kind, "printed": 1e-5, "weight": WEIGHT} if kind else None


# --- autoencoders -----------------------------------------------------------------------------

AUTOENCODERS = [
    (32, activation, kind, noise)
    for activation, kind, noise in product(HIDDEN_ACTIVATIONS, (None, *PENALTIES), (0.0, 0.3))
]
PUBLISHED_SIZE = [(128, "relu", None, 0.0), (128, "sigmoid", "l2", 0.3), (128, "relu", "l1", 0.1)]


@pytest.mark.parametrize(("hidden", "activation", "kind", "noise"), AUTOENCODERS + PUBLISHED_SIZE)
def test_autoencoder(hidden, activation, kind, noise):
    penalty = penalty_of_kind(kind)
    targets = digits()
    rng = np.random.default_rng(1)
    inputs = targets + np.float32(noise) * rng.standard_normal(targets.shape, dtype=np.float32)
    network = make_network((784, hidden, 784), activation, penalty=penalty)
    model = keras_twin(network, activation, penalty)
    compare_steps(network, model, inputs, targets, penalty, error="mse")


# --- classifiers ------------------------------------------------------------------------------

HIDDEN = {0: (), 1: (32,), 2: (32, 24), 3: (32, 24, 16)}
PLACES = (None, "before_activation", "after_activation", "hidden_inputs", "all_inputs")
CLASSIFIERS = [
    (0, "relu", None),
    *((n, "relu", place) for n in (1, 2, 3) for place in PLACES),
    *((n, activation, None) for n in (1, 2, 3) for activation in HIDDEN_ACTIVATIONS[1:]),
]


def classifier(n_hidden, activation, place=None, n_pixels=60, train_hidden=True, **kind):
    """Return one of our classifiers and its twin."""
    kind = {"output": "softmax", "loss": "cross_entropy", **kind}
    network = make_network(
        (n_pixels, *HIDDEN[n_hidden], N_CLASSES),
        activation,
        **kind,
        batch_normalization={"place": place, **NORMALIZATION} if place else None,
        train_hidden=train_hidden,
    )
    return network, keras_twin(network, activation, place=place, **kind)


@pytest.mark.parametrize(("n_hidden", "activation", "place"), CLASSIFIERS)
def test_classifier(n_hidden, activation, place):
    network, model = classifier(n_hidden, activation, place)
    compare_steps(network, model, digits(n_pixels=60), classes())
    x = digits(200, 60)
    _, logits = network(tf.constant(x))
    np.testing.assert_allclose(
        tf.nn.softmax(logits), model(x, training=False), rtol=0, atol=ABSOLUTE
    )


@pytest.mark.parametrize("place", PLACES)
def test_classifier_of_the_published_size(place):
    kind = {"output": "softmax", "loss": "cross_entropy"}
    network = make_network(
        (784, 128, 128, N_CLASSES),
        "relu",
        **kind,
        batch_normalization={"place": place, **NORMALIZATION} if place else None,
    )
    model = keras_twin(network, "relu", place=place, **kind)
    compare_steps(network, model, digits(), classes())


@pytest.mark.parametrize(
    ("loss", "output"), [(loss, output) for loss in LOSSES for output in LOSSES[loss]]
)
def test_losses_and_outputs(loss, output):
    network, model = classifier(1, "relu", loss=loss, output=output)
    compare_steps(
        network, model, digits(n_pixels=60), classes(), error="mse" if loss == "mse" else "loss"
    )


def test_output_layer_alone():
    network, model = classifier(2, "relu", train_hidden=False)
    for layer in model.layers[:-1]:
        layer.trainable = False
    model.compile(
        keras.optimizers.SGD(LEARNING_RATE, momentum=MOMENTUM),
        "categorical_crossentropy",
        metrics=["mse"],
        run_eagerly=True,
    )
    compare_steps(network, model, digits(n_pixels=60), classes())


@pytest.mark.parametrize("place", PLACES)
def test_nesterov_momentum(place):
    network, model = classifier(2, "relu", place)
    model.compile(
        keras.optimizers.SGD(LEARNING_RATE, momentum=MOMENTUM, nesterov=True),
        "categorical_crossentropy",
        metrics=["mse"],
        run_eagerly=True,
    )
    compare_steps(network, model, digits(n_pixels=60), classes(), nesterov=True)


def test_glorot_uniform_weights_are_drawn_as_keras_does():
    """The same range and variance; the draws themselves come from other generators."""
    network = Network((784, 128, 10), "relu", "softmax", "cross_entropy")
    network.initialise(np.random.default_rng(0), 0.05, "glorot_uniform", 0.05)
    ours = network.output.weights.numpy()
    theirs = keras.initializers.GlorotUniform(seed=0)((128, 10)).numpy()
    limit = np.sqrt(6 / 138)
    for draws in (ours, theirs):
        assert 0.98 * limit < np.abs(draws).max() <= limit
        assert draws.std() == pytest.approx(limit / np.sqrt(3), rel=0.05)
    assert network.hidden[0].weights.numpy().std() == pytest.approx(0.05, rel=0.02)


# --- whole epochs -----------------------------------------------------------------------------


@pytest.mark.parametrize("place", PLACES)
def test_epochs_with_a_smaller_last_batch(place):
    n_images = 430
    x, y = digits(n_images, 60), classes(n_images)
    network, model = classifier(2, "relu", place)
    trainer = make_trainer(network)
    inputs, targets = tf.constant(x), tf.constant(y)
    errors = [trainer.epoch(inputs, targets, engine.FIXED_ORDER) for _ in range(2)]
    history = model.fit(x, y, BATCH, epochs=2, shuffle=False, verbose=0).history
    np.testing.assert_allclose(errors, history["loss"], rtol=RELATIVE)
    assert_same_weights(model, network)


def test_epoch_that_drops_the_last_batch():
    n_images, n_used = 430, 400
    x, y = digits(n_images, 60), classes(n_images)
    network, model = classifier(1, "sigmoid")
    trainer = make_trainer(network, last_batch="drop")
    error = trainer.epoch(tf.constant(x), tf.constant(y), engine.FIXED_ORDER)
    history = model.fit(x[:n_used], y[:n_used], BATCH, shuffle=False, verbose=0).history
    np.testing.assert_allclose([error], history["loss"], rtol=RELATIVE)
    assert_same_weights(model, network)


def test_epoch_of_an_autoencoder_with_a_penalty():
    """Its error is the squared one alone, the penalty shows in the weights."""
    x = digits(400)
    penalty = penalty_of_kind("l1")
    network = make_network((784, 32, 784), "relu", penalty=penalty)
    model = keras_twin(network, "relu", penalty)
    inputs = tf.constant(x)
    error = make_trainer(network).epoch(inputs, None, engine.FIXED_ORDER)
    history = model.fit(x, x, BATCH, shuffle=False, verbose=0).history
    np.testing.assert_allclose([error], history["mse"], rtol=RELATIVE)
    assert_same_weights(model, network)


@pytest.mark.parametrize("place", PLACES)
def test_evaluation(place):
    x, y = digits(430, 60), classes(430)
    network, model = classifier(2, "relu", place)
    model.compile(loss="categorical_crossentropy", metrics=["accuracy"], run_eagerly=True)
    expected = model.evaluate(x, y, verbose=0)
    ours = make_trainer(network).evaluate(tf.constant(x), tf.constant(y))
    np.testing.assert_allclose(ours, expected, rtol=RELATIVE)


def test_evaluation_in_blocks(monkeypatch):
    x, y = tf.constant(digits(430, 60)), tf.constant(classes(430))
    network, _ = classifier(1, "relu")
    whole = make_trainer(network).evaluate(x, y)
    monkeypatch.setattr("autoencoders.training.trainer.EVALUATION_ROWS", 100)
    np.testing.assert_allclose(make_trainer(network).evaluate(x, y), whole, rtol=1e-6)
