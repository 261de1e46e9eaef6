"""Read images and labels from NumPy's archives."""

import zipfile
from math import prod

import numpy as np

from autoencoders.arrays import DAMAGE
from autoencoders.data.errors import DatasetError

# Keras' data sets are archives with these names.
OTHER_NAMES = {
    "train_images": "x_train",
    "train_labels": "y_train",
    "test_images": "x_test",
    "test_labels": "y_test",
}
MOST_COMPRESSED = 1100  # times; no deflated file is smaller


def read_npz(path, parts):
    """Return arrays of an archive by their names, the `parts`; nothing in it is unpickled.

    Raises
    ------
    DatasetError
        If the file is no archive, or an array is missing, pickled or damaged, or claims to be
        larger than its bytes can be.
    """
    arrays = {}
    try:
        with zipfile.ZipFile(path) as archive:
            members = {name.removesuffix(".npy"): name for name in archive.namelist()}
            for part in parts:
                name = part if part in members else OTHER_NAMES.get(part)
                if name not in members:
                    held = ", ".join(members) or "nothing"
                    raise DatasetError(
                        f"{path} has no array {part}; it has {held}. Rename the arrays, or add "
                        "`split:` to the data set if it has images and labels alone."
                    )
                arrays[part] = _read_array(archive, members[name])
    except DatasetError:
        raise
    except DAMAGE as error:
        reason = getattr(error, "strerror", None) or error
        raise DatasetError(
            f"{path} cannot be read as a .npz archive of numbers ({reason}); write it anew with "
            "numpy.savez_compressed."
        ) from error
    return arrays


def _read_array(archive, member):
    with archive.open(member) as file:
        version = np.lib.format.read_magic(file)
        read_header = getattr(np.lib.format, f"read_array_header_{version[0]}_{version[1]}")
        shape, _, dtype = read_header(file)
    # The array is allocated as the header says, before its bytes are read.
    claimed = prod(shape) * dtype.itemsize
    if dtype.hasobject or dtype.kind not in "buif":
        raise ValueError(f"{member} holds {dtype}, not numbers")
    if claimed > MOST_COMPRESSED * archive.getinfo(member).compress_size:
        raise ValueError(f"the header of {member} claims {claimed} bytes")
    with archive.open(member) as file:
        return np.lib.format.read_array(file, allow_pickle=False)
