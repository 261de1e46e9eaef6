"""What the kept weights and the images tell beyond a run's own numbers.

Three questions need the networks themselves: whether autoencoders learn what principal component
analysis (PCA) learns, whether noise in training makes features robust, and whether deeper layers
hold more abstract features. Each is answered by numbers, one for every network and seed.
"""

import numpy as np
import pandas
from scipy.linalg import orth, subspace_angles
from scipy.special import expit
from sklearn.decomposition import PCA
from sklearn.linear_model import RidgeClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from autoencoders.evidence import UNLABELLED, deep, regularised, studied, under_complete

MOST_IMAGES = 10_000  # of the training images, enough for a fit; the lab's are 8000
NOISE = (0.1, 0.3, 0.5)  # standard deviations added to the test images
NOISE_SEED = 16
PROBE_PENALTY = 0.01  # of the ridge regression, for each image
COLUMNS = ("configuration", "study", "seed", "measure", "layer", "noise", "value")
ACTIVATIONS = {"relu": lambda inputs: np.maximum(inputs, 0), "sigmoid": expit}


# --- networks ---------------------------------------------------------------------------------


def codes_of(weights, activation, images):
    """Return an autoencoder's hidden activities.

    Parameters
    ----------
    weights : dict of str to ndarray
        As `Run.weights` returns them.
    activation : {"relu", "sigmoid"}
    images : ndarray of shape (n_images, n_pixels)

    Returns
    -------
    ndarray of shape (n_images, n_units)
    """
    return ACTIVATIONS[activation](images @ weights["encoder/weights"] + weights["encoder/biases"])


def reconstructions(weights, codes):
    """Return what an autoencoder makes of its hidden activities, between 0 and 1."""
    return expit(codes @ weights["decoder/weights"] + weights["decoder/biases"])


def activities(weights, config, images):
    """Return the activities of every hidden layer of a classifier.

    Parameters
    ----------
    weights : dict of str to ndarray
        As `Run.weights` returns them.
    config : dict
        The run's resolved configuration.
    images : ndarray of shape (n_images, n_pixels)

    Returns
    -------
    list of ndarray of shape (n_images, n_units)
        Normalised, where batch normalisation follows the activation.
    """
    place = config["training"]["batch_normalization"]["place"]
    activate = ACTIVATIONS[config["activation"]]
    layers, inputs = [], images
    for k in range(len(config["hidden"])):
        layer = f"hidden{k + 1}"
        inputs = inputs @ weights[f"{layer}/weights"] + weights[f"{layer}/biases"]
        normalised = f"{layer}/scale" in weights
        if normalised and place == "before_activation":
            inputs = _normalised(weights, layer, config, inputs)
        inputs = activate(inputs)
        if normalised and place == "after_activation":
            inputs = _normalised(weights, layer, config, inputs)
        layers.append(inputs)
    return layers


def _normalised(weights, layer, config, inputs):
    epsilon = config["training"]["batch_normalization"]["epsilon"]
    factor = weights[f"{layer}/scale"] / np.sqrt(weights[f"{layer}/moving_variance"] + epsilon)
    return (inputs - weights[f"{layer}/moving_mean"]) * factor + weights[f"{layer}/offset"]


# --- measures ---------------------------------------------------------------------------------


def squared_error(outputs, targets):
    """Return the mean squared error over images and pixels."""
    return float(np.mean(np.square(outputs - targets), dtype=np.float64))


def code_change(codes, noisy):
    """Return the mean squared change of codes by noise, as a share of their variance.

    Parameters
    ----------
    codes, noisy : ndarray of shape (n_images, n_units)
        Of the same images without and with noise.

    Returns
    -------
    float
        Over all units together; infinite if the codes are the same for every image.
    """
    variance = float(np.var(codes, axis=0, dtype=np.float64).mean())
    return squared_error(noisy, codes) / variance if variance else np.inf


def fit_probe(codes, labels):
    """Return a linear classifier of codes, fitted in closed form by ridge regression.

    Parameters
    ----------
    codes : ndarray of shape (n_images, n_units)
        Each unit is scaled to mean 0 and standard deviation 1.
    labels : ndarray of shape (n_images,)

    Returns
    -------
    sklearn.pipeline.Pipeline
    """
    probe = make_pipeline(
        StandardScaler(), RidgeClassifier(PROBE_PENALTY * len(codes), solver="cholesky")
    )
    return probe.fit(codes, labels)


def overlap(one, other):
    """Return how far two subspaces agree.

    Parameters
    ----------
    one, other : ndarray of shape (n_dimensions, n_pixels)
        Rows that span each.

    Returns
    -------
    share : float
        The mean squared cosine of the principal angles: 1 for the same subspace, on average
        n_dimensions / n_pixels for two random ones.
    largest : float
        The largest principal angle, in degrees.
    """
    angles = subspace_angles(one.T, other.T)
    return float(np.mean(np.cos(angles) ** 2)), float(np.degrees(angles.max()))


class Images:
    """The images of a data set, and what a fit needs of them but once.

    Parameters
    ----------
    arrays : dict of str to ndarray
        The data set's four arrays.
    """

    def __init__(self, arrays):
        self.train = arrays["train_images"][:MOST_IMAGES].astype(np.float32)
        self.train_labels = arrays["train_labels"][:MOST_IMAGES]
        self.test = arrays["test_images"].astype(np.float32)
        self.test_labels = arrays["test_labels"]
        generator = np.random.default_rng(NOISE_SEED)
        self.noisy = {
            sd: self.test + sd * generator.standard_normal(self.test.shape, dtype=np.float32)
            for sd in NOISE
        }
        self.mean = self.train.mean(axis=0)
        self.pca = PCA(svd_solver="covariance_eigh").fit(self.train)
        self.probe = fit_probe(self.train, self.train_labels)

    def measures(self):
        """Return what concerns the images alone."""
        return [
            ("mean_image_error", "", "", squared_error(self.mean, self.test)),
            ("probe_accuracy", 0, "", self.probe.score(self.test, self.test_labels)),
        ]

    def principal_measures(self, weights, activation):
        """Return what tells an under-complete autoencoder from PCA of equal width."""
        basis = self.pca.components_[: weights["decoder/weights"].shape[0]]
        spanned = orth(weights["decoder/weights"].T).T
        share, largest = overlap(weights["decoder/weights"], basis)
        outputs = {
            split: reconstructions(weights, codes_of(weights, activation, images))
            for split, images in (("training", self.train), ("test", self.test))
        }
        by_pca = {
            split: self.mean + (images - self.mean) @ basis.T @ basis
            for split, images in (("training", self.train), ("test", self.test))
        }
        variances = [
            np.square((self.train - self.mean) @ each.T).sum() for each in (spanned, basis)
        ]
        return [
            ("training_error", "", "", squared_error(outputs["training"], self.train)),
            ("test_error", "", "", squared_error(outputs["test"], self.test)),
            ("pca_training_error", "", "", squared_error(by_pca["training"], self.train)),
            ("pca_test_error", "", "", squared_error(by_pca["test"], self.test)),
            ("pca_test_error_clipped", "", "", squared_error(by_pca["test"].clip(0, 1), self.test)),
            ("legible", "", "", self.probe.score(outputs["test"], self.test_labels)),
            ("overlap", "", "", share),
            ("largest_angle", "", "", largest),
            ("captured", "", "", float(variances[0] / variances[1])),
        ]

    def robust_measures(self, weights, activation):
        """Return what noise on its inputs does to an autoencoder."""
        codes = {
            split: codes_of(weights, activation, images)
            for split, images in (("training", self.train), ("test", self.test))
        }
        probe = fit_probe(codes["training"], self.train_labels)
        rows = [
            (
                f"{split}_error",
                "",
                "",
                squared_error(reconstructions(weights, codes[split]), images),
            )
            for split, images in (("training", self.train), ("test", self.test))
        ]
        rows.append(("probe_accuracy", 1, 0.0, probe.score(codes["test"], self.test_labels)))
        for sd, images in self.noisy.items():
            noisy = codes_of(weights, activation, images)
            error = squared_error(reconstructions(weights, noisy), self.test)
            rows.append(("code_change", "", sd, code_change(codes["test"], noisy)))
            rows.append(("noisy_error", "", sd, error))
            rows.append(("probe_accuracy", 1, sd, probe.score(noisy, self.test_labels)))
        return rows

    def layer_measures(self, weights, config):
        """Return how well each hidden layer of a classifier tells the digits apart."""
        pairs = zip(
            activities(weights, config, self.train),
            activities(weights, config, self.test),
            strict=True,
        )
        return [
            (
                "probe_accuracy",
                layer,
                "",
                fit_probe(train, self.train_labels).score(test, self.test_labels),
            )
            for layer, (train, test) in enumerate(pairs, start=1)
        ]


def measure(plan, runs, unlabelled, arrays):
    """Measure every kept network that a claim asks for.

    Parameters
    ----------
    plan : dict
        What plan.json holds.
    runs : dict of str to Run
        The declared runs that may be used.
    unlabelled : dict of str to Run
        The runs of the study `pre-trained`, which stop before full training; may be empty.
    arrays : dict of str to ndarray
        The data set's four arrays.

    Returns
    -------
    pandas.DataFrame
        The columns `COLUMNS`, one number a row; `study` is empty or `pre-trained`, `layer` and
        `noise` are empty where they mean nothing. Without a configuration a number is one of the
        images alone: `mean_image_error`, of the mean training image on the test images, and
        `probe_accuracy` of layer 0, the pixels. Of an under-complete autoencoder:
        `training_error` and `test_error` of its reconstructions, the same of PCA of equal width
        (`pca_...`) and of PCA's clipped to [0, 1]; `legible`, the share of test images whose
        digit the probe of the pixels reads in the reconstruction; `overlap` and `largest_angle`
        of the decoder's subspace and PCA's; `captured`, the variance of the training images in
        the former over that in the latter. Of one with penalty or noise, and those like it:
        the errors, and with fresh noise on the test images `noisy_error`, `code_change` and the
        `probe_accuracy` of a probe fitted on codes of clean training images. Of a classifier:
        its own `accuracy`, and the `probe_accuracy` of each layer.
    """
    configs = {name: entry["config"] for name, entry in plan["configurations"].items()}
    images = Images(arrays)
    rows = [("", "", "", *row) for row in images.measures()]
    for name, seed, weights in _networks(runs, under_complete(configs)):
        measures = images.principal_measures(weights, configs[name]["activation"])
        rows += [(name, "", seed, *row) for row in measures]
    for name, seed, weights in _networks(runs, regularised(configs)):
        measures = images.robust_measures(weights, configs[name]["activation"])
        known = {row[3:6] for row in rows if row[:3] == (name, "", seed)}
        rows += [(name, "", seed, *row) for row in measures if row[:3] not in known]
    classifiers = deep(plan["figures"], studied(plan))
    for study, networks in (("", runs), (UNLABELLED, unlabelled)):
        for name, seed, weights in _networks(networks, classifiers):
            measures = images.layer_measures(weights, networks[name].config)
            rows += [(name, study, seed, *row) for row in measures]
    for name in classifiers:
        for entry in runs[name].metrics if name in runs else ():
            if entry["seed"] in runs[name].kept_seeds:
                rows.append((name, "", entry["seed"], "accuracy", "", "", entry["accuracy"]))
    return pandas.DataFrame(rows, columns=list(COLUMNS), dtype=object)


def _networks(runs, names):
    """Yield the name, the seed and the weights of every kept network."""
    for name in names:
        if name in runs:
            for seed in runs[name].kept_seeds:
                yield name, seed, runs[name].weights(seed)
