"""Which runs the report's claims are judged by.

Plain Python without heavy imports, as the workflow asks it at every start.
"""

N_PIXELS = 784
# Beside those that the report has numbers of: for comparison, and those of its Figures 6 to 8.
PLAIN = ("autoencoder/relu-1024", "autoencoder/sigmoid-1024")
WEIGHT_IMAGES = ("autoencoder/relu-100", "autoencoder/relu-200", "autoencoder/relu-400")
UNLABELLED = "pre-trained"
PATIENCE = "patience"
STUDIES = ("learning-rate", "pre-training-epochs")


def claimed(report, configurations):
    """Return the declared configurations whose numbers decide a claim.

    Parameters
    ----------
    report : Report
        All numbers of the report.
    configurations : iterable of str
        Those declared.

    Returns
    -------
    list of str
        Every one that the report has a number of, those of its Figures 6 to 8, and the
        over-complete ones without penalty or noise.
    """
    known = (*report.configurations, *PLAIN, *WEIGHT_IMAGES)
    return [name for name in known if name in configurations]


def under_complete(configs):
    """Return the autoencoders with fewer hidden units than pixels, and no penalty or noise.

    Parameters
    ----------
    configs : dict of str to dict
        The resolved settings of every configuration.

    Returns
    -------
    list of str
    """
    return [
        name
        for name, config in configs.items()
        if config["network"] == "autoencoder"
        and config["hidden"] < N_PIXELS
        and not _is_regularised(config)
    ]


def regularised(configs):
    """Return the autoencoders with a penalty or noise, and those like them without.

    The parameters are those of `under_complete`.
    """
    shapes = {_shape(config) for config in configs.values() if _is_regularised(config)}
    return [
        name
        for name, config in configs.items()
        if config["network"] == "autoencoder" and _shape(config) in shapes
    ]


def deep(figures, studied):
    """Return the classifiers whose layers are held against each other.

    Parameters
    ----------
    figures : dict of str to list of str
        What each figure draws.
    studied : iterable of str
        The configurations of the study `pre-trained`.

    Returns
    -------
    list of str
        Those of Figure 9 and of the study, each once.
    """
    return list(dict.fromkeys([*figures.get("figure9", []), *studied]))


def is_sigmoid_classifier(config):
    """Return whether settings are those of a classifier with sigmoid hidden layers."""
    return config["network"] == "classifier" and config["activation"] == "sigmoid"


def studied(plan, study=UNLABELLED):
    """Return the configurations of a study, none if it is not declared."""
    variants = plan["studies"].get(study, {}).get("variants", {})
    return list(dict.fromkeys(name for runs in variants.values() for name in runs))


def _is_regularised(config):
    return bool(config.get("penalty") or config.get("noise"))


def _shape(config):
    hidden = config["hidden"]
    return config["activation"], hidden if isinstance(hidden, int) else tuple(hidden)
