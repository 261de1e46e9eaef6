"""What the report printed and drew, and which of our runs each of its numbers belongs to."""

import csv
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import Path

DATASET = "lab"
READING_ERROR = 0.0004  # of a curve read off a figure
ERRORS = {"train": "training_error", "validation": "validation_error"}

NOT_RUN = "not run"
OTHER_DATA = "other data"
OTHER_SETTINGS = "other settings"


@dataclass(frozen=True)
class Printed:
    """A number as the report prints it.

    Attributes
    ----------
    text : str
        Such as `0.90`.
    place : str
        Where it stands, such as `Table 2`.
    quantity : str
        `sparseness` or `accuracy`, the metric of ours that it is held against.
    """

    text: str
    place: str
    quantity: str

    @property
    def value(self):
        """The number."""
        return float(self.text)

    @property
    def rounding(self):
        """Half a unit of its last digit: how far rounding can have moved it."""
        return 0.5 * 10.0 ** -len(self.text.partition(".")[2])


@dataclass(frozen=True)
class Curve:
    """A curve read off one of the report's figures.

    Attributes
    ----------
    figure : str
        The panel, such as `1a`.
    configuration : str
        Whose curve it is.
    error : str
        `training_error` or `validation_error`.
    points : dict of int to float
        The mean squared error per pixel at each epoch that could be read.
    """

    figure: str
    configuration: str
    error: str
    points: dict


@dataclass(frozen=True)
class Report:
    """All numbers of the report.

    Attributes
    ----------
    cells : dict of str to Printed
        The number of each configuration in Table 1, Table 2 or the text.
    curves : list of Curve
        The curves of Figures 1 and 3.
    settings : dict of str to dict
        For `autoencoder` and `classifier` the settings that the report's runs had, as text.
    """

    cells: dict
    curves: list
    settings: dict

    @property
    def configurations(self):
        """Every configuration that the report has a number or a curve of, once."""
        return list(dict.fromkeys([*self.cells, *(curve.configuration for curve in self.curves)]))

    def standing(self, plan, configuration):
        """Return why a configuration cannot be held against the report.

        Parameters
        ----------
        plan : dict
            What plan.json holds.
        configuration : str
            Its id, as the report's numbers name it.

        Returns
        -------
        verdict : str or None
            `not run`, `other data` or `other settings`; None if it is the report's own.
        reason : str
            In a few words; empty for None.
        """
        if plan["dataset"] != DATASET:
            return OTHER_DATA, f"the data are {plan['dataset']}, the report's are {DATASET}"
        declared = plan["configurations"].get(configuration)
        if declared is None or declared.get("suffixed"):
            return NOT_RUN, "not declared in the configuration"
        changed = self.contradictions(declared["config"])
        return (OTHER_SETTINGS, "; ".join(changed)) if changed else (None, "")

    def contradictions(self, config):
        """Return in words each setting of a configuration that is not the report's."""
        return [
            f"{setting.removeprefix('training.')} is {ours}, in the report {theirs}"
            for setting, theirs in self.settings[config["network"]].items()
            if not _same(ours := _setting(config, setting), theirs)
        ]

    def beside(self, plan):
        """Return the report without what has no counterpart among the declared runs."""
        return replace(
            self,
            cells={
                configuration: printed
                for configuration, printed in self.cells.items()
                if self.standing(plan, configuration)[0] is None
            },
            curves=[
                curve
                for curve in self.curves
                if self.standing(plan, curve.configuration)[0] is None
            ],
        )


NOTHING = Report({}, [], {})


def read_report(folder):
    """Read the report's numbers.

    Parameters
    ----------
    folder : path-like
        Holds table1.csv, table2.csv, text.csv, curves.csv, misread.csv and settings.csv.

    Returns
    -------
    Report
    """
    cells = {}
    for row in _rows(folder, "table1"):
        kind = f"{row['regularisation']}-{float(row['parameter']):.15g}"
        name = f"autoencoder/{row['activation']}-1024-{kind}"
        cells[name] = Printed(row["sparseness"], "Table 1", "sparseness")
    for row in _rows(folder, "table2"):
        for activation in ("relu", "sigmoid"):
            name = f"classifier/{activation}-{row['hidden_nodes']}"
            cells[name] = Printed(row[f"accuracy_{activation}"], "Table 2", "accuracy")
    for row in _rows(folder, "text"):
        if row["quantity"] == "accuracy":
            cells[row["configurations"]] = Printed(row["low"], "text", "accuracy")
    misread = {
        (row["figure"], row["configuration"], epoch)
        for row in _rows(folder, "misread")
        for epoch in range(int(row["first_epoch"]), int(row["last_epoch"]) + 1)
    }
    points = {}
    for row in _rows(folder, "curves"):
        if (row["figure"], row["configuration"], int(row["epoch"])) in misread:
            continue
        key = row["figure"], f"autoencoder/{row['configuration']}", ERRORS[row["split"]]
        points.setdefault(key, {})[int(row["epoch"])] = float(row["mse"])
    settings = {}
    for row in _rows(folder, "settings"):
        settings.setdefault(row["network"], {})[row["setting"]] = row["value"]
    return Report(cells, [Curve(*key, values) for key, values in points.items()], settings)


def _rows(folder, name):
    with open(Path(folder) / f"{name}.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _setting(config, path):
    """Return a setting by its dotted path; a list as words, `none` if it is empty."""
    value = reduce(lambda part, key: part[key], path.split("."), config)
    return (" ".join(value) or "none") if isinstance(value, list) else value


def _same(ours, theirs):
    return ours == theirs if isinstance(ours, str) else float(ours) == float(theirs)
