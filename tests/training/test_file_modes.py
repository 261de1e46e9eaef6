"""Files and folders are as open to others as the user's umask says."""

import os

import pytest

from autoencoders.files import (
    failing_in_one_sentence,
    folder_written_aside,
    write_checksums,
    write_json,
    written_aside,
)


@pytest.fixture(params=[0o027, 0o002], ids="{:03o}".format)
def ordinary(request, tmp_path):
    """The modes of a file and a folder that are made in the plain way, under a umask."""
    before = os.umask(request.param)
    folder = tmp_path / "ordinary"
    folder.mkdir()
    (folder / "file").write_text("")
    yield mode(folder / "file"), mode(folder)
    os.umask(before)


def mode(path):
    return oct(path.stat().st_mode & 0o7777)


def test_the_umask_rules(ordinary, tmp_path):
    file_mode, folder_mode = ordinary
    assert (file_mode, folder_mode) in [("0o640", "0o750"), ("0o664", "0o775")]
    assert mode(tmp_path / "ordinary") == folder_mode


def test_a_file_written_aside_and_its_folder(ordinary, tmp_path):
    table = tmp_path / "results/tables/table1.csv"
    with written_aside(table) as aside:
        aside.write_text("a\n")
    write_checksums(table)
    write_json(table.with_suffix(".json"), {})
    written = [mode(path) for path in sorted(table.parent.iterdir())]
    assert written == [ordinary[0]] * 3
    assert (mode(table.parent), mode(table.parent.parent)) == (ordinary[1], ordinary[1])


def test_a_file_in_the_place_of_another(ordinary, tmp_path):
    table = tmp_path / "table1.csv"
    table.write_text("a\n")
    table.chmod(0o600)
    with written_aside(table) as aside:
        aside.write_text("b\n")
    assert mode(table) == ordinary[0]


def test_a_folder_written_aside_and_its_files(ordinary, tmp_path):
    place = tmp_path / "runs/relu-8/seed-0"
    for _ in range(2):  # new, and in the place of another
        with folder_written_aside(place) as folder:
            (folder / "history.csv").write_text("a\n")
        assert mode(place / "history.csv") == ordinary[0]
        assert {mode(each) for each in (place, place.parent, place.parent.parent)} == {ordinary[1]}


def test_a_folder_that_may_not_be_written_is_one_sentence(tmp_path, capfd):
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o555)
    child = os.fork()
    if child == 0:
        status = 0
        try:
            if os.geteuid() == 0:
                os.setuid(65534)  # root may write everywhere
            with failing_in_one_sentence():
                write_json(folder / "run.json", {})
        except SystemExit as end:
            os.write(2, str(end.code).encode())
            status = 1
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1
    said = capfd.readouterr().err
    assert said.startswith("error: [Errno 13] Permission denied: ")
    assert "\n" not in said
    assert list(folder.iterdir()) == []
