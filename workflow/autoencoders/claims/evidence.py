"""The finished runs and measurements that claims are judged by."""

import itertools
from dataclasses import dataclass

import pandas

from autoencoders.analysis.published import DATASET
from autoencoders.analysis.statistics import FEWEST_SEEDS
from autoencoders.claims.subjects import PAIR, WIDTHS, classifier

COMMAND = "snakemake --cores 8 --configfile full.yaml"  # trains every study
DEEPEST = 3  # hidden layers in Table 2


class Missing(Exception):
    """Something that a part needs does not exist; the message says why, in a few words."""


@dataclass(frozen=True)
class Evidence:
    """All that the claims are judged by; what is missing raises a `Missing`."""

    published: object  # all numbers of the paper
    configurations: dict  # those declared, by name
    dataset: str  # the data that the runs are made from
    runs: dict  # by name those that may be used
    gaps: dict  # by name why each of the others may not
    measurements: pandas.DataFrame  # every kind of measurement, joined
    studies: dict  # by study, variant and name the runs of studies

    def run(self, network):
        """Return the run of a network, with the paper's data and settings and enough seeds."""
        name = network.name
        standing, reason = self.published.standing(self.configurations, self.dataset, name)
        if standing is not None:
            raise Missing(f"{name}: {reason}")
        if name not in self.runs:
            raise Missing(f"{name}: {self.gaps.get(name, 'not read')}")
        if len(self.runs[name].seeds) < FEWEST_SEEDS:
            raise Missing(f"{name}: only {len(self.runs[name].seeds)} seeds ended")
        return self.runs[name]

    def table2(self, subject):
        """Return the runs of the paper's Table 2 by network: of one activation, or of both."""
        networks = self.networks_of_table2(subject)
        runs, missing = {}, []
        for network in networks:
            try:
                runs[network] = self.run(network)
            except Missing as reason:
                missing.append(str(reason))
        if missing:
            raise Missing(f"{len(missing)} of {len(networks)} networks are missing ({missing[0]})")
        return runs

    def networks_of_table2(self, subject):
        """Return the networks of the paper's Table 2, whether they have been trained or not."""
        networks = []
        for activation in [subject.activation] if subject.activation else PAIR:
            named = {}
            for depth in range(1, DEEPEST + 1):
                for hidden in itertools.product(WIDTHS, repeat=depth):
                    network = classifier(activation, *hidden)
                    named[network.name] = network
            names = self.published.in_table("Table 2")
            networks += [named[name] for name in names if name in named]
        return networks

    def study(self, name):
        """Return the runs of a study by variant and name."""
        if self.dataset != DATASET:
            raise Missing(f"the data are {self.dataset}, the paper's are {DATASET}")
        variants = self.studies.get(name, {})
        networks = set().union(*variants.values())
        if not networks or any(set(runs) != networks for runs in variants.values()):
            raise Missing(f"the study {name} is not finished; run `{COMMAND}`")
        return variants

    def values(self, network, metric):
        """Return a metric of every seed that ended with finite numbers."""
        return self.run(network).values(metric)

    def curves(self, network):
        """Return the validation errors of every such seed, epochs by seeds."""
        return self.run(network).curves("validation_error")

    def measured(self, measure, subject):
        """Return a measurement, such as `test_error`, of every saved network, by seed.

        The subject's study, layer and noise must be those of the measurement; without a network it
        is of the images alone.
        """
        if subject.network:
            self.run(subject)
        rows = self.measurements
        keys = {"configuration": subject.name, "measure": measure, "study": subject.study}
        keys |= {"layer": subject.layer, "noise": subject.noise}
        for column, value in keys.items():
            rows = rows[rows[column].map(str) == ("" if value is None else str(value))]
        if rows.empty and subject.study:
            raise Missing(f"the study {subject.study} is not finished; run `{COMMAND}`")
        if rows.empty:
            name = subject.name or "the images"
            raise Missing(f"no {measure.replace('_', ' ')} was measured of {name}")
        return pandas.Series(rows["value"].astype(float).values, index=rows["seed"])
