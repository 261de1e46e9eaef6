"""Which runs the paper's claims are judged by; plain Python, for the workflow."""

from autoencoders.claims.subjects import OVER_COMPLETE, PAIR, WEIGHT_IMAGES, autoencoders

STUDIES = ("learning-rate", "pre-training-epochs")


def claimed(published):
    """Return the names of the configurations whose numbers decide a claim: all of the paper.

    These are all with a number in `published`, a Published, the over-complete ones without penalty
    or noise, which others are compared with, and those of Figures 6 to 8.
    """
    known = list(published.configurations)
    for network in autoencoders(PAIR, [OVER_COMPLETE]) + autoencoders(["relu"], WEIGHT_IMAGES):
        known.append(network.name)
    return known
