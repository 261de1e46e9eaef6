"""Grids are written out as configurations and variants, which are then checked like any other."""

import pytest

from autoencoders.sweep.checking import ConfigError
from autoencoders.sweep.declaration import read_sweep


@pytest.fixture
def own(config):
    """Return the settings of config.yaml with one experiment alone."""
    for section in ("studies", "seeds", "tables", "figures"):
        config[section] = {}
    config["calibration"] = []
    config["experiments"] = {
        "rates": {
            "network": "classifier",
            "activations": ["relu"],
            "configurations": [{"hidden": [16]}],
            "grid": {"learning_rate": [0.1, 0.03], "batch_size": [32, 128]},
        }
    }
    return config


def test_every_combination_is_a_network_with_its_settings_in_its_name(own):
    sweep = read_sweep(own)
    assert {
        name: (each.settings["training"]["learning_rate"], each.settings["training"]["batch_size"])
        for name, each in sweep.configurations.items()
    } == {
        "classifier/relu-16-learning-rate-0.1-batch-size-32": (0.1, 32),
        "classifier/relu-16-learning-rate-0.1-batch-size-128": (0.1, 128),
        "classifier/relu-16-learning-rate-0.03-batch-size-32": (0.03, 32),
        "classifier/relu-16-learning-rate-0.03-batch-size-128": (0.03, 128),
    }


def test_what_is_excluded_is_not_there(own):
    own["experiments"]["rates"]["exclude"] = [{"learning_rate": 0.03, "batch_size": 32}]
    assert len(read_sweep(own).configurations) == 3
    own["experiments"]["rates"]["exclude"] = [{"learning_rate": 0.03}]
    names = list(read_sweep(own).configurations)
    assert len(names) == 2
    assert all("0.1" in name for name in names)


def test_widths_and_nested_settings(own):
    experiment = own["experiments"]["rates"]
    experiment["configurations"] = [{"hidden": [16], "training": {"momentum": 0.5}}]
    experiment["grid"] = {"hidden": [[16], [16, 8]], "pre_training.max_epochs": [4, 5]}
    configurations = read_sweep(own).configurations
    assert set(configurations) == {
        f"classifier/relu-{hidden}-pre-training.max-epochs-{epochs}"
        for hidden in ("16", "16-8")
        for epochs in (4, 5)
    }
    for each in configurations.values():
        assert each.settings["training"]["momentum"] == 0.5
        assert each.settings["training"]["pre_training"]["patience"] == 0


def test_a_grid_of_widths_needs_no_configurations(own):
    own["experiments"]["rates"] = {
        "network": "autoencoder",
        "activations": ["relu"],
        "grid": {"hidden": [8, 16], "noise": [0.0, 0.1]},
    }
    assert set(read_sweep(own).configurations) == {
        *("autoencoder/relu-8", "autoencoder/relu-16"),
        *("autoencoder/relu-8-noise-0.1", "autoencoder/relu-16-noise-0.1"),
    }


def test_a_study_s_grid_reuses_the_default(own):
    del own["experiments"]["rates"]["grid"]
    own["studies"]["steps"] = {
        "network": "classifier",
        "of": ["rates"],
        "grid": {"learning_rate": [0.1, 0.03], "momentum": [0.9, 0.5]},
    }
    study = read_sweep(own).studies["steps"]
    assert list(study.variants) == [
        "learning-rate-0.1-momentum-0.9",
        "learning-rate-0.1-momentum-0.5",
        "learning-rate-0.03-momentum-0.9",
        "learning-rate-0.03-momentum-0.5",
    ]
    assert study.default == "learning-rate-0.1-momentum-0.9"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"grid": {}}, "experiments.rates.grid must be lists of values by setting"),
        ({"grid": {"momentum": 0.5}}, "experiments.rates.grid must be lists"),
        ({"grid": {"momentum": []}}, "experiments.rates.grid must be lists"),
        ({"grid": {"momentun": [0.5]}}, "did you mean momentum"),
        ({"grid": {"momentum": [2.0]}}, "training.momentum is 2.0, but must be less than 1"),
        ({"grid": {"momentum": [0.5, 0.5]}}, "a second time"),
        (
            {"exclude": [{"learning_rate": 0.2}]},
            "learning_rate: 0.2, which is not in",
        ),
        ({"exclude": [{"learning_rate": 0.1}, {"learning_rate": 0.03}]}, "leaves nothing"),
        ({"exclude": {"learning_rate": 0.1}}, "exclude must be a list"),
        ({"grid": {"a": [1], "a.b": [2]}}, "names a and a setting in it"),
        ({"grid": {"momentum": list(range(101)), "seed": list(range(100))}}, "10100 combinations"),
        ({"configurations": []}, "configurations is \\[\\], but must have at least 1"),
    ],
)
def test_what_is_wrong_with_a_grid_is_named(own, changes, problem):
    own["experiments"]["rates"] |= changes
    with pytest.raises(ConfigError, match=problem):
        read_sweep(own)
