import os

import pytest

# They take minutes, or a browser: only where they are asked for by name (`make test-cluster`,
# `make test-environments`, `make test-reproduction`, `make test-browser`).
collect_ignore = ["browser", "cluster", "environments", "reproduction"]

SKIPPED = []


def in_ci():
    return os.environ.get("CI") == "true"


def note_skip(report):
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        SKIPPED.append(f"{report.nodeid}: {reason}")


def pytest_runtest_logreport(report):
    note_skip(report)


def pytest_collectreport(report):
    note_skip(report)


def pytest_terminal_summary(terminalreporter):
    if in_ci() and SKIPPED:
        terminalreporter.section("skipped, which fails under CI", red=True)
        for line in SKIPPED:
            terminalreporter.line(line)


def pytest_sessionfinish(session):
    """Under CI a test that did not run has not passed."""
    passed = (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
    if in_ci() and SKIPPED and session.exitstatus in passed:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
