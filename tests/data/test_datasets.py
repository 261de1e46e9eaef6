import hashlib
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from autoencoders.arrays import load, save
from autoencoders.data.datasets import DatasetError, build_digits, build_lab, build_mnist
from idx_files import idx_bytes

REPOSITORY = Path(__file__).parents[2]
SCRIPT = REPOSITORY / "workflow" / "scripts" / "build_dataset.py"
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


def t10k(mnist):
    return mnist / "t10k-images-idx3-ubyte", mnist / "t10k-labels-idx1-ubyte"


def train(mnist):
    return mnist / "train-images-idx3-ubyte", mnist / "train-labels-idx1-ubyte"


def assert_binary(arrays, n_train, n_test):
    for part, n in [("train", n_train), ("test", n_test)]:
        assert arrays[f"{part}_images"].shape == (n, 784)
        assert arrays[f"{part}_labels"].shape == (n,)
        assert arrays[f"{part}_images"].dtype == arrays[f"{part}_labels"].dtype == np.uint8
        assert set(np.unique(arrays[f"{part}_images"])) == {0, 1}


def test_the_lab_takes_the_order_of_its_split(mnist, split):
    arrays, facts = build_lab(*t10k(mnist), split)
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
    arrays, _ = build_lab(*t10k(mnist), split)
    header, *lines = SPLIT.splitlines()
    split.write_text("\n".join([header, *reversed(lines)]) + "\n")
    turned, _ = build_lab(*t10k(mnist), split)
    for name, array in arrays.items():
        np.testing.assert_array_equal(turned[name], array)


def test_a_pixel_above_127_is_ink(mnist, split):
    arrays, facts = build_lab(*t10k(mnist), split)
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
        SPLIT.replace("t10k_index", "index"),
        "",
    ],
)
def test_a_damaged_split_is_named(mnist, split, text):
    split.write_text(text)
    with pytest.raises(DatasetError) as caught:
        build_lab(*t10k(mnist), split)
    assert str(split) in str(caught.value)
    assert "restore the file" in str(caught.value)


def test_mnist_keeps_its_files_apart(mnist):
    arrays, facts = build_mnist(*train(mnist), *t10k(mnist))
    assert_binary(arrays, 3, 5)
    np.testing.assert_array_equal(arrays["test_labels"], [5, 6, 7, 8, 9])
    np.testing.assert_array_equal(arrays["test_images"][:, :5], np.eye(5))
    assert facts["dataset"] == "mnist"
    assert facts["threshold"] == "pixel > 127"
    assert len(facts["sources"]) == 4


def test_images_and_labels_must_belong_together(mnist):
    images, labels = train(mnist)[0], t10k(mnist)[1]
    with pytest.raises(DatasetError, match=r"holds 3 images, but .* holds 5 labels"):
        build_mnist(images, labels, *t10k(mnist))


@pytest.fixture(scope="module")
def digits():
    return build_digits()


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
    again, facts = build_digits()
    for name, array in digits[0].items():
        np.testing.assert_array_equal(again[name], array)
    assert facts == digits[1]


def test_a_stored_set_tells_what_it_is(mnist, split, tmp_path):
    folder = tmp_path / "set"
    arrays, facts = build_lab(*t10k(mnist), split)
    save(folder / "arrays.npz", folder / "manifest.json", arrays, facts)
    stored = load(folder / "arrays.npz", folder / "manifest.json")
    for name, array in arrays.items():
        np.testing.assert_array_equal(stored[name], array)
    manifest = json.loads((folder / "manifest.json").read_text())
    assert set(manifest) == {"dataset", "title", "sources", "threshold", "split", "arrays"}
    assert str(tmp_path) not in (folder / "manifest.json").read_text()


def run(*arguments):
    return subprocess.run([sys.executable, SCRIPT, *arguments], capture_output=True, text=True)


def test_the_script_writes_the_same_bytes_every_time(mnist, split, tmp_path):
    for name in ("first", "second"):
        done = run(
            *("--dataset", "lab", "--files", *t10k(mnist), split),
            *("--output", tmp_path / name / "arrays.npz", tmp_path / name / "manifest.json"),
        )
        assert done.returncode == 0, done.stderr
    for file in ("arrays.npz", "manifest.json"):
        first, second = (tmp_path / name / file for name in ("first", "second"))
        assert first.read_bytes() == second.read_bytes()


def test_the_script_names_a_missing_file_without_a_traceback(split, tmp_path):
    done = run(
        *("--dataset", "lab", "--files", *t10k(tmp_path), split),
        *("--output", tmp_path / "set/arrays.npz", tmp_path / "set/manifest.json"),
    )
    assert done.returncode == 1
    assert done.stderr.startswith("error: ")
    assert "t10k-images-idx3-ubyte" in done.stderr
    assert not (tmp_path / "set").exists()


def test_the_script_says_which_argument_is_missing(tmp_path):
    done = run("--dataset", "lab", "--output", tmp_path / "arrays.npz", tmp_path / "manifest.json")
    assert done.returncode == 2
    assert "needs --files with t10k-images-idx3-ubyte, " in done.stderr
    assert "lab_split.csv, in this order" in done.stderr
