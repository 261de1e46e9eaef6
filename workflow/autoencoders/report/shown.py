"""A table for people to read, before it is rendered."""

from dataclasses import dataclass, field
from functools import cached_property

from autoencoders.labels.networks import letter


@dataclass(frozen=True)
class Cell:
    """A cell: its text, and the notes below the table that it refers to."""

    text: str
    notes: tuple = ()


@dataclass(frozen=True)
class Shown:
    """A table for people to read."""

    name: str  # such as `table1`
    heading: str  # such as `Table 1`
    caption: str  # one or more sentences about what it shows
    columns: list  # the columns' names
    texts: int  # how many columns from the left hold words; the others hold numbers
    rows: list  # for each row the list of its cells
    groups: list = field(default_factory=list)  # labels above the columns, how many each spans
    remarks: list = field(default_factory=list)  # paragraphs below the table, without a mark
    prose: tuple = ()  # the columns (from 0) that hold sentences, which may wrap

    def __post_init__(self):
        """Refuse rows that do not fit the columns."""
        n_columns = len(self.columns)
        for row in self.rows:
            if len(row) != n_columns:
                raise ValueError(f"table {self.name}: {len(row)} cells, {n_columns} columns")

    @cached_property
    def notes(self):
        """Every note that a cell refers to, once, in reading order: a dict of note to letter."""
        letters = {}
        for row in self.rows:
            for cell in row:
                for note in cell.notes:
                    letters.setdefault(note, letter(len(letters)))
        return letters

    def marks(self, cell):
        """Return the letters of a cell's notes, such as `a,c`."""
        return ",".join(self.notes[note] for note in cell.notes)
