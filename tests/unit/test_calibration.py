import csv
import json
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas
import pytest
import scipy.stats
import yaml
from test_figures import assert_apart_and_inside, headings, small_print
from test_tables import Page

import synthetic
from autoencoders import calibration, figures
from autoencoders.reported import read_report
from autoencoders.runs import Run, RunsError, read_study, require_study
from autoencoders.sweep import read_sweep

REPOSITORY = Path(__file__).resolve().parents[2]
FOLDER = REPOSITORY / "resources" / "report"
SCRIPT = REPOSITORY / "workflow" / "scripts" / "calibration.py"
NEAR, FAR = 0.004, 0.03  # what made-up seeds differ from the report by
STEPS = (-0.001, 0.0, 0.001)  # between their seeds


@pytest.fixture(scope="module")
def report():
    return read_report(FOLDER)


@pytest.fixture(scope="module")
def swept():
    return read_sweep(yaml.safe_load((REPOSITORY / "config.yaml").read_text()))


@pytest.fixture(scope="module")
def half_of(report):
    return calibration.halves(report)


def seeds_of(report, config, name, off, pre=5, full=9, diverged=()):
    """Return the metrics of seeds that are off the report's accuracy by about `off`."""
    epochs = {f"pre-training-{layer + 1}": pre for layer in range(len(config["hidden"]))}
    return [
        {
            "seed": seed,
            "diverged": seed in diverged,
            "dead": False,
            "accuracy": None if seed in diverged else report.cells[name].value + off + step,
            "epochs": {**epochs, "full-training": full},
            "seconds": {phase: 1.0 for phase in (*epochs, "full-training")},
        }
        for seed, step in enumerate(STEPS)
    ]


@pytest.fixture(scope="module")
def calibrated(report, swept, half_of):
    """Return a function that calibrates made-up runs of one study.

    They are near the report in both halves, but for what is said of a variant: its `choosing` or
    `confirming` cells or its network without a hidden layer (`none`) are off by so much; `epochs`
    of a phase; `diverged` seeds.
    """

    def calibrate(study, plan=None, **variants):
        variants = {name.lstrip("_").replace("_", "-"): said for name, said in variants.items()}
        plan = {**(plan or swept.plan()), "calibration": [study]}
        runs = {}
        for variant, configs in swept.studies[study].items():
            said = dict(variants.get(variant, {}))
            offs = {half: said.pop(half, NEAR) for half in (*calibration.HALVES, "none")}
            runs[variant] = {}
            for name, changed in configs.items():
                config = changed or swept.configurations[name]
                off = offs[half_of.get(name, "none")]
                folder = Path(swept.study_runs(study)[variant][name])
                metrics = seeds_of(report, config, name, off, **said)
                runs[variant][name] = Run(name, config, metrics, (folder,))
        assert set(variants) <= set(runs)
        cells = calibration.cells_of(report, plan, {study: runs})
        table = calibration.calibrate(report, plan, {study: runs}, cells)
        assert list(table.columns) == list(calibration.COLUMNS)
        return table.set_index("variant"), cells

    return calibrate


# --- the rules --------------------------------------------------------------------------------


@pytest.mark.parametrize(("near", "n", "share"), [(0, 3, 1 / 5), (3, 3, 4 / 5), (7, 10, 8 / 12)])
def test_score_by_hand(near, n, share):
    assert calibration.score(near, n) == pytest.approx(math.log(share))


def test_what_is_just_near_counts_and_a_diverged_seed_does_not():
    assert calibration.n_near([0.93, 0.91, 0.9305, 0.9095, None], 0.92) == 2


def test_each_half_has_every_architecture_once(half_of):
    assert len(half_of) == 46
    for half in calibration.HALVES:
        cells = [cell.split("/")[1].split("-", 1) for cell in half_of if half_of[cell] == half]
        assert len({hidden for _, hidden in cells}) == len(cells) == 23
        depths = [hidden.count("-") + 1 for _, hidden in cells]
        assert [depths.count(depth) for depth in (1, 2, 3)] == [3, 9, 11]
        assert 11 <= [activation for activation, _ in cells].count("relu") <= 12


def test_the_halves_are_fixed(half_of):
    assert half_of["classifier/relu-128"] == half_of["classifier/sigmoid-256"] == "choosing"
    assert half_of["classifier/sigmoid-128"] == half_of["classifier/relu-256"] == "confirming"
    assert half_of["classifier/sigmoid-512-128-512"] == "choosing"
    assert half_of["classifier/relu-128-512-128"] == "choosing"


def test_the_interval_is_that_of_the_bootstrap():
    differences = np.random.default_rng(5).normal(0.2, 0.5, 23)
    mean, low, high = calibration.mean_and_interval(differences)
    expected = scipy.stats.bootstrap(
        (differences,), np.mean, method="percentile", rng=np.random.default_rng(1)
    ).confidence_interval
    assert mean == pytest.approx(differences.mean())
    assert (low, high) == pytest.approx((expected.low, expected.high), abs=0.02)
    assert calibration.mean_and_interval(differences) == (mean, low, high)


@pytest.mark.parametrize(("kept", "n", "few"), [(0, 3, False), (0, 10, True), (4, 10, False)])
def test_few_seeds_are_clearly_fewer_than_half(kept, n, few):
    assert calibration.few_keep_to(kept, n) is few


def test_what_holds_for_every_variant_does_not_count():
    grounds = {"a": {"text": "x", "pre": "1"}, "b": {"pre": "2"}}
    own, shared = calibration.without_shared(grounds)
    assert own == {"a": ["x"], "b": []}
    assert shared == {"a": ["1"], "b": ["2"]}


@pytest.mark.parametrize(
    ("scores", "against", "best"),
    [
        ({"a": -1, "b": -2}, [], "a"),
        ({"a": -1, "b": -1}, [], "b"),  # the default wins a tie
        ({"a": -1, "b": -2}, ["a"], "b"),
        ({"a": -1, "b": -2}, ["a", "b"], "a"),
    ],
)
def test_the_best_is_among_those_that_nothing_speaks_against(scores, against, best):
    said = {variant: ["why"] * (variant in against) for variant in scores}
    assert calibration.best_of(scores, said, default="b") == best


NOWHERE, CHOOSING, CONFIRMING, BOTH = (False, False), (True, False), (False, True), (True, True)


@pytest.mark.parametrize(
    ("against", "lower", "best", "judged"),
    [
        ([], {"a": NOWHERE, "b": NOWHERE}, "b", ["left open", "chosen"]),
        ([], {"a": CHOOSING, "b": NOWHERE}, "b", ["left open", "chosen"]),
        ([], {"a": CONFIRMING, "b": NOWHERE}, "b", ["left open", "chosen"]),
        ([], {"a": BOTH, "b": NOWHERE}, "b", ["ruled out", "chosen"]),
        ([], {"a": NOWHERE, "b": CHOOSING}, "a", ["left open", "chosen"]),
        ([], {"a": NOWHERE, "b": BOTH}, "a", ["chosen", "ruled out"]),
        (["a"], {"a": NOWHERE, "b": NOWHERE}, "b", ["ruled out", "chosen"]),
        (["b"], {"a": NOWHERE, "b": NOWHERE}, "a", ["chosen", "ruled out"]),
        (["a", "b"], {"a": NOWHERE, "b": NOWHERE}, "a", ["ruled out", "ruled out"]),
    ],
)
def test_verdicts_where_b_is_the_default(against, lower, best, judged):
    said = {variant: ["why"] * (variant in against) for variant in lower}
    found = calibration.verdicts(said, lower, best, default="b")
    assert [verdict for verdict, _ in found.values()] == judged
    assert all(reason for _, reason in found.values())


def test_reasons_name_the_halves_and_everything_that_speaks_against_a_variant():
    lower = {"a": CONFIRMING, "b": NOWHERE, "c": BOTH}
    found = calibration.verdicts({"a": [], "b": [], "c": ["why"]}, lower, "b", "b")
    assert found["a"][1] == "its score is clearly lower than that of b on the confirming half only"
    assert found["b"][1] == "the default, and the best score"
    assert found["c"][1] == "why; its score is clearly lower than that of b on both halves"


def test_a_choice_is_confirmed_unless_another_is_clearly_better():
    chosen = np.zeros(20)
    higher, mixed = chosen + 0.1, np.tile([1.0, -0.9], 10)
    assert calibration.confirmed(chosen, []) == "yes"
    assert calibration.confirmed(chosen, [mixed, -higher]) == "yes"
    assert calibration.confirmed(chosen, [mixed, higher]) == "no"


# --- a study as a whole -----------------------------------------------------------------------


def test_numbers_by_hand(calibrated):
    table, cells = calibrated("patience", _2={"choosing": FAR, "confirming": 0.0095, "full": 7})
    row = table.loc["2"]
    assert (row["cells_choosing"], row["cells_confirming"], row["seeds"]) == (23, 23, 3)
    # Of the confirming cells two of three seeds, 0.0085 and 0.0095 off, are near.
    assert (row["near_choosing"], row["near_confirming"]) == pytest.approx((0, 2 / 3))
    assert row["score_choosing"] == pytest.approx(math.log(1 / 5))
    assert row["score_confirming"] == pytest.approx(math.log(3 / 5))
    assert row["difference_confirming"] == pytest.approx(math.log(3 / 4))
    assert (row["full_training_kept"], row["full_training_share"]) == (138, 1)
    assert (row["pre_training_epochs"], row["full_training_epochs"]) == (5, 7)
    assert row["no_hidden_difference"] == pytest.approx(NEAR)
    assert row["no_hidden_sd"] == pytest.approx(0.001)
    # Student's t with two degrees of freedom from each of three variants, all trained anew.
    half = 2.4469 * 0.001 / math.sqrt(3)
    assert row["no_hidden_allowed"] == pytest.approx(0.005 + 2 * 0.001 + 0.0005 + half, rel=1e-5)
    assert len(cells) == 3 * 46
    one = cells[(cells["variant"] == "2") & (cells["configuration"] == "classifier/sigmoid-128")]
    assert one.iloc[0].to_list()[2:] == [
        "classifier/sigmoid-128",
        "confirming",
        "0.91",
        3,
        2,
        pytest.approx(math.log(3 / 5)),
    ]


def test_the_default_stays_where_it_is_as_good(calibrated):
    table, _ = calibrated("patience", _2={"choosing": FAR, "confirming": FAR})
    assert list(table["verdict"]) == ["chosen", "ruled out", "left open"]
    assert list(table["default"]) == list(table["best"]) == ["yes", "", ""]
    assert list(table["confirmed"]) == ["yes", "", ""]


def test_another_takes_its_place_where_it_is_clearly_better_on_both_halves(calibrated):
    far = {"choosing": FAR, "confirming": FAR}
    table, _ = calibrated("batch-size", _128=far, _32=far, _50=far, _100=far, _256=far)
    assert dict(table["verdict"]) == {**dict.fromkeys(table.index, "ruled out"), "64": "chosen"}
    assert table.loc["64", ["default", "best", "confirmed"]].to_list() == ["", "yes", "yes"]
    assert table.loc["64", "reason"] == "the best score; the default is ruled out"


def test_better_on_the_choosing_half_alone_changes_nothing(calibrated):
    table, _ = calibrated(
        "pre-training-output", sigmoid={"choosing": FAR}, linear={"confirming": FAR}
    )
    assert list(table["verdict"]) == ["chosen", "left open"]
    assert list(table["best"]) == ["", "yes"]
    assert table.loc["sigmoid", "reason"] == (
        "the default; linear is not clearly better on both halves"
    )
    assert table.loc["sigmoid", "confirmed"] == "yes"


def test_a_choice_that_the_other_half_speaks_against_is_not_confirmed(calibrated):
    table, _ = calibrated(
        "pre-training-output", sigmoid={"confirming": FAR}, linear={"choosing": FAR}
    )
    assert list(table["verdict"]) == ["chosen", "left open"]
    assert table.loc["sigmoid", ["best", "confirmed"]].to_list() == ["yes", "no"]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"pre": 10}, "pre-training takes 4 to 5 epochs in only 0% of the seeds"),
        ({"full": 16}, "full training takes 5 to 15 epochs in only 0% of the seeds"),
        ({"full": 4}, "full training takes 5 to 15 epochs in only 0% of the seeds"),
        ({"none": 0.02}, "without a hidden layer the accuracy is 0.915, in the report 0.895"),
    ],
)
def test_the_text_rules_out_what_has_the_best_score(calibrated, said, reason):
    far = {"choosing": FAR, "confirming": FAR}
    table, _ = calibrated("trained-layers", all=far, output=said)
    assert list(table["verdict"]) == ["chosen", "ruled out"]
    assert table.loc["output", "reason"] == reason
    assert table.loc["all", ["best", "confirmed"]].to_list() == ["yes", "yes"]
    assert table.loc["output", "difference_choosing"] > 0


def test_epochs_that_no_variant_keeps_to_rule_none_out(calibrated):
    table, _ = calibrated("trained-layers", all={"full": 20}, output={"full": 30})
    assert list(table["verdict"]) == ["chosen", "left open"]
    for reason in table["reason"]:
        assert reason.endswith(
            "; as in every variant, full training takes 5 to 15 epochs in only 0% of the seeds"
        )


def test_where_everything_is_ruled_out_nothing_is_chosen(calibrated):
    table, _ = calibrated("trained-layers", all={"full": 20}, output={"pre": 8})
    assert list(table["verdict"]) == ["ruled out", "ruled out"]
    assert list(table["confirmed"]) == ["", ""]


def test_batch_normalization_is_judged_by_the_networks_that_have_it(calibrated):
    table, cells = calibrated("batch-normalization")
    assert {name.split("/")[1].split("-")[0] for name in cells["configuration"]} == {"relu"}
    assert table.loc["before-relu", "cells_choosing"] == 12
    assert table.loc["before-relu", "cells_confirming"] == 11
    assert list(table["verdict"]) == ["chosen", "left open", "ruled out"]
    assert table.loc["none", "reason"] == (
        "the text says otherwise: batch_normalization.activations is none, in the report relu"
    )


def test_a_run_that_stands_for_several_variants_is_one_sample(calibrated):
    table, _ = calibrated("trained-layers")  # which changes nothing without a hidden layer
    half = 4.3027 * 0.001 / math.sqrt(3)
    allowed = pytest.approx(0.005 + 2 * 0.001 + 0.0005 + half, rel=1e-5)
    assert list(table["no_hidden_allowed"]) == [allowed] * len(table)


def test_a_diverged_seed_is_neither_near_nor_in_time(calibrated):
    table, _ = calibrated("trained-layers", output={"diverged": [1]})
    row = table.loc["output"]
    assert row["near_choosing"] == pytest.approx(2 / 3)
    assert row["full_training_kept"] == row["pre_training_kept"] == 92
    assert row["no_hidden_difference"] == pytest.approx(NEAR)


def test_all_variants_are_given_as_many_seeds(report, swept):
    plan = {**swept.plan(), "calibration": ["trained-layers"]}
    runs = {}
    for variant, configs in swept.studies["trained-layers"].items():
        runs[variant] = {}
        for name, changed in configs.items():
            config = changed or swept.configurations[name]
            metrics = seeds_of(report, config, name, NEAR)
            runs[variant][name] = Run(name, config, metrics[: 2 if variant == "all" else 3], ())
    cells = calibration.cells_of(report, plan, {"trained-layers": runs})
    assert set(cells["seeds"]) == set(cells["near"]) == {2}


def without_networks(plan, study, kept):
    """Return a plan whose study has only those networks whose name holds a text."""
    plan = json.loads(json.dumps(plan))
    variants = plan["studies"][study]["variants"]
    for variant, entries in variants.items():
        variants[variant] = {name: entry for name, entry in entries.items() if kept in name}
    return plan


def test_too_few_networks_are_refused(swept, calibrated):
    plan = without_networks(swept.plan(), "patience", "sigmoid-128")
    with pytest.raises(RunsError) as error:
        calibrated("patience", plan)
    assert "the study patience changes 4 of Table 2's networks in the choosing half" in str(
        error.value
    )


def test_a_study_without_the_default_is_refused(swept, calibrated):
    plan = swept.plan()
    for entry in plan["studies"]["patience"]["variants"]["0"].values():
        entry["folder"] = entry["folder"].replace("runs/", "studies/patience/0/")
    with pytest.raises(RunsError, match="no variant of the study patience has the settings of"):
        calibrated("patience", plan)


# --- for people -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def table(calibrated):
    far = {"choosing": FAR, "confirming": FAR, "none": 0.02}
    return calibrated("loss", softmax_mse=far, sigmoid_mse={"full": 30})[0].reset_index()


def test_people_see_what_is_chosen_and_why(table):
    summary, scores, epochs = calibration.shown(table, "made up")
    assert [cell.text for cell in summary.rows[0]] == [
        "loss",
        "softmax-cross-entropy (default)",
        "yes",
        "sigmoid-cross-entropy",
        "softmax-mse, sigmoid-mse",
    ]
    assert scores.rows[1][2].text == "ruled out"
    assert scores.rows[1][2].notes == (
        "Without a hidden layer the accuracy is 0.915, in the report 0.895; its score is clearly "
        "lower than that of softmax-cross-entropy on both halves.",
    )
    assert [cell.text for cell in scores.rows[1][3:8]] == [
        "23",
        "0%",
        "−1.61",
        "−1.39",
        "−1.39 to −1.39",
    ]
    assert [cell.text for cell in scores.rows[0][3:8]] == ["23", "100%", "−0.22", "–", "–"]
    assert [cell.text for cell in epochs.rows[3][5:8]] == ["0%", "30", "0.899 ± 0.001"]
    for shown in (summary, scores, epochs):
        assert {len(row) for row in shown.rows} == {len(shown.columns)}
    assert sum(width for _, width in scores.groups) == len(scores.columns)


def test_pages_are_whole(table, tmp_path):
    cells = pandas.DataFrame(columns=list(calibration.CELL_COLUMNS))
    calibration.write(table, cells, "made up", tmp_path)
    page = Page((tmp_path / "calibration.html").read_text())
    assert page.open == page.asked == []
    assert len(set(page.rows)) == 3
    assert len(page.rows) == 2 + 6 + 6
    text = (tmp_path / "calibration.md").read_text()
    assert "| softmax-cross-entropy (default)" in text
    rows = list(csv.DictReader((tmp_path / "calibration.csv").open(newline="")))
    assert [row["verdict"] for row in rows] == list(table["verdict"])
    assert float(rows[1]["score_choosing"]) == pytest.approx(math.log(1 / 5))


@pytest.mark.parametrize(
    ("changes", "said", "drawn"),
    [
        ({"dataset": "digits"}, "These data are not the report's", "these data are not the report"),
        ({"calibration": []}, "No study is named", "no study is named"),
    ],
)
def test_without_anything_to_calibrate_table_and_figure_say_so(report, swept, changes, said, drawn):
    plan = {**swept.plan(), **changes}
    table = calibration.calibrate(report, plan, {}, calibration.cells_of(report, plan, {}))
    assert set(table["verdict"]) <= {"other data"}
    (shown,) = calibration.shown(table, "made up")
    assert said in shown.caption
    assert shown.remarks == []
    figure = figures.draw_calibration(table, "made up")
    (text,) = figure.axes[0].texts
    assert drawn in text.get_text()


def test_the_figure_shows_the_numbers(table):
    figure = figures.draw_calibration(table, "made up")
    assert headings(figure) == ["(a) Table 2", "(b) stated epochs", "(c) no hidden layer"]
    scores, epochs, accuracies = figure.axes
    marks = [line for line in scores.lines if line.get_marker() == "D"]
    assert [line.get_xdata()[0] for line in marks] == list(table["difference_confirming"])
    assert [round(line.get_ydata()[0]) for line in marks] == [1, 2, 3, 4]
    (squares,) = (line for line in epochs.lines if line.get_marker() == "s")
    assert list(squares.get_xdata()) == list(table["full_training_share"])
    dots = [line for line in accuracies.lines if line.get_marker() == "o"]
    assert [line.get_xdata()[0] for line in dots] == list(table["no_hidden"])
    texts = [text.get_text() for text in figure.texts]
    assert {"loss (46 cells)", "softmax-cross-entropy (default)", "chosen"} <= set(texts)
    assert [text for text in texts if text in ("chosen", "left open", "ruled out")] == list(
        table["verdict"]
    )
    assert "3 seeds of each cell" in small_print(figure)


def test_nothing_in_the_figure_is_cut_off_or_hides_anything_else(table, calibrated):
    both = pandas.concat([table, calibrated("batch-size")[0].reset_index()])
    assert_apart_and_inside(figures.draw_calibration(both, "made up"))


# --- from finished runs -----------------------------------------------------------------------

STUDIES = {
    "patience": {
        "0": {"full_training": {"patience": 0}},
        "2": {"full_training": {"patience": 2}},
    }
}


@pytest.fixture(scope="module")
def place(tmp_path_factory, report):
    architectures = [
        cell.removeprefix("classifier/relu-") for cell in report.cells if "classifier/relu" in cell
    ]
    configurations = synthetic.classifiers(architectures[:12], keep_weights="none")
    metrics = {
        name: seeds_of(report, config, name, NEAR) for name, config in configurations.items()
    }
    place = synthetic.write_results(
        tmp_path_factory.mktemp("calibration"), configurations, metrics=metrics
    )
    synthetic.write_studies(
        place, STUDIES, lambda study, variant, name, config: seeds_of(report, config, name, FAR)
    )
    return place


def call(place, output):
    command = [sys.executable, SCRIPT]
    options = {"plan": place.plan_path, "manifest": place.manifest, "results": place.results}
    for name, value in {**options, "report": FOLDER, "output": output}.items():
        command += [f"--{name}", value]
    return subprocess.run(command, capture_output=True, text=True)


def test_the_script_writes_tables_and_figure(place, tmp_path, report):
    result = call(place, tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.glob("*/*")} == {
        *(f"tables/calibration{suffix}" for suffix in (".csv", ".md", ".html", "_cells.csv")),
        *(f"figures/calibration.{suffix}" for suffix in figures.METADATA),
    }
    rows = list(csv.DictReader((tmp_path / "tables/calibration.csv").open(newline="")))
    assert [(row["variant"], row["verdict"]) for row in rows] == [
        ("0", "chosen"),
        ("2", "ruled out"),
    ]
    cells = list(csv.DictReader((tmp_path / "tables/calibration_cells.csv").open(newline="")))
    assert len(cells) == 2 * 24
    assert {cell["near"] for cell in cells if cell["variant"] == "0"} == {"3"}


def test_runs_that_are_missing_are_refused(place, tmp_path):
    records = sorted((place.results / "studies/patience/2").rglob("run.json"))[:4]
    contents = [record.read_bytes() for record in records]
    for record in records:
        record.unlink()
    result = call(place, tmp_path)
    for record, content in zip(records, contents, strict=True):
        record.write_bytes(content)
    assert result.returncode == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith("error: 4 of the 50 runs of the study patience cannot be used: 2/class")
    assert "; and 1 more; `snakemake --cores 1 calibration` trains" in line
    assert not list(tmp_path.iterdir())
    assert call(place, tmp_path).returncode == 0


def test_a_refusal_names_the_record_that_stands_for_a_variant(place):
    runs, gaps = read_study(place.plan, place.manifest, place.results, "patience")
    assert gaps == {}
    assert len(runs["0"]) == len(runs["2"]) == 25
    require_study(gaps, place.plan, "patience")
    gaps = {"0/classifier/relu-128": "weights.npz is unreadable"}
    with pytest.raises(RunsError) as error:
        require_study(gaps, place.plan, "patience", "out")
    assert str(error.value) == (
        "1 of the 50 runs of the study patience cannot be used: 0/classifier/relu-128 (weights.npz "
        "is unreadable); `snakemake --cores 1 calibration` trains what is missing or stale, and "
        "what is damaged where it is named, as by `--forcerun "
        "out/runs/classifier/relu-128/run.json` (with the --configfile or --config of this run, if "
        "any)."
    )
