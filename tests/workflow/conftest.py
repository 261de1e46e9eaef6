import shutil

import pytest

from snakemake_runs import REPOSITORY, Checkout


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """A checkout whose whole (tiny) workflow has run; tests must not change it."""
    checkout = Checkout.copy(tmp_path_factory.mktemp("finished") / "checkout")
    checkout.output = checkout.run()
    return checkout


@pytest.fixture
def checkout(finished, tmp_path):
    """A copy of the finished checkout, to be changed at will, dates of files included."""
    finished.copy_to(tmp_path / "checkout")
    return Checkout(tmp_path / "checkout")


@pytest.fixture(scope="session")
def fresh(tmp_path_factory):
    """A checkout with the repository's own configuration, in which nothing has run."""
    checkout = Checkout.copy(tmp_path_factory.mktemp("fresh") / "checkout")
    shutil.copy(REPOSITORY / "config.yaml", checkout.folder / "config.yaml")
    return checkout
