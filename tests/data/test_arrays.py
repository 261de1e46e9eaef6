"""A data set on disk: what was saved is loaded, and nothing else."""

import json
import zipfile

import numpy as np
import pytest

from autoencoders.arrays import NAMES, ArraysError, load, read_manifest, save
from autoencoders.files import write_json


@pytest.fixture
def place(tmp_path):
    """The paths of a small data set's arrays and manifest."""
    generator = np.random.default_rng(0)
    arrays = {}
    for part in ("train", "test"):
        arrays[f"{part}_images"] = generator.integers(0, 2, (20, 784), dtype=np.uint8)
        arrays[f"{part}_labels"] = generator.integers(0, 10, 20, dtype=np.uint8)
    paths = tmp_path / "arrays.npz", tmp_path / "manifest.json"
    save(*paths, arrays, {"dataset": "lab", "title": "a few images"})
    return paths


def refusal(place):
    with pytest.raises(ArraysError) as error:
        load(*place)
    assert "run `snakemake`" in str(error.value)
    return str(error.value)


def test_what_was_saved_is_loaded(place):
    arrays = load(*place)
    assert list(arrays) == list(NAMES)
    assert arrays["train_images"].shape == (20, 784)
    assert arrays["test_labels"].dtype == np.uint8


@pytest.mark.parametrize("kept", [0, 1, 100, 0.5, 0.99])
def test_truncated_arrays_are_named(place, kept):
    content = place[0].read_bytes()
    place[0].write_bytes(content[: kept if isinstance(kept, int) else int(kept * len(content))])
    assert "train_images is not what" in refusal(place)


def test_every_changed_byte_is_refused_or_changes_no_array(place):
    content, expected = place[0].read_bytes(), load(*place)
    for position in range(0, len(content), 37):
        changed = bytearray(content)
        changed[position] ^= 0xFF
        place[0].write_bytes(changed)
        try:
            arrays = load(*place)
        except ArraysError:
            continue
        for name in NAMES:
            np.testing.assert_array_equal(arrays[name], expected[name])


def test_other_arrays_are_refused(place):
    arrays = load(*place)
    np.savez(place[0], **{**arrays, "test_labels": arrays["test_labels"][::-1]})
    assert "test_labels is not what" in refusal(place)
    del arrays["test_labels"]
    np.savez(place[0], **arrays)
    assert "test_labels is not what" in refusal(place)


def test_a_pickle_is_never_loaded(place):
    """The bytes are those of a pickle that would call print."""
    np.savez(place[0], **{**load(*place), "train_images": np.array([print, None])})
    assert "train_images is not what" in refusal(place)


def test_a_header_that_claims_gigabytes_allocates_nothing(place, monkeypatch):
    header = "{'descr': '|u1', 'fortran_order': False, 'shape': (1000000000, 784), }"
    with zipfile.ZipFile(place[0], "w") as archive:
        length = len(header) + 1
        magic = b"\x93NUMPY\x01\x00" + length.to_bytes(2, "little")
        archive.writestr("train_images.npy", magic + header.encode() + b"\n")
    monkeypatch.setattr(np.lib.format, "read_array", lambda *_, **__: pytest.fail("it was read"))
    assert "train_images is not what" in refusal(place)


def test_missing_files_are_named(place):
    place[0].unlink()
    assert "arrays.npz is missing" in refusal(place)
    place[1].unlink()
    assert "manifest.json, the manifest of the data set, is missing" in refusal(place)


@pytest.mark.parametrize("text", ["", "{", "[]", "3", "null", '"title"', "\x00", "{}"])
def test_a_manifest_that_is_none_is_named(place, text):
    place[1].write_text(text)
    assert "manifest.json is no manifest of a data set" in refusal(place)


@pytest.mark.parametrize("missing", ["title", "dataset", "arrays"])
def test_a_manifest_without_a_fact_is_named(place, missing):
    manifest = json.loads(place[1].read_text())
    del manifest[missing]
    write_json(place[1], manifest)
    with pytest.raises(ArraysError, match="is no manifest of a data set"):
        read_manifest(place[1])


@pytest.mark.parametrize("described", [{}, [], None, {"shape": [20, 784]}])
def test_a_manifest_that_does_not_describe_an_array_is_named(place, described):
    manifest = json.loads(place[1].read_text())
    manifest["arrays"]["train_images"] = described
    write_json(place[1], manifest)
    assert "train_images is not what" in refusal(place)
