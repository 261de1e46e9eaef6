"""Fetch one of MNIST's files with a known sha256 from the first source that has it whole."""

import http.client
import logging
import time
import zlib
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from autoencoders.data.gzipped import open_uncompressed
from autoencoders.files import sha256_of_file, written_aside

LOGGER = logging.getLogger(__name__)
CHUNK = 64 * 1024  # bytes
LARGEST = 100 * 10**6  # bytes of a file, compressed or not; MNIST's largest has half of that
LISTED = 6  # names of a folder that a message lists

WHAT_TO_DO = (
    "What to do: set `mnist: local:` in config.yaml, or the environment variable MNIST_LOCAL, to a "
    "folder that holds this file (for data of your own, add the folder to the data set's mirrors); "
    "or run the demo on embedded data, which needs no network: `make demo`."
)


class DownloadError(RuntimeError):
    """A file that no source gave whole."""


class _SourceError(Exception):
    """Why one source did not give the file, in a few words."""


def download(name, sha256, sources, destination, timeout=30, time_limit=600, largest=LARGEST):
    """Write the file `name`, uncompressed, to `destination` from the first source that has it.

    The destination is whole or untouched. The source is logged, and why those before it failed.

    Parameters
    ----------
    name : str
        Such as `t10k-labels-idx1-ubyte`. Web servers have it as `<name>.gz`; in a folder it may be
        compressed or not, and be called `t10k-labels.idx1-ubyte`, as some archivers do.
    sha256 : str
        The checksum of the uncompressed file, 64 hexadecimal digits.
    sources : sequence of str
        Tried in order: http(s) URLs that the name is appended to, local folders or their
        `file://` URLs.
    destination : path-like
    timeout, time_limit : float, optional
        Seconds without a byte, or without a connection, and in total that a server may take.
    largest : int, optional
        Bytes, compressed or not, after which a source is given up.

    Raises
    ------
    DownloadError
        If no source gave the file; the message names each source with its reason.
    """
    failures = []
    with written_aside(destination) as aside:
        for source in sources:
            try:
                _fetch(source, name, sha256, aside, timeout, time_limit, largest)
            except _SourceError as error:
                failures.append(f"{source}: {error}")
                continue
            LOGGER.info("%s is from %s", name, source)
            for failure in failures:
                LOGGER.warning("not from %s", failure)
            return
        # Raised inside the block, so that nothing takes the destination's place.
        listed = "; ".join(failures) or "no source is configured"
        raise DownloadError(
            f"{name} (sha256 {sha256}) could not be fetched: {listed}\n{WHAT_TO_DO}"
        )


def _fetch(source, name, sha256, path, timeout, time_limit, largest):
    """Write the right bytes from one source to `path`, or raise a _SourceError."""
    parts = urlsplit(source)
    if parts.scheme in ("http", "https"):
        packed = path.with_name("packed")  # in the same folder, which goes with its files
        _download(f"{source.rstrip('/')}/{name}.gz", packed, timeout, time_limit, largest)
        files = [packed]
    elif parts.scheme == "file" and parts.netloc in ("", "localhost"):
        files = _local_files(Path(url2pathname(parts.path)), name)
    elif "://" in source:
        raise _SourceError("no http://, https:// or local file:// location")
    else:
        files = _local_files(Path(source).expanduser(), name)
    for file in files:
        try:
            _unpack(file, path, largest)
        except _SourceError as error:
            reason = error
            continue
        found, size = sha256_of_file(path), path.stat().st_size
        if found == sha256:
            return
        reason = f"sha256 is {found} ({size} bytes uncompressed) instead of {sha256}"
    raise _SourceError(str(reason))


def _local_files(folder, name):
    """Return the files of a folder that may be the one asked for; there is one at least."""
    dotted = name.replace("-idx", ".idx")
    names = [name, f"{name}.gz", dotted, f"{dotted}.gz"]
    try:
        present = sorted(file.name for file in folder.iterdir())
    except OSError as error:
        raise _SourceError(error.strerror) from error
    files = [folder / each for each in names if each in present]
    if not files:
        more = ["..."] if len(present) > LISTED else []
        holds = ", ".join(present[:LISTED] + more) or "nothing"
        raise _SourceError(f"no such file, compressed (.gz) or not; the folder holds {holds}")
    return files


def _unpack(file, path, largest):
    """Write the content of a file, compressed or not, to `path`."""
    try:
        with open_uncompressed(file) as content:
            _write(iter(lambda: content.read(CHUNK), b""), path, largest)
    except (OSError, EOFError, zlib.error) as error:
        raise _SourceError(getattr(error, "strerror", None) or f"damaged: {error}") from error


def _download(url, path, timeout, time_limit, largest):
    # Here and not above: only a download needs the library, and a local copy works without.
    import requests
    from urllib3.exceptions import HTTPError

    end = time.monotonic() + time_limit

    def read():
        if time.monotonic() > end:
            raise _SourceError(f"timed out: not complete after {time_limit:g} s")
        return response.raw.read1(CHUNK)  # what has come, and so without waiting for a whole chunk

    # The bytes are to come as they are stored: no server shall compress them once more.
    headers = {"Accept-Encoding": "identity"}
    try:
        with requests.get(url, headers=headers, stream=True, timeout=timeout) as response:
            response.raise_for_status()
            _write(iter(read, b""), path, largest)
    except requests.HTTPError as error:
        response = error.response
        raise _SourceError(f"{response.status_code} {response.reason}".strip()) from error
    except (requests.RequestException, HTTPError, OSError, ValueError) as error:
        raise _SourceError(_reason(error, timeout)) from error


def _write(chunks, path, largest):
    """Write bytes to `path`, but not more than a file of MNIST can have."""
    size = 0
    with open(path, "wb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > largest:
                raise _SourceError(f"larger than the {largest} bytes that are taken")
            try:
                file.write(chunk)
                file.flush()
            except OSError as error:  # a full disk: no other source would do better
                raise DownloadError(f"{path.parent.parent}: {error.strerror}.") from error


def _reason(error, timeout):
    """Return in a few words what lies at the bottom of an HTTP library's exception."""
    causes = [error]
    while causes[0].__context__ is not None:
        causes.insert(0, causes[0].__context__)
    for cause in causes:
        if isinstance(cause, TimeoutError):
            return f"timed out after {timeout:g} s without a byte"
        if isinstance(cause, http.client.IncompleteRead):
            got = cause.partial if isinstance(cause.partial, int) else len(cause.partial)
            return f"truncated after {got} bytes, {cause.expected} bytes are missing"
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
    return str(error)[:200] or type(error).__name__
