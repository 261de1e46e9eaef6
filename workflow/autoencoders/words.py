"""What tables and figures call a configuration, its strength and its seeds."""

import re

ACTIVATIONS = {"relu": "ReLU", "sigmoid": "sigmoid"}
DEAD = "Dead, a whole hidden layer inactive on every test image"
NO_HIDDEN = "no-hidden"
REGULARISATION = {"l1": "L1", "l2": "L2", "noise": "Gaussian noise"}
REGULARISED = "with a penalty on the hidden activity or with noise on the input"
WEIGHTS = "The weights from the pixels to every hidden unit of an autoencoder, as images"
CAPTIONS = {
    "table1": "Sparseness of the over-complete autoencoders",
    "table2": "Accuracy of the classifiers on the test images",
    "figure1": "Training and validation error of the under-complete autoencoders",
    "figure2": "A test image of each digit, and what the under-complete autoencoders make of it",
    "figure3": f"Training error of the over-complete autoencoders, {REGULARISED}",
    "figure4": f"Validation error of the over-complete autoencoders, {REGULARISED}",
    "figure5": "A test image of each digit, and what the over-complete autoencoders make of it",
    "figure6": WEIGHTS,
    "figure7": WEIGHTS,
    "figure8": WEIGHTS,
    "figure9": "Bottom-up weights of the first units of a classifier's hidden layers, as images",
    "figure10": "Accuracy on the test images, a dot for every seed; ours, not the report's",
    "calibration": "How near to Table 2 the settings come that the report leaves open",
}


def regularisation_of(config):
    """Return what regularises an autoencoder.

    Returns
    -------
    kind : str or None
        `l1`, `l2`, `noise` or None.
    printed : float or None
        The strength as the report prints it.
    applied : float or None
        The weight of the penalty, or the standard deviation of the noise.
    """
    if config.get("penalty"):
        penalty = config["penalty"]
        return penalty["norm"], float(penalty["printed"]), float(penalty["weight"])
    if config.get("noise"):
        return "noise", float(config["noise"]), float(config["noise"])
    return None, None, None


def configuration_words(config):
    """Return a configuration in words, such as `ReLU, 1024 units, L1 1e-05`."""
    hidden = config["hidden"]
    if hidden == []:
        return "no hidden layer"
    size = hidden if isinstance(hidden, int) else "-".join(map(str, hidden))
    words = [ACTIVATIONS[config["activation"]], f"{size} units"]
    if config.get("penalty"):
        words.append(
            f"{REGULARISATION[config['penalty']['norm']]} {config['penalty']['printed']!r}"
        )
    if config.get("noise"):
        words.append(f"{REGULARISATION['noise']} {config['noise']!r}")
    return ", ".join(words)


def number_of(name):
    """Return a table's or figure's name in words, such as `Figure 10`."""
    return re.sub(r"(\d+)$", r" \1", name).capitalize()


def caption_of(name, configs):
    """Return what a table or figure of these configurations shows, without a full stop."""
    one = f": {configuration_words(configs[0])}" if len(configs) == 1 else ""
    return CAPTIONS[name] + one


def by_hidden(plan, configurations):
    """Return the classifiers of each choice of hidden layers.

    Parameters
    ----------
    plan : dict
        What plan.json holds.
    configurations : iterable of str
        The classifiers, by their ids.

    Returns
    -------
    dict of str to dict of str to str
        For hidden layers such as `256-128` the configuration of each activation. The network
        without a hidden layer, `no-hidden`, has none, and stands for both.
    """
    rows = {}
    for configuration in configurations:
        config = plan["configurations"][configuration]["config"]
        # From the name, which also tells apart equal networks that are trained differently.
        hidden = configuration.split("/")[1].removeprefix(f"{config['activation']}-")
        activations = [config["activation"]] if config["hidden"] else ACTIVATIONS
        rows.setdefault(hidden, {}).update(dict.fromkeys(activations, configuration))
    return rows


def study_words(study):
    """Return what a study varies, in words: `pre-training epochs`, say."""
    return study.replace("-", " ").replace("pre train", "pre-train")


def variant_words(row):
    """Return the variant of a row of the calibration, marked if it is the default."""
    return f"{row['variant']} (default)" if row["default"] else row["variant"]


def seed_list(seeds):
    """Return seeds in words, such as `seeds 0, 2`."""
    return f"seed{'s' * (len(seeds) > 1)} {', '.join(map(str, seeds))}"


def seed_counts(plan, configurations, runs):
    """Return in words how many seeds these configurations have, such as `3 seeds`.

    Those of a run are what it holds, which may be more than are declared.
    """
    counts = {
        len(runs[each].metrics) if each in runs else plan["configurations"][each]["config"]["seeds"]
        for each in configurations
    } or {0}
    number = f"{min(counts)}" if len(counts) == 1 else f"{min(counts)} to {max(counts)}"
    return f"{number} seed{'s' * (max(counts) != 1)}"
