import gzip
from functools import partial

import numpy as np
import pytest

from autoencoders.data.errors import DatasetError
from autoencoders.data.idx import read_idx
from idx_files import idx_bytes

IMAGES = np.arange(3 * 28 * 28, dtype=np.uint64).astype(np.uint8).reshape(3, 28, 28)
LABELS = np.array([0, 9, 5], np.uint8)
read_images, read_labels = partial(read_idx, what="images"), partial(read_idx, what="labels")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "some-idx-ubyte"


def test_images_are_read(path):
    path.write_bytes(idx_bytes(IMAGES))
    images = read_images(path)
    assert images.dtype == np.uint8
    np.testing.assert_array_equal(images, IMAGES)


def test_labels_are_read(path):
    path.write_bytes(idx_bytes(LABELS))
    labels = read_labels(path)
    assert labels.dtype == np.uint8
    np.testing.assert_array_equal(labels, LABELS)


@pytest.mark.parametrize(
    ("read", "content", "problem"),
    [
        (read_images, idx_bytes(LABELS), "a header of 16 bytes was expected, but it holds 11"),
        (read_images, b"", "a header of 16 bytes was expected, but it holds 0 bytes"),
        (read_labels, idx_bytes(IMAGES), "magic number 2049 (an IDX file of labels) was expected"),
        (read_images, idx_bytes(IMAGES, magic=2052), "magic number 2051 (an IDX file of images)"),
        (read_images, idx_bytes(IMAGES)[:-1], "2352 bytes of data were expected"),
        (read_images, idx_bytes(IMAGES)[:-1], "for the 3 images of its header, but it holds 2351"),
        (read_labels, idx_bytes(LABELS, shape=(4,)), "4 bytes of data were expected"),
        (read_labels, idx_bytes(LABELS) + b"\0", "but it holds more"),
        (read_images, gzip.compress(idx_bytes(IMAGES))[:-20], "it cannot be read"),
        (read_labels, idx_bytes(LABELS, shape=(2**32 - 1,)), "4294967295 bytes of data were"),
        (read_images, idx_bytes(IMAGES, shape=(2**30, 28, 28)), "more than the 10000000000"),
    ],
)
def test_wrong_content_is_named(path, read, content, problem):
    path.write_bytes(content)
    with pytest.raises(DatasetError) as caught:
        read(path)
    assert problem in str(caught.value)
    assert str(path) in str(caught.value)
    assert "give an intact file" in str(caught.value)


def test_a_missing_file_is_named(path):
    with pytest.raises(DatasetError, match=r"it cannot be read \(No such file or directory\)"):
        read_labels(path)
