"""A classifier of layers pre-trained one by one, then trained whole (section 3.2 of the paper)."""

from itertools import pairwise

import numpy as np
import tensorflow as tf

from autoencoders.training.hidden_activity import is_dead
from autoencoders.training.network import Network
from autoencoders.training.random_streams import random_streams
from autoencoders.training.trainer import Trainer
from autoencoders.training.training_phase import train_phase
from autoencoders.training.training_record import TrainingRecord

# Settings of both phases.
STEP = ("batch_size", "learning_rate", "momentum", "nesterov", "last_batch")


class ClassifierProcedure:
    """Trains a classifier, seed after seed; parameters as for `job.train`."""

    METRICS = ("training_error", "validation_error", "validation_accuracy", "accuracy")

    def __init__(self, config, arrays):
        self.settings = config["training"]
        images, n_classes = tf.constant(arrays["train_images"]), config["classes"]
        one_hot = np.eye(n_classes, dtype=np.float32)
        targets = tf.constant(one_hot[arrays["train_labels"]])
        cut = len(images) - round(self.settings["validation_fraction"] * len(images))
        self.training = images[:cut], targets[:cut]
        self.validation = images[cut:], targets[cut:]
        self.test = tf.constant(arrays["test_images"]), tf.constant(one_hot[arrays["test_labels"]])

        widths, activation = (images.shape[1], *config["hidden"]), config["activation"]
        pre, full = self.settings["pre_training"], self.settings["full_training"]
        # There is no pre-training without a hidden layer.
        self.pre_training_images = images if pre and pre["images"] == "all" else images[:cut]
        step = {name: self.settings[name] for name in STEP}
        self.pre_trainers = []
        for below, width in pairwise(widths):
            autoencoder = Network(
                (below, width, below),
                pre["activation"],
                pre["output_activation"],
                pre["loss"],
            )
            self.pre_trainers.append(Trainer(autoencoder, **step))
        self.network = Network(
            (*widths, n_classes),
            activation,
            full["output_activation"],
            full["loss"],
            batch_normalization=self.settings["batch_normalization"],
            train_hidden=full["layers"] == "all",
        )
        self.trainer = Trainer(self.network, **step)

        layers = [*enumerate(self.network.hidden, start=1), *self.network.normalizations.items()]
        self.saved_layers = [(f"hidden{k}", layer) for k, layer in layers]
        self.saved_layers.append(("output", self.network.output))

    def train(self, seed):
        """Train the layers one by one and then the whole network; return the seed's record."""
        settings, network, record = self.settings, self.network, TrainingRecord(seed)
        initial_sd = settings["initial_sd"]
        of_output = settings["output_distribution"], settings["output_initial_sd"]
        network.initialise(random_streams(seed)["weights"], initial_sd, *of_output)

        inputs, validation_inputs = self.pre_training_images, self.validation[0]
        for k, trainer in enumerate(self.pre_trainers):
            streams = random_streams(seed, phase=k + 1)
            trainer.network.initialise(streams["weights"], initial_sd)
            rules, phase = settings["pre_training"], f"pre-training-{k + 1}"
            pairs = (inputs, None), (validation_inputs, None)
            train_phase(trainer, *pairs, streams, rules, record, phase)
            if record.diverged:
                return record
            for name, value in trainer.network.hidden[0].variables.items():
                network.hidden[k].variables[name].assign(value)
            if k + 1 < len(self.pre_trainers):  # the next layer's images are this one's codes
                inputs = trainer.activities(inputs)[0]
                validation_inputs = trainer.activities(validation_inputs)[0]

        training_error, validation_error, validation_accuracy = train_phase(
            self.trainer,
            self.training,
            self.validation,
            random_streams(seed, phase=len(self.pre_trainers) + 1),
            settings["full_training"],
            record,
            "full-training",
        )
        if record.diverged:
            return record

        _, accuracy = self.trainer.evaluate(*self.test)
        record.metrics = {
            "dead": is_dead(self.trainer.activities(self.test[0])),
            "training_error": training_error,
            "validation_error": validation_error,
            "validation_accuracy": validation_accuracy,
            "accuracy": accuracy,
        }
        return record
