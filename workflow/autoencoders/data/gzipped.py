"""Files that may be compressed by gzip, whatever their name."""

import gzip
import hashlib


def open_uncompressed(path):
    """Open a file's content, uncompressed, for reading bytes."""
    with open(path, "rb") as file:
        compressed = file.read(2) == b"\x1f\x8b"
    return (gzip.open if compressed else open)(path, "rb")


def sha256_of_content(path):
    """Return the sha256 of a file's content, uncompressed, as 64 hexadecimal digits."""
    with open_uncompressed(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
