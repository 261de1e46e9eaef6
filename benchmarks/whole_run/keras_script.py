r"""The whole sweep in one well-written Keras script, to compare the workflow's time with.

It does what config.yaml declares with the Keras that users have, in one process on all cores: the
same configurations, seeds, epochs, batches, penalties, noise, pre-training and early stopping as
the workflow's training runs, and the same final metrics. `model.fit` runs a whole epoch in one
call; the images are tensors that `tf.data` shuffles; the validation images are one batch; a model
is built once and serves every seed and every configuration that it fits; XLA compiles where that
pays. Nothing is plotted and no weights are written. With `--plain` it is written as in Keras' own
guides instead: `compile` and `fit` of the arrays with their defaults.

    python benchmarks/whole_run/keras_script.py --arrays results/data/lab/arrays.npz \
        --manifest results/data/lab/manifest.json --output keras.csv
"""

import argparse
import csv
import functools
import os
import sys
import time
from itertools import pairwise
from pathlib import Path

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "workflow"))

import keras
import numpy as np
import tensorflow as tf
import yaml

from autoencoders import arrays
from autoencoders.sweep.declaration import read_sweep
from autoencoders.training.network import PLACES

ROOT = Path(__file__).resolve().parents[2]
N_CLASSES = 10
COLUMNS = (
    *("configuration", "seed", "seconds", "epochs", "epoch_seconds", "training_error"),
    *("validation_error", "sparseness", "sparseness_training", "accuracy"),
)
CROSS_ENTROPIES = {"softmax": "categorical_crossentropy", "sigmoid": "binary_crossentropy"}
REGULARIZERS = {"l1": keras.regularizers.L1, "l2": keras.regularizers.L2}


def main():
    """Train every configuration, print its seconds, write a row for each seed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--config", type=Path, default=ROOT / "config.yaml", help="config.yaml")
    parser.add_argument("--arrays", type=Path, required=True, help="the data set's arrays.npz")
    parser.add_argument("--manifest", type=Path, required=True, help="its manifest.json")
    parser.add_argument("--output", type=Path, required=True, help="CSV file to write")
    parser.add_argument("--plain", action="store_true", help="with the defaults of compile and fit")
    arguments = parser.parse_args()
    sweep = read_sweep(yaml.safe_load(arguments.config.read_text(encoding="utf-8")))
    data = arrays.load(arguments.arrays, arguments.manifest)
    train, test = images_and_labels(data, "train"), images_and_labels(data, "test")
    with open(arguments.output, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for name, configuration in sweep.configurations.items():
            procedure = PROCEDURES[configuration.settings["network"]]
            start = last = time.perf_counter()
            trained = procedure(configuration, train, test, arguments.plain)
            for seed, metrics in enumerate(trained):
                seconds, last = time.perf_counter() - last, time.perf_counter()
                writer.writerow({"configuration": name, "seed": seed, "seconds": seconds} | metrics)
            print(f"{name}: {last - start:.1f} s", flush=True)


def images_and_labels(data, split):
    """Return a split's images and one-hot labels as tensors."""
    labels = data[f"{split}_labels"].astype(np.int32)
    return tf.constant(data[f"{split}_images"], tf.float32), tf.one_hot(labels, N_CLASSES)


def autoencoder(configuration, train, test, plain):
    """Train an autoencoder for its epochs; yield the final metrics of every seed.

    Parameters
    ----------
    configuration : autoencoders.runs.configuration.Configuration
    train, test : tuple of tf.Tensor
        Images of shape (n_images, 784) and one-hot labels of shape (n_images, 10).
    plain : bool
        Whether with the defaults of `compile` and `fit`.
    """
    config = configuration.settings
    settings, penalty = config["training"], config["penalty"]
    (train, _), (test, _) = train, test
    model = network(
        (train.shape[1], config["hidden"], train.shape[1]),
        *(config["activation"], "sigmoid", "mse", *compiled_for(settings, train, plain)),
        # Keras divides it by the batch size.
        penalty=penalty and (penalty["kind"], penalty["weight"] * settings["batch_size"]),
        # A tenth off each of hundreds of epochs; a classifier's few seeds do not win back what
        # compiling takes.
        jit_compile="auto" if plain else True,
        noise=config["noise"] if plain else 0.0,
    )
    error = "mse" if penalty else "loss"
    for seed in range(configuration.seeds):
        rng = np.random.default_rng((seed, 0))
        start_anew(model, rng, settings["initial_sd"])
        log, epoch_seconds = fit(
            *(model, rng, settings, settings["epochs"], (train, train), (test, test)),
            noise=config["noise"],
            plain=plain,
        )
        inactive = [codes(model, x) <= config["sparseness_threshold"] for x in (test, train)]
        yield {
            "epochs": settings["epochs"],
            "epoch_seconds": epoch_seconds,
            "training_error": log[error][-1],
            "validation_error": log[f"val_{error}"][-1],
            "sparseness": np.mean(inactive[0]),
            "sparseness_training": np.mean(inactive[1]),
        }


def classifier(configuration, train, test, plain):
    """Pre-train every hidden layer, then train the whole; yield the final metrics of every seed.

    The parameters are those of `autoencoder`.
    """
    config = configuration.settings
    settings, activation = config["training"], config["activation"]
    pre, full = settings["pre_training"], settings["full_training"]
    normalization = settings["batch_normalization"]
    made_for = {
        "last_batch": (settings["last_batch"], "train"),
        "output_distribution": (settings["output_distribution"], "normal"),
        "pre_training.images": (pre["images"], "training"),
        "full_training.layers": (full["layers"], "all"),
    }
    for path, (ours, known) in made_for.items():
        if ours != known:
            sys.exit(f"error: {path} must be {known} here.")
    n_images, n_pixels = train[0].shape
    n_training = n_images - round(settings["validation_fraction"] * n_images)
    training, validation = [x[:n_training] for x in train], [x[n_training:] for x in train]
    compiled = compiled_for(settings, training[0], plain)
    layers = [
        network(
            (below, width, below),
            *(pre["activation"] or activation, pre["output_activation"], pre["loss"], *compiled),
        )
        for below, width in pairwise((n_pixels, *config["hidden"]))
    ]
    model = network(
        (n_pixels, *config["hidden"], N_CLASSES),
        *(activation, full["output_activation"], full["loss"], *compiled),
        normalization=tuple((key, normalization[key]) for key in ("place", "momentum", "epsilon"))
        if activation in normalization["activations"]
        else None,
        metrics=("accuracy",),
    )
    for seed in range(configuration.seeds):
        rng = np.random.default_rng((seed, 0))
        start_anew(model, rng, settings["initial_sd"], settings["output_initial_sd"])
        inputs, epochs = (training[0], validation[0]), 0
        for k, layer in enumerate(layers):
            rng = np.random.default_rng((seed, k + 1))
            start_anew(layer, rng, settings["initial_sd"])
            pairs = [(x, x) for x in inputs]
            log, _ = fit(layer, rng, settings, pre["max_epochs"], *pairs, pre, plain=plain)
            epochs += len(log["loss"])
            dense(model)[k].set_weights(dense(layer)[0].get_weights())
            inputs = [codes(layer, x) for x in inputs]
        log, _ = fit(
            *(model, rng, settings, full["max_epochs"], training, validation, full), plain=plain
        )
        test_images = without_autotuning(tf.data.Dataset.from_tensors(test))
        yield {
            "epochs": epochs + len(log["loss"]),
            "training_error": log["loss"][-1],
            "validation_error": log["val_loss"][-1],
            "accuracy": model.evaluate(test_images, verbose=0)[1],
        }


def compiled_for(settings, images, plain):
    """Return what a model is compiled for: learning rate, momentum, its kind, batches of a call."""
    steps = 1 if plain else -(-len(images) // settings["batch_size"])
    nesterov = settings.get("nesterov", False)  # autoencoders have no such setting
    return settings["learning_rate"], settings["momentum"], nesterov, steps


@functools.cache
def network(
    widths,
    activation,
    output_activation,
    loss,
    learning_rate,
    momentum,
    nesterov,
    steps,
    penalty=None,
    normalization=None,
    metrics=(),
    jit_compile=False,
    noise=0.0,
):
    """Return a compiled model; the same one for the same arguments."""
    layers = [keras.Input((widths[0],))]
    if noise:
        layers.append(keras.layers.GaussianNoise(noise))
    regularizer = None
    if penalty:
        kind, weight = penalty
        if kind not in REGULARIZERS:
            sys.exit(f"error: this script has no penalty of kind {kind}; Keras has l1 and l2.")
        regularizer = REGULARIZERS[kind](weight)
        metrics = ("mse",)
    place, normalization = None, dict(normalization or {})
    if normalization:
        place = normalization.pop("place")
    for position, width in enumerate(widths[1:-1]):
        if place is None:
            layers.append(keras.layers.Dense(width, activation, activity_regularizer=regularizer))
            continue
        parts = [keras.layers.Dense(width), keras.layers.Activation(activation)]
        if place != "hidden_inputs" or position > 0:
            parts.insert(PLACES[place], keras.layers.BatchNormalization(**normalization))
        layers += parts
    layers.append(keras.layers.Dense(widths[-1], output_activation))
    model = keras.Sequential(layers)
    model.compile(
        keras.optimizers.SGD(learning_rate, momentum=momentum, nesterov=nesterov),
        "mse" if loss == "mse" else CROSS_ENTROPIES[output_activation],
        metrics=list(metrics),
        steps_per_execution=steps,
        jit_compile=jit_compile,
    )
    return model


def dense(model):
    """Return a model's layers that have weights of their own, from the inputs to the outputs."""
    return [layer for layer in model.layers if isinstance(layer, keras.layers.Dense)]


def start_anew(model, rng, sd, output_sd=None):
    """Draw a model's weights from a normal distribution; set all else to its initial value."""
    for layer in dense(model):
        is_output = layer is model.layers[-1]
        layer_sd = output_sd if is_output and output_sd is not None else sd
        layer.kernel.assign(rng.normal(0, layer_sd, layer.kernel.shape))
        layer.bias.assign(np.zeros(layer.bias.shape))
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            n_units = layer.gamma.shape[0]
            layer.set_weights([np.ones(n_units), *np.zeros((2, n_units)), np.ones(n_units)])
    model.optimizer.build(model.trainable_variables)
    for velocity in model.optimizer.momentums:
        velocity.assign(np.zeros(velocity.shape))


def fit(model, rng, settings, epochs, training, validation, stopping=None, noise=0.0, plain=False):
    """Train a model.

    Parameters
    ----------
    model : keras.Model
    rng : numpy.random.Generator
    settings : dict
        Of the training; its `batch_size` is asked for.
    epochs : int
        At most.
    training, validation : tuple of tf.Tensor
        Inputs and targets.
    stopping : dict, optional
        `min_delta`, `patience` and `keep` of the early stopping.
    noise : float, optional
        Standard deviation of the noise on the inputs; a plain model has a layer for it.
    plain : bool, optional
        Whether the arrays themselves are given to `fit`.

    Returns
    -------
    log : dict of str to list of float
        Errors and accuracies of every epoch.
    epoch_seconds : float or None
        Of an epoch with its validation; without the first, which compiles. None of a single epoch.
    """
    ends = []
    callbacks = [
        keras.callbacks.LambdaCallback(on_epoch_end=lambda *_: ends.append(time.perf_counter()))
    ]
    if stopping:
        best = stopping["keep"] == "best"
        limits = {"min_delta": stopping["min_delta"], "patience": stopping["patience"]}
        callbacks.append(keras.callbacks.EarlyStopping(**limits, restore_best_weights=best))
    size = settings["batch_size"]
    if plain:
        x, y = training
        given = {"x": x, "y": y, "batch_size": size, "validation_data": tuple(validation)}
    else:
        given = {
            "x": batches(*training, size, int(rng.integers(2**31)), noise),
            "validation_data": without_autotuning(tf.data.Dataset.from_tensors(tuple(validation))),
        }
    log = model.fit(**given, epochs=epochs, callbacks=callbacks, verbose=0).history
    return log, (ends[-1] - ends[0]) / (len(ends) - 1) if len(ends) > 1 else None


def batches(inputs, targets, size, seed, noise):
    """Return the batches of an epoch, in a new order each time that they are iterated over.

    The noise is drawn here: a layer for it, compiled by XLA, makes an epoch several times as long.
    """
    n_images = len(inputs)

    def of_epoch(number):
        seed = tf.stack([number, number])
        order = tf.random.experimental.stateless_shuffle(tf.range(n_images), seed)
        rows = tf.data.Dataset.from_tensor_slices(
            tf.reshape(order[: n_images - n_images % size], (-1, size))
        )
        if n_images % size:
            rows = rows.concatenate(tf.data.Dataset.from_tensors(order[-(n_images % size) :]))
        return rows.enumerate(number).map(batch)

    def batch(number, rows):
        x = tf.gather(inputs, rows)
        if noise:
            x += noise * tf.random.stateless_normal(tf.shape(x), tf.stack([number, number]))
        return x, tf.gather(targets, rows)

    epochs = tf.data.Dataset.random(seed=seed, rerandomize_each_iteration=True)
    return without_autotuning(epochs.take(1).flat_map(of_epoch).prefetch(4))


def without_autotuning(dataset):
    """Return a dataset whose end `fit` need not wait for: tf.data's tuning sleeps ever longer."""
    options = tf.data.Options()
    options.autotune.enabled = False
    return dataset.with_options(options)


def codes(model, inputs):
    """Return the activities of a model's first hidden layer."""
    return keras.Model(model.inputs, dense(model)[0].output)(inputs, training=False)


PROCEDURES = {"autoencoder": autoencoder, "classifier": classifier}


if __name__ == "__main__":
    main()
