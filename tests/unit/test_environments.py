import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "envs/from_requirements.py"
LISTS = sorted((ROOT / "requirements").glob("*.txt"))
ENVIRONMENTS = sorted((ROOT / "envs").glob("*.yaml"))
RULES = sorted([ROOT / "Snakefile", *(ROOT / "workflow/rules").glob("*.smk")])
PINNED = re.compile(r"^([a-z0-9._-]+)==(\S+)", re.MULTILINE)
FORBIDDEN_IN_TRAINING = {"scikit-learn", "pandas", "matplotlib", "seaborn", "snakemake"}


def name_of(path):
    return path.name


def pins(text):
    """All (name, version) of a list: a name may have several, told apart by their markers."""
    return set(PINNED.findall(text))


def pip_entries(environment):
    dependencies = yaml.safe_load(environment.read_text())["dependencies"]
    (pip,) = [entry["pip"] for entry in dependencies if isinstance(entry, dict)]
    return pip


@pytest.fixture(scope="module")
def generator():
    spec = importlib.util.spec_from_file_location("from_requirements", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_each_stage_has_its_environment(generator):
    assert [path.stem for path in ENVIRONMENTS] == sorted(generator.NAMES)


@pytest.mark.parametrize("path", ENVIRONMENTS, ids=name_of)
def test_regenerating_gives_the_same_text(path, generator):
    text = (ROOT / f"requirements/{path.stem}.txt").read_text()
    assert generator.environment(path.stem, text) == path.read_text()


@pytest.mark.parametrize("path", ENVIRONMENTS, ids=name_of)
def test_environment_holds_the_list_to_the_last_hash(path):
    text = (ROOT / f"requirements/{path.stem}.txt").read_text()
    entries = pip_entries(path)
    assert pins("\n".join(entries)) == pins(text)
    hashes = re.compile(r"--hash=sha256:[0-9a-f]{64}")
    assert hashes.findall(" ".join(entries)) == hashes.findall(text)
    for entry in entries:
        assert re.fullmatch(r"[a-z0-9._-]+==\S+( ; [^#\\]+?)?( --hash=sha256:[0-9a-f]{64})+", entry)


@pytest.mark.parametrize("path", ENVIRONMENTS, ids=name_of)
def test_conda_packages_are_exact(path):
    dependencies = yaml.safe_load(path.read_text())["dependencies"]
    packages = [entry for entry in dependencies if isinstance(entry, str)]
    assert packages
    assert all(re.fullmatch(r"[a-z]+=\d+\.\d+(\.\d+)?", package) for package in packages)


def test_markers_stand_before_the_hashes(generator):
    text = (
        "# a comment\n"
        "one==1.0 ; python_full_version < '3.12' \\\n"
        "    --hash=sha256:aa \\\n"
        "    --hash=sha256:bb\n"
        "    # via\n"
        "    #   two\n"
        "two==2.0 \\\n"
        "    --hash=sha256:cc\n"
    )
    environment = yaml.safe_load(generator.environment("data", text))
    assert environment["dependencies"][-1]["pip"] == [
        "one==1.0 ; python_full_version < '3.12' --hash=sha256:aa --hash=sha256:bb",
        "two==2.0 --hash=sha256:cc",
    ]


def test_check_names_the_stale_file(tmp_path):
    for folder in ("envs", "requirements"):
        (tmp_path / folder).mkdir()
        for path in [*LISTS, *ENVIRONMENTS, SCRIPT]:
            if path.parent.name == folder:
                (tmp_path / folder / path.name).write_text(path.read_text())
    command = [sys.executable, tmp_path / "envs/from_requirements.py", "--check"]
    assert subprocess.run(command, check=False).returncode == 0
    stale = tmp_path / "envs/report.yaml"
    stale.write_text(stale.read_text().replace("--hash=sha256:", "--hash=sha256:0", 1))
    result = subprocess.run(command, check=False, capture_output=True, text=True)
    assert result.returncode == 1
    assert "envs/report.yaml" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("path", LISTS, ids=name_of)
def test_lists_agree_on_versions(path):
    development = pins((ROOT / "requirements/development.txt").read_text())
    assert pins(path.read_text()) <= development


@pytest.mark.parametrize("path", [*LISTS, *ENVIRONMENTS], ids=name_of)
def test_no_index_host_is_named(path):
    text = path.read_text()
    for part in ("://", "--index-url", "--extra-index-url", "--find-links"):
        assert part not in text


@pytest.mark.parametrize("path", RULES, ids=name_of)
def test_rules_name_environments_that_exist(path):
    text = path.read_text()
    named = re.findall(r"^ +conda:\s*\"([^\"]+)\"", text, flags=re.MULTILINE)
    assert len(named) == len(re.findall(r"^ +conda:", text, flags=re.MULTILINE))
    for name in named:
        assert (path.parent / name).resolve() in ENVIRONMENTS


def test_training_is_lean():
    names = {name for name, _ in pins((ROOT / "requirements/training.txt").read_text())}
    assert "numpy" in names
    assert not names & FORBIDDEN_IN_TRAINING
