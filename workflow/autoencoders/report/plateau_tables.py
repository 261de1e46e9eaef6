"""The tables that count which networks leave the plateau."""

from autoencoders.analysis.statistics import CONFIDENCE, guessing, stuck_below
from autoencoders.report.wording import table


def tables(sources, manifest):
    """Return by layers and first width how many sigmoid networks leave the plateau.

    Then the same for each patience, if the study is there, and for each network.
    """
    groups, studied, networks = [], [], []
    for row in sources["plateau"]:
        if row["patience"]:
            studied.append(row)
        elif row["hidden_nodes"]:
            networks.append(row)
        else:
            groups.append(row)
    classes = manifest["classes"]
    facts = {"stuck": stuck_below(classes), "guessing": guessing(classes)}
    facts |= {"confidence": 100 * CONFIDENCE, "title": manifest["title"]}
    shown = [table("plateau", groups, facts)]
    if studied:
        studied.sort(key=lambda row: (int(row["layers"]), int(row["first_width"])))
        shown.append(table("plateau-patience", studied))
    shown.append(table("plateau-networks", networks))
    return shown
