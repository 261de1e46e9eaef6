"""Table 2, the accuracy of the classifiers."""

from autoencoders.labels.networks import ACTIVATION_LABELS, EMPTY, NO_HIDDEN_LAYER, list_in_words
from autoencoders.report.network_rows import seeds_sentence, with_notes
from autoencoders.report.shown import Cell
from autoencoders.report.wording import cells_of, columns_of, worded, words_of_tables
from autoencoders.runs.names import NO_HIDDEN

ONCE = "The network without a hidden layer has no activation function; its numbers are shown once."
ASSUMED = (
    *("batch_size", "pre_training_epochs", "pre_training_patience", "full_training_patience"),
    *("trained_layers", "output_activation", "loss", "normalized", "normalization_place"),
)

PLACES = {
    "before_activation": "before the activation",
    "after_activation": "after the activation",
    "hidden_inputs": "of the inputs of all hidden layers but the first",
    "all_inputs": "of the inputs of all hidden layers",
}


def _order(activation):
    """Return the place of an activation: those with a label in their order, then the others."""
    labelled = list(ACTIVATION_LABELS)
    place = labelled.index(activation) if activation in labelled else len(labelled)
    return place, activation


def tables(sources, manifest):
    """Return Table 2: a row for each choice of hidden layers, columns for each activation."""
    networks, used = {}, set()
    for row in sources["table2"]:
        row = with_notes(row, "Accuracy")
        networks.setdefault(row["hidden_nodes"], {})[row["activation"]] = row
        used.add(row["activation"])
    # Without a hidden layer there is no activation; it is shown under the first one.
    activations = sorted(used - {""}, key=_order) or [""]

    first, *columns = columns_of(words_of_tables()["table2"], sources["table2"])
    headings, groups = [first[0]], [("", 1)]
    for activation in activations:
        headings.extend(heading for heading, *_ in columns)
        groups.append((ACTIVATION_LABELS[activation], len(columns)))
    rows = []
    for hidden, by_activation in networks.items():
        cells = [Cell(hidden)]
        if "" in by_activation:
            cells = [Cell(hidden.replace(NO_HIDDEN, NO_HIDDEN_LAYER), (ONCE,))]
            by_activation = {activations[0]: by_activation[""]}
        for activation in activations:
            row = by_activation.get(activation)
            cells += cells_of(row, columns) if row else [Cell(EMPTY)] * len(columns)
        rows.append(cells)
    of_paper = any(row["published"] for row in sources["table2"])
    facts = {
        **_settings(sources["table2"]),
        "seeds": seeds_sentence(sources["table2"]),
        "title": manifest["title"],
        "lead": "Assumed, as the paper does not state it" if of_paper else "Settings",
    }
    return [worded("table2", headings, rows, groups, facts)]


def _settings(rows):
    """Return the settings that the paper does not state, or those in which the rows differ."""
    if not rows:
        return {}
    settings, differing = rows[0], {}
    for row in rows:
        for setting in ASSUMED:
            if row[setting] != settings[setting]:
                differing[setting] = True
    if differing:
        return {"differing": list_in_words(differing).replace("_", " ")}
    normalization = "no normalisation"
    if settings["normalized"]:
        labels = [ACTIVATION_LABELS[each] for each in settings["normalized"].split()]
        place = PLACES[settings["normalization_place"]]
        normalization = f"batch normalisation {place} in {list_in_words(labels)} networks"
    return {
        **settings,
        "layers": "all layers" if settings["trained_layers"] == "all" else "the output layer",
        "loss": settings["loss"].replace("_", "-"),
        "normalization": normalization,
    }
