"""A tiny run of the whole workflow, every output looked into."""

import json
import re
import zipfile
from io import BytesIO
from pathlib import Path

import matplotlib.image
import numpy as np
import pandas as pd
import pytest

from autoencoders.files import sha256_of_file, training_code_sha256
from tiny_jobs import ANALYSES, AUTOENCODERS, FIGURES, KINDS, TRAININGS


@pytest.fixture(scope="module")
def results(finished):
    return finished.folder / "results"


def test_nothing_but_the_declared_files_is_there(results):
    files = {str(path.relative_to(results)) for path in results.rglob("*") if path.is_file()}
    runs = {
        f"runs/{name}/{file}"
        for name in TRAININGS
        for file in ("history.csv", "weights.npz", "run.json")
    }
    shown = ("table1", "table2", "comparison", "claims", "plateau")
    tables = {f"tables/{name}.{end}" for name in shown for end in ("csv", "md", "html", "tex")}
    numbers = ("runs", "configurations", "provenance", "claims_parts")
    tables |= {f"tables/{name}.csv" for name in numbers}
    tables |= {f"measurements/{kind}.csv" for kind in KINDS}
    tables |= {f"{name}.sha256" for name in tables if name.endswith(".csv")}
    figures = {
        f"figures/{Path(name).stem}.{end}"
        for name in FIGURES
        for end in ("svg", "pdf", "png", "json", "svg.sha256")
    }
    data = {"data/digits/arrays.npz", "data/digits/manifest.json"}
    logs = {name for name in files if name.startswith(("logs/", "benchmarks/"))}
    assert files - logs == runs | tables | figures | data | {"report.html"}
    jobs = {f"runs/{name}" for name in TRAININGS} | {f"report/{name}" for name in shown}
    jobs |= {f"figures/{Path(name).stem}" for name in FIGURES}
    jobs |= {f"measurements/{kind}" for kind in KINDS}
    jobs |= {f"analysis/{step}" for step in (*ANALYSES, "judge_claims")}
    jobs |= {"data/build-digits", "report/page"}
    assert logs == {f"logs/{job}.log" for job in jobs} | {f"benchmarks/{job}.tsv" for job in jobs}


@pytest.mark.parametrize("name", sorted(TRAININGS))
def test_run_records_what_it_was_made_of(results, finished, name):
    folder = results / "runs" / name
    run = json.loads((folder / "run.json").read_text())
    assert run["configuration"] == name.rsplit("/", 1)[0]
    assert run["sha256"] == {
        "data": sha256_of_file(results / "data/digits/manifest.json"),
        "code": training_code_sha256(finished.folder / "workflow/autoencoders"),
    }
    assert run["data"]["dataset"] == "digits"
    assert run["threads"] == 1
    assert {"python", "numpy"} < set(run["versions"])
    assert run["start"] <= run["end"]
    assert {"commit", "dirty"} == set(run["git"])


@pytest.mark.parametrize("name", sorted(TRAININGS))
def test_history_and_metrics_agree(results, name):
    folder = results / "runs" / name
    record = json.loads((folder / "run.json").read_text())
    config, metrics = record["config"], record["metrics"]
    history = pd.read_csv(folder / "history.csv")
    assert [seed["seed"] for seed in metrics] == config["seeds"]
    for seed in metrics:
        rows = history[history.seed == seed["seed"]]
        assert rows.groupby("phase").epoch.max().to_dict() == seed["epochs"]
        assert set(seed["seconds"]) == set(seed["epochs"])
        assert rows.training_error.iloc[-1] == seed["training_error"]
        assert rows.validation_error.iloc[-1] == seed["validation_error"]
        if name in AUTOENCODERS:
            assert seed["epochs"] == {"training": 2}
            assert 0 <= seed["sparseness"] <= 1
        else:
            phases = [f"pre-training-{k + 1}" for k in range(len(config["hidden"]))]
            assert set(seed["epochs"]) == {*phases, "full-training"}
            assert rows.accuracy.iloc[-1] == seed["validation_accuracy"]
            assert seed["accuracy"] == pytest.approx(round(seed["accuracy"] * 360) / 360)


def test_weights_reproduce_the_recorded_validation_error(results):
    folder = results / "runs/autoencoder/relu-16/seed-0"
    with np.load(results / "data/digits/arrays.npz") as arrays:
        images = arrays["test_images"].astype(float)
    with np.load(folder / "weights.npz") as stored:
        weights = {name: stored[f"seed0/{name}"] for name in (
            "encoder/weights", "encoder/biases", "decoder/weights", "decoder/biases"
        )}  # fmt: skip
        assert {name.split("/")[0] for name in stored} == {"seed0"}
    hidden = np.maximum(images @ weights["encoder/weights"] + weights["encoder/biases"], 0)
    logits = hidden @ weights["decoder/weights"] + weights["decoder/biases"]
    error = np.mean((1 / (1 + np.exp(-logits)) - images) ** 2)
    metrics = json.loads((folder / "run.json").read_text())["metrics"][0]
    assert metrics["validation_error"] == pytest.approx(error, rel=1e-5)


def test_tables_hold_the_means_of_the_runs(results):
    def metrics(name, key):
        paths = sorted((results / "runs" / name).glob("*/run.json"))
        seeds = [seed for path in paths for seed in json.loads(path.read_text())["metrics"]]
        return [seed[key] for seed in seeds]

    table1 = pd.read_csv(results / "tables/table1.csv")
    assert len(table1) == 6
    assert set(table1.activation) == {"relu", "sigmoid", "tanh", "elu"}
    row = table1[(table1.activation == "sigmoid") & (table1.regularisation == "l1")].iloc[0]
    assert (row.parameter, row.applied_weight, row.n) == (1e-5, 1e-4, 1)
    assert row.sparseness == metrics("autoencoder/sigmoid-24-l1-1e-05", "sparseness")[0]

    table2 = pd.read_csv(results / "tables/table2.csv", keep_default_na=False)
    table2 = table2.set_index(["hidden_nodes", "activation"])
    lines = (results / "tables/table2.md").read_text().splitlines()
    shown = {line.split("|")[1].strip() for line in lines if line.startswith("|")}
    assert {"16", "16-9-9", "no hidden layer [a]"} < shown
    assert set(table2.index) == {
        *(("16", "relu"), ("16", "sigmoid"), ("16-9-9", "relu"), ("16-9-9", "sigmoid")),
        ("no-hidden", ""),
    }
    for hidden, activation in (("16", "relu"), ("16-9-9", "sigmoid")):
        values = metrics(f"classifier/{activation}-{hidden}", "accuracy")
        row = table2.loc[hidden, activation]
        assert row.accuracy == pytest.approx(np.mean(values), abs=1e-12)
        assert row.sd == pytest.approx(np.std(values, ddof=1), abs=1e-12)
        assert row.n == 2

    runs = pd.read_csv(results / "tables/runs.csv")
    assert list(runs.columns) == ["configuration", "seed", "metric", "value"]
    assert set(runs.configuration) == {name.rsplit("/", 1)[0] for name in TRAININGS}
    rows = runs[(runs.configuration == "classifier/no-hidden") & (runs.metric == "accuracy")]
    assert list(rows.value) == metrics("classifier/no-hidden", "accuracy")
    for end in ("md", "html", "tex"):
        assert "digits" in (results / f"tables/table2.{end}").read_text()
    assert "\\toprule" in (results / "tables/table2.tex").read_text()


def test_digits_are_not_compared_with_the_paper(results):
    rows = pd.read_csv(results / "tables/comparison.csv")
    assert len(rows) == 83
    assert set(rows.verdict) == {"other data"}
    assert rows["mean"].isna().all()
    for end in ("md", "html"):
        assert "These data are not the paper" in (results / f"tables/comparison.{end}").read_text()
    for name in ("table1", "table2"):
        assert "Published" not in (results / f"tables/{name}.md").read_text()


def test_the_claims_are_not_judged_by_digits(results):
    rows = pd.read_csv(results / "tables/claims.csv")
    assert list(rows.number) == list(range(1, 17))
    assert set(rows.verdict) == {"cannot be decided"}
    assert "These data are not the paper" in (results / "tables/claims.html").read_text()
    measured = pd.read_csv(results / "measurements/principal_subspace.csv")
    assert set(measured.configuration) == {
        *("autoencoder/relu-16", "autoencoder/sigmoid-16", "autoencoder/relu-24")
    }
    plateau = pd.read_csv(results / "tables/plateau.csv")
    assert list(plateau.hidden_nodes.dropna()) == ["16", "16-9-9"]


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_figure_is_a_drawing_in_three_formats(results, name):
    name = Path(name).stem
    image = matplotlib.image.imread(results / f"figures/{name}.png")
    assert min(image.shape[:2]) > 300
    assert image[..., :3].std() > 0.01
    assert (results / f"figures/{name}.pdf").read_bytes().startswith(b"%PDF-")
    assert (results / f"figures/{name}.svg").read_text().rstrip().endswith("</svg>")


def test_the_page_holds_every_table_and_figure_and_says_whose_data_they_are(results):
    page = (results / "report.html").read_text()
    for name in ("table1", "table2", "comparison"):
        assert f'<section data-table="{name}"' in page
    assert re.findall('<figure id="([^"]*)"', page) == [
        *(f"figure{number}" for number in range(1, 9)),
        *("figure10", "figure9"),
    ]
    assert "These numbers cannot be compared with the paper" in page
    assert "14 networks, 21 training runs in total" in page


def test_snakemakes_report_holds_every_table_and_figure(checkout, results):
    # The proxy leads nowhere: what the report shows must come with Snakemake.
    nowhere = dict.fromkeys(("http_proxy", "https_proxy"), "http://127.0.0.1:9")
    output = checkout.run("--report", "report.zip", **nowhere)
    assert "ERROR" not in output
    with zipfile.ZipFile(checkout.folder / "report.zip") as archive:
        held = {
            Path(name).name: archive.read(name) for name in archive.namelist() if "data" in name
        }
        start = archive.read("report/report.html").decode()
    shown = {f"figures/{name}" for name in FIGURES} | {"report.html"}
    shown |= {f"tables/{path.name}" for path in (results / "tables").glob("*.csv")}
    tables = ("table1", "table2", "comparison", "claims", "plateau")
    shown |= {f"tables/{name}.html" for name in tables}
    assert held == {Path(name).name: (results / name).read_bytes() for name in shown}
    description = json.loads(re.search(r'workflow_desc = (".*");', start)[1])
    assert "the numbers say nothing about the paper" in " ".join(description.split())
    for said in (
        *("Figure 10", "Table 2", "Comparison", "Figures", "Tables"),
        "Sparseness of the over-complete autoencoders",
        "every hidden unit of an autoencoder, as images",
    ):
        assert said in start


def test_same_figures_again_are_the_same_bytes(checkout):
    figures = checkout.folder / "results/figures"
    before = {path.name: path.read_bytes() for path in figures.iterdir()}
    checkout.run("--forcerun", "plot_figure", "--", "figure1", "figure2", "figure9")
    for name in ("figure1", "figure2", "figure9"):
        for end in (".svg", ".pdf", ".png"):
            assert (figures / (name + end)).read_bytes() == before[name + end], name + end


# What a notebook, a login shell or a cluster may set.
SHELL = {
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "MPLCONFIGDIR": "/proc/nowhere",
    "LC_ALL": "C",
    "PYTHONUTF8": "0",
    "PYTHONHASHSEED": "7",
    "TZ": "Pacific/Kiritimati",
}


def test_what_the_shell_sets_reaches_no_figure_table_or_page(checkout):
    results = checkout.folder / "results"
    names = ["figures/figure1.svg", "figures/figure2.png", "figures/figure10.pdf"]
    names += ["tables/table1.html", "tables/claims.csv", "report.html"]
    before = {name: (results / name).read_bytes() for name in names}
    rules = ("collect_runs", "judge_claims", "plot_figure", "render_table", "write_page")
    done = checkout.snakemake("--forcerun", *rules, **SHELL)
    assert done.returncode == 0, done.stdout
    for name in names:
        assert (results / name).read_bytes() == before[name], name


def test_snakemakes_records_hold_no_environment_that_was_not_used(finished):
    records = finished.records()
    assert {"train", "write_page", "build_dataset"} <= {record["rule"] for record in records}
    assert {record["conda_env"] for record in records} == {None}


def test_longest_training_starts_first(finished):
    started = re.findall(r"wildcards: run=runs/(\S+)\n    priority: (-\d+)", finished.output)
    priorities = [int(priority) for _, priority in started]
    assert len(started) == len(TRAININGS)
    assert sorted(priorities[:2]) == sorted(priorities)[-2:]  # two start at once, in any order


def test_what_is_measured_is_trained_first(finished):
    priorities = dict(
        re.findall(r"wildcards: run=runs/(\S+)\n    priority: (-\d+)", finished.output)
    )
    measured = {name for name in priorities if name.startswith("autoencoder/")}
    others = set(priorities) - measured
    lowest = min(int(priorities[name]) for name in measured)
    assert lowest > max(int(priorities[name]) for name in others)


def test_what_can_be_drawn_does_not_wait_for_the_other_trainings(finished):
    started = re.findall(r"^(?:local)?rule (\w+):$", finished.output, re.MULTILINE)
    last_training = len(started) - started[::-1].index("train")
    assert "plot_figure" in started[:last_training]


def test_logs_show_the_progress(results):
    log = (results / "logs/runs/classifier/sigmoid-16-9-9/seeds-0-1.log").read_text()
    assert "seed 1, pre-training-3, epoch 1" in log
    assert "full-training" in log
    assert "Traceback" not in log
    assert "retracing" not in log


def test_benchmarks_hold_seconds(results):
    for path in (results / "benchmarks/runs").rglob("*.tsv"):
        assert pd.read_csv(BytesIO(path.read_bytes()), sep="\t").s[0] > 0
