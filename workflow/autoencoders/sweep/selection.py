"""Lists in the configuration that name experiments, configurations or patterns."""

import fnmatch
from collections import Counter

from autoencoders.sweep.checking import ConfigError, did_you_mean


def select(sweep, where, selected):
    """Return the names of the configurations that the list `selected` names.

    An entry names a configuration or an experiment, or is a pattern in which * stands for any part
    of a configuration's name. `where` is the list's path, for messages.
    """
    configurations, experiments = sweep.configurations, sweep.experiments
    names = []
    for entry in selected:
        if "*" in entry:
            found = matching(configurations, where, entry)
        elif entry in experiments:
            found = experiments[entry]
        elif entry in configurations:
            found = [entry]
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


def matching(configurations, where, pattern):
    """Return the configurations whose names match a pattern; at least one must."""
    found = fnmatch.filter(configurations, pattern)
    if not found:
        raise ConfigError(f"{where} names {pattern}, which no configuration matches.")
    return found
