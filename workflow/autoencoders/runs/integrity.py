"""Whether a run on disk is what its record says, made from the present settings, data and code."""

import json
from pathlib import Path

from autoencoders.files import described, sha256_of_file, sha256_of_json, training_code_sha256

STALE = {
    "config": "made from another configuration",
    "data": "made from other data",
    "code": "made by other code",
}
UNREADABLE = (OSError, ValueError, KeyError, TypeError, AttributeError)


class RunsError(ValueError):
    """Runs that are missing, stale or without what is asked of them."""


def present_checksums(manifest_path):
    """Return the checksums of the present data and training code, as a run's record has them."""
    return {"data": sha256_of_file(manifest_path), "code": training_code_sha256()}


def require_current(folder, name, config, present, needs):
    """Return a run's record, run.json, or refuse the run with a RunsError of a few words.

    The record must be as it was written, of the configuration `name`, of the settings and seeds
    `config` and of the `present` checksums, and describe the files `needs` as they are.
    """
    try:
        record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        unchanged = record.pop("checksum") == sha256_of_json(record)
        recorded = {"config": sha256_of_json(record["config"]), **record["sha256"]}
        files = {needed: record["files"][needed] for needed in needs}
        recorded_name = record["configuration"]
    except FileNotFoundError:
        raise RunsError("not finished") from None
    except UNREADABLE:
        raise RunsError("run.json is unreadable") from None
    if not unchanged:
        raise RunsError("run.json was changed after it was written")
    if recorded_name != name:
        raise RunsError(f"it is a run of {recorded_name}")
    declared = {"config": sha256_of_json(config), **present}
    for kind, words in STALE.items():
        if recorded.get(kind) != declared[kind]:
            raise RunsError(words)
    for needed, description in files.items():
        try:
            changed = described(folder / needed) != description
        except OSError as error:
            raise RunsError(f"{needed} cannot be read: {error.strerror}") from None
        if changed:
            raise RunsError(f"{needed} was changed after it was written")
    return record


def require_checksums(path):
    """Refuse, with a RunsError, a table or figure that is not as it was when it was written.

    `<path>.sha256` has the checksums of the file and of those that were written with it.
    """
    try:
        for line in Path(f"{path}.sha256").read_text(encoding="latin-1").splitlines() or [""]:
            checksum, _, name = line.partition("  ")
            file = path.parent / (Path(name).name or path.name)
            if sha256_of_file(file) != checksum:
                again = "remove it and run `snakemake` again to make it anew."
                raise RunsError(f"{file} was changed after it was made; {again}")
    except FileNotFoundError as error:
        raise RunsError(f"{error.filename} is missing; run `snakemake` to make it.") from None
