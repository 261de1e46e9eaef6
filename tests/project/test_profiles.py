"""The profiles: what is alike in them, and the traps that they must not walk into."""

import re
from itertools import pairwise

import pytest
import yaml

from snakemake_runs import REPOSITORY

PROFILES = REPOSITORY / "profiles"
CLUSTER = ("slurm", "slurm-gpu")


def text_of(name):
    return (PROFILES / name / "config.yaml").read_text()


def settings_of(name):
    return yaml.safe_load(text_of(name))


@pytest.mark.parametrize("name", ["default", *CLUSTER])
def test_every_key_has_a_comment(name):
    """It stands above the key, or above the key that opens its block."""
    lines = text_of(name).splitlines()
    for above, line in pairwise(lines):
        if re.match(r" *[a-z_-]+:", line):
            assert re.match(r" *(#|[a-z-]+:$)", above), line


@pytest.mark.parametrize("name", CLUSTER)
def test_a_cluster_profile_keeps_what_the_default_one_sets(name):
    """It replaces the default profile as a whole."""
    settings = settings_of(name)
    for key, value in settings_of("default").items():
        if key != "printshellcmds":
            assert settings[key] == value, key


def test_the_gpu_profile_differs_in_nothing_but_the_trainings():
    cpu, gpu = map(settings_of, CLUSTER)
    own = {"slurm_partition", "gpu", "mem_mb"}
    assert own < set(gpu["set-resources"]["train"])
    for key in own:
        del gpu["set-resources"]["train"][key]
    assert cpu == gpu


@pytest.mark.parametrize("name", CLUSTER)
def test_no_arrays(name):
    """In an array each task looks for the first task's results, and waits for ever below `jobs`."""
    assert "slurm-array-jobs" not in settings_of(name)


@pytest.mark.parametrize("name", CLUSTER)
def test_trainings_in_one_job_come_one_after_the_other(name):
    """The plugin runs them so: a job must ask for one's cores and card, and for all their time."""
    settings = settings_of(name)
    assert settings["groups"] == ["train=trainings"]
    assert settings["set-resources"]["train"]["training_places"] == 1
    assert settings["resources"] == ["training_places=1"]
    assert settings["set-resource-scopes"] == ["training_places=local"]


@pytest.mark.parametrize("name", CLUSTER)
def test_no_card_is_a_limit_of_the_whole_run(name):
    """`gpu` under `resources` would let one training at a time onto the cluster."""
    assert not any(entry.startswith("gpu") for entry in settings_of(name)["resources"])
    assert "gpu" not in settings_of(name)["default-resources"]


@pytest.mark.parametrize("name", CLUSTER)
def test_threads_are_not_capped_to_the_head_node(name):
    assert settings_of(name)["cores"] >= 256
