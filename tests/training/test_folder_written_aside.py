"""Folders that are written as a whole or not at all."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from autoencoders.files import folder_written_aside

WORKFLOW = Path(__file__).parents[2] / "workflow"


def test_a_folder_takes_its_place_as_a_whole(tmp_path):
    place = tmp_path / "runs" / "relu-8"
    for name in ("a", "b"):
        with folder_written_aside(place) as folder:
            assert folder.parent == place.parent
            (folder / name).write_text(name)
        assert [path.name for path in place.iterdir()] == [name]
    assert list(place.parent.iterdir()) == [place]


def test_a_folder_that_fails_leaves_the_earlier_one(tmp_path):
    place = tmp_path / "relu-8"
    with folder_written_aside(place) as folder:
        (folder / "a").write_text("a")
    with pytest.raises(FileNotFoundError), folder_written_aside(place) as folder:
        (folder / "b").write_text((folder / "missing").read_text())
    assert list(tmp_path.iterdir()) == [place]
    assert [path.name for path in place.iterdir()] == ["a"]


WRITER = """
import signal, sys, time
from autoencoders.files import failing_in_one_sentence, folder_written_aside
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell in the background ignores it
with failing_in_one_sentence(), folder_written_aside(sys.argv[1]) as folder:
    (folder / "history.csv").write_text("{}")
    print("writing", flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGKILL"])
def test_a_folder_that_is_killed_is_not_there(tmp_path, name):
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, tmp_path / "relu-8"],
        env={**os.environ, "PYTHONPATH": str(WORKFLOW)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with process:
        assert process.stdout.readline() == b"writing\n"
        process.send_signal(getattr(signal, name))
    assert not (tmp_path / "relu-8").exists()
    if name != "SIGKILL":
        assert list(tmp_path.iterdir()) == []


SWAPPER = """
import sys
from pathlib import Path
from autoencoders.files import folder_written_aside
for k in range(200):
    with folder_written_aside(Path(sys.argv[1])) as folder:
        for name in "ab":
            (folder / name).write_text(sys.argv[2])
"""


def test_two_writers_leave_the_whole_folder_of_one(tmp_path):
    place = tmp_path / "relu-8"
    environment = {**os.environ, "PYTHONPATH": str(WORKFLOW)}
    commands = [[sys.executable, "-c", SWAPPER, place, text] for text in ("first", "second")]
    writers = [subprocess.Popen(command, env=environment) for command in commands]
    assert [writer.wait() for writer in writers] == [0, 0]
    assert list(tmp_path.iterdir()) == [place]
    assert (place / "a").read_text() == (place / "b").read_text()


FULL = """
from pathlib import Path
from autoencoders.files import failing_in_one_sentence
with failing_in_one_sentence(KeyError):
    {body}
"""


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("open('/dev/full', 'w').write('x' * 10**6)", "error: [Errno 28] No space left on device"),
        ("open('/nowhere/file')", "error: [Errno 2] No such file or directory: '/nowhere/file'"),
        ("raise MemoryError", "error: the process has not enough memory."),
        ("raise KeyError('x')", "error: 'x'"),
    ],
)
def test_a_failure_of_the_system_is_one_sentence(body, sentence):
    done = subprocess.run(
        [sys.executable, "-c", FULL.format(body=body)],
        env={**os.environ, "PYTHONPATH": str(WORKFLOW)},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr.strip()) == (1, sentence)


STOPPED = """
import os, signal
from autoencoders.files import failing_in_one_sentence
with failing_in_one_sentence():
    try:
        os.kill(os.getpid(), signal.{name})
    except SystemExit:
        {then}
"""


@pytest.mark.parametrize("then", ["raise", "raise RuntimeError('initialization failed')"])
@pytest.mark.parametrize(("name", "status"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_a_signal_ends_a_script_without_a_traceback(name, status, then):
    """Compiled modules that are stopped while they are imported raise errors of their own."""
    done = subprocess.run(
        [sys.executable, "-c", STOPPED.format(name=name, then=then)],
        env={**os.environ, "PYTHONPATH": str(WORKFLOW)},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (status, "")
