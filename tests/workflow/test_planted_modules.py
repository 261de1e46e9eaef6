"""Files that are called as modules are, in the places where people work: none is imported."""

import pytest

from snakemake_runs import Checkout

# What the jobs import, and what Snakemake does: `packaging` when it reads the Snakefile.
JOBS = ("autoencoders", "csv", "json", "matplotlib", "numpy", "pandas", "sklearn", "tensorflow")
SNAKEMAKE = ("packaging", "yaml")
# To be made: a data set, a trained network, a table in two steps, a figure.
TARGETS = ("table1", "figure6")
MADE = ("runs/autoencoder/relu-16/seed-0/weights.npz", "tables/table1.html", "figures/figure6.png")


@pytest.fixture
def one_network(tmp_path):
    """A checkout that declares a single network, in which nothing has run."""
    checkout = Checkout.copy(tmp_path / "checkout")
    config = checkout.config()
    network = "autoencoder/relu-16"
    only = {"network": "autoencoder", "seeds": 1, "activations": ["relu"]}
    config["experiments"] = {"only": {**only, "configurations": [{"hidden": 16}]}}
    config["tables"] = {"table1": [network]}
    config["figures"] = {"figure6": [network]}
    checkout.configure(config)
    return checkout


def plant(folder, *names):
    """Write modules that leave a file next to them, and fail, when they are imported."""
    folder.mkdir(exist_ok=True)
    code = (
        "from pathlib import Path\nPath(__file__).with_suffix('.imported').touch()\nraise OSError"
    )
    for name in names:
        (folder / f"{name}.py").write_text(code)


def imported(folder):
    """Return the names of the planted modules that were imported."""
    return [path.stem for path in folder.glob("*.imported")]


def test_modules_in_the_top_folder_are_not_imported(one_network):
    plant(one_network.folder, *JOBS, *SNAKEMAKE)
    one_network.run(*TARGETS)
    assert imported(one_network.folder) == []
    assert all((one_network.folder / "results" / name).exists() for name in MADE)


def test_modules_in_another_working_directory_are_not_imported(one_network, tmp_path):
    there = tmp_path / "there"
    plant(there, *JOBS, *SNAKEMAKE)
    one_network.run("--directory", str(there), *TARGETS)
    assert imported(there) == []
    assert all((there / "results" / name).exists() for name in MADE)


def test_modules_on_pythonpath_are_not_imported_by_a_job(one_network, tmp_path):
    """Snakemake itself searches PYTHONPATH: only what it and its plugins leave alone is planted."""
    there = tmp_path / "there"
    plant(there, "autoencoders", "matplotlib", "sklearn", "tensorflow")
    one_network.run(*TARGETS, PYTHONPATH=f"{there}:")
    assert imported(there) == []
    assert all((one_network.folder / "results" / name).exists() for name in MADE)


def test_snakemake_as_a_module_looks_elsewhere_once_a_workflow_runs(one_network, tmp_path):
    """As on a cluster's nodes, where `python -m snakemake` inherits what the Snakefile sets."""
    one_network.edit(
        "Snakefile",
        "rule all:",
        'rule inherited:\n    run:\n        shell("touch done")\n\n\nrule all:',
    )
    plant(one_network.folder, *JOBS, *SNAKEMAKE)
    one_network.run("inherited")
    assert imported(one_network.folder) == []
    assert (one_network.folder / "done").exists()
