"""Atomic file writes and checksums."""

import errno
import hashlib
import json
import os
import shutil
import signal
import sys
import tempfile
import uuid
from contextlib import contextmanager, suppress
from pathlib import Path

LIBRARY = Path(__file__).resolve().parent


def sha256_of_file(path):
    """Return the sha256 of a file's bytes as 64 hexadecimal digits."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def described(path):
    """Return a file's size in bytes and its sha256, as a record names them."""
    path = Path(path)
    return {"size": path.stat().st_size, "sha256": sha256_of_file(path)}


def write_checksums(path, *others):
    """Write the sha256 of a file and of others next to it to `<path>.sha256`, for sha256sum."""
    lines = [f"{sha256_of_file(each)}  {Path(each).name}\n" for each in (path, *others)]
    with written_aside(f"{path}.sha256") as aside:
        aside.write_text("".join(lines), encoding="utf-8")


def canonical_json(value):
    """Return `value` as JSON text that is the same for equal values: sorted keys, no spaces.

    A NaN or an infinity, which JSON has no word for, raises a ValueError.
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


def write_record(path, record):
    """Write `record` as `write_json` does, with its own sha256 as the last key, `checksum`."""
    write_json(path, {**record, "checksum": sha256_of_json(record)})


def training_code_sha256(library=LIBRARY):
    """Return the checksum of all code that training runs, as 64 hexadecimal digits.

    It is the sha256 over the names and contents of the script, the stage's modules and those that
    all stages share, which lie in the folder `library`.
    """
    workflow = library.parent
    modules = [*sorted(library.glob("*.py")), *sorted((library / "training").glob("*.py"))]
    return sha256_of_files([workflow / "scripts/train.py", *modules], workflow)


def sha256_of_files(paths, folder):
    """Return one checksum of the contents of files, and of their names relative to a folder."""
    digest = hashlib.sha256()
    for path in paths:
        name = Path(path).relative_to(folder)
        digest.update(f"{sha256_of_file(path)}  {name}\n".encode())
    return digest.hexdigest()


@contextmanager
def failing_in_one_sentence(*foreseen):
    """Let errors of these classes, and those of the system, end the process in one sentence.

    SIGTERM and SIGINT end the block as by an exception, too, so that nothing is left behind.
    """
    stopped = []

    def stop(number, _):
        stopped.append(number)
        sys.exit(128 + number)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        yield
    except (*foreseen, OSError) as error:
        sys.exit(f"error: {error}")
    except MemoryError:
        sys.exit("error: the process has not enough memory.")
    except Exception:
        if not stopped:
            raise
        # An import that is stopped half-way fails with an error of its own.
        sys.exit(128 + stopped[0])


@contextmanager
def written_aside(path):
    """Give a temporary path next to `path`; rename it to `path` when the block ends well.

    It keeps the suffix of `path`, as some writers go by it. The folder is made if need be.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
        aside = Path(folder) / path.name
        yield aside
        os.replace(aside, path)


@contextmanager
def folder_written_aside(path):
    """Give a temporary folder next to `path`; it replaces `path` when the block ends well.

    An existing folder `path` is replaced as a whole, so that files of an earlier run never mix
    with those of this one.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    aside.mkdir()
    try:
        yield aside
        _put_in_place(aside, path)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _put_in_place(aside, path):
    """Rename a folder to `path`; another process may do the same: one of them is there, whole."""
    while True:
        try:
            os.replace(aside, path)
            return
        except OSError as error:
            # What is there already; ENOTDIR if it is a link or a file, which is not followed.
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
                raise
        removed = tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent)
        with removed, suppress(FileNotFoundError):
            os.replace(path, Path(removed.name) / "replaced")
