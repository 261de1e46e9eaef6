"""What is wrong with a command line of Snakemake's, and the logger that tells how far it is."""

import logging
import os
from types import SimpleNamespace

import pytest
from snakemake_interface_logger_plugins.common import LogEvent

from snakemake_logger_plugin_progress import LogHandler, in_words
from snakemake_logger_plugin_progress.command_line import fault_of

BROKEN = "a: 1\nb: [1\nc: 2\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.yaml").write_text("results: mine\n")
    (tmp_path / "broken.yaml").write_text(BROKEN)
    (tmp_path / "binary.yaml").write_bytes(b"\xff\x00")
    for name, executor in (("slurm", "slurm"), ("pbs", "portable-batch"), ("laptop", "local")):
        (tmp_path / "profiles" / name).mkdir(parents=True)
        (tmp_path / f"profiles/{name}/config.yaml").write_text(f"executor: {executor}\n")
    return tmp_path


@pytest.mark.parametrize(
    "line",
    [
        "",
        "--cores 8",
        "table1 --configfile mine.yaml",
        "--configfile mine.yaml -- table1",
        "--configfile=mine.yaml --workflow-profile profiles/slurm",
        "--configfile=mine.yaml table1",
        "--workflow-profile slurm table1",
        "--workflow-profile none --profile laptop",
        "-n --executor dryrun",
        "--configfile /dev/stdin",
    ],
)
def test_a_right_command_line_has_no_fault(folder, line):
    assert fault_of(line.split()) is None


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("--configfile mine.yaml table1", ["no file table1", "snakemake table1 --cores 8"]),
        ("--configfile=none.yaml", ["no file none.yaml"]),
        ("--configfiles broken.yaml", ["broken.yaml, line 3: "]),
        ("--configfile binary.yaml", ["binary.yaml is no YAML: "]),
        ("--workflow-profile slrum", ["no profile slrum", "has laptop, pbs, slurm."]),
        ("--workflow-profile profiles/pbs", ["pip install snakemake-executor-plugin-portable"]),
        ("--profile pbs -n", ["the executor portable-batch is not installed"]),
        ("-e lsf", ["run `pip install snakemake-executor-plugin-lsf`."]),
    ],
)
def test_a_wrong_one_gets_a_sentence(folder, line, words):
    fault = fault_of(line.split())
    assert all(word in fault for word in words), fault


def test_a_missing_slurm_plugin_is_told_with_the_command_that_installs_it(folder, monkeypatch):
    name = "snakemake_logger_plugin_progress.command_line.find_spec"
    monkeypatch.setattr(name, lambda module: None)
    sentence = "the executor slurm is not installed: run `sh requirements/install.sh slurm`."
    assert fault_of(["--workflow-profile", "profiles/slurm"]) == sentence


def test_a_pipe_is_left_to_snakemake(folder):
    """It can be read only once."""
    reading, writing = os.pipe()
    os.write(writing, BROKEN.encode())
    os.close(writing)
    assert fault_of(["--configfile", f"/dev/fd/{reading}"]) is None
    assert os.read(reading, 100).decode() == BROKEN
    os.close(reading)


def record(message, **fields):
    made = logging.makeLogRecord({"msg": message, "levelno": logging.INFO})
    made.__dict__.update(fields)
    return made


def test_a_line_for_each_training_tells_how_much_of_the_work_is_left(capsys, monkeypatch):
    now = iter([100.0, 130.0])
    monkeypatch.setattr("time.monotonic", lambda: next(now))
    handler = LogHandler(SimpleNamespace(dryrun=False, stdout=True), None)
    handler.emit(record("3 trainings", expected_seconds={"a/run.json": 10, "b/run.json": 30}))
    for job, output in ((1, ["a/run.json", "a/history.csv"]), (2, ["b/run.json"])):
        handler.emit(record("Rule: train", event=LogEvent.JOB_INFO, jobid=job, output=output))
    handler.emit(record("Rule: all", event=LogEvent.JOB_INFO, jobid=3, output=[]))
    handler.emit(record("1 of 3 steps", event=LogEvent.PROGRESS, done=1, total=3))
    for job in (1, 2, 3):
        handler.emit(record("Finished", event=LogEvent.JOB_FINISHED, job_id=job))
    handler.emit(record("An error.", event=LogEvent.ERROR))
    first, second, third, fourth = capsys.readouterr().out.splitlines()
    assert first == "3 trainings"
    assert second.endswith("  a trained; 25% of the training done, about 2 min left")
    assert third.endswith("  b trained; 100% of the training done")
    assert fourth == "An error."


@pytest.mark.parametrize(
    ("seconds", "words"), [(42, "about 40 s"), (600, "about 10 min"), (9000, "about 2.5 h")]
)
def test_times_are_told_roughly(seconds, words):
    assert in_words(seconds) == words
