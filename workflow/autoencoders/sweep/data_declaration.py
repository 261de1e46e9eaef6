"""The data set that the configuration names, or describes as data of one's own."""

from autoencoders.arrays import NAMES
from autoencoders.data.dataset_catalog import DATASETS, DataSet
from autoencoders.sweep.checking import ConfigError

WHOLE = ("images", "labels")  # the files of a data set that has yet to be split


def read_dataset(value):
    """Return the DataSet of the checked `dataset:` of a configuration, a name or a mapping.

    A ConfigError says what no single key of the mapping can tell.
    """
    if isinstance(value, str):
        return DATASETS[value]
    dataset = DataSet(**{"title": f"{{sizes}} images of {value['name']}", **value})
    if dataset.name in DATASETS:
        raise ConfigError(f"dataset.name is {dataset.name}, a known data set; choose another name.")
    if bool(dataset.npz) == bool(dataset.idx):
        raise ConfigError(
            "dataset needs either idx or npz, one of the two, to say where images are."
        )
    if dataset.idx:
        needed = NAMES if dataset.split is None else WHOLE
        if set(dataset.idx) != set(needed):
            raise ConfigError(
                f"dataset.idx names {', '.join(dataset.idx)}, but {', '.join(needed)} are needed "
                f"{'with' if dataset.split else 'without'} dataset.split."
            )
    unknown = [part for part in dataset.sha256 if part not in dataset.files]
    if unknown:
        raise ConfigError(
            f"dataset.sha256 names {unknown[0]}, which is none of the data set's files: "
            f"{', '.join(dataset.files)}."
        )
    for part, name in dataset.files.items():
        if dataset.mirrors and (part not in dataset.sha256 or "/" in name):
            raise ConfigError(
                f"dataset.mirrors is there, so {part} must be a file's name without a folder "
                f"(it is {name}), and dataset.sha256 must have its checksum, uncompressed."
            )
        if not dataset.mirrors and "://" in name:
            raise ConfigError(
                f"{part} of the data set is {name}; put what comes before the last / into "
                "dataset.mirrors, and its checksum into dataset.sha256."
            )
    return dataset
