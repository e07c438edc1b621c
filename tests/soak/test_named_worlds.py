"""However many worlds come and go, nothing of them stays."""

import gc
import threading

import pytest
from fluent_oms_simulator import Settings, Simulator, build

from ..support import Client, record

pytestmark = pytest.mark.slow

WORLDS, FIRST = 10_000, 500
FEW = 1_000
"""Objects; a world has some hundreds."""


def come_and_go(home: Client, number: int, *, used: bool) -> None:
    path = f"world-{number}"
    simulator = home.simulator
    assert home.http.put(f"/__admin/namespaces/{path}", json={}).status_code == 201
    if used:
        assert simulator.worlds is not None
        world: Simulator = simulator.worlds.find(path).simulator
        Client(world).load([record("SKU_1", "LOC_1", 100)])
    assert home.http.delete(f"/__admin/namespaces/{path}").status_code == 200


def test_ten_thousand_come_and_go_and_memory_stays_level() -> None:
    simulator = build(Settings(seed_data="none", conformance="on"))
    simulator.start()
    home = Client(simulator)
    try:
        # What examines traffic is loaded when there is some, in a thread of its own.
        assert home.http.get("/__admin/conformance").status_code == 200
        for number in range(FIRST):
            come_and_go(home, number, used=number % 10 == 0)
        gc.collect()
        threads, objects = threading.active_count(), len(gc.get_objects())
        for number in range(FIRST, WORLDS):
            come_and_go(home, number, used=number % 10 == 0)
        gc.collect()
        more = len(gc.get_objects()) - objects
        assert threading.active_count() <= threads
    finally:
        simulator.close()

    assert more < FEW
