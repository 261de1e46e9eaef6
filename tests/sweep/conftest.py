"""What the tests of the configuration share."""

from pathlib import Path

import pytest
import yaml


@pytest.fixture
def config():
    """Return the settings of config.yaml, for a test to change."""
    return yaml.safe_load((Path(__file__).parents[2] / "config.yaml").read_text())
