"""What tables, figures and the page call networks, penalties and seeds."""

import re
from string import ascii_lowercase

from autoencoders.runs.names import NO_HIDDEN, hidden_text, regularisation_of


class Labels(dict):
    """Labels by name; a name without an entry is its own label."""

    def __missing__(self, name):
        """Return the name."""
        return name


ACTIVATION_LABELS = Labels(relu="ReLU", sigmoid="sigmoid", tanh="tanh", elu="ELU")
REGULARISATION_LABELS = Labels(l1="L1", l2="L2", log="log", noise="Gaussian noise")
METRIC_LABELS = {
    "accuracy": "accuracy on the test images",
    "validation_accuracy": "accuracy on the validation images",
    "training_error": "training error",
    "validation_error": "validation error",
    "sparseness": "sparseness on the test images",
    "sparseness_training": "sparseness on the training images",
}
NO_HIDDEN_LAYER = "no hidden layer"
EMPTY = "–"


def hidden_words(hidden):
    """Return the widths of the hidden layers in words: `256-128`, or `no hidden layer`."""
    return hidden_text(hidden).replace(NO_HIDDEN, NO_HIDDEN_LAYER)


def network_words(settings):
    """Return a network in words, such as `ReLU, 1024 units, L1 1e-05`."""
    if settings["hidden"] == []:
        return NO_HIDDEN_LAYER
    words = [ACTIVATION_LABELS[settings["activation"]], f"{hidden_words(settings['hidden'])} units"]
    kind, printed, _ = regularisation_of(settings)
    if kind:
        words.append(f"{REGULARISATION_LABELS[kind]} {printed!r}")
    return ", ".join(words)


def numbered(name):
    """Return the name of a table or figure in words, such as `Figure 10` or `Calibration`."""
    return re.sub(r"(\d+)$", r" \1", name).capitalize()


def seed_list(seeds):
    """Return seeds in words, such as `seeds 0, 2`."""
    plural = "s" if len(seeds) > 1 else ""
    return f"seed{plural} {', '.join(map(str, seeds))}"


def seed_counts(counts):
    """Return numbers of seeds in words, such as `3 seeds` or `30 to 100 seeds`."""
    counts = set(counts) or {0}
    fewest, most = min(counts), max(counts)
    number = str(most) if fewest == most else f"{fewest} to {most}"
    return f"{number} seed{'' if most == 1 else 's'}"


def study_words(study):
    """Return what a study varies in words, such as `pre-training epochs`."""
    return study.replace("-", " ").replace("pre train", "pre-train")


def setting_words(path):
    """Return a setting in words, such as `pre-training max epochs`, given its dotted path."""
    words = path.removeprefix("training.").replace(".", " ").replace("_", " ")
    return words.replace("pre training", "pre-training")


def is_in_the_name(path):
    """Return whether a network's name says a setting, given its dotted path."""
    return path.partition(".")[0] in ("network", "activation", "hidden", "penalty", "noise")


def capitalised(text):
    """Return a text with a capital letter."""
    return text[:1].upper() + text[1:]


def list_in_words(values):
    """Return values as a list in words, such as `128, 256 and 512`."""
    *others, last = map(str, values)
    return f"{', '.join(others)} and {last}" if others else last


def signed_minus(text):
    """Return a number's text with a typographic minus sign."""
    return text.replace("-", "−")


def digits(number):
    """Return how many digits after the point a number's size asks for."""
    size = abs(number)
    if size >= 1:
        return 1 if size >= 10 else 2
    return 3 if size >= 0.01 or size == 0 else 5


def letter(number):
    """Return a, b, ..., z, aa, ab, ... for 0, 1, ..."""
    first, last = divmod(number, 26)
    return (letter(first - 1) if first else "") + ascii_lowercase[last]
