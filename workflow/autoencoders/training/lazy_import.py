"""Libraries that are imported at their first use.

The registries of this package are also read where not every library is installed: the workflow
needs their names alone, and the report's environment has no TensorFlow.
"""

from importlib import import_module


class LazyModule:
    """Stands in for the module of a name, and imports it when one of its attributes is used."""

    def __init__(self, name):
        self._name = name

    def __getattr__(self, attribute):  # noqa: D105
        return getattr(import_module(self._name), attribute)
