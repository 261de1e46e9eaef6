"""What is said of wrong targets, of changed settings, and of the work that is left."""

import json

import pytest

from autoencoders.sweep.cost import in_words, seconds
from autoencoders.sweep.declaration import read_sweep
from autoencoders.sweep.on_disk import reasons, stale_settings
from autoencoders.sweep.targets import unknown_target

RULES = ("all", "table1", "table2", "figure1", "figure10", "claims", "studies/loss", "page")


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("tabel1", "did you mean table1"),
        ("table3", "did you mean table2"),
        ("fig1", "did you mean figure1"),
        ("studies/lass", "did you mean studies/loss"),
        ("xyzzy", "`snakemake --list` shows all"),
        ("relu-256-256", "ask for results/runs/classifier/relu-256-256/seeds-0-9/run.json"),
        ("autoencoder/relu-128", "ask for results/runs/autoencoder/relu-128/seeds-0-2/run.json"),
        ("relu-300", "add `- hidden: 300` to an experiment of autoencoders, or `- hidden: [300]`"),
        ("sigmoid-3-4", "add `- hidden: [3, 4]` to an experiment of classifiers"),
    ],
)
def test_a_wrong_target_gets_the_nearest_right_one(config, target, said):
    assert said in unknown_target(target, RULES, read_sweep(config), "results")


def test_changed_settings_are_told_in_words(config, tmp_path):
    before = read_sweep(config)
    folders = [f"runs/classifier/relu-{width}/seeds-0-9" for width in (128, 256, 512)]
    for folder in folders:
        (tmp_path / folder).mkdir(parents=True)
        run = {"configuration": "x", "config": before.trainings[folder], "metrics": []}
        (tmp_path / folder / "run.json").write_text(json.dumps(run, indent=2))
    assert stale_settings(before.trainings, tmp_path) == {}
    config["classifier"]["momentum"] = 0.8
    stale = stale_settings(read_sweep(config).trainings, tmp_path)
    assert list(stale) == folders
    assert reasons(stale) == [
        "classifier/relu-128, classifier/relu-256, classifier/relu-512: "
        "training.momentum 0.9 -> 0.8"
    ]
    (tmp_path / folders[0] / "run.json").write_text("{")
    assert list(stale_settings(read_sweep(config).trainings, tmp_path)) == folders[1:]


def test_the_work_that_is_left_is_told_in_words(config):
    config["studies"], config["calibration"] = {}, []
    trainings = read_sweep(config).trainings
    assert in_words(trainings, []) == "539 trainings in 70 jobs are declared; all are there."
    one = "runs/classifier/no-hidden/seeds-0-9"
    assert in_words(trainings, [one]).endswith("; 1 job is left, about a minute on one core.")
    hours = sum(map(seconds, trainings.values())) / 3600
    assert f"; 70 jobs are left, about {hours:.1f} hours on" in in_words(trainings, trainings)
    longer = {**trainings[one], "seeds": list(range(1000))}
    assert seconds(longer) > 50 * seconds(trainings[one])
