import gzip
import hashlib
import logging
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from autoencoders.data.download import DownloadError, download
from http_server import serving

NAME = "t10k-labels-idx1-ubyte"
CONTENT = bytes(range(256)) * 1000
BODY = gzip.compress(CONTENT, mtime=0)
SHA256 = hashlib.sha256(CONTENT).hexdigest()
SCRIPT = Path(__file__).parents[2] / "workflow" / "scripts" / "download_mnist.py"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
def server():
    with serving({f"{NAME}.gz": BODY}) as server:
        yield server


@pytest.fixture
def refusing():
    """Return the URL of a port where nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    return f"http://127.0.0.1:{port}"


@pytest.fixture
def local(tmp_path):
    folder = tmp_path / "my copies"
    folder.mkdir()
    (folder / f"{NAME}.gz").write_bytes(BODY)
    return folder


@pytest.fixture
def destination(tmp_path):
    return tmp_path / "data" / NAME


def fetch_from(sources, destination, **limits):
    limits = {"timeout": 5, "time_limit": 10, **limits}
    download(NAME, SHA256, [str(source) for source in sources], destination, **limits)


def refusal(sources, destination, **limits):
    """Return the message of the DownloadError, once nothing was seen to be left behind."""
    with pytest.raises(DownloadError) as caught:
        fetch_from(sources, destination, **limits)
    assert list(destination.parent.iterdir()) == []
    return str(caught.value)


@contextmanager
def at_most(seconds):
    start = time.monotonic()
    yield
    assert time.monotonic() - start < seconds


def test_a_file_comes_from_the_first_mirror_alone(server, destination):
    fetch_from([f"{server.url}/ok", f"{server.url}/broken"], destination)
    assert destination.read_bytes() == CONTENT
    assert server.requests == [f"/ok/{NAME}.gz"]
    assert list(destination.parent.iterdir()) == [destination]


def test_a_slash_at_the_end_of_a_mirror_makes_no_difference(server, destination):
    fetch_from([f"{server.url}/ok/"], destination)
    assert server.requests == [f"/ok/{NAME}.gz"]


def test_the_bytes_are_asked_for_as_they_are_stored(server, destination):
    fetch_from([f"{server.url}/ok"], destination)
    assert server.headers_received[0]["Accept-Encoding"] == "identity"


def test_redirects_are_followed(server, destination):
    fetch_from([f"{server.url}/moved"], destination)
    assert destination.read_bytes() == CONTENT


def test_mirrors_are_tried_in_order_until_one_serves_the_file(server, destination, caplog):
    kinds = ["missing", "broken", "truncated", "short", "altered", "page", "ok", "missing"]
    fetch_from([f"{server.url}/{kind}" for kind in kinds], destination)
    assert destination.read_bytes() == CONTENT
    assert server.requests == [f"/{kind}/{NAME}.gz" for kind in kinds[:7]]
    warnings = [r.getMessage() for r in caplog.records if r.levelno == logging.WARNING]
    assert len(warnings) == 6
    for kind, warning in zip(kinds, warnings, strict=False):
        assert f"{server.url}/{kind}: " in warning


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("missing", "404 Not Found"),
        ("broken", "500 Internal Server Error"),
        ("truncated", f"truncated after 100 bytes, {len(BODY) - 100} bytes are missing"),
        ("short", "damaged: Compressed file ended before the end-of-stream marker"),
        ("altered", "damaged: Incorrect length of data produced"),
        ("page", "(20 bytes uncompressed) instead of " + SHA256),
        ("elsewhere", "No connection adapters were found for 'file:///etc/passwd'"),
        ("endless", "larger than the 1000000 bytes that are taken"),
        ("bomb", "larger than the 1000000 bytes that are taken"),
    ],
)
def test_what_a_mirror_did_wrong_is_said_in_short(server, destination, kind, reason):
    message = refusal([f"{server.url}/{kind}"], destination, largest=10**6)
    assert f"could not be fetched: {server.url}/{kind}: " in message
    assert message.count("\n") == 1, "one line says what failed, one what to do"
    assert reason in message


@pytest.mark.parametrize("kind", ["silent", "stalls"])
def test_a_mirror_that_falls_silent_is_given_up(server, destination, kind):
    with at_most(3):
        message = refusal([f"{server.url}/{kind}"], destination, timeout=0.3)
    assert f"{server.url}/{kind}: timed out after 0.3 s without a byte" in message


def test_a_mirror_that_trickles_is_given_up_for_the_next(server, destination):
    with at_most(3):
        fetch_from([f"{server.url}/trickles", f"{server.url}/ok"], destination, time_limit=0.5)
    assert destination.read_bytes() == CONTENT


def test_the_reason_names_the_time_limit(server, destination):
    message = refusal([f"{server.url}/trickles"], destination, time_limit=0.5)
    assert f"{server.url}/trickles: timed out: not complete after 0.5 s" in message


def test_a_mirror_that_is_down_is_named(refusing, destination):
    assert f"{refusing}: Connection refused" in refusal([refusing], destination)


def test_a_local_folder_is_a_source(local, server, destination):
    fetch_from([local, f"{server.url}/ok"], destination)
    assert destination.read_bytes() == CONTENT
    assert server.requests == []


def test_a_relative_folder_is_a_source(local, destination, monkeypatch):
    monkeypatch.chdir(local.parent)
    fetch_from([local.name], destination)
    assert destination.read_bytes() == CONTENT


def test_a_file_url_is_a_source(local, destination):
    assert "%20" in local.as_uri()
    fetch_from([local.as_uri()], destination)
    assert destination.read_bytes() == CONTENT


@pytest.mark.parametrize("source", ["nowhere", "file:///nowhere"])
def test_a_folder_that_is_not_there_is_passed_over(source, server, destination):
    assert f"{source}: No such file or directory" in refusal([source], destination)
    fetch_from([source, f"{server.url}/ok"], destination)
    assert destination.read_bytes() == CONTENT


@pytest.mark.parametrize("suffix", ["", ".gz"])
@pytest.mark.parametrize("called", [NAME, "t10k-labels.idx1-ubyte"])
def test_a_local_copy_may_be_unpacked_or_called_as_archivers_do(tmp_path, called, suffix):
    (tmp_path / f"{called}{suffix}").write_bytes(BODY if suffix else CONTENT)
    fetch_from([tmp_path], tmp_path / "data" / NAME)
    assert (tmp_path / "data" / NAME).read_bytes() == CONTENT


def test_a_copy_that_was_compressed_again_is_taken(local, destination):
    (local / f"{NAME}.gz").write_bytes(gzip.compress(CONTENT, 1, mtime=5))
    fetch_from([local], destination)
    assert destination.read_bytes() == CONTENT


@pytest.mark.parametrize("damaged", [CONTENT[:-1], BODY[:-1]])
def test_a_damaged_copy_does_not_hide_a_whole_one(local, destination, damaged):
    (local / NAME).write_bytes(damaged)
    fetch_from([local], destination)
    assert destination.read_bytes() == CONTENT


def test_a_folder_without_the_file_is_told_what_it_holds(tmp_path, destination):
    found = "no such file, compressed (.gz) or not; the folder holds"
    folder = tmp_path / "folder"
    folder.mkdir()
    assert f"{folder}: {found} nothing" in refusal([folder], destination)
    (folder / "mnist.zip").touch()
    assert f"{folder}: {found} mnist.zip\n" in refusal([folder], destination)
    for number in range(9):
        (folder / f"image-{number}.png").touch()
    message = refusal([folder], destination)
    assert "image-0.png, image-1.png" in message
    assert "image-5.png, ...\n" in message


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (CONTENT[:-1], f"({len(CONTENT) - 1} bytes uncompressed) instead of {SHA256}"),
        (b"", f"(0 bytes uncompressed) instead of {SHA256}"),
        (BODY[:-1], "damaged: Compressed file ended before the end-of-stream marker"),
        (BODY[:9], "damaged: Compressed file ended before the end-of-stream marker"),
        (BODY[:40] + bytes(9) + BODY[49:], "damaged: "),
        (BODY[:3] + b"\xff" * 9 + BODY[12:], "damaged: "),
    ],
)
def test_an_altered_local_copy_is_refused(local, destination, content, reason):
    (local / f"{NAME}.gz").write_bytes(content)
    assert reason in refusal([local], destination)


@pytest.mark.parametrize("source", ["ftp://127.0.0.1/mnist", "file://elsewhere/mnist"])
def test_another_kind_of_location_is_refused(source, destination):
    assert "no http://, https:// or local file:// location" in refusal([source], destination)


def test_the_error_names_file_sum_sources_and_ways_out(server, refusing, destination):
    sources = [f"{server.url}/missing", refusing, "nowhere"]
    message = refusal(sources, destination)
    for part in [NAME, SHA256, *sources, "mnist: local:", "MNIST_LOCAL", "make demo"]:
        assert part in message


def test_without_any_source_the_error_says_so(destination):
    assert "no source is configured" in refusal([], destination)


def test_a_failure_leaves_an_existing_file_alone(server, destination):
    destination.parent.mkdir()
    destination.write_bytes(b"before")
    with pytest.raises(DownloadError):
        fetch_from([f"{server.url}/altered", f"{server.url}/truncated"], destination)
    assert destination.read_bytes() == b"before"
    assert list(destination.parent.iterdir()) == [destination]


def command(destination, *sources, timeout=5):
    arguments = ["--name", NAME, "--sha256", SHA256, "--output", destination]
    arguments += ["--timeout", str(timeout), "--time-limit", "10", "--source", *sources]
    return [sys.executable, SCRIPT, *arguments]


def test_the_script_takes_the_first_good_source(server, destination):
    sources = ["nowhere", f"{server.url}/missing", f"{server.url}/ok"]
    done = subprocess.run(command(destination, *sources), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert destination.read_bytes() == CONTENT
    assert "404 Not Found" in done.stderr
    assert server.requests == [f"/missing/{NAME}.gz", f"/ok/{NAME}.gz"]


def test_the_script_ends_with_one_error_and_no_traceback(server, destination):
    done = subprocess.run(
        command(destination, f"{server.url}/missing"), capture_output=True, text=True
    )
    assert done.returncode == 1
    assert f"error: {NAME}" in done.stderr
    assert "Traceback" not in done.stderr
    assert not destination.exists()


def test_a_cancelled_script_leaves_nothing_behind(server, destination):
    script = subprocess.Popen(
        command(destination, f"{server.url}/stalls"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 10
    while not server.requests and time.monotonic() < deadline:
        time.sleep(0.02)
    script.terminate()
    assert script.wait(10) == 143
    assert list(destination.parent.iterdir()) == []
