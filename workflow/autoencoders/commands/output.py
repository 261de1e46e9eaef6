"""Rows of a command as aligned text, Markdown, CSV or JSON."""

import csv
import io
import json
import shutil
import sys

FORMATS = ("text", "md", "csv", "json")
GAP = "  "


def written(rows, columns, form):
    """Return rows, dicts, in one of `FORMATS`; numbers have all digits in CSV and JSON alone."""
    if form == "json":
        return json.dumps([{name: row.get(name) for name in columns} for row in rows], indent=1)
    if form == "csv":
        text = io.StringIO()
        writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return text.getvalue().rstrip("\n")
    cells = [[in_words(row.get(name)) for name in columns] for row in rows]
    if form == "md":
        lines = [columns, ["---"] * len(columns), *cells]
        return "\n".join("| " + " | ".join(line).replace("\n", " ") + " |" for line in lines)
    return as_text(columns, cells, width())


def width():
    """Return the columns of the terminal; None if the output goes elsewhere."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def as_text(columns, cells, most):
    """Return aligned columns; of those that do not fit the last line says which are left out."""
    widths = []
    for position, name in enumerate(columns):
        widths.append(max([len(name), *(len(line[position]) for line in cells)]))
    shown, total = [], 0
    for position, size in enumerate(widths):
        if most and shown and total + len(GAP) + size > most:
            break
        total += size + (len(GAP) if shown else 0)
        shown.append(position)
    lines = []
    for line in [columns, *cells]:
        texts = [line[position].ljust(widths[position]) for position in shown]
        lines.append(GAP.join(texts).rstrip())
    left_out = columns[len(shown) :]
    if left_out:
        lines.append(f"(not shown for want of space: {', '.join(left_out)}; see --columns)")
    return "\n".join(lines)


def in_words(value):
    """Return a cell for people: five significant digits of a number."""
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.5g}"
    return str(value)
