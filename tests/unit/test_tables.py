import csv
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

import synthetic
from autoencoders import tables
from autoencoders.reported import read_report
from autoencoders.runs import read_runs

SCRIPTS = Path(tables.__file__).parent.parent / "scripts"
REPORT = Path(tables.__file__).parents[2] / "resources" / "report"
TITLE = "a made-up <set> & 100 % of_it"
STRONG, NOISY = "autoencoder/relu-8-l1-1e-05", "autoencoder/sigmoid-8-noise-0.3"


def metrics_of(name, config, metric, values, diverged=(), dead=()):
    """Return metrics in which only the values of one metric matter; None for a diverged seed."""
    entries = synthetic.make_metrics(name, config)
    for entry, value in zip(entries, values, strict=True):
        entry[metric] = value
        entry["dead"] = entry["seed"] in dead
    return [synthetic.diverge(entry) if entry["seed"] in diverged else entry for entry in entries]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    configurations = synthetic.over_complete(8) | synthetic.classifiers(["4", "4-3"])
    del configurations["classifier/sigmoid-4-3"]
    relu, sigmoid, bare = "classifier/relu-4", "classifier/sigmoid-4", "classifier/no-hidden"
    metrics = {
        STRONG: metrics_of(STRONG, configurations[STRONG], "sparseness", [0.5, 0.2, 0.7], [1], [2]),
        NOISY: metrics_of(NOISY, configurations[NOISY], "sparseness", [0.1, 0.2, 0.6]),
        relu: metrics_of(relu, configurations[relu], "accuracy", [0.9, 0.92, 0.94]),
        sigmoid: metrics_of(sigmoid, configurations[sigmoid], "accuracy", [0.1] * 3, [0, 1, 2]),
        bare: metrics_of(bare, configurations[bare], "accuracy", [0.89, 0.895, 0.9]),
    }
    for seed, entry in enumerate(metrics[relu]):
        entry["epochs"] = {"pre-training-1": 4, "full-training": 6 + seed}
        entry["seconds"] = {"pre-training-1": 0.5, "full-training": 1.0 + seed}
    return synthetic.write_results(
        tmp_path_factory.mktemp("tables"),
        configurations,
        unfinished=["autoencoder/relu-8-l2-1e-05", "classifier/relu-4-3"],
        metrics=metrics,
        title=TITLE,
    )


@pytest.fixture(scope="module")
def read(place):
    return read_runs(place.plan, place.manifest, place.results)


@pytest.fixture(scope="module")
def folder(place, read, tmp_path_factory):
    folder = tmp_path_factory.mktemp("written")
    for name in tables.TABLES:
        tables.write(name, place.plan, *read, TITLE, folder)
    tables.write_csv(tables.runs_table(read[0]), folder / "runs.csv")
    return folder


def rows_of(path, *key):
    with open(path, newline="") as file:
        return {tuple(row[column] for column in key): row for row in csv.DictReader(file)}


def test_table1_has_its_columns_and_the_rows_of_the_plan(folder, place):
    lines = (folder / "table1.csv").read_text().splitlines()
    assert lines[0] == (
        "activation,regularisation,parameter,applied_weight,sparseness,sd,n,report,diverged,dead,"
        "configuration"
    )
    assert [line.split(",")[:4] for line in lines[1:]] == [
        [activation, *kind]
        for kind in (
            ["l1", "1e-05", "0.0001"],
            ["l1", "1e-07", "1e-06"],
            ["l2", "1e-05", "0.0001"],
            ["l2", "1e-07", "1e-06"],
            ["noise", "0.1", "0.1"],
            ["noise", "0.3", "0.3"],
        )
        for activation in ("relu", "sigmoid")
    ]


def test_table1_means_leave_diverged_seeds_out_and_name_them(folder):
    rows = rows_of(folder / "table1.csv", "activation", "regularisation", "parameter")
    row = rows["relu", "l1", "1e-05"]
    assert float(row["sparseness"]) == pytest.approx(0.6)
    assert float(row["sd"]) == pytest.approx(0.1 * 2**0.5)
    assert (row["n"], row["diverged"], row["dead"]) == ("2", "1", "2")
    row = rows["sigmoid", "noise", "0.3"]
    assert float(row["sparseness"]) == pytest.approx(0.3)
    assert float(row["sd"]) == pytest.approx(0.07**0.5)
    assert (row["n"], row["diverged"], row["dead"]) == ("3", "", "")


def test_a_gap_leaves_its_cells_empty(folder):
    row = rows_of(folder / "table1.csv", "activation", "regularisation", "parameter")
    row = row["relu", "l2", "1e-05"]
    assert [row[column] for column in ("sparseness", "sd", "n", "diverged", "dead")] == [""] * 5


def test_one_seed_has_no_standard_deviation(tmp_path):
    name, config = synthetic.autoencoder(8, norm="l1", printed=1e-05, seeds=1)
    place = synthetic.write_results(tmp_path, {name: config})
    runs, gaps = read_runs(place.plan, place.manifest, place.results)
    row = tables.table1(place.plan, runs).iloc[0]
    assert (row["sd"], row["n"]) == ("", 1)
    shown = tables.shown_table1(place.plan, runs, gaps, TITLE)
    assert shown.rows[0][4].text == f"{row['sparseness']:.3f}"
    assert "One seed. Data:" in shown.caption


def test_table2_has_its_columns_and_rows(folder):
    lines = (folder / "table2.csv").read_text().splitlines()
    assert lines[0] == (
        "hidden_nodes,accuracy_relu,sd_relu,n_relu,report_relu,"
        "accuracy_sigmoid,sd_sigmoid,n_sigmoid,report_sigmoid,"
        "epochs_relu,seconds_relu,epochs_sigmoid,seconds_sigmoid,diverged_relu,dead_relu,"
        "diverged_sigmoid,dead_sigmoid"
    )
    assert [line.split(",")[0] for line in lines[1:]] == ["4", "4-3", "no-hidden"]


def test_table2_by_hand(folder):
    rows = rows_of(folder / "table2.csv", "hidden_nodes")
    row = rows["4",]
    assert float(row["accuracy_relu"]) == pytest.approx(0.92)
    assert float(row["sd_relu"]) == pytest.approx(0.02)
    assert row["n_relu"] == "3"
    assert float(row["epochs_relu"]) == 11.0
    assert float(row["seconds_relu"]) == 2.5
    assert (row["accuracy_sigmoid"], row["sd_sigmoid"], row["n_sigmoid"]) == ("", "", "0")
    assert (row["diverged_relu"], row["diverged_sigmoid"]) == ("", "0 1 2")
    assert all(value == "" for key, value in rows["4-3",].items() if key != "hidden_nodes")
    row = rows["no-hidden",]
    assert row["accuracy_relu"] == row["accuracy_sigmoid"]
    assert float(row["accuracy_sigmoid"]) == pytest.approx(0.895)
    assert row["epochs_relu"] == row["epochs_sigmoid"] != ""


def test_equal_networks_told_apart_by_a_suffix_have_rows_of_their_own():
    config = synthetic.classifier("4")[1]
    plan = synthetic.plan_of({"classifier/relu-4": config, "classifier/relu-4-slow": config})
    assert list(tables.table2(plan, {})["hidden_nodes"]) == ["4", "4-slow"]


def test_runs_are_tidy(folder, read):
    lines = (folder / "runs.csv").read_text().splitlines()
    assert lines[0] == "configuration,seed,metric,value"
    rows = rows_of(folder / "runs.csv", "configuration", "seed", "metric")
    assert len(rows) == len(lines) - 1
    values = {key: row["value"] for key, row in rows.items()}
    assert values["classifier/relu-4", "1", "accuracy"] == "0.92"
    assert values["classifier/relu-4", "1", "epochs"] == "11"
    assert values["classifier/relu-4", "1", "epochs_full-training"] == "7"
    assert values["classifier/relu-4", "1", "seconds"] == "2.5"
    assert values[STRONG, "1", "sparseness"] == ""
    assert [values[STRONG, seed, "diverged"] for seed in "012"] == ["0", "1", "0"]
    assert [values[STRONG, seed, "dead"] for seed in "012"] == ["0", "0", "1"]
    exact = read[0][NOISY].metrics[0]["training_error"]
    assert float(values[NOISY, "0", "training_error"]) == exact
    assert (STRONG, "0", "accuracy") not in values


def test_people_see_mean_sd_marks_and_the_data(folder):
    text = (folder / "table1.md").read_text()
    assert "0.600 ± 0.141 [a,b]" in text
    assert "| 2 of 3 |" in text
    assert "[a] Diverged and left out: seed 1." in text
    assert "[b] Dead, a whole hidden layer inactive on every test image: seed 2." in text
    assert "– [c]" in text
    assert "[c] Missing: not finished." in text
    assert "at most 0.1 on the test images" in text
    assert "over 3 seeds. Data: a made-up \\<set\\> & 100 % of\\_it." in text


def test_the_network_without_a_hidden_layer_is_shown_once(folder):
    for suffix in ("md", "html", "tex"):
        text = (folder / f"table2.{suffix}").read_text()
        assert text.count("0.895") == 1
        assert "its numbers are shown once" in text


@pytest.fixture(scope="module")
def beside(tmp_path_factory):
    """Tables 1 and 2 of networks that the report has, and of some that it has not."""
    settings = {**synthetic.TRAINING, "epochs": 100}
    configurations = dict(
        [
            synthetic.autoencoder(1024, norm="l1", printed=1e-05, training=settings),
            synthetic.autoencoder(1024, norm="l2", printed=1e-05),
            synthetic.classifier("512-128"),
            synthetic.classifier("512-128", "sigmoid"),
            synthetic.classifier("9"),
            synthetic.classifier(""),
        ]
    )
    plan = synthetic.plan_of(configurations)

    def write(folder, **changes):
        gaps = dict.fromkeys(configurations, "not finished")
        for name in tables.TABLES:
            tables.write(name, {**plan, **changes}, {}, gaps, TITLE, folder, read_report(REPORT))
        return folder

    return write


def test_the_reports_own_numbers_stand_beside_ours(beside, tmp_path):
    folder = beside(tmp_path)
    rows = rows_of(folder / "table1.csv", "configuration")
    assert rows["autoencoder/relu-1024-l1-1e-05",]["report"] == "0.99"
    assert rows["autoencoder/relu-1024-l2-1e-05",]["report"] == ""  # 6 epochs, not 100
    rows = rows_of(folder / "table2.csv", "hidden_nodes")
    assert (rows["512-128",]["report_relu"], rows["512-128",]["report_sigmoid"]) == ("0.94", "0.90")
    assert (rows["9",]["report_relu"], rows["9",]["report_sigmoid"]) == ("", "")
    assert rows["no-hidden",]["report_relu"] == "0.895"
    lines = (folder / "table2.md").read_text().splitlines()
    head, of_row = (
        next([cell.strip() for cell in line.split("|")] for line in lines if word in line)
        for word in ("| Hidden nodes", "| 512-128")
    )
    shown = dict(zip(head, of_row, strict=True))
    assert (shown["ReLU: report"], shown["sigmoid: report"]) == ("0.94", "0.90")
    assert "From the report's text." in (folder / "table2.md").read_text()
    page = Page((folder / "table2.html").read_text())
    assert set(page.rows) == {11}
    assert page.open == []


@pytest.mark.parametrize("dataset", ["digits", "mnist"])
def test_on_other_data_the_report_has_no_number(beside, tmp_path, dataset):
    folder = beside(tmp_path, dataset=dataset)
    for row in rows_of(folder / "table1.csv", "configuration").values():
        assert row["report"] == ""
    for name in ("table1", "table2"):
        for suffix in ("md", "html", "tex"):
            text = (folder / f"{name}.{suffix}").read_text()
            assert "Report" not in text
            assert "0.94" not in text
    assert set(Page((folder / "table2.html").read_text()).rows) == {9}


def test_latex_is_escaped_and_uses_booktabs(folder):
    text = (folder / "table2.tex").read_text()
    assert r"a made-up \textless{}set\textgreater{} \& 100 \% of\_it." in text
    assert r"0.920 $\pm$ 0.020 & 3 & 11.0 & 2.5" in text
    assert r"\cmidrule(lr){2-5} \cmidrule(lr){6-9}" in text
    for rule in ("toprule", "midrule", "bottomrule"):
        assert text.count(f"\\{rule}") == 1
    body = text.split(r"\midrule")[1].split(r"\bottomrule")[0].strip().splitlines()
    assert {line.count("&") for line in body} == {8}


class Page(HTMLParser):
    """Counts the cells of each row; finds what is asked for from elsewhere."""

    def __init__(self, text):
        super().__init__()
        self.rows, self.scopes, self.asked, self.open = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.asked += [attributes[key] for key in ("src", "href") if key in attributes]
        if tag == "tr":
            self.rows.append(0)
        if tag in ("th", "td"):
            self.rows[-1] += int(attributes.get("colspan", 1))
        if tag == "th":
            self.scopes.append(attributes.get("scope"))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize(("name", "columns"), [("table1", 6), ("table2", 9)])
def test_html_is_a_page_of_its_own(folder, name, columns):
    text = (folder / f"{name}.html").read_text()
    page = Page(text)
    assert page.open == []
    assert page.asked == []
    assert "url(" not in text
    assert set(page.rows) == {columns}
    assert None not in page.scopes
    assert "a made-up &lt;set&gt; &amp; 100 % of_it." in text
    assert "<set>" not in text
    assert "prefers-color-scheme: dark" in text


def test_the_same_runs_give_the_same_bytes(place, read, folder, tmp_path):
    for name in tables.TABLES:
        tables.write(name, place.plan, *read, TITLE, tmp_path)
        for suffix in tables.SUFFIXES:
            path = f"{name}.{suffix}"
            assert (tmp_path / path).read_bytes() == (folder / path).read_bytes()


def call(script, place, output, *more):
    options = {"plan": place.plan_path, "manifest": place.manifest, "results": place.results}
    command = [sys.executable, "-X", "importtime", SCRIPTS / script, "--output", output, *more]
    for name, value in options.items():
        command += [f"--{name}", value]
    return subprocess.run(command, capture_output=True, text=True)


def test_a_script_refuses_gaps_and_leaves_no_file(place, tmp_path):
    result = call("table.py", place, tmp_path, "--name", "table1", "--report", REPORT)
    assert result.returncode == 1
    message = result.stderr.splitlines()[-1]
    assert message.startswith("error: 1 declared run cannot be used: autoencoder/relu-8-l2-1e-05")
    assert "Traceback" not in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_scripts_write_their_tables_without_drawing(tmp_path):
    configurations = synthetic.over_complete(8) | synthetic.classifiers(["4"])
    place = synthetic.write_results(tmp_path, configurations)
    output = tmp_path / "tables"
    for script, path, *name in (
        ("table.py", output, "--name", "table1", "--report", REPORT),
        ("table.py", output, "--name", "table2", "--report", REPORT),
        ("collect_runs.py", output / "runs.csv"),
    ):
        result = call(script, place, path, *name)
        assert result.returncode == 0, result.stderr
        assert "matplotlib" not in result.stderr
        assert "tensorflow" not in result.stderr
    names = {f"{name}.{suffix}" for name in tables.TABLES for suffix in tables.SUFFIXES}
    assert {path.name for path in output.iterdir()} == names | {"runs.csv"}
