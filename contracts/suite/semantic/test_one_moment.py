"""What one query shows belongs to one moment, also while stock moves."""

from threading import Event, Thread

import pytest
from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.contracts.suite.semantic.asking import data_of
from fluent_oms_simulator.contracts.suite.semantic.position import Position, adds_up
from fluent_oms_simulator.contracts.target.names import Names

BOTH = """query Both($product: [String!], $catalogue: InventoryCatalogueKey) {
  inventoryPositions(productRef: $product, catalogue: $catalogue, first: 2) {
    edges { node { ref onHand quantities(first: 100) {
      edges { node { type quantity status } } } } } } }"""

MOVES = 15
LOOKS = 30


def test_nobody_sees_half_of_an_event(api: Api, names: Names) -> None:
    """Goods are moved between two locations, and someone keeps looking.

    On a simulator only: the platform hands an event on from position to position.
    """
    if not api.target.is_ours:
        pytest.skip("the platform may show an event's positions one after the other")
    here = Position(api, names)
    there = Position(api, names, product=here.product)
    api.load([here.record(100), there.record(100)], preprocessing="skip")
    events = [
        api.event("INVENTORY_DELTA", {"deltas": [here.entry(-3), there.entry(3)]})
        for _ in range(MOVES)
    ]
    mover, ended = Api(api.target), Event()
    mover.wire.pace = api.wire.pace

    def move() -> None:
        try:
            for event in events:
                mover.send_and_wait(event)
        finally:
            ended.set()

    thread = Thread(target=move)
    thread.start()
    try:
        for _ in range(LOOKS):
            if ended.is_set():
                break
            look(api, here.product)
    finally:
        thread.join()
        mover.wire.close()
    here.shows(100 - 3 * MOVES)
    there.shows(100 + 3 * MOVES)


def look(api: Api, product: str) -> None:
    """Fail unless the two positions are as they are before or after an event."""
    catalogue = {"ref": api.target.catalogue_ref}
    found = data_of(api.graphql(BOTH, product=[product], catalogue=catalogue))
    nodes = [edge["node"] for edge in found["inventoryPositions"]["edges"]]
    for node in nodes:
        rows = [edge["node"] for edge in node["quantities"]["edges"]]
        adds_up({**node, "quantities": rows})
    stock = [node["onHand"] for node in nodes]
    assert sum(stock) == 200, f"goods were moved, and there are {stock} now, 200 before"
