"""The training record of one seed."""

import logging
import math
from collections import Counter

LOG_EVERY = 10  # epochs
COLUMNS = ("seed", "phase", "epoch", "training_error", "validation_error", "accuracy")

logger = logging.getLogger(__name__)


class TrainingRecord:
    """What is known of the training of one seed."""

    def __init__(self, seed):
        self.seed = seed
        self.rows = []  # a tuple for every epoch, with `COLUMNS`; the accuracy may be None
        self.seconds = {}  # by phase
        self.diverged = False  # an error is no longer a finite number, which ends the training
        self.metrics = {}  # what the procedure found; empty if the seed diverged

    def add(self, phase, epoch, training_error, validation_error, accuracy, last):
        """Take an epoch's errors; log the first epoch, the last and every tenth."""
        self.rows.append((self.seed, phase, epoch, training_error, validation_error, accuracy))
        finite = math.isfinite(training_error) and math.isfinite(validation_error)
        if last or not finite or epoch == 1 or epoch % LOG_EVERY == 0:
            errors = f"training error {training_error:.5f}, validation error {validation_error:.5f}"
            if accuracy is not None:
                errors += f", validation accuracy {accuracy:.4f}"
            logger.info("seed %d, %s, epoch %d: %s", self.seed, phase, epoch, errors)
        if not finite:
            self.diverged = True
            logger.warning("seed %d diverged: its error is no longer a finite number", self.seed)

    def summary(self, metrics):
        """Return the seed's metrics, with None for those that it lacks."""
        found = {"dead": False, **dict.fromkeys(metrics), **self.metrics}
        if found["dead"]:
            logger.warning("seed %d: a hidden layer is inactive on every test image", self.seed)
        epochs = dict(Counter(phase for _, phase, *_ in self.rows))
        facts = {"seed": self.seed, "diverged": self.diverged, **found}
        return {**facts, "epochs": epochs, "seconds": self.seconds}
