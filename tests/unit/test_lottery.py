"""How many networks leave the plateau."""

import pytest
from test_tables import Page

import synthetic
from autoencoders import lottery
from autoencoders.runs import Run

STACKS = ("128", "128-128-128", "128-256-128", "512-512-512")


@pytest.fixture(scope="module")
def plan():
    configurations = dict(
        synthetic.classifier(hidden, activation)
        for hidden in STACKS
        for activation in ("relu", "sigmoid")
    )
    return synthetic.plan_of(configurations)


def run_of(plan, hidden, accuracies, diverged=()):
    name = f"classifier/sigmoid-{hidden}"
    entries = [
        {"seed": seed, "accuracy": value, "diverged": seed in diverged, "dead": False}
        for seed, value in enumerate(accuracies)
    ]
    return {name: Run(name, plan["configurations"][name]["config"], entries, ())}


@pytest.fixture
def runs(plan):
    return (
        run_of(plan, "128", [0.9, 0.91])
        | run_of(plan, "128-128-128", [0.1, 0.199, 0.2, 0.9, None], diverged=[4])
        | run_of(plan, "128-256-128", [0.1, 0.1])
    )


def test_networks_are_counted_alone_and_by_first_width(plan, runs):
    rows = lottery.lottery(plan, runs).to_dict("records")
    found = [
        (row["layers"], row["first_width"], row["hidden_nodes"], row["n"], row["left"])
        for row in rows
    ]
    assert found == [
        (1, 128, "128", 2, 2),
        (3, 128, "128-128-128", 4, 2),
        (3, 128, "128-256-128", 2, 0),
        (1, 128, "", 2, 2),
        (3, 128, "", 6, 2),
    ]
    assert rows[4]["share"] == pytest.approx(1 / 3)
    assert rows[4]["low"] < 1 / 3 < rows[4]["high"]


def test_patience_is_held_against_none(plan, runs):
    patient = run_of(plan, "128-128-128", [0.9] * 4) | run_of(plan, "128-256-128", [0.9] * 2)
    rows = lottery.lottery(plan, runs, {"0": runs, "5": patient}).to_dict("records")
    deep = {row["patience"]: row for row in rows if row["layers"] == 3 and row["patience"]}
    assert deep["0"]["difference"] == ""
    assert deep["5"]["difference"] == pytest.approx(2 / 3)
    assert deep["5"]["p"] == pytest.approx(0.0606, abs=1e-4)  # 2 * 15 / 495


def test_difference_as_published():
    """Newcombe (1998), Table II, method 10: 56/70 and 48/80; 0/10 and 0/20."""
    found = lottery.difference((70, 56), (80, 48))
    assert found["difference"] == pytest.approx(0.2)
    assert (found["difference_low"], found["difference_high"]) == pytest.approx(
        (0.0524, 0.3339), abs=1e-4
    )
    none = lottery.difference((10, 0), (20, 0))
    assert (none["difference_low"], none["difference_high"]) == pytest.approx(
        (-0.1611, 0.2775), abs=1e-4
    )


@pytest.mark.parametrize("patient", [False, True])
def test_people_see_a_page(plan, runs, patient, tmp_path):
    lottery.write(plan, runs, {"0": runs, "5": runs} if patient else None, "made up", tmp_path)
    text = (tmp_path / "lottery.html").read_text()
    page = Page(text)
    assert page.open == page.asked == []
    assert ("Patience" in text) == patient
    assert "| 128-256-128" in (tmp_path / "lottery.md").read_text()


def test_nothing_finished_is_an_empty_table(plan, tmp_path):
    lottery.write(plan, {}, None, "made up", tmp_path)
    assert (tmp_path / "lottery.csv").read_text().count("\n") == 1
