"""The numbers that a claim is judged by, as objects and as a table."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from functools import partial

from autoencoders.analysis.statistics import TooFewSeeds, mean_interval
from autoencoders.analysis.writing import frame_of
from autoencoders.claims.evidence import Missing
from autoencoders.claims.rules import INFORMATION, UNDECIDED, needed
from autoencoders.claims.subjects import Subject

COLUMNS = ["number", "part", "verdict", "effect", "effect_unit", "low", "high", "p", "n"]
COLUMNS += ["needed", "reason", "quantity", *(column.name for column in fields(Subject))]


@dataclass(frozen=True)
class Part:
    """One number that a claim is judged by."""

    quantity: str  # the key of what is counted
    subject: Subject
    verdict: str = INFORMATION
    effect: float | None = None
    low: float | None = None  # the ends of the 95 % interval
    high: float | None = None
    p: float | None = None  # of the test that a difference is zero
    n: int | None = None  # networks that it is from
    needed: int | None = None  # networks that would decide it, if it is undecided
    reason: str = ""  # why it cannot be decided, or a remark

    def judged(self, rule):
        """Return the part with the verdict of a rule; without a number it is undecided."""
        if self.effect is None:
            return replace(self, verdict=UNDECIDED)
        verdict = rule(self)
        return replace(
            self, verdict=verdict, needed=needed(self, rule) if verdict == UNDECIDED else None
        )


@dataclass(frozen=True)
class Quantity:
    """What is counted of each subject, and the rule that judges it."""

    key: str  # by which sentences and units are told what is counted
    # Takes evidence and subject, and returns fields of `Part` as a dict, or raises `Missing`.
    numbers: Callable
    rule: Callable | None = None  # takes a part and returns its verdict
    columns: dict = field(default_factory=dict)  # of the subject, such as the layer

    def of(self, evidence, subject, reason=""):
        """Return the part of a subject; if its numbers cannot be had it says why."""
        part = Part(self.key, replace(subject, **self.columns), reason=reason)
        try:
            part = replace(part, **self.numbers(evidence, part.subject))
        except (Missing, TooFewSeeds) as why:
            part = replace(part, reason=str(why))
        return part.judged(self.rule) if self.rule else part

    def of_all(self, evidence, subjects):
        """Return the parts of several subjects."""
        return [self.of(evidence, subject) for subject in subjects]


def quantity(rule=None):
    """Return a decorator that makes a function of evidence and subject a `Quantity` of its name."""
    return lambda numbers: Quantity(numbers.__name__.strip("_"), numbers, rule)


def metric(key, rule=None):
    """Return the quantity that is the mean of a metric over seeds."""
    return Quantity(key, partial(_mean_metric, key), rule)


def measurement(key, rule=None, **columns):
    """Return the quantity that is the mean of a measurement over seeds, or that of the images."""
    return Quantity(key, partial(_mean_measured, key), rule, columns)


def _mean_metric(key, evidence, network):
    return mean_interval(evidence.values(network, key))


def _mean_measured(key, evidence, subject):
    values = evidence.measured(key, subject)
    return mean_interval(values) if subject.network else {"effect": float(values.iloc[0])}


def table_of(number, parts, units):
    """Return the parts of a claim as a table, with the units of its quantities in words."""
    rows = []
    for part in parts:
        row = vars(part) | vars(part.subject)
        row |= {"number": number, "part": part.subject.words, "effect_unit": units[part.quantity]}
        for column in ("hidden", "compared_with"):
            if row[column] is not None:
                row[column] = "-".join(map(str, row[column])) or "no-hidden"
        rows.append(row)
    return frame_of(rows, COLUMNS)
