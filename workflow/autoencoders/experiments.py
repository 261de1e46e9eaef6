"""The report's two experiments: single autoencoders and stacked classifiers, seed by seed."""

import logging
import math
import time
from collections import Counter
from itertools import pairwise

import numpy as np
import tensorflow as tf

from autoencoders.networks import Network
from autoencoders.training import EarlyStopping, Trainer, random_streams

N_CLASSES = 10
LOG_EVERY = 10  # epochs

logger = logging.getLogger(__name__)


COLUMNS = ("seed", "phase", "epoch", "training_error", "validation_error", "accuracy")


class Record:
    """What becomes of one seed.

    Attributes
    ----------
    seed : int
    rows : list of tuple
        Every epoch, with `COLUMNS`: the epoch counts from 1, the accuracy may be None.
    seconds : dict of str to float
        What every phase took; an equal share of it where seeds are trained together.
    diverged : bool
        Whether an error is no longer a finite number, which ends the training of the seed.
    metrics : dict
        What the experiment found; empty if the seed diverged.
    """

    def __init__(self, seed):
        self.seed = seed
        self.rows = []
        self.seconds = {}
        self.diverged = False
        self.metrics = {}

    def add(self, phase, epoch, training_error, validation_error, accuracy=None, last=False):
        """Take an epoch's figures; log some."""
        self.rows.append((self.seed, phase, epoch, training_error, validation_error, accuracy))
        finite = math.isfinite(training_error) and math.isfinite(validation_error)
        if last or not finite or epoch == 1 or epoch % LOG_EVERY == 0:
            logger.info(
                "seed %d, %s, epoch %d: training error %.5f, validation error %.5f%s",
                *(self.seed, phase, epoch, training_error, validation_error),
                "" if accuracy is None else f", validation accuracy {accuracy:.4f}",
            )
        if not finite:
            self.diverged = True
            logger.warning("seed %d diverged: its error is no longer a finite number", self.seed)

    @property
    def epochs(self):
        """The number of epochs of every phase."""
        return dict(Counter(phase for _, phase, *_ in self.rows))


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
        The rows of `history.csv`, with the columns `COLUMNS`.
    seeds : list of dict
        For every seed what `metrics.json` tells of it.
    weights : dict of str to ndarray
        The final weights of the seeds that `keep_weights` names; none of a seed that diverged.
    """
    kind = {"autoencoder": AutoencoderExperiment, "classifier": ClassifierExperiment}
    experiment = kind[config["network"]](config, arrays)
    records = [Record(config["first_seed"] + k) for k in range(config["seeds"])]
    history, seeds, weights = [], [], {}
    for group in [records] if config["batch_seeds"] else [[record] for record in records]:
        experiment.run(group)
        for place, record in enumerate(group):
            history += record.rows
            facts = {"dead": False} | dict.fromkeys(experiment.METRICS) | record.metrics
            if facts["dead"]:
                logger.warning(
                    "seed %d: a hidden layer is inactive on every test image", record.seed
                )
            seeds.append(
                {
                    "seed": record.seed,
                    "diverged": record.diverged,
                    **facts,
                    "epochs": record.epochs,
                    "seconds": record.seconds,
                }
            )
            keep = config["keep_weights"]
            if not record.diverged and (keep == "all" or (keep == "first" and not weights)):
                weights |= {
                    f"seed{record.seed}/{name}": value
                    for name, value in experiment.weights(place).items()
                }
    return history, seeds, weights


def is_dead(blocks):
    """Return whether some hidden layer is 0 for every image and unit.

    Parameters
    ----------
    blocks : iterable of list of ndarray of shape (n_rows, n_units)
        The activities of every hidden layer, a block of images at a time.
    """
    alive = [[bool(np.any(layer)) for layer in block] for block in blocks]
    return not all(any(layer) for layer in zip(*alive, strict=True))


class Experiment:
    """What both experiments share.

    `run` trains a group of seeds: one alone, or with `batch_seeds` all at once, in which case every
    variable and activity has the seeds as its first axis, and a trainer's numbers are lists.
    """

    def __init__(self, config, arrays):
        self.seeds = (config["seeds"],) if config["batch_seeds"] else ()

    def grouped(self, items):
        """Return what a trainer takes for a list with an item for each seed of a group."""
        return items if self.seeds else items[0]

    def listed(self, value):
        """Return a list with an item for each seed of a group for what a trainer gives."""
        if value is None:
            return [None] * (self.seeds[0] if self.seeds else 1)
        return value if self.seeds else [value]

    def of_seed(self, values, place):
        """Return the part of a variable or of activities that is one seed's, as an ndarray."""
        return values[place].numpy() if self.seeds else values.numpy()

    def named(self, layers, place):
        """Return `{"<layer>/<variable>": array}` of one seed for a dict of layers by name."""
        return {
            f"{name}/{variable}": self.of_seed(value, place)
            for name, layer in layers.items()
            for variable, value in layer.variables().items()
        }


class AutoencoderExperiment(Experiment):
    """One autoencoder trained for a fixed number of epochs (section 3.1 of the report)."""

    METRICS = ("training_error", "validation_error", "sparseness", "sparseness_training")

    def __init__(self, config, arrays):
        super().__init__(config, arrays)
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
            seeds=self.seeds,
        )
        self.trainer = Trainer(
            self.network,
            settings["batch_size"],
            settings["learning_rate"],
            settings["momentum"],
            noise=config["noise"],
        )

    def run(self, records):
        """Train the seeds of some records and complete these."""
        streams = [random_streams(record.seed) for record in records]
        weights = [of_seed["weights"] for of_seed in streams]
        self.network.initialise(self.grouped(weights), self.initial_sd)
        self.trainer.reset()
        start = time.perf_counter()
        for epoch in range(1, self.epochs + 1):
            training = self.trainer.epoch(
                self.train_images, self.train_images, self.grouped(streams)
            )
            validation, _ = self.trainer.evaluate(self.test_images, self.test_images)
            for record, *errors in zip(
                records, self.listed(training), self.listed(validation), strict=True
            ):
                if not record.diverged:
                    record.add("training", epoch, *errors, last=epoch == self.epochs)
            if all(record.diverged for record in records):
                break
        for record in records:
            record.seconds["training"] = (time.perf_counter() - start) / len(records)
        if all(record.diverged for record in records):
            return
        test = [layers[0] for layers in self.trainer.activities(self.test_images)]
        training = [layers[0] for layers in self.trainer.activities(self.train_images)]
        for place, record in enumerate(records):
            if not record.diverged:
                of_test = [self.of_seed(block, place) for block in test]
                of_training = [self.of_seed(block, place) for block in training]
                *_, training_error, validation_error, _ = record.rows[-1]
                record.metrics = {
                    "dead": is_dead([block] for block in of_test),
                    "training_error": training_error,
                    "validation_error": validation_error,
                    "sparseness": sparseness(of_test, self.threshold),
                    "sparseness_training": sparseness(of_training, self.threshold),
                }

    def weights(self, place):
        """Return the weights and biases of encoder and decoder of one seed by name."""
        layers = {"encoder": self.network.hidden[0], "decoder": self.network.output}
        return self.named(layers, place)


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


class ClassifierExperiment(Experiment):
    """Greedy layer-wise pre-training, then training of the whole network (section 3.2)."""

    METRICS = ("training_error", "validation_error", "validation_accuracy", "accuracy")

    def __init__(self, config, arrays):
        super().__init__(config, arrays)
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
                    seeds=self.seeds,
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
                seeds=self.seeds,
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

    def run(self, records):
        """Train the seeds of some records and complete these."""
        network, settings = self.trainer.network, self.settings
        training, validation = self.train_images, self.validation_images
        network.initialise(
            self.grouped([random_streams(record.seed)["weights"] for record in records]),
            settings["initial_sd"],
            settings["output_initial_sd"],
        )
        for k, trainer in enumerate(self.autoencoders):
            streams = [random_streams(record.seed, phase=k + 1) for record in records]
            weights = [of_seed["weights"] for of_seed in streams]
            trainer.network.initialise(self.grouped(weights), settings["initial_sd"])
            self._run_phase(
                *(trainer, (training, training), (validation, validation), streams, records),
                *(f"pre-training-{k + 1}", settings["pre_training"]),
            )
            if all(record.diverged for record in records):
                return
            for name, value in trainer.network.hidden[0].variables().items():
                network.hidden[k].variables()[name].assign(value)
            if k + 1 < len(self.autoencoders):
                training, validation = self._codes(trainer, training, validation)
        phase = len(self.autoencoders) + 1
        figures = self._run_phase(
            self.trainer,
            (self.train_images, self.train_targets),
            (self.validation_images, self.validation_targets),
            [random_streams(record.seed, phase) for record in records],
            *(records, "full-training", settings["full_training"]),
        )
        if all(record.diverged for record in records):
            return
        _, accuracies = self.trainer.evaluate(self.test_images, self.test_targets)
        activities = list(self.trainer.activities(self.test_images))
        for place, record in enumerate(records):
            if not record.diverged:
                blocks = [[self.of_seed(layer, place) for layer in block] for block in activities]
                training_error, validation_error, validation_accuracy = figures[place]
                record.metrics = {
                    "dead": is_dead(blocks),
                    "training_error": training_error,
                    "validation_error": validation_error,
                    "validation_accuracy": validation_accuracy,
                    "accuracy": self.listed(accuracies)[place],
                }

    def _run_phase(self, trainer, training, validation, streams, records, phase, rules):
        """Train until early stopping or the last epoch; return the figures of the weights kept.

        A seed that has stopped goes through the epochs of the others in its group, but its figures
        and variables are those of its own last, or best, epoch.
        """
        trainer.reset()
        if rules["max_epochs"] == 0:
            for record in records:
                record.seconds[phase] = 0.0
            errors, accuracies = map(self.listed, trainer.evaluate(*validation))
            return [(None, *figures) for figures in zip(errors, accuracies, strict=True)]
        stopping = [EarlyStopping(rules["min_delta"], rules["patience"]) for _ in records]
        going = [place for place, record in enumerate(records) if not record.diverged]
        began, figures, kept = list(going), [None] * len(records), {}
        start = time.perf_counter()
        for epoch in range(1, rules["max_epochs"] + 1):
            training_errors = trainer.epoch(*training, self.grouped(streams))
            validation_errors, accuracies = trainer.evaluate(*validation)
            of_seeds = zip(
                *map(self.listed, (training_errors, validation_errors, accuracies)), strict=True
            )
            for place, found in enumerate(of_seeds):
                if place not in going:
                    continue
                improved, stop = stopping[place].update(found[1])
                last = stop or epoch == rules["max_epochs"]
                records[place].add(phase, epoch, *found, last=last)
                if last or records[place].diverged:
                    going.remove(place)
                if rules["keep"] == "best" and place in kept and not improved:
                    continue
                figures[place] = found
                if (improved and rules["keep"] == "best") or (last and going):
                    kept[place] = [self.of_seed(v, place) for v in trainer.network.state]
            if not going:
                break
        for place in began:
            records[place].seconds[phase] = (time.perf_counter() - start) / len(records)
        self._put_back(trainer.network.state, kept)
        return figures

    def _put_back(self, variables, kept):
        """Give some seeds of a group, by their places, the values that were kept of them."""
        for k, variable in enumerate(variables):
            if kept and self.seeds:
                values = variable.numpy()
                for place, state in kept.items():
                    values[place] = state[k]
                variable.assign(values)
            elif kept:
                variable.assign(kept[0][k])

    @staticmethod
    def _codes(trainer, *images):
        """Return the hidden activities of a trained autoencoder on each set of images."""
        return [
            tf.concat([layers[0] for layers in trainer.activities(inputs)], axis=-2)
            for inputs in images
        ]

    def weights(self, place):
        """Return the variables of every layer of one seed's whole network by name."""
        network = self.trainer.network
        layers = {f"hidden{k + 1}": layer for k, layer in enumerate(network.hidden)}
        normalizations = {f"hidden{k + 1}": layer for k, layer in enumerate(network.normalizations)}
        return (
            self.named(layers, place)
            | self.named(normalizations, place)
            | self.named({"output": network.output}, place)
        )
