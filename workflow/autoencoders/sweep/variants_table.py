"""Variants of a study from a CSV file: one a row, with a column for each setting's dotted path."""

import csv
from pathlib import Path

import yaml

from autoencoders.sweep.checking import ConfigError
from autoencoders.sweep.grid import nested

ROOT = Path(__file__).resolve().parents[3]


def with_variants_read(config):
    """Return a configuration whose studies have the variants of the files that they name.

    `variants: recipes.csv` in a study names a file in the working directory, or in the checkout.
    Its first column is the variant's name; an empty cell leaves a setting as it is.

    Raises
    ------
    ConfigError
        If such a file cannot be read, or has a row of another length, or a name twice.
    """
    studies = config.get("studies") if isinstance(config, dict) else None
    if not isinstance(studies, dict):
        return config
    read = dict(studies)
    for name, study in studies.items():
        if isinstance(study, dict) and isinstance(study.get("variants"), str):
            path = Path(study["variants"])
            where = f"studies.{name}.variants"
            read[name] = {**study, "variants": read_variants(path, where)}
    return {**config, "studies": read}


def read_variants(path, where):
    """Return the variants of a CSV file, changes to settings by name."""
    file = path if path.exists() else ROOT / path
    try:
        with open(file, encoding="utf-8", newline="") as text:
            header, *rows = csv.reader(text)
    except (OSError, UnicodeDecodeError, csv.Error, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no CSV file with a header"
        raise ConfigError(f"{where}: {path} cannot be read: {reason}.") from None
    variants = {}
    for number, row in enumerate(rows, start=2):
        if len(row) != len(header) or row[0] in variants:
            raise ConfigError(
                f"{where}: {path}, line {number}: a row has {len(header)} values, the first of "
                "which is a name that no other row has."
            )
        cells = zip(header[1:], row[1:], strict=True)
        variants[row[0]] = nested({path: scalar(text) for path, text in cells if text})
    return variants


def scalar(text):
    """Return a number, a truth value or a text, as YAML has it."""
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        return text
