"""The repository's own checks: rules, formatting, docstrings."""

import subprocess
import sys

import pytest

from snakemake_runs import REPOSITORY


def test_snakemake_lint_is_clean(fresh):
    assert "Congratulations" in fresh.snakemake("--lint").stdout


@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "check", "."),
        ("ruff", "format", "--check", "."),
        ("snakefmt", "--check", "Snakefile", "workflow/rules"),
    ],
    ids=" ".join,
)
def test_sources_are_formatted_and_sound(command):
    result = subprocess.run(
        [sys.executable, "-m", *command], cwd=REPOSITORY, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stdout + result.stderr
