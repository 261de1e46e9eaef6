"""What is measured on saved weights, on networks whose answers are known."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

import synthetic
from autoencoders.measurements import principal_subspace, robustness
from autoencoders.measurements.images import NOISE, Images
from autoencoders.measurements.measurement_catalog import MEASUREMENTS, STUDY
from autoencoders.measurements.measuring import COLUMNS, measure
from autoencoders.measurements.probe import fit_probe
from autoencoders.runs.reading import read_runs

WORKFLOW = Path(__file__).resolve().parents[2] / "workflow"
KINDS = list(MEASUREMENTS)


@pytest.fixture(scope="module")
def images():
    return Images(synthetic.make_arrays(n_train=200, n_test=50))


def autoencoder_of(decoder):
    """Return an autoencoder with a given decoder, of shape (n_units, 784)."""
    n_units = len(decoder)
    return {
        "encoder/weights": decoder.T.astype(np.float32),
        "encoder/biases": np.zeros(n_units, np.float32),
        "decoder/weights": decoder.astype(np.float32),
        "decoder/biases": np.zeros(784, np.float32),
    }


def settings_of(activation):
    return {"network": "autoencoder", "activation": activation}


def principal_values(images, decoder, activation):
    weights = autoencoder_of(decoder)
    rows = principal_subspace.rows(weights, settings_of(activation), {}, images)
    return {row[0]: row[3] for row in rows}


def test_a_decoder_that_is_the_pca_basis_has_its_subspace(images):
    generator = np.random.default_rng(0)
    basis = images.pca.components_[:8]
    mixed = generator.normal(size=(8, 8)) @ basis  # another basis of the same subspace
    found = principal_values(images, mixed, "relu")
    assert found["overlap"] == pytest.approx(1, abs=1e-4)
    assert found["largest_angle"] == pytest.approx(0, abs=0.5)
    assert found["captured"] == pytest.approx(1, abs=1e-4)


def test_a_random_decoder_overlaps_by_chance(images):
    random = np.random.default_rng(0).normal(size=(60, 784))
    found = principal_values(images, random, "sigmoid")
    assert found["overlap"] == pytest.approx(60 / 784, abs=0.02)
    assert found["largest_angle"] > 80
    assert found["captured"] < 0.5


def test_overlap_by_hand():
    one = np.eye(4)[:2]
    turned = np.array([[1, 0, 0, 0], [0, 1, 1, 0]]) / np.array([[1], [2**0.5]])
    share, largest = principal_subspace.overlap(one, turned)
    assert share == pytest.approx((1 + 0.5) / 2)
    assert largest == pytest.approx(45)


def test_error_of_pca_falls_with_its_width(images):
    errors = [principal_values(images, np.eye(784)[:width], "relu") for width in (4, 40)]
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
    assert fit_probe(codes, labels).score(codes, labels) == 1
    noise = generator.normal(size=(300, 3))
    other = generator.normal(size=(300, 3))
    assert fit_probe(noise, labels).score(other, labels) < 0.5


def test_change_of_codes_by_hand():
    codes = np.array([[0.0, 0.0], [2.0, 0.0]])
    assert robustness.code_change(codes, codes) == 0
    moved = np.array([[1.0, 0.0], [2.0, 0.0]])
    assert robustness.code_change(codes, moved) == pytest.approx(0.25 / 0.5)
    assert robustness.code_change(np.ones((2, 2)), np.zeros((2, 2))) == np.inf


def test_noise_changes_codes_the_more_the_stronger_it_is(images):
    weights = autoencoder_of(images.pca.components_[:20])
    rows = robustness.rows(weights, settings_of("sigmoid"), {}, images)
    changes = [value for measured, _, _, value in rows if measured == "code_change"]
    assert len(changes) == len(NOISE)
    assert 0 < changes[0] < changes[1] < changes[2]


# --- which networks ---------------------------------------------------------------------------


def applied(kind, configurations):
    applies = MEASUREMENTS[kind].applies
    return [name for name, each in configurations.items() if applies(each.settings)]


def test_each_question_has_its_networks():
    configurations = synthetic.everything()
    assert applied("images", configurations) == []
    assert len(applied("principal_subspace", configurations)) == 9
    assert len(applied("robustness", configurations)) == 14
    assert applied("layer_probes", configurations) == [
        f"classifier/{activation}-{width}-{width}-{width}"
        for width in (128, 256)
        for activation in ("relu", "sigmoid")
    ]
    tiny = synthetic.by_name([synthetic.autoencoder(24, noise=0.1), synthetic.autoencoder(24)])
    assert applied("robustness", tiny) == ["autoencoder/relu-24-noise-0.1"]
    assert applied("principal_subspace", tiny) == ["autoencoder/relu-24"]


def test_no_configuration_is_of_two_kinds():
    configurations = synthetic.everything()
    names = [name for kind in KINDS for name in applied(kind, configurations)]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_module_with_rows(kind):
    module = import_module(f"autoencoders.measurements.{kind}")
    assert module.rows.__doc__


def test_the_registry_needs_no_numpy():
    code = "import sys, autoencoders.measurements.measurement_catalog as _\n"
    code += "assert 'numpy' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": str(WORKFLOW)})


# --- finished runs ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    configurations = synthetic.by_name(
        [
            synthetic.autoencoder(16, keep_weights=3),
            synthetic.autoencoder(16, noise=0.1, keep_weights=3),
            synthetic.classifier("9-9-9", keep_weights=3),
            synthetic.classifier("9-8-7", keep_weights=3),
            synthetic.autoencoder(12, keep_weights=0),
        ]
    )
    return synthetic.write_results(tmp_path_factory.mktemp("measures"), configurations)


@pytest.fixture(scope="module")
def runs(place):
    return read_runs(place.configurations.values(), place.manifest, place.results)[0]


NAMES = {
    "images": {""},
    "principal_subspace": {"autoencoder/relu-16"},
    "robustness": {"autoencoder/relu-16-noise-0.1"},
    "layer_probes": {"classifier/relu-9-9-9"},
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kept_network_is_measured_once(place, runs, kind):
    table = measure(kind, runs, {}, place.arrays)
    assert list(table.columns) == list(COLUMNS)
    assert not table.duplicated(list(COLUMNS[:-1])).any()
    assert set(table["configuration"]) == NAMES[kind]
    assert set(table["seed"]) == ({""} if kind == "images" else {0, 1, 2})
    probes = table[table["measure"] == "probe_accuracy"]
    assert ((probes["value"] >= 0) & (probes["value"] <= 1)).all()
    if kind == "layer_probes":
        assert set(probes["layer"]) == {1, 2, 3}


def test_before_any_label_is_a_study_of_its_own(place, runs):
    table = measure("layer_probes", runs, runs, place.arrays)
    probes = table[table["measure"] == "probe_accuracy"]
    trained, unlabelled = (probes[probes["study"] == study] for study in ("", STUDY))
    assert len(trained) == len(unlabelled) == 9
    assert list(trained["value"]) == list(unlabelled["value"])


@pytest.mark.parametrize("kind", KINDS)
def test_measuring_twice_gives_the_same(place, runs, kind):
    one, two = (measure(kind, runs, {}, place.arrays) for _ in range(2))
    assert one.equals(two)
    assert len(one) >= 2
