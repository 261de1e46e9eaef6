"""What the benchmarks share: interleaved rounds, copies of a checkout, environments."""

import csv
import os
import platform
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests/helpers"))

from snakemake_runs import PARTS

ROOT = Path(__file__).resolve().parents[1]


def interleaved(tasks, rounds, warm_up=True):
    """Call every task once a round, so that a busy machine disturbs all alike.

    Every other round goes backwards. Before them comes a round that is not recorded, in which
    functions are compiled and the file cache is filled, unless `warm_up` is false.

    Parameters
    ----------
    tasks : dict of str to callable
        Each takes nothing and returns what it measured.
    rounds : int

    Returns
    -------
    dict of str to list
        What each task returned, round by round.
    """
    measured = {name: [] for name in tasks}
    for k in range(rounds + warm_up):
        names = list(tasks) if k % 2 == 0 else list(tasks)[::-1]
        for name in names:
            value = tasks[name]()
            if k > 0 or not warm_up:
                measured[name].append(value)
    return measured


def median_ratio(values, others):
    """Return the median over the rounds of the ratio within a round."""
    return statistics.median(ratios(values, others))


def ratios(values, others):
    """Return the ratio within each round."""
    return [value / other for value, other in zip(values, others, strict=True)]


def spread(values, digits=2):
    """Return the median and the range as text."""
    median, low, high = statistics.median(values), min(values), max(values)
    return f"{median:.{digits}f} ({low:.{digits}f}-{high:.{digits}f})"


def keep(name, table, rows=()):
    """Print a table and store it in results/benchmarks/, with rows (dicts) as CSV."""
    print(table)
    path = ROOT / f"results/benchmarks/{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(table + "\n", encoding="utf-8")
    if rows:
        with open(path.with_suffix(".csv"), "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)


def copy_of_checkout(folder, config=None, source=ROOT):
    """Copy what the workflow needs into a folder; return the folder.

    Parameters
    ----------
    folder : pathlib.Path
    config : path-like or dict, optional
        What is to be its config.yaml; its results are always in `results`.
    source : pathlib.Path, optional
        Another checkout than this one.
    """
    folder.mkdir(parents=True)
    for part in PARTS:
        if (source / part).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source / part, folder / part, ignore=ignored)
        elif (source / part).exists():  # an older checkout has fewer
            shutil.copy(source / part, folder / part)
    if not isinstance(config, dict):
        config = read_config(config or source / "config.yaml")
    text = yaml.safe_dump({**config, "results": "results"}, sort_keys=False)
    (folder / "config.yaml").write_text(text, encoding="utf-8")
    return folder


def read_config(path):
    """Return a configuration file's content."""
    return yaml.safe_load(Path(path).read_text(encoding="utf-8"))


def variables():
    """Return a user's environment: nothing set for the programs, this interpreter first."""
    unset = ("TF_", "PYTHON", "SNAKEMAKE_", "MALLOC_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(unset)}
    return {**kept, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


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
