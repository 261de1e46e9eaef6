"""Table 1, the sparseness of the over-complete autoencoders."""

from collections import Counter

from autoencoders.labels.networks import ACTIVATION_LABELS, REGULARISATION_LABELS
from autoencoders.report.network_rows import seeds_sentence, with_notes
from autoencoders.report.wording import table


def tables(sources, manifest):
    """Return Table 1, with a column of published numbers if there is one for any row."""
    networks = Counter(map(_network, sources["table1"]))
    rows, thresholds = [], set()
    for row in sources["table1"]:
        label = ACTIVATION_LABELS[row["activation"]]
        if networks[_network(row)] > 1:
            # Nothing else shown tells these rows apart.
            label += f" ({row['configuration'].split('/')[1]})"
        kind = REGULARISATION_LABELS[row["regularisation"]]
        rows.append({**with_notes(row, "Sparseness"), "label": label, "kind": kind})
        thresholds.add(float(row["sparseness_threshold"]))
    limit = " or ".join(map("{:g}".format, sorted(thresholds))) or "a threshold"
    facts = {"limit": limit, "seeds": seeds_sentence(rows), "title": manifest["title"]}
    return [table("table1", rows, facts)]


def _network(row):
    return row["activation"], row["regularisation"], row["parameter"], row["applied_weight"]
