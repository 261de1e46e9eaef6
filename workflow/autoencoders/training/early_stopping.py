"""Early stopping by the validation error."""

import math


class EarlyStopping:
    """Stops when the validation error has not fallen by more than `min_delta`, as Keras does.

    It waits for `patience` epochs without such a fall; with 0 it stops at the first one.
    """

    def __init__(self, min_delta, patience):
        self.min_delta = min_delta
        self.patience = patience
        self.best = math.inf
        self.waited = 0

    def update(self, validation_error):
        """Take an epoch's validation error; return whether it improved, and whether to stop."""
        improved = validation_error + self.min_delta < self.best
        if improved:
            self.best = validation_error
        self.waited = 0 if improved else self.waited + 1
        return improved, not improved and self.waited >= self.patience
