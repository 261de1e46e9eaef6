"""Whether a run on disk was made from the present settings, data and code, by its own record."""

import json
from pathlib import Path

from autoencoders.files import sha256_of_file, sha256_of_json, training_code_sha256

STALE = {
    "config": "made from another configuration",
    "data": "made from other data",
    "code": "made by other code",
}


def present_checksums(manifest_path):
    """Return the checksums of the present data and training code, as a run's record has them."""
    return {"data": sha256_of_file(manifest_path), "code": training_code_sha256()}


def fault(folder, checksums):
    """Return in a few words why a run was not made from these settings, data and code, or None.

    Its record, run.json, is written last and holds the settings and the other checksums.
    """
    try:
        record = json.loads(Path(folder, "run.json").read_text(encoding="utf-8"))
        recorded = {"config": sha256_of_json(record["config"]), **record["sha256"]}
    except FileNotFoundError:
        return "not finished"
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return "run.json is unreadable"
    for kind, words in STALE.items():
        if recorded.get(kind) != checksums[kind]:
            return words
    return None
