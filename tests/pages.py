"""Made-up results with all that the page report.html is made from, and what a page is made of."""

import csv
from html.parser import HTMLParser
from pathlib import Path

import synthetic
from autoencoders import comparison, page, tables
from autoencoders.figures import FIGURES, draw, save
from autoencoders.reported import read_report
from autoencoders.runs import read_manifest, read_runs
from autoencoders.tables import Cell, Shown

REPORT = Path(page.__file__).parents[2] / "resources" / "report"
TABLES = ("table1", "table2", "comparison", "claims", "lottery", "calibration")
CLAIMS = ("holds", "does not hold", "cannot be decided", "holds")
COLUMNS = (
    *("number", "claim", "verdict", "sentence", "effect", "effect_unit", "low", "high", "p", "n"),
    *("decided_by", "quantity", "test"),
)
DRAWING = """\
<?xml version="1.0" encoding="utf-8" standalone="no"?>
<svg xmlns="http://www.w3.org/2000/svg" version="1.1" width="496.8pt" height="300pt">
<style>* { fill: "#fff" }</style><rect width="9" height="9"/><text>100 % &amp; more</text>
</svg>
"""


def make(folder, configurations=None, title=synthetic.TITLE, drawn=False):
    """Write results with every table, claims and calibration; return their Place.

    Figures are made up too, unless `drawn`.
    """
    place = synthetic.write_results(folder, configurations, title=title)
    runs, gaps = read_runs(place.plan, place.manifest, place.results)
    report = read_report(REPORT)
    where = place.results / "tables"
    tables.write_csv(tables.runs_table(runs), where / "runs.csv")
    for name in tables.TABLES:
        tables.write(name, place.plan, runs, gaps, title, where, report)
    comparison.write(report, place.plan, runs, gaps, title, where)
    for name, *more in (("claims", "claims-parts"), ("lottery",), ("calibration", "else")):
        shown = [
            Shown(each, f"{each}. Of {title}.", [], ["What", "p"], 1, [[Cell("a"), Cell("1")]])
            for each in (name, *more)
        ]
        (where / f"{name}.html").write_text(tables.html(*shown))
    write_claims(where / "claims.csv")
    (place.results / "figures").mkdir()
    for name in (*FIGURES, "calibration"):
        if drawn and name in place.plan["figures"]:
            figure = draw(name, place.plan, runs, gaps, place.arrays, title, report)
            save(figure, place.results / "figures", name)
        else:
            (place.results / f"figures/{name}.svg").write_text(DRAWING)
    return place


def write_claims(path, **changes):
    """Write made-up claims, one of each verdict and one more."""
    with open(path, "w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for number, verdict in enumerate(CLAIMS, start=1):
            claim = {
                "number": number,
                "claim": f"Claim {number} is made.",
                "quantity": "accuracy",
                "test": "made up",
                "effect": -0.0123456 * number,
                "effect_unit": "of accuracy",
                "decided_by": "the worst",
                "low": "" if number == 2 else -0.1,
                "high": "" if number == 2 else 0.25,
                "p": "" if number == 2 else 0.000123,
                "n": 10,
                "verdict": verdict,
                "sentence": f"It {verdict}.",
            }
            writer.writerow(claim | changes)


def text_of(place, tables=TABLES, figures=(*FIGURES, "calibration"), **manifest):
    """Return the page of these results."""
    facts = {**read_manifest(place.manifest), **manifest}
    return page.page(place.plan, facts, place.results, list(tables), list(figures))


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
