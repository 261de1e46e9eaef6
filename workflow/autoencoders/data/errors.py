"""The error of all that reads data."""


class DatasetError(ValueError):
    """Files that do not make up a data set; the message is one sentence for the user."""
