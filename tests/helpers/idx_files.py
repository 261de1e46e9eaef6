"""Small IDX files for the tests, right and wrong."""

import struct


def idx_bytes(array, magic=None, shape=None):
    """Return an array as an IDX file's content; another magic number or shape can be claimed."""
    magic = 0x800 + array.ndim if magic is None else magic
    shape = array.shape if shape is None else shape
    return struct.pack(f">{1 + len(shape)}I", magic, *shape) + array.tobytes()
