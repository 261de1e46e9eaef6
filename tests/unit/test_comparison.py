import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from test_tables import Page

import synthetic
from autoencoders import comparison, reported
from autoencoders.reported import Curve, Printed, Report, read_report
from autoencoders.runs import Run, read_runs
from autoencoders.sweep import read_sweep

REPOSITORY = Path(__file__).resolve().parents[2]
FOLDER = REPOSITORY / "resources" / "report"
SCRIPTS = REPOSITORY / "workflow" / "scripts"
AS_IN_THE_REPORT = {**synthetic.TRAINING, "epochs": 100}
STEADY, OTHER, SPARSE = "classifier/relu-4", "classifier/sigmoid-4", "autoencoder/relu-8-l1-1e-05"
CURVED = "autoencoder/relu-4"


@pytest.fixture(scope="module")
def report():
    return read_report(FOLDER)


def declared(**changes):
    """Return made-up configurations with the report's settings, and the plan of them."""
    configurations = dict(
        [
            synthetic.classifier("4", **changes),
            synthetic.classifier("4", "sigmoid", **changes),
            synthetic.autoencoder(8, norm="l1", printed=1e-05, training=AS_IN_THE_REPORT),
            synthetic.autoencoder(4, training=AS_IN_THE_REPORT),
        ]
    )
    return configurations, synthetic.plan_of(configurations)


def run_of(configurations, name, quantity, values, diverged=()):
    entries = [
        {"seed": seed, quantity: value, "diverged": seed in diverged, "dead": False}
        for seed, value in enumerate(values)
    ]
    return Run(name, configurations[name], entries, ())


def compared(report, values, diverged=(), plan=None, name=STEADY, text="0.92", quantity="accuracy"):
    """Return the row of one number of the report, given our seeds' values; None for no run."""
    configurations, whole = declared()
    runs, gaps = {}, {name: "not finished"}
    if values is not None:
        runs, gaps = {name: run_of(configurations, name, quantity, values, diverged)}, {}
    cells = {name: Printed(text, "Table 2", quantity)}
    table = comparison.compare(
        Report(cells, [], report.settings), whole if plan is None else plan, runs, gaps
    )
    assert list(table.columns) == list(comparison.COLUMNS)
    assert len(table) == 1
    return table.iloc[0]


# --- the report's numbers ---------------------------------------------------------------------


def test_every_number_of_the_report_is_read(report):
    places = [printed.place for printed in report.cells.values()]
    assert {place: places.count(place) for place in places} == {
        "Table 1": 12,
        "Table 2": 46,
        "text": 1,
    }
    assert report.cells["classifier/sigmoid-512-128-512"].text == "0.11"
    assert report.cells["autoencoder/relu-1024-l2-1e-07"].text == "0.57"
    assert report.cells["classifier/no-hidden"].text == "0.895"
    assert len(report.curves) == 24
    curve = report.curves[0]
    assert (curve.figure, curve.configuration) == ("1a", "autoencoder/relu-128")
    assert (curve.error, curve.points[3]) == ("training_error", 0.0852)
    assert all(max(curve.points) <= 99 for curve in report.curves)


def test_the_configuration_makes_every_number_of_the_report(report):
    plan = read_sweep(yaml.safe_load((REPOSITORY / "config.yaml").read_text())).plan()
    assert len(report.configurations) == 65
    assert {report.standing(plan, each) for each in report.configurations} == {(None, "")}
    assert report.beside(plan) == report


def test_misread_points_are_neither_drawn_nor_compared(report):
    points = {(c.figure, c.configuration): c.points for c in report.curves}
    left = points["1b", "autoencoder/sigmoid-128"]
    assert not set(range(15, 21)) & set(left)
    assert {4, 30} <= set(left)
    assert set(range(15, 21)) <= set(points["1b", "autoencoder/sigmoid-512"])


def test_rounding_is_half_a_unit_of_the_last_digit():
    assert Printed("0.90", "Table 2", "accuracy").rounding == pytest.approx(0.005)
    assert Printed("0.895", "text", "accuracy").rounding == pytest.approx(0.0005)


def test_every_file_has_its_source():
    sources = (FOLDER / "README.md").read_text()
    for path in FOLDER.glob("*.csv"):
        assert f"| `{path.name}` |" in sources
    with open(FOLDER / "text.csv", newline="") as file:
        assert all(row["where"] for row in csv.DictReader(file))


@pytest.mark.parametrize("network", ["autoencoder", "classifier"])
def test_a_run_with_another_of_the_reports_settings_is_not_its_own(report, network):
    name = {"autoencoder": SPARSE, "classifier": STEADY}[network]
    assert len(report.settings[network]) >= 6
    for setting in report.settings[network]:
        _, plan = declared()
        config = json.loads(json.dumps(plan["configurations"][name]["config"]))
        *sections, last = setting.split(".")
        part = config
        for section in sections:
            part = part[section]
        part[last] = ["relu", "sigmoid"] if last == "activations" else 0.7
        assert report.standing(plan, name) == (None, "")
        plan["configurations"][name]["config"] = config
        verdict, reason = report.standing(plan, name)
        assert verdict == "other settings"
        assert last in reason
        assert (
            name
            not in Report({name: Printed("0.92", "", "")}, [], report.settings).beside(plan).cells
        )


def test_what_is_only_assumed_may_differ(report):
    _, plan = declared(training={**synthetic.CLASSIFIER_TRAINING, "batch_size": 50})
    assert report.standing(plan, STEADY) == (None, "")


def test_a_suffix_makes_another_network(report):
    config = yaml.safe_load((REPOSITORY / "config.yaml").read_text())
    line = {"hidden": [128], "suffix": "256"}  # takes the name of another network
    config["experiments"]["stacked"]["configurations"] = [{"hidden": [128]}, line]
    config |= {"lottery": [], "studies": {}, "calibration": []}
    config["figures"]["figure9"] = ["classifier/relu-128"]
    plan = read_sweep(config).plan()
    assert report.standing(plan, "classifier/relu-128") == (None, "")
    assert "classifier/relu-128-256" in plan["configurations"]
    assert report.standing(plan, "classifier/relu-128-256")[0] == "not run"


# --- the rules --------------------------------------------------------------------------------


def test_tolerance_by_hand():
    assert comparison.tolerance(0.01, 0.005) == pytest.approx(0.03)


@pytest.mark.parametrize(
    ("difference", "verdict"),
    [(0.01, "agrees"), (1.0 - 0.99, "agrees"), (-0.01, "agrees"), (0.0101, "disagrees")],
)
def test_what_is_just_allowed_agrees(difference, verdict):
    allowed = comparison.tolerance(0.0, 0.005)
    assert comparison.verdict_on_steady(difference, allowed) == verdict


@pytest.mark.parametrize(
    ("accuracies", "lottery"),
    [
        ([0.11, 0.87], True),
        ([0.199, 0.2], True),
        ([0.098, 0.114, 0.18], False),
        ([0.2, 0.3, 0.9], False),
    ],
)
def test_a_lottery_has_seeds_at_chance_and_others(accuracies, lottery):
    assert comparison.is_lottery(accuracies) is lottery


@pytest.mark.parametrize(
    ("count", "n", "interval"),
    [(0, 10, (0, 0.27753)), (5, 10, (0.23659, 0.76341)), (3, 3, (0.43850, 1))],
)
def test_wilson_interval_as_published(count, n, interval):
    assert comparison.wilson_interval(count, n) == pytest.approx(interval, abs=1e-5)


@pytest.mark.parametrize(
    ("report", "p"),
    [
        (0.05, 2 / 5),  # below all four
        (0.95, 2 / 5),
        (0.15, 4 / 5),  # above one
        (0.25, 1),  # in the middle: 2 * 3 / 5, capped
        (0.101, 4 / 5),  # rounding cannot tell it from the lowest, which may be below
        (0.399, 4 / 5),  # nor this one from the highest, which may be above
        (0.404, 4 / 5),
    ],
)
def test_rank_p_by_hand(report, p):
    values = [0.1, 0.2, 0.3, 0.4]
    assert comparison.rank_p(values, report, 0.005) == pytest.approx(p)
    assert comparison.smallest_p(4) == pytest.approx(2 / 5)


def test_seeds_count_as_the_report_would_have_rounded_them():
    assert comparison.at_or_below([0.294, 0.304, 0.306], 0.30, 0.005) == 2


def test_relative_rank_by_hand():
    values = [0.1, 0.2, 0.3]
    assert comparison.relative_rank(values, 0.05, 0.005) == 1 / 8
    assert comparison.relative_rank(values, 0.25, 0.005) == 5 / 8
    assert comparison.relative_rank(values, 0.2, 0.005) == 1 / 2
    assert comparison.relative_rank([0.2] * 3, 0.2, 0.005) == 1 / 2


def test_ranks_that_are_spread_evenly_and_ranks_that_are_not():
    even = [(k + 0.5) / 40 for k in range(40)]
    distance, p = comparison.ranks_together(even)
    assert distance == pytest.approx(1 / 80)
    assert p > 0.99
    distance, p = comparison.ranks_together([rank / 4 for rank in even])
    assert distance > 0.7
    assert p < 1e-6


def test_people_see_what_the_ranks_say_together(report):
    configurations, plan = declared()
    names = [name for name in configurations if name.startswith("classifier/")]
    values = [0.90, 0.91, 0.92]
    runs = {name: run_of(configurations, name, "accuracy", values) for name in names}
    cells = {name: Printed("0.99", "Table 2", "accuracy") for name in names}
    table = comparison.compare(Report(cells, [], report.settings), plan, runs, {})
    assert list(table["rank"]) == [3.5 / 4] * 2
    remarks = " ".join(comparison.shown(table, plan, "made up")[0].remarks)
    assert "of the 2 accuracies, distance 0.88" in remarks
    assert "lotteries among them" not in remarks


def test_holm_by_hand():
    assert comparison.holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert comparison.holm([0.5, 0.6]) == pytest.approx([1, 1])
    assert comparison.holm([]) == []


# --- each verdict on a number -----------------------------------------------------------------


def test_agrees_by_hand(report):
    row = compared(report, [0.93, 0.94, 0.95])
    assert row["verdict"] == "agrees"
    assert (row["report"], row["n"], row["stuck"], row["at_or_below"]) == ("0.92", 3, 0, 0)
    numbers = ["rounding", "mean", "sd", "minimum", "maximum", "difference", "tolerance"]
    assert list(row[numbers]) == pytest.approx([0.005, 0.94, 0.01, 0.93, 0.95, 0.02, 0.03])
    assert (row["share"], row["nearest"], row["p"]) == pytest.approx((0, 0.01, 0.5))


def test_disagrees(report):
    row = compared(report, [0.95, 0.951, 0.952])
    assert row["verdict"] == "disagrees"
    assert row["difference"] == pytest.approx(0.031)


def test_sparseness_is_never_a_lottery(report):
    values = [0.1, 0.5, 0.9]
    row = compared(report, values, name=SPARSE, text="0.5", quantity="sparseness")
    assert (row["verdict"], row["stuck"]) == ("agrees", "")


@pytest.mark.parametrize(
    ("values", "diverged"), [([0.92, 0.92], ()), ([0.92] * 3, (1,)), ([0.92] * 3, (0, 1, 2))]
)
def test_too_few_seeds_are_not_judged(report, values, diverged):
    row = compared(report, values, diverged)
    assert row["verdict"] == "too few seeds"
    assert row["n"] == len(values) - len(diverged)
    assert row["p"] == row["p_adjusted"] == row["tolerance"] == ""
    assert ("diverged" in row["reason"]) == bool(diverged)


def test_diverged_seeds_count_for_nothing(report):
    row = compared(report, [0.93, 0.11, 0.94, 0.95], diverged=[1])
    assert (row["verdict"], row["n"], row["stuck"]) == ("agrees", 3, 0)
    assert row["reason"] == "diverged and left out: seed 1"


def test_a_lottery_that_is_not_contradicted(report):
    row = compared(report, [0.11, 0.11, 0.85, 0.86], text="0.30")
    assert row["verdict"] == "lottery, consistent"
    assert (row["stuck"], row["at_or_below"], row["share"]) == (2, 2, 0.5)
    assert (row["p"], row["p_adjusted"], row["tolerance"]) == (1, 1, "")
    assert row["share_low"] < 0.5 < row["share_high"]
    assert row["nearest"] == pytest.approx(0.19)


def test_a_lottery_that_is_contradicted(report):
    seeds = [0.12] + [0.8 + k / 1000 for k in range(39)]
    row = compared(report, seeds, text="0.95")
    assert row["verdict"] == "lottery, not consistent"
    assert row["p"] == row["p_adjusted"] == row["smallest_p"] == pytest.approx(2 / 41)
    assert compared(report, seeds[:-1], text="0.95")["verdict"] == "lottery, consistent"


def test_p_values_are_adjusted_over_all_numbers(report):
    configurations, plan = declared()
    seeds = [0.12] + [0.8 + k / 1000 for k in range(39)]
    runs = {
        STEADY: run_of(configurations, STEADY, "accuracy", seeds),
        OTHER: run_of(configurations, OTHER, "accuracy", [0.9, 0.9, 0.9]),
    }
    cells = {name: Printed("0.95", "Table 2", "accuracy") for name in runs}
    table = comparison.compare(Report(cells, [], report.settings), plan, runs, {})
    assert list(table["verdict"]) == ["lottery, consistent", "disagrees"]
    assert list(table["p_adjusted"]) == pytest.approx([4 / 41, 0.5])


def test_a_missing_run_says_why(report):
    row = compared(report, None)
    assert (row["verdict"], row["reason"]) == ("run missing", "not finished")
    assert (row["report"], row["mean"], row["n"]) == ("0.92", "", "")


def test_what_is_not_declared_is_not_run(report):
    _, plan = declared()
    del plan["configurations"][STEADY]
    row = compared(report, None, plan=plan)
    assert (row["verdict"], row["report"], row["mean"]) == ("not run", "0.92", "")


def test_other_settings_are_not_compared(report):
    _, plan = declared(training={**synthetic.CLASSIFIER_TRAINING, "momentum": 0.5})
    row = compared(report, [0.92] * 3, plan=plan)
    assert (row["verdict"], row["mean"]) == ("other settings", "")
    assert row["reason"] == "momentum is 0.5, in the report 0.9"


def test_other_data_are_not_compared(report):
    _, plan = declared()
    row = compared(report, [0.92] * 3, plan={**plan, "dataset": "digits"})
    assert (row["verdict"], row["mean"], row["p"]) == ("other data", "", "")


# --- curves -----------------------------------------------------------------------------------


def curve_row(report, folder, offsets, epochs=(1, 2, 4), diverged=()):
    """Return the row of a curve that ours, a seed each, lie above by `offsets`."""
    configurations, plan = declared()
    points = {epoch: 0.1 / epoch for epoch in epochs}
    lines = ["seed,phase,epoch,training_error,validation_error,accuracy"]
    for seed, offset in enumerate(offsets):
        lines += [f"{seed},training,{k},{0.1 / k + offset},9," for k in range(1, 6)]
    (folder / "history.csv").write_text("\n".join(lines) + "\n")
    entries = [
        {"seed": seed, "diverged": seed in diverged, "dead": False} for seed in range(len(offsets))
    ]
    run = Run(CURVED, configurations[CURVED], entries, (folder,))
    curve = Curve("1a", CURVED, "training_error", points)
    table = comparison.compare(Report({}, [curve], report.settings), plan, {CURVED: run}, {})
    return table.iloc[0]


@pytest.mark.parametrize(
    ("offsets", "verdict"),
    [
        ([0.0002, 0.0004, 0.0006], "agrees"),
        ([0.0005, 0.0006, 0.0008], "disagrees"),
        ([0.0, 0.0006, 0.003], "seeds differ"),
        ([-0.003, 0.0, 0.003], "agrees"),
        ([0.0, 0.0], "too few seeds"),
    ],
)
def test_verdicts_on_curves(report, tmp_path, offsets, verdict):
    assert curve_row(report, tmp_path, offsets)["verdict"] == verdict


def test_curve_by_hand(report, tmp_path):
    row = curve_row(report, tmp_path, [0.0002, 0.0004, 0.0009, 7.0], diverged=[3])
    assert (row["place"], row["quantity"], row["n"]) == ("Figure 1a", "training_error", 3)
    assert (row["epochs"], row["last_epoch"], row["median_epoch"]) == (3, 4, 2)
    assert row["report"] == pytest.approx(0.025)
    assert (row["mean"], row["difference"]) == pytest.approx((0.0255, 0.0005))
    assert row["median_difference"] == pytest.approx(0.0005)
    assert row["spread"] == pytest.approx(0.0007)
    assert row["nearest_seed_difference"] == pytest.approx(0.0002)
    assert "seed 3" in row["reason"]


# --- for people, and the script ---------------------------------------------------------------


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Results of two of the report's networks, one of them unfinished, and of no other."""
    configurations = dict(
        [
            synthetic.classifier("128"),
            synthetic.classifier("128", "sigmoid"),
            synthetic.autoencoder(128, training=AS_IN_THE_REPORT),
        ]
    )
    return synthetic.write_results(
        tmp_path_factory.mktemp("comparison"), configurations, unfinished=["classifier/relu-128"]
    )


def write(place, folder, plan=None):
    runs, gaps = read_runs(place.plan, place.manifest, place.results)
    report = read_report(FOLDER)
    comparison.write(report, plan or place.plan, runs, gaps, synthetic.TITLE, folder)
    return {suffix: (folder / f"comparison.{suffix}").read_text() for suffix in ("md", "html")}


def test_people_see_how_much_was_compared(place, tmp_path):
    texts = write(place, tmp_path)
    assert "3 of the report's 83 numbers and curves could be compared." in texts["md"]
    assert "| run missing [b]" in texts["md"]
    assert "[b] Not finished." in texts["md"]
    assert "no p is below 0.5" in texts["md"]
    page = Page(texts["html"])
    assert page.open == page.asked == []
    assert len(set(page.rows)) == 3
    assert len(page.rows) == 3 + 5 + 59 + 24
    assert None not in page.scopes


def test_other_data_are_said_to_be_other_data(place, tmp_path):
    texts = write(place, tmp_path, {**place.plan, "dataset": "mnist"})
    for text in texts.values():
        assert "These data are not the report" in text
        assert "0.895" not in text
    rows = list(csv.DictReader((tmp_path / "comparison.csv").open(newline="")))
    assert len(rows) == 83
    assert {row["verdict"] for row in rows} == {"other data"}
    assert {row["mean"] for row in rows} == {""}


def test_a_warning_where_the_report_lies_far_from_every_seed(report):
    configurations, plan = declared()
    values = [0.11, 0.12, 0.88]
    runs = {STEADY: run_of(configurations, STEADY, "accuracy", values)}
    for text, far in (("0.30", True), ("0.13", False)):
        cells = {STEADY: Printed(text, "Table 2", "accuracy")}
        table = comparison.compare(Report(cells, [], report.settings), plan, runs, {})
        remarks = " ".join(comparison.shown(table, plan, "made up")[1].remarks)
        assert ("in 1 of 1 lotteries" in remarks) == far


def test_the_script_uses_what_is_there(place, tmp_path):
    command = [sys.executable, "-X", "importtime", SCRIPTS / "comparison.py"]
    options = {"plan": place.plan_path, "manifest": place.manifest, "results": place.results}
    for name, value in {**options, "report": FOLDER, "output": tmp_path / "script"}.items():
        command += [f"--{name}", value]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert "matplotlib" not in result.stderr
    write(place, tmp_path)
    for suffix in comparison.SUFFIXES:
        name = f"comparison.{suffix}"
        assert (tmp_path / "script" / name).read_bytes() == (tmp_path / name).read_bytes()


def test_reading_the_report_needs_the_standard_library_alone():
    code = "import sys, autoencoders.reported; print('numpy' in sys.modules)"
    folder = Path(reported.__file__).parent.parent
    assert subprocess.check_output([sys.executable, "-c", code], cwd=folder, text=True) == "False\n"
