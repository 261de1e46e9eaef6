"""Whether a run on disk was made from the present settings, data and code, by its own record.

Plain Python without heavy imports, as the workflow asks it at every start.
"""

import json
from pathlib import Path

from autoencoders.files import sha256_of_file
from autoencoders.stages import code_sha256

STALE = {
    "config": "made from another configuration",
    "data": "made from other data",
    "code": "made by other code",
}


def present_sums(manifest_path):
    """Return the sums of the present data and training code, that every usable run was made from.

    Parameters
    ----------
    manifest_path : path-like
        The manifest of the data.

    Returns
    -------
    dict of str to str
        `data` and `code`.
    """
    return {"data": sha256_of_file(manifest_path), "code": code_sha256("training")}


def fault(folder, sums):
    """Return why the run in a folder is not one of these settings, data and code.

    Parameters
    ----------
    folder : path-like
        Holds run.json, which is written last.
    sums : dict of str to str
        `config`, `data` and `code`: the sums that its record must name.

    Returns
    -------
    str or None
        In a few words; None if the record names the very sums.
    """
    try:
        record = json.loads(Path(folder, "run.json").read_text(encoding="utf-8"))
        recorded = record["sha256"]
        names = {name: recorded.get(name) for name in sums}
    except FileNotFoundError:
        return "not finished"
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return "run.json is unreadable"
    return next((STALE[name] for name in STALE if names[name] != sums[name]), None)
