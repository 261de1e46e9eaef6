"""One job of training: some seeds of a configuration, one after the other."""

from autoencoders.training.autoencoder_procedure import AutoencoderProcedure
from autoencoders.training.classifier_procedure import ClassifierProcedure

PROCEDURES = {"autoencoder": AutoencoderProcedure, "classifier": ClassifierProcedure}


def train(config, arrays):
    """Train every seed of a block; networks and compiled functions are reused seed after seed.

    Parameters
    ----------
    config : dict
        The relevant settings of a configuration, with `seeds`, the seeds to train, and
        `keep_weights`, whether to save their weights.
    arrays : dict of str to ndarray
        The data set, as `arrays.load` returns it.

    Returns
    -------
    history, metrics : list of tuple, list of dict
        The rows of `history.csv`, and the metrics of every seed.
    weights : dict of str to ndarray
        `seed0/encoder/weights` and so on; of no seed that diverged.
    """
    procedure = PROCEDURES[config["network"]](config, arrays)
    history, metrics, weights = [], [], {}
    for seed in config["seeds"]:
        record = procedure.train(seed)
        history += record.rows
        metrics.append(record.summary(procedure.METRICS))
        if config["keep_weights"] and not record.diverged:
            for layer_name, layer in procedure.saved_layers:
                for name, variable in layer.variables.items():
                    weights[f"seed{seed}/{layer_name}/{name}"] = variable.numpy()
    return history, metrics, weights
