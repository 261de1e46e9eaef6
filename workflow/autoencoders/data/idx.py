"""Read MNIST's IDX files.

Source: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits". A big-endian
magic number, one big-endian 32-bit size per dimension, then unsigned bytes.
"""

import math
import struct
from pathlib import Path

import numpy as np

IMAGES_MAGIC = 0x00000803
LABELS_MAGIC = 0x00000801
SIDE = 28


class IdxError(ValueError):
    """A file that is not the IDX file it should be."""


def read_images(path):
    """Return grey values from 0 (background) to 255, uint8 of shape (n_images, 28, 28)."""
    images = _read(path, IMAGES_MAGIC, "images")
    if images.shape[1:] != (SIDE, SIDE):
        size = " x ".join(map(str, images.shape[1:]))
        raise _error(path, f"images of {SIDE} x {SIDE} pixels were expected, not of {size}")
    return images


def read_labels(path):
    """Return digits from 0 to 9, uint8 of shape (n_images,)."""
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
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise _error(path, f"it cannot be read ({error.strerror})") from error
    header = struct.Struct(f">{1 + (magic & 0xFF)}I")
    if len(content) < header.size:
        held = f"but it holds {len(content)} bytes"
        raise _error(path, f"a header of {header.size} bytes was expected, {held}")
    found, *shape = header.unpack_from(content)
    if found != magic:
        expected = f"magic number {magic} (an IDX file of {what})"
        raise _error(path, f"{expected} was expected, not {found}")
    size, held = math.prod(shape), len(content) - header.size
    if held != size:
        expected = f"{size} bytes of data were expected for the {shape[0]} {what} of its header"
        raise _error(path, f"{expected}, but it holds {held}")
    return np.frombuffer(content, np.uint8, offset=header.size).reshape(shape)
