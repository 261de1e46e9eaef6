"""The same workflow again, in other surroundings: the same bytes, but for the times."""

import pytest

from same_results import (
    VARYING_COLUMNS,
    VARYING_FILES,
    VARYING_TEXTS,
    differences,
    files_of,
    without_times,
)
from snakemake_runs import Checkout


@pytest.fixture(scope="module")
def repeated(tmp_path_factory):
    """Another fresh checkout whose whole (tiny) workflow has run in other surroundings."""
    folder = tmp_path_factory.mktemp("repeated")
    checkout = Checkout.copy(folder / "another checkout")
    (folder / "file").touch()
    surroundings = {
        # No folder can be made below a file. Snakemake starts no workflow, not even an empty one,
        # if it cannot make its own cache, which is in HOME unless this variable names a place.
        "HOME": str(folder / "file/home"),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "MPLCONFIGDIR": str(folder / "file/matplotlib"),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "LC_ALL": "de_DE.UTF-8",  # also where it is not installed: `C` is tested below
        "TZ": "Pacific/Kiritimati",
        "COLUMNS": "20",
        "NO_COLOR": "1",
        "PYTHONHASHSEED": "42",
        "PYTHONOPTIMIZE": "1",
        "PYTHONWARNINGS": "error",
        "OMP_NUM_THREADS": "2",
        "TF_ENABLE_ONEDNN_OPTS": "0",
        "TF_NUM_INTRAOP_THREADS": "2",
        # Kernels of older CPUs, whose last digits are others.
        "ONEDNN_MAX_CPU_ISA": "SSE41",
        "OPENBLAS_CORETYPE": "Nehalem",
    }
    checkout.run("--cores", "3", **surroundings)
    return checkout


def test_the_results_are_the_same_but_for_the_times(finished, repeated):
    assert differences(finished.folder / "results", repeated.folder / "results") == []


def test_what_may_differ_is_there(finished):
    """A list with more in it than there is would hide what should not differ."""
    files = files_of(finished.folder / "results")
    names = {*VARYING_COLUMNS, *VARYING_FILES, *VARYING_TEXTS} - {"runs/*/run.json"}
    assert names <= files.keys()
    for name in (*VARYING_TEXTS, "runs/autoencoder/relu-16/seed-0/run.json"):
        if name in files:
            assert without_times(name, files[name]) != files[name].decode(), name


def test_training_under_the_locale_c_gives_the_same_bytes(checkout):
    runs = ["autoencoder/relu-24-noise-0.1/seed-0", "classifier/relu-16-9-9/seeds-0-1"]
    folders = [checkout.folder / "results/runs" / run for run in runs]
    files = [folder / name for folder in folders for name in ("history.csv", "weights.npz")]
    before = [path.read_bytes() for path in files]
    dates = [path.stat().st_mtime_ns for path in files]
    records = [f"results/runs/{run}/run.json" for run in runs]
    checkout.run("--forcerun", "train", "--", *records, LC_ALL="C", PYTHONUTF8="0")
    assert [path.read_bytes() for path in files] == before
    assert all(path.stat().st_mtime_ns > date for path, date in zip(files, dates, strict=True))
