"""The rules that fetch MNIST's files, against a web server on this machine."""

import gzip
import hashlib
import json
import os
import re
import shutil
import time

import numpy as np
import pytest

from http_server import serving
from idx_files import idx_bytes
from snakemake_runs import REPOSITORY, Checkout

IMAGES = "t10k-images-idx3-ubyte"
LABELS = "t10k-labels-idx1-ubyte"
MANIFEST = "results/data/lab/manifest.json"
RUN = "autoencoder/relu-128/seeds-0-2"
RECORD = f"results/runs/{RUN}/run.json"


@pytest.fixture(scope="module", autouse=True)
def environment():
    """Neither a proxy nor a folder of the user's may stand in for the mirrors."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("no_proxy", "127.0.0.1")
        patch.setenv("MNIST_LOCAL", "")
        yield


@pytest.fixture(scope="module")
def files():
    """Made-up files in MNIST's format, as many images as the lab's split tells apart."""
    labels = np.arange(10_000) % 10
    images = np.zeros((10_000, 28, 28))
    images[np.arange(10_000), labels + 9, 14] = 255
    return {IMAGES: idx_bytes(images.astype(np.uint8)), LABELS: idx_bytes(labels.astype(np.uint8))}


def packed(files):
    """Return files as mirrors have them."""
    return {f"{name}.gz": gzip.compress(content, mtime=0) for name, content in files.items()}


def copy_of_the_repository(folder, files):
    """Return a checkout with the repository's own configuration and the sums of these files."""
    checkout = Checkout.copy(folder)
    shutil.copy(REPOSITORY / "config.yaml", folder / "config.yaml")
    sums = folder / "resources/mnist/SHA256SUMS"
    text = sums.read_text()
    for name, content in files.items():
        sha256 = hashlib.sha256(content).hexdigest()
        text, n_lines = re.subn(rf"^\w+  {re.escape(name)}$", f"{sha256}  {name}", text, flags=re.M)
        assert n_lines == 1
    sums.write_text(text)
    return checkout


def ask(checkout, server, *kinds):
    """Let the configuration name mirrors of these kinds."""
    config = checkout.config()
    config["mnist"] |= {"mirrors": [f"{server.url}/{kind}" for kind in kinds]}
    checkout.configure(config)


def assert_whole(checkout, files):
    folder = checkout.folder / "results/data/mnist"
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == files


@pytest.fixture
def server(files):
    with serving(packed(files)) as server:
        yield server


@pytest.fixture
def untouched(files, tmp_path):
    return copy_of_the_repository(tmp_path / "checkout", files)


@pytest.fixture(scope="module")
def downloaded(files, tmp_path_factory):
    """A checkout whose data came from the last of three mirrors; tests must not change it."""
    checkout = copy_of_the_repository(tmp_path_factory.mktemp("downloaded") / "checkout", files)
    config = checkout.config()
    with serving(packed(files)) as server:
        kinds = ("missing", "altered", "ok")
        config["mnist"] |= {"mirrors": [f"{server.url}/{kind}" for kind in kinds]}
        checkout.configure(config)
        checkout.run(MANIFEST)
    checkout.requests = server.requests
    return checkout


@pytest.fixture
def checkout(downloaded, tmp_path):
    """A copy of that checkout, to be changed at will."""
    shutil.copytree(downloaded.folder, tmp_path / "checkout")
    return Checkout(tmp_path / "checkout")


@pytest.mark.parametrize("name", [IMAGES, LABELS])
def test_mirrors_are_asked_in_the_order_of_the_configuration(downloaded, name):
    asked = [path for path in downloaded.requests if path.endswith(f"{name}.gz")]
    assert asked == [f"/{kind}/{name}.gz" for kind in ("missing", "altered", "ok")]
    log = (downloaded.folder / f"results/logs/data/download-{name}.log").read_text()
    assert log.index("404 Not Found") < log.index("damaged: ")


def test_the_files_are_whole_and_the_data_are_made_of_them(downloaded, files):
    assert_whole(downloaded, files)
    manifest = json.loads((downloaded.folder / MANIFEST).read_text())
    sums = {source["name"]: source["sha256"] for source in manifest["sources"]}
    assert sums.items() > {n: hashlib.sha256(c).hexdigest() for n, c in files.items()}.items()
    with np.load(downloaded.folder / "results/data/lab/arrays.npz") as arrays:
        assert arrays["train_images"].shape == (8000, 784)
        assert arrays["test_images"].shape == (2000, 784)
        lit = np.argmax(arrays["test_images"], axis=1)
        assert np.array_equal(lit, (arrays["test_labels"].astype(int) + 9) * 28 + 14)


def name_other_mirrors(checkout):
    config = checkout.config()
    config["mnist"] |= {"mirrors": ["file:///nowhere"], "timeout": 1, "time_limit": 2}
    checkout.configure(config)


def touch_the_files(checkout):
    later = time.time() + 10
    for name in (IMAGES, LABELS):
        os.utime(checkout.folder / "results/data/mnist" / name, (later, later))


def delete_the_files(checkout):
    shutil.rmtree(checkout.folder / "results/data/mnist")


@pytest.mark.parametrize("change", [name_other_mirrors, touch_the_files, delete_the_files])
def test_data_that_are_made_need_neither_mirrors_nor_files(checkout, change):
    assert checkout.jobs(RECORD) == {RUN}
    change(checkout)
    assert checkout.jobs(MANIFEST) == set()
    assert checkout.jobs(RECORD) == {RUN}


def test_an_altered_file_is_refused_and_not_kept(untouched, server):
    ask(untouched, server, "altered")
    result = untouched.snakemake(MANIFEST)
    assert result.returncode != 0
    for name in (IMAGES, LABELS):
        assert f"error: {name} (sha256 " in result.stdout
    assert f"{server.url}/altered: damaged: " in result.stdout
    assert sorted(server.requests) == [f"/altered/{name}.gz" for name in (IMAGES, LABELS)]
    assert not [p for p in (untouched.folder / "results/data").rglob("*") if not p.is_dir()]


def test_a_local_folder_goes_before_the_mirrors(untouched, server, files, tmp_path):
    ask(untouched, server, "ok")
    local = tmp_path / "my copies"
    local.mkdir()
    for name, content in files.items():
        (local / name).write_bytes(content)
    untouched.run(MANIFEST, MNIST_LOCAL=str(local))
    assert_whole(untouched, files)
    assert server.requests == []


def test_another_sum_fetches_the_file_and_makes_the_data_anew(checkout, files):
    sha256 = hashlib.sha256(files[LABELS]).hexdigest()
    checkout.edit("resources/mnist/SHA256SUMS", sha256, "0" * 64)
    assert checkout.jobs(RECORD) == {LABELS, "lab", RUN}


def test_an_edited_download_rule_drops_no_target(checkout):
    name = "--name $(basename"
    checkout.edit("workflow/rules/data.smk", name, name.replace(" ", "  "))
    assert checkout.jobs(RECORD) == {LABELS, IMAGES, "lab", RUN}


def test_data_of_one_s_own_are_fetched_and_checked(files, tmp_path):
    checkout = copy_of_the_repository(tmp_path / "checkout", files)
    mirror = tmp_path / "mirror"
    mirror.mkdir()
    for name, content in packed(files).items():
        (mirror / name).write_bytes(content)
    parts = {"images": IMAGES, "labels": LABELS}
    config = checkout.config()
    config["dataset"] = {
        "name": "own",
        "idx": parts,
        "sha256": {part: hashlib.sha256(files[name]).hexdigest() for part, name in parts.items()},
        "mirrors": [str(tmp_path / "nothing"), str(mirror)],
        "split": {"test_images": 1000, "random_state": 0},
        "threshold": 127,
        "image_shape": [28, 28],
        "classes": 10,
        "training_images": 9000,
    }
    checkout.configure(config)
    target = "results/data/own/manifest.json"
    checkout.run(target)
    folder = checkout.folder / "results/data/own"
    assert {path.name for path in folder.iterdir()} == {"arrays.npz", "manifest.json", "downloads"}
    assert {path.name: path.read_bytes() for path in (folder / "downloads").iterdir()} == files
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["arrays"]["train_images"]["shape"] == [9000, 784]
    assert "Nothing to be done" in checkout.run("-n", target)
    config["dataset"]["training_images"] = 8000
    checkout.configure(config)
    done = checkout.snakemake(target)
    assert "set training_images: 9000" in done.stdout
    config["dataset"] |= {"training_images": 9000, "threshold": 128}
    checkout.configure(config)
    assert checkout.jobs(target) == {"own"}
