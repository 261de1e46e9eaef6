"""The tables of made-up runs: from the numbers of the analyses to what people see."""

from pathlib import Path

import pandas
import pytest

import synthetic
from autoencoders.analysis.comparison import compare
from autoencoders.analysis.plateau import plateau
from autoencoders.analysis.published import read_published
from autoencoders.analysis.table1 import table1
from autoencoders.analysis.table2 import table2
from autoencoders.analysis.writing import write_csv
from autoencoders.claims.evidence import Evidence
from autoencoders.claims.judging import judge
from autoencoders.report import rendering
from autoencoders.report.table_catalog import TABLES
from autoencoders.runs.reading import read_runs
from table_frames import DIGITS, LAB, TablePage

PUBLISHED = Path(__file__).parents[2] / "resources" / "report"
AS_IN_THE_PAPER = {**synthetic.TRAINING, "epochs": 100}
MEASUREMENTS = ("configuration", "study", "seed", "measure", "layer", "noise", "value")
NAMES = [name for name in TABLES if name != "calibration"]  # which needs whole studies


@pytest.fixture(scope="module")
def numbers(tmp_path_factory):
    """A function that returns the CSV files of a few of the paper's networks, one unfinished."""
    folder = tmp_path_factory.mktemp("results")
    some = [synthetic.classifier("128"), synthetic.classifier("128", "sigmoid")]
    some += [synthetic.classifier("128-128-128", "sigmoid"), synthetic.classifier("")]
    some += [synthetic.autoencoder(128, training=AS_IN_THE_PAPER)]
    some += [synthetic.autoencoder(1024, kind="l1", printed=1e-05, training=AS_IN_THE_PAPER)]
    place = synthetic.write_results(
        folder, synthetic.by_name(some), unfinished=["classifier/relu-128"]
    )
    runs, gaps = read_runs(some, place.manifest, place.results)
    published = read_published(PUBLISHED)

    def write(dataset):
        measurements = pandas.DataFrame(columns=MEASUREMENTS)
        evidence = Evidence(published, place.configurations, dataset, runs, gaps, measurements, {})
        claims, parts = judge(evidence)
        frames = {
            "table1": table1(place.of("table1"), runs, gaps, published),
            "table2": table2(place.of("table2"), runs, gaps, published),
            "comparison": compare(published, place.configurations, dataset, runs, gaps),
            "plateau": plateau(place.configurations, runs),
            "claims": claims,
            "claims_parts": parts,
        }
        read = {}
        for name, frame in frames.items():
            write_csv(frame, folder / f"{name}.csv")
            read[name] = pandas.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)
        return read

    return write


def test_people_see_how_much_was_compared(numbers):
    tables = rendering.shown_tables("comparison", numbers("lab"), LAB)
    text = rendering.markdown(tables)
    assert "7 of the 83 published numbers and curves could be compared." in text
    assert "| run missing [b]" in text
    assert "[b] Not finished." in text
    assert "no p is below 0.5" in text
    page = TablePage(rendering.html(tables))
    assert page.open == page.asked == []
    assert len(set(page.rows)) == 3
    assert len(page.rows) == 3 + 5 + 59 + 24
    assert None not in page.scopes


@pytest.mark.parametrize("name", NAMES)
def test_every_table_shows_the_numbers_of_the_analyses(numbers, name):
    frames = numbers("lab")
    first = rendering.shown_tables(name, frames, LAB)[0]
    assert len(first.rows) > 0
    for row in first.rows:
        for cell in row:
            assert "nan" not in cell.text.lower()
            assert cell.text != "None"


def test_every_claim_is_shown(numbers):
    frames = numbers("lab")
    tables = rendering.shown_tables("claims", frames, LAB)
    page = TablePage(rendering.html(tables))
    assert len(page.rows) == 17 + 17 + 1 + len(frames["claims_parts"])
    assert all(row[-1].text == "–" or row[-1].text.isdigit() for row in tables[2].rows)


@pytest.mark.parametrize("name", ["comparison", "claims"])
def test_other_data_are_said_to_be_other_data(numbers, name):
    (table,) = rendering.shown_tables(name, numbers("digits"), DIGITS)
    assert table.caption.startswith("These data are not the paper's")
    for text in (render([table]) for render in rendering.RENDERERS.values()):
        assert "0.94" not in text
