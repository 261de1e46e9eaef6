"""What the benchmarks share: environments to measure in, and words for the machine."""

import os
import platform
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def environment(folder, name):
    """Return the interpreter of an environment built from a list of requirements.

    Parameters
    ----------
    folder : pathlib.Path
        Where it is, or is to be made.
    name : str
        The list: "training", "all" or "peers".

    Returns
    -------
    pathlib.Path
    """
    python, built = folder / "bin/python", folder / "installed.txt"
    requirements = ROOT / f"requirements/{name}.txt"
    if not built.exists() or built.read_bytes() != requirements.read_bytes():
        print(f"Building {folder} from {requirements.name}.", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        install = ["-m", "pip", "install", "--quiet", "--require-hashes", "-r", requirements]
        subprocess.run([python, *install], check=True)
        built.write_bytes(requirements.read_bytes())
    return python


def machine():
    """Return the CPU's name and how many of its cores this process may use."""
    names = [platform.processor() or platform.machine()]
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = info.read_text(encoding="utf-8").splitlines()
        names = [line.split(":", 1)[1].strip() for line in lines if "model name" in line] or names
    return f"{names[0]}, {len(os.sched_getaffinity(0))} cores, Python {platform.python_version()}"
