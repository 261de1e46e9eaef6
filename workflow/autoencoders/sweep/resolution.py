"""From a line of the configuration to every setting that its result depends on."""

from autoencoders.sweep.checking import ConfigError
from autoencoders.training.losses import LOSSES

MACHINE = ("threads", "onednn", "device", "tf32")


def merged(settings, changes):
    """Return settings with changes laid over them, sections key by key."""
    result = dict(settings)
    for key, value in changes.items():
        result[key] = merged(result[key], value) if isinstance(value, dict) else value
    return result


def activations_of(experiment, line, where):
    """Return the activations a line is trained with; [None] for a network without hidden layers."""
    if line["hidden"] == []:
        return [None]
    if not experiment["activations"]:
        raise ConfigError(
            f"{where} has hidden layers but its experiment names no activations; add "
            "activations: [relu, sigmoid], or one of them."
        )
    return experiment["activations"]


def resolve(settings, dataset, experiment, line, activation, where):
    """Return every setting that a seed's result depends on, as plain types.

    `settings` is the whole configuration, `dataset` its DataSet, `line` an entry of the
    experiment's `configurations` and `where` its path, for messages.
    """
    network = experiment["network"]
    training = settings[network]
    for changes in (experiment.get("training", {}), line.get("training", {})):
        training = merged(training, changes)
    check_training(training, network, dataset, where)
    resolved = {"network": network, "hidden": line["hidden"], "activation": activation}
    resolved |= {"dataset": dataset.name, "image_shape": dataset.image_shape}
    resolved |= {"classes": dataset.classes, "training_images": dataset.training_images}
    resolved |= {key: settings[key] for key in MACHINE}
    resolved["tf32"] = settings["tf32"] and settings["device"] != "cpu"
    if network == "autoencoder":
        resolved |= _regularisation(line, where)
        resolved["sparseness_threshold"] = training.pop("sparseness_threshold")
    return {**resolved, "training": training}


def _regularisation(line, where):
    penalty, noise = line.get("penalty"), line.get("noise", 0.0)
    if penalty and noise:
        raise ConfigError(
            f"{where} has both a penalty and noise, which no table or figure can show; make "
            "two lines of it."
        )
    return {"penalty": penalty, "noise": noise}


def check_training(training, network, dataset, where):
    """Check what no single key can tell: that an epoch has a batch, and what losses apply to."""
    n_images = dataset.training_images
    if network == "classifier":
        n_validation = round(training["validation_fraction"] * n_images)
        if n_validation == 0:
            raise ConfigError(
                f"classifier.validation_fraction is {training['validation_fraction']}, which "
                f"leaves none of the {n_images} training images for validation (found for "
                f"{where}); use at least {1 / n_images:.0e}."
            )
        n_images -= n_validation
        for phase in ("pre_training", "full_training"):
            _check_loss(training[phase], phase, where)
    if training["batch_size"] > n_images:
        raise ConfigError(
            f"{network}.batch_size is {training['batch_size']}, more than the {n_images} training "
            f"images of {where} on the data set {dataset.name}; use at most {n_images}."
        )


def _check_loss(settings, phase, where):
    loss, output = settings["loss"], settings["output_activation"]
    if output not in LOSSES[loss]:
        raise ConfigError(
            f"classifier.{phase}.loss is {loss}, which needs outputs between 0 and 1 "
            f"({' or '.join(LOSSES[loss])}), but output_activation is {output}; use one of these, "
            f"or the loss mse (found for {where})."
        )
