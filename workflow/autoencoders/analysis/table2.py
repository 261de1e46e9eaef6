"""Table 2, the accuracy of the classifiers on the test images."""

from autoencoders.analysis.columns import row_of
from autoencoders.analysis.statistics import mean
from autoencoders.analysis.writing import frame_of
from autoencoders.runs.names import hidden_text, name_of_settings

COLUMNS = (
    "hidden_nodes", "activation", "accuracy", "sd", "n", "published", "published_place",
    "epochs", "seconds", "seeds", "diverged", "dead", "missing", "configuration",
    # What the paper does not state.
    "batch_size", "pre_training_epochs", "pre_training_patience", "full_training_patience",
    "trained_layers", "output_activation", "loss", "normalized", "normalization_place",
)  # fmt: skip


def table2(configurations, runs, gaps, published):
    """Return Table 2.

    Parameters
    ----------
    configurations : list of Configuration
        Classifiers, each of which makes a row.
    runs, gaps, published
        As for `table1.table1`.

    Returns
    -------
    pandas.DataFrame
        The columns `COLUMNS`: hidden_nodes (`256-128`, with the suffix of the name, or
        `no-hidden`), activation (none without a hidden layer), what `columns.row_of` explains,
        mean epochs and seconds of a seed over all phases, then the settings. normalized are the
        activations whose networks have a batch normalisation.
    """
    rows = []
    for configuration in configurations:
        name, settings = configuration.name, configuration.settings
        row = row_of(configuration, "accuracy", runs, gaps, published)
        # What a name has in addition to what the settings say: nothing, or `-slow`, say.
        suffix = name.removeprefix(name_of_settings(settings))
        row["hidden_nodes"] = hidden_text(settings["hidden"]) + suffix
        row["activation"] = settings["activation"]
        if name in runs:
            for count in ("epochs", "seconds"):
                row[count] = mean([sum(phases.values()) for phases in runs[name].values(count)])
        training = settings["training"]
        pre, full = training["pre_training"], training["full_training"]
        normalization = training["batch_normalization"]
        row |= {
            "batch_size": training["batch_size"],
            "pre_training_epochs": pre["max_epochs"],
            "pre_training_patience": pre["patience"],
            "full_training_patience": full["patience"],
            "trained_layers": full["layers"],
            "output_activation": full["output_activation"],
            "loss": full["loss"],
            "normalized": " ".join(normalization["activations"]),
            "normalization_place": normalization["place"],
        }
        rows.append(row)
    return frame_of(rows, COLUMNS)
