"""Tables of numbers, and how they are written as CSV."""

import pandas

from autoencoders.files import write_checksums, written_aside


def frame_of(rows, columns):
    """Return rows, dicts, as a table of these columns; what is not there is an empty text.

    Numbers keep their type, so that they are written with the digits that `repr` gives them.
    """
    frame = pandas.DataFrame(rows, columns=list(columns), dtype=object)
    return frame.where(frame.notna(), "")


def write_csv(frame, path):
    """Write a table of numbers and its checksum; floats with all digits to read them back."""
    with written_aside(path) as aside:
        frame.to_csv(aside, index=False, lineterminator="\n")
    write_checksums(path)
