"""What noise on its inputs does to an autoencoder."""

import numpy as np

from autoencoders.measurements.images import squared_error
from autoencoders.measurements.probe import fit_probe
from autoencoders.runs.forward_pass import decode, encode


def rows(weights, settings, metrics, images):
    """Return the numbers of one network, each as measure, layer, noise and value.

    `training_error` and `test_error` of the reconstructions; with fresh noise on the test
    images `noisy_error`, `code_change` and the `probe_accuracy` of a linear classifier fitted
    on codes of clean training images; the last without noise, too.
    """
    training = encode(weights, settings, images.train)
    test = encode(weights, settings, images.test)
    probe = fit_probe(training, images.train_labels)
    found = [
        ("training_error", "", "", squared_error(decode(weights, training), images.train)),
        ("test_error", "", "", squared_error(decode(weights, test), images.test)),
        ("probe_accuracy", 1, 0.0, probe.score(test, images.test_labels)),
    ]
    for sd, inputs in images.noisy.items():
        noisy = encode(weights, settings, inputs)
        # The target is the clean image, as in training.
        error = squared_error(decode(weights, noisy), images.test)
        found.append(("code_change", "", sd, code_change(test, noisy)))
        found.append(("noisy_error", "", sd, error))
        found.append(("probe_accuracy", 1, sd, probe.score(noisy, images.test_labels)))
    return found


def code_change(codes, noisy):
    """Return the mean squared change of codes by noise, as a share of their variance.

    Both, images by units, are taken over all units together; the share is infinite if the codes
    are the same for every image.
    """
    variance = float(np.var(codes, axis=0, dtype=np.float64).mean())
    return squared_error(noisy, codes) / variance if variance else np.inf
