"""Settings with changes laid over them, and whether the changes matter."""

from dataclasses import replace


def merged(settings, changes):
    """Return settings with changes laid over them, sections key by key."""
    result = dict(settings)
    for key, value in changes.items():
        result[key] = merged(result[key], value) if isinstance(value, dict) else value
    return result


def varied(base, changes, seeds, folder, **declared):
    """Return a configuration of a study, whose runs lie in `folder`.

    `changes` are those to the section `training` of the declared configuration `base`, `declared`
    the study's `seeds_per_job` and `keep_weights`. Where the changes make no difference, it is the
    base itself with the study's number of seeds: its runs are reused.
    """
    training = merged(base.settings["training"], changes)
    settings = {**base.settings, "training": training}
    if _relevant(settings) == _relevant(base.settings):
        return replace(base, seeds=seeds)
    return replace(base, folder=f"{folder}/{base.name}", settings=settings, seeds=seeds, **declared)


def _relevant(settings):
    """Return the section `training` without settings of what the network does not have."""
    training = dict(settings["training"])
    if settings["network"] == "classifier":
        if settings["activation"] not in training["batch_normalization"]["activations"]:
            del training["batch_normalization"]
        if not settings["hidden"]:
            del training["pre_training"], training["initial_sd"]
            training["full_training"] = {**training["full_training"], "layers": None}
    return training
