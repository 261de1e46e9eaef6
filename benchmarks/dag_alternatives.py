"""The dry run of many configurations with other forms of the rule that trains them.

    python benchmarks/dag_alternatives.py --count 1000 --rounds 3
    python benchmarks/dag_alternatives.py --profile

Each form is an edit of workflow/rules/training.smk in a copy of this checkout; all stand beside the
empty workflow of benchmarks/dag.py. The rounds are interleaved; a ratio is the median over the
rounds of the ratio within a round, CPU seconds (user). `--profile` shows instead, by Python's own
profiler, in which functions of Snakemake and of this project the time goes. To be run from `.venv`.
"""

import argparse
import pstats
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from dag import REPOSITORY, Checkout, configuration, empty_workflow, time_of

RULE = "workflow/rules/training.smk"
FILES = 'file=["config.json", "history.csv", "metrics.json", "weights.npz", "run.json"]'
NEEDED = 'file=["weights.npz", "run.json"]'  # by other rules
EXTRAS = ("log", "benchmark", "priority", "conda", "threads", "resources", "params")


def replaced(text, old, new):
    """Return a text with an edit that must find its place once."""
    assert text.count(old) == 1, f"{RULE} no longer has once: {old}"
    return text.replace(old, new)


def without(text, *directives):
    """Return the rule without some directives, and with a command that needs none."""
    for directive in directives:
        text, found = re.subn(rf"(?m)^    {directive}:.*\n(?:        .*\n)*", "", text)
        assert found == 1, f"{RULE} no longer has once: {directive}"
    text, found = re.subn(r"(?m)^    shell:\n(?:        .*\n?)*", '    shell:\n        ":"\n', text)
    assert found == 1
    return text


FORMS = {
    "as it is": lambda text: text,
    "code files as inputs": lambda text: replaced(
        replaced(text, "        code=TRAINING_CODE,\n", ""),
        "arrays=ancient(ARRAYS),",
        'arrays=ancient(ARRAYS),\n        code=code("training"),',
    ),
    "2 outputs instead of 5": lambda text: replaced(text, FILES, NEEDED),
    "no parameters": lambda text: without(text, "params"),
    "no log, no benchmark": lambda text: without(text, "log", "benchmark"),
    "no resources, no priority": lambda text: without(text, "resources", "priority"),
    "none of these, 2 outputs": lambda text: without(replaced(text, FILES, NEEDED), *EXTRAS),
}


def main():
    """Time every form and print the table, or print the profile."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=10_000, help="of configurations (10000)")
    parser.add_argument("--rounds", type=int, default=2, help="recorded rounds (2)")
    parser.add_argument("--profile", action="store_true", help="of the rule as it is")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dag-") as name:
        folder = Path(name)
        if arguments.profile:
            profile(with_rule(folder / "checkout", "as it is", arguments.count), folder / "profile")
            return
        checkouts = {"empty workflow": empty_workflow(folder / "empty", arguments.count)}
        for k, form in enumerate(FORMS):
            checkouts[form] = with_rule(folder / str(k), form, arguments.count)
        seconds = {form: [] for form in checkouts}
        for k in range(arguments.rounds + 1):
            print(f"Round {k}.", file=sys.stderr)
            for form, checkout in checkouts.items():
                _, cpu = time_of(checkout, "-n")
                if k > 0:  # the first one fills the file cache
                    seconds[form].append(cpu)
    print("| the training's rule | CPU s | / empty |")
    print("|---|---:|---:|")
    for form, values in seconds.items():
        pairs = zip(values, seconds["empty workflow"], strict=True)
        ratio = statistics.median(one / empty for one, empty in pairs)
        spread = f"{statistics.median(values):.1f} ({min(values):.1f}-{max(values):.1f})"
        print(f"| {form} | {spread} | {ratio:.2f} |")


def with_rule(folder, form, count):
    """Return a copy of this checkout with one of `FORMS` and so many configurations."""
    checkout = Checkout.copy(folder)
    checkout.configure(configuration(count))
    text = (REPOSITORY / RULE).read_text(encoding="utf-8")
    (folder / RULE).write_text(FORMS[form](text), encoding="utf-8")
    return checkout


def profile(checkout, path):
    """Print where the time of a dry run goes."""
    command = [sys.executable, "-m", "cProfile", "-o", path, "-m", "snakemake"]
    subprocess.run(
        [*command, "--cores", "2", "-n"],
        cwd=checkout.folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    pstats.Stats(str(path)).sort_stats("cumulative").print_stats(60)


if __name__ == "__main__":
    main()
