"""One phase of training: epochs until early stopping."""

import time

from autoencoders.training.early_stopping import EarlyStopping


def train_phase(trainer, training, validation, streams, rules, record, phase):
    """Train a network, which then has the weights of its last or its best epoch.

    Parameters
    ----------
    training, validation : tuple
        Inputs and targets, as `Trainer.epoch` takes them with `streams`.
    rules : dict
        `max_epochs`, `min_delta`, `patience` and `keep` ("last" or "best").
    record : TrainingRecord
        Takes the epochs and seconds, under the name `phase`.

    Returns
    -------
    training_error, validation_error, accuracy : float or None
        Those of the epoch whose weights are kept; the first is None without an epoch.
    """
    trainer.reset()
    if rules["max_epochs"] == 0:
        record.seconds[phase] = 0.0
        return (None, *trainer.evaluate(*validation))

    stopping = EarlyStopping(rules["min_delta"], rules["patience"])
    best_state = None
    start = time.perf_counter()
    for epoch in range(1, rules["max_epochs"] + 1):
        training_error = trainer.epoch(*training, streams)
        validation_error, accuracy = trainer.evaluate(*validation)
        improved, stop = stopping.update(validation_error)
        last = stop or epoch == rules["max_epochs"]
        record.add(phase, epoch, training_error, validation_error, accuracy, last)
        if improved or rules["keep"] == "last" or epoch == 1:
            kept = training_error, validation_error, accuracy
        if improved and rules["keep"] == "best":
            best_state = [variable.numpy() for variable in trainer.network.state]
        if last or record.diverged:
            break
    record.seconds[phase] = time.perf_counter() - start

    if best_state is not None:
        for variable, value in zip(trainer.network.state, best_state, strict=True):
            variable.assign(value)
    return kept
