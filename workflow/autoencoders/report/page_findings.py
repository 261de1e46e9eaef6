"""The findings of the report page: how many published numbers agree, and the claims."""

from collections import Counter
from string import ascii_lowercase

from autoencoders.analysis import comparison as rules
from autoencoders.labels.networks import EMPTY
from autoencoders.report.wording import read_words

WORDS = read_words("page.toml")["verdicts"]


def compared(rows):
    """Return how the published numbers and curves of comparison.csv compare with ours.

    For every place a dict: `n` (those judged), `agree`, what agrees in `words`, and the `rest`.
    """
    places = {}
    for row in rows:
        if row["verdict"] in rules.JUDGED:
            # The panels of a figure belong together: Figure 3b is part of Figure 3.
            what = "curve" if row["place"].startswith("Figure") else "number"
            place = "the text" if row["place"] == "text" else row["place"].rstrip(ascii_lowercase)
            places.setdefault((place, what), Counter())[row["verdict"]] += 1

    findings = []
    for (place, what), counts in places.items():
        n, agree, rest = counts.total(), counts[rules.AGREES], []
        for verdict in rules.JUDGED:
            if counts[verdict] and verdict != rules.AGREES:
                rest.append(f"{counts[verdict]} {WORDS[verdict][counts[verdict] > 1]}")
        words = f"{what}{'s' if n > 1 else ''} of {place} {WORDS[rules.AGREES][n > 1]}"
        findings.append({"n": n, "agree": agree, "words": words, "rest": "; ".join(rest)})
    return findings


def judged(claims, decided):
    """Return the rows of claims.csv, with the `numbers` of each by their names.

    `decided` is the Shown of what decides each claim; its rows have the same order.
    """
    shown = []
    for claim, cells in zip(claims, decided.rows, strict=True):
        numbers = {}
        for column, cell in zip(decided.columns, cells, strict=True):
            if column and cell.text != EMPTY:
                numbers[column] = cell.text
        shown.append({**claim, "numbers": numbers})
    return shown
