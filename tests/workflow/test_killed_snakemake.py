"""Killing Snakemake itself: its training runs end, and the next start carries on."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from snakemake_runs import Checkout

RECORD = "results/runs/autoencoder/relu-16/seed-0/run.json"
PATIENCE = 60  # seconds


def wait_for(what, seconds=PATIENCE):
    """Return what a function returns once that is true; fail after a while."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(0.1)
    pytest.fail(f"not within {seconds} s: {what.__doc__}")


@pytest.fixture
def endless(tmp_path):
    """A checkout whose autoencoders train for days."""
    checkout = Checkout.copy(tmp_path / "checkout")
    config = checkout.config()
    config["autoencoder"]["epochs"] = 1_000_000
    checkout.configure(config)
    return checkout


@pytest.fixture
def started(endless):
    """Snakemake while it trains, and the process of its training run."""
    process = endless.start(RECORD)

    def training():
        """the training run has begun its epochs"""
        log = endless.folder / "results/logs/runs/autoencoder/relu-16/seed-0.log"
        if not (log.exists() and "epoch 1" in log.read_text()):
            return None
        children = psutil.Process(process.pid).children(recursive=True)
        return [each for each in children if "train.py" in " ".join(each.cmdline())]

    [train] = wait_for(training)
    yield process, train
    for each in (process.pid, train.pid):
        with suppress(ProcessLookupError):
            os.kill(each, signal.SIGKILL)
    process.wait()


def gone(process):
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def test_a_training_run_ends_when_snakemake_is_killed(started, endless):
    snakemake, train = started
    snakemake.kill()
    snakemake.wait()

    def ended():
        """the training run has ended"""
        return gone(train)

    wait_for(ended, 20)
    folder = endless.folder / Path(RECORD).parent
    assert not (folder / "run.json").exists()
    assert [path for path in folder.parent.iterdir() if path != folder] == []

    again = endless.snakemake(RECORD)
    assert again.returncode != 0
    assert "--unlock" in again.stdout
    assert "Traceback" not in again.stdout

    config = endless.config()
    config["autoencoder"]["epochs"] = 2
    endless.configure(config)
    endless.run("--unlock")
    endless.run(RECORD)
    assert (endless.folder / RECORD).exists()
