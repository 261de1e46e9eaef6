"""Real Snakemake runs that submit to a real SLURM, in a copy of this checkout."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from snakemake_runs import REPOSITORY, Checkout

# Every training of a copy runs this first; tests make trainings hang or take memory with it.
FAULT = """
def fault():
    import os, sys, time

    exec(os.environ.get("FAULT", ""))


fault()
"""
# The profile as users get it, but for waits that suit jobs of seconds.
IMPATIENT = ("--slurm-init-seconds-before-status-checks", "2", "--latency-wait", "10")
RUN_FILES = {"history.csv", "weights.npz", "run.json"}


class OnCluster(Checkout):
    """A copy of this checkout whose Snakemake submits to a SLURM of the tests.

    As a context it stops what is left of its Snakemake processes and jobs.

    Parameters
    ----------
    folder : pathlib.Path
        Where the copy lies.
    slurm : slurm.Slurm
    """

    def __init__(self, folder, slurm):
        super().__init__(folder)
        self.slurm = slurm
        self.profile = "profiles/slurm"
        self.first_job = slurm.next_job()
        self.processes = []

    @classmethod
    def made(cls, folder, slurm):
        """Copy this repository's workflow into a folder: few configurations, one seed each."""
        checkout = cls(Checkout.copy(folder).folder, slurm)
        config = checkout.config()
        for experiment in config["experiments"].values():
            experiment |= {"seeds": 1, "seeds_per_job": 1}
        checkout.configure(config)
        checkout.edit("workflow/scripts/train.py", "def main(", f"{FAULT}\n\ndef main(")
        return checkout

    @classmethod
    def with_defaults(cls, folder, slurm):
        """Copy this repository's workflow into a folder, with its own configuration."""
        checkout = cls(Checkout.copy(folder).folder, slurm)
        shutil.copy(REPOSITORY / "config.yaml", folder / "config.yaml")
        return checkout

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.processes:
            if process.poll() is None:
                process.kill()
                process.wait()
        self.slurm.cancel_all()

    @property
    def log(self):
        """Where everything goes that Snakemake prints."""
        return self.folder / "snakemake.log"

    def output(self):
        """Return what Snakemake has printed so far."""
        return self.log.read_text() if self.log.exists() else ""

    def start(self, *arguments, fault=""):
        """Start Snakemake and return its process.

        Parameters
        ----------
        *arguments : str
        fault : str, optional
            Python code that every training runs first.
        """
        path = f"{Path(sys.executable).parent}{os.pathsep}{self.slurm.environment['PATH']}"
        with open(self.log, "wb") as log:
            process = subprocess.Popen(
                ["snakemake", "--workflow-profile", self.profile, *IMPATIENT, *arguments],
                cwd=self.folder,
                env={**self.slurm.environment, "PATH": path, "FAULT": fault},
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
            )
        self.processes.append(process)
        return process

    def submit(self, *arguments, fault="", seconds=300):
        """Run Snakemake to its end; return its exit code."""
        return self.start(*arguments, fault=fault).wait(seconds)

    def submit_well(self, *arguments, **options):
        """Run Snakemake, which must succeed; return what it printed."""
        code = self.submit(*arguments, **options)
        assert code == 0, self.output()
        return self.output()

    def jobs_submitted(self):
        """Return what SLURM tells of the jobs since this object was made."""
        return self.slurm.jobs(self.first_job)

    def wait_until(self, condition, seconds=60):
        """Wait for a condition while Snakemake runs."""
        self.slurm.wait_until(
            lambda: condition() or self.processes[-1].poll() is not None, seconds=seconds
        )
        assert condition(), self.output()

    def runs(self):
        """Return the run.json of every run by its configuration; each run must be whole."""
        records = {}
        for folder in (self.folder / "results/runs").glob("*/*/seed-0"):
            assert {path.name for path in folder.iterdir()} == RUN_FILES, folder
            record = json.loads((folder / "run.json").read_text())
            records[record["configuration"]] = record
        return records
