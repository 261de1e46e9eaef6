"""A single autoencoder, trained for a fixed number of epochs (section 3.1 of the paper)."""

import tensorflow as tf

from autoencoders.training.hidden_activity import is_dead, sparseness
from autoencoders.training.network import Network
from autoencoders.training.random_streams import random_streams
from autoencoders.training.trainer import Trainer
from autoencoders.training.training_phase import train_phase
from autoencoders.training.training_record import TrainingRecord


class AutoencoderProcedure:
    """Trains an autoencoder, seed after seed; parameters as for `job.train`."""

    METRICS = ("training_error", "validation_error", "sparseness", "sparseness_training")

    def __init__(self, config, arrays):
        settings = config["training"]
        self.initial_sd = settings["initial_sd"]
        self.threshold = config["sparseness_threshold"]
        # With as much patience as there are epochs the training is never stopped early.
        n_epochs = settings["epochs"]
        self.rules = {
            "max_epochs": n_epochs,
            "min_delta": 0.0,
            "patience": n_epochs,
            "keep": "last",
        }
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
        step = {name: settings[name] for name in ("batch_size", "learning_rate", "momentum")}
        self.trainer = Trainer(self.network, **step, noise=config["noise"])
        self.saved_layers = [("encoder", self.network.hidden[0]), ("decoder", self.network.output)]

    def train(self, seed):
        """Train the network from new weights; return the seed's record."""
        trainer, record, streams = self.trainer, TrainingRecord(seed), random_streams(seed)
        self.network.initialise(streams["weights"], self.initial_sd)
        training, validation = (self.train_images, None), (self.test_images, None)
        training_error, validation_error, _ = train_phase(
            trainer, training, validation, streams, self.rules, record, "training"
        )
        if record.diverged:
            return record

        test_codes = trainer.activities(self.test_images)[0].numpy()
        train_codes = trainer.activities(self.train_images)[0].numpy()
        record.metrics = {
            "dead": is_dead([test_codes]),
            "training_error": training_error,
            "validation_error": validation_error,
            "sparseness": sparseness(test_codes, self.threshold),
            "sparseness_training": sparseness(train_codes, self.threshold),
        }
        return record
