import os
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).resolve().parents[1] / "conftest.py"
PASSES = "def test_one(): pass\n"
SKIPS = "import pytest\ndef test_two(): pytest.skip('no cluster here')\n"
SKIPS_WHOLE = "import pytest\npytest.importorskip('no_such_module')\n"
EXPECTED_FAILURE = "import pytest\n@pytest.mark.xfail\ndef test_three(): assert False\n"


def run(folder, ci, *tests):
    (folder / "conftest.py").write_text(CONFTEST.read_text())
    for number, text in enumerate(tests):
        (folder / f"test_{number}.py").write_text(text)
    environment = {key: value for key, value in os.environ.items() if key != "CI"}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--rootdir", folder, folder],
        env=environment | ({"CI": "true"} if ci else {}),
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("skips", "reason"), [(SKIPS, "no cluster here"), (SKIPS_WHOLE, "no_such_module")]
)
def test_a_skip_fails_under_ci_with_its_reason(tmp_path, skips, reason):
    result = run(tmp_path, True, PASSES, skips)
    assert result.returncode == 1
    assert "skipped, which fails under CI" in result.stdout
    assert reason in result.stdout
    assert "1 passed, 1 skipped" in result.stdout.splitlines()[-1]


def test_a_skip_passes_elsewhere(tmp_path):
    result = run(tmp_path, False, PASSES, SKIPS)
    assert result.returncode == 0


def test_ci_passes_where_nothing_is_skipped(tmp_path):
    result = run(tmp_path, True, PASSES, EXPECTED_FAILURE)
    assert result.returncode == 0
