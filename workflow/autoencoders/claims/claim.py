"""What a claim of the paper consists of."""

from collections.abc import Callable
from dataclasses import dataclass, fields

from autoencoders.claims.rules import all_of


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
