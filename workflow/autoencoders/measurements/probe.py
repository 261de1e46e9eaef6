"""How well a linear classifier tells the digits apart by a layer's activities."""

from sklearn.linear_model import RidgeClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

PROBE_PENALTY = 0.01  # of the ridge regression, for each image


def fit_probe(codes, labels):
    """Return a linear classifier of codes, images by units, by ridge regression in closed form.

    Each unit is scaled to mean 0 and standard deviation 1.
    """
    ridge = RidgeClassifier(PROBE_PENALTY * len(codes), solver="cholesky")
    return make_pipeline(StandardScaler(), ridge).fit(codes, labels)
