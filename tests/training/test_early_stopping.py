"""Our early stopping against Keras' callback, on the same losses."""

import csv
from pathlib import Path

import engine  # isort: skip (before TensorFlow)
import numpy as np
import pytest

keras = pytest.importorskip("keras")

from autoencoders.training.early_stopping import EarlyStopping  # noqa: E402

CURVES = Path(__file__).parents[2] / "resources" / "report" / "curves.csv"
PATIENCE = (0, 1, 3)
# Keras compares in float32, we in float64; a power of two is exact in both.
TIE = 2.0**-10


class Model:
    """What the callback asks of a model."""

    metrics = ()
    stop_training = False


def keras_says(losses, min_delta, patience):
    """Return the epoch of the stop (None without one) and the best epoch, both from 1."""
    callback = keras.callbacks.EarlyStopping(
        monitor="val_loss", min_delta=min_delta, patience=patience
    )
    model = Model()
    callback.set_model(model)
    callback.on_train_begin()
    for epoch, loss in enumerate(losses):
        callback.on_epoch_end(epoch, {"val_loss": loss})
        if model.stop_training:
            return epoch + 1, callback.best_epoch + 1
    return None, callback.best_epoch + 1


def we_say(losses, min_delta, patience):
    stopping, best = EarlyStopping(min_delta, patience), None
    for epoch, loss in enumerate(losses, start=1):
        improved, stop = stopping.update(loss)
        best = epoch if improved else best
        if stop:
            return epoch, best
    return None, best


SEQUENCES = {
    "falls": [1.0, 0.9, 0.8, 0.7, 0.6],
    "rises": [0.5, 0.6, 0.7, 0.8, 0.9],
    "starts high": [1e6, 3e3, 40.0, 2.0, 2.5, 1.9, 1.9, 1.9, 1.9],
    "flat": [0.25] * 6,
    "plateau, then falls": [0.5, 0.25, 0.25, 0.25, 0.2, 0.2, 0.2, 0.2, 0.2],
    "falls too slowly": [0.5 - k * TIE / 4 for k in range(8)],
    "ties": [0.5, 0.5 - TIE, 0.5 - TIE, 0.5 - 2 * TIE, 0.25, 0.25 - TIE, 0.25 - 2 * TIE],
    "bounces": [0.5, 0.6, 0.4, 0.7, 0.3, 0.8, 0.8, 0.29, 0.9, 0.9, 0.9, 0.9],
    "one epoch": [0.5],
}


@pytest.mark.parametrize("patience", PATIENCE)
@pytest.mark.parametrize("min_delta", [0.0, TIE])
@pytest.mark.parametrize("losses", SEQUENCES.values(), ids=SEQUENCES)
def test_made_up_losses(losses, min_delta, patience):
    assert we_say(losses, min_delta, patience) == keras_says(losses, min_delta, patience)


@pytest.mark.parametrize("patience", PATIENCE)
def test_a_fall_of_exactly_min_delta_is_none(patience):
    losses = [0.5, 0.5 - TIE, 0.5 - TIE, 0.5 - TIE, 0.5 - TIE]
    stop, best = we_say(losses, TIE, patience)
    assert (stop, best) == (max(2, patience + 1), 1)


@pytest.mark.parametrize("patience", PATIENCE)
def test_random_losses(patience):
    rng = np.random.default_rng(0)
    stops = set()
    for k in range(60):
        steps = rng.normal(-0.02, 0.03, 25).astype(np.float32)
        losses = np.cumsum(steps, dtype=np.float32) + np.float32(2.5)
        losses = [float(loss) for loss in losses]
        min_delta = (0.0, 1e-6, 2.0**-7)[k % 3]
        ours = we_say(losses, min_delta, patience)
        assert ours == keras_says(losses, min_delta, patience)
        stops.add(ours[0])
    assert len(stops) > 3


def published_curves():
    """Return the validation errors of the paper's Figure 1 (b), by configuration."""
    curves = {}
    with open(CURVES, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["split"].startswith(("val", "test")):
                curves.setdefault(row["configuration"], []).append(float(row["mse"]))
    return curves


@pytest.mark.parametrize("patience", PATIENCE)
def test_the_published_curves(patience):
    curves = published_curves()
    assert curves
    for losses in curves.values():
        for min_delta in (0.0, 1e-6):
            assert we_say(losses, min_delta, patience) == keras_says(losses, min_delta, patience)


@pytest.mark.parametrize("patience", PATIENCE)
def test_losses_recorded_from_a_training_run(patience):
    from autoencoders.training import job

    config = engine.classifier(
        hidden=[], activation=None, full_training={"max_epochs": 25, "patience": 1000}
    )
    history, _, _ = job.train(config, engine.data())
    losses = [row[4] for row in history]
    stop, best = we_say(losses, 1e-6, patience)
    assert (stop, best) == keras_says(losses, 1e-6, patience)
    assert stop is not None


def test_early_stopping_wants_more_than_min_delta():
    stopping = EarlyStopping(min_delta=0.25, patience=0)
    assert stopping.update(1.0) == (True, False)
    assert stopping.update(0.5) == (True, False)
    assert stopping.update(0.25) == (False, True)
