"""Claims 1, 2 and 5: how fast autoencoders converge, what they reconstruct, and as PCA does."""

from dataclasses import replace
from functools import partial

from autoencoders.analysis.published import N_PIXELS
from autoencoders.analysis.statistics import difference_interval, mean_interval
from autoencoders.claims import subjects
from autoencoders.claims.parts import measurement, quantity
from autoencoders.claims.rules import above
from autoencoders.claims.subjects import OVER_COMPLETE, PAIR, WIDTHS, autoencoder, autoencoders

CLOSE = 0.05  # so near to the worse of two final errors counts as converged: both get there
RECONSTRUCTED = 0.5  # share of the mean image's error that a good reconstruction removes
SAME_SUBSPACE = 0.9  # mean squared cosine; 1 is the same one
CHANCE_AT_MOST = max(WIDTHS) / N_PIXELS  # the mean squared cosine of random ones

PAIRS = autoencoders([""], WIDTHS)
UNDER_COMPLETE = autoencoders(PAIR, WIDTHS)
COMPARED_WITH_PCA = autoencoders(["relu"], sorted(WIDTHS + subjects.WEIGHT_IMAGES))
COMPARED_WITH_PCA += autoencoders(["sigmoid"], WIDTHS)


def _curves(evidence, pair):
    return [evidence.curves(replace(pair, activation=activation)) for activation in PAIR]


@quantity(above)
def _epochs_saved(evidence, pair):
    relu, sigmoid = _curves(evidence, pair)
    limit = (1 + CLOSE) * max(relu.iloc[-1].max(), sigmoid.iloc[-1].max())
    # The first epoch at which each seed is at or below the limit.
    of_relu, of_sigmoid = (relu <= limit).idxmax(), (sigmoid <= limit).idxmax()
    return difference_interval(of_sigmoid.tolist(), of_relu.tolist())


@quantity()
def _error_saved(evidence, pair):
    relu, sigmoid = _curves(evidence, pair)
    return difference_interval(sigmoid.iloc[-1].tolist(), relu.iloc[-1].tolist())


def convergence(evidence):
    """Return the epochs and the final error that ReLU saves in each pair of networks."""
    kinds = subjects.PENALTIES + subjects.NOISE
    pairs = PAIRS + [autoencoder("", OVER_COMPLETE, *kind) for kind in kinds]
    parts = _epochs_saved.of_all(evidence, pairs) + _error_saved.of_all(evidence, pairs)
    # Not in the paper, and for information.
    plain = replace(_epochs_saved, key="epochs_saved_plain", rule=None)
    return [*parts, plain.of(evidence, autoencoder("", OVER_COMPLETE))]


@quantity(partial(above, threshold=RECONSTRUCTED))
def _error_removed(evidence, network):
    baseline = evidence.measured("mean_image_error", subjects.IMAGES).iloc[0]
    errors = evidence.values(network, "validation_error")
    return mean_interval([1 - error / baseline for error in errors])


@quantity()
def _removed_by_pca(evidence, width):
    baseline = evidence.measured("mean_image_error", subjects.IMAGES).iloc[0]
    # PCA of this width, which was measured with every network, is the same for all.
    errors = evidence.measured("pca_test_error", replace(width, activation="relu"))
    return {"effect": 1 - float(errors.iloc[0]) / baseline}


def good_reconstruction(evidence):
    """Return what each network removes of the mean image's error, and what PCA does."""
    parts = _error_removed.of_all(evidence, UNDER_COMPLETE)
    parts += measurement("legible").of_all(evidence, UNDER_COMPLETE)
    return parts + _removed_by_pca.of_all(evidence, PAIRS)


_overlap = measurement("overlap", partial(above, threshold=SAME_SUBSPACE))
_captured = measurement("captured")


@quantity()
def _error_ratio(evidence, network):
    ours = evidence.measured("training_error", network)
    return mean_interval(ours / evidence.measured("pca_training_error", network))


def principal_subspace(evidence):
    """Return how far each network is as PCA of its width."""
    overlaps, others = [], []
    for network in COMPARED_WITH_PCA:
        chance = f"by chance {network.hidden[0] / N_PIXELS:.2f}"
        overlaps.append(_overlap.of(evidence, network, chance))
        others += [_error_ratio.of(evidence, network), _captured.of(evidence, network)]
    return overlaps + others
