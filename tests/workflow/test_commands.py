"""The commands show, diff, why and number, as a user calls them in a checkout that has run."""

import base64
import csv
import io
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autoencoders.commands import number, output
from snakemake_runs import Checkout


def called(checkout, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "autoencoders.commands", *arguments],
        cwd=checkout.folder,
        env={"PYTHONPATH": str(checkout.folder / "workflow"), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )


def said(checkout, *arguments):
    done = called(checkout, *arguments)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def refused(checkout, *arguments):
    done = called(checkout, *arguments)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1
    return done.stderr


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def copy(finished, tmp_path):
    shutil.copytree(finished.folder, tmp_path / "checkout")
    return Checkout(tmp_path / "checkout")


def records(checkout, name):
    folder = checkout.folder / "results/runs" / name
    return [json.loads(path.read_text()) for path in sorted(folder.glob("*/run.json"))]


# --- show ---------------------------------------------------------------------------------------


def test_show_has_every_run_with_its_metrics(finished):
    rows = {row["name"]: row for row in rows_of(said(finished, "show", "--format", "csv"))}
    table = rows_of((finished.folder / "results/tables/runs.csv").read_text())
    assert set(rows) == {row["configuration"] for row in table}
    name = "classifier/relu-16"
    accuracies = [
        entry["accuracy"] for each in records(finished, name) for entry in each["metrics"]
    ]
    assert float(rows[name]["accuracy"]) == pytest.approx(sum(accuracies) / len(accuracies))
    assert int(rows[name]["seeds"]) == len(accuracies)
    assert rows[name]["accuracy_sd"] != ""


def test_show_has_only_settings_that_differ(finished):
    columns = said(finished, "show", "--where", "network=autoencoder").splitlines()[0].split()
    assert columns == ["name", "momentum", "seeds", "validation_error"]
    columns = said(finished, "show", "--where", "network=classifier").splitlines()[0].split()
    assert columns == ["name", "seeds", "accuracy"]


@pytest.mark.parametrize(
    ("conditions", "names"),
    [
        (["hidden=16-9-9"], {"classifier/relu-16-9-9", "classifier/sigmoid-16-9-9"}),
        (["hidden=24", "momentum=0"], {"autoencoder/relu-24"}),
        (["noise>0", "activation!=relu"], {"autoencoder/sigmoid-24-noise-0.1"}),
        (["name=no-hidden"], {"classifier/no-hidden"}),
    ],
)
def test_show_finds_runs_by_condition(finished, conditions, names):
    arguments = [word for condition in conditions for word in ("--where", condition)]
    rows = json.loads(said(finished, "show", *arguments, "--format", "json"))
    assert {row["name"] for row in rows} == names


def test_show_sorts_and_takes_columns(finished):
    arguments = ["--where", "network=classifier", "--format", "csv", "--sort", "accuracy"]
    rows = rows_of(said(finished, "show", *arguments, "--columns", "batch_size,accuracy,seconds"))
    assert list(rows[0]) == ["name", "batch_size", "accuracy", "accuracy_sd", "seconds"]
    values = [float(row["accuracy"]) for row in rows]
    assert values == sorted(values, reverse=True)
    again = rows_of(said(finished, "show", *arguments, "--reverse"))
    assert again[0]["name"] == rows[-1]["name"]
    markdown = said(finished, "show", "--format", "md", "--columns", "+epochs").splitlines()
    assert markdown[1].startswith("| --- |")
    assert markdown[0].endswith("| epochs |")


def test_text_fits_the_terminal(monkeypatch):
    rows = [{"name": "relu-128", "batch_size": 64, "accuracy": 0.123456789}]
    monkeypatch.setattr(output, "width", lambda: 21)
    text = output.written(rows, ["name", "batch_size", "accuracy"], "text")
    header, line, last = text.splitlines()
    assert (header, line) == ("name      batch_size", "relu-128  64")
    assert last == "(not shown for want of space: accuracy; see --columns)"
    monkeypatch.setattr(output, "width", lambda: None)
    assert output.written(rows, list(rows[0]), "text").splitlines()[1].endswith("0.12346")


# --- diff ---------------------------------------------------------------------------------------


def test_diff_of_two_runs_pairs_the_seeds(finished):
    text = said(finished, "diff", "relu-16-9-9", "classifier/relu-16")
    assert "  hidden 16-9-9 -> 16\n" in text
    names = ("classifier/relu-16-9-9", "classifier/relu-16")
    old, new = ([e["accuracy"] for e in records(finished, name)[0]["metrics"]] for name in names)
    arguments = ("diff", *names, "--format", "csv")
    (row,) = rows_of(said(finished, *arguments))
    differences = [b - a for a, b in zip(old, new, strict=True)]
    assert float(row["difference"]) == pytest.approx(sum(differences) / 2)
    assert float(row["low"]) <= float(row["difference"]) <= float(row["high"])
    assert row["seeds"] == "2"
    assert len(rows_of(said(finished, *arguments, "--all"))) > 3


def test_diff_of_two_folders(finished, copy):
    shutil.rmtree(copy.folder / "results/runs/classifier/no-hidden")
    path = copy.folder / "results/runs/classifier/relu-16/seeds-0-1/run.json"
    record = json.loads(path.read_text())
    record["config"]["training"]["momentum"] = 0.5
    record["metrics"][0]["accuracy"] += 0.1
    path.write_text(json.dumps(record))
    folders = (str(finished.folder / "results"), str(copy.folder / "results"))
    text = said(finished, "diff", *folders)
    assert "  momentum 0.9 -> 0.5 (1 of " in text
    assert f"Only in {folders[0]}: classifier/no-hidden." in text
    rows = {
        row["name"]: row for row in rows_of(said(finished, "diff", *folders, "--format", "csv"))
    }
    assert float(rows["classifier/relu-16"]["difference"]) == pytest.approx(0.05)
    assert {float(row["difference"]) for name, row in rows.items() if name[-3:] != "-16"} == {0.0}


# --- why ----------------------------------------------------------------------------------------


def test_why_tells_what_would_be_trained_and_for_what_reason(copy):
    block = "results/runs/classifier/relu-16/seeds-0-1"
    assert (
        said(copy, "why", "classifier/relu-16")
        == f"{block} is as declared: nothing will be trained.\n"
    )
    config = copy.config()
    config["classifier"]["momentum"] = 0.8
    copy.configure(config)
    assert said(copy, "why", "classifier/relu-16") == (
        f"{block} was made with other settings: training.momentum 0.9 -> 0.8; it will be trained "
        "again.\n"
    )
    shutil.rmtree(copy.folder / block)
    assert said(copy, "why", "classifier/relu-16") == f"{block} is not there: it will be trained.\n"


def test_why_names_damage_and_other_code(copy):
    folder = copy.folder / "results/runs/classifier/relu-16/seeds-0-1"
    with open(folder / "history.csv", "a") as file:
        file.write("9\n")
    assert "history.csv was changed after it was written: remove the folder and run" in (
        said(copy, "why", "classifier/relu-16")
    )
    with open(copy.folder / "workflow/autoencoders/training/losses.py", "a") as file:
        file.write("# edited\n")
    assert "made by other code: it will be trained again." in said(copy, "why", "no-hidden")


# --- number -------------------------------------------------------------------------------------


def test_number_tells_where_a_cell_comes_from(finished):
    text = said(finished, "number", "table2", "16-9-9", "relu")
    (row,) = [
        row
        for row in rows_of((finished.folder / "results/tables/table2.csv").read_text())
        if (row["hidden_nodes"], row["activation"]) == ("16-9-9", "relu")
    ]
    assert f"{row['accuracy']}\n" in text
    for line in (
        "results/tables/table2.csv",
        "compute_table2, workflow/scripts/compute_table2.py",
        "results/runs/classifier/relu-16-9-9/",
        "snakemake --cores 8 --forcerun compute_table2 -- results/tables/table2.csv",
    ):
        assert line in text
    assert (finished.folder / "results/logs/analysis/compute_table2.log").exists()


def test_number_names_the_rule_that_made_each_table(finished):
    """Snakemake has recorded it for every output."""
    records = {}
    for path in (finished.folder / ".snakemake/metadata").rglob("*"):
        if path.is_file():
            output = base64.b64decode(path.relative_to(path.parents[0]).name + "==").decode()
            records[output] = json.loads(path.read_text())["rule"]
    tables = {path: rule for path, rule in records.items() if re.search(r"/tables/\w+\.csv$", path)}
    assert len(tables) >= 8
    for path, rule in tables.items():
        assert number.RULES[Path(path).stem] == rule


# --- status -------------------------------------------------------------------------------------


def test_status_counts_by_work_what_is_left(copy):
    n_jobs = len(list((copy.folder / "results/runs").rglob("run.json")))
    assert (
        said(copy, "status") == f"results: {n_jobs} of {n_jobs} jobs trained, 100% of the work.\n"
    )
    shutil.rmtree(copy.folder / "results/runs/autoencoder/relu-16/seed-0")
    first, second = said(copy, "status", "--cores", "2").splitlines()
    assert first.startswith(f"results: {n_jobs - 1} of {n_jobs} jobs trained, ")
    assert re.fullmatch(
        rf"1 left: about a minute on 2 cores, if they take as long as the {n_jobs - 1} finished "
        "ones.",
        second,
    )


def test_status_takes_other_settings_for_left(copy):
    config = copy.config()
    config["autoencoder"]["momentum"] = 0.8
    copy.configure(config)
    assert re.search(
        r"^(\d+) left, \1 of them again, as their settings changed: about",
        said(copy, "status").splitlines()[1],
    )


# --- what cannot be done ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["show", "nowhere"], "there is no folder nowhere; run `snakemake --cores 8`"),
        (["show", "profiles"], "profiles has no finished run; run `snakemake --cores 8`"),
        (["show", "--where", "batchsize=3"], "no column batchsize (did you mean batch_size?)"),
        (["show", "--where", "keep=best"], "keep may be full_training.keep or pre_training.keep"),
        (["show", "--where", "batch_size"], "--where batch_size is no condition; write"),
        (["show", "--where", "batch_size=9999"], "no run fulfils batch_size=9999."),
        (["diff", "relu-17", "relu-24"], "results has no run relu-17 (did you mean"),
        (
            ["diff", "relu-16", "relu-24"],
            "relu-16 may be autoencoder/relu-16 or classifier/rel",
        ),
        (["diff", "results", "relu-24"], "results is a folder, and the other is not"),
        (["why", "relu-300"], "the configuration declares no network relu-300"),
        (["number", "table3"], "results has no table table3 (did you mean table"),
        (["number", "table2", "77"], "no row of results/tables/table2.csv is of 77."),
        (["number", "table2", "--results", "profiles"], "profiles has no tables; run"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(finished, arguments, words):
    assert words in refused(finished, *arguments)


def test_a_damaged_record_is_named_and_the_others_are_shown(copy):
    path = copy.folder / "results/runs/classifier/relu-16/seeds-0-1/run.json"
    path.write_text(path.read_text()[:-40])
    done = called(copy, "show")
    assert done.returncode == 0
    assert "note: results/runs/classifier/relu-16/seeds-0-1/run.json is no record of a run" in (
        done.stderr
    )
    assert "classifier/relu-16-9-9" in done.stdout


def test_show_imports_nothing_that_takes_time(finished):
    """It is below a second for thousands of runs; NumPy alone would take a fifth of one."""
    code = (
        "import sys; from autoencoders.commands.__main__ import main; main(['show']);"
        "heavy = {'numpy', 'pandas', 'scipy', 'tensorflow'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=finished.folder,
        env={"PYTHONPATH": str(finished.folder / "workflow")},
        capture_output=True,
        text=True,
    )
    assert done.stdout.splitlines()[-1] == "[]", done.stderr
