"""Claims 3 and 4: what a penalty or noise does to over-complete autoencoders."""

from dataclasses import replace
from functools import partial

from autoencoders.analysis.statistics import mean_interval
from autoencoders.claims.parts import measurement, metric, quantity
from autoencoders.claims.rules import FAILS, HOLDS, INFORMATION, RISE, above, prevented
from autoencoders.claims.subjects import IMAGES, OVER_COMPLETE, PAIR, autoencoder, autoencoders

PERCENT = 0.01  # what the paper rounds the share of inactive nodes to
STRONG = [autoencoder(each, OVER_COMPLETE, kind, 1e-05) for kind in ("l1", "l2") for each in PAIR]
REMEDIES = (("l1", 1e-07), ("l2", 1e-07), ("noise", 0.3))

_sparseness = metric("sparseness")
_final_error = metric("validation_error")
_mean_image = measurement("mean_image_error")


def deactivation(evidence):
    """Return the sparseness and the error with strong penalties, and the mean image's error."""
    published, _ = evidence.published.ranges["sparseness"]
    rounds_to_it = replace(_sparseness, rule=partial(above, threshold=published - PERCENT / 2))
    parts = rounds_to_it.of_all(evidence, STRONG) + _final_error.of_all(evidence, STRONG)
    return [*parts, _mean_image.of(evidence, IMAGES)]


@quantity()
def _rise(evidence, network):
    curves = evidence.curves(network)
    return mean_interval(curves.iloc[-1] / curves.min() - 1)


@quantity()
def _gap(evidence, network):
    test = evidence.measured("test_error", network)
    return mean_interval(test - evidence.measured("training_error", network))


def over_fitting(evidence):
    """Return how far the error rises with and without each remedy; a rise is over-fitting."""
    plain = autoencoders(PAIR, [OVER_COMPLETE])
    without = replace(_rise, key="rise_without").of_all(evidence, plain)
    premises = [part.judged(partial(above, threshold=RISE)).verdict for part in without]
    rises, others = [], []
    for network, premise in zip(plain, premises, strict=True):
        others += [_gap.of(evidence, network), _final_error.of(evidence, network)]
        for kind, strength in REMEDIES:
            remedied = replace(network, regularisation=kind, parameter=strength)
            reason = "nothing over-fits without it" if premise == FAILS else ""
            part = _rise.of(evidence, remedied, reason).judged(partial(prevented, premise=premise))
            # Where the other activation's networks do over-fit, these are no test.
            if premise == FAILS and HOLDS in premises:
                part = replace(part, verdict=INFORMATION)
            rises.append(part)
            others += [_gap.of(evidence, remedied), _final_error.of(evidence, remedied)]
    return rises + without + others
