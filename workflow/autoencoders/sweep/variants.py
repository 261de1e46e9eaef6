"""Settings with changes laid over them, and whether the changes matter."""

from dataclasses import replace

from autoencoders.runs.configuration import relevant


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
    if relevant(settings) == relevant(base.settings):
        return replace(base, seeds=seeds)
    return replace(base, folder=f"{folder}/{base.name}", settings=settings, seeds=seeds, **declared)
