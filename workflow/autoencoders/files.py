"""Files that are whole or not there, and their sums."""

import hashlib
import json
import os
import shutil
import signal
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path


def sha256_of_file(path):
    """Return the sha256 of a file's bytes as 64 hexadecimal digits."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def canonical_json(value):
    """Return `value` as JSON text that is the same for equal values: sorted keys, no spaces.

    Raises
    ------
    ValueError
        If the value holds a NaN or an infinity, which JSON has no word for.
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def sha256_of_json(value):
    """Return the sha256 of `canonical_json(value)` as 64 hexadecimal digits."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def write_json(path, value):
    """Write `value` as indented JSON; the file is whole or not there."""
    text = json.dumps(value, indent=2, allow_nan=False) + "\n"
    with written_aside(path) as aside:
        aside.write_text(text, encoding="utf-8")


def clean_up_when_terminated():
    """Let a cancelled process (SIGTERM) end as by an exception, so that nothing is left behind."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


@contextmanager
def written_aside(path):
    """Give a temporary path beside `path`; rename it to `path` when the block ends well.

    Parameters
    ----------
    path : path-like
        The file to write. Its folder is made if need be.

    Yields
    ------
    pathlib.Path
        Where to write. It keeps the suffix of `path`, as some writers go by it.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
        aside = Path(folder) / path.name
        yield aside
        os.replace(aside, path)


@contextmanager
def folder_written_aside(path):
    """Give a temporary folder beside `path`; it takes the place of `path` when the block ends well.

    An existing folder `path` is replaced as a whole, so that files of an earlier run never mix
    with those of this one.

    Yields
    ------
    pathlib.Path
        The empty folder to fill.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    try:
        yield aside
        aside.chmod(0o755)
        if path.exists():
            shutil.rmtree(path)
        os.replace(aside, path)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
