"""The device that a training run uses. Real TensorFlow runs in processes of their own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

import engine
from autoencoders.training import device

WORKFLOW = Path(__file__).parents[2] / "workflow"
TRAIN = WORKFLOW / "scripts/train.py"


class Gpus:
    """What `choose_device` asks of TensorFlow, on a machine with so many GPUs."""

    def __init__(self, count, built_with_cuda=True):
        self.gpus = [f"GPU {k}" for k in range(count)]
        self.visible, self.growing = None, []
        self.config = SimpleNamespace(
            list_physical_devices=lambda kind: self.gpus,
            set_visible_devices=self.set_visible,
            experimental=SimpleNamespace(
                set_memory_growth=lambda gpu, on: self.growing.append((gpu, on)),
                get_device_details=lambda gpu: {
                    "device_name": f"NVIDIA {gpu}",
                    "compute_capability": (8, 0),
                },
            ),
        )
        self.test = SimpleNamespace(is_built_with_cuda=lambda: built_with_cuda)

    def set_visible(self, gpus, kind):
        assert kind == "GPU"
        self.visible = gpus


@pytest.fixture
def given(monkeypatch):
    def give(gpus):
        if gpus is None:
            monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
        else:
            monkeypatch.setenv("CUDA_VISIBLE_DEVICES", gpus)

    give("1")
    return give


@pytest.mark.parametrize("wanted", ["gpu", "auto"])
def test_the_first_visible_gpu_is_taken_and_recorded(given, wanted):
    tf = Gpus(2)
    assert device.choose_device(tf, wanted) == {
        "kind": "gpu",
        "name": "NVIDIA GPU 0",
        "compute_capability": "8.0",
        "cuda_visible_devices": "1",
    }
    assert tf.visible == ["GPU 0"]
    assert tf.growing == [("GPU 0", True)]


def test_cpu_hides_every_gpu(given):
    tf = Gpus(2)
    assert device.choose_device(tf, "cpu") == {"kind": "cpu", "cuda_visible_devices": "1"}
    assert tf.visible == []


def test_auto_without_a_gpu_is_the_cpu(given):
    given(None)
    tf = Gpus(0)
    assert device.choose_device(tf, "auto") == {"kind": "cpu", "cuda_visible_devices": None}


@pytest.mark.parametrize(
    ("gpus", "built_with_cuda", "reason", "advice"),
    [
        ("0", False, "is the build for CPUs", "requirements/slurm-gpu.txt"),
        (None, True, "the job was given none", "profiles/slurm-gpu"),
        ("", True, "the job was given none", "profiles/slurm-gpu"),
        ("-1", True, "the job was given none", "profiles/slurm-gpu"),
        ("0", True, "was given CUDA_VISIBLE_DEVICES=0", "nvidia-smi"),
    ],
)
def test_a_missing_gpu_is_an_error_with_its_reason(given, gpus, built_with_cuda, reason, advice):
    given(gpus)
    with pytest.raises(device.DeviceError) as error:
        device.choose_device(Gpus(0, built_with_cuda), "gpu")
    assert reason in str(error.value)
    assert advice in str(error.value)
    assert "device: cpu" in str(error.value)


ASK = """
import json
from autoencoders.training import device
recorded = device.prepare(1, True, **OPTIONS)
import sys
import tensorflow as tf
print(json.dumps({
    "recorded": recorded,
    "tf32": tf.config.experimental.tensor_float_32_execution_enabled(),
    "threads": tf.config.threading.get_intra_op_parallelism_threads(),
    "keras": any(name.split(".")[0] == "keras" for name in sys.modules),
}))
"""


@pytest.mark.parametrize(("options", "tf32"), [({}, False), ({"tf32": True}, True)])
def test_tf32_is_off_unless_asked_for(options, tf32):
    result = subprocess.run(
        [sys.executable, "-c", ASK.replace("OPTIONS", repr(options))],
        env={**os.environ, "PYTHONPATH": str(WORKFLOW), "CUDA_VISIBLE_DEVICES": "-1"},
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(result.stdout)
    assert found["tf32"] is found["recorded"]["tf32"] is tf32
    assert found["recorded"]["kind"] == "cpu"
    assert found["threads"] == 1
    assert not found["keras"]


def test_a_training_run_that_finds_no_gpu_says_so_in_one_line_and_leaves_nothing(tmp_path):
    manifest, arrays = engine.write_data(tmp_path / "data")
    config = json.dumps(engine.autoencoder(device="gpu"))
    command = [sys.executable, TRAIN, "--configuration", "autoencoder/relu-8", "--config", config]
    command += [
        "--code",
        "0" * 64,
        "--manifest",
        manifest,
        "--arrays",
        arrays,
        "--output",
        tmp_path / "runs/relu-8",
    ]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 1
    line = result.stderr.splitlines()[-1]  # TensorFlow may say a word before
    assert line.startswith("error: device is gpu, but TensorFlow finds no GPU")
    assert not (tmp_path / "runs").exists()
