"""Download a file with a known sha256 from the first source that serves it whole."""

import http.client
import logging
import shutil
import signal
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from autoencoders.files import sha256_of_file, written_aside

LOGGER = logging.getLogger(__name__)

WHAT_TO_DO = (
    "What to do: set `mnist: local:` in config.yaml, or the environment variable MNIST_LOCAL, to a "
    "folder that holds this file; or run the demo on embedded data, which needs no network: "
    "`make demo`."
)


class DownloadError(RuntimeError):
    """A file that no source gave whole."""


class _SourceError(Exception):
    """Why one source did not give the file, in a few words."""


class _TimeLimitReached(Exception):
    """Raised by the alarm; no OSError, which the HTTP library would catch and rename."""


def download(name, sha256, sources, destination, timeout=30, time_limit=600):
    """Write the file `name` to `destination` from the first source that has the right bytes.

    The destination is whole or untouched. Each source that fails is logged with its reason.
    To be called in the main thread, as the time limit is kept by an alarm signal.

    Parameters
    ----------
    name, sha256 : str
        The file's name at every source; the expected checksum, 64 hexadecimal digits.
    sources : sequence of str
        Tried in order: http(s) URLs that the name is appended to, local folders or their
        `file://` URLs.
    destination : path-like
    timeout, time_limit : float, optional
        Seconds without a byte, or without a connection, and seconds in total (so that a slow
        server is given up, too) that one source may take.

    Raises
    ------
    DownloadError
        If no source gave the file; the message names each source with its reason.
    """
    failures = []
    with written_aside(destination) as aside:
        for source in sources:
            LOGGER.info("downloading %s from %s", name, source)
            try:
                with _time_limit(time_limit):
                    _copy_or_download(source, name, aside, timeout)
                found = sha256_of_file(aside)
                if found == sha256:
                    return
                size = aside.stat().st_size
                raise _SourceError(f"sha256 is {found} ({size} bytes) instead of {sha256}")
            except _SourceError as error:
                LOGGER.warning("%s: not from %s: %s", name, source, error)
                failures.append(f"  - {source}: {error}\n")
        # Raised inside the block, so that nothing takes the destination's place.
        listed = "".join(failures) or "  (no source is configured)\n"
        raise DownloadError(
            f"{name} (expected sha256 {sha256}) could not be downloaded:\n{listed}{WHAT_TO_DO}"
        )


def _copy_or_download(source, name, path, timeout):
    """Write `name` from one source to `path`, unchecked; raise _SourceError if that fails."""
    parts = urlsplit(source)
    if parts.scheme in ("http", "https"):
        _download(f"{source.rstrip('/')}/{name}", path, timeout)
    elif parts.scheme == "file" and parts.netloc in ("", "localhost"):
        _copy(Path(url2pathname(parts.path)) / name, path)
    elif "://" in source:
        raise _SourceError("no http://, https:// or local file:// location")
    else:
        _copy(Path(source).expanduser() / name, path)


def _copy(file, path):
    if not file.is_file():
        raise _SourceError("no such file")
    try:
        shutil.copyfile(file, path)
    except OSError as error:
        raise _SourceError(error.strerror or str(error)) from error


def _download(url, path, timeout):
    # Here and not above: only a download needs the library, and a local copy works without.
    import pooch
    import requests

    # The checksum is that of the stored bytes: no server shall compress or unpack them on the way.
    downloader = pooch.HTTPDownloader(
        progressbar=True,
        chunk_size=64 * 1024,
        timeout=timeout,
        headers={"Accept-Encoding": "identity"},
    )
    try:
        downloader(url, str(path), None)
    except requests.HTTPError as error:
        response = error.response
        raise _SourceError(f"{response.status_code} {response.reason}".strip()) from error
    except (requests.RequestException, OSError, ValueError) as error:
        raise _SourceError(_reason(error, timeout)) from error


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


@contextmanager
def _time_limit(seconds):
    """Raise _SourceError in the block when it takes longer than `seconds`."""

    def stop(_signal, _frame):
        raise _TimeLimitReached

    handler_before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    except _TimeLimitReached:
        raise _SourceError(f"timed out: not complete after {seconds:g} s") from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler_before)
