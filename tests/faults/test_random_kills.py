"""A few random kills over a small sweep; `python tests/faults/random_kills.py` does 200."""

import random

import pytest
from disturbed_start import SIGNALS, VICTIMS, Kill
from random_kills import carried_out, leftovers_in, report
from tracebacks import kind_of, tracebacks_in

from same_results import differences, without_times

KILLS = 12


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    return carried_out(tmp_path_factory.mktemp("faults").resolve(), KILLS, seed=1, every=5.0)


def test_results_after_random_kills_are_those_of_an_undisturbed_run(done):
    assert report(done), "see the output"
    assert done.faults == []


def test_every_kill_is_survived_without_traceback_or_hang(done):
    assert len(done.kills) == KILLS
    assert [kill for kill in done.kills if not kill.survived] == []
    assert sum(kill.tracebacks for kill in done.kills) == 0
    assert sum(kill.hangs for kill in done.kills) == 0


def test_what_is_left_behind_are_hidden_folders_of_results(done):
    assert done.undocumented() == []
    assert len(leftovers_in(done.results)) <= KILLS


# --- what it goes by -----------------------------------------------------------------------------

TRACEBACK = """\
Traceback (most recent call last):
{frames}
{error}
Exiting.
"""
SCRIPT = "/checkout/workflow/scripts/train.py"
RULES = "/checkout/workflow/rules/report.smk"
SNAKEMAKE = "/lib/python3.11/site-packages/snakemake/workflow.py"


@pytest.mark.parametrize(
    ("files", "line", "error", "kind"),
    [
        ([SCRIPT], "main()", "ValueError: 1", "ours"),
        ([SCRIPT], "main()", "KeyboardInterrupt", "ours"),
        ([SCRIPT], "import numpy", "ImportError: numpy", "ours"),
        ([SCRIPT], "import numpy", "KeyboardInterrupt", "interrupted"),
        (["workflow/scripts/train.py"], "main()", "ValueError: 1", "ours"),
        ([SNAKEMAKE, RULES], "main()", "ValueError: 1", "ours"),
        ([SNAKEMAKE, RULES], "main()", "KeyboardInterrupt", "interrupted"),
        ([SNAKEMAKE], "main()", "KeyboardInterrupt", "interrupted"),
        ([SNAKEMAKE], "main()", "ValueError: 1", "foreign"),
        (["/checkouts/other.py"], "main()", "ValueError: 1", "foreign"),
    ],
)
def test_a_traceback_is_found_and_whose_it_is(files, line, error, kind):
    frames = "".join(f'  File "{file}", line 3, in <module>\n    {line}\n' for file in files)
    text = TRACEBACK.format(frames=frames, error=error)
    [found] = tracebacks_in(f"before\n{text}after\n")
    assert found.endswith(error)
    assert kind_of(found, "/checkout") == kind


def test_times_alone_may_differ(tmp_path):
    record = '{{"seconds": {{\n"training": {}}},\n"start": "{}",\n"accuracy": {}}}'
    for name, values in {"a": (1.5, "now", 0.5), "b": (2.5, "then", 0.5)}.items():
        (tmp_path / name / "runs/x").mkdir(parents=True)
        (tmp_path / name / "runs/x/run.json").write_text(record.format(*values))
    assert differences(tmp_path / "a", tmp_path / "b") == []
    (tmp_path / "b/runs/x/run.json").write_text(record.format(1.5, "now", 0.25))
    (tmp_path / "b/runs/x/weights.npz").write_bytes(b"")
    assert differences(tmp_path / "a", tmp_path / "b") == [
        "runs/x/weights.npz is too many.",
        "runs/x/run.json differs.",
    ]


def test_seconds_are_the_only_numbers_of_table_2_that_may_differ():
    row = b"<td>0.912</td>\n<td>2</td>\n<td>11.0</td>\n<td>%s</td>"
    first = without_times("tables/table2.html", row % b"1.3")
    assert first == without_times("tables/table2.html", row % b"12.4")
    assert first != without_times("tables/table2.html", row.replace(b"11.0", b"12.0") % b"1.3")


def test_victims_and_signals_are_drawn_as_often_as_stated():
    chance = random.Random(0)
    kills = [Kill.drawn(chance) for _ in range(2000)]
    for victim, weight in VICTIMS.items():
        share = sum(kill.victim == victim for kill in kills) / len(kills)
        assert share == pytest.approx(weight / sum(VICTIMS.values()), abs=0.05)
    for name, weight in SIGNALS.items():
        share = sum(kill.signal == name for kill in kills) / len(kills)
        assert share == pytest.approx(weight / sum(SIGNALS.values()), abs=0.05)
