"""Whether deeper layers of a classifier hold more abstract features."""

from autoencoders.measurements.probe import fit_probe
from autoencoders.runs.forward_pass import forward_pass


def rows(weights, settings, metrics, images):
    """Return the numbers of one network, each as measure, layer, noise and value.

    The `probe_accuracy` of each hidden layer: that of a linear classifier fitted on the layer's
    activities. And the network's own `accuracy`, if it has seen labels.
    """
    training, _ = forward_pass(weights, settings, images.train)
    test, _ = forward_pass(weights, settings, images.test)
    found = []
    for layer in range(len(settings["hidden"])):
        probe = fit_probe(training[layer], images.train_labels)
        accuracy = probe.score(test[layer], images.test_labels)
        found.append(("probe_accuracy", layer + 1, "", accuracy))
    if settings["training"]["full_training"]["max_epochs"] > 0:
        found.append(("accuracy", "", "", metrics["accuracy"]))
    return found
