"""Training: networks, what they learn by, and the two procedures of the paper."""
