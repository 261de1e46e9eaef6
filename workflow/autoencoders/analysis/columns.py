"""Columns that several tables have: which network a row is about, and what its seeds hold."""

from autoencoders.analysis.statistics import mean, standard_deviation
from autoencoders.runs.names import hidden_text, regularisation_of

NETWORK_COLUMNS = ("network", "activation", "hidden", "regularisation", "parameter")


def network_of(settings):
    """Return the columns `NETWORK_COLUMNS` of a configuration's settings.

    The parameter is that which the paper prints; `applied_weight`, also there if something
    regularises the network, is the weight of the penalty or the standard deviation of the noise.
    """
    row = {"network": settings["network"], "activation": settings["activation"]}
    row["hidden"] = hidden_text(settings["hidden"])
    kind, printed, applied = regularisation_of(settings)
    if kind:
        row |= {"regularisation": kind, "parameter": repr(printed), "applied_weight": repr(applied)}
    return row


def seeds_text(seeds):
    """Return seeds as text: `0 2`."""
    return " ".join(map(str, seeds))


def spread_of(values):
    """Return `mean`, `sd` and `n` of a list of numbers; None for what too few do not have."""
    return {"mean": mean(values), "sd": standard_deviation(values), "n": len(values)}


def row_of(configuration, metric, runs, gaps, published):
    """Return the columns of a configuration that tables 1 and 2 have in common.

    They are the `metric` (the mean over the seeds that did not diverge), `sd` (their sample
    standard deviation) and `n` (how many they are); `seeds` (how many there are), `diverged` and
    `dead` (those seeds), or why the run is `missing`; `published` (as printed) and its place, if
    the paper's number is one of the same data and settings.
    """
    name, dataset = configuration.name, configuration.settings["dataset"]
    row = {"configuration": name, "seeds": configuration.seeds}
    run = runs.get(name)
    if run is None:
        row["missing"] = gaps.get(name, "not read")
    else:
        row |= {"diverged": seeds_text(run.diverged), "dead": seeds_text(run.dead)}
        row |= spread_of(run.values(metric))
        row[metric] = row["mean"]
    number = published.cells.get(name)
    if number and published.standing({name: configuration}, dataset, name)[0] is None:
        row |= {"published": number.text, "published_place": number.place}
    return row
