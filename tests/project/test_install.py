import shutil
import subprocess
import sys
from pathlib import Path

import pytest

INSTALL = Path(__file__).resolve().parents[2] / "requirements/install.sh"
CPU_BUILD = "tensorflow_cpu-2.21.0.dist-info"
GPU_BUILD = "nvidia_cudnn_cu12-9.28.0.42.dist-info"
LISTS = ("all", "slurm", "slurm-gpu", "training-gpu", "report")


def install(folder, name):
    command = ["sh", folder / "requirements/install.sh", name, sys.executable]
    return subprocess.run(command, check=False, capture_output=True, text=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A repository of empty lists, with its .venv."""
    folder = tmp_path_factory.mktemp("repository")
    (folder / "requirements").mkdir()
    shutil.copy(INSTALL, folder / "requirements")
    for name in LISTS:
        (folder / f"requirements/{name}.txt").write_text("")
    result = install(folder, "none")
    assert result.returncode == 0, result.stderr
    return folder


@pytest.mark.parametrize(
    ("present", "name", "refused"),
    [
        (CPU_BUILD, "slurm", False),
        (CPU_BUILD, "slurm-gpu", True),
        (CPU_BUILD, "report", False),
        (GPU_BUILD, "training-gpu", False),
        (GPU_BUILD, "all", True),
        (GPU_BUILD, "report", False),
    ],
)
def test_two_builds_of_tensorflow_are_kept_apart(folder, present, name, refused):
    (packages,) = (folder / ".venv").glob("lib/python*/site-packages")
    (packages / present).mkdir()
    try:
        result = install(folder, name)
    finally:
        (packages / present).rmdir()
    assert (result.returncode != 0) == refused, result.stderr
    assert ("another build of TensorFlow" in result.stderr) == refused
    assert (folder / f".venv/installed-{name}.txt").exists() != refused


def test_snakemake_finds_the_checkouts_plugin(folder):
    (path,) = (folder / ".venv").glob("lib/python*/site-packages/checkout.pth")
    assert path.read_text() == f"{folder}/workflow\n"


def test_the_command_line_is_installed(folder):
    done = subprocess.run([folder / ".venv/bin/autoencoders"], capture_output=True, text=True)
    assert "No module named 'autoencoders'" in done.stderr  # which this repository does not have
