"""Two folders of results compared to the bit, but for the fields that tell times."""

import csv
import io
import re
from fnmatch import fnmatch

# A table's cells: seeds, mean epochs; what follows is the mean seconds.
CELL = r"\s*(?:\||&|</td>\s*<td>)\s*"
SECONDS_CELL = rf"(\b\d+{CELL}\d+\.\d{CELL})\d+\.\d\b"

# All that differs between two undisturbed runs on one machine. By pattern of files: in texts, what
# follows the group of an expression; in CSV files, columns; or the whole file.
VARYING_TEXTS = {
    "runs/*/run.json": [
        r'("(?:start|end)": )"[^"]*"',
        r'("seconds": )\{[^}]*\}',
        r'("checksum": )"[^"]*"',  # of the record, times included
    ],
    "tables/runs.csv": [r"(,seconds[\w-]*,).*"],
    "tables/table2.md": [SECONDS_CELL],
    "tables/table2.tex": [SECONDS_CELL],
    "tables/table2.html": [SECONDS_CELL],
    "report.html": [
        SECONDS_CELL,
        r"( epochs in )[\dhmins ]+(?= of training time)",
        r"(<dd>)\d{4}-\d\d-\d\d \d\d:\d\d UTC",  # the first start and the last end
    ],
}
VARYING_COLUMNS = {
    "tables/provenance.csv": ["start", "end"],
    "tables/table2.csv": ["seconds"],
}
# Checksums of tables above, with which check_results.py compares the tables.
VARYING_FILES = [
    "tables/runs.csv.sha256",
    "tables/provenance.csv.sha256",
    "tables/table2.csv.sha256",
]
# Not compared: times, and a job that outlives its shell has no benchmark.
ABOUT_JOBS = ("logs", "benchmarks")


def files_of(results):
    """Return the contents of all results by name, without hidden files and those about jobs."""
    contents = {}
    for path in sorted(results.rglob("*")):
        parts = path.relative_to(results).parts
        hidden = any(part.startswith(".") for part in parts)
        if path.is_file() and not hidden and parts[0] not in ABOUT_JOBS:
            contents["/".join(parts)] = path.read_bytes()
    return contents


def leftovers_in(results):
    """Return the names of hidden files and folders, which jobs that were killed left behind."""
    names = {str(path.relative_to(results)) for path in results.rglob(".*")}
    return sorted(name for name in names if not re.search(r"(^|/)\..*/", name))


def differences(expected, found):
    """Return in a sentence for each file how two folders of results differ, but for times."""
    expected, found = files_of(expected), files_of(found)
    sentences = [f"{name} is missing." for name in sorted(expected.keys() - found.keys())]
    sentences += [f"{name} is too many." for name in sorted(found.keys() - expected.keys())]
    for name in sorted(expected.keys() & found.keys()):
        if name in VARYING_FILES:
            continue
        if without_times(name, expected[name]) != without_times(name, found[name]):
            sentences.append(f"{name} differs.")
    return sentences


def without_times(name, content):
    """Return a file's content without what tells times."""
    for pattern, expressions in VARYING_TEXTS.items():
        if fnmatch(name, pattern):
            text = content.decode()
            for expression in expressions:
                text = re.sub(expression, r"\1", text)
            return text
    if name in VARYING_COLUMNS:
        return without_columns(content.decode(), VARYING_COLUMNS[name])
    return content


def without_columns(text, names):
    """Return the rows of a CSV file without some columns."""
    rows = list(csv.DictReader(io.StringIO(text)))
    for row in rows:
        for name in names:
            del row[name]
    return rows
