"""Any bytes in the place of a file are read rightly, or refused in one sentence."""

import gzip
import hashlib
import io
import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import synthetic
from autoencoders import arrays
from autoencoders.data.dataset_catalog import DATASETS, DataSet
from autoencoders.data.datasets import build
from autoencoders.data.download import DownloadError, download
from autoencoders.data.errors import DatasetError
from autoencoders.data.idx import read_idx
from autoencoders.files import write_checksums
from autoencoders.runs.integrity import RunsError, require_checksums
from autoencoders.runs.reading import read_runs
from idx_files import idx_bytes

IMAGES = np.arange(3 * 28 * 28, dtype=np.uint64).astype(np.uint8).reshape(3, 28, 28)
LABELS = np.array([0, 9, 5], np.uint8)
JSON_VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda values: (
        st.lists(values, max_size=3) | st.dictionaries(st.text(max_size=5), values, max_size=3)
    ),
    max_leaves=6,
)


@st.composite
def altered(draw, content):
    """Return bytes with some overwritten, removed or added, or other bytes altogether."""
    content = bytearray(content)
    for _ in range(draw(st.integers(0, 4))):
        position = draw(st.integers(0, len(content)))
        length = draw(st.integers(0, 20))
        content[position : position + length] = draw(st.binary(max_size=20))
    if draw(st.booleans()):
        content = content[: draw(st.integers(0, len(content)))]
    return draw(st.one_of(st.just(bytes(content)), st.binary(max_size=200)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("files")


@pytest.mark.parametrize(("what", "whole"), [("images", IMAGES), ("labels", LABELS)])
@given(data=st.data())
def test_idx_files(folder, what, whole, data):
    path, content = folder / "idx", data.draw(altered(idx_bytes(whole)))
    path.write_bytes(content)
    try:
        array = read_idx(path, what)
    except DatasetError as error:
        assert str(path) in str(error)
    else:
        assert idx_bytes(array) == content


@given(altered(gzip.compress(idx_bytes(LABELS), mtime=0)))
def test_a_compressed_local_copy(folder, content):
    source, made = folder / "source", folder / "made" / "labels"
    source.mkdir(exist_ok=True)
    (source / "labels.gz").write_bytes(content)
    shutil.rmtree(made.parent, ignore_errors=True)
    sha256 = hashlib.sha256(idx_bytes(LABELS)).hexdigest()
    try:
        download("labels", sha256, [str(source)], made, largest=10**6)
    except DownloadError:
        assert list(made.parent.iterdir()) == []
    else:
        assert made.read_bytes() == idx_bytes(LABELS)


@pytest.fixture(scope="module")
def data_set(folder):
    """The paths of a small data set's arrays and manifest, with their content."""
    generator, made = np.random.default_rng(0), {}
    for part, n in (("train", 4), ("test", 2)):
        made[f"{part}_images"] = generator.integers(2, size=(n, 784), dtype=np.uint8)
        made[f"{part}_labels"] = generator.integers(10, size=n, dtype=np.uint8)
    paths = folder / "arrays.npz", folder / "manifest.json"
    arrays.save(*paths, made, {"dataset": "lab", "title": "made-up images"})
    return paths, [path.read_bytes() for path in paths], made


def load_or_refuse(data_set, contents):
    paths, _, made = data_set
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)
    try:
        loaded = arrays.load(*paths)
    except arrays.ArraysError as error:
        assert str(paths[1]) in str(error)
    else:
        assert all(np.array_equal(loaded[name], made[name]) for name in made)


@given(st.data())
def test_the_arrays_of_a_data_set(data_set, data):
    _, (packed, manifest), _ = data_set
    load_or_refuse(data_set, [data.draw(altered(packed)), manifest])


@given(st.data())
def test_the_manifest_of_a_data_set(data_set, data):
    _, (packed, manifest), _ = data_set
    load_or_refuse(data_set, [packed, data.draw(altered(manifest))])


@given(st.data())
def test_values_of_the_manifest(data_set, data):
    _, (packed, manifest), _ = data_set
    value = json.loads(manifest)
    section = data.draw(st.sampled_from([value, value["arrays"], value["arrays"]["test_labels"]]))
    section[data.draw(st.sampled_from(sorted(section)))] = data.draw(JSON_VALUES)
    load_or_refuse(data_set, [packed, json.dumps(value).encode()])


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    configurations = synthetic.under_complete([4])
    return synthetic.write_results(tmp_path_factory.mktemp("results"), configurations)


@given(st.data())
def test_the_files_of_a_run(place, data):
    name = "autoencoder/relu-4"
    block = place.results / "runs" / name / "seeds-0-1"
    path = block / data.draw(st.sampled_from(["run.json", "history.csv", "weights.npz"]))
    whole = path.read_bytes()
    content = data.draw(altered(whole))
    path.write_bytes(content)
    try:
        asked = [place.configurations[name]]
        needs = ("history.csv", "weights.npz")
        runs, gaps = read_runs(asked, place.manifest, place.results, needs)
    finally:
        path.write_bytes(whole)
    assert (name in gaps) == (content != whole and not same_json(content, whole))
    assert (name in runs) == (name not in gaps)


def same_json(content, whole):
    """Return whether bytes hold the same JSON, as white space means nothing."""
    try:
        return json.loads(content) == json.loads(whole)
    except ValueError:
        return False


@given(st.data())
def test_a_table_and_its_checksum(folder, data):
    path = folder / "table1.csv"
    path.write_text("network,n\nrelu,3\n")
    write_checksums(path)
    damaged = data.draw(st.sampled_from([path, folder / "table1.csv.sha256"]))
    whole = damaged.read_bytes()
    damaged.write_bytes(data.draw(altered(whole)))
    try:
        require_checksums(path)
    except RunsError as error:
        assert str(path) in str(error) or "is missing" in str(error)
    else:
        assert path.read_text() == "network,n\nrelu,3\n"


SPLIT = "split,row,t10k_index\ntrain,0,1\ntrain,1,0\ntest,0,2\n"


@given(altered(SPLIT.encode()))
def test_the_split_of_the_lab(folder, content):
    files, split = {"images": folder / "images", "labels": folder / "labels"}, folder / "split.csv"
    files["images"].write_bytes(idx_bytes(IMAGES))
    files["labels"].write_bytes(idx_bytes(LABELS))
    split.write_bytes(content)
    try:
        made, _ = build(replace(DATASETS["lab"], training_images=2), files, split)
    except DatasetError as error:
        assert (
            str(split) in str(error) or "2 training images" in str(error) or "lab has" in str(error)
        )
    else:
        assert made["train_images"].shape[0] + made["test_images"].shape[0] == 3


def own_archive():
    content = io.BytesIO()
    arrays = {"train_images": IMAGES, "train_labels": LABELS}
    np.savez(content, **arrays, test_images=IMAGES, test_labels=LABELS)
    return content.getvalue()


@given(altered(own_archive()))
def test_an_archive_of_one_s_own(folder, content):
    path = folder / "own.npz"
    path.write_bytes(content)
    facts = {"threshold": 127, "image_shape": [28, 28], "classes": 10, "training_images": 3}
    try:
        made, _ = build(DataSet(name="own", title="own", npz=path, **facts), {"npz": path})
    except DatasetError as error:
        assert str(path) in str(error)
    else:
        assert made["train_images"].shape == (3, 784)
