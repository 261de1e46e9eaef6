"""What several tables say of the networks and seeds of their rows."""

from autoencoders.labels import networks as labels


def network_text(row):
    """Return a network in words: `ReLU, 1024 units, L1 1e-05`; its name if it is not declared."""
    if not row["network"]:
        return row["configuration"]
    if not row["activation"]:
        return labels.NO_HIDDEN_LAYER
    words = f"{labels.ACTIVATION_LABELS[row['activation']]}, {row['hidden']} units"
    if row["regularisation"]:
        words += f", {labels.REGULARISATION_LABELS[row['regularisation']]} {row['parameter']}"
    return words


def notes_of(row):
    """Return what a reader must know of the seeds of a row of a table, or why it lacks a result."""
    notes = []
    if row.get("missing"):
        notes.append(f"Missing: {row['missing']}.")
    if row.get("diverged"):
        notes.append(f"Diverged and left out: {labels.seed_list(row['diverged'].split())}.")
    if row.get("dead"):
        seeds = labels.seed_list(row["dead"].split())
        notes.append(f"Dead, a whole hidden layer inactive on every test image: {seeds}.")
    if row.get("reason"):
        notes.append(f"{labels.capitalised(row['reason'])}.")
    return tuple(notes)


def with_notes(row, metric):
    """Return a row of Table 1 or 2 with its notes; `of` are all seeds, if some diverged."""
    notes = {metric: notes_of(row)}
    if row.get("published_place") == "text":
        notes["Published"] = ("From the text of the paper.",)
    return {**row, "of": row["seeds"] if row["diverged"] else "", "notes": notes}


def seeds_sentence(rows):
    """Return over how many seeds the means of a table are."""
    seeds = labels.seed_counts(int(row["seeds"]) for row in rows)
    return "One seed." if seeds == "1 seed" else f"Mean ± standard deviation over {seeds}."
