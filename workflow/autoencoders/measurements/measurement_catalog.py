"""What is measured on saved weights: the registry `MEASUREMENTS`, one entry for each kind.

Plain Python, as the workflow asks it at every start. The numbers of a kind come from the module of
the same name: `rows(weights, settings, metrics, images)` returns those of one network, from its
weights, its configuration's settings, its metrics in run.json and the `Images`, as a list of
tuples of measure, layer, noise and value; `rows(images)` those of the images alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import prod

STUDY = "pre-trained"  # its networks have not seen a label
DEPTH = 3  # hidden layers that are compared with each other


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """A kind of measurement; an entry that lacks a part raises when this module is imported."""

    applies: Callable  # takes a configuration's settings; returns whether its networks are measured
    of_study: bool  # whether the networks of the study `STUDY` are measured as well
    of_data: bool  # whether the images are measured, not networks


def _is_under_complete(settings):
    """Return whether PCA of the same width can be compared with the network."""
    return (
        settings["network"] == "autoencoder"
        and settings["hidden"] < prod(settings["image_shape"])
        and not _is_regularised(settings)
    )


def _is_regularised_or_over_complete(settings):
    # The over-complete ones without penalty or noise are what the others are compared with.
    return settings["network"] == "autoencoder" and (
        settings["hidden"] >= prod(settings["image_shape"]) or _is_regularised(settings)
    )


def _has_equal_layers(settings):
    """Return whether the layers of a classifier differ in nothing but their depth."""
    hidden = settings["hidden"]
    return settings["network"] == "classifier" and len(hidden) == DEPTH and len(set(hidden)) == 1


def _is_regularised(settings):
    return bool(settings["penalty"] or settings["noise"])


MEASUREMENTS = {
    "images": Measurement(applies=lambda settings: False, of_study=False, of_data=True),
    "principal_subspace": Measurement(applies=_is_under_complete, of_study=False, of_data=False),
    "robustness": Measurement(
        applies=_is_regularised_or_over_complete, of_study=False, of_data=False
    ),
    "layer_probes": Measurement(applies=_has_equal_layers, of_study=True, of_data=False),
}
