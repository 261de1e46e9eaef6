"""The house's own rules: sizes, names, the flow of imports, and code that every rule declares."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
LIBRARY = REPOSITORY / "workflow" / "autoencoders"
SCRIPTS = REPOSITORY / "workflow" / "scripts"
RULES = REPOSITORY / "workflow" / "rules"
MODULES = sorted(LIBRARY.rglob("*.py"))
MOST_LINES, MOST_LINES_OF_RULES = 350, 150
# A stage may import those before it in its row; the sweep, which reads every registry, is imported
# by the rules alone.
FLOW = {
    "data": {"data"},
    "training": {"training", "data"},
    "runs": {"runs", "training", "data"},
    "analysis": {"analysis", "runs"},
    "measurements": {"measurements", "analysis", "runs", "training"},
    "labels": {"labels", "runs"},
    "claims": {"claims", "measurements", "analysis", "runs", "labels"},
    "figures": {"figures", "analysis", "runs", "training", "labels"},
    "report": {"report", "claims", "analysis", "runs", "labels"},
    "commands": {"commands", "sweep", "runs", "labels"},
    "sweep": {"sweep", "data", "training", "runs", "analysis", "claims", "figures", "report"},
}


def relative(path):
    return str(path.relative_to(REPOSITORY))


def imported(path):
    """Return the modules of the library that a file imports."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("autoencoders"):
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            names |= {a.name for a in node.names if a.name.startswith("autoencoders.")}
    files = {LIBRARY.parent / f"{name.replace('.', '/')}.py" for name in names}
    return {file for file in files if file.exists()}


def stage_of(path):
    """Return the folder of the library that a module is in; empty for the shared ones."""
    parts = path.relative_to(LIBRARY).parts
    return parts[0] if len(parts) > 1 else ""


def reached(path):
    """Return all modules that running a file imports."""
    found, waiting = set(), [path]
    while waiting:
        new = imported(waiting.pop()) - found
        found |= new
        waiting += new
    return found


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_a_module_is_short(path):
    assert len(path.read_text().splitlines()) <= MOST_LINES


@pytest.mark.parametrize("path", sorted(RULES.glob("*.smk")), ids=relative)
def test_a_file_of_rules_is_short(path):
    assert len(path.read_text().splitlines()) <= MOST_LINES_OF_RULES


def test_no_name_occurs_twice():
    names = Counter(path.stem for path in MODULES if not path.stem.startswith("__"))
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_imports_follow_the_flow(path):
    stage = stage_of(path)
    allowed = FLOW[stage] | {""} if stage else {""}
    assert {stage_of(each) for each in imported(path)} <= allowed


def test_a_rule_declares_all_code_that_its_script_runs(finished):
    """A stage that the rule did not declare could change without a rerun."""
    records = {record["rule"]: record for record in finished.records()}
    # Not run here: what is declared in one loop with the other analyses, what a checksum fixes, and
    # what is no rule's.
    left_out = {"calibrate", "download_mnist", "check_results", "clean_orphans", "tabulate_metric"}
    assert left_out.isdisjoint(records)
    for script in sorted(SCRIPTS.glob("*.py")):
        if script.stem in left_out:
            continue
        record = records[script.stem]
        stages = set(re.findall(r"'(\w+) [0-9a-f]{64}'", " ".join(record["params"])))
        if script.stem == "train":
            stages = {"training"}  # its one checksum is what a run records
        else:
            assert relative(script) in record["input"]
        run = {stage_of(path) for path in reached(script)} - {""}
        assert run <= stages, f"{script.stem} runs code of {run - stages}"
    # Of studies, and tables of one's own: test_own_sweep.py runs it.
    of_metric = {stage_of(path) for path in reached(SCRIPTS / "tabulate_metric.py")} - {""}
    assert of_metric <= {"runs", "analysis"}
