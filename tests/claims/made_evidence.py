"""The paper's configurations as they are declared, and made-up evidence about them."""

import csv
from pathlib import Path
from types import SimpleNamespace

import pandas

import synthetic
from autoencoders.analysis.published import read_published
from autoencoders.claims.evidence import Evidence
from autoencoders.claims.judging import judge_claim
from autoencoders.measurements.measuring import COLUMNS
from autoencoders.runs.reading import Run
from autoencoders.training import training_record

PUBLISHED = Path(__file__).resolve().parents[2] / "resources" / "report"
SEEDS = range(5)
JITTER = (0.0, 1.0, -1.0, 0.5, -0.5)  # of each seed; adds up to nothing


def around(value, spread):
    """Return a number for each seed."""
    return lambda seed: value + spread * JITTER[seed]


class Paper:
    """What the paper published, and its configurations with runs made for a test."""

    def __init__(self):
        self.published = read_published(PUBLISHED)
        with open(PUBLISHED / "table2.csv", newline="") as file:
            architectures = [row["hidden_nodes"] for row in csv.DictReader(file)]
        training = {**synthetic.TRAINING, "epochs": 100}
        jobs = {"seeds": len(SEEDS), "seeds_per_job": len(SEEDS), "keep_weights": len(SEEDS)}
        self.configurations = (
            synthetic.under_complete(training=training, **jobs)
            | synthetic.over_complete(training=training, **jobs)
            | synthetic.weight_images(training=training, **jobs)
            | synthetic.classifiers(architectures, **jobs)
        )
        self.table2 = [*self.published.in_table("Table 2"), "classifier/no-hidden"]

    def hidden(self, name):
        """Return the hidden layers of a configuration."""
        return self.configurations[name].settings["hidden"]

    def activation(self, name):
        """Return the activation of a configuration."""
        return self.configurations[name].settings["activation"]

    def run(self, name, seeds=SEEDS, **metrics):
        """Return a run whose metrics are functions of the seed, or the same for all seeds."""
        entries = []
        for seed in seeds:
            entry = {"seed": seed, "diverged": False, "dead": False}
            for key, value in metrics.items():
                entry[key] = value(seed) if callable(value) else value
            entries.append(entry)
        return Run(self.configurations[name], entries, ())

    def stacks(self, **metrics):
        """Return runs of every classifier of Table 2; a metric is a function of name and seed."""
        runs = {}
        for name in self.table2:
            of_name = {
                key: lambda seed, f=function, n=name: f(n, seed)
                for key, function in metrics.items()
            }
            runs[name] = self.run(name, **of_name)
        return runs

    def curve_run(self, name, errors):
        """Return an autoencoder's run; `errors` gives the validation errors of a seed."""
        run = self.run(name, validation_error=lambda seed: errors(seed)[-1])
        rows = []
        for seed in SEEDS:
            for epoch, error in enumerate(errors(seed), start=1):
                rows.append((seed, "training", epoch, error, error, ""))
        run.__dict__["history"] = pandas.DataFrame(rows, columns=training_record.COLUMNS)
        return run

    def measured(self, *rows):
        """Return measurements of every seed: rows of name, study, measure, layer, noise, value."""
        table = []
        for name, study, measure, layer, noise, value in rows:
            for seed in SEEDS if name else [""]:
                number = value(seed) if callable(value) else value
                table.append((name, study, seed, measure, layer, noise, number))
        return pandas.DataFrame(table, columns=list(COLUMNS), dtype=object)

    def evidence(self, runs=(), rows=(), studies=None, dataset="lab"):
        """Return evidence in which every run that is not given is missing."""
        runs = dict(runs)
        gaps = {name: "not finished" for name in self.configurations if name not in runs}
        measurements = self.measured(*rows)
        return Evidence(
            self.published, self.configurations, dataset, runs, gaps, measurements, studies or {}
        )

    def judged(self, claim, runs=(), rows=(), studies=None, dataset="lab"):
        """Return what comes out of a claim: its row, with the table of its parts."""
        row, parts = judge_claim(claim, self.evidence(runs, rows, studies, dataset))
        return SimpleNamespace(**row, parts=parts, judged=parts[parts.verdict != ""])
