"""What is measured of kept weights, on networks whose answers are known."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas
import pytest

import synthetic
from autoencoders import measures
from autoencoders.evidence import deep, regularised, under_complete
from autoencoders.runs import read_runs

SCRIPTS = Path(__file__).resolve().parents[2] / "workflow" / "scripts"


@pytest.fixture(scope="module")
def images():
    return measures.Images(synthetic.make_arrays(n_train=200, n_test=50))


def autoencoder_of(decoder):
    """Return an autoencoder with a given decoder, of shape (n_units, 784)."""
    n_units = len(decoder)
    return {
        "encoder/weights": decoder.T.astype(np.float32),
        "encoder/biases": np.zeros(n_units, np.float32),
        "decoder/weights": decoder.astype(np.float32),
        "decoder/biases": np.zeros(784, np.float32),
    }


def values(rows):
    return {row[0]: row[3] for row in rows}


def test_a_decoder_that_is_the_pca_basis_has_its_subspace(images):
    generator = np.random.default_rng(0)
    basis = images.pca.components_[:8]
    mixed = generator.normal(size=(8, 8)) @ basis  # another basis of the same subspace
    found = values(images.principal_measures(autoencoder_of(mixed), "relu"))
    assert found["overlap"] == pytest.approx(1, abs=1e-4)
    assert found["largest_angle"] == pytest.approx(0, abs=0.5)
    assert found["captured"] == pytest.approx(1, abs=1e-4)


def test_a_random_decoder_overlaps_by_chance(images):
    random = np.random.default_rng(0).normal(size=(60, 784))
    found = values(images.principal_measures(autoencoder_of(random), "sigmoid"))
    assert found["overlap"] == pytest.approx(60 / 784, abs=0.02)
    assert found["largest_angle"] > 80
    assert found["captured"] < 0.5


def test_overlap_by_hand():
    one = np.eye(4)[:2]
    turned = np.array([[1, 0, 0, 0], [0, 1, 1, 0]]) / np.array([[1], [2**0.5]])
    share, largest = measures.overlap(one, turned)
    assert share == pytest.approx((1 + 0.5) / 2)
    assert largest == pytest.approx(45)


def test_error_of_pca_falls_with_its_width(images):
    errors = [
        values(images.principal_measures(autoencoder_of(np.eye(784)[:width]), "relu"))
        for width in (4, 40)
    ]
    assert errors[0]["pca_training_error"] > 2 * errors[1]["pca_training_error"]
    assert errors[0]["pca_test_error_clipped"] <= errors[0]["pca_test_error"]
    direct = images.pca.inverse_transform(
        np.pad(
            images.pca.transform(images.test)[:, :40],
            ((0, 0), (0, len(images.pca.components_) - 40)),
        )
    )
    assert errors[1]["pca_test_error"] == pytest.approx(
        np.mean((direct - images.test) ** 2), rel=1e-3
    )


def test_a_probe_tells_separable_codes_apart_and_no_others():
    generator = np.random.default_rng(0)
    labels = np.arange(300) % 3
    codes = np.eye(3)[labels] + 0.01 * generator.normal(size=(300, 3))
    assert measures.fit_probe(codes, labels).score(codes, labels) == 1
    noise = generator.normal(size=(300, 3))
    other = generator.normal(size=(300, 3))
    assert measures.fit_probe(noise, labels).score(other, labels) < 0.5


def test_change_of_codes_by_hand():
    codes = np.array([[0.0, 0.0], [2.0, 0.0]])
    assert measures.code_change(codes, codes) == 0
    moved = np.array([[1.0, 0.0], [2.0, 0.0]])
    assert measures.code_change(codes, moved) == pytest.approx(0.25 / 0.5)
    assert measures.code_change(np.ones((2, 2)), np.zeros((2, 2))) == np.inf


def test_noise_changes_codes_the_more_the_stronger_it_is(images):
    weights = autoencoder_of(images.pca.components_[:20])
    rows = images.robust_measures(weights, "sigmoid")
    changes = [value for measure, _, _, value in rows if measure == "code_change"]
    assert len(changes) == len(measures.NOISE)
    assert 0 < changes[0] < changes[1] < changes[2]


@pytest.mark.parametrize("place", ["before_activation", "after_activation"])
def test_activities_by_hand(place):
    weights = {
        "hidden1/weights": np.array([[1.0, -1.0]]),
        "hidden1/biases": np.array([0.5, 0.0]),
        "hidden1/scale": np.array([2.0, 1.0]),
        "hidden1/offset": np.array([0.0, 3.0]),
        "hidden1/moving_mean": np.array([1.0, 0.0]),
        "hidden1/moving_variance": np.array([3.999, 0.999]),
    }
    normalization = {"place": place, "epsilon": 0.001}
    config = {"hidden": [2], "activation": "relu"}
    config["training"] = {"batch_normalization": normalization}
    (found,) = measures.activities(weights, config, np.array([[2.0]]))
    # Before: (2.5 - 1) / 2 * 2 = 1.5 and -2 + 3 = 1. After: the same of 2.5, and 0 + 3.
    expected = [1.5, 1.0] if place == "before_activation" else [1.5, 3.0]
    assert found[0] == pytest.approx(expected)
    plain = {name: weights[name] for name in ("hidden1/weights", "hidden1/biases")}
    (found,) = measures.activities(plain, config, np.array([[2.0]]))
    assert found[0] == pytest.approx([2.5, 0.0])


def test_each_question_has_its_networks():
    configs = synthetic.everything()
    assert len(under_complete(configs)) == 9
    assert len(regularised(configs)) == 14
    assert deep({"figure9": ["a"]}, ["b", "a"]) == ["a", "b"]
    tiny = dict([synthetic.autoencoder(24, noise=0.1), synthetic.autoencoder(24)])
    assert regularised(tiny) == list(tiny)
    assert under_complete(tiny) == ["autoencoder/relu-24"]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    configurations = dict(
        [
            synthetic.autoencoder(16, keep_weights="all"),
            synthetic.autoencoder(16, noise=0.1, keep_weights="all"),
            synthetic.classifier("9-8-7", keep_weights="all"),
            synthetic.autoencoder(12, keep_weights="none"),
        ]
    )
    return synthetic.write_results(tmp_path_factory.mktemp("measures"), configurations)


def test_every_kept_network_is_measured_once(place):
    runs, _ = read_runs(place.plan, place.manifest, place.results)
    table = measures.measure(place.plan, runs, {}, place.arrays)
    assert list(table.columns) == list(measures.COLUMNS)
    keys = list(measures.COLUMNS[:-1])
    assert not table.duplicated(keys).any()
    assert set(table["configuration"]) == {
        "",
        "autoencoder/relu-16",
        "autoencoder/relu-16-noise-0.1",
        "classifier/relu-9-8-7",
    }
    of = table[table["configuration"] == "classifier/relu-9-8-7"]
    assert set(of["seed"]) == {0, 1, 2}
    assert set(of[of["measure"] == "probe_accuracy"]["layer"]) == {1, 2, 3}
    probes = table[table["measure"] == "probe_accuracy"]["value"]
    assert ((probes >= 0) & (probes <= 1)).all()


def test_before_any_label_is_a_study_of_its_own(place):
    runs, _ = read_runs(place.plan, place.manifest, place.results)
    name = "classifier/relu-9-8-7"
    table = measures.measure(place.plan, runs, {name: runs[name]}, place.arrays)
    of = table[(table["configuration"] == name) & (table["measure"] == "probe_accuracy")]
    trained, unlabelled = (of[of["study"] == study] for study in ("", "pre-trained"))
    assert len(trained) == len(unlabelled) == 9
    assert list(trained["value"]) == list(unlabelled["value"])


def test_the_script_writes_the_same_twice(place, tmp_path):
    options = {
        "plan": place.plan_path,
        "manifest": place.manifest,
        "arrays": place.arrays_path,
        "results": place.results,
    }
    texts = []
    for name in ("one.csv", "two.csv"):
        command = [sys.executable, SCRIPTS / "measures.py", "--output", tmp_path / name]
        for option, value in options.items():
            command += [f"--{option}", value]
        subprocess.run(command, check=True)
        texts.append((tmp_path / name).read_text())
    assert texts[0] == texts[1]
    assert len(pandas.read_csv(tmp_path / "one.csv")) > 50
