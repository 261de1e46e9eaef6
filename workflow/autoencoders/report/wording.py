"""Puts numbers into the words of the tables, which are in templates/tables.toml."""

import tomllib
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from string import Formatter

from autoencoders.labels.networks import EMPTY, digits, signed_minus
from autoencoders.report.shown import Cell, Shown

TEMPLATES = Path(__file__).resolve().parent / "templates"


@dataclass(frozen=True)
class Words:
    """An entry of tables.toml; the comment at its top says what each part is."""

    heading: str
    caption: list
    texts: int
    columns: list
    groups: list = ()
    remarks: list = ()
    prose: list = ()
    optional: dict = field(default_factory=dict)
    shows: str = ""


class Value(str):
    """A text of a CSV file that formats itself as a number, or as it is without a format."""

    def __format__(self, specification):
        """Return the text in one of the formats of tables.toml."""
        if specification == "":
            return str(self)
        number = float(self)
        if specification == "p":
            return "< 0.001" if number < 0.001 else f"{number:.3f}"
        if specification == "digits":
            specification = f".{digits(number)}f"
        return signed_minus(f"{number:{specification}}")


@cache
def read_words(name):
    """Return the contents of a .toml file of words."""
    return tomllib.loads((TEMPLATES / name).read_text(encoding="utf-8"))


@cache
def words_of_tables():
    """Return the words of every table, by its name."""
    return {name: Words(**entry) for name, entry in read_words("tables.toml").items()}


def filled(patterns, values):
    """Return the first pattern of which every value is there, filled in; None without one."""
    for pattern in patterns:
        found = {}
        for _, name, _, _ in Formatter().parse(pattern):
            if name:
                value = values[name]
                found[name] = Value(value) if isinstance(value, str) else value
        if "" not in found.values():
            return pattern.format(**found)
    return None


def cells_of(row, columns):
    """Return the cells of a row; its item `notes` has the notes of some columns by heading."""
    notes = row.get("notes", {})
    cells = []
    for heading, *patterns in columns:
        cells.append(Cell(filled(patterns, row) or EMPTY, notes.get(heading, ())))
    return cells


def columns_of(words, rows):
    """Return the columns of a table, without the optional ones that no row has a text for."""
    columns = []
    for heading, *patterns in words.columns:
        if heading not in words.optional or any(filled(patterns, row) for row in rows):
            columns.append((heading, *patterns))
    return columns


def worded(name, columns, rows, groups, facts):
    """Return a `Shown` of cells that are there already; the facts go into caption and remarks."""
    words, facts = words_of_tables()[name], defaultdict(str, facts)
    caption = filled(words.caption, facts)
    if caption is None:
        raise ValueError(f"table {name}: a fact is missing for each of its captions")
    remarks = []
    for remark in words.remarks:
        remarks.append(filled([remark], facts))
    for heading, remark in words.optional.items():
        remarks.append(remark if heading in columns else None)
    remarks, prose = list(filter(None, remarks)), tuple(words.prose)
    return Shown(name, words.heading, caption, columns, words.texts, rows, groups, remarks, prose)


def table(name, rows, facts=(), more_columns=()):
    """Return a `Shown` with a row for each row of a CSV file, which may have further items."""
    words = words_of_tables()[name]
    columns = [*columns_of(words, rows), *more_columns]
    cells = [cells_of(row, columns) for row in rows]
    groups = list(map(tuple, words.groups))
    return worded(name, [heading for heading, *_ in columns], cells, groups, facts)
