"""Reads what the report page is made from; one sentence names what is missing or broken."""

import json
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

from autoencoders.runs.reading import RunsError

FACTS = ("title", "caption", "alternative_text", "width", "height")
UNQUOTED = " !$&'()*+,-./:;=?@_~"  # a data URI may hold these; it is shorter than in base64


@contextmanager
def rows_of(tables, *names):
    """Give the rows of CSV files to a block; a RunsError names one that is missing or broken."""
    for name in names:
        if name not in tables:
            raise RunsError(f"{name}.csv is missing; run `snakemake` to make it.")
    try:
        yield [tables[name].to_dict("records") for name in names]
    except (LookupError, ValueError) as fault:
        files = ".csv or ".join(names) + ".csv"
        raise RunsError(
            f"{files} is broken ({type(fault).__name__}: {fault}); remove it and run `snakemake`."
        ) from fault


def read_figure(name, drawing, description):
    """Return the `FACTS` of a figure's .json, its name, and its .svg as a data URI."""
    path = description
    try:
        facts = json.loads(Path(description).read_text(encoding="utf-8"))
        facts = {fact: facts[fact] for fact in FACTS}
        path = drawing
        svg = Path(drawing).read_text(encoding="utf-8")
        ElementTree.fromstring(svg)  # refuses what is cut off
    except FileNotFoundError:
        raise RunsError(f"{path} is missing; run `snakemake` to make it.") from None
    except (ValueError, LookupError, TypeError, ElementTree.ParseError):
        raise RunsError(f"{path} is broken; remove it and run `snakemake`.") from None
    return {"name": name, "source": "data:image/svg+xml," + quote(svg, safe=UNQUOTED), **facts}
