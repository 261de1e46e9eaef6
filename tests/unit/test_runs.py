import json
import shutil
import subprocess
import sys

import numpy as np
import pytest

import synthetic
from autoencoders import records
from autoencoders import runs as runs_module
from autoencoders.files import sha256_of_json, write_json
from autoencoders.runs import (
    RunsError,
    read_manifest,
    read_plan,
    read_runs,
    read_study,
    require,
)

RELU, SIGMOID = "autoencoder/relu-4", "autoencoder/sigmoid-4"


@pytest.fixture
def place(tmp_path):
    configurations = synthetic.under_complete([4]) | synthetic.classifiers(["4-3"])
    return synthetic.write_results(tmp_path, configurations)


def read(place):
    return read_runs(place.plan, place.manifest, place.results)


def edit(path, change):
    value = json.loads(path.read_text())
    change(value)
    write_json(path, value)


def test_whole_runs_are_read_in_the_order_of_the_plan(place):
    runs, gaps = read(place)
    assert list(runs) == list(place.plan["configurations"])
    assert gaps == {}
    run = runs[RELU]
    assert run.config["hidden"] == 4
    assert run.seeds == [0, 1, 2]
    assert run.diverged == run.dead == []
    assert list(run.history.columns) == runs_module.HISTORY_COLUMNS
    assert len(run.history) == 3 * synthetic.TRAINING["epochs"]
    rows = synthetic.history_rows(run.config, run.metrics)
    assert list(run.history["training_error"]) == [row[3] for row in rows]


def test_only_the_configurations_asked_for_are_read(place):
    runs, _ = read_runs(place.plan, place.manifest, place.results, [SIGMOID])
    assert list(runs) == [SIGMOID]


def test_weights_are_those_of_the_seed(place):
    runs, _ = read(place)
    weights = runs[RELU].weights()
    assert weights["encoder/weights"].shape == (784, 4)
    with np.load(place.runs / RELU / "weights.npz") as stored:
        np.testing.assert_array_equal(weights["decoder/biases"], stored["seed0/decoder/biases"])
    with pytest.raises(RunsError, match="no weights of seed 1"):
        runs[RELU].weights(1)


def test_runs_that_keep_no_weights_are_whole(tmp_path):
    place = synthetic.write_results(tmp_path, synthetic.under_complete([4], keep_weights="none"))
    runs, gaps = read(place)
    assert gaps == {}
    assert runs[RELU].kept_seeds == []
    with pytest.raises(RunsError, match="keep_weights: none"):
        runs[RELU].weights()


def add_seeds(place, n_seeds=2):
    """Declare and write seeds of the lottery for RELU; return the folder of them."""
    config = place.plan["configurations"][RELU]["config"]
    config = {**config, "first_seed": 3, "seeds": n_seeds, "keep_weights": "none"}
    place.plan["lottery"][RELU] = {"sha256": sha256_of_json(config)}
    return synthetic.write_run(place.results / "lottery", RELU, config, place.manifest)


def test_seeds_of_the_lottery_join_the_declared_ones(place):
    add_seeds(place)
    runs, gaps = read(place)
    assert gaps == {}
    assert runs[RELU].seeds == [0, 1, 2, 3, 4]
    assert runs[SIGMOID].seeds == [0, 1, 2]
    assert sorted(runs[RELU].history["seed"].unique()) == [0, 1, 2, 3, 4]
    assert runs[RELU].kept_seeds == [0]
    assert runs[RELU].config["seeds"] == 3


def test_stale_or_missing_seeds_of_the_lottery_are_no_gap(place):
    folder = add_seeds(place)
    edit(folder / "run.json", lambda record: record["sha256"].update(code="0" * 64))
    runs, gaps = read(place)
    assert runs[RELU].seeds == [0, 1, 2]
    assert gaps == {}
    shutil.rmtree(folder)
    assert read(place)[0][RELU].seeds == [0, 1, 2]


def test_seeds_of_the_lottery_alone_are_not_a_run(place):
    add_seeds(place)
    (place.runs / RELU / "run.json").unlink()
    assert read(place)[1] == {RELU: "not finished"}


def test_a_study_is_read_by_variant_with_its_number_of_seeds(place):
    base = place.plan["configurations"][RELU]
    config = {**base["config"], "seeds": 2, "training": {**synthetic.TRAINING, "momentum": 0.5}}
    folder = f"studies/momentum/0.5/{RELU}"
    place.plan["studies"]["momentum"] = {
        "seeds": 2,
        "variants": {
            "0.5": {RELU: {"folder": folder, "sha256": sha256_of_json(config)}},
            "0.9": {RELU: {"folder": f"runs/{RELU}", "sha256": base["sha256"]}},
        },
    }
    arguments = (place.plan, place.manifest, place.results, "momentum")
    runs, gaps = read_study(*arguments)
    assert gaps == {f"0.5/{RELU}": "not finished"}
    synthetic.write_run(place.results / "studies/momentum/0.5", RELU, config, place.manifest)
    runs, gaps = read_study(*arguments)
    assert gaps == {}
    assert runs["0.5"][RELU].config["training"]["momentum"] == 0.5
    assert runs["0.9"][RELU].seeds == runs["0.5"][RELU].seeds == [0, 1]
    assert sorted(runs["0.9"][RELU].history["seed"].unique()) == [0, 1]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("config", "made from another configuration"),
        ("data", "made from other data"),
        ("code", "made by other code"),
    ],
)
def test_a_stale_run_is_named_and_not_used(place, name, reason):
    edit(place.runs / RELU / "run.json", lambda record: record["sha256"].update({name: "0" * 64}))
    runs, gaps = read(place)
    assert RELU not in runs
    assert gaps == {RELU: reason}


def test_runs_are_compared_with_the_present_config_data_and_code(place, monkeypatch):
    place.plan["configurations"][RELU]["sha256"] = "0" * 64
    assert read(place)[1] == {RELU: "made from another configuration"}
    place.manifest.write_text(place.manifest.read_text() + " ")
    assert read(place)[1][SIGMOID] == "made from other data"
    monkeypatch.setattr(records, "code_sha256", lambda stage: f"new {stage}")
    synthetic.write_run(
        place.runs, SIGMOID, place.plan["configurations"][SIGMOID]["config"], place.manifest
    )
    assert read(place)[1][SIGMOID] == "made by other code"


@pytest.mark.parametrize("name", ["config.json", "metrics.json", "history.csv", "weights.npz"])
def test_a_missing_or_damaged_file_is_named(place, name):
    path = place.runs / RELU / name
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2 + 1])
    assert read(place)[1] == {RELU: f"{name} is unreadable"}
    path.unlink()
    assert read(place)[1] == {RELU: f"{name} is missing"}


def test_a_changed_byte_in_the_weights_is_noticed(place):
    path = place.runs / RELU / "weights.npz"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert read(place)[1] == {RELU: "weights.npz is unreadable"}


def test_without_its_record_a_run_is_not_finished(place):
    (place.runs / RELU / "run.json").unlink()
    assert read(place)[1] == {RELU: "not finished"}
    (place.runs / RELU / "run.json").write_text("[]")
    assert read(place)[1] == {RELU: "run.json is unreadable"}


def test_altered_and_foreign_files_are_named(place):
    edit(place.runs / RELU / "config.json", lambda config: config.update(hidden=5))
    edit(place.runs / SIGMOID / "metrics.json", lambda metrics: metrics.update(configuration=RELU))
    edit(place.runs / "classifier/no-hidden/metrics.json", lambda metrics: metrics["seeds"].pop())
    assert read(place)[1] == {
        RELU: "config.json was altered after the run",
        SIGMOID: f"metrics.json belongs to {RELU}",
        "classifier/no-hidden": "metrics.json does not hold every seed",
    }


def test_gaps_are_refused_by_name_with_what_to_do():
    require({})
    with pytest.raises(RunsError) as error:
        require({RELU: "not finished", SIGMOID: "made by other code"}, "out")
    assert str(error.value) == (
        "2 declared runs cannot be used: autoencoder/relu-4 (not finished); autoencoder/sigmoid-4 "
        "(made by other code); train again with `snakemake --cores 1 --forcerun "
        "out/runs/autoencoder/relu-4/run.json out/runs/autoencoder/sigmoid-4/run.json`, or draw "
        "what is finished with `snakemake --cores 1 partial` (and the --configfile or --config of "
        "this run, if any)."
    )


def test_plan_and_manifest_that_cannot_be_read_are_named(tmp_path):
    with pytest.raises(RunsError, match=r"plan\.json.*is missing"):
        read_plan(tmp_path / "plan.json")
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(RunsError, match=r"manifest\.json.*is not JSON"):
        read_manifest(tmp_path / "manifest.json")


def test_reading_runs_needs_neither_pandas_nor_tensorflow():
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); import autoencoders.runs;"
        "print({'pandas', 'tensorflow', 'matplotlib'} & set(sys.modules))"
    )
    folder = str(runs_module.__file__).rsplit("/", 2)[0]
    output = subprocess.run(
        [sys.executable, "-c", program, folder], capture_output=True, text=True, check=True
    )
    assert output.stdout == "set()\n"
