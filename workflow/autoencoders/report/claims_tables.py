"""The tables that show the claims of the paper and how each was judged."""

from collections import Counter

from autoencoders.analysis.published import DATASET
from autoencoders.claims.rules import FAILS, HOLDS, UNDECIDED
from autoencoders.report.network_rows import notes_of
from autoencoders.report.wording import table


def tables(sources, manifest):
    """Return the verdicts, how each claim was judged, and every part.

    On other data than the paper's only the first, which says so.
    """
    claims = sources["claims"]
    if manifest["dataset"] != DATASET:
        return [table("claims", claims, manifest)]
    counts = Counter(row["verdict"] for row in claims)
    facts = {"title": manifest["title"], "total": len(claims)}
    facts |= {"hold": counts[HOLDS], "fail": counts[FAILS], "undecided": counts[UNDECIDED]}
    parts = []
    for row in sources["claims_parts"]:
        parts.append({**row, "notes": {"Part": notes_of(row)}})
    verdicts = table("claims", claims, facts)
    return [verdicts, table("claims-rules", claims), table("claims-parts", parts)]
