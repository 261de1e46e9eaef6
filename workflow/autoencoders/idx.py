"""Read MNIST's gzip-compressed IDX files.

References
----------
Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits": a big-endian magic
number, one big-endian 32-bit size per dimension, then unsigned bytes.
"""

import gzip
import math
import struct
import zlib

import numpy as np

IMAGES_MAGIC = 0x00000803
LABELS_MAGIC = 0x00000801
SIDE = 28


class IdxError(ValueError):
    """A file that is not the IDX file it should be."""


def read_images(path):
    """Read a gzip-compressed IDX file of images.

    Parameters
    ----------
    path : path-like
        Such as `t10k-images-idx3-ubyte.gz`.

    Returns
    -------
    ndarray of shape (n_images, 28, 28), uint8
        Grey values from 0 (background) to 255.

    Raises
    ------
    IdxError
        If the file is missing, no gzip file, has another magic number or image size, or more
        or less data than its header says.
    """
    images = _read(path, IMAGES_MAGIC, "images")
    if images.shape[1:] != (SIDE, SIDE):
        size = " x ".join(str(length) for length in images.shape[1:])
        raise _error(path, f"images of {SIDE} x {SIDE} pixels were expected, not of {size}")
    return images


def read_labels(path):
    """Read a gzip-compressed IDX file of labels.

    Parameters
    ----------
    path : path-like
        Such as `t10k-labels-idx1-ubyte.gz`.

    Returns
    -------
    ndarray of shape (n_images,), uint8
        Digits from 0 to 9.

    Raises
    ------
    IdxError
        As `read_images`, and if a label is above 9.
    """
    labels = _read(path, LABELS_MAGIC, "labels")
    if labels.size and labels.max() > 9:
        raise _error(path, f"labels from 0 to 9 were expected, but one is {labels.max()}")
    return labels


def _error(path, problem):
    return IdxError(
        f"{path}: {problem}; remove the file and run again to fetch it anew, "
        "or give a folder with intact MNIST files."
    )


def _read(path, magic, what):
    """Return the array in the file, its number of dimensions given by the magic number."""
    content = _unpack(path)
    dimensions = magic & 0xFF
    header = struct.Struct(f">{1 + dimensions}I")
    if len(content) < header.size:
        raise _error(
            path,
            f"a header of {header.size} bytes was expected, but it holds {len(content)} bytes",
        )
    found, *shape = header.unpack_from(content)
    if found != magic:
        raise _error(
            path, f"magic number {magic} (an IDX file of {what}) was expected, not {found}"
        )
    expected, given = math.prod(shape), len(content) - header.size
    if given != expected:
        raise _error(
            path,
            f"{expected} bytes of data were expected for the {shape[0]} {what} of its header, "
            f"but it holds {given}",
        )
    return np.frombuffer(content, np.uint8, offset=header.size).reshape(shape)


def _unpack(path):
    try:
        with gzip.open(path) as file:
            return file.read()
    except FileNotFoundError:
        raise _error(path, "a gzip file was expected, but there is no such file") from None
    except (OSError, EOFError, zlib.error) as error:
        raise _error(
            path, f"a gzip file was expected, but it cannot be unpacked ({error})"
        ) from error
