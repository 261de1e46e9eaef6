"""What each step of an epoch is given: every image once, noise, the last batch."""

import engine  # isort: skip (before TensorFlow)
import numpy as np
import pytest
import tensorflow as tf

from autoencoders.training.network import Network
from autoencoders.training.random_streams import random_streams
from autoencoders.training.trainer import Trainer


@pytest.fixture
def eager():
    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


def batches_of(trainer, inputs, streams, epochs=1):
    """Return what every step of some epochs is given: a list of (inputs, targets)."""
    given = []

    def record(batch_inputs, batch_targets):
        given.append((batch_inputs.numpy(), batch_targets.numpy()))
        return tf.constant(0.0)

    trainer.step = record
    for _ in range(epochs):
        trainer.epoch(inputs, None, streams)
    return given


def make_trainer(noise=0.0, batch_size=10, **options):
    network = Network((784, 4, 784), "relu", "sigmoid", "mse")
    network.initialise(np.random.default_rng(0), 0.05)
    return Trainer(network, batch_size, 0.1, 0.9, noise=noise, **options)


@pytest.mark.usefixtures("eager")
def test_noise_is_fresh_for_every_batch_and_the_targets_are_clean():
    image = engine.images(1)[0].astype(np.float32)
    inputs = tf.constant(np.tile(image, (35, 1)))
    given = batches_of(make_trainer(noise=0.3), inputs, random_streams(0), epochs=2)
    assert [len(x) for x, _ in given] == [10, 10, 10, 5] * 2
    assert all(np.array_equal(y, np.tile(image, (len(y), 1))) for _, y in given)
    noise = np.concatenate([x - y for x, y in given])
    assert len({row.tobytes() for row in noise}) == 70
    assert noise.mean() == pytest.approx(0, abs=0.01)
    assert noise.std() == pytest.approx(0.3, abs=0.01)
    assert np.abs(np.corrcoef(noise)[np.triu_indices(70, 1)]).max() < 0.25
    again = batches_of(make_trainer(noise=0.3), inputs, random_streams(0), epochs=2)
    assert all(np.array_equal(x, y) for (x, _), (y, _) in zip(given, again, strict=True))


@pytest.mark.usefixtures("eager")
def test_every_row_once_in_a_fresh_order_without_noise():
    images = engine.images(35)
    inputs = tf.constant(images.astype(np.float32))
    given = batches_of(make_trainer(), inputs, random_streams(0), epochs=2)
    assert all(np.array_equal(x, y) for x, y in given)
    epochs = [np.concatenate([x for x, _ in part]) for part in (given[:4], given[4:])]
    assert not np.array_equal(*epochs)
    for rows in (*epochs, images.astype(np.float32)):
        assert sorted(row.tobytes() for row in rows) == sorted(row.tobytes() for row in epochs[0])


@pytest.mark.usefixtures("eager")
def test_a_last_smaller_batch_may_be_dropped():
    inputs = tf.constant(engine.images(35).astype(np.float32))
    trainer = make_trainer(last_batch="drop")
    assert [len(x) for x, _ in batches_of(trainer, inputs, random_streams(0))] == [10, 10, 10]


def test_no_noise_at_validation():
    inputs = tf.constant(engine.images(30).astype(np.float32))
    noisy, clean = make_trainer(noise=0.3), make_trainer()
    assert noisy.evaluate(inputs, None) == clean.evaluate(inputs, None)
    assert np.array_equal(noisy.activities(inputs)[0], clean.activities(inputs)[0])
    streams = random_streams(0)
    assert noisy.epoch(inputs, None, streams) != clean.epoch(inputs, None, streams)


def test_activities_in_blocks_are_those_of_all_images(monkeypatch):
    inputs = tf.constant(engine.images(25))
    whole = make_trainer().activities(inputs)
    monkeypatch.setattr("autoencoders.training.trainer.EVALUATION_ROWS", 10)
    (found,) = make_trainer().activities(inputs)
    assert found.shape == (25, 4)
    np.testing.assert_allclose(found, whole[0], rtol=0, atol=1e-6)
