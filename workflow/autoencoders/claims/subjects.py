"""What a number of a claim is about: a network of the paper, or a pair of them.

Plain Python, as the workflow asks it at every start.
"""

from dataclasses import dataclass, replace

from autoencoders.labels import networks as labels
from autoencoders.runs.names import configuration_name

PAIR = ("relu", "sigmoid")  # the activations that the paper compares
WIDTHS = (128, 256, 512)  # of the under-complete autoencoders, and of the classifiers
OVER_COMPLETE = 1024
WEIGHT_IMAGES = (100, 200, 400)  # units of the autoencoders of Figures 6 to 8
# Kinds of penalty, and noise, with their strengths as the paper prints them.
PENALTIES = (("l1", 1e-05), ("l1", 1e-07), ("l2", 1e-05), ("l2", 1e-07))
NOISE = (("noise", 0.1), ("noise", 0.3))


@dataclass(frozen=True)
class Subject:
    """What a number is about; what varies or does not apply is empty or None."""

    network: str = ""  # `autoencoder` or `classifier`; empty for the images alone
    activation: str = ""  # of the hidden layers; empty for a pair of activations
    hidden: tuple | None = None  # units of each hidden layer
    regularisation: str = ""  # a kind of penalty, or `noise`
    parameter: float | None = None  # its strength as the paper prints it
    compared_with: tuple | None = None  # the hidden layers of the other network of a pair
    study: str = ""
    variant: str = ""  # of the study
    layer: int | None = None  # counted from 1; 0 for the pixels
    noise: float | None = None  # standard deviation on the test images

    @property
    def name(self):
        """The name of the configuration; empty for the images alone."""
        if not self.network:
            return ""
        network = self.network, self.activation, self.hidden
        return configuration_name(*network, self.regularisation, self.parameter)

    @property
    def other(self):
        """The other network of a pair."""
        return replace(self, hidden=self.compared_with, compared_with=None)

    @property
    def words(self):
        """The subject in words, such as `ReLU, 1024 units, L1 1e-05`."""
        words = []
        if self.activation:
            words.append(labels.ACTIVATION_LABELS[self.activation])
        if self.hidden is not None:
            units = " units" if self.network == "autoencoder" else ""
            words.append(f"{labels.hidden_words(self.hidden)}{units}")
        if self.compared_with is not None:
            words[-1] += f" compared with {labels.hidden_words(self.compared_with)}"
        if self.regularisation:
            words.append(f"{labels.REGULARISATION_LABELS[self.regularisation]} {self.parameter!r}")
        if self.study:
            words.append(f"{labels.study_words(self.study)} {self.variant}".strip())
        if self.layer is not None:
            words.append(f"layer {self.layer}" if self.layer else "pixels")
        if self.noise is not None:
            words.append(f"test images with noise {self.noise:g}")
        everything = f"all {self.network}s" if self.network else "images alone"
        return ", ".join(words) or everything


def autoencoder(activation, units, regularisation="", parameter=None, **columns):
    """Return an autoencoder of the paper; without an activation a pair of them."""
    return Subject("autoencoder", activation, (units,), regularisation, parameter, **columns)


def classifier(activation, *hidden, **columns):
    """Return a classifier of the paper."""
    return Subject("classifier", activation, hidden, **columns)


def autoencoders(activations, widths):
    """Return the autoencoders of these activations and widths."""
    networks = []
    for activation in activations:
        networks += [autoencoder(activation, width) for width in widths]
    return networks


def of_equal_layers(depth, compared=False):
    """Return the classifiers with so many layers of one width, or compared with a single one."""
    networks = []
    for activation in PAIR:
        for width in WIDTHS:
            other = (width,) if compared else None
            networks.append(classifier(activation, *[width] * depth, compared_with=other))
    return networks


IMAGES = Subject()
NO_HIDDEN = classifier("")
CLASSIFIERS = Subject("classifier")
OF_ACTIVATION = [Subject("classifier", activation) for activation in PAIR]
