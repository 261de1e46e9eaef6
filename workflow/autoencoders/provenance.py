"""Where a run's figures come from: sums, versions, machine, commit."""

import os
import platform
import socket
import subprocess
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("numpy", "tensorflow", "tensorflow-cpu")


def now():
    """Return the present time, UTC, in ISO 8601 to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def environment():
    """Return what may change the bits of a result, and where it was made: versions, host, job."""
    return {
        "versions": {"python": platform.python_version(), **installed(PACKAGES)},
        "host": socket.gethostname(),
        "slurm_job": os.environ.get("SLURM_JOB_ID"),
        "platform": platform.platform(),
        "cpu": cpu_model(),
    }


def installed(packages):
    """Return the versions of those packages that are installed."""
    versions = {}
    for package in packages:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    return versions


def cpu_model():
    """Return the CPU's name as the operating system tells it."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def git_state(folder):
    """Return the commit of a checkout and whether it has uncommitted changes.

    Returns
    -------
    dict
        `commit` (str or None) and `dirty` (bool or None); None where there is no git or no
        checkout.
    """

    def git(*arguments):
        result = subprocess.run(
            ["git", *arguments], cwd=folder, capture_output=True, text=True, check=True
        )
        return result.stdout.strip()

    try:
        return {"commit": git("rev-parse", "HEAD"), "dirty": bool(git("status", "--porcelain"))}
    except (OSError, subprocess.CalledProcessError):
        return {"commit": None, "dirty": None}
