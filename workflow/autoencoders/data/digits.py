"""The handwritten digits that scikit-learn has embedded, enlarged to MNIST's size."""

import numpy as np

from autoencoders.arrays import sha256_of_array

SIDE = 20  # of a digit, centred in 28 x 28 pixels
BORDER = 4


def enlarged_digits(threshold):
    """Return binary images, uint8 of shape (n_images, 784), their labels and what they are from.

    The 8 x 8 pixels of 0 to 16 are enlarged by cubic splines and made binary by the threshold.
    """
    # Here and not above: the other data sets need neither library.
    from scipy.ndimage import zoom
    from sklearn.datasets import load_digits

    digits = load_digits()
    images = []
    for image in digits.images:
        large = zoom(image, SIDE / len(image), order=3, mode="nearest", grid_mode=True)
        # Rounded, so that a value exactly at the threshold falls on the same side everywhere.
        binary = np.round(large, 6) > threshold
        images.append(np.pad(binary, BORDER).astype(np.uint8).ravel())
    checksum = sha256_of_array(digits.images.astype(np.uint8))
    source = {"name": "scikit-learn load_digits", "sha256": checksum}
    return np.stack(images), digits.target.astype(np.uint8), source
