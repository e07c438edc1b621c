"""What the tests of bad input start from."""

import pytest

from ...support import Client, record


@pytest.fixture
def stocked(client: Client) -> Client:
    """A client whose job 1 has loaded ten of A at L."""
    assert client.job() == "1"
    client.load([record("A", "L", 10)], job="1")
    return client
