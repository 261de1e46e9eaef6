"""Where a run's numbers come from: versions, machine, job, commit."""

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
    versions = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    return {
        "versions": versions,
        "host": socket.gethostname(),
        "slurm_job": os.environ.get("SLURM_JOB_ID"),
        "platform": platform.platform(),
        "cpu": cpu_model(),
    }


def cpu_model():
    """Return the CPU's name as the operating system reports it."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def git_state(folder):
    """Return the `commit` of a checkout and whether it is `dirty`; None of both without one."""
    answers = []
    for command in (["git", "rev-parse", "HEAD"], ["git", "status", "--porcelain"]):
        try:
            answers.append(subprocess.check_output(command, cwd=folder, stderr=subprocess.DEVNULL))
        except (OSError, subprocess.CalledProcessError):
            return {"commit": None, "dirty": None}
    return {"commit": answers[0].decode().strip(), "dirty": bool(answers[1].strip())}
