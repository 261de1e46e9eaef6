"""How many deep sigmoid networks leave the plateau that their training starts on."""

from autoencoders.analysis.statistics import share_difference, stuck_below, wilson_interval
from autoencoders.analysis.writing import frame_of
from autoencoders.runs.names import hidden_text

COLUMNS = (
    "patience", "layers", "first_width", "hidden_nodes", "n", "left", "share", "low", "high",
    "difference", "difference_low", "difference_high", "p",
)  # fmt: skip


def plateau(configurations, runs, patience=None):
    """Count the networks that left the plateau: those not `statistics.stuck_below`.

    Parameters
    ----------
    configurations, runs : dict
        By name each Configuration, of which the sigmoid classifiers count, and each Run.
    patience : dict of str to dict of str to Run, optional
        By variant the runs of the study `patience`, if it is there.

    Returns
    -------
    pandas.DataFrame
        The columns `COLUMNS`. First a row for each network, then those of the same number of
        layers and the same first width together (`hidden_nodes` is empty), then the same for
        every variant of the study. `difference` is that of the share from the first variant's,
        with its 95 % interval and p-value.
    """
    declared = {}
    for name, configuration in configurations.items():
        settings = configuration.settings
        if settings["network"] == "classifier" and settings["activation"] == "sigmoid":
            declared[name] = settings["hidden"]
            stuck = stuck_below(settings["classes"])
    rows, references = [], {}
    for name, hidden in declared.items():
        for group, accuracies in _by_group({name: hidden}, runs):
            rows.append(_row("", group, accuracies, stuck) | {"hidden_nodes": hidden_text(hidden)})
    for variant, of_variant in {"": runs, **(patience or {})}.items():
        for group, accuracies in _by_group(declared, of_variant):
            row = _row(variant, group, accuracies, stuck)
            counted = row["n"], row["left"]
            if group in references:
                row |= share_difference(counted, references[group])
            elif variant:
                references[group] = counted
            rows.append(row)
    return frame_of(rows, COLUMNS)


def _by_group(hidden_of, runs):
    """Return in order the numbers of layers and first widths, each with all its accuracies."""
    groups = {}
    for name, hidden in hidden_of.items():
        accuracies = runs[name].values("accuracy") if name in runs else []
        if accuracies:
            groups.setdefault((len(hidden), hidden[0]), []).extend(accuracies)
    return sorted(groups.items())


def _row(variant, group, accuracies, stuck):
    n, left = len(accuracies), sum(accuracy >= stuck for accuracy in accuracies)
    low, high = wilson_interval(left, n)
    row = {"patience": variant, "layers": group[0], "first_width": group[1]}
    return row | {"n": n, "left": left, "share": left / n, "low": low, "high": high}
