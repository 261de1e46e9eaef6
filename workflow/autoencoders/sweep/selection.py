"""Lists in the configuration that name experiments, configurations or patterns."""

import fnmatch
from collections import Counter
from pathlib import Path

from autoencoders.analysis.published import read_published
from autoencoders.claims.needed import claimed
from autoencoders.sweep.checking import ConfigError, did_you_mean

NUMBERS = Path(__file__).resolve().parents[3] / "resources" / "report"
EXPERIMENTS = {  # of the paper, as config.yaml calls them
    "under-complete",
    "over-complete",
    "over-complete-plain",
    "weight-images",
    "stacked",
    "no-hidden",
}


def select(sweep, where, selected, may_be_gone=False):
    """Return the names of the configurations that the list `selected` names.

    An entry names a configuration or an experiment, or is a pattern in which * stands for any part
    of a configuration's name. `where` is the list's path, for messages. Where the paper's entries
    `may_be_gone`, as an experiment can be removed, they are left out.
    """
    configurations, experiments = sweep.configurations, sweep.experiments
    names = []
    for entry in selected:
        if "*" in entry:
            found = matching(configurations, where, entry, may_be_gone)
        elif entry in experiments:
            found = experiments[entry]
        elif entry in configurations:
            found = [entry]
        elif may_be_gone and is_of_the_paper(entry):
            found = []
        else:
            known = [*experiments, *configurations]
            raise ConfigError(
                f"{where} names {entry}, which is neither an experiment ({', '.join(experiments)}) "
                f"nor a configuration{did_you_mean(entry, known)}."
            )
        names += found
    for name, count in Counter(names).items():
        if count > 1:
            raise ConfigError(f"{where} names {name} twice; name it once.")
    return names


def matching(configurations, where, pattern, may_be_gone=False):
    """Return the configurations whose names match a pattern; at least one must.

    None need to where the paper's `may_be_gone`, and the pattern matches one of those.
    """
    found = fnmatch.filter(configurations, pattern)
    if not found and not (may_be_gone and is_of_the_paper(pattern)):
        raise ConfigError(f"{where} names {pattern}, which no configuration matches.")
    return found


def is_of_the_paper(entry):
    """Return whether an entry names an experiment of the paper, or one or more of its networks."""
    return entry in EXPERIMENTS or bool(fnmatch.filter(claimed(read_published(NUMBERS)), entry))
