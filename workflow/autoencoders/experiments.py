"""The report's two experiments: single autoencoders and stacked classifiers, seed by seed."""

import logging
import math
import time
from itertools import pairwise

import numpy as np
import tensorflow as tf

from autoencoders.networks import Network
from autoencoders.training import EarlyStopping, Trainer, random_streams

N_CLASSES = 10
LOG_EVERY = 10  # epochs

logger = logging.getLogger(__name__)


class Diverged(Exception):
    """An error that is no longer a finite number."""


class History:
    """Every epoch of every seed, and the log of it.

    Attributes
    ----------
    rows : list of tuple
        seed, phase, epoch (from 1), training_error, validation_error, accuracy or None.
    """

    COLUMNS = ("seed", "phase", "epoch", "training_error", "validation_error", "accuracy")

    def __init__(self):
        self.rows = []

    def add(self, seed, phase, epoch, training_error, validation_error, accuracy=None, last=False):
        """Record one epoch.

        Raises
        ------
        Diverged
            If an error is not finite; the epoch is recorded all the same.
        """
        self.rows.append((seed, phase, epoch, training_error, validation_error, accuracy))
        finite = math.isfinite(training_error) and math.isfinite(validation_error)
        if last or not finite or epoch == 1 or epoch % LOG_EVERY == 0:
            logger.info(
                "seed %d, %s, epoch %d: training error %.5f, validation error %.5f%s",
                *(seed, phase, epoch, training_error, validation_error),
                "" if accuracy is None else f", validation accuracy {accuracy:.4f}",
            )
        if not finite:
            raise Diverged


def train(config, arrays):
    """Train every seed of a configuration.

    Parameters
    ----------
    config : dict
        A resolved configuration, as `config.json` of a run holds it.
    arrays : dict of str to ndarray
        The data set, as `arrays.load` gives it.

    Returns
    -------
    history : list of tuple
        The rows of `history.csv`, with the columns `History.COLUMNS`.
    seeds : list of dict
        For every seed what `metrics.json` tells of it.
    weights : dict of str to ndarray
        The final weights of the seeds that `keep_weights` names; none of a seed that diverged.
    """
    experiment = {"autoencoder": AutoencoderExperiment, "classifier": ClassifierExperiment}[
        config["network"]
    ](config, arrays)
    history, seeds, weights = History(), [], {}
    first_seed = config["first_seed"]
    for seed in range(first_seed, first_seed + config["seeds"]):
        epochs, seconds = {}, {}
        facts = {"seed": seed, "diverged": False, "dead": False}
        try:
            facts |= experiment.run(seed, history, seconds)
        except Diverged:
            facts |= {"diverged": True, **dict.fromkeys(experiment.METRICS)}
            logger.warning("seed %d diverged: its error is no longer a finite number", seed)
        if facts["dead"]:
            logger.warning("seed %d: a hidden layer is inactive on every test image", seed)
        for row_seed, phase, *_ in history.rows:
            if row_seed == seed:
                epochs[phase] = epochs.get(phase, 0) + 1
        seeds.append({**facts, "epochs": epochs, "seconds": seconds})
        keep = config["keep_weights"]
        if not facts["diverged"] and (keep == "all" or (keep == "first" and not weights)):
            weights |= {f"seed{seed}/{name}": value for name, value in experiment.weights().items()}
    return history.rows, seeds, weights


def is_dead(blocks):
    """Return whether some hidden layer is 0 for every image and unit.

    Parameters
    ----------
    blocks : iterable of list of ndarray of shape (n_rows, n_units)
        The activities of every hidden layer, a block of images at a time.
    """
    alive = [[bool(np.any(layer)) for layer in block] for block in blocks]
    return not all(any(layer) for layer in zip(*alive, strict=True))


class AutoencoderExperiment:
    """One autoencoder trained for a fixed number of epochs (section 3.1 of the report)."""

    METRICS = ("training_error", "validation_error", "sparseness", "sparseness_training")

    def __init__(self, config, arrays):
        settings = config["training"]
        self.epochs = settings["epochs"]
        self.initial_sd = settings["initial_sd"]
        self.threshold = config["sparseness_threshold"]
        self.train_images = tf.constant(arrays["train_images"])
        self.test_images = tf.constant(arrays["test_images"])
        n_pixels = self.train_images.shape[1]
        self.network = Network(
            (n_pixels, config["hidden"], n_pixels),
            config["activation"],
            output_activation="sigmoid",
            loss="mse",
            penalty=config["penalty"],
        )
        self.trainer = Trainer(
            self.network,
            settings["batch_size"],
            settings["learning_rate"],
            settings["momentum"],
            noise=config["noise"],
        )

    def run(self, seed, history, seconds):
        """Train one seed; return its metrics. `seconds` takes the time of the phase."""
        streams = random_streams(seed)
        self.network.initialise(streams["weights"], self.initial_sd)
        self.trainer.reset()
        start = time.perf_counter()
        try:
            for epoch in range(1, self.epochs + 1):
                training_error = self.trainer.epoch(self.train_images, self.train_images, streams)
                validation_error, _ = self.trainer.evaluate(self.test_images, self.test_images)
                history.add(
                    *(seed, "training", epoch, training_error, validation_error),
                    last=epoch == self.epochs,
                )
        finally:
            seconds["training"] = time.perf_counter() - start
        test = [layers[0].numpy() for layers in self.trainer.activities(self.test_images)]
        training = [layers[0].numpy() for layers in self.trainer.activities(self.train_images)]
        return {
            "dead": is_dead([block] for block in test),
            "training_error": training_error,
            "validation_error": validation_error,
            "sparseness": sparseness(test, self.threshold),
            "sparseness_training": sparseness(training, self.threshold),
        }

    def weights(self):
        """Return the weights and biases of encoder and decoder by name."""
        layers = {"encoder": self.network.hidden[0], "decoder": self.network.output}
        return named_weights(layers)


def sparseness(blocks, threshold):
    """Return the share of hidden activities that are at or below a threshold.

    Parameters
    ----------
    blocks : list of ndarray of shape (n_rows, n_units)
        The activities, a block of images at a time.
    threshold : float

    Returns
    -------
    float
        Between 0 and 1.
    """
    return sum(int(np.sum(block <= threshold)) for block in blocks) / sum(b.size for b in blocks)


def named_weights(layers):
    """Return `{"<layer>/<variable>": array}` for a dict of layers by name."""
    return {
        f"{name}/{variable}": value.numpy()
        for name, layer in layers.items()
        for variable, value in layer.variables().items()
    }


class ClassifierExperiment:
    """Greedy layer-wise pre-training, then training of the whole network (section 3.2)."""

    METRICS = ("training_error", "validation_error", "validation_accuracy", "accuracy")

    def __init__(self, config, arrays):
        settings = self.settings = config["training"]
        n_images = len(arrays["train_images"])
        n_training = n_images - round(settings["validation_fraction"] * n_images)
        self.train_images = tf.constant(arrays["train_images"][:n_training])
        self.validation_images = tf.constant(arrays["train_images"][n_training:])
        self.test_images = tf.constant(arrays["test_images"])
        one_hot = np.eye(N_CLASSES, dtype=np.float32)
        self.train_targets = tf.constant(one_hot[arrays["train_labels"][:n_training]])
        self.validation_targets = tf.constant(one_hot[arrays["train_labels"][n_training:]])
        self.test_targets = tf.constant(one_hot[arrays["test_labels"]])

        widths = (self.train_images.shape[1], *config["hidden"])
        activation, pre, full = (
            config["activation"],
            settings["pre_training"],
            settings["full_training"],
        )
        self.autoencoders = [
            self._trainer(
                Network(
                    (below, width, below),
                    pre["activation"] or activation,
                    pre["output_activation"],
                    pre["loss"],
                )
            )
            for below, width in pairwise(widths)
        ]
        normalized = activation in settings["batch_normalization"]["activations"]
        self.trainer = self._trainer(
            Network(
                (*widths, N_CLASSES),
                activation,
                full["output_activation"],
                full["loss"],
                batch_normalization=settings["batch_normalization"] if normalized else None,
                train_hidden=full["layers"] == "all",
            )
        )

    def _trainer(self, network):
        settings = self.settings
        return Trainer(
            network,
            settings["batch_size"],
            settings["learning_rate"],
            settings["momentum"],
            last_batch=settings["last_batch"],
        )

    def run(self, seed, history, seconds):
        """Train one seed; return its metrics. `seconds` takes the time of every phase."""
        network, settings = self.trainer.network, self.settings
        training, validation = self.train_images, self.validation_images
        weights = random_streams(seed)["weights"]
        network.initialise(weights, settings["initial_sd"], settings["output_initial_sd"])
        for k, trainer in enumerate(self.autoencoders):
            streams = random_streams(seed, phase=k + 1)
            trainer.network.initialise(streams["weights"], settings["initial_sd"])
            self._run_phase(
                *(trainer, (training, training), (validation, validation), streams, seed),
                *(f"pre-training-{k + 1}", settings["pre_training"], history, seconds),
            )
            for name, value in trainer.network.hidden[0].variables().items():
                network.hidden[k].variables()[name].assign(value)
            if k + 1 < len(self.autoencoders):
                training, validation = self._codes(trainer, training, validation)
        training_error, validation_error, validation_accuracy = self._run_phase(
            self.trainer,
            (self.train_images, self.train_targets),
            (self.validation_images, self.validation_targets),
            random_streams(seed, phase=len(self.autoencoders) + 1),
            *(seed, "full-training", settings["full_training"], history, seconds),
        )
        _, accuracy = self.trainer.evaluate(self.test_images, self.test_targets)
        blocks = [[a.numpy() for a in b] for b in self.trainer.activities(self.test_images)]
        return {
            "dead": is_dead(blocks),
            "training_error": training_error,
            "validation_error": validation_error,
            "validation_accuracy": validation_accuracy,
            "accuracy": accuracy,
        }

    def _run_phase(
        self, trainer, training, validation, streams, seed, phase, rules, history, seconds
    ):
        """Train until early stopping or the last epoch; return the figures of the weights kept."""
        trainer.reset()
        stopping = EarlyStopping(rules["min_delta"], rules["patience"])
        best = None
        start = time.perf_counter()
        if rules["max_epochs"] == 0:
            seconds[phase] = 0.0
            return None, *trainer.evaluate(*validation)
        try:
            for epoch in range(1, rules["max_epochs"] + 1):
                training_error = trainer.epoch(*training, streams)
                validation_error, accuracy = trainer.evaluate(*validation)
                figures = (training_error, validation_error, accuracy)
                improved, stop = stopping.update(validation_error)
                history.add(
                    *(seed, phase, epoch, *figures), last=stop or epoch == rules["max_epochs"]
                )
                if improved and rules["keep"] == "best":
                    best = figures, [v.numpy() for v in trainer.network.state]
                if stop:
                    break
        finally:
            seconds[phase] = time.perf_counter() - start
        if best is not None:
            figures, values = best
            for variable, value in zip(trainer.network.state, values, strict=True):
                variable.assign(value)
        return figures

    @staticmethod
    def _codes(trainer, *images):
        """Return the hidden activities of a trained autoencoder on each set of images."""
        return [
            tf.concat([layers[0] for layers in trainer.activities(inputs)], axis=0)
            for inputs in images
        ]

    def weights(self):
        """Return the variables of every layer of the whole network by name."""
        network = self.trainer.network
        named = named_weights({f"hidden{k + 1}": layer for k, layer in enumerate(network.hidden)})
        named |= named_weights(
            {f"hidden{k + 1}": layer for k, layer in enumerate(network.normalizations)}
        )
        return named | named_weights({"output": network.output})
