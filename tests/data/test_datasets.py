import dataclasses
import gzip
import hashlib
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from autoencoders.arrays import load, save
from autoencoders.data.dataset_catalog import DATASETS, DataSet
from autoencoders.data.datasets import build
from autoencoders.data.errors import DatasetError
from autoencoders.files import canonical_json
from idx_files import idx_bytes

REPOSITORY = Path(__file__).parents[2]
SCRIPT = REPOSITORY / "workflow" / "scripts" / "build_dataset.py"
LAB = json.dumps({**dataclasses.asdict(DATASETS["lab"]), "training_images": 3})
SPLIT = "split,row,t10k_index\ntrain,0,2\ntrain,1,0\ntrain,2,4\ntest,0,3\ntest,1,1\n"


@pytest.fixture
def images():
    """Five grey images; the first pixels of each tell which one it is, and the threshold."""
    images = np.zeros((5, 28, 28), np.uint8)
    for i in range(5):
        images[i, 0, i] = 255
        images[i, 1, :4] = [126, 127, 128, 129]
    return images


@pytest.fixture
def mnist(tmp_path, images):
    """Return a folder of small files with MNIST's names."""
    folder = tmp_path / "mnist"
    folder.mkdir()
    labels = np.array([5, 6, 7, 8, 9], np.uint8)
    for part, n in [("train", 3), ("t10k", 5)]:
        (folder / f"{part}-images-idx3-ubyte").write_bytes(idx_bytes(images[:n]))
        (folder / f"{part}-labels-idx1-ubyte").write_bytes(idx_bytes(labels[:n]))
    return folder


@pytest.fixture
def split(tmp_path):
    path = tmp_path / "split.csv"
    path.write_text(SPLIT)
    return path


def build_lab(mnist, split):
    """Build the lab's data set of five images, of which three are for training."""
    files = {part: mnist / name for part, name in DATASETS["lab"].files.items()}
    return build(dataclasses.replace(DATASETS["lab"], training_images=3), files, split)


def build_mnist(mnist):
    files = {part: mnist / name for part, name in DATASETS["mnist"].files.items()}
    return build(dataclasses.replace(DATASETS["mnist"], training_images=3), files)


def assert_binary(arrays, n_train, n_test):
    for part, n in [("train", n_train), ("test", n_test)]:
        assert arrays[f"{part}_images"].shape == (n, 784)
        assert arrays[f"{part}_labels"].shape == (n,)
        assert arrays[f"{part}_images"].dtype == arrays[f"{part}_labels"].dtype == np.uint8
        assert set(np.unique(arrays[f"{part}_images"])) == {0, 1}


def test_the_lab_takes_the_order_of_its_split(mnist, split):
    arrays, facts = build_lab(mnist, split)
    assert_binary(arrays, 3, 2)
    np.testing.assert_array_equal(arrays["train_images"][:, :5].argmax(axis=1), [2, 0, 4])
    np.testing.assert_array_equal(arrays["test_images"][:, :5].argmax(axis=1), [3, 1])
    np.testing.assert_array_equal(arrays["train_labels"], [7, 5, 9])
    np.testing.assert_array_equal(arrays["test_labels"], [8, 6])
    assert facts["dataset"] == "lab"
    assert "3 + 2" in facts["title"]
    assert [source["name"] for source in facts["sources"]] == [
        "t10k-images-idx3-ubyte",
        "t10k-labels-idx1-ubyte",
        "split.csv",
    ]
    assert facts["sources"][2]["sha256"] == hashlib.sha256(SPLIT.encode()).hexdigest()


def test_the_order_of_the_lines_does_not_matter(mnist, split):
    arrays, _ = build_lab(mnist, split)
    header, *lines = SPLIT.splitlines()
    split.write_text("\n".join([header, *reversed(lines)]) + "\n")
    turned, _ = build_lab(mnist, split)
    for name, array in arrays.items():
        np.testing.assert_array_equal(turned[name], array)


def test_a_pixel_above_127_is_ink(mnist, split):
    arrays, facts = build_lab(mnist, split)
    np.testing.assert_array_equal(arrays["train_images"][:, 28:32], [[0, 0, 1, 1]] * 3)
    assert facts["threshold"] == "pixel > 127"


@pytest.mark.parametrize(
    "text",
    [
        SPLIT.replace("test,1,1\n", ""),
        SPLIT.replace("test,1,1", "test,1,3"),
        SPLIT.replace("test,1,1", "test,1,5"),
        SPLIT.replace("test,1,1", "test,1,-1"),
        SPLIT.replace("test,1,1", "test,2,1"),
        SPLIT.replace("test,1,1", "test,0,1"),
        SPLIT + "test,1,1\n",
        SPLIT.replace("test,1,1", "test,1,one"),
        SPLIT.replace("test,1,1", "test,1"),
        SPLIT.replace("test,1,1", "validation,0,1"),
        SPLIT.replace("t10k_index", "image"),
        "",
    ],
)
def test_a_damaged_split_is_named(mnist, split, text):
    split.write_text(text)
    with pytest.raises(DatasetError) as caught:
        build_lab(mnist, split)
    assert str(split) in str(caught.value)
    assert "restore the file" in str(caught.value)


def test_mnist_keeps_its_files_apart(mnist):
    arrays, facts = build_mnist(mnist)
    assert_binary(arrays, 3, 5)
    np.testing.assert_array_equal(arrays["test_labels"], [5, 6, 7, 8, 9])
    np.testing.assert_array_equal(arrays["test_images"][:, :5], np.eye(5))
    assert facts["dataset"] == "mnist"
    assert facts["threshold"] == "pixel > 127"
    assert len(facts["sources"]) == 4


def test_images_and_labels_must_belong_together(mnist):
    labels = (mnist / "t10k-labels-idx1-ubyte").read_bytes()
    (mnist / "train-labels-idx1-ubyte").write_bytes(labels)
    with pytest.raises(DatasetError, match=r"holds 3 images, but .* holds 5 labels"):
        build_mnist(mnist)


@pytest.fixture(scope="module")
def digits():
    return build(DATASETS["digits"], {})


def test_digits_are_1437_and_360_stratified(digits):
    arrays, facts = digits
    assert_binary(arrays, 1437, 360)
    shares = [np.bincount(arrays[f"{part}_labels"]) for part in ("train", "test")]
    assert len(shares[0]) == 10
    np.testing.assert_allclose(shares[0] / 1437, shares[1] / 360, atol=0.002)
    assert facts["dataset"] == "digits"
    assert [source["name"] for source in facts["sources"]] == ["scikit-learn load_digits"]


def test_digits_lie_in_the_middle_20_by_20(digits):
    images = np.concatenate([digits[0]["train_images"], digits[0]["test_images"]])
    inked = images.reshape(-1, 28, 28).any(axis=0)
    assert not inked[:4].any()
    assert not inked[24:].any()
    assert not inked[:, :4].any()
    assert not inked[:, 24:].any()
    assert inked[4].any()
    assert inked[23].any()
    # About as much ink as the lab's images have.
    assert 0.1 < images.mean() < 0.25


def test_digits_still_look_like_their_sources(digits):
    """Coarsened to 4 x 4, nearly each is closest to a source image of its own class."""
    from sklearn.datasets import load_digits

    sources = load_digits()
    inner = digits[0]["test_images"].reshape(-1, 28, 28)[:, 4:24, 4:24].astype(float)
    coarse = inner.reshape(-1, 4, 5, 4, 5).mean(axis=(2, 4)).reshape(-1, 16)
    averaged = sources.images.reshape(-1, 4, 2, 4, 2).mean(axis=(2, 4)).reshape(-1, 16) / 16
    nearest = ((coarse[:, None] - averaged[None]) ** 2).sum(axis=-1).argmin(axis=1)
    assert (sources.target[nearest] == digits[0]["test_labels"]).mean() > 0.95


def test_digits_are_the_same_every_time(digits):
    again, facts = build(DATASETS["digits"], {})
    for name, array in digits[0].items():
        np.testing.assert_array_equal(again[name], array)
    assert facts == digits[1]


def test_a_stored_set_tells_what_it_is(mnist, split, tmp_path):
    folder = tmp_path / "set"
    arrays, facts = build_lab(mnist, split)
    save(folder / "arrays.npz", folder / "manifest.json", arrays, facts)
    stored = load(folder / "arrays.npz", folder / "manifest.json")
    for name, array in arrays.items():
        np.testing.assert_array_equal(stored[name], array)
    manifest = json.loads((folder / "manifest.json").read_text())
    facts = {"dataset", "title", "image_shape", "classes", "sources", "threshold", "split"}
    assert set(manifest) == facts | {"arrays"}
    assert str(tmp_path) not in (folder / "manifest.json").read_text()


def run(*arguments):
    return subprocess.run([sys.executable, SCRIPT, *arguments], capture_output=True, text=True)


def test_the_script_writes_the_same_bytes_every_time(mnist, split, tmp_path):
    for name in ("first", "second"):
        done = run(
            *("--dataset", LAB, "--files", *sorted(mnist.glob("t10k*")), "--split", split),
            *("--output", tmp_path / name / "arrays.npz", tmp_path / name / "manifest.json"),
        )
        assert done.returncode == 0, done.stderr
    for file in ("arrays.npz", "manifest.json"):
        first, second = (tmp_path / name / file for name in ("first", "second"))
        assert first.read_bytes() == second.read_bytes()


def test_the_script_takes_files_in_the_order_of_their_parts(mnist, tmp_path):
    dataset = dataclasses.replace(DATASETS["mnist"], training_images=3)
    files = [mnist / name for name in dataset.files.values()]
    made = tmp_path / "set/arrays.npz", tmp_path / "set/manifest.json"
    described = canonical_json(dataclasses.asdict(dataset))  # as the rule passes it
    done = run("--dataset", described, "--files", *files, "--split", "--output", *made)
    assert done.returncode == 0, done.stderr
    for name, array in load(*made).items():
        np.testing.assert_array_equal(array, build_mnist(mnist)[0][name])


def test_the_script_names_a_missing_file_without_a_traceback(split, tmp_path):
    done = run(
        *("--dataset", LAB, "--files", tmp_path / "t10k-images-idx3-ubyte", tmp_path / "labels"),
        *("--split", split),
        *("--output", tmp_path / "set/arrays.npz", tmp_path / "set/manifest.json"),
    )
    assert done.returncode == 1
    assert done.stderr.startswith("error: ")
    assert "t10k-images-idx3-ubyte" in done.stderr
    assert not (tmp_path / "set").exists()


OWN = {
    "name": "own",
    "title": "Own: {sizes}",
    "threshold": 0.5,
    "image_shape": [2, 3],
    "classes": 4,
    "training_images": 6,
}


def own_arrays():
    """Return 8 images of 2 x 3 pixels, each with its number in binary; two of each of 4 classes."""
    numbers = np.arange(8)
    bits = (numbers[:, None] >> np.arange(6)) & 1
    return bits.reshape(8, 2, 3).astype(np.float32), numbers % 4


def write_npz(path, **changes):
    images, labels = own_arrays()
    arrays = {
        "train_images": images[:6],
        "train_labels": labels[:6],
        "test_images": images[6:],
        "test_labels": labels[6:],
        **changes,
    }
    np.savez_compressed(path, **{name: each for name, each in arrays.items() if each is not None})


def build_npz(path, **changes):
    return build(DataSet(npz=str(path), **{**OWN, **changes}), {"npz": path})


@pytest.mark.parametrize("shape", [(2, 3), (6,)])
@pytest.mark.parametrize("dtype", [np.float64, np.uint8, np.int32, np.bool_])
def test_an_archive_of_any_shape_of_image(tmp_path, dtype, shape):
    images, labels = own_arrays()
    images = images.reshape(8, *shape).astype(dtype)
    write_npz(tmp_path / "own.npz", train_images=images[:6], test_images=images[6:])
    arrays, facts = build_npz(tmp_path / "own.npz")
    assert arrays["train_images"].shape == (6, 6)
    assert arrays["train_images"].dtype == np.uint8
    np.testing.assert_array_equal(arrays["train_images"] @ (1 << np.arange(6)), range(6))
    np.testing.assert_array_equal(arrays["test_images"] @ (1 << np.arange(6)), [6, 7])
    np.testing.assert_array_equal(arrays["test_labels"], labels[6:])
    assert facts["title"] == "Own: 6 + 2"
    assert facts["threshold"] == "pixel > 0.5"
    assert (facts["image_shape"], facts["classes"]) == ([2, 3], 4)


def test_an_archive_with_the_names_of_keras(tmp_path):
    images, labels = own_arrays()
    path = tmp_path / "own.npz"
    parts = {"x_train": images[:6], "y_train": labels[:6, None], "x_test": images[6:]}
    np.savez(path, **parts, y_test=labels[6:])
    arrays, _ = build_npz(path)
    np.testing.assert_array_equal(arrays["train_labels"], labels[:6])


def test_images_without_test_images_are_split_by_class(tmp_path):
    images, labels = own_arrays()
    np.savez(tmp_path / "own.npz", images=images, labels=labels)
    split = {"test_images": 4, "random_state": 0}
    arrays, facts = build_npz(tmp_path / "own.npz", split=split, training_images=4)
    numbers = np.concatenate([arrays["train_images"], arrays["test_images"]]) @ (1 << np.arange(6))
    assert sorted(numbers) == list(range(8))
    np.testing.assert_array_equal(numbers[:4] % 4, arrays["train_labels"])
    for part in ("train", "test"):
        assert sorted(arrays[f"{part}_labels"]) == [0, 1, 2, 3]
    assert facts["split"] == "stratified by class, 4 test images, random state 0"
    with pytest.raises(DatasetError, match="3 of 8 images cannot be taken for testing"):
        build_npz(tmp_path / "own.npz", split={"test_images": 3, "random_state": 0})


def test_a_compressed_file_is_read_and_its_content_checked(tmp_path, mnist):
    files = {}
    for part, name in DATASETS["mnist"].files.items():
        files[part] = tmp_path / f"{name}.gz"
        files[part].write_bytes(gzip.compress((mnist / name).read_bytes()))
    sha256 = hashlib.sha256((mnist / "t10k-labels-idx1-ubyte").read_bytes()).hexdigest()
    declared = dataclasses.replace(
        DATASETS["mnist"], training_images=3, sha256={"test_labels": sha256}
    )
    arrays, facts = build(declared, files)
    for name, array in build_mnist(mnist)[0].items():
        np.testing.assert_array_equal(arrays[name], array)
    assert facts["sources"][1]["sha256"] == sha256
    wrong = dataclasses.replace(declared, sha256={"test_images": sha256})
    with pytest.raises(DatasetError, match=f"t10k-images.*instead of {sha256}"):
        build(wrong, files)


NAN = np.full((6, 2, 3), np.nan)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"train_images": None}, "has no array train_images; it has train_labels, test_images"),
        (
            {"train_images": np.zeros((6, 3, 3))},
            "images of 2 x 3 pixels were expected, not of 3 x 3",
        ),
        ({"train_images": np.zeros(6)}, "images of 2 x 3 pixels were expected, not of 1"),
        ({"train_images": np.full((6, 2, 3), 256)}, "pixels from 0 to 255 were expected"),
        ({"train_images": np.full((6, 2, 3), -1)}, "pixels from 0 to 255 were expected"),
        ({"train_images": NAN}, "some are not a number"),
        ({"train_images": NAN + np.inf}, "some are not a number"),
        ({"train_images": np.full((6, 2, 3), np.inf)}, "some are outside"),
        ({"train_images": np.zeros((5, 2, 3))}, "holds 5 images, but .* holds 6 labels"),
        ({"train_images": np.full((6, 2, 3), "a")}, "holds <U1, not numbers"),
        ({"train_images": np.full((6, 2, 3), None)}, "holds object, not numbers"),
        ({"train_labels": np.full(6, 4)}, "labels from 0 to 3 were expected, but one is 4"),
        ({"train_labels": np.full(6, -1)}, "labels from 0 to 3 were expected, but one is -1"),
        ({"train_labels": np.zeros(6)}, "one whole number per image was expected, not float64"),
        ({"train_labels": np.eye(6, 4, dtype=int)}, "not int64 of the shape"),
        (
            {"test_images": np.zeros((0, 2, 3)), "test_labels": np.zeros(0, int)},
            "6 training images and 0 test images",
        ),
    ],
)
def test_what_is_wrong_with_an_archive_is_named(tmp_path, changes, problem):
    write_npz(tmp_path / "own.npz", **changes)
    with pytest.raises(DatasetError, match=problem) as caught:
        build_npz(tmp_path / "own.npz")
    assert str(tmp_path / "own.npz") in str(caught.value) or "own has" in str(caught.value)


def test_another_number_of_images_than_declared_is_named(tmp_path):
    write_npz(tmp_path / "own.npz")
    with pytest.raises(DatasetError, match="training_images is 7; set training_images: 6"):
        build_npz(tmp_path / "own.npz", training_images=7)


def test_an_archive_cannot_claim_what_it_does_not_hold(tmp_path):
    path = tmp_path / "own.npz"
    write_npz(path)
    images = np.zeros((6, 2, 3))
    huge = np.lib.format.header_data_from_array_1_0(images) | {"shape": (10**12, 2, 3)}
    with zipfile.ZipFile(path, "w") as archive, archive.open("train_images.npy", "w") as file:
        np.lib.format.write_array_header_1_0(file, huge)
        file.write(images.tobytes())
    with pytest.raises(DatasetError, match="claims 48000000000000 bytes"):
        build_npz(path)


def test_what_is_no_archive_is_named(tmp_path):
    path = tmp_path / "own.npz"
    path.write_bytes(b"PK no archive")
    with pytest.raises(DatasetError, match=r"cannot be read as a .npz archive of numbers"):
        build_npz(path)
