import dataclasses
import itertools
import re
import subprocess
import sys
from pathlib import Path

import pytest

import pages
import synthetic
from autoencoders.analysis.comparison import JUDGED
from autoencoders.report import page
from autoencoders.report.page_findings import WORDS, compared
from autoencoders.report.page_methods import done
from autoencoders.report.page_provenance import provenance
from autoencoders.report.shown import Cell, Shown

LIBRARY = Path(page.__file__).parents[2]
# What a browser would fetch; namespaces in a drawing are none.
FETCHED = ("src", "srcset", "href", "poster", "data", "action", "formaction", "background")


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return pages.make(tmp_path_factory.mktemp("page"), synthetic.everything())


@pytest.fixture
def changed(whole):
    """Inputs whose tables and figures can be changed."""
    tables = {name: frame.copy() for name, frame in whole.tables.items()}
    return dataclasses.replace(whole, tables=tables, figures=dict(whole.figures))


@pytest.fixture(scope="module")
def parts(whole):
    return pages.Parts(pages.text_of(whole))


# --- what it says -----------------------------------------------------------------------------


def test_counts_are_those_of_the_files(parts, whole):
    configurations = whole.place.configurations.values()
    n_runs = sum(configuration.seeds for configuration in configurations)
    assert f"{len(configurations)} networks, {n_runs} training runs in total" in parts.text
    assert "2 of 4 of the paper’s claims hold 1 does not; 1 cannot be decided" in parts.text


def test_comparison_is_told_place_by_place(changed):
    rows = changed.tables["comparison"].to_dict("records")
    verdicts = ["agrees", "disagrees", "seed-dependent, consistent", "seeds differ", "not run"]
    for row, verdict in zip(rows, [*verdicts, *["agrees"] * len(rows)], strict=False):
        row["verdict"] = verdict
    findings = {each["words"]: each for each in compared(rows)}
    assert findings["numbers of Table 1 agree"] == {
        "words": "numbers of Table 1 agree",
        "n": 11,
        "agree": 8,
        "rest": "1 disagrees; 1 is seed-dependent and consistent; 1 varies too much between seeds",
    }
    assert findings["curves of Figure 3 agree"]["n"] == 12
    assert findings["number of the text agrees"]["n"] == 1


def test_every_verdict_on_a_published_number_has_words():
    assert set(WORDS) == set(JUDGED)


def test_claims_show_verdict_sentence_and_numbers(parts):
    for said in ("Claim 2 is made.", "✗ does not hold", "It cannot be decided."):
        assert said in parts.text
    assert "Number −0.012 95 % interval 30.0 to 51.2 p < 0.001 n 6" in parts.text
    assert "Number −0.025 n 6" in parts.text


def test_what_was_done_is_read_from_settings_manifest_and_runs(whole, parts):
    assert "40 training images and 30 test images of 784 pixels each" in parts.text
    assert "100, 128, 200, 256, 400, 512 and 1024 hidden units" in parts.text
    assert "6 epochs, batch size 50, learning rate 0.1, momentum 0.9" in parts.text
    assert "networks with 0, 1, 2 and 3 hidden layers" in parts.text
    assert "3 per network" in parts.text
    numbers = {"seconds": "4000.0", "epochs": "1200", "diverged": "1", "accuracy": ""}
    runs = []
    for name in ("a", "b"):
        for metric, value in numbers.items():
            runs.append({"configuration": name, "seed": "0", "metric": metric, "value": value})
    runs[-2]["value"] = "0"  # b did not diverge
    assert done(whole.manifest, [], runs)["Seeds"] == [
        "1 per network; in total 2 training runs, of which 1 diverged, with 2,400 epochs in "
        "2 h 13 min of training time."
    ]


def test_provenance_tells_what_differs_from_job_to_job(whole):
    job = whole.tables["provenance"].to_dict("records")[0]
    dirty = {**job, "commit": "abc", "dirty": "True", "start": "2018-01-01T01:02:03+00:00"}
    told = provenance([job, job, dirty], [{"name": "images.gz", "sha256": "12ab"}])
    assert told["Commit"] == ["unknown (2 jobs)", "abc with uncommitted changes (1 job)"]
    assert told["First start"] == ["2018-01-01 01:02 UTC"]
    assert told["Host"] == ["nowhere"]
    assert told["images.gz"] == ["sha256 12ab"]
    assert "Commit" not in provenance([job], [])


def test_on_other_data_the_page_says_so_first(whole):
    text = pages.text_of(whole, dataset="digits")
    assert "These numbers cannot be compared with the paper" in text
    assert text.index("cannot be compared with the paper") < text.index("<nav")
    assert "claims hold" not in text
    assert 'id="claims"' not in text
    assert "cannot be compared with the paper" not in pages.text_of(whole)


def test_without_calibration_plateau_and_claims(whole):
    figures = [name for name in pages.FIGURES if name != "calibration"]
    without = pages.Parts(pages.text_of(whole, ["table1", "table2", "comparison"], figures))
    assert "Settings that the paper does not state" not in without.text
    assert "plateau" not in without.text
    assert "claims hold" not in without.text
    assert len(without.all("img")) == 10


def test_without_weights(whole):
    from_weights = ("figure2", "figure6", "figure7", "figure8")
    figures = [name for name in pages.FIGURES if name not in from_weights]
    parts = pages.Parts(pages.text_of(whole, figures=figures))
    assert len(parts.all("img")) == 7
    assert "Weights of single hidden units" not in parts.text


def test_a_section_without_tables_and_figures_is_left_out(whole):
    parts = pages.Parts(pages.text_of(whole, shown=[], figures=[]))
    headings = [tag for tag, _ in parts.tags if tag == "h2"]
    assert len(headings) == len(page.ALWAYS)
    assert parts.all("img", "table") == []


def test_a_new_table_or_figure_needs_no_section(changed, tmp_path, monkeypatch):
    changed.figures["figure11"] = pages.write_figure(tmp_path, "figure11")
    new = Shown("new", "New", "Made up.", ["A", "B"], 1, [[Cell("a"), Cell("1")]])
    shown_tables = page.shown_tables
    monkeypatch.setattr(page, "shown_tables", lambda *all: [*shown_tables(*all), new])
    parts = pages.Parts(pages.text_of(changed, ["table1"], ["figure1", "figure11"]))
    assert "More tables and figures" in parts.text
    assert [image["alt"][:40] for image in parts.all("img")][-1].startswith("Made-up")
    assert {"data-table": "new", "id": "table-new"} in parts.all("section")


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
    # Two of the table of claims are shown as a list; only its parts are a table.
    assert len(tables) == 11
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


def test_everything_shown_is_escaped(changed, tmp_path):
    evil = "<script>alert(1)</script>&\"'"
    changed.tables["claims"] = pages.claims(claim=evil, sentence=evil, verdict=evil)
    changed.tables["provenance"]["host"] = evil
    changed.tables["provenance"]["versions"] = evil
    changed.tables["table1"]["configuration"] = f"autoencoder/{evil}"
    changed.figures["figure1"] = pages.write_figure(
        tmp_path, "figure1", title=evil, caption=evil, alternative_text=evil
    )
    sources = [{"name": evil, "sha256": evil}]
    text = pages.text_of(changed, title=evil, threshold=evil, split=evil, sources=sources)
    assert "<script" not in text
    parts = pages.Parts(text)
    assert parts.text.count(evil) > 12
    assert parts.all("img")[0]["alt"] == evil


# --- what is refused --------------------------------------------------------------------------


def test_the_page_is_written_without_plotting():
    code = "import sys, autoencoders.report.page; sys.exit('matplotlib' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], cwd=LIBRARY, capture_output=True)
    assert result.returncode == 0
