import json
import shutil
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

import synthetic
from autoencoders.files import write_record
from autoencoders.runs import integrity, reading
from autoencoders.runs.configuration import Study
from autoencoders.runs.reading import RunsError, read_runs, read_study, require
from autoencoders.sweep.declaration import varied
from autoencoders.training.training_record import COLUMNS

RELU, SIGMOID = "autoencoder/relu-4", "autoencoder/sigmoid-4"
FIRST, SECOND = "seeds-0-1", "seeds-2-3"
NEEDS = ("history.csv", "weights.npz")


@pytest.fixture
def place(tmp_path):
    configurations = synthetic.under_complete([4]) | synthetic.classifiers(["4-3"])
    return synthetic.write_results(tmp_path, configurations)


def read(place, names=None):
    names = place.configurations if names is None else names
    configurations = [place.configurations[name] for name in names]
    return read_runs(configurations, place.manifest, place.results, NEEDS)


def block(place, name, folder=FIRST):
    return place.results / "runs" / name / folder


def edit(path, change):
    value = json.loads(path.read_text())
    del value["checksum"]
    change(value)
    write_record(path, value)


def test_complete_runs_are_read_in_the_order_asked_for(place):
    runs, gaps = read(place)
    assert list(runs) == list(place.configurations)
    assert gaps == {}
    run = runs[RELU]
    assert run.settings["hidden"] == 4
    assert run.seeds == [0, 1, 2]
    assert run.diverged == run.dead == []
    assert run.folders == (block(place, RELU), block(place, RELU, SECOND))
    assert list(run.history.columns) == list(COLUMNS)
    assert len(run.history) == 3 * synthetic.TRAINING["epochs"]
    rows = synthetic.history_rows(run.settings, run.metrics)
    assert list(run.history["training_error"]) == [row[3] for row in rows]


def test_only_the_configurations_asked_for_are_read(place):
    assert list(read(place, [SIGMOID])[0]) == [SIGMOID]


def test_only_the_seeds_in_use_are_read_of_a_block(place):
    """The second block holds seed 3, too, which three seeds do not reach."""
    run = read(place)[0][RELU]
    stored = json.loads((block(place, RELU, SECOND) / "run.json").read_text())["metrics"]
    assert [entry["seed"] for entry in stored] == [2, 3]
    assert run.seeds == [0, 1, 2]
    assert sorted(run.history["seed"].unique()) == [0, 1, 2]
    assert run.first_of_job == {0, 2}


def test_fewer_seeds_read_fewer_blocks(place):
    fewer = replace(place.configurations[RELU], seeds=2)
    (block(place, RELU, SECOND) / "run.json").unlink()
    runs, gaps = read_runs([fewer], place.manifest, place.results, NEEDS)
    assert gaps == {}
    assert runs[RELU].seeds == [0, 1]


def test_weights_are_those_of_the_seed(place):
    runs, _ = read(place)
    weights = runs[RELU].weights()
    assert weights["encoder/weights"].shape == (784, 4)
    with np.load(block(place, RELU) / "weights.npz") as stored:
        np.testing.assert_array_equal(weights["decoder/biases"], stored["seed0/decoder/biases"])
    with pytest.raises(RunsError, match="no weights of seed 1"):
        runs[RELU].weights(1)


def test_weights_are_found_in_every_block(tmp_path):
    place = synthetic.write_results(tmp_path, synthetic.under_complete([4], keep_weights=3))
    run = read(place)[0][RELU]
    assert run.kept_seeds == [0, 1, 2]
    with np.load(block(place, RELU, SECOND) / "weights.npz") as stored:
        expected = stored["seed2/encoder/weights"]
    np.testing.assert_array_equal(run.weights(2)["encoder/weights"], expected)


def test_runs_without_saved_weights_are_complete(tmp_path):
    place = synthetic.write_results(tmp_path, synthetic.under_complete([4], keep_weights=0))
    runs, gaps = read(place)
    assert gaps == {}
    assert runs[RELU].kept_seeds == []
    with pytest.raises(RunsError, match="keep_weights: 0"):
        runs[RELU].weights()


def test_a_study_is_read_by_variant_with_its_number_of_seeds(place):
    base = place.configurations[RELU]
    study = Study(
        "momentum",
        2,
        {
            "0.5": {RELU: varied(base, {"momentum": 0.5}, 2, "studies/momentum/0.5")},
            "0.9": {RELU: varied(base, {"momentum": 0.9}, 2, "studies/momentum/0.9")},
        },
    )
    assert study.default == "0.9"
    runs, gaps = read_study(study, place.manifest, place.results)
    assert gaps == {f"0.5/{RELU}": "not finished"}
    synthetic.write_run(place.results, study.variants["0.5"][RELU], place.manifest)
    runs, gaps = read_study(study, place.manifest, place.results)
    assert gaps == {}
    assert runs["0.5"][RELU].settings["training"]["momentum"] == 0.5
    assert runs["0.9"][RELU].seeds == runs["0.5"][RELU].seeds == [0, 1]
    assert sorted(runs["0.9"][RELU].history["seed"].unique()) == [0, 1]


@pytest.mark.parametrize(
    ("held_in", "name", "reason"),
    [
        ("config", "hidden", "made from another configuration"),
        ("sha256", "data", "made from other data"),
        ("sha256", "code", "made by other code"),
    ],
)
@pytest.mark.parametrize("folder", [FIRST, SECOND])
def test_a_stale_run_is_named_and_not_used(place, folder, held_in, name, reason):
    path = block(place, RELU, folder) / "run.json"
    edit(path, lambda record: record[held_in].update({name: "0" * 64}))
    runs, gaps = read(place)
    assert RELU not in runs
    assert gaps == {RELU: reason}


def test_runs_are_compared_with_the_present_config_data_and_code(place, monkeypatch):
    declared = place.configurations[RELU]
    changed = replace(declared, settings={**declared.settings, "hidden": 5})
    _, gaps = read_runs([changed], place.manifest, place.results)
    assert gaps == {RELU: "made from another configuration"}
    place.manifest.write_text(place.manifest.read_text() + " ")
    assert read(place)[1][SIGMOID] == "made from other data"
    monkeypatch.setattr(integrity, "training_code_sha256", lambda: "new")
    synthetic.write_run(place.results, place.configurations[SIGMOID], place.manifest)
    assert read(place)[1][SIGMOID] == "made by other code"


ALTERATIONS = {
    "a byte": lambda content: bytes([*content[:-1], content[-1] ^ 1]),
    "half": lambda content: content[: len(content) // 2],
    "nothing left": lambda content: b"",
    "more": lambda content: content + b"\n",
}


@pytest.mark.parametrize("change", ALTERATIONS)
@pytest.mark.parametrize("folder", [FIRST, SECOND])
@pytest.mark.parametrize("name", NEEDS)
def test_a_file_that_was_changed_is_named(place, name, folder, change):
    path = block(place, RELU, folder) / name
    path.write_bytes(ALTERATIONS[change](path.read_bytes()))
    assert read(place)[1] == {RELU: f"{name} was changed after it was written"}


@pytest.mark.parametrize("name", NEEDS)
def test_a_missing_file_is_named(place, name):
    path = block(place, RELU) / name
    path.unlink()
    assert read(place)[1] == {RELU: f"{name} cannot be read: No such file or directory"}
    path.mkdir()
    assert read(place)[1] == {RELU: f"{name} cannot be read: Is a directory"}


@pytest.mark.parametrize(
    ("key", "change"),
    [
        ("metrics", lambda metrics: metrics[0].update(validation_error=0.001)),
        ("metrics", lambda metrics: metrics.pop()),
        ("files", lambda files: files["weights.npz"].update(size=1)),
        ("sha256", lambda sha256: sha256.update(code="0" * 64)),
    ],
)
def test_a_record_that_was_edited_is_named(place, key, change):
    path = block(place, RELU) / "run.json"
    record = json.loads(path.read_text())
    change(record[key])
    path.write_text(json.dumps(record))
    assert read(place)[1] == {RELU: "run.json was changed after it was written"}


def test_the_weights_of_another_network_are_noticed(place):
    ours, theirs = (block(place, name) / "weights.npz" for name in (RELU, SIGMOID))
    shutil.copy(theirs, ours)
    assert read(place)[1] == {RELU: "weights.npz was changed after it was written"}


@pytest.mark.parametrize("values", [np.full((784, 4), np.nan), np.array([print])])
def test_weights_that_were_put_in_later_are_never_loaded(place, values):
    np.savez(block(place, RELU) / "weights.npz", **{"seed0/encoder/weights": values})
    assert read(place)[1] == {RELU: "weights.npz was changed after it was written"}


def test_a_file_that_nothing_reads_is_not_checked(place):
    (block(place, RELU) / "weights.npz").unlink()
    _, gaps = read_runs(place.configurations.values(), place.manifest, place.results)
    assert gaps == {}


def test_without_its_record_a_run_is_not_finished(place):
    (block(place, RELU) / "run.json").unlink()
    assert read(place)[1] == {RELU: "not finished"}


@pytest.mark.parametrize("record", ["[]", "", "{", '{"sha256": 3}', "\0", '{"config": NaN}'])
def test_a_record_that_cannot_be_read_is_named(place, record):
    (block(place, RELU) / "run.json").write_text(record)
    assert read(place)[1] == {RELU: "run.json is unreadable"}


def test_the_run_of_another_configuration_or_block_is_named(place):
    shutil.rmtree(block(place, RELU))
    shutil.copytree(block(place, SIGMOID), block(place, RELU))
    shutil.rmtree(block(place, "classifier/no-hidden"))
    other = block(place, "classifier/no-hidden", SECOND)
    shutil.copytree(other, block(place, "classifier/no-hidden"))
    assert read(place)[1] == {
        RELU: f"it is a run of {SIGMOID}",
        "classifier/no-hidden": "made from another configuration",
    }


def test_gaps_are_refused_by_name_with_what_to_do():
    require({})
    with pytest.raises(RunsError) as error:
        require({RELU: "not finished", SIGMOID: "made by other code"})
    message = str(error.value)
    assert message.startswith(
        "2 declared runs cannot be used: autoencoder/relu-4 (not finished); autoencoder/sigmoid-4 "
        "(made by other code); "
    )
    assert "--forcerun" in message
    assert "partial=True" in message
    many = {f"autoencoder/relu-{width}": "not finished" for width in range(9)}
    with pytest.raises(RunsError, match="and 6 more"):
        require(many)


def test_reading_runs_needs_neither_pandas_nor_tensorflow():
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); import autoencoders.runs.reading;"
        "print({'pandas', 'tensorflow', 'matplotlib'} & set(sys.modules))"
    )
    folder = str(reading.__file__).rsplit("/", 3)[0]
    output = subprocess.run(
        [sys.executable, "-c", program, folder], capture_output=True, text=True, check=True
    )
    assert output.stdout == "set()\n"
