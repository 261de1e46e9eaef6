"""What to say of a target that Snakemake would only say it has no rule for."""

import re

from autoencoders.sweep.checking import did_you_mean
from autoencoders.training.activations import HIDDEN_ACTIVATIONS


def unknown_target(target, rules, sweep, results):
    """Return what to ask for, or to add to the configuration, in place of a target.

    `rules` are the names of all rules, `results` is the folder of results.
    """
    network = target.rpartition("/")[2]
    for name, configuration in sweep.configurations.items():
        if target in (name, name.partition("/")[2]):
            return (
                f"{target} is no target, but its runs are: ask for {results}/"
                f"{configuration.blocks[0].folder}/run.json."
            )
    activation, _, widths = network.partition("-")
    if activation in HIDDEN_ACTIVATIONS and re.fullmatch(r"\d+(-\d+)*", widths):
        hidden = ", ".join(widths.split("-"))
        line = f"`- hidden: [{hidden}]` to an experiment of classifiers"
        if "-" not in widths:
            line = f"`- hidden: {hidden}` to an experiment of autoencoders, or {line}"
        return f"{target} is not declared; add {line} in the configuration."
    hint = did_you_mean(target, sorted(rules)) or "; `snakemake --list` shows all"
    return f"{target} is no target{hint}."
