import pytest
from made_evidence import Paper


@pytest.fixture(scope="session")
def paper():
    return Paper()
