"""One simulator for all tests of a module: each run has a world of its own there."""

from collections.abc import Iterator

import pytest
from fluent_oms_simulator.client.simulator_process import simulator_command, started


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Its address."""
    with started(simulator_command("--seed-data", "demo")) as process:
        yield process.url
