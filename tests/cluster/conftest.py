import shutil
import signal
import tempfile
from pathlib import Path

import pytest

from cluster_runs import OnCluster
from slurm import Slurm, missing_programs

# A shell starts what runs in its background with interrupts ignored, and that is inherited: the
# Snakemake that a test interrupts would not notice.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def slurm():
    """A running SLURM, stopped when the tests are over."""
    missing = missing_programs()
    if missing:
        pytest.skip(f"no {', '.join(missing)}: install SLURM and munge (Debian: slurm-wlm, munge)")
    with tempfile.TemporaryDirectory(prefix="slurm-") as folder, Slurm(Path(folder)) as slurm:
        yield slurm


@pytest.fixture(scope="session")
def swept(slurm, tmp_path_factory):
    """A checkout whose trainings and tables went through SLURM; tests must not change it."""
    with OnCluster.made(tmp_path_factory.mktemp("swept") / "checkout", slurm) as checkout:
        checkout.submit_well("tables")
        checkout.slurm_jobs = checkout.jobs_submitted()
    return checkout


@pytest.fixture
def checkout(swept, slurm, tmp_path):
    """A copy of the swept checkout, to be changed at will."""
    shutil.copytree(swept.folder, tmp_path / "checkout", symlinks=True)
    with OnCluster(tmp_path / "checkout", slurm) as checkout:
        yield checkout
