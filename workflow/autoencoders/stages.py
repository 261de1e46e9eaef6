"""Which source files make up each stage of the workflow.

A stage's files are inputs of its rules, so that an edit reruns that stage and what follows it,
and nothing else. The trainings, which may be thousands, have their joint sha256 as a parameter
instead: the `code` sum that every run records.
"""

import hashlib
from pathlib import Path

WORKFLOW = Path(__file__).resolve().parent.parent

STAGES = {
    "download": ["autoencoders/files.py", "autoencoders/download.py", "scripts/download_mnist.py"],
    "data": [
        "autoencoders/files.py",
        "autoencoders/arrays.py",
        "autoencoders/idx.py",
        "autoencoders/datasets.py",
        "scripts/build_dataset.py",
    ],
    "training": [
        "autoencoders/files.py",
        "autoencoders/arrays.py",
        "autoencoders/backend.py",
        "autoencoders/networks.py",
        "autoencoders/training.py",
        "autoencoders/experiments.py",
        "autoencoders/provenance.py",
        "scripts/train.py",
    ],
    "runs": [
        "autoencoders/files.py",
        "autoencoders/arrays.py",
        "autoencoders/records.py",
        "autoencoders/runs.py",
        "autoencoders/words.py",
        "autoencoders/reported.py",
        "autoencoders/commands.py",
    ],
    "tables": ["autoencoders/tables.py"],
    "comparison": ["autoencoders/comparison.py"],
    "calibration": ["autoencoders/calibration.py"],
    "measures": ["autoencoders/evidence.py", "autoencoders/measures.py"],
    "claims": ["autoencoders/evidence.py", "autoencoders/claims.py"],
    "lottery": ["autoencoders/evidence.py", "autoencoders/lottery.py"],
    "figures": ["autoencoders/figures.py"],
    "page": ["autoencoders/page.py", "templates/report.html.jinja"],
}


def code_sha256(stage, workflow=WORKFLOW):
    """Return the sha256 over the names and contents of a stage's files.

    Parameters
    ----------
    stage : str
        A key of `STAGES`.
    workflow : pathlib.Path, optional
        The workflow folder that holds the files.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    digest = hashlib.sha256()
    for name in STAGES[stage]:
        content = hashlib.sha256((workflow / name).read_bytes()).hexdigest()
        digest.update(f"{content}  {name}\n".encode())
    return digest.hexdigest()
