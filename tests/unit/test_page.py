import csv
import itertools
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import pages
import synthetic
from autoencoders import page
from autoencoders.figures import FIGURES
from autoencoders.runs import RunsError

SCRIPT = Path(page.__file__).parent.parent / "scripts" / "page.py"
# What a browser would fetch; namespaces in a drawing are none.
FETCHED = ("src", "srcset", "href", "poster", "data", "action", "formaction", "background")


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return pages.make(tmp_path_factory.mktemp("page"), synthetic.everything())


@pytest.fixture
def place(whole, tmp_path):
    """Results to be changed at will."""
    folder = tmp_path / "results"
    shutil.copytree(whole.results, folder)
    return synthetic.Place(
        whole.plan,
        folder / "plan.json",
        folder / "data/lab/manifest.json",
        folder / "data/lab/arrays.npz",
        whole.arrays,
        folder,
    )


@pytest.fixture(scope="module")
def parts(whole):
    return pages.Parts(pages.text_of(whole))


# --- what it says -----------------------------------------------------------------------------


def test_counts_are_those_of_the_files(parts, whole):
    trainings = sum(entry["config"]["seeds"] for entry in whole.plan["configurations"].values())
    networks = len(whole.plan["configurations"])
    assert f"{networks} networks, trained {trainings} times in all" in parts.text
    assert "2 of 4 of the report’s claims hold 1 does not; 1 cannot be decided" in parts.text


def test_comparison_is_told_place_by_place(whole, place):
    with open(place.results / "tables/comparison.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    verdicts = ["agrees", "disagrees", "lottery, consistent", "seeds differ", "not run"]
    for row, verdict in zip(rows, [*verdicts, *["agrees"] * len(rows)], strict=False):
        row["verdict"] = verdict
    told = {each["place"]: each for each in page.compared(rows)}
    assert told["Table 1"] == {
        "place": "Table 1",
        "what": "number",
        "n": 11,
        "agree": 8,
        "rest": "1 disagrees; 1 is a draw that ours do not contradict; 1 differs from seed to seed",
    }
    assert (told["Figure 3"]["what"], told["Figure 3"]["n"]) == ("curve", 12)
    assert told["the text"]["n"] == 1


def test_claims_show_verdict_sentence_and_numbers(parts):
    for said in ("Claim 2 is made.", "✗ does not hold", "It cannot be decided."):
        assert said in parts.text
    assert "Number −0.0123 of accuracy 95 % interval −0.1 to 0.25 p 0.000123 n 10" in parts.text
    assert "Number −0.0247 of accuracy n 10" in parts.text


def test_what_was_done_is_read_from_plan_manifest_and_runs(whole, parts):
    assert "40 images to train on and 30 to test on, 784 pixels each" in parts.text
    assert "100, 128, 200, 256, 400, 512 and 1024 hidden units" in parts.text
    assert "6 epochs in batches of 50, learning rate 0.1, momentum 0.9" in parts.text
    assert "networks of 0, 1, 2 and 3 hidden layers" in parts.text
    assert "3 for each network" in parts.text
    told = page.done(
        whole.plan,
        json.loads(whole.manifest.read_text()),
        {
            ("autoencoder/relu-128", "0", "seconds"): 4000.0,
            ("autoencoder/relu-128", "0", "epochs"): 1200.0,
            ("autoencoder/relu-128", "0", "diverged"): 1.0,
        },
    )
    assert told["Seeds"] == (
        "1 for each network, 1 trainings in all: 1,200 epochs in 1 h 7 min of training. "
        "1 of them diverged."
    )


def test_provenance_tells_what_differs_from_run_to_run(whole):
    record = json.loads((whole.runs / "autoencoder/relu-128/run.json").read_text())
    dirty = {
        **record,
        "git": {"commit": "abc", "dirty": True},
        "start": "2018-01-01T01:02:03+00:00",
    }
    told = page.provenance([record, record, dirty])
    assert told["Commit"] == ["unknown (2 runs)", "abc with uncommitted changes (1 run)"]
    assert told["First start"] == ["2018-01-01 01:02 UTC"]
    assert told["Host"] == ["nowhere"]
    assert "Commit" not in page.provenance([record])


def test_alternative_texts_say_what_is_to_be_seen(whole):
    numbers = page.read_numbers(whole.results / "tables/runs.csv")
    for name in FIGURES:
        assert len(page.alt(name, whole.plan, numbers)) > 80
    one = {("autoencoder/relu-128", "0", "training_error"): 0.0204}
    assert "training error ends at 0.020 (ReLU)." in page.alt("figure1", whole.plan, one)
    assert "ReLU, 256-256-256 units" in page.alt("figure9", whole.plan, {})


def test_on_other_data_the_page_says_so_first(whole):
    text = pages.text_of(whole, dataset="digits")
    assert "These numbers say nothing about the report" in text
    assert text.index("say nothing about the report") < text.index("<nav")
    assert "claims hold" not in text
    assert "say nothing about the report" not in pages.text_of(whole)


def test_without_calibration_lottery_and_claims(whole):
    without = pages.Parts(pages.text_of(whole, ["table1", "table2", "comparison"], FIGURES))
    assert "leaves open" not in without.text
    assert "plateau" not in without.text
    assert "claims hold" not in without.text
    assert len(without.all("img")) == 10


def test_without_weights(whole):
    drawn = [name for name in FIGURES if name not in ("figure2", "figure6", "figure7", "figure8")]
    parts = pages.Parts(pages.text_of(whole, figures=drawn))
    assert len(parts.all("img")) == 6
    assert "What single units see" not in parts.text


# --- what it is made of -----------------------------------------------------------------------


def test_nothing_is_fetched(whole, parts):
    for _, attributes in parts.tags:
        for name in set(attributes) & set(FETCHED):
            assert attributes[name].startswith(("data:image/svg+xml,", "#"))
        assert "url(" not in attributes.get("style", "")
    assert parts.all("script", "link", "iframe", "object", "base") == []
    style = re.search("<style>(.*?)</style>", pages.text_of(whole), re.DOTALL)[1]
    assert "url(" not in style
    assert "@import" not in style


def test_every_image_has_a_text_and_a_size(parts):
    images = parts.all("img")
    assert len(images) == 11
    for image in images:
        assert len(image["alt"]) > 40
        assert (image["width"], image["height"]) == ("662", "400")
        assert not re.search('[<>"#\n]', image["src"])
    assert len({image["alt"] for image in images}) == 11


def test_every_table_has_a_caption_and_scoped_headers(parts):
    tables = [position for position, (tag, _) in enumerate(parts.tags) if tag == "table"]
    assert len(tables) == 9
    for position in tables:
        assert parts.tags[position + 1][0] == "caption"
    assert all(header.get("scope") in ("col", "row", "colgroup") for header in parts.all("th"))


def test_anchors_lead_somewhere_and_names_are_unique(parts):
    ids = [attributes["id"] for _, attributes in parts.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = [link["href"] for link in parts.all("a")]
    assert len(targets) > 14
    assert {target.removeprefix("#") for target in targets} <= set(ids)
    labels = [a["aria-labelledby"] for _, a in parts.tags if "aria-labelledby" in a]
    assert set(labels) <= set(ids)


def test_headings_go_down_one_level_at_a_time(parts):
    levels = [int(tag[1]) for tag, _ in parts.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert ("html", {"lang": "en"}) in parts.tags
    assert parts.all("a")[0] == {"class": "skip", "href": "#main"}


def test_everything_shown_is_escaped(tmp_path):
    evil = "<script>alert(1)</script>&\"'"
    name, config = synthetic.autoencoder(8, norm="l1", printed=1e-05)
    configurations = synthetic.under_complete([16]) | {f"{name}{evil}": config, name: config}
    configurations |= synthetic.weight_images() | synthetic.classifiers(["4", "4-4-4"])
    place = pages.make(tmp_path, configurations, title=evil)
    pages.write_claims(place.results / "tables/claims.csv", claim=evil, sentence=evil, verdict=evil)
    record = place.runs / "autoencoder/relu-16/run.json"
    run = json.loads(record.read_text())
    record.write_text(json.dumps({**run, "host": evil, "versions": {evil: evil}}))
    text = pages.text_of(place)
    assert "<script" not in text
    parts = pages.Parts(text)
    assert parts.text.count(evil) > 8
    assert evil in parts.text


# --- what is refused --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "tables/runs.csv",
        "tables/comparison.csv",
        "tables/claims.csv",
        "tables/table2.html",
        "figures/figure9.svg",
        "runs/autoencoder/relu-128/run.json",
    ],
)
def test_a_missing_file_is_named(place, name):
    (place.results / name).unlink()
    with pytest.raises(RunsError, match=f"{name} is missing; run `snakemake` to make it"):
        pages.text_of(place)


def test_a_page_without_a_table_and_a_drawing_without_a_size_are_named(place):
    (place.results / "tables/table1.html").write_text("<table></table>")
    with pytest.raises(RunsError, match=r"table1\.html holds no table"):
        pages.text_of(place)
    (place.results / "figures/figure1.svg").write_text("<svg>")
    with pytest.raises(RunsError, match=r"figure1\.svg is no drawing"):
        page.read_figure(place.results / "figures/figure1.svg")


def call(place, *figures):
    options = {"plan": place.plan_path, "manifest": place.manifest, "results": place.results}
    command = [
        sys.executable,
        "-X",
        "importtime",
        SCRIPT,
        "--output",
        place.results / "report.html",
    ]
    for name, value in options.items():
        command += [f"--{name}", value]
    command += ["--tables", "table1", "table2", "comparison", "--figures", *figures]
    return subprocess.run(command, capture_output=True, text=True)


def test_the_script_writes_the_page_without_drawing(place):
    result = call(place, *FIGURES)
    assert result.returncode == 0, result.stderr
    assert "matplotlib" not in result.stderr
    written = (place.results / "report.html").read_text()
    assert written == pages.text_of(place, ["table1", "table2", "comparison"], FIGURES)


def test_the_script_says_in_a_sentence_what_is_missing(place):
    (place.results / "figures/figure3.svg").unlink()
    result = call(place, *FIGURES)
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1].endswith(
        "figure3.svg is missing; run `snakemake` to make it."
    )
    assert "Traceback" not in result.stderr
    assert not (place.results / "report.html").exists()
