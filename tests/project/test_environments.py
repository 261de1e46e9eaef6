import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "envs/from_requirements.py"
LISTS = sorted((ROOT / "requirements").glob("*.txt"))
ENVIRONMENTS = sorted((ROOT / "envs").glob("*.yaml"))
RULES = sorted([ROOT / "Snakefile", *(ROOT / "workflow/rules").glob("*.smk")])
PINNED = re.compile(r"^([a-z0-9._-]+)==(\S+)", re.MULTILINE)
BUILDING_BLOCKS = {"driver"}  # extras of pyproject.toml that only other extras use
TRAINING = ("training", "training-gpu")
FORBIDDEN_IN_TRAINING = {"scikit-learn", "pandas", "matplotlib", "seaborn", "snakemake"}
SLURM = {"snakemake-executor-plugin-slurm", "snakemake-executor-plugin-slurm-jobstep"}
# A rule, and all lines that are indented deeper than its first one.
RULE = re.compile(r"^( *)(?:rule|checkpoint)\b *(\w*) *:.*\n((?:\1 +\S.*\n| *\n)*)", re.MULTILINE)
# What runs in a rule's environment. A rule without any of these only names files.
ACTIONS = {"shell", "script", "notebook", "wrapper"}


def name_of(path):
    return path.name


def pins(text):
    """All (name, version) of a list: a name may have several, told apart by their markers."""
    return set(PINNED.findall(text))


def pins_of(name):
    return pins((ROOT / f"requirements/{name}.txt").read_text())


def directives(rule):
    """The words at the least indentation of a rule's lines."""
    lines = [line for line in rule.splitlines() if line.strip()]
    indent = min((len(line) - len(line.lstrip()) for line in lines), default=0)
    found = (re.match(rf" {{{indent}}}(\w+):", line) for line in lines)
    return {match[1] for match in found if match}


def named_environments(path):
    """Every environment that a file of rules names."""
    found = re.findall(r"^ *environment\((.*)\)$", path.read_text(), re.MULTILINE)
    return [name for text in found for name in re.findall(r"\"([^\"]*)\"", text)]


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
    assert {path.stem for path in ENVIRONMENTS} == set(generator.NAMES)


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


def test_every_extra_has_its_list_and_make_lock_writes_it():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = set(project["optional-dependencies"]) - BUILDING_BLOCKS
    assert {path.stem for path in LISTS} == names
    (compiled,) = re.findall(r"^lists = (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert {"development", *compiled.split()} == names


@pytest.mark.parametrize("path", LISTS, ids=name_of)
def test_lists_agree_on_versions(path):
    """Only CUDA's wheels and the engines of the benchmark are in none but their own lists."""
    development = pins_of("development")
    known = {name for name, _ in development}
    others = {pin for pin in pins(path.read_text()) if pin not in development}
    assert not {name for name, _ in others} & known
    if path.stem == "peers":
        assert {"jax", "torch"} <= {name for name, _ in others}
        return
    if path.stem.endswith("-gpu"):
        assert any(name.startswith("nvidia-cudnn-") for name, _ in others)
        others = {(name, version) for name, version in others if not name.startswith("nvidia-")}
    assert not others


def test_a_training_on_gpu_has_the_same_tensorflow():
    cpu, gpu = (dict(pins_of(name)) for name in TRAINING)
    assert gpu["tensorflow"] == cpu["tensorflow-cpu"]
    assert "tensorflow-cpu" not in gpu
    assert not any(name.startswith("nvidia-") for name in cpu)


def test_a_cluster_adds_the_plugin_alone():
    """On a laptop it would make every start of Snakemake slower."""
    assert {name for name, _ in pins_of("slurm") ^ pins_of("all")} == SLURM
    on_gpus = dict(pins_of("slurm-gpu"))
    assert on_gpus.keys() >= SLURM
    assert pins_of("training-gpu") <= pins_of("slurm-gpu")
    assert {name for name, _ in pins_of("slurm") - pins_of("slurm-gpu")} == {"tensorflow-cpu"}


@pytest.mark.parametrize("path", [*LISTS, *ENVIRONMENTS], ids=name_of)
def test_no_index_host_is_named(path):
    text = path.read_text()
    for part in ("://", "--index-url", "--extra-index-url", "--find-links"):
        assert part not in text


def test_a_rule_is_found_with_all_its_lines():
    text = (
        "rule one:\n"
        "    shell:\n"
        '        "true"\n'
        "\n"
        "    conda:\n"
        "        expression\n"
        "\n"
        "for name in names:\n"
        "\n"
        "    rule:\n"
        "        input:\n"
        "            name\n"
        "\n"
        "    other = name\n"
    )
    assert [(rule, directives(body)) for _, rule, body in RULE.findall(text)] == [
        ("one", {"shell", "conda"}),
        ("", {"input"}),
    ]


@pytest.mark.parametrize("path", RULES, ids=name_of)
def test_rules_name_environments_that_exist(path):
    for name in named_environments(path):
        assert ROOT / f"envs/{name}.yaml" in ENVIRONMENTS


@pytest.mark.parametrize("path", RULES, ids=name_of)
def test_every_rule_that_runs_something_names_an_environment(path):
    text = path.read_text()
    rules = RULE.findall(text)
    assert len(rules) == len(re.findall(r"^ *(?:rule|checkpoint)\b", text, re.MULTILINE))
    for _, name, body in rules:
        assert "conda" in directives(body) or not directives(body) & ACTIONS, name


def test_every_environment_is_named_by_a_rule():
    named = {name for path in RULES for name in named_environments(path)}
    assert {ROOT / f"envs/{name}.yaml" for name in named} == set(ENVIRONMENTS)


@pytest.mark.parametrize("name", TRAINING)
def test_training_is_lean(name):
    names = {name for name, _ in pins_of(name)}
    assert "numpy" in names
    assert not names & FORBIDDEN_IN_TRAINING
