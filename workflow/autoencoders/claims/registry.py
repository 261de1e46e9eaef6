"""The paper's claims, in the order of its text: the registry `CLAIMS`.

Each joins the function that judges it with its words, which are in claims.toml.
"""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from string import Template

from autoencoders.analysis.statistics import MARGIN, SPREADS
from autoencoders.claims import accuracy, features, learning_rates, reconstruction, regularisation
from autoencoders.claims import training_time as time
from autoencoders.claims.rules import SMALL, all_of, any_of

# What stands for `$margin`, and so on, in the words.
NUMBERS = {
    "chance": f"{reconstruction.CHANCE_AT_MOST:.2f}",
    "margin": f"{MARGIN:g}",
    "slightly": f"{accuracy.SLIGHTLY:g}",
    "small": f"{SMALL:g}",
    "small_percent": f"{100 * SMALL:.0f}",
    "spreads": SPREADS,
    "test_noise": f"{features.TEST_NOISE:g}",
}
JUDGES = {
    "1": {"judge": reconstruction.convergence},
    "2": {"judge": reconstruction.good_reconstruction},
    "3": {"judge": regularisation.deactivation},
    "4": {"judge": regularisation.over_fitting, "weakest": max},
    "5": {"judge": reconstruction.principal_subspace},
    "6": {"judge": time.ranges},
    "7": {"judge": accuracy.activations},
    "8": {"judge": accuracy.bigger_networks, "combine": any_of},
    "9": {"judge": accuracy.two_layers},
    "10": {"judge": time.computation_time},
    "11": {"judge": accuracy.no_hidden_layer},
    "12": {"judge": learning_rates.gains_by_patience},
    "13": {"judge": features.abstraction},
    "14": {"judge": time.architectures, "weakest": max},
    "15": {"judge": accuracy.three_layers, "weakest": max},
    "16": {"judge": features.robustness},
}


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A claim; an entry that lacks something raises when the registry is imported."""

    judge: Callable  # takes the evidence, and returns a list of `Part`
    combine: Callable = all_of  # takes the parts' verdicts, and returns the claim's
    weakest: Callable = min  # or max: which of the parts' numbers speaks most against the claim
    # The words, as the comment at the top of claims.toml describes them.
    statement: str
    quantity: str
    test: str
    sentence: list
    units: dict

    def __post_init__(self):  # noqa: D105
        for entry in fields(self):
            if not getattr(self, entry.name):
                raise ValueError(f"The claim “{self.statement}” has no {entry.name}.")


def joined():
    """Return the claims; a ValueError if one has no words, or words have no claim."""
    text = Path(__file__).with_name("claims.toml").read_text(encoding="utf-8")
    words = tomllib.loads(Template(text).substitute(NUMBERS))
    unmatched = words.keys() ^ JUDGES.keys()
    if unmatched:
        raise ValueError(f"Claims with words but no judge, or the reverse: {sorted(unmatched)}.")
    return tuple(Claim(**words[number], **judge) for number, judge in JUDGES.items())


CLAIMS = joined()
