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
    assert place.stat().st_mode & 0o777 == 0o755


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
from autoencoders.files import clean_up_when_terminated, folder_written_aside
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell in the background ignores it
clean_up_when_terminated()
with folder_written_aside(sys.argv[1]) as folder:
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
