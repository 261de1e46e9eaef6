"""The table of a study, or of one's own: a metric by the settings that differ."""

from autoencoders.analysis.metric_table import FIRST, LAST
from autoencoders.labels.networks import (
    EMPTY,
    METRIC_LABELS,
    capitalised,
    is_in_the_name,
    list_in_words,
    setting_words,
    signed_minus,
    study_words,
)
from autoencoders.report.shown import Cell, Shown
from autoencoders.report.wording import read_words


def tables(sources, manifest):
    """Return the one table, from the rows that `analysis.metric_table` makes."""
    ((name, rows),) = sources.items()
    words = read_words("metric.toml")
    columns = list(rows[0]) if rows else []
    differing = [each for each in columns if each not in FIRST + LAST and not is_in_the_name(each)]
    is_study = any(row["variant"] for row in rows)
    is_compared = any(row["difference"] for row in rows)
    headings = ["Network", *(["Variant"] if is_study else [])]
    headings += [capitalised(setting_words(each)) for each in differing]
    texts = len(headings)
    headings += ["Mean", "95 % interval", "n"]
    headings += ["Difference", "95 % interval", "p"] if is_compared else []
    cells = []
    for row in rows:
        line = [row["configuration"].partition("/")[2], *([row["variant"]] if is_study else [])]
        line += [row[each] or EMPTY for each in differing]
        line += [_mean(row), _interval(row, ""), row["n"] or EMPTY]
        if is_compared:
            line += [_number(row["difference"], "+.3g"), _interval(row, "difference_", "+.3g")]
            line.append(_p(row["p"]))
        notes = [f"Missing: {row['missing']}."] if row["missing"] else []
        if row["diverged"]:
            notes.append(f"Diverged and left out: seeds {row['diverged']}.")
        cells.append([Cell(line[0], tuple(notes)), *map(Cell, line[1:])])
    facts = {
        "metric": list_in_words(dict.fromkeys(METRIC_LABELS[row["metric"]] for row in rows)),
        "settings": list_in_words(map(setting_words, differing)) if differing else "network",
        "title": manifest["title"],
    }
    remarks = [words["remarks"][0]]
    if is_compared:
        remarks.append(words["remarks"][1 if is_study else 2])
    caption = capitalised(words["caption"].format(**facts))
    heading = capitalised(study_words(name))
    return [Shown(name, heading, caption, headings, texts, cells, [], remarks)]


def _mean(row):
    if not row["mean"]:
        return EMPTY
    return _number(row["mean"]) + (f" ± {_number(row['sd'], '.2g')}" if row["sd"] else "")


def _interval(row, prefix, specification=".4g"):
    low, high = row[f"{prefix}low"], row[f"{prefix}high"]
    return f"{_number(low, specification)} to {_number(high, specification)}" if low else EMPTY


def _number(text, specification=".4g"):
    return signed_minus(f"{float(text):{specification}}") if text else EMPTY


def _p(text):
    if not text:
        return EMPTY
    return "< 0.001" if float(text) < 0.001 else f"{float(text):.3f}"
