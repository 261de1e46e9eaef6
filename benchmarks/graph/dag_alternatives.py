"""The dry run of many configurations with other forms of the rule that trains them.

    python benchmarks/graph/dag_alternatives.py --count 1000 --rounds 3
    python benchmarks/graph/dag_alternatives.py --profile

Each form is an edit of workflow/rules/training.smk in a copy of this checkout; all are compared
with the empty workflow of dag.py. The rounds are interleaved; a ratio is the median over the rounds
of the ratio within a round, CPU seconds (user). `--profile` shows instead, by Python's own
profiler, in which functions of Snakemake and of this project the time goes. To be run from `.venv`.
"""

import argparse
import pstats
import re
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from dag import ROOT, configuration, empty_workflow, project, time_of, training_runs

from shared import interleaved, median_ratio, spread

RULE = "workflow/rules/training.smk"
FILES = """\
        multiext("<results>/{run}/", "history.csv", "weights.npz"),
"""
# Whoever reads runs then asks for one file of each.
ONE_FILE = """
files_of_runs = PATHS.of_runs
PATHS.of_runs = lambda *runs: [path for path in files_of_runs(*runs) if "/run.json" in path]
"""
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


def with_code_as_input(text):
    """Return the rule with the training code's modules as inputs in place of their checksum."""
    text = replaced(text, "        code=training_code_sha256(),\n", "")
    text = replaced(text, "--code {params.code}", "--code none")
    arrays = "arrays=ancient(PATHS.arrays),"
    modules = '[str(path) for path in (PATHS.workflow / "autoencoders/training").glob("*.py")]'
    return replaced(text, arrays, f"{arrays}\n        code={modules},")


def with_one_output(text):
    """Return the rule with one output file in place of four."""
    return replaced(text, FILES, "") + ONE_FILE


FORMS = {
    "as it is": lambda text: text,
    "code files as inputs": with_code_as_input,
    "1 output instead of 4": with_one_output,
    "no parameters": lambda text: without(text, "params"),
    "no log, no benchmark": lambda text: without(text, "log", "benchmark"),
    "no resources, no priority": lambda text: without(text, "resources", "priority"),
    "none of these, 1 output": lambda text: without(with_one_output(text), *EXTRAS),
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
        n_jobs = len(training_runs(configuration(arguments.count)))
        checkouts = {"empty workflow": empty_workflow(folder / "empty", n_jobs)}
        for k, form in enumerate(FORMS):
            checkouts[form] = with_rule(folder / str(k), form, arguments.count)
        tasks = {}
        for form, checkout in checkouts.items():
            tasks[form] = partial(time_of, checkout, "-n")
        measured = interleaved(tasks, arguments.rounds)
    seconds = {form: [cpu for _, cpu in times] for form, times in measured.items()}
    print("| the training's rule | CPU s | / empty |")
    print("|---|---:|---:|")
    for form, values in seconds.items():
        ratio = median_ratio(values, seconds["empty workflow"])
        print(f"| {form} | {spread(values, 1)} | {ratio:.2f} |")


def with_rule(folder, form, count):
    """Return a copy of this checkout with one of `FORMS` and so many configurations."""
    checkout = project(folder, configuration(count))
    text = (ROOT / RULE).read_text(encoding="utf-8")
    (folder / RULE).write_text(FORMS[form](text), encoding="utf-8")
    return checkout


def profile(checkout, path):
    """Print where the time of a dry run goes."""
    profiled = [sys.executable, "-m", "cProfile", "-o", path, "-m"]
    command = [*profiled, "snakemake", "--cores", "2", "-n"]
    subprocess.run(command, cwd=checkout.folder, capture_output=True, check=True)
    pstats.Stats(str(path)).sort_stats("cumulative").print_stats(60)


if __name__ == "__main__":
    main()
