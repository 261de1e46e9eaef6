"""The script train.py: whole run folders, or none; the same in every process."""

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import engine  # isort: skip (before TensorFlow)
import numpy as np
import pytest

from autoencoders.training import device, provenance
from autoencoders.training.autoencoder_procedure import AutoencoderProcedure

WORKFLOW = Path(__file__).parents[2] / "workflow"
TRAIN = WORKFLOW / "scripts" / "train.py"
RUN_FILES = {"history.csv", "weights.npz", "run.json"}
CODE = "c0de" * 16


def command(configuration, config, manifest, arrays, output):
    options = {"configuration": configuration, "config": json.dumps(config), "code": CODE}
    options |= {"manifest": manifest, "arrays": arrays, "output": output}
    return [str(TRAIN), *(str(x) for name, value in options.items() for x in (f"--{name}", value))]


@pytest.fixture
def train(monkeypatch, tmp_path):
    """Give a function that runs scripts/train.py in this process and returns the run's folder."""
    monkeypatch.setattr(device, "prepare", lambda *settings: {"kind": "cpu"})
    manifest, arrays = engine.write_data(tmp_path / "data")

    def run(config, configuration="autoencoder/relu-8"):
        output = tmp_path / "runs" / configuration
        monkeypatch.setattr(sys, "argv", command(configuration, config, manifest, arrays, output))
        script = {"__name__": "__main__", "__file__": str(TRAIN)}
        exec(compile(TRAIN.read_text(encoding="utf-8"), TRAIN, "exec"), script)
        return output

    run.output = tmp_path / "runs" / "autoencoder" / "relu-8"
    run.arrays = arrays
    return run


def refuse_constants(name):
    raise ValueError(f"{name} is no JSON")


def test_a_diverged_run_has_its_folder_whole(train):
    config = engine.autoencoder({"momentum": 1e10, "epochs": 30}, seeds=[0, 1])
    folder = train(config)
    assert {path.name for path in folder.iterdir()} == RUN_FILES
    text = (folder / "run.json").read_text(encoding="utf-8")
    metrics = json.loads(text, parse_constant=refuse_constants)["metrics"]
    assert [seed["diverged"] for seed in metrics] == [True, True]
    assert {seed["validation_error"] for seed in metrics} == {None}
    history = (folder / "history.csv").read_text(encoding="utf-8").splitlines()
    assert history[0] == "seed,phase,epoch,training_error,validation_error,accuracy"
    assert [line.split(",")[0] for line in history if "nan" in line] == ["0", "1"]
    assert history[-1].startswith("1,training,")
    assert "nan" in history[-1]


def test_a_huge_rate_saturates_the_outputs_and_ends_with_finite_numbers(train):
    """Sigmoid outputs bound the error, so a rate alone, however large, gives no NaN."""
    folder = train(engine.autoencoder({"learning_rate": 1e6}))
    (seed,) = json.loads((folder / "run.json").read_text(encoding="utf-8"))["metrics"]
    assert not seed["diverged"]
    assert all(math.isfinite(seed[name]) for name in AutoencoderProcedure.METRICS)


def test_no_weights_are_written_when_none_are_kept(train):
    folder = train(engine.autoencoder(keep_weights=False))
    assert {path.name for path in folder.iterdir()} == RUN_FILES
    with np.load(folder / "weights.npz") as stored:
        assert stored.files == []


def test_what_run_json_records(train):
    folder = train(engine.autoencoder())
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert run["configuration"] == "autoencoder/relu-8"
    assert all(len(run["sha256"][name]) == 64 for name in ("data", "code"))
    assert run["sha256"]["code"] == CODE
    assert run["data"]["dataset"] == "lab"
    assert run["threads"] == 1
    assert {"python", "numpy"} < set(run["versions"])
    assert run["start"] <= run["end"]
    assert run["config"] == engine.autoencoder()


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_nothing_is_left_of_a_run_that_is_interrupted_while_it_writes(train, monkeypatch, error):
    def interrupted(path, **_):
        assert (path.parent / "history.csv").exists(), "it is in the middle of writing"
        raise error

    monkeypatch.setattr(np, "savez", interrupted)
    with pytest.raises(error):
        train(engine.autoencoder())
    assert list(train.output.parent.iterdir()) == []


def test_altered_arrays_are_one_sentence_and_no_folder(train, capsys):
    train.arrays.unlink()
    np.savez(train.arrays, **engine.data(seed=5))
    with pytest.raises(SystemExit) as caught:
        train(engine.autoencoder())
    assert str(caught.value).startswith("error: ")
    assert str(train.arrays) in str(caught.value)
    assert not train.output.exists()


def test_git_state(tmp_path):
    assert provenance.git_state(tmp_path) == {"commit": None, "dirty": None}
    assert provenance.git_state(tmp_path / "missing") == {"commit": None, "dirty": None}
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org"]
    for arguments in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", "x"]):
        subprocess.run([*git, *arguments], cwd=tmp_path, check=True)
    state = provenance.git_state(tmp_path)
    assert (len(state["commit"]), state["dirty"]) == (40, False)
    (tmp_path / "new").write_text("new")
    assert provenance.git_state(tmp_path) == {**state, "dirty": True}


# --- fresh processes ---

FOREIGN = ("keras", "tf_keras", "matplotlib", "seaborn", "pandas", "sklearn")
LISTING = f"""
import runpy, sys
del sys.argv[0]
runpy.run_path(sys.argv[0], run_name="__main__")
print([name for name in {FOREIGN!r} if name in sys.modules])
"""


def environment():
    """Return the environment of a fresh process, without what the tests themselves set."""
    own = {k: v for k, v in os.environ.items() if not k.startswith(("TF_", "KERAS_"))}
    return {**own, "PYTHONPATH": str(WORKFLOW)}


@pytest.fixture(scope="module")
def fresh_runs(tmp_path_factory):
    """Train both kinds twice, each in a process of its own; return folders and what they said."""
    place = tmp_path_factory.mktemp("fresh")
    manifest, arrays = engine.write_data(place / "data")
    configs = {
        "autoencoder/relu-8-noise-0.1": engine.autoencoder(noise=0.1, seeds=[0, 1]),
        "classifier/relu-8-6": engine.classifier(seeds=[0, 1]),
    }
    results = {}
    for name, config in configs.items():
        results[name] = []
        for attempt in "ab":
            output = place / attempt / name
            result = subprocess.run(
                [sys.executable, "-c", LISTING, *command(name, config, manifest, arrays, output)],
                env=environment(),
                capture_output=True,
                text=True,
            )
            assert result.returncode == 0, result.stderr
            results[name].append((output, result))
    return results


def test_two_processes_agree_to_the_bit(fresh_runs):
    for (first, _), (second, _) in fresh_runs.values():
        for name in ("history.csv", "weights.npz"):
            assert (first / name).read_bytes() == (second / name).read_bytes(), name
        runs = [json.loads((f / "run.json").read_text()) for f in (first, second)]
        seeds = [engine.without_seconds(run["metrics"]) for run in runs]
        assert seeds[0] == seeds[1]
        for key in ("config", "sha256"):
            assert runs[0][key] == runs[1][key]


def test_training_loads_neither_keras_nor_a_plotting_library(fresh_runs):
    for attempts in fresh_runs.values():
        for _, result in attempts:
            assert result.stdout.strip() == "[]"


def test_the_log_shows_progress(fresh_runs):
    for attempts in fresh_runs.values():
        log = attempts[0][1].stderr
        assert "epoch 1: training error" in log
        assert "wrote " in log
        assert "Traceback" not in log
