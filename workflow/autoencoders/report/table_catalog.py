"""The tables for people: the numbers each is made of, what it shows, and the code that words it.

Plain data without heavy imports, as the workflow reads it at every start. A new table is one
entry here and one module with its words: `tables`, which takes the rows of each source (dict of
str to list of dict of str) and the data set's manifest, and returns a list of `Shown`.
"""

from dataclasses import dataclass

from autoencoders.report.wording import read_words


@dataclass(frozen=True)
class TableEntry:
    """A table, or several that go together in one file."""

    sources: tuple  # the CSV files that it is made of, without `.csv`, next to the manifest
    network: str | None  # the kind of network that config.yaml names for it, if it names any
    module: str  # its words: the module of this folder that is imported at rendering
    caption: str  # what it shows, in one sentence without a full stop


ENTRIES = {
    "table1": (("table1",), "autoencoder", "sparseness_table"),
    "table2": (("table2",), "classifier", "accuracy_table"),
    "comparison": (("comparison",), None, "comparison_tables"),
    "claims": (("claims", "claims_parts"), None, "claims_tables"),
    "plateau": (("plateau",), None, "plateau_tables"),
    "calibration": (
        ("calibration", "calibration_settings", "calibration_cells"),
        None,
        "calibration_tables",
    ),
}
TABLES = {}
for _name, _entry in ENTRIES.items():
    TABLES[_name] = TableEntry(*_entry, caption=read_words("tables.toml")[_name]["shows"])
