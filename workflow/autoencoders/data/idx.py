"""Read files of MNIST's format, IDX.

Source: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits". A big-endian
magic number, one big-endian 32-bit size per dimension, then unsigned bytes.
"""

import math
import struct
import zlib

import numpy as np

from autoencoders.data.errors import DatasetError
from autoencoders.data.gzipped import open_uncompressed

MAGIC = {"images": 0x00000803, "labels": 0x00000801}
LARGEST = 10**10  # bytes, uncompressed


def read_idx(path, what):
    """Return the uint8 array in a file, which may be compressed by gzip.

    Parameters
    ----------
    path : path-like
    what : {"images", "labels"}
        Images have the shape (n_images, height, width), labels (n_images,).

    Raises
    ------
    DatasetError
        If the file is not what it should be; it is read no further than its header says.
    """
    try:
        with open_uncompressed(path) as file:
            return _read(file, path, what)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or error
        raise DatasetError(f"{path}: it cannot be read ({reason}); give an intact file.") from error


def _read(file, path, what):
    header = struct.Struct(f">{1 + (MAGIC[what] & 0xFF)}I")
    start = file.read(header.size)
    if len(start) < header.size:
        held = f"but it holds {len(start)} bytes"
        raise _error(path, f"a header of {header.size} bytes was expected, {held}")
    found, *shape = header.unpack(start)
    if found != MAGIC[what]:
        expected = f"magic number {MAGIC[what]} (an IDX file of {what})"
        raise _error(path, f"{expected} was expected, not {found}")
    size = math.prod(shape)
    if size > LARGEST:
        raise _error(path, f"its header claims {size} bytes, more than the {LARGEST} allowed")
    # In pieces, so that nothing is allocated for bytes that are not there; one more is noticed.
    content = bytearray()
    while len(content) <= size and (piece := file.read(min(2**20, size + 1 - len(content)))):
        content += piece
    if len(content) != size:
        expected = f"{size} bytes of data were expected for the {shape[0]} {what} of its header"
        held = "more" if len(content) > size else len(content)
        raise _error(path, f"{expected}, but it holds {held}")
    return np.frombuffer(content, np.uint8).reshape(shape)


def _error(path, problem):
    return DatasetError(f"{path}: {problem}; give an intact file.")
