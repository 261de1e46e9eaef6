"""Random streams, and seeds that do not depend on each other."""

import math

import engine  # isort: skip (before TensorFlow)
import numpy as np
import pytest
import tensorflow as tf

from autoencoders.training import job
from autoencoders.training.autoencoder_procedure import AutoencoderProcedure
from autoencoders.training.classifier_procedure import ClassifierProcedure
from autoencoders.training.random_streams import random_streams

BOTH = pytest.mark.parametrize("make", [engine.autoencoder, engine.classifier])


def assert_same_arrays(ours, theirs):
    assert ours.keys() == theirs.keys()
    for name, value in ours.items():
        assert np.array_equal(value, theirs[name]), name


def draws(**streams):
    return {name: generator.integers(2**62, size=4).tolist() for name, generator in streams.items()}


def test_streams_are_separate():
    seen = [
        tuple(numbers)
        for seed in range(3)
        for phase in range(3)
        for numbers in draws(**random_streams(seed, phase)).values()
    ]
    assert len(set(seen)) == len(seen) == 27


def test_streams_are_stable():
    """A change here would change every result: these numbers are written down on purpose."""
    assert draws(**random_streams(0)) == draws(**random_streams(0))
    first = {name: int(g.integers(1000)) for name, g in random_streams(7, phase=2).items()}
    assert first == {"weights": 998, "shuffling": 732, "noise": 12}


def test_drawing_from_one_stream_moves_no_other():
    streams, untouched = random_streams(0), random_streams(0)
    streams["weights"].standard_normal(1000)
    assert draws(noise=streams["noise"]) == draws(noise=untouched["noise"])
    assert draws(shuffling=streams["shuffling"]) == draws(shuffling=untouched["shuffling"])


@BOTH
def test_adding_a_seed_leaves_the_others_as_they_are(make):
    noise = {"noise": 0.1} if make is engine.autoencoder else {}
    data = engine.data()
    two, three = (job.train(make(seeds=seeds, **noise), data) for seeds in ([0, 1], [0, 1, 2]))
    assert three[0][: len(two[0])] == two[0]
    assert engine.without_seconds(three[1])[:2] == engine.without_seconds(two[1])
    assert_same_arrays(two[2], {k: v for k, v in three[2].items() if not k.startswith("seed2/")})
    assert any(name.startswith("seed2/") for name in three[2])
    assert two[1][0]["training_error"] != two[1][1]["training_error"]


@BOTH
def test_seeds_trained_in_two_parts_are_those_trained_in_one(make):
    noise = {"noise": 0.1} if make is engine.autoencoder else {}
    data = engine.data()
    whole, first, second = (
        job.train(make(seeds=seeds, **noise), data) for seeds in ([0, 1, 2], [0], [1, 2])
    )
    assert whole[0] == first[0] + second[0]
    assert engine.without_seconds(whole[1]) == engine.without_seconds(first[1] + second[1])
    assert_same_arrays(whole[2], first[2] | second[2])


def test_without_full_training_the_network_is_the_pre_trained_one():
    data = engine.data()
    config = engine.classifier(full_training={"max_epochs": 0})
    history, (facts,), weights = job.train(config, data)
    assert {phase for _, phase, *_ in history} == {
        f"pre-training-{k + 1}" for k in range(len(config["hidden"]))
    }
    assert facts["training_error"] is None
    assert math.isfinite(facts["validation_error"])
    assert "full-training" not in facts["epochs"]
    _, _, trained = job.train(engine.classifier(), data)
    for k in range(len(config["hidden"])):
        name = f"seed0/hidden{k + 1}/weights"
        assert np.any(weights[name] != trained[name])


def test_a_diverged_seed_leaves_the_next_one_as_it_is(monkeypatch):
    """The networks are used again and again: nothing of a seed may stay in them."""
    config, data = engine.classifier(seeds=[0, 1], keep_weights=True), engine.data()
    expected = job.train(config, data)
    train = ClassifierProcedure.train

    def spoiled(self, seed):
        record = train(self, seed)
        if seed == 0:
            for trainer in (self.trainer, *self.pre_trainers):
                for variable in (*trainer.network.state, *trainer.velocities.values()):
                    variable.assign(tf.fill(variable.shape, math.nan))
            record.diverged = True
        return record

    monkeypatch.setattr(ClassifierProcedure, "train", spoiled)
    history, seeds, weights = job.train(config, data)
    assert history == expected[0]
    assert seeds[0]["diverged"]
    assert engine.without_seconds(seeds)[1] == engine.without_seconds(expected[1])[1]
    assert_same_arrays(
        *[{k: v for k, v in w.items() if "seed1/" in k} for w in (weights, expected[2])]
    )


@pytest.mark.parametrize(
    ("procedure_class", "config", "n_trainers"),
    [
        (AutoencoderProcedure, engine.autoencoder(noise=0.1), 1),
        (ClassifierProcedure, engine.classifier(), 3),
    ],
    ids=["autoencoder", "classifier"],
)
def test_one_compiled_function_serves_every_seed(procedure_class, config, n_trainers):
    procedure = procedure_class(config, engine.data())
    for seed in range(3):
        procedure.train(seed)
    trainers = [*getattr(procedure, "pre_trainers", []), procedure.trainer]
    counts = [trainer._epoch.experimental_get_tracing_count() for trainer in trainers]
    assert counts == [1] * n_trainers


@pytest.mark.parametrize("kept", [False, True])
@BOTH
def test_weights_that_are_kept(make, kept):
    config = make(seeds=[0, 1], keep_weights=kept)
    _, _, weights = job.train(config, engine.data())
    if make is engine.autoencoder:
        shapes = {
            "encoder/weights": (784, 8),
            "encoder/biases": (8,),
            "decoder/weights": (8, 784),
            "decoder/biases": (784,),
        }
    else:
        shapes = {
            "hidden1/weights": (784, 8),
            "hidden2/weights": (8, 6),
            "output/weights": (6, 10),
            "output/biases": (10,),
        }
        for layer, width in (("hidden1", 8), ("hidden2", 6)):
            for name in ("biases", "scale", "offset", "moving_mean", "moving_variance"):
                shapes[f"{layer}/{name}"] = (width,)
    expected = {
        f"seed{seed}/{name}": shape
        for seed in ([0, 1] if kept else [])
        for name, shape in shapes.items()
    }
    assert {name: value.shape for name, value in weights.items()} == expected
    assert all(value.dtype == np.float32 for value in weights.values())
