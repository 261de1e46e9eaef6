"""`autoencoders number`: the file, rule, runs and command behind a number of a table."""

import csv
from pathlib import Path

from autoencoders.commands.found_runs import CommandError
from autoencoders.sweep.checking import did_you_mean

RULES = {
    "table1": "compute_table1",
    "table2": "compute_table2",
    "comparison": "compare",
    "claims": "judge_claims",
    "claims_parts": "judge_claims",
    "plateau": "count_plateaus",
    "calibration": "calibrate",
    "calibration_settings": "calibrate",
    "calibration_cells": "calibrate",
    "runs": "collect_runs",
    "configurations": "collect_runs",
    "provenance": "collect_runs",
}
# Columns that say what a row is of.
KEYS = (
    "configuration", "hidden_nodes", "activation", "regularisation", "parameter", "variant",
    "study", "recipe", "setting", "value", "number", "part", "place", "quantity", "seed", "layers",
    "first_width",
)  # fmt: skip


def add_arguments(parser):
    """Add the options of the command."""
    parser.add_argument("table", help="such as table2, or studies/patience")
    parser.add_argument("words", nargs="*", help="what the number's row holds: 256-128 relu")
    parser.add_argument("--results", default="results", help="the folder (%(default)s)")


def run(options):
    """Print every row that holds all words, with where its numbers come from."""
    results = Path(options.results)
    tables = {}
    for path in sorted(results.glob("tables/**/*.csv")):
        tables[str(path.relative_to(results / "tables").with_suffix(""))] = path
    if not tables:
        raise CommandError(f"{results} has no tables; run `snakemake --cores 8` to make them.")
    name = options.table
    if name not in tables:
        hint = did_you_mean(name, list(tables)) or f"; there are {', '.join(tables)}"
        raise CommandError(f"{results} has no table {name}{hint}.")
    with open(tables[name], encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    chosen = [row for row in rows if _holds(row, options.words)]
    if not chosen:
        raise CommandError(f"no row of {tables[name]} is of {' and '.join(options.words)}.")
    for row in chosen:
        for column, value in row.items():
            if value:
                print(f"{column + ':':26}{value}")
        print()
    rule = RULES.get(name, "tabulate_metric")
    print(f"{'file:':26}{tables[name]}")
    print(f"{'rule, script:':26}{rule}, workflow/scripts/{rule}.py")
    print(f"{'log:':26}{results}/logs/analysis/{name if rule == 'tabulate_metric' else rule}.log")
    for folder in _folders(chosen, results):
        print(f"{'runs:':26}{folder}/")
    command = f"snakemake --cores 8 --forcerun {rule} -- {tables[name]}"
    print(f"{'made anew by:':26}{command} (with its --configfile, if it has one)")


def _holds(row, words):
    """Return whether each word is in a column that says what the row is of, or part of a name."""
    parts = set()
    for column in KEYS:
        cell = row.get(column, "").lower()
        parts |= {cell, *cell.split("/")}
    return all(word.lower() in parts for word in words)


def _folders(rows, results):
    names = dict.fromkeys(row.get("configuration", "") for row in rows)
    return [results / "runs" / name for name in names if (results / "runs" / name).is_dir()]
