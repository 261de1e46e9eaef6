"""The same workflow again, in other surroundings: the same bytes, but for the times."""

import re

import pytest

from snakemake_runs import Checkout

# Makes no byte of a result: what jobs wrote while they ran, and the seconds and memory they took.
OF_THE_JOBS = ("logs/", "benchmarks/")

SECONDS_CELL = r"(<td>\d+</td>\n<td>\d+\.\d</td>\n)<td>\d+\.\d</td>"  # behind n and epochs
# All that may differ, by file: times, and the checksums of files that hold some. A pattern finds
# them with what is before and behind; only what its groups hold is compared.
VARYING = {
    r"runs/.*/run\.json": [
        r'("(?:start|end|checksum)": )"[^"]*"',
        r'("seconds": ){[^}]*}',
    ],
    r"tables/runs\.csv": [r"(,seconds[^,\n]*,).*"],
    r"tables/provenance\.csv": [r"(,)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00,[^,]*"],  # start, end
    r"tables/table2\.csv": [r"((?:^|\n)(?:[^,\n]*,){8})[^,\n]*"],
    r"tables/(?:runs|provenance|table2)\.csv\.sha256": ["()[0-9a-f]{64}"],
    r"tables/table2\.md": [r"(\n(?:\|[^|\n]*){4})\|[^|\n]*((?:\|[^|\n]*){3})\|[^|\n]*"],
    r"tables/table2\.tex": [r"(\n(?:[^&\n]*&){4})[^&\n]*((?:&[^&\n]*){3}&)[^&\n]*"],
    r"tables/table2\.html": [SECONDS_CELL],
    r"report\.html": [
        SECONDS_CELL,
        r"( epochs in )[^<]*( of training time)",
        r"(<dd>)\d{4}-\d\d-\d\d \d\d:\d\d UTC(</dd>)",  # first start, last end
    ],
}


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


def results_of(checkout):
    """Return the bytes of every result by its name."""
    results = checkout.folder / "results"
    files = [path for path in results.rglob("*") if path.is_file()]
    contents = {path.relative_to(results).as_posix(): path.read_bytes() for path in files}
    return {name: made for name, made in contents.items() if not name.startswith(OF_THE_JOBS)}


def varying(name):
    """Return the patterns of what may differ in a file."""
    return [
        pattern for file, found in VARYING.items() if re.fullmatch(file, name) for pattern in found
    ]


def without_varying(name, content):
    """Return a file's content without what may differ."""
    for pattern in varying(name):
        text, count = re.subn(pattern, kept, content.decode())
        assert count, f"{name} holds nothing like {pattern}, which VARYING says of it"
        content = text.encode()
    return content


def kept(match):
    """Return what a pattern's groups hold."""
    return "".join(match.groups())


def test_the_same_files_are_made(finished, repeated):
    assert results_of(repeated).keys() == results_of(finished).keys()


def test_files_without_times_are_the_same_bytes(finished, repeated):
    first, second = results_of(finished), results_of(repeated)
    names = [name for name in first if not varying(name)]
    assert {name.rpartition(".")[2] for name in names} == {
        *("csv", "npz", "json", "svg", "pdf", "png", "html", "md", "tex", "sha256")
    }
    assert [name for name in names if first[name] != second[name]] == []


def test_files_with_times_differ_in_these_alone(finished, repeated):
    first, second = results_of(finished), results_of(repeated)
    for name in filter(varying, first):
        assert without_varying(name, first[name]) == without_varying(name, second[name]), name


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
