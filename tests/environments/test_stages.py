"""Each stage's rules with no packages but those of the stage's own list.

Builds a virtual environment from each list, as pip installs it, and lets the real Snakemake find
that environment's `python` for the rules of the stage. Needs a package index. The environment for
training on GPUs is left out: it would fetch CUDA for machines that have no use for it.
"""

import functools
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from autoencoders.measurements.measurement_catalog import MEASUREMENTS
from snakemake_runs import REPOSITORY, Checkout

# What another stage or Snakemake needs, and this one must do without.
FOREIGN = {
    "data": ("tensorflow", "keras", "pandas", "matplotlib", "seaborn", "snakemake", "yaml"),
    "training": ("sklearn", "scipy", "pandas", "matplotlib", "seaborn", "snakemake", "yaml"),
    "report": ("tensorflow", "keras", "requests", "snakemake", "yaml"),
}
STAGES = list(FOREIGN)
# Of `python -m venv` itself.
BROUGHT_ALONG = {"pip", "setuptools"}
INSTALLED = """
import importlib.metadata, json
names = {d.metadata["Name"]: d.version for d in importlib.metadata.distributions()}
print(json.dumps(names))
"""
FOUND = """
import importlib.util, json, sys
print(json.dumps([name for name in sys.argv[1:] if importlib.util.find_spec(name)]))
"""
# Stands for `python` on the PATH, and notes what it is called with.
NOTING_PYTHON = """\
#!/bin/sh
printf '%s\\n' "$1" >> '{calls}'
exec '{python}' "$@"
"""


class Environment:
    """A virtual environment with the packages of one list, and a `python` that notes its calls.

    Parameters
    ----------
    stage : str
        Name of the list.
    folder : pathlib.Path
        Where to build it.
    """

    def __init__(self, stage, folder):
        self.calls = folder / "calls.txt"
        self.python = folder / "environment/bin/python"
        self.programs = folder / "bin"
        requirements = REPOSITORY / f"requirements/{stage}.txt"
        command(sys.executable, "-m", "venv", folder / "environment")
        self.run("-m", "pip", "install", "--quiet", "--require-hashes", "-r", requirements)
        self.programs.mkdir()
        (self.programs / "python").write_text(
            NOTING_PYTHON.format(calls=self.calls, python=self.python)
        )
        (self.programs / "python").chmod(0o755)

    def run(self, *arguments):
        """Run the environment's interpreter; return what it prints."""
        return command(self.python, *arguments)

    def snakemake(self, checkout, *arguments):
        """Run Snakemake, for whose rules `python` is this one; return the scripts that it ran."""
        self.calls.write_text("")
        beside = [str(self.programs), str(Path(sys.executable).parent), os.environ["PATH"]]
        checkout.run(*arguments, PATH=os.pathsep.join(beside), PYTHONPATH="")
        return [Path(name).name for name in self.calls.read_text().splitlines()]


def command(*words):
    """Run a command, which must succeed, without this Python's settings; return what it prints."""
    variables = {name: text for name, text in os.environ.items() if not name.startswith("PYTHON")}
    result = subprocess.run(
        list(map(str, words)), env=variables, check=False, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def listed(stage):
    """Return the versions that a list names for this machine, by package."""
    lines = (REPOSITORY / f"requirements/{stage}.txt").read_text().splitlines()
    entries = [line.rstrip("\\ ") for line in lines if line[:1] not in ("", " ", "#")]
    requirements = [Requirement(entry) for entry in entries]
    return {
        canonicalize_name(requirement.name): str(requirement.specifier).removeprefix("==")
        for requirement in requirements
        if requirement.marker is None or requirement.marker.evaluate()
    }


@pytest.fixture(scope="session")
def environments():
    """The environments by stage, each built when it is first asked for, and removed at the end."""
    index = [sys.executable, "-m", "pip", "--retries", "1", "index", "versions", "numpy"]
    if subprocess.run(index, check=False, capture_output=True).returncode:
        pytest.skip("no package index is in reach to build environments from")
    with tempfile.TemporaryDirectory(prefix="environments-") as folder:

        @functools.cache
        def environment(stage):
            return Environment(stage, Path(folder) / stage)

        yield environment


@pytest.fixture(scope="session")
def checkout(tmp_path_factory):
    return Checkout.copy(tmp_path_factory.mktemp("stages") / "checkout")


@pytest.fixture(scope="session")
def data(environments, checkout):
    """The scripts that ran to make the data."""
    return environments("data").snakemake(checkout, "results/data/digits/manifest.json")


@pytest.fixture(scope="session")
def training(environments, checkout, data):
    """The scripts that ran to train every configuration."""
    return environments("training").snakemake(checkout, "--until", "train")


@pytest.fixture(scope="session")
def report(environments, checkout, training):
    """The scripts that ran to make every table and figure, and then a partial report."""
    environment = environments("report")
    partial = ("--config", "partial=True")
    return [environment.snakemake(checkout, *options) for options in ((), partial)]


@pytest.mark.parametrize("stage", STAGES)
def test_environment_holds_the_list_and_nothing_else(environments, stage):
    installed = json.loads(environments(stage).run("-c", INSTALLED))
    installed = {canonicalize_name(name): version for name, version in installed.items()}
    expected = listed(stage)
    assert "numpy" in expected
    assert {name: installed.get(name) for name in expected} == expected
    assert installed.keys() - expected.keys() <= BROUGHT_ALONG


@pytest.mark.parametrize("stage", STAGES)
def test_what_other_stages_need_cannot_be_imported(environments, stage):
    python = environments(stage)
    assert json.loads(python.run("-c", FOUND, "numpy", *FOREIGN[stage])) == ["numpy"]


def test_data(checkout, data):
    assert data == ["build_dataset.py"]
    manifest = json.loads((checkout.folder / "results/data/digits/manifest.json").read_text())
    assert manifest["dataset"] == "digits"


def test_training(environments, checkout, training):
    records = list((checkout.folder / "results/runs").glob("*/*/*/run.json"))
    assert {path.parents[2].name for path in records} == {"autoencoder", "classifier"}
    assert training == ["train.py"] * len(records)
    versions = listed("training")
    for path in records:
        recorded = json.loads(path.read_text())["versions"]
        recorded.pop("python")
        assert recorded
        assert recorded.items() <= versions.items()


def test_report(checkout, report):
    complete, partial = report
    assert sorted(complete) == sorted(
        [
            *("collect_runs.py", "compute_table1.py", "compute_table2.py", "compare.py"),
            *("count_plateaus.py", "judge_claims.py", "write_page.py"),
            *["measure.py"] * len(MEASUREMENTS),
            *["plot_figure.py"] * 10,
            *["render_table.py"] * 5,
        ]
    )
    assert sorted(partial) == sorted(complete)
    assert checkout.jobs() == set()
    for folder in ("results", "results/partial"):
        made = {path.stem for path in (checkout.folder / folder / "figures").glob("*.png")}
        assert made == {f"figure{number}" for number in range(1, 11)}
