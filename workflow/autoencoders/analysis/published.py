"""What the paper of 2019 printed and plotted, and which configuration each number belongs to."""

import csv
from dataclasses import dataclass, replace
from functools import reduce
from operator import getitem
from pathlib import Path

from autoencoders.runs.names import configuration_name

DATASET = "lab"
N_PIXELS, N_CLASSES = 784, 10  # of its images
READING_ERROR = 0.0004  # of a curve read off a figure
ERRORS = {"train": "training_error", "validation": "validation_error"}
TABLE1_WIDTH = 1024

NOT_RUN = "not run"
OTHER_DATA = "other data"
OTHER_SETTINGS = "other settings"


@dataclass(frozen=True)
class PublishedNumber:
    """A number as the paper prints it."""

    text: str  # such as `0.90`
    place: str  # where it stands, such as `Table 2`
    quantity: str  # our metric that it is compared with: `sparseness` or `accuracy`

    @property
    def value(self):
        """The number."""
        return float(self.text)

    @property
    def rounding(self):
        """Half a unit of its last digit: how far rounding can have moved it."""
        return 0.5 * 10.0 ** -len(self.text.partition(".")[2])


@dataclass(frozen=True)
class PublishedCurve:
    """A curve read off one of the paper's figures."""

    figure: str  # the panel, such as `1a`
    configuration: str  # the name of the one it belongs to
    error: str  # `training_error` or `validation_error`
    points: dict  # the mean squared error per pixel by each epoch that could be read


@dataclass(frozen=True)
class Published:
    """All numbers of the paper."""

    cells: dict  # by configuration its PublishedNumber in Table 1, Table 2 or the text
    curves: list  # the PublishedCurve of Figures 1 and 3
    settings: dict  # by `autoencoder` and `classifier` what the paper's networks had, as text
    ranges: dict  # what the text says of other quantities: `pre_training_epochs` is (4.0, 5.0)

    @property
    def configurations(self):
        """The names of all configurations with a published number or curve, once each."""
        return list(dict.fromkeys([*self.cells, *(curve.configuration for curve in self.curves)]))

    def in_table(self, place):
        """Return the names of the configurations with a number in a table, in its order."""
        return [name for name, number in self.cells.items() if number.place == place]

    def standing(self, configurations, dataset, name):
        """Return why a configuration of that name cannot be compared with the paper.

        The verdict is `not run`, `other data` or `other settings`, with the reason in a few words;
        None and an empty text if it is declared, and the data and settings are the paper's.
        """
        if dataset != DATASET:
            return OTHER_DATA, f"the data are {dataset}, the paper's are {DATASET}"
        configuration = configurations.get(name)
        if configuration is None or configuration.suffixed:
            return NOT_RUN, "not declared in the configuration"
        changed = self.contradictions(configuration.settings)
        return (OTHER_SETTINGS, "; ".join(changed)) if changed else (None, "")

    def contradictions(self, settings):
        """Return in words each of these settings that differs from what the paper states."""
        changed = []
        for path, theirs in self.settings[settings["network"]].items():
            ours = reduce(getitem, path.split("."), settings)
            if isinstance(ours, list):
                ours = " ".join(ours) or "none"
            same = ours == theirs if isinstance(ours, str) else float(ours) == float(theirs)
            if not same:
                where = path.removeprefix("training.")
                changed.append(f"{where} is {ours}, in the paper {theirs}")
        return changed

    def comparable(self, configurations, dataset):
        """Return the numbers and curves that a declared configuration can be compared with."""
        names = set()
        for name in self.configurations:
            if self.standing(configurations, dataset, name)[0] is None:
                names.add(name)
        cells = {name: number for name, number in self.cells.items() if name in names}
        curves = [curve for curve in self.curves if curve.configuration in names]
        return replace(self, cells=cells, curves=curves)


NOTHING = Published({}, [], {}, {})


def read_published(folder):
    """Read the paper's numbers, a Published.

    The folder holds table1.csv, table2.csv, text.csv, curves.csv, misread.csv and settings.csv.
    """
    cells, settings, ranges = {}, {}, {}
    for row in _rows(folder, "table1"):
        kind = row["regularisation"], float(row["parameter"])
        name = configuration_name("autoencoder", row["activation"], TABLE1_WIDTH, *kind)
        cells[name] = PublishedNumber(row["sparseness"], "Table 1", "sparseness")
    for row in _rows(folder, "table2"):
        hidden = row["hidden_nodes"].split("-")
        for activation in ("relu", "sigmoid"):
            name = configuration_name("classifier", activation, hidden)
            cells[name] = PublishedNumber(row[f"accuracy_{activation}"], "Table 2", "accuracy")
    for row in _rows(folder, "text"):
        if row["quantity"] == "accuracy":
            cells[row["configurations"]] = PublishedNumber(row["low"], "text", "accuracy")
        else:
            ranges[row["quantity"]] = float(row["low"]), float(row["high"])
    for row in _rows(folder, "settings"):
        settings.setdefault(row["network"], {})[row["setting"]] = row["value"]
    return Published(cells, _curves(folder), settings, ranges)


def _curves(folder):
    misread = set()
    for row in _rows(folder, "misread"):
        for epoch in range(int(row["first_epoch"]), int(row["last_epoch"]) + 1):
            misread.add((row["figure"], row["configuration"], epoch))
    points = {}
    for row in _rows(folder, "curves"):
        figure, network, epoch = row["figure"], row["configuration"], int(row["epoch"])
        if (figure, network, epoch) not in misread:
            curve = figure, f"autoencoder/{network}", ERRORS[row["split"]]
            points.setdefault(curve, {})[epoch] = float(row["mse"])
    return [PublishedCurve(*curve, values) for curve, values in points.items()]


def _rows(folder, name):
    with open(Path(folder) / f"{name}.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
