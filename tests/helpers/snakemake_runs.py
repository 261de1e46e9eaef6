"""Real Snakemake runs in a copy of this checkout, and what they say of their jobs."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

REPOSITORY = Path(__file__).resolve().parents[2]
PARTS = (
    "Snakefile",
    "config.yaml",
    "demo.yaml",
    "full.yaml",
    "workflow",
    "envs",
    "profiles",
    "resources",
)

# Small enough to train in seconds, large enough to draw every table and figure.
TINY = {
    "dataset": "digits",
    "autoencoder": {"epochs": 2},
    "classifier": {"batch_size": 64, "full_training": {"max_epochs": 2}},
    "experiments": {
        "under-complete": {
            "network": "autoencoder",
            "seeds": 2,
            "configurations": [{"hidden": 16}],
        },
        "over-complete": {
            "network": "autoencoder",
            "seeds": 1,
            "configurations": [
                {"hidden": 24, "penalty": {"kind": "l1", "printed": 1e-5, "weight": 1e-4}},
                {"hidden": 24, "noise": 0.1},
            ],
        },
        "over-complete-plain": {
            "network": "autoencoder",
            "seeds": 1,
            "activations": ["relu"],
            "training": {"momentum": 0},
            "configurations": [{"hidden": 24}],
        },
        # What the paper does not have goes the same way: entries of the registries.
        "other-activations": {
            "network": "autoencoder",
            "seeds": 1,
            "activations": ["tanh", "elu"],
            "configurations": [
                {"hidden": 24, "penalty": {"kind": "log", "printed": 0.5, "weight": 1e-4}}
            ],
        },
        "stacked": {
            "network": "classifier",
            "seeds": 2,
            "seeds_per_job": 2,
            "configurations": [{"hidden": [16]}, {"hidden": [16, 9, 9]}],
        },
        "no-hidden": {
            "network": "classifier",
            "seeds": 2,
            "seeds_per_job": 2,
            "configurations": [{"hidden": []}],
        },
    },
    "studies": {},
    "calibration": [],
    "tables": {"table1": ["over-complete", "other-activations"]},
    "figures": {
        "figure3": ["over-complete", "over-complete-plain", "other-activations"],
        "figure5": ["over-complete", "other-activations"],
        "figure6": ["autoencoder/relu-16"],
        "figure7": ["autoencoder/relu-24"],
        "figure8": ["autoencoder/relu-16"],
        "figure9": ["classifier/relu-16-9-9"],
    },
}


class Checkout:
    """A copy of what the workflow needs, with a configuration of its own.

    Parameters
    ----------
    folder : pathlib.Path
        Where the copy lies.
    """

    def __init__(self, folder):
        self.folder = folder

    @classmethod
    def copy(cls, folder):
        """Copy this repository's workflow into a folder, configured as `TINY`."""
        folder.mkdir(parents=True)
        for part in PARTS:
            source = REPOSITORY / part
            if source.is_dir():
                ignore = shutil.ignore_patterns("__pycache__")
                shutil.copytree(source, folder / part, ignore=ignore)
            else:
                shutil.copy(source, folder / part)
        checkout = cls(folder)
        config = checkout.config()
        sections = ("dataset", "autoencoder", "classifier", "tables", "figures")
        for section in sections[1:]:
            merge(config[section], TINY[section])
        config["dataset"] = TINY["dataset"]
        for section in ("experiments", "studies", "calibration"):
            config[section] = TINY[section]
        checkout.configure(config)
        return checkout

    def copy_to(self, folder):
        """Copy the checkout with its results and the dates of its files."""
        shutil.copytree(self.folder, folder, symlinks=True)

    def config(self):
        """Return config.yaml's present content."""
        return yaml.safe_load((self.folder / "config.yaml").read_text())

    def configure(self, config):
        """Write config.yaml."""
        (self.folder / "config.yaml").write_text(yaml.safe_dump(config, sort_keys=False))

    def edit(self, name, old, new):
        """Replace a text that stands in a file of the checkout."""
        path = self.folder / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    def records(self):
        """Return what Snakemake recorded of every output file, each as a dict."""
        files = (self.folder / ".snakemake/metadata").rglob("*")
        return [json.loads(path.read_text()) for path in files if path.is_file()]

    def snakemake(self, *arguments, cwd=None, **environment):
        """Run Snakemake with two cores; return the finished process, its output as text."""
        return subprocess.run(
            ["snakemake", "--cores", "2", *arguments],
            cwd=cwd or self.folder,
            env=with_own_programs(environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=600,
        )

    def start(self, *arguments, output=subprocess.DEVNULL):
        """Start Snakemake with two cores in a session of its own; return its process."""
        return subprocess.Popen(
            ["snakemake", "--cores", "2", *arguments],
            cwd=self.folder,
            env=with_own_programs({}),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def run(self, *arguments, **options):
        """Run Snakemake, which must succeed; return its output."""
        result = self.snakemake(*arguments, **options)
        assert result.returncode == 0, result.stdout
        return result.stdout

    def jobs(self, *arguments, **options):
        """Return the set of jobs that a dry run announces.

        A training run is named by its folder, a download or data set by its name, a figure and a
        rendered table by one of its files, a measurement as `measure images`, every other job by
        its rule; target rules, which do nothing, are left out.
        """
        output = self.run("--dry-run", *arguments, **options)
        return jobs_of(output)

    def outputs(self, *arguments):
        """Return the set of files that a dry run announces."""
        output = self.run("--dry-run", "--forceall", *arguments)
        written = re.findall(r"^    (?:output|log|benchmark): (.*)$", output, re.MULTILINE)
        return {name for names in written for name in names.split(", ")}


def with_own_programs(environment):
    """Return the environment with changes, and this interpreter's programs before all others."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, **environment}


NAMED = {
    "train": "{}",
    "download_mnist": "{}",
    "build_dataset": "{}",
    "measure": "measure {}",
    "plot_figure": "{}.svg",
    "render_table": "{}.html",
    "tabulate_metric": "{}.csv",
}


def jobs_of(output):
    """Return the jobs that Snakemake's output names, as `Checkout.jobs` does."""
    jobs = set()
    for block in re.split(r"\n(?=(?:local)?rule )", output)[1:]:
        rule = re.match(r"(?:local)?rule (\w+):", block)[1]
        wildcards = re.search(r"^    wildcards: \w+=(\S+)$", block, re.MULTILINE)
        if wildcards:
            jobs.add(NAMED[rule].format(wildcards[1].removeprefix("runs/")))
        elif re.search(r"^    output: ", block, re.MULTILINE):
            jobs.add(rule)
    return jobs


def merge(settings, changes):
    """Lay changes over settings, sections key by key."""
    for key, value in changes.items():
        if isinstance(value, dict) and key in settings:
            merge(settings[key], value)
        else:
            settings[key] = value
