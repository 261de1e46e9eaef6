"""The two procedures: phases, early stopping, and what of a phase is kept."""

import engine  # isort: skip (before TensorFlow)
import numpy as np
import pytest

from autoencoders.training import classifier_procedure, job
from autoencoders.training.classifier_procedure import ClassifierProcedure
from autoencoders.training.trainer import Trainer


def scripted(monkeypatch, errors):
    """Let every phase of a training run see these validation errors; return the states it had."""
    states = {}

    def evaluate(self, inputs, targets):
        seen = states.setdefault(id(self), [])
        seen.append([variable.numpy() for variable in self.network.state])
        error = errors[min(len(seen), len(errors)) - 1]
        return error, None if targets is None else 0.5

    monkeypatch.setattr(Trainer, "evaluate", evaluate)
    return states


def test_an_autoencoder_trains_for_a_fixed_number_of_epochs(monkeypatch):
    scripted(monkeypatch, [0.1, 0.2, 0.3, 0.4])
    history, seeds, _ = job.train(engine.autoencoder({"epochs": 7}), engine.data())
    assert [row[1:3] for row in history] == [("training", epoch) for epoch in range(1, 8)]
    assert all(row[5] is None for row in history)
    assert seeds[0]["epochs"] == {"training": 7}
    assert seeds[0]["validation_error"] == 0.4


def test_metrics_of_an_autoencoder():
    data = engine.data()
    config = engine.autoencoder(activation="sigmoid", sparseness_threshold=0.5)
    history, (seed,), weights = job.train(config, data)
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
    history, (seed,), _ = job.train(config, engine.data())
    expected = {"pre-training-1": 3, "pre-training-2": 3, "full-training": 2}
    assert engine.phases(history) == seed["epochs"] == expected
    assert list(seed["seconds"]) == list(expected)
    assert all((row[5] is None) == row[1].startswith("pre-training") for row in history)
    assert 0 <= seed["accuracy"] <= 1
    assert seed["validation_accuracy"] == history[-1][5]


@pytest.mark.parametrize(("patience", "epochs"), [(0, 3), (1, 3), (2, 7)])
def test_early_stopping_ends_every_phase(monkeypatch, patience, epochs):
    scripted(monkeypatch, [0.5, 0.4, 0.4, 0.3, 0.2, 0.2, 0.2, 0.2])
    rules = {"max_epochs": 20, "patience": patience}
    config = engine.classifier(pre_training=rules, full_training=rules)
    history, _, _ = job.train(config, engine.data())
    assert set(engine.phases(history).values()) == {epochs}


@pytest.mark.parametrize(("keep", "epoch"), [("last", 5), ("best", 3)])
def test_weights_and_figures_of_the_last_or_the_best_epoch(monkeypatch, keep, epoch):
    states = scripted(monkeypatch, [0.5, 0.4, 0.3, 0.35, 0.31, 0.9])
    rules = {"max_epochs": 5, "patience": 100, "keep": keep}
    config = engine.classifier(hidden=[8], pre_training=rules, full_training=rules)
    history, (seed,), weights = job.train(config, engine.data())
    assert engine.phases(history) == {"pre-training-1": 5, "full-training": 5}
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


@pytest.mark.parametrize("keep", ["last", "best"])
def test_pre_trained_encoders_become_the_hidden_layers(monkeypatch, keep):
    data = engine.data()
    procedure = ClassifierProcedure(engine.classifier(pre_training={"keep": keep}), data)
    train_phase = classifier_procedure.train_phase
    seen = []

    def spy(trainer, training, validation, *arguments):
        encoders = [t.network.hidden[0].variables for t in procedure.pre_trainers]
        seen.append((training[0].numpy(), validation[0].numpy()))
        if trainer is procedure.trainer:
            for encoder, layer in zip(encoders, procedure.network.hidden, strict=True):
                for name, variable in layer.variables.items():
                    assert np.array_equal(variable, encoder[name]), name
                    assert np.any(variable.numpy())
            normalizations = procedure.network.normalizations.values()
            assert all(np.all(n.moving_mean.numpy() == 0) for n in normalizations)
        else:
            seen[-1] += (encoders[0],)
        return train_phase(trainer, training, validation, *arguments)

    monkeypatch.setattr(classifier_procedure, "train_phase", spy)
    procedure.train(seed=0)
    first, second, full = seen
    assert np.array_equal(first[0], data["train_images"][:80])
    assert np.array_equal(full[0], first[0])
    encoder = first[2]
    for images, codes in zip(first[:2], second[:2], strict=True):
        expected = np.maximum(images @ encoder["weights"].numpy() + encoder["biases"].numpy(), 0)
        np.testing.assert_allclose(codes, expected, rtol=0, atol=1e-5)


def test_layers_may_be_pre_trained_on_all_images(monkeypatch):
    data = engine.data()
    procedure = ClassifierProcedure(engine.classifier(pre_training={"images": "all"}), data)
    train_phase, seen = classifier_procedure.train_phase, []

    def spy(trainer, training, validation, *arguments):
        seen.append((len(training[0]), len(validation[0])))
        return train_phase(trainer, training, validation, *arguments)

    monkeypatch.setattr(classifier_procedure, "train_phase", spy)
    procedure.train(seed=0)
    assert seen == [(100, 20), (100, 20), (80, 20)]


@pytest.mark.parametrize(("fraction", "n_validation"), [(0.2, 20), (0.25, 25)])
def test_validation_rows_are_the_last_ones(fraction, n_validation):
    data = engine.data()
    procedure = ClassifierProcedure(engine.classifier({"validation_fraction": fraction}), data)
    cut = 100 - n_validation
    expected = {
        "training": (data["train_images"][:cut], data["train_labels"][:cut]),
        "validation": (data["train_images"][cut:], data["train_labels"][cut:]),
        "test": (data["test_images"], data["test_labels"]),
    }
    for name, (images, labels) in expected.items():
        found_images, targets = getattr(procedure, name)
        assert np.array_equal(found_images, images)
        assert np.array_equal(np.argmax(targets, axis=1), labels)


def test_training_the_output_layer_alone_leaves_the_hidden_layers_untouched(monkeypatch):
    config = engine.classifier(full_training={"layers": "output"})
    procedure = ClassifierProcedure(config, engine.data())
    train_phase, before = classifier_procedure.train_phase, []

    def spy(trainer, *arguments):
        if trainer is procedure.trainer:
            before.extend(variable.numpy() for variable in trainer.network.state)
        return train_phase(trainer, *arguments)

    monkeypatch.setattr(classifier_procedure, "train_phase", spy)
    procedure.train(seed=0)
    after = [variable.numpy() for variable in procedure.network.state]
    same = [np.array_equal(*pair) for pair in zip(before, after, strict=True)]
    assert same == [True] * (len(same) - 2) + [False] * 2


@pytest.mark.parametrize(
    ("activation", "chosen", "normalized"),
    [("relu", ["relu"], True), ("sigmoid", ["relu"], False), ("relu", [], False)],
)
def test_batch_normalisation_goes_by_the_activation(activation, chosen, normalized):
    config = engine.classifier(activation=activation, normalization={"activations": chosen})
    procedure = ClassifierProcedure(config, engine.data())
    assert len(procedure.network.normalizations) == (2 if normalized else 0)
    assert all(not t.network.normalizations for t in procedure.pre_trainers)
