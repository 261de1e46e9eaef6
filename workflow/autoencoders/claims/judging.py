"""Every claim's verdict, the number that decides it, and the result in words."""

import pandas

from autoencoders.claims.parts import table_of
from autoencoders.claims.registry import CLAIMS
from autoencoders.claims.rules import INFORMATION, MOST, UNDECIDED
from autoencoders.claims.sentences import filled, rounded
from autoencoders.claims.subjects import NO_HIDDEN

COLUMNS = ["number", "claim", "verdict", "sentence", "effect", "effect_unit", "low", "high", "p"]
COLUMNS += ["n", "decided_by", "quantity", "test"]
NAMED = 3  # parts that a sentence names


def judge(evidence):
    """Judge every claim by the `Evidence`.

    Returns
    -------
    claims : pandas.DataFrame
        The columns `COLUMNS`, a row for each claim. `effect` to `n` are those of the part
        `decided_by`: of those with the claim's verdict the one that speaks most against it.
    parts : pandas.DataFrame
        The columns `parts.COLUMNS`, a row for each part; those for information have no verdict.
    """
    published = _published_words(evidence.published)
    rows, tables = [], []
    for number, claim in enumerate(CLAIMS, start=1):
        row, parts = judge_claim(claim, evidence, number)
        row["claim"] = claim.statement.format_map(published)
        row["quantity"] = claim.quantity.format_map(published)
        rows.append(row)
        tables.append(parts)
    claims = pandas.DataFrame(rows, columns=COLUMNS, dtype=object)
    return claims, pandas.concat(tables, ignore_index=True)


def judge_claim(claim, evidence, number=1):
    """Return the row of one claim, without the words that name published numbers, and its parts."""
    parts = table_of(number, claim.judge(evidence), claim.units)
    judged = parts[parts.verdict != INFORMATION]
    verdict = claim.combine(list(judged.verdict))
    deciding = _deciding(judged[judged.verdict == verdict], claim.weakest)
    row = {
        "number": number,
        "verdict": verdict,
        "sentence": _sentence(claim, parts, judged, verdict),
        "decided_by": deciding["part"],
        "test": claim.test,
        **deciding[["effect", "effect_unit", "low", "high", "p", "n"]],
    }
    return row, parts


def _needed(part):
    """Return in words how many networks would decide a part, if that can be said."""
    if part.needed == "":
        return ""
    if part.needed == MOST:
        return f"; not even {MOST:,} networks would decide it"
    return f"; about {float(f'{part.needed:.2g}'):.0f} networks would decide it"


def _published_words(published):
    """Return the published numbers that claims name, in words."""
    words = {
        "no_hidden": published.cells[NO_HIDDEN.name].text,
        "sparseness_threshold": published.settings["autoencoder"]["sparseness_threshold"],
    }
    for quantity, (low, high) in published.ranges.items():
        words[quantity] = f"{low:g}" if low == high else f"{low:g} to {high:g}"
    return words


def _deciding(parts, weakest):
    """Return of the parts with the claim's verdict the one that speaks most against it."""
    effects = parts.effect[parts.effect != ""].astype(float)
    if effects.empty:
        return parts.iloc[0]
    return parts.loc[effects.idxmin() if weakest is min else effects.idxmax()]


def _sentence(claim, parts, judged, verdict):
    """Return the result in words, with what is missing or what may be due to chance."""
    missing, known = judged[judged.effect == ""], judged[judged.effect != ""]
    if known.empty:
        return f"Nothing to judge by: {missing.reason.iloc[0]}."
    sentences = [filled(claim.sentence, parts)]
    unsure = []
    for row in known[known.verdict == UNDECIDED].itertuples():
        # Several quantities of the same network are told apart.
        name = row.part if judged.part.is_unique else f"{row.part}, {row.effect_unit}"
        unsure.append(f"{name} ({rounded(row.low)} to {rounded(row.high)}{_needed(row)})")
    if unsure and verdict == UNDECIDED:
        if len(unsure) > NAMED:
            unsure[NAMED:] = [f"and {len(unsure) - NAMED} more"]
        sentences.append(f"Too uncertain (95 % interval): {'; '.join(unsure)}.")
    if len(missing):
        count, example = f"{len(missing)} of {len(judged)}", missing.iloc[0]
        sentences.append(f"{count} parts are missing, such as {example.part}: {example.reason}.")
    return " ".join(sentences).strip()
