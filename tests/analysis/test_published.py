"""The paper's numbers, and which configurations they can be compared with."""

import copy
import csv
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import synthetic
from autoencoders.analysis import published as module
from autoencoders.analysis.published import Published, PublishedNumber, read_published

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "report"
AS_IN_THE_PAPER = {**synthetic.TRAINING, "epochs": 100}
STEADY, SPARSE = "classifier/relu-4", "autoencoder/relu-8-l1-1e-05"


@pytest.fixture(scope="module")
def published():
    return read_published(FOLDER)


def declared(**changes):
    """Return made-up configurations with the paper's settings."""
    sparse = synthetic.autoencoder(8, kind="l1", printed=1e-05, training=AS_IN_THE_PAPER)
    return synthetic.by_name([synthetic.classifier("4", **changes), sparse])


def test_every_number_of_the_paper_is_read(published):
    places = [number.place for number in published.cells.values()]
    assert {place: places.count(place) for place in places} == {
        "Table 1": 12,
        "Table 2": 46,
        "text": 1,
    }
    assert published.cells["classifier/sigmoid-512-128-512"].text == "0.11"
    assert published.cells["autoencoder/relu-1024-l2-1e-07"].text == "0.57"
    assert published.cells["classifier/no-hidden"].text == "0.895"
    assert published.ranges["pre_training_epochs"] == (4, 5)
    assert published.ranges["full_training_epochs"] == (5, 15)
    assert len(published.curves) == 24
    assert len(published.configurations) == 65
    curve = published.curves[0]
    assert (curve.figure, curve.configuration) == ("1a", "autoencoder/relu-128")
    assert (curve.error, curve.points[3]) == ("training_error", 0.0852)
    assert all(max(curve.points) <= 99 for curve in published.curves)


def test_misread_points_are_neither_drawn_nor_compared(published):
    points = {(c.figure, c.configuration): c.points for c in published.curves}
    left = points["1b", "autoencoder/sigmoid-128"]
    assert not set(range(15, 21)) & set(left)
    assert {4, 30} <= set(left)
    assert set(range(15, 21)) <= set(points["1b", "autoencoder/sigmoid-512"])


def test_rounding_is_half_a_unit_of_the_last_digit():
    assert PublishedNumber("0.90", "Table 2", "accuracy").rounding == pytest.approx(0.005)
    assert PublishedNumber("0.895", "text", "accuracy").rounding == pytest.approx(0.0005)


def test_every_file_has_its_source():
    sources = (FOLDER / "README.md").read_text()
    for path in FOLDER.glob("*.csv"):
        assert f"| `{path.name}` |" in sources
    with open(FOLDER / "text.csv", newline="") as file:
        assert all(row["where"] for row in csv.DictReader(file))


@pytest.mark.parametrize("network", ["autoencoder", "classifier"])
def test_a_run_with_another_of_the_papers_settings_is_not_its_own(published, network):
    name = {"autoencoder": SPARSE, "classifier": STEADY}[network]
    numbers = {name: PublishedNumber("0.92", "", "")}
    of_name = Published(numbers, [], published.settings, published.ranges)
    assert len(published.settings[network]) >= 6
    for setting in published.settings[network]:
        configurations = declared()
        assert of_name.standing(configurations, "lab", name) == (None, "")
        settings = copy.deepcopy(configurations[name].settings)
        *sections, last = setting.split(".")
        part = settings
        for section in sections:
            part = part[section]
        part[last] = ["relu", "sigmoid"] if last == "activations" else 0.7
        configurations[name] = replace(configurations[name], settings=settings)
        verdict, reason = of_name.standing(configurations, "lab", name)
        assert verdict == "other settings"
        assert last in reason
        assert name not in of_name.comparable(configurations, "lab").cells


def test_what_is_only_assumed_may_differ(published):
    configurations = declared(training={**synthetic.CLASSIFIER_TRAINING, "batch_size": 50})
    assert published.standing(configurations, "lab", STEADY) == (None, "")


def test_a_suffix_makes_another_network(published):
    plain, name = synthetic.classifier("128"), "classifier/relu-128-256"
    # The suffix `256` gives it the name of another network.
    configurations = {plain.name: plain, name: replace(plain, name=name, suffixed=True)}
    assert published.standing(configurations, "lab", plain.name) == (None, "")
    assert published.standing(configurations, "lab", name)[0] == "not run"


def test_reading_the_published_numbers_needs_the_standard_library_alone():
    code = "import sys, autoencoders.analysis.published; print('numpy' in sys.modules)"
    folder = Path(module.__file__).parents[2]
    assert subprocess.check_output([sys.executable, "-c", code], cwd=folder, text=True) == "False\n"
