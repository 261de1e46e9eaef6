"""`autoencoders diff`: in which settings two runs or two folders differ, and what that moved."""

from pathlib import Path
from statistics import fmean

from autoencoders.commands.found_runs import CommandError, named, read_folder
from autoencoders.commands.output import FORMATS, written
from autoencoders.commands.show import NOT_METRICS
from autoencoders.runs.configuration import MAIN_METRIC

COLUMNS = ["name", "metric", "old", "new", "difference", "low", "high", "seeds"]


def add_arguments(parser):
    """Add the options of the command."""
    parser.add_argument(
        "old", help="the name of a run, as `show` prints it, or a folder of results"
    )
    parser.add_argument("new", help="the same")
    parser.add_argument("--results", default="results", help="the folder of runs (%(default)s)")
    parser.add_argument("--all", action="store_true", help="every metric, not only the main one")
    parser.add_argument("--format", choices=FORMATS, default="text")


def run(options):
    """Print the settings that differ, and the metrics, old and new, paired by seed."""
    if Path(options.old).is_dir() and Path(options.new).is_dir():
        old, new = read_folder(options.old)[0], read_folder(options.new)[0]
        pairs = [(name, old[name], new[name]) for name in old if name in new]
        if not pairs:
            raise CommandError(f"{options.old} and {options.new} have no run in common.")
    else:
        found, _ = read_folder(options.results)
        old, new = _named(options.old, found, options), _named(options.new, found, options)
        pairs = [("", old, new)]
    rows, settings = [], {}
    for name, before, after in pairs:
        for change in changes(before, after):
            settings.setdefault(change, []).append(name)
        rows += compared(name, before, after, options.all)
    if options.format == "text":
        print(_in_words(settings, len(pairs)))
        if pairs[0][0]:
            _say_what_is_missing(options, old, new)
    print(written(rows, COLUMNS if pairs[0][0] else COLUMNS[1:], options.format))


def _named(name, found, options):
    if Path(name).is_dir() and name not in found:
        raise CommandError(f"{name} is a folder, and the other is not; name two of one kind.")
    return named(name, found, f"{options.results} has no run")


def changes(before, after):
    """Return in words each setting in which two runs differ."""
    found = []
    for path in dict.fromkeys([*before.settings, *after.settings]):
        old, new = before.settings.get(path), after.settings.get(path)
        if old != new:
            found.append(f"{path} {old} -> {new}")
    return found


def compared(name, before, after, every):
    """Return a row for each metric: the means, and their difference paired by seed."""
    metrics = [MAIN_METRIC[after.settings["network"]]]
    if every:
        metrics = [name for name in after.metrics[0] if name not in NOT_METRICS]
    rows = []
    for metric in metrics:
        old, new = before.values(metric), after.values(metric)
        both = [new[seed] - old[seed] for seed in new if seed in old]
        row = {"name": name, "metric": metric, "seeds": len(both)}
        row["old"] = fmean(old.values()) if old else None
        row["new"] = fmean(new.values()) if new else None
        row["difference"] = fmean(both) if both else None
        row["low"], row["high"] = interval(both)
        rows.append(row)
    return rows


def interval(differences):
    """Return the ends of the 95 % interval of a mean (Student's t); None of one seed."""
    if len(differences) < 2:
        return None, None
    if len(set(differences)) == 1:
        return differences[0], differences[0]
    from scipy.stats import ttest_1samp

    low, high = ttest_1samp(differences, 0).confidence_interval(0.95)
    return float(low), float(high)


def _in_words(settings, n_pairs):
    if not settings:
        return "The settings are the same.\n"
    lines = ["Settings that differ:"]
    for change, names in settings.items():
        where = f" ({len(names)} of {n_pairs} runs)" if n_pairs > 1 else ""
        lines.append(f"  {change}{where}")
    return "\n".join(lines) + "\n"


def _say_what_is_missing(options, old, new):
    for folder, ours, theirs in ((options.old, old, new), (options.new, new, old)):
        alone = [name for name in ours if name not in theirs]
        if alone:
            more = f" and {len(alone) - 3} more" if len(alone) > 3 else ""
            print(f"Only in {folder}: {', '.join(alone[:3])}{more}.\n")
