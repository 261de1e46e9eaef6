"""Made-up numbers of every table for people, as they are read from CSV; what a page is made of."""

import io
from html.parser import HTMLParser

import pandas

from autoencoders.analysis import (
    calibration,
    calibration_settings,
    comparison,
    plateau,
    table1,
    table2,
)
from autoencoders.claims import judging, parts

TITLE = "a made-up <set> & 100 % of_it"
LAB = {"title": TITLE, "dataset": "lab", "image_shape": [28, 28], "classes": 10}
DIGITS = {"title": "digits", "dataset": "digits", "image_shape": [28, 28], "classes": 10}
COLUMNS = {
    "table1": table1.COLUMNS,
    "table2": table2.COLUMNS,
    "comparison": comparison.COLUMNS,
    "claims": judging.COLUMNS,
    "claims_parts": parts.COLUMNS,
    "plateau": plateau.COLUMNS,
    "calibration": calibration.COLUMNS,
    "calibration_settings": calibration_settings.COLUMNS,
    "calibration_cells": calibration.CELL_COLUMNS,
}
ASSUMED = {
    "batch_size": 128,
    "pre_training_epochs": 5,
    "pre_training_patience": 0,
    "full_training_patience": 0,
    "trained_layers": "all",
    "output_activation": "softmax",
    "loss": "cross_entropy",
    "normalized": "relu",
    "normalization_place": "before_activation",
}


def as_read(name, rows):
    """Return rows, dicts with some or all columns of a CSV file, as they are read from it."""
    frame = pandas.DataFrame(rows, columns=list(COLUMNS[name]), dtype=object)
    text = frame.to_csv(index=False)
    return pandas.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)


def sparse(activation, regularisation, parameter, **row):
    """Return a row of Table 1."""
    name = f"autoencoder/{activation}-8-{regularisation}-{parameter}"
    numbers = {"sparseness": 0.3, "sd": 0.01, "n": 3, "seeds": 3, "sparseness_threshold": 0.1}
    network = {"activation": activation, "regularisation": regularisation, "hidden": "8"}
    strengths = {"parameter": parameter, "applied_weight": parameter, "configuration": name}
    return {**network, **strengths, **numbers, **row}


def accurate(activation, hidden, **row):
    """Return a row of Table 2."""
    numbers = {"accuracy": 0.92, "sd": 0.02, "n": 3, "seeds": 3, "epochs": 11.0, "seconds": 2.5}
    network = {"activation": activation, "hidden_nodes": hidden}
    name = "classifier/" + "-".join(filter(None, [activation, hidden]))
    return {**network, "configuration": name, **numbers, **ASSUMED, **row}


def missing(row, reason="not finished"):
    """Return a row of Table 1 or 2 whose run is missing."""
    gone = ("sparseness", "accuracy", "sd", "n", "epochs", "seconds")
    return {key: value for key, value in row.items() if key not in gone} | {"missing": reason}


def compared(place="Table 2", activation="relu", hidden="128", **row):
    """Return a row of the comparison: a steady number that agrees, unless told."""
    network = "autoencoder" if place.startswith("Figure") else "classifier"
    numbers = {"published": "0.92", "mean": 0.91, "sd": 0.01, "n": 10, "difference": -0.01}
    draw = {"p": 0.2, "p_adjusted": 1.0, "rank": 0.5, "nearest": 0.004, "at_or_below": 9}
    return {
        "place": place,
        "configuration": f"{network}/{activation}-{hidden}",
        "quantity": "accuracy",
        "verdict": "agrees",
        **{"network": network, "activation": activation, "hidden": hidden},
        **{"minimum": 0.9, "maximum": 0.93, "tolerance": 0.03, "share_low": 0.6, "share_high": 1.0},
        **numbers,
        **draw,
        **row,
    }


def curve(verdict="agrees", **row):
    """Return a row of the comparison of a published curve."""
    numbers = {"epochs": 90, "median_difference": 0.0004, "spread": 0.001, "last_epoch": 100}
    there = {"published": 0.0251, "mean": 0.0255, "sd": 0.0001, "n": 3, "difference": 0.0004}
    network = {"network": "autoencoder", "activation": "relu", "hidden": "128"}
    place = {"place": "Figure 1a", "quantity": "training_error", "verdict": verdict}
    return {**place, "configuration": "autoencoder/relu-128", **network, **numbers, **there, **row}


def claim(number, verdict="holds", **row):
    """Return a row of the claims."""
    return {
        **{"number": number, "claim": "ReLU is <faster>.", "verdict": verdict},
        **{"sentence": "It is.", "effect": 40.5, "effect_unit": "epochs that ReLU saves"},
        **{"low": 30.04, "high": 51.2, "p": 0.0002, "n": 6, "decided_by": "128 units"},
        **{"quantity": "Epochs. Holds if above 0.", "test": "Welch's t."},
        **row,
    }


def part(number, **row):
    """Return a row of the parts of the claims."""
    return {
        **{"number": number, "part": "128 units", "verdict": "holds", "effect": -0.0012},
        **{"effect_unit": "epochs", "low": -0.5, "high": 2.345, "p": 0.0456, "n": 6},
        **row,
    }


def share(layers, width, **row):
    """Return a row of the networks that left the plateau."""
    counts = {"n": 10, "left": 3, "share": 0.3, "low": 0.108, "high": 0.603}
    return {"layers": layers, "first_width": width, **counts, **row}


def recipe(name, verdict="left open", **row):
    """Return a row of the calibration."""
    numbers = {}
    for half in ("choosing", "confirming"):
        numbers |= {f"cells_{half}": 23, f"likelihood_{half}": -1.386, f"reachable_{half}": -1.25}
        numbers |= {f"difference_{half}": -0.2, f"difference_low_{half}": -0.31}
        numbers |= {f"difference_high_{half}": 0.12}
    for phase in ("pre_training", "full_training"):
        numbers |= {f"{phase}_share": 1.0}
    said = {"settings": "batch_size 64; pre_training.keep best", "seeds": 10, "averaged": 3}
    together = {"cells": 46, "consistent": 45, "p_ranks": 0.21}
    return {
        "study": "finalists",
        **{"recipe": name, "verdict": verdict},
        **numbers,
        **said,
        **together,
        **row,
    }


def setting(value, **row):
    """Return a row of the settings of the calibration."""
    numbers = {"recipes": 12, "effect": 3.21, "low": 1.1, "high": 5.4, "posterior": 0.42}
    return {"study": "recipes", "setting": "batch_size", "value": value, **numbers, **row}


def cell(configuration, **row):
    """Return a row of the cells of the calibration, of the recipe `a`."""
    numbers = {"mean": 0.934, "stuck": 1, "likelihood": -4.5, "reachable": -1.5, "p": 0.0123}
    of = {"study": "finalists", "recipe": "a", "averaged": 3, "half": "choosing", "seeds": 10}
    return {
        "configuration": configuration,
        "published": "0.92",
        **of,
        **numbers,
        "p_adjusted": 0.4,
        **row,
    }


def frames():
    """Return a few rows of every CSV file, by name."""
    rows = {
        "table1": [
            sparse("relu", "l1", "1e-05", published="0.99", diverged="1", n=2, dead="2"),
            missing(sparse("sigmoid", "noise", "0.3")),
        ],
        "table2": [
            accurate("", "no-hidden", accuracy=0.895, published="0.895", published_place="text"),
            accurate("relu", "256-128", published="0.94", published_place="Table 2"),
            accurate("sigmoid", "256-128", published="0.90", published_place="Table 2"),
        ],
        "comparison": [
            compared(),
            compared(hidden="256", verdict="run missing", reason="not <finished>"),
            compared(hidden="512", verdict="seed-dependent, consistent", nearest=0.2),
            curve(),
        ],
        "claims": [claim(1), claim(2, "cannot be decided")],
        "claims_parts": [part(1, needed=120), part(2, verdict="", reason="a_remark")],
        "plateau": [
            share(3, 128),
            share(3, 128, hidden_nodes="128-256-128"),
            share(3, 128, patience="5", difference=0.1, p=0.4),
        ],
        "calibration": [
            recipe("b", study="recipes", cells_confirming=0),
            recipe("a", "best", confirmed="yes"),
            recipe("first", "less likely", settings="", default="yes"),
        ],
        "calibration_settings": [setting("128", default="yes"), setting("64", posterior=0.58)],
        "calibration_cells": [
            cell("classifier/relu-128"),
            cell("classifier/sigmoid-256-256", likelihood=-1.0),
        ],
    }
    return {name: as_read(name, rows[name]) for name in COLUMNS}


class TablePage(HTMLParser):
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
