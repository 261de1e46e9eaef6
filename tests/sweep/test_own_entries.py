"""Experiments can be removed; tables and figures of one's own are declared in the configuration."""

import copy
from pathlib import Path

import pytest

from autoencoders.sweep.checking import ConfigError
from autoencoders.sweep.config_files import composed, read_file
from autoencoders.sweep.declaration import read_sweep

REPOSITORY = Path(__file__).parents[2]


def test_what_showed_a_removed_experiment_alone_goes_with_it(config):
    everything = read_sweep(copy.deepcopy(config))
    for name in ("weight-images", "over-complete-plain"):
        del config["experiments"][name]
    sweep = read_sweep(config)
    assert set(everything.figures) - set(sweep.figures) == {"figure6", "figure7", "figure8"}
    assert sweep.figures["figure3"] == sweep.experiments["over-complete"]
    assert sweep.tables == everything.tables
    del config["experiments"]["stacked"]
    sweep = read_sweep(config)
    assert sweep.tables["table2"] == ["classifier/no-hidden"]
    assert "figure9" not in sweep.figures
    assert "pre-trained" not in sweep.studies


@pytest.mark.parametrize("name", ["under-complete", "over-complete", "stacked", "no-hidden"])
def test_any_experiment_can_be_removed_by_null(name):
    base = read_file(REPOSITORY / "config.yaml")
    full = read_file(REPOSITORY / "full.yaml")
    base = composed(base, full)
    sweep = read_sweep(composed(base, {"experiments": {name: None}}))
    assert name not in sweep.experiments
    assert len(sweep.experiments) == 5


def test_without_the_paper_nothing_of_it_remains_but_settings():
    base = read_file(REPOSITORY / "config.yaml")
    experiments = {"two": {"network": "autoencoder", "configurations": [{"hidden": 8}]}}
    sweep = read_sweep(composed(base, {"paper": False, "experiments": experiments}))
    assert list(sweep.configurations) == ["autoencoder/relu-8", "autoencoder/sigmoid-8"]
    assert (sweep.tables, sweep.figures, sweep.studies) == ({}, {}, {})
    settings = sweep.configurations["autoencoder/relu-8"].settings["training"]
    assert settings["batch_size"] == base["autoencoder"]["batch_size"]


def test_tables_and_figures_of_one_s_own(config):
    config["tables"]["widths"] = {"of": ["under-complete"], "metric": "sparseness"}
    config["figures"]["units"] = {"plot": "weights", "of": ["classifier/relu-128"]}
    sweep = read_sweep(config)
    assert sweep.tables["widths"] == sweep.experiments["under-complete"]
    assert sweep.own["widths"] == {"metric": "sparseness", "compared_with": None}
    assert sweep.figures["units"] == ["classifier/relu-128"]
    assert sweep.own["units"] == {"plot": "weights", "caption": None}


@pytest.mark.parametrize(
    ("section", "name", "entry", "problem"),
    [
        ("tables", "a", {"of": ["stackd"]}, "tables.a.of names stackd.*did you mean stacked"),
        ("tables", "a", {"of": ["no-hiden"]}, "did you mean no-hidden"),
        ("tables", "a", {"of": ["stacked"], "metric": "sparseness"}, "a classifier does not have"),
        (
            "tables",
            "a",
            {"of": ["stacked"], "compared_with": "autoencoder/relu-128"},
            "tables.a.compared_with is autoencoder/relu-128, which is none of those",
        ),
        ("tables", "patience", {"of": ["stacked"]}, "the name of another table, figure or study"),
        ("tables", "figure1", {"of": ["stacked"]}, "the name of another table"),
        ("tables", "a/b", {"of": ["stacked"]}, "is not a name that can be used here"),
        ("tables", "a", {}, "tables.a.of is missing"),
        ("figures", "a", {"of": ["stacked"]}, "figures.a.plot is missing"),
        ("figures", "a", {"of": ["stacked"], "plot": "pie"}, "must be one of: curves"),
        ("figures", "a", {"of": ["stacked"], "plot": "reconstructions"}, "can only show autoenc"),
        ("figures", "a", {"of": ["stacked"], "plot": "weights"}, "46 networks, but it can show"),
    ],
)
def test_what_is_wrong_with_one_s_own_entries_is_named(config, section, name, entry, problem):
    config[section][name] = entry
    with pytest.raises(ConfigError, match=problem):
        read_sweep(config)
