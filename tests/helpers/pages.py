"""Made-up inputs of the page report.html, and what a page is made of."""

import json
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import pandas

import synthetic
from autoencoders.analysis.comparison import compare
from autoencoders.analysis.plateau import plateau
from autoencoders.analysis.published import read_published
from autoencoders.analysis.runs_table import configurations_table, provenance_table, runs_table
from autoencoders.analysis.table1 import table1
from autoencoders.analysis.table2 import table2
from autoencoders.analysis.writing import write_csv
from autoencoders.arrays import read_manifest
from autoencoders.claims.rules import FAILS, HOLDS, UNDECIDED
from autoencoders.report import page
from autoencoders.runs.reading import read_runs
from table_frames import as_read, cell, claim, part, recipe, setting

PUBLISHED = Path(page.__file__).parents[3] / "resources" / "report"
SHOWN = ("table1", "table2", "comparison", "claims", "plateau", "calibration")
FIGURES = (*(f"figure{number}" for number in range(1, 11)), "calibration")
CLAIMS = (HOLDS, FAILS, UNDECIDED, HOLDS)
DRAWING = """\
<?xml version="1.0" encoding="utf-8" standalone="no"?>
<svg xmlns="http://www.w3.org/2000/svg" version="1.1" width="496.8pt" height="300pt">
<style>* { fill: "#fff" }</style><rect width="9" height="9"/><text>100 % &amp; more</text>
</svg>
"""


@dataclass
class Inputs:
    """What a page is made from: the parameters of `page.page`, and where its files lie."""

    manifest: dict
    tables: dict
    figures: dict
    place: synthetic.Place


def make(folder, configurations=None, title=synthetic.TITLE):
    """Make up runs, and from them every table and figure; return the Inputs."""
    place = synthetic.write_results(folder, configurations, title=title)
    declared = list(place.configurations.values())
    runs, gaps = read_runs(declared, place.manifest, place.results)
    published = read_published(PUBLISHED)
    frames = {
        "runs": runs_table(runs),
        "configurations": configurations_table(declared),
        "provenance": provenance_table(runs),
        "table1": table1(place.of("table1"), runs, gaps, published),
        "table2": table2(place.of("table2"), runs, gaps, published),
        "comparison": compare(published, place.configurations, "lab", runs, gaps),
        "plateau": plateau(place.configurations, runs),
    }
    tables = {
        "claims": claims(),
        "claims_parts": as_read("claims_parts", [part(1)]),
        "calibration": as_read("calibration", [recipe("a", "best"), recipe("other")]),
        "calibration_settings": as_read("calibration_settings", [setting("128")]),
        "calibration_cells": as_read("calibration_cells", [cell("classifier/relu-128")]),
    }
    for name, frame in frames.items():
        path = place.results / f"tables/{name}.csv"
        write_csv(frame, path)
        tables[name] = pandas.read_csv(path, dtype=str, keep_default_na=False)
    figures = {}
    (place.results / "figures").mkdir()
    for name in FIGURES:
        figures[name] = write_figure(place.results / "figures", name)
    return Inputs(read_manifest(place.manifest), tables, figures, place)


def write_figure(folder, name, drawing=DRAWING, **facts):
    """Write a made-up figure; return the paths of its .svg and .json."""
    facts = {
        "title": name.capitalize(),
        "caption": f"What {name} shows",
        "alternative_text": f"Made-up rectangles that stand for {name}, in a text of some length.",
        "width": 662,
        "height": 400,
        **facts,
    }
    paths = folder / f"{name}.svg", folder / f"{name}.json"
    paths[0].write_text(drawing)
    paths[1].write_text(json.dumps(facts))
    return paths


def claims(**changes):
    """Return made-up claims, one of each verdict and one more."""
    rows = []
    for number, verdict in enumerate(CLAIMS, start=1):
        row = {"claim": f"Claim {number} is made.", "sentence": f"It {verdict}."}
        row["effect"] = -0.0123456 * number
        if number == 2:
            row |= {"low": "", "high": "", "p": ""}
        rows.append(claim(number, **{"verdict": verdict, **row, **changes}))
    return as_read("claims", rows)


def text_of(inputs, shown=SHOWN, figures=FIGURES, **manifest):
    """Return the page of these inputs, with these tables and figures."""
    paths = {name: inputs.figures[name] for name in figures}
    return page.page({**inputs.manifest, **manifest}, inputs.tables, paths, shown)


class Parts(HTMLParser):
    """What a page is made of: its tags with their attributes and, in `text`, what can be read."""

    VOID = ("meta", "br", "img", "link", "hr", "input")

    def __init__(self, text):
        super().__init__()
        self.tags, self.open, self.said = [], [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        assert len(dict(attributes)) == len(attributes)
        self.tags.append((tag, dict(attributes)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.said.append(data)

    @property
    def text(self):
        return " ".join("".join(self.said).split())

    def all(self, *tags):
        """Return the attributes of every such tag."""
        return [attributes for tag, attributes in self.tags if tag in tags]
