"""Training: streams, seeds, repeatability, noise, early stopping, and whole run folders."""

import json
import math
import os
import signal
import subprocess
import sys
from pathlib import Path

import engine  # isort: skip (before TensorFlow)
import numpy as np
import pytest
import tensorflow as tf

from autoencoders import backend, experiments, provenance
from autoencoders.files import folder_written_aside
from autoencoders.networks import Network
from autoencoders.training import EarlyStopping, Trainer, random_streams

WORKFLOW = Path(__file__).parents[2] / "workflow"
TRAIN = WORKFLOW / "scripts" / "train.py"
RUN_FILES = {"config.json", "history.csv", "metrics.json", "weights.npz", "run.json"}
BOTH = pytest.mark.parametrize("make", [engine.autoencoder, engine.classifier])


def without_seconds(seeds):
    return [{name: value for name, value in seed.items() if name != "seconds"} for seed in seeds]


def phases(history, seed=0):
    """Return the number of epochs of every phase of a seed."""
    names = [row[1] for row in history if row[0] == seed]
    return {name: names.count(name) for name in dict.fromkeys(names)}


def assert_same_arrays(ours, theirs):
    assert ours.keys() == theirs.keys()
    for name, value in ours.items():
        assert np.array_equal(value, theirs[name]), name


# --- random streams and seeds -----------------------------------------------------------------


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
    two, three = (
        experiments.train(make(seeds=seeds, keep_weights="all", **noise), data) for seeds in (2, 3)
    )
    assert three[0][: len(two[0])] == two[0]
    assert without_seconds(three[1])[:2] == without_seconds(two[1])
    assert_same_arrays(two[2], {k: v for k, v in three[2].items() if not k.startswith("seed2/")})
    assert any(name.startswith("seed2/") for name in three[2])
    assert two[1][0]["training_error"] != two[1][1]["training_error"]


@BOTH
def test_seeds_trained_in_two_parts_are_those_trained_in_one(make):
    noise = {"noise": 0.1} if make is engine.autoencoder else {}
    data = engine.data()
    whole, first, second = (
        experiments.train(make(**part, keep_weights="all", **noise), data)
        for part in ({"seeds": 3}, {"seeds": 1}, {"seeds": 2, "first_seed": 1})
    )
    assert whole[0] == first[0] + second[0]
    assert without_seconds(whole[1]) == without_seconds(first[1] + second[1])
    assert_same_arrays(whole[2], first[2] | second[2])


def test_without_full_training_the_network_is_the_pre_trained_one():
    data = engine.data()
    config = engine.classifier(full_training={"max_epochs": 0}, keep_weights="all")
    history, (facts,), weights = experiments.train(config, data)
    assert {phase for _, phase, *_ in history} == {
        f"pre-training-{k + 1}" for k in range(len(config["hidden"]))
    }
    assert facts["training_error"] is None
    assert math.isfinite(facts["validation_error"])
    assert "full-training" not in facts["epochs"]
    _, _, trained = experiments.train(engine.classifier(keep_weights="all"), data)
    for k in range(len(config["hidden"])):
        name = f"seed0/hidden{k + 1}/weights"
        assert np.any(weights[name] != trained[name])


def test_a_diverged_seed_leaves_the_next_one_as_it_is(monkeypatch):
    """The networks are used again and again: nothing of a seed may stay in them."""
    config, data = engine.classifier(seeds=2, keep_weights="all"), engine.data()
    expected = experiments.train(config, data)
    run = experiments.ClassifierExperiment.run

    def spoiled(self, records):
        run(self, records)
        if records[0].seed == 0:
            for trainer in (self.trainer, *self.autoencoders):
                for variable in (*trainer.network.state, *trainer.velocities):
                    variable.assign(tf.fill(variable.shape, math.nan))
            records[0].diverged = True

    monkeypatch.setattr(experiments.ClassifierExperiment, "run", spoiled)
    history, seeds, weights = experiments.train(config, data)
    assert history == expected[0]
    assert seeds[0]["diverged"]
    assert without_seconds(seeds)[1] == without_seconds(expected[1])[1]
    assert_same_arrays(
        *[{k: v for k, v in w.items() if "seed1/" in k} for w in (weights, expected[2])]
    )


@pytest.mark.parametrize(
    ("experiment_class", "config", "n_trainers"),
    [
        (experiments.AutoencoderExperiment, engine.autoencoder(noise=0.1), 1),
        (experiments.ClassifierExperiment, engine.classifier(), 3),
    ],
    ids=["autoencoder", "classifier"],
)
def test_one_compiled_function_serves_every_seed(experiment_class, config, n_trainers):
    experiment = experiment_class(config, engine.data())
    for seed in range(3):
        experiment.run([experiments.Record(seed)])
    trainers = [*getattr(experiment, "autoencoders", []), experiment.trainer]
    counts = [trainer._epoch.experimental_get_tracing_count() for trainer in trainers]
    assert counts == [1] * n_trainers


@pytest.mark.parametrize(("keep", "kept"), [("none", set()), ("first", {0}), ("all", {0, 1})])
@BOTH
def test_weights_that_are_kept(make, keep, kept):
    config = make(seeds=2, keep_weights=keep)
    _, _, weights = experiments.train(config, engine.data())
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
    expected = {f"seed{seed}/{name}": shape for seed in kept for name, shape in shapes.items()}
    assert {name: value.shape for name, value in weights.items()} == expected
    assert all(value.dtype == np.float32 for value in weights.values())


# --- noise ------------------------------------------------------------------------------------


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
        trainer.epoch(inputs, inputs, streams)
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
    assert noisy.evaluate(inputs, inputs) == clean.evaluate(inputs, inputs)
    assert np.array_equal(next(noisy.activities(inputs))[0], next(clean.activities(inputs))[0])
    streams = random_streams(0)
    assert noisy.epoch(inputs, inputs, streams) != clean.epoch(inputs, inputs, streams)


# --- phases, early stopping -------------------------------------------------------------------


def scripted(monkeypatch, errors):
    """Let every phase of a training see these validation errors; return the states it had."""
    states = {}

    def evaluate(self, inputs, targets):
        seen = states.setdefault(id(self), [])
        seen.append([variable.numpy() for variable in self.network.state])
        return errors[min(len(seen), len(errors)) - 1], 0.5

    monkeypatch.setattr(Trainer, "evaluate", evaluate)
    return states


def test_an_autoencoder_trains_for_a_fixed_number_of_epochs(monkeypatch):
    scripted(monkeypatch, [0.1, 0.2, 0.3, 0.4])
    history, seeds, _ = experiments.train(engine.autoencoder({"epochs": 7}), engine.data())
    assert [row[1:3] for row in history] == [("training", epoch) for epoch in range(1, 8)]
    assert all(row[5] is None for row in history)
    assert seeds[0]["epochs"] == {"training": 7}
    assert seeds[0]["validation_error"] == 0.4


def test_metrics_of_an_autoencoder():
    data = engine.data()
    config = engine.autoencoder(activation="sigmoid", sparseness_threshold=0.5)
    history, (seed,), weights = experiments.train(config, data)
    codes = {
        name: data[name] @ weights["seed0/encoder/weights"] + weights["seed0/encoder/biases"]
        for name in ("train_images", "test_images")
    }
    assert seed["sparseness"] == np.mean(codes["test_images"] <= 0)
    assert seed["sparseness_training"] == np.mean(codes["train_images"] <= 0)
    assert (seed["training_error"], seed["validation_error"]) == history[-1][3:5]
    hidden = 1 / (1 + np.exp(-codes["test_images"]))
    logits = hidden @ weights["seed0/decoder/weights"] + weights["seed0/decoder/biases"]
    error = np.mean((1 / (1 + np.exp(-logits)) - data["test_images"]) ** 2)
    assert seed["validation_error"] == pytest.approx(error, rel=1e-5)
    assert history[0][4] > history[-1][4]


def test_phases_of_a_classifier():
    config = engine.classifier(
        pre_training={"max_epochs": 3, "patience": 100},
        full_training={"max_epochs": 2, "patience": 100},
    )
    history, (seed,), _ = experiments.train(config, engine.data())
    expected = {"pre-training-1": 3, "pre-training-2": 3, "full-training": 2}
    assert phases(history) == seed["epochs"] == expected
    assert list(seed["seconds"]) == list(expected)
    assert all((row[5] is None) == row[1].startswith("pre-training") for row in history)
    assert 0 <= seed["accuracy"] <= 1
    assert seed["validation_accuracy"] == history[-1][5]


@pytest.mark.parametrize(("patience", "epochs"), [(0, 3), (1, 3), (2, 7)])
def test_early_stopping_ends_every_phase(monkeypatch, patience, epochs):
    scripted(monkeypatch, [0.5, 0.4, 0.4, 0.3, 0.2, 0.2, 0.2, 0.2])
    rules = {"max_epochs": 20, "patience": patience}
    config = engine.classifier(pre_training=rules, full_training=rules)
    history, _, _ = experiments.train(config, engine.data())
    assert set(phases(history).values()) == {epochs}


@pytest.mark.parametrize(("keep", "epoch"), [("last", 5), ("best", 3)])
def test_weights_and_figures_of_the_last_or_the_best_epoch(monkeypatch, keep, epoch):
    states = scripted(monkeypatch, [0.5, 0.4, 0.3, 0.35, 0.31, 0.9])
    rules = {"max_epochs": 5, "patience": 100, "keep": keep}
    config = engine.classifier(hidden=[8], pre_training=rules, full_training=rules)
    history, (seed,), weights = experiments.train(config, engine.data())
    assert phases(history) == {"pre-training-1": 5, "full-training": 5}
    pre, full = states.values()
    assert seed["validation_error"] == history[4 + epoch][4]
    assert seed["training_error"] == history[4 + epoch][3]
    expected = full[epoch - 1]
    names = ["hidden1/weights", "hidden1/biases", "hidden1/scale", "hidden1/offset"]
    names += ["hidden1/moving_mean", "hidden1/moving_variance", "output/weights", "output/biases"]
    for name, value in zip(names, expected, strict=True):
        assert np.array_equal(weights[f"seed0/{name}"], value), name
    # The evaluation on the test images, after the training, sees the weights that were kept.
    assert all(np.array_equal(*pair) for pair in zip(full[5], expected, strict=True))
    assert len(pre) == 5


def test_early_stopping_wants_more_than_min_delta():
    stopping = EarlyStopping(min_delta=0.25, patience=0)
    assert stopping.update(1.0) == (True, False)
    assert stopping.update(0.5) == (True, False)
    assert stopping.update(0.25) == (False, True)


@pytest.mark.parametrize("keep", ["last", "best"])
def test_pre_trained_encoders_become_the_hidden_layers(monkeypatch, keep):
    data = engine.data()
    run_phase = experiments.ClassifierExperiment._run_phase
    seen = []

    def spy(self, trainer, training, validation, *arguments):
        encoders = [t.network.hidden[0].variables() for t in self.autoencoders]
        seen.append((training[0].numpy(), validation[0].numpy()))
        if trainer is self.trainer:
            for encoder, layer in zip(encoders, self.trainer.network.hidden, strict=True):
                for name, variable in layer.variables().items():
                    assert np.array_equal(variable, encoder[name]), name
                    assert np.any(variable.numpy())
            normalizations = self.trainer.network.normalizations
            assert all(np.all(n.moving_mean.numpy() == 0) for n in normalizations)
        else:
            seen[-1] += (encoders[0],)
        return run_phase(self, trainer, training, validation, *arguments)

    monkeypatch.setattr(experiments.ClassifierExperiment, "_run_phase", spy)
    config = engine.classifier(pre_training={"keep": keep}, keep_weights="none")
    experiments.train(config, data)
    first, second, full = seen
    assert np.array_equal(first[0], data["train_images"][:80])
    assert np.array_equal(full[0], first[0])
    encoder = first[2]
    for images, codes in zip(first[:2], second[:2], strict=True):
        expected = np.maximum(images @ encoder["weights"].numpy() + encoder["biases"].numpy(), 0)
        np.testing.assert_allclose(codes, expected, rtol=0, atol=1e-5)


@pytest.mark.parametrize(("fraction", "n_validation"), [(0.2, 20), (0.25, 25)])
def test_validation_rows_are_the_last_ones(fraction, n_validation):
    data = engine.data()
    experiment = experiments.ClassifierExperiment(
        engine.classifier({"validation_fraction": fraction}), data
    )
    cut = 100 - n_validation
    assert np.array_equal(experiment.train_images, data["train_images"][:cut])
    assert np.array_equal(experiment.validation_images, data["train_images"][cut:])
    labels = np.argmax(experiment.validation_targets, axis=1)
    assert np.array_equal(labels, data["train_labels"][cut:])
    assert np.array_equal(np.argmax(experiment.train_targets, axis=1), data["train_labels"][:cut])
    assert np.array_equal(np.argmax(experiment.test_targets, axis=1), data["test_labels"])


def test_training_the_output_layer_alone_leaves_the_hidden_layers_untouched(monkeypatch):
    run_phase, before = experiments.ClassifierExperiment._run_phase, []

    def spy(self, trainer, *arguments):
        if trainer is self.trainer:
            before.extend(variable.numpy() for variable in trainer.network.state)
        return run_phase(self, trainer, *arguments)

    monkeypatch.setattr(experiments.ClassifierExperiment, "_run_phase", spy)
    config = engine.classifier(full_training={"layers": "output"})
    experiment = experiments.ClassifierExperiment(config, engine.data())
    experiment.run([experiments.Record(0)])
    after = [variable.numpy() for variable in experiment.trainer.network.state]
    same = [np.array_equal(*pair) for pair in zip(before, after, strict=True)]
    assert same == [True] * (len(same) - 2) + [False] * 2


@pytest.mark.parametrize(
    ("activation", "chosen", "normalized"),
    [("relu", ["relu"], True), ("sigmoid", ["relu"], False), ("relu", [], False)],
)
def test_batch_normalisation_goes_by_the_activation(activation, chosen, normalized):
    config = engine.classifier(activation=activation, normalization={"activations": chosen})
    experiment = experiments.ClassifierExperiment(config, engine.data())
    assert len(experiment.trainer.network.normalizations) == (2 if normalized else 0)
    assert all(not t.network.normalizations for t in experiment.autoencoders)


# --- sparse, dead and diverged ----------------------------------------------------------------


def test_sparseness():
    blocks = [np.array([[0.0, 0.1], [0.2, 1.0]]), np.array([[0.05, 0.3]])]
    assert experiments.sparseness(blocks, 0.1) == 3 / 6
    assert experiments.sparseness(blocks, 0.0) == 1 / 6
    assert experiments.sparseness(blocks, 1.0) == 1.0
    assert experiments.sparseness([np.full((2, 3), 0.11)], 0.1) == 0.0


def test_is_dead():
    zero, one = np.zeros((2, 3)), np.eye(2, 3)
    assert experiments.is_dead([[zero], [zero]])
    assert not experiments.is_dead([[zero], [one]])
    assert experiments.is_dead([[one, zero], [one, zero]])
    assert not experiments.is_dead([[one, zero], [zero, one]])
    assert not experiments.is_dead([[], []]), "without a hidden layer nothing can die"


def test_a_dead_run_is_recorded():
    """A strong penalty drives every rectified unit below zero, for good."""
    config = engine.autoencoder(
        penalty={"norm": "l1", "printed": 1.0, "weight": 1.0}, training={"epochs": 3}
    )
    history, (seed,), _ = experiments.train(config, engine.data())
    assert seed["dead"]
    assert not seed["diverged"]
    assert seed["sparseness"] == seed["sparseness_training"] == 1.0
    assert math.isfinite(seed["validation_error"])
    assert phases(history) == {"training": 3}


def test_a_diverged_phase_of_a_classifier_is_recorded():
    """With linear outputs and a huge rate pre-training diverges at once."""
    config = engine.classifier(
        {"learning_rate": 1e6}, pre_training={"output_activation": "linear", "max_epochs": 5}
    )
    history, (seed,), _ = experiments.train(config, engine.data())
    assert seed["diverged"]
    assert not seed["dead"]
    for name in ("training_error", "validation_error", "validation_accuracy", "accuracy"):
        assert seed[name] is None
    assert not math.isfinite(history[-1][3]) or not math.isfinite(history[-1][4])
    assert seed["epochs"] == {"pre-training-1": len(history)}
    assert list(seed["seconds"]) == ["pre-training-1"]


# --- the run folder ---------------------------------------------------------------------------


@pytest.fixture
def train(monkeypatch, tmp_path):
    """Give a function that runs scripts/train.py in this process and returns the run's folder."""
    monkeypatch.setattr(backend, "prepare", lambda *settings: {"kind": "cpu"})
    manifest, arrays = engine.write_data(tmp_path / "data")

    def run(config, configuration="autoencoder/relu-8"):
        output = tmp_path / "runs" / configuration
        monkeypatch.setattr(sys, "argv", command(configuration, config, manifest, arrays, output))
        script = {"__name__": "__main__", "__file__": str(TRAIN)}
        exec(compile(TRAIN.read_text(encoding="utf-8"), TRAIN, "exec"), script)
        return output

    run.output = tmp_path / "runs" / "autoencoder" / "relu-8"
    run.arrays = arrays
    return run


def command(configuration, config, manifest, arrays, output):
    options = {"configuration": configuration, "config": json.dumps(config)}
    options |= {"manifest": manifest, "arrays": arrays, "output": output}
    return [str(TRAIN), *(str(x) for name, value in options.items() for x in (f"--{name}", value))]


def refuse_constants(name):
    raise ValueError(f"{name} is no JSON")


def test_a_diverged_run_has_its_folder_whole(train):
    config = engine.autoencoder({"momentum": 1e10, "epochs": 30}, seeds=2)
    folder = train(config)
    assert {path.name for path in folder.iterdir()} == RUN_FILES
    text = (folder / "metrics.json").read_text(encoding="utf-8")
    metrics = json.loads(text, parse_constant=refuse_constants)
    assert [seed["diverged"] for seed in metrics["seeds"]] == [True, True]
    assert {seed["validation_error"] for seed in metrics["seeds"]} == {None}
    history = (folder / "history.csv").read_text(encoding="utf-8").splitlines()
    assert history[0] == "seed,phase,epoch,training_error,validation_error,accuracy"
    assert [line.split(",")[0] for line in history if "nan" in line] == ["0", "1"]
    assert history[-1].startswith("1,training,")
    assert "nan" in history[-1]


def test_a_huge_rate_saturates_the_outputs_and_ends_with_finite_numbers(train):
    """Sigmoid outputs bound the error, so a rate alone, however large, gives no NaN."""
    folder = train(engine.autoencoder({"learning_rate": 1e6}))
    (seed,) = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))["seeds"]
    assert not seed["diverged"]
    assert all(math.isfinite(seed[name]) for name in experiments.AutoencoderExperiment.METRICS)


def test_no_weights_are_written_when_none_are_kept(train):
    folder = train(engine.autoencoder(keep_weights="none"))
    assert {path.name for path in folder.iterdir()} == RUN_FILES
    with np.load(folder / "weights.npz") as stored:
        assert stored.files == []


def test_what_run_json_tells(train):
    folder = train(engine.autoencoder())
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert run["configuration"] == "autoencoder/relu-8"
    assert all(len(run["sha256"][name]) == 64 for name in ("config", "data", "code"))
    assert run["data"]["dataset"] == "lab"
    assert run["threads"] == 1
    assert {"python", "numpy"} < set(run["versions"])
    assert run["start"] <= run["end"]
    assert json.loads((folder / "config.json").read_text()) == engine.autoencoder()


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_nothing_is_left_of_a_run_that_is_interrupted_while_it_writes(train, monkeypatch, error):
    def interrupted(path, **_):
        assert (path.parent / "metrics.json").exists(), "it is in the middle of writing"
        raise error

    monkeypatch.setattr(np, "savez", interrupted)
    with pytest.raises(error):
        train(engine.autoencoder())
    assert list(train.output.parent.iterdir()) == []


def test_altered_arrays_are_one_sentence_and_no_folder(train, capsys):
    train.arrays.unlink()
    np.savez(train.arrays, **engine.data(seed=5))
    with pytest.raises(SystemExit) as caught:
        train(engine.autoencoder())
    assert str(caught.value).startswith("error: ")
    assert str(train.arrays) in str(caught.value)
    assert not train.output.exists()


def test_a_folder_takes_its_place_as_a_whole(tmp_path):
    place = tmp_path / "runs" / "relu-8"
    for name in ("a", "b"):
        with folder_written_aside(place) as folder:
            assert folder.parent == place.parent
            (folder / name).write_text(name)
        assert [path.name for path in place.iterdir()] == [name]
    assert list(place.parent.iterdir()) == [place]
    assert place.stat().st_mode & 0o777 == 0o755


def test_a_folder_that_fails_leaves_the_earlier_one(tmp_path):
    place = tmp_path / "relu-8"
    with folder_written_aside(place) as folder:
        (folder / "a").write_text("a")
    with pytest.raises(FileNotFoundError), folder_written_aside(place) as folder:
        (folder / "b").write_text((folder / "missing").read_text())
    assert list(tmp_path.iterdir()) == [place]
    assert [path.name for path in place.iterdir()] == ["a"]


WRITER = """
import signal, sys, time
from autoencoders.files import clean_up_when_terminated, folder_written_aside
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell in the background ignores it
clean_up_when_terminated()
with folder_written_aside(sys.argv[1]) as folder:
    (folder / "config.json").write_text("{}")
    print("writing", flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGKILL"])
def test_a_folder_that_is_killed_is_not_there(tmp_path, name):
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, tmp_path / "relu-8"],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with process:
        assert process.stdout.readline() == b"writing\n"
        process.send_signal(getattr(signal, name))
    assert not (tmp_path / "relu-8").exists()
    if name != "SIGKILL":
        assert list(tmp_path.iterdir()) == []


def test_git_state(tmp_path):
    assert provenance.git_state(tmp_path) == {"commit": None, "dirty": None}
    assert provenance.git_state(tmp_path / "missing") == {"commit": None, "dirty": None}
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org"]
    for arguments in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", "x"]):
        subprocess.run([*git, *arguments], cwd=tmp_path, check=True)
    state = provenance.git_state(tmp_path)
    assert (len(state["commit"]), state["dirty"]) == (40, False)
    (tmp_path / "new").write_text("new")
    assert provenance.git_state(tmp_path) == {**state, "dirty": True}


# --- fresh processes --------------------------------------------------------------------------

FOREIGN = ("keras", "tf_keras", "matplotlib", "seaborn", "pandas", "sklearn")
LISTING = f"""
import runpy, sys
del sys.argv[0]
runpy.run_path(sys.argv[0], run_name="__main__")
print([name for name in {FOREIGN!r} if name in sys.modules])
"""


def environment():
    """Return the environment of a fresh process, without what the tests themselves set."""
    own = {k: v for k, v in os.environ.items() if not k.startswith(("TF_", "KERAS_"))}
    return {**own, "PYTHONPATH": str(WORKFLOW)}


@pytest.fixture(scope="module")
def fresh_runs(tmp_path_factory):
    """Train both kinds twice, each in a process of its own; return folders and what they said."""
    place = tmp_path_factory.mktemp("fresh")
    manifest, arrays = engine.write_data(place / "data")
    configs = {
        "autoencoder/relu-8-noise-0.1": engine.autoencoder(noise=0.1, seeds=2),
        "classifier/relu-8-6": engine.classifier(seeds=2),
    }
    results = {}
    for name, config in configs.items():
        results[name] = []
        for attempt in "ab":
            output = place / attempt / name
            result = subprocess.run(
                [sys.executable, "-c", LISTING, *command(name, config, manifest, arrays, output)],
                env=environment(),
                capture_output=True,
                text=True,
            )
            assert result.returncode == 0, result.stderr
            results[name].append((output, result))
    return results


def test_two_processes_agree_to_the_bit(fresh_runs):
    for (first, _), (second, _) in fresh_runs.values():
        for name in ("config.json", "history.csv", "weights.npz"):
            assert (first / name).read_bytes() == (second / name).read_bytes(), name
        metrics = [json.loads((f / "metrics.json").read_text()) for f in (first, second)]
        seeds = [without_seconds(m["seeds"]) for m in metrics]
        assert seeds[0] == seeds[1]
        runs = [json.loads((f / "run.json").read_text()) for f in (first, second)]
        assert runs[0]["sha256"] == runs[1]["sha256"]


def test_training_loads_neither_keras_nor_a_plotting_library(fresh_runs):
    for attempts in fresh_runs.values():
        for _, result in attempts:
            assert result.stdout.strip() == "[]"


def test_the_log_shows_progress(fresh_runs):
    for attempts in fresh_runs.values():
        log = attempts[0][1].stderr
        assert "epoch 1: training error" in log
        assert "wrote " in log
        assert "Traceback" not in log
