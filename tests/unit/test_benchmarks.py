"""What the benchmarks compute from the times that they measure."""

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import dag_alternatives
import engines
import whole_job
import whole_run
from whole_run import Job

AUTOENCODER = {"network": "autoencoder", "hidden": 128, "seeds": 3, "training": {"epochs": 100}}
CLASSIFIER = {"network": "classifier", "hidden": [128], "seeds": 10, "training": {}}


def training(start, end, **facts):
    return Job("runs/autoencoder/relu-128", start, end, **facts)


# --- the end of a run -------------------------------------------------------------------------


def test_one_core_waits_for_the_other():
    jobs = [training(0, 10), training(0, 4), training(4, 7)]
    assert whole_run.idle_at_end(jobs, 2, 10) == 3
    assert whole_run.idle_at_end(jobs, 1, 10) == 0


def test_a_gap_before_the_end_is_not_at_the_end():
    jobs = [training(0, 10), training(0, 2), training(6, 9)]
    assert whole_run.idle_at_end(jobs, 2, 10) == 1


def test_jobs_one_after_the_other_are_not_beside_each_other():
    assert whole_run.idle_at_end([training(0, 5), training(5, 8)], 2, 8) == 8


def test_a_figure_beside_the_last_training_keeps_its_core_busy():
    jobs = [training(0, 10), training(0, 4), Job("report/figure1", 4, 12)]
    assert whole_run.idle_at_end(jobs, 2, 10) == 0
    assert whole_run.idle_at_end(jobs, 2, 12) == 2


# --- the core time ----------------------------------------------------------------------------


def test_core_time_adds_up():
    jobs = [
        Job("data/build-lab", 1, 2),
        training(3, 10, epochs=5.0),
        training(3, 8, epochs=4.0),
        Job("report/table1", 10, 11),
    ]
    parts = whole_run.core_time(jobs, 2, 0, 12)
    assert parts == {
        "epochs of the trainings": 9.0,
        "rest of the trainings": 3.0,
        "data": 1.0,
        "tables, figures, page": 1.0,
        "no job: before the first": 2,
        "no job: after the last training": 3,
        "no job: in between": 5,
    }
    assert sum(parts.values()) == 2 * 12


def test_every_missed_target_is_named():
    jobs = [
        training(0, 100, epochs=99.0, width=1024, memory=500.0),
        training(0, 95, epochs=94.0, width=1024, memory=900.0),
    ]
    assert whole_run.tables(jobs, 2)[1] == []
    late = [*jobs, training(95, 120, epochs=24.0, width=1024, memory=1200.0)]
    assert [name.split(":")[0] for name in whole_run.tables(late, 2)[1]] == [
        "a core without a job at the end of the trainings, s",
        "a core without a job at the end of the run, s",
        "largest memory of a training of 1024 units, MB",
    ]
    slow = [training(0, 100, epochs=80.0), training(0, 100, epochs=80.0)]
    assert [name.split(":")[0] for name in whole_run.tables(slow, 2)[1]] == ["all but epochs"]


def test_jobs_are_read_from_a_results_folder(tmp_path):
    def write(name, content):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        return path

    write(
        "runs/classifier/relu-9-7/metrics.json",
        json.dumps({"seeds": [{"seconds": {"a": 2, "b": 1}}]}),
    )
    write("runs/classifier/relu-9-7/config.json", json.dumps({"hidden": [9, 7]}))
    write("benchmarks/runs/classifier/relu-9-7.tsv", "s\tmax_rss\n5.5\t321.0\n")
    write("benchmarks/report/page.tsv", "s\tmax_rss\n0.2\tNA\n")
    page, train = sorted(whole_run.read_jobs(tmp_path), key=lambda job: job.name)
    assert (page.kind, page.memory, page.epochs) == ("report", None, 0.0)
    assert (train.kind, train.memory, train.epochs, train.width) == ("training", 321.0, 3, 9)
    assert train.seconds == pytest.approx(5.5)


def test_a_folder_without_a_run_is_refused(tmp_path):
    with pytest.raises(SystemExit, match="holds no training"):
        whole_run.read_jobs(tmp_path)


# --- the whole job ----------------------------------------------------------------------------


def test_what_is_left_out_of_an_autoencoder():
    """Seeds of 6 epochs that each take 2 s and 1 s beside them: 3 of 100 epochs for 2 of 6."""
    short = AUTOENCODER | {"seeds": 2, "training": {"epochs": 6}}
    more = whole_job.left_out(short, AUTOENCODER, epoch_seconds=2.0, seed_seconds=6 * 2.0 + 1)
    assert 2 * (6 * 2.0 + 1) + more == 3 * (100 * 2.0 + 1)


def test_what_is_left_out_of_a_classifier():
    assert whole_job.left_out(CLASSIFIER | {"seeds": 2}, CLASSIFIER, None, 3.0) == 24.0


@pytest.mark.parametrize("config", [AUTOENCODER, CLASSIFIER])
def test_nothing_is_left_out_of_the_whole(config):
    assert whole_job.left_out(config, config, 2.0, 3.0) == 0


def test_a_shortened_configuration():
    config = {
        "autoencoder": {"epochs": 100, "batch_size": 50},
        "experiments": {"a": {"seeds": 10, "network": "classifier"}, "b": {"seeds": 1}},
    }
    assert whole_job.shortened(config, 6, 2) == {
        "autoencoder": {"epochs": 6, "batch_size": 50},
        "experiments": {"a": {"seeds": 2, "network": "classifier"}, "b": {"seeds": 1}},
    }
    assert config["experiments"]["a"]["seeds"] == 10
    assert whole_job.shortened(config, 200, 20)["autoencoder"]["epochs"] == 100


def test_the_parts_of_a_side_add_up():
    short = {
        "wide": AUTOENCODER | {"hidden": 1024},
        "narrow": AUTOENCODER,
        "classifier": CLASSIFIER,
    }
    parts = {
        name: {"measured": 10.0, "more": more, "result": 0.5}
        for name, more in {"wide": 100.0, "narrow": 20.0, "classifier": 3.0}.items()
    }
    side = whole_job.measurement(45.0, 60.0, parts, short)
    assert list(side["groups"].values()) == [110.0, 30.0, 13.0, 15.0]
    assert (side["measured"], side["whole"]) == (45.0, 45.0 + 123.0)
    assert parts["wide"] == {"measured": 10.0, "whole": 110.0, "result": 0.5}


# --- engines ----------------------------------------------------------------------------------


def epochs(seconds, threads=1, units=128):
    """Return rows as `engines.measure` gives them: an engine's seconds in every round."""
    facts = {"threads": threads, "units": units, "batch": 50}
    return [
        {**facts, "round": k, "engine": engine, "seconds": value, "error": 0.1}
        for engine, values in seconds.items()
        for k, value in enumerate(values)
    ]


def test_a_ratio_is_the_median_of_the_rounds_ratios():
    """The second round was slow for all: only pair by pair is nobody ahead or behind for it."""
    rows = epochs({engines.OURS: [1.0, 10.0, 1.0], "JAX": [2.0, 20.0, 5.0]})
    head, _, row, _ = engines.table(rows, [engines.OURS, "JAX"]).split("\n")
    assert "JAX, s" in head
    assert "5.000, **2.00** (2.00-5.00)" in row


@pytest.mark.parametrize(
    ("seconds", "threads", "missed"),
    [
        ({"Keras": [1.1], "PyTorch": [1.0], "JAX": [0.96], "NumPy's products": [0.91]}, 1, []),
        ({"Keras": [0.9]}, 1, ["Keras takes 0.90"]),
        ({"PyTorch": [0.99]}, 2, ["PyTorch takes 0.99"]),
        ({"JAX": [0.94]}, 2, ["JAX takes 0.94"]),
        ({"NumPy's products": [0.89]}, 1, ["an epoch reaches 0.89"]),
        ({"NumPy's products": [0.5], "TensorFlow's products": [0.1]}, 2, []),
    ],
)
def test_targets_that_are_missed_are_named(seconds, threads, missed):
    found = engines.shortfalls(epochs({engines.OURS: [1.0], **seconds}, threads))
    assert [sentence[: len(start)] for sentence, start in zip(found, missed, strict=True)] == missed


# --- other forms of the training's rule -------------------------------------------------------


@pytest.mark.parametrize("form", dag_alternatives.FORMS)
def test_every_edit_of_the_rule_finds_its_place(form):
    rule = (dag_alternatives.REPOSITORY / dag_alternatives.RULE).read_text(encoding="utf-8")
    assert (dag_alternatives.FORMS[form](rule) == rule) is (form == "as it is")


def test_the_barest_rule_asks_for_the_same_jobs(tmp_path):
    forms = "as it is", "none of these, 2 outputs"
    jobs = [dag_alternatives.with_rule(tmp_path / form, form, count=70).jobs() for form in forms]
    assert jobs[0] == jobs[1]
    assert len([job for job in jobs[0] if "/" in job]) == 70
