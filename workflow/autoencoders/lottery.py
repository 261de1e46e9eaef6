"""How many deep sigmoid networks leave the plateau that their training starts on."""

import pandas
from scipy import stats

from autoencoders.comparison import CONFIDENCE, STUCK, wilson_interval
from autoencoders.evidence import is_sigmoid_classifier
from autoencoders.files import written_aside
from autoencoders.tables import EMPTY, Cell, Shown, html, markdown, write_csv

COLUMNS = (
    "patience",
    "layers",
    "first_width",
    "hidden_nodes",
    "n",
    "left",
    "share",
    "low",
    "high",
    "difference",
    "difference_low",
    "difference_high",
    "p",
)
SUFFIXES = ("csv", "md", "html")


def networks(plan):
    """Return the declared sigmoid classifiers by their ids, with their hidden widths."""
    return {
        name: entry["config"]["hidden"]
        for name, entry in plan["configurations"].items()
        if is_sigmoid_classifier(entry["config"])
    }


def left(runs):
    """Return of how many networks, and how many of them left the plateau: accuracy of 0.2."""
    accuracies = [
        entry["accuracy"] for run in runs for entry in run.metrics if not entry["diverged"]
    ]
    return len(accuracies), sum(accuracy >= STUCK for accuracy in accuracies)


def difference(counted, reference):
    """Return how far two shares differ, with Newcombe's interval and Fisher's exact p-value.

    Parameters
    ----------
    counted, reference : (int, int)
        Of how many, and how many.

    Returns
    -------
    dict of str to float

    References
    ----------
    R. G. Newcombe, "Interval estimation for the difference between independent proportions",
    Statistics in Medicine 17 (1998) 873-890, method 10.
    """
    (n, k), (m, j) = counted, reference
    share, other = k / n, j / m
    (low, high), (other_low, other_high) = wilson_interval(k, n), wilson_interval(j, m)
    below = ((share - low) ** 2 + (other_high - other) ** 2) ** 0.5
    above = ((high - share) ** 2 + (other - other_low) ** 2) ** 0.5
    return {
        "difference": share - other,
        "difference_low": share - other - below,
        "difference_high": share - other + above,
        "p": float(stats.fisher_exact([[k, n - k], [j, m - j]]).pvalue),
    }


def lottery(plan, runs, patience=None):
    """Count the networks that left the plateau.

    Parameters
    ----------
    plan : dict
        What plan.json holds.
    runs : dict of str to Run
        The runs that may be used.
    patience : dict of str to dict of str to Run, optional
        The runs of the study `patience`, if it is whole.

    Returns
    -------
    pandas.DataFrame
        The columns `COLUMNS`. First a row for each network, then those of the same number of
        layers and the same first width together (`hidden_nodes` is empty), then the same for
        every variant of the study. `difference` is that of the share from the first variant's,
        with its 95 % interval and p-value.
    """
    declared = networks(plan)
    rows = [
        _row("", widths, "-".join(map(str, widths)), left([runs[name]]))
        for name, widths in declared.items()
        if name in runs and left([runs[name]])[0]
    ]
    rows += _pooled("", declared, runs)
    reference = {}
    for variant, studied in (patience or {}).items():
        for row in _pooled(variant, declared, studied):
            key, counted = (row["layers"], row["first_width"]), (row["n"], row["left"])
            if key in reference:
                row |= difference(counted, reference[key])
            reference.setdefault(key, counted)
            rows.append(row)
    frame = pandas.DataFrame(rows, columns=list(COLUMNS), dtype=object)
    return frame.where(frame.notna(), "")


def _pooled(variant, declared, runs):
    groups = {}
    for name, widths in declared.items():
        if name in runs:
            groups.setdefault((len(widths), widths[0]), []).append(runs[name])
    counts = {group: left(members) for group, members in sorted(groups.items())}
    return [
        _row(variant, [first] * layers, "", counted)
        for (layers, first), counted in counts.items()
        if counted[0]
    ]


def _row(variant, widths, hidden, counted):
    n, count = counted
    low, high = wilson_interval(count, n)
    return {
        "patience": variant,
        "layers": len(widths),
        "first_width": widths[0],
        "hidden_nodes": hidden,
        "n": n,
        "left": count,
        "share": count / n,
        "low": low,
        "high": high,
    }


def shown(table, title):
    """Return the table for people to read.

    Parameters
    ----------
    table : pandas.DataFrame
        As `lottery` returns it.
    title : str
        Which data ours show.

    Returns
    -------
    list of Shown
        By layers and first width; under each patience, if the study is there; each network.
    """
    rows = table.to_dict("records")
    pooled = [row for row in rows if not row["hidden_nodes"] and not row["patience"]]
    tables = [
        Shown(
            "lottery",
            "The lottery. How many sigmoid networks leave the plateau on which training starts: "
            f"those with an accuracy of at least {STUCK:g}, twice that of guessing, on the test "
            f"images. Data: {title}.",
            [],
            ["Hidden layers", "First layer's width", "Networks", "Left", "Share", "95 % interval"],
            0,
            [
                [Cell(str(row["layers"])), Cell(str(row["first_width"])), *_share(row)]
                for row in pooled
            ],
            [f"Interval: Wilson's, at {100 * CONFIDENCE:g} %. Same for the tables below."],
        )
    ]
    studied = [row for row in rows if row["patience"]]
    if studied:
        tables.append(
            Shown(
                "lottery-patience",
                "Patience. The same if training waits for so many epochs without an improvement "
                "before it stops, in both phases.",
                [],
                [
                    "Hidden layers",
                    "First layer's width",
                    "Patience",
                    "Networks",
                    "Left",
                    "Share",
                    "95 % interval",
                    "More than without",
                    "95 % interval",
                    "p",
                ],
                0,
                [
                    [
                        *_group(row),
                        Cell(row["patience"]),
                        *_share(row),
                        *_difference(row),
                    ]
                    for row in sorted(studied, key=lambda row: (row["layers"], row["first_width"]))
                ],
                [
                    "More than without: difference of the shares, with Newcombe's interval and "
                    "Fisher's exact p."
                ],
            )
        )
    each = [row for row in rows if row["hidden_nodes"]]
    tables.append(
        Shown(
            "lottery-networks",
            "Networks. Each sigmoid network by itself.",
            [],
            ["Hidden nodes", "Networks", "Left", "Share", "95 % interval"],
            1,
            [[Cell(row["hidden_nodes"]), *_share(row)] for row in each],
        )
    )
    return tables


def _group(row):
    return [Cell(str(row["layers"])), Cell(str(row["first_width"]))]


def _share(row):
    return [
        Cell(str(row["n"])),
        Cell(str(row["left"])),
        Cell(f"{row['share']:.2f}"),
        Cell(f"{row['low']:.2f} to {row['high']:.2f}"),
    ]


def _difference(row):
    if row["difference"] == "":
        return [Cell(EMPTY)] * 3
    low, high = (f"{row[f'difference_{end}']:+.2f}".replace("-", "−") for end in ("low", "high"))
    p = "< 0.001" if row["p"] < 0.001 else f"{row['p']:.3f}"
    return [
        Cell(f"{row['difference']:+.2f}".replace("-", "−")),
        Cell(f"{low} to {high}"),
        Cell(p),
    ]


def write(plan, runs, patience, title, folder):
    """Write lottery.csv, .md and .html; the parameters are those of `lottery` and `shown`."""
    table = lottery(plan, runs, patience)
    write_csv(table, folder / "lottery.csv")
    tables = shown(table, title)
    texts = {"md": "\n".join(map(markdown, tables)), "html": html(*tables)}
    for suffix, text in texts.items():
        with written_aside(folder / f"lottery.{suffix}") as aside:
            aside.write_text(text, encoding="utf-8")
