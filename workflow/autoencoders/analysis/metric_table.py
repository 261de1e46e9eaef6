"""A metric of some networks by the settings in which they differ: the table of a study or sweep."""

from autoencoders.analysis.columns import seeds_text
from autoencoders.analysis.statistics import (
    TooFewSeeds,
    mean,
    mean_interval,
    paired_interval,
    standard_deviation,
)
from autoencoders.analysis.writing import frame_of
from autoencoders.runs.configuration import MAIN_METRIC, settings_by_path
from autoencoders.runs.names import hidden_text

FIRST = ("configuration", "variant")
LAST = (
    "metric", "mean", "sd", "low", "high", "n", "difference", "difference_low",
    "difference_high", "p", "diverged", "missing", "values",
)  # fmt: skip


def of_study(study, runs, gaps):
    """Return the table of a study: each variant's networks, compared with the default's.

    Parameters
    ----------
    study : Study
    runs : dict of str to dict of str to Run
        By variant and name.
    gaps : dict of str to str
        Why the others are missing, by `<variant>/<name>`.

    Returns
    -------
    pandas.DataFrame
        As `table` returns it.
    """
    lines = []
    for variant, configurations in study.variants.items():
        for name, configuration in configurations.items():
            default = runs.get(study.default, {}).get(name)
            lines.append(
                {
                    "configuration": configuration,
                    "variant": variant,
                    "run": runs.get(variant, {}).get(name),
                    "gap": gaps.get(f"{variant}/{name}"),
                    "reference": None if variant == study.default else default,
                }
            )
    return table(lines)


def of_configurations(configurations, runs, gaps, metric=None, compared_with=None):
    """Return the table of some configurations, compared with one of them if it is named."""
    lines = []
    for name, configuration in configurations.items():
        reference = None if name == compared_with else runs.get(compared_with)
        line = {"configuration": configuration, "variant": "", "reference": reference}
        lines.append(line | {"run": runs.get(name), "gap": gaps.get(name)})
    return table(lines, metric)


def table(lines, metric=None):
    """Return a row for each line, in which settings that differ between lines are columns.

    Returns
    -------
    pandas.DataFrame
        The columns `FIRST`, the settings that differ by their dotted paths, and `LAST`: the mean
        over the seeds that did not diverge with its 95 % interval (Student's t), and the mean
        difference to the reference, paired by seed, with interval and p. `values` has the metric
        of every seed that did not diverge, in order.
    """
    settings = [_settings(line["configuration"]) for line in lines]
    differing = {}
    for path in dict.fromkeys(path for each in settings for path in each):
        if len({str(each.get(path, "")) for each in settings}) > 1:
            differing[path] = True
    rows = []
    for line, of_line in zip(lines, settings, strict=True):
        network = line["configuration"].settings["network"]
        row = {"configuration": line["configuration"].name, "variant": line["variant"]}
        row |= {path: of_line.get(path, "") for path in differing}
        row["metric"] = metric or MAIN_METRIC[network]
        if line["run"] is None:
            row["missing"] = line["gap"] or "not read"
        else:
            row |= _numbers(line["run"], line["reference"], row["metric"])
        rows.append(row)
    return frame_of(rows, [*FIRST, *differing, *LAST])


def _settings(configuration):
    settings = settings_by_path(configuration.settings)
    return settings | {"hidden": hidden_text(configuration.settings["hidden"])}


def _numbers(run, reference, metric):
    values = run.values(metric)
    row = {"mean": mean(values), "sd": standard_deviation(values), "n": len(values)}
    row |= {"diverged": seeds_text(run.diverged), "values": " ".join(map(repr, values))}
    differences = _differences(run, reference, metric) if reference else []
    row["difference"] = mean(differences)
    try:
        interval = mean_interval(values)
        row |= {"low": interval["low"], "high": interval["high"]}
        if differences:
            interval = paired_interval(differences)
            row |= {"difference_low": interval["low"], "difference_high": interval["high"]}
            row["p"] = interval["p"]
    except TooFewSeeds:
        pass  # a mean without an interval
    return row


def _differences(run, reference, metric):
    """Return the differences of a metric to a reference, of every seed that both have."""
    of_seed = {entry["seed"]: entry for entry in reference.metrics if not entry["diverged"]}
    differences = []
    for entry in run.metrics:
        if entry["seed"] in of_seed and not entry["diverged"]:
            differences.append(entry[metric] - of_seed[entry["seed"]][metric])
    return differences
