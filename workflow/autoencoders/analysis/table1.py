"""Table 1, the sparseness of the over-complete autoencoders."""

from autoencoders.analysis.columns import network_of, row_of
from autoencoders.analysis.writing import frame_of

COLUMNS = (
    "activation", "hidden", "regularisation", "parameter", "applied_weight",
    "sparseness", "sd", "n", "published", "seeds", "diverged", "dead", "missing",
    "sparseness_threshold", "configuration",
)  # fmt: skip


def table1(configurations, runs, gaps, published):
    """Return Table 1.

    Parameters
    ----------
    configurations : list of Configuration
        Those with a penalty or noise make a row each.
    runs, gaps : dict
        By name each Run that may be used; by name why a run is missing.
    published : Published

    Returns
    -------
    pandas.DataFrame
        The columns `COLUMNS`, which `columns.network_of` and `columns.row_of` explain.
    """
    rows = []
    for configuration in configurations:
        network = network_of(configuration.settings)
        if "regularisation" in network:
            row = row_of(configuration, "sparseness", runs, gaps, published)
            row["sparseness_threshold"] = configuration.settings["sparseness_threshold"]
            rows.append(network | row)
    return frame_of(rows, COLUMNS)
