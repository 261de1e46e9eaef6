"""`autoencoders show`: all finished runs, with the settings that differ and their metrics."""

import operator
import re
import sys

from autoencoders.commands.found_runs import CommandError, read_folder
from autoencoders.commands.output import FORMATS, in_words, written
from autoencoders.labels.networks import is_in_the_name
from autoencoders.runs.configuration import MAIN_METRIC

NOT_METRICS = ("seed", "diverged", "dead", "epochs", "seconds")
CONDITION = re.compile(r"([\w.-]+?)\s*(!=|<=|>=|=|<|>)\s*(.*)")
COMPARISONS = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


def add_arguments(parser):
    """Add the options of the command."""
    parser.add_argument("results", nargs="?", default="results", help="the folder (%(default)s)")
    parser.add_argument(
        "--where",
        action="append",
        default=[],
        metavar="CONDITION",
        help="such as batch_size=64, hidden=128-128, accuracy>0.93, name=relu; may be repeated",
    )
    parser.add_argument("--sort", metavar="COLUMN", help="the largest first")
    parser.add_argument("--reverse", action="store_true", help="the smallest first")
    parser.add_argument(
        "--columns", help="names, separated by commas; + in front adds to the usual"
    )
    parser.add_argument("--format", choices=FORMATS, default="text")


def run(options):
    """Print a row for each configuration."""
    found, faults = read_folder(options.results)
    for fault in faults:
        print(f"note: {fault}", file=sys.stderr)
    rows = [row_of(run) for run in found.values()]
    metrics, settings = columns_of(rows, found)
    for condition in options.where:
        rows = [row for row in rows if holds(row, condition, [*settings, *metrics])]
    if not rows:
        raise CommandError(f"no run fulfils {' and '.join(options.where)}.")
    if options.sort:
        name = known(options.sort, ["name", "seeds", *settings, *metrics])
        rows.sort(key=lambda row: sortable(row.get(name)), reverse=not options.reverse)
    usual = ["name", *(name for name in settings if differs(name, rows)), "seeds"]
    usual += dict.fromkeys(MAIN_METRIC[row["network"]] for row in rows)
    columns = usual
    if options.columns:
        asked = options.columns.lstrip("+").split(",")
        named = [known(name.strip(), ["name", "seeds", *settings, *metrics]) for name in asked]
        columns = [*usual, *named] if options.columns.startswith("+") else ["name", *named]
    columns = list(dict.fromkeys(columns))
    if options.format in ("text", "md"):
        rows = [with_spread(row, columns) for row in rows]
    else:
        for metric in [name for name in columns if f"{name}_sd" in metrics]:
            columns.insert(columns.index(metric) + 1, f"{metric}_sd")
    print(written(rows, columns, options.format))


def with_spread(row, columns):
    """Return a row whose metrics have their standard deviation behind them."""
    row = dict(row)
    for name in columns:
        spread = row.get(f"{name}_sd")
        if spread is not None:
            row[name] = f"{in_words(row[name])} ± {spread:.2g}"
    return row


def row_of(run):
    """Return name, settings and metrics of a run, each metric with its standard deviation."""
    row = {"name": run.name, **run.settings, "seeds": len(run.metrics)}
    for metric in run.metrics[0] if run.metrics else ():
        if metric not in NOT_METRICS:
            row[metric], row[f"{metric}_sd"] = run.mean_and_sd(metric)
    seconds = [sum(entry["seconds"].values()) for entry in run.metrics if entry.get("seconds")]
    row["seconds"] = sum(seconds) / len(seconds) if seconds else None
    return row


def differs(name, rows):
    """Return whether a setting that no name tells differs between networks of the same kind."""
    if is_in_the_name(name):
        return False
    values = {}
    for row in rows:
        follows = name == "pre_training.activation" and row.get(name) == row["activation"]
        if row.get(name) is not None and not follows:
            values.setdefault(row["network"], set()).add(str(row[name]))
    return any(len(of_kind) > 1 for of_kind in values.values())


def columns_of(rows, found):
    """Return the names of all metrics and of all settings, in order."""
    settings = list(dict.fromkeys(path for run in found.values() for path in run.settings))
    metrics = []
    for row in rows:
        metrics += [name for name in row if name not in settings and name not in ("name", "seeds")]
    return list(dict.fromkeys(metrics)), settings


def known(name, columns):
    """Return the column of a name, which may be the last part of a dotted path."""
    if name in columns:
        return name
    endings = [column for column in columns if column.endswith(f".{name}")]
    if len(endings) == 1:
        return endings[0]
    if endings:
        raise CommandError(f"{name} may be {' or '.join(endings)}; name one of them.")
    from autoencoders.sweep.checking import did_you_mean

    hint = did_you_mean(name, columns) or f"; there are {', '.join(columns)}"
    raise CommandError(f"there is no column {name}{hint}.")


def holds(row, condition, columns):
    """Return whether a row fulfils a condition; a name may be given in part."""
    match = CONDITION.fullmatch(condition.strip())
    if not match:
        raise CommandError(f"--where {condition} is no condition; write batch_size=64, say.")
    name, comparison, wanted = match.groups()
    if name == "name":
        return (wanted in row["name"]) == (comparison == "=")
    value = row.get(known(name, columns))
    try:
        wanted, value = float(wanted), float(value)
    except (TypeError, ValueError):
        if comparison not in ("=", "!="):
            return False
        value = str(value)
    return COMPARISONS[comparison](value, wanted)


def sortable(value):
    """Return a key that sorts numbers before texts, and what is missing at one end."""
    if value is None:
        return (0, 0.0, "")
    try:
        return (1, float(value), "")
    except (TypeError, ValueError):
        return (2, 0.0, str(value))
