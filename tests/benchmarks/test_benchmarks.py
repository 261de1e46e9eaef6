"""What the benchmarks compute from the times that they measure."""

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks/epoch"))
sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks/graph"))
sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks/whole_run"))

import dag_alternatives
import engines
import whole_job

import shared
import whole_run
from autoencoders.runs.configuration import Configuration
from whole_run import Job


def configuration(settings, seeds, seeds_per_job):
    name = f"{settings['network']}/relu"
    return Configuration(name, f"runs/{name}", "some", settings, seeds, seeds_per_job, 10)


def autoencoder(seeds=3, epochs=100, hidden=128, seeds_per_job=3):
    settings = {"network": "autoencoder", "hidden": hidden, "training": {"epochs": epochs}}
    return configuration(settings, seeds, seeds_per_job)


def classifier(seeds=10):
    settings = {"network": "classifier", "hidden": [128], "activation": "relu"}
    training = {"batch_normalization": {"activations": []}, "pre_training": {"activation": None}}
    return configuration({**settings, "training": training}, seeds, seeds)


def training(start, end, **facts):
    return Job("runs/autoencoder/relu-128/seeds-0-2", start, end, **facts)


# --- interleaved rounds -----------------------------------------------------------------------


def test_tasks_take_turns_and_the_first_round_is_not_recorded():
    calls = []

    def task(name):
        return lambda: calls.append(name) or len(calls)

    assert shared.interleaved({"a": task("a"), "b": task("b")}, 2) == {"a": [4, 5], "b": [3, 6]}
    assert calls == ["a", "b", "b", "a", "a", "b"]
    assert shared.interleaved({"a": task("a")}, 1, warm_up=False) == {"a": [7]}


def test_a_median_of_ratios_is_taken_within_the_rounds():
    assert shared.median_ratio([2.0, 20.0, 5.0], [1.0, 10.0, 1.0]) == 2.0
    assert shared.spread([3.0, 1.0, 2.0]) == "2.00 (1.00-3.00)"


def test_an_older_checkout_is_copied_with_what_it_has(tmp_path):
    source = tmp_path / "older"
    (source / "workflow").mkdir(parents=True)
    (source / "workflow/module.py").write_text("")
    (source / "Snakefile").write_text("")
    (source / "config.yaml").write_text("results: elsewhere\ndataset: lab\n")
    copy = shared.copy_of_checkout(tmp_path / "copy", source=source)
    assert sorted(path.name for path in copy.iterdir()) == ["Snakefile", "config.yaml", "workflow"]
    config = shared.read_config(copy / "config.yaml")
    assert config == {"results": "results", "dataset": "lab"}


# --- the end of a run -------------------------------------------------------------------------


def test_one_core_waits_for_the_other():
    jobs = [training(0, 10), training(0, 4), training(4, 7)]
    assert whole_run.idle_at_end(jobs, 2, 10) == 3
    assert whole_run.idle_at_end(jobs, 1, 10) == 0


def test_a_gap_before_the_end_is_not_at_the_end():
    jobs = [training(0, 10), training(0, 2), training(6, 9)]
    assert whole_run.idle_at_end(jobs, 2, 10) == 1


def test_jobs_one_after_the_other_do_not_overlap():
    assert whole_run.idle_at_end([training(0, 5), training(5, 8)], 2, 8) == 8


def test_a_figure_during_the_last_training_run_keeps_its_core_busy():
    jobs = [training(0, 10), training(0, 4), Job("figures/figure1", 4, 12)]
    assert whole_run.idle_at_end(jobs, 2, 10) == 0
    assert whole_run.idle_at_end(jobs, 2, 12) == 2


# --- the core time ----------------------------------------------------------------------------


def test_core_time_adds_up():
    jobs = [
        Job("data/build-lab", 1, 2),
        training(3, 10, epochs=5.0),
        training(3, 8, epochs=4.0),
        Job("analysis/compute_table1", 10, 11),
        Job("measurements/images", 11, 11.5),
        Job("figures/figure1", 11, 11.25),
        Job("report/table1", 11.25, 11.5),
    ]
    parts = whole_run.core_time(jobs, 2, 0, 12)
    assert parts == {
        "epochs of the training runs": 9.0,
        "rest of the training runs": 3.0,
        "data": 1.0,
        "analysis, figures, report": 2.0,
        "no job: before the first": 2,
        "no job: after the last training run": 2.0,
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
        "a core without a job at the end of the training runs, s",
        "a core without a job at the end of the run, s",
        "largest memory of a training run of 1024 units, MB",
    ]
    slow = [training(0, 100, epochs=80.0), training(0, 100, epochs=80.0)]
    assert [name.split(":")[0] for name in whole_run.tables(slow, 2)[1]] == ["all but epochs"]


def test_jobs_are_read_from_a_results_folder(tmp_path):
    def write(name, content):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        return path

    run = "runs/classifier/relu-9-7/seeds-0-9"
    record = {"config": {"hidden": [9, 7]}, "metrics": [{"seconds": {"a": 2, "b": 1}}]}
    write(f"{run}/run.json", json.dumps(record))
    write(f"benchmarks/{run}.tsv", "s\tmax_rss\n5.5\t321.0\n")
    write("benchmarks/report/page.tsv", "s\tmax_rss\n0.2\tNA\n")
    page, train = sorted(whole_run.read_jobs(tmp_path), key=lambda job: job.name)
    assert (page.kind, page.memory, page.epochs) == ("report", None, 0.0)
    assert (train.kind, train.memory, train.epochs, train.width) == ("training", 321.0, 3, 9)
    assert train.seconds == pytest.approx(5.5)


def test_a_folder_without_a_run_is_refused(tmp_path):
    with pytest.raises(SystemExit, match="holds no training run"):
        whole_run.read_jobs(tmp_path)


# --- the whole job ----------------------------------------------------------------------------


def test_what_is_left_out_of_an_autoencoder():
    """Seeds of 6 epochs that each take 2 s and 1 s beside them: 3 of 100 epochs for 2 of 6."""
    short = autoencoder(seeds=2, epochs=6)
    more = whole_job.left_out(short, autoencoder(), epoch_seconds=2.0, seed_seconds=6 * 2.0 + 1)
    assert 2 * (6 * 2.0 + 1) + more == 3 * (100 * 2.0 + 1)


def test_more_jobs_start_where_fewer_were_run():
    """One job of 2 seeds in place of three of one seed, whose start takes 5 s."""
    short, whole = autoencoder(seeds=2, seeds_per_job=2), autoencoder(seeds_per_job=1)
    more = whole_job.left_out(short, whole, 2.0, seed_seconds=200.0, job_seconds=5.0)
    assert 5.0 + 2 * 200.0 + more == 3 * (5.0 + 200.0)


def test_what_is_left_out_of_a_classifier():
    assert whole_job.left_out(classifier(seeds=2), classifier(), None, 3.0) == 24.0


@pytest.mark.parametrize("whole", [autoencoder(), classifier()])
def test_nothing_is_left_out_of_the_whole(whole):
    assert whole_job.left_out(whole, whole, 2.0, 3.0, 4.0) == 0


def test_a_shortened_configuration():
    config = {
        "autoencoder": {"epochs": 100, "batch_size": 50},
        "experiments": {"a": {"seeds": 10, "network": "classifier"}, "b": {"seeds": 1}},
    }
    assert whole_run.shortened(config, 6, 2) == {
        "autoencoder": {"epochs": 6, "batch_size": 50},
        "experiments": {"a": {"seeds": 2, "network": "classifier"}, "b": {"seeds": 1}},
    }
    assert config["experiments"]["a"]["seeds"] == 10
    assert whole_run.shortened(config, 200, 20)["autoencoder"]["epochs"] == 100


def test_a_shortened_configuration_trains_no_more_seeds_than_it_uses():
    config = {"autoencoder": {"epochs": 100}, "experiments": {"a": {"seeds_per_job": 10}}}
    shortened = whole_run.shortened(config, 6, 2)
    assert shortened["experiments"] == {"a": {"seeds": 2, "seeds_per_job": 2}}


def test_the_parts_of_a_side_add_up():
    short = {
        "wide": autoencoder(hidden=1024),
        "narrow": autoencoder(),
        "classifier": classifier(),
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
    rule = (dag_alternatives.ROOT / dag_alternatives.RULE).read_text(encoding="utf-8")
    assert (dag_alternatives.FORMS[form](rule) == rule) is (form == "as it is")


def test_the_barest_rule_asks_for_the_same_jobs(tmp_path):
    forms = "as it is", "none of these, 1 output"
    jobs = [dag_alternatives.with_rule(tmp_path / form, form, count=70).jobs() for form in forms]
    assert jobs[0] == jobs[1]
    assert len([job for job in jobs[0] if "/seed" in job]) == 70
