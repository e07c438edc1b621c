"""Quantities that others are under stay, however many events come: both sides agree on them."""

import pytest

from ..conftest import MakeSimulator
from ..support import Client, Document, event, limit, record, tally

POSITION = "D45:LOC_MEL:DEFAULT"
MOST = 8
PARENTS = """{ inventoryPosition(ref: "D45:LOC_MEL:DEFAULT", catalogue: {ref: "DEFAULT:1"}) {
    onHand quantities(first: 100) { edges { node { ref parent { ref } } } } } }"""


@pytest.fixture
def ordering(monkeypatch: pytest.MonkeyPatch, make_simulator: MakeSimulator) -> Client:
    """An order that an event made and a batch reserves of; eight such quantities are kept."""
    limit(monkeypatch, "EVENT_QUANTITIES", MOST)
    client = Client(make_simulator(event_inventory_changed="apply"))
    client.load([record("D45", "LOC_MEL", 100)])
    order = {"ref": "PO-1", "type": "ON_ORDER"}
    place = {"productRef": "D45", "locationRef": "LOC_MEL", "qty": 50}
    sent = client.send(
        event("InventoryChanged", {"inventoryPosition": {**place, "inventoryQuantity": order}})
    )
    assert sent["eventStatus"] == "SUCCESS", sent
    client.load([reserved("R-1", "PO-1")])
    return client


def reserved(ref: str, parent_ref: str) -> Document:
    attributes = {"parentRef": parent_ref}
    return record("D45", "LOC_MEL", -4, type="RESERVED", ref=ref, attributes=attributes)


def parents(client: Client) -> tuple[int, dict[str, str | None]]:
    """On hand, and each quantity's parent, as GraphQL tells them."""
    reply = client.post("/graphql", {"query": PARENTS}).get_json()
    position = reply["data"]["inventoryPosition"]
    nodes = [edge["node"] for edge in position["quantities"]["edges"]]
    told = {node["ref"]: node["parent"] and node["parent"]["ref"] for node in nodes}
    return position["onHand"], told


def test_an_order_stays_as_long_as_something_is_reserved_of_it(ordering: Client) -> None:
    for number in range(3 * MOST):
        ordering.delta("D45", "LOC_MEL", 1, f"d{number}")
    on_hand, told = parents(ordering)
    rows = {row["ref"]: row for row in ordering.position(POSITION)["quantities"]}

    assert on_hand == ordering.on_hand("D45", "LOC_MEL") == 100 + 3 * MOST
    assert told["R-1"] == rows["R-1"]["parentRef"] == "PO-1"
    assert rows["PO-1"]["quantity"] == 50


def test_it_is_let_go_of_once_nothing_is_under_it(ordering: Client) -> None:
    for number in range(2 * MOST):
        ordering.delta("D45", "LOC_MEL", 1, f"d{number}")
    assert tally(ordering, "reservations")["held"] == 1
    ordering.load([record("D45", "LOC_MEL", 9, type="EXPECTED", ref="PO-2")])
    ordering.load([reserved("R-1", "PO-2")], preprocessing="skip")
    for number in range(2 * MOST):
        ordering.delta("D45", "LOC_MEL", 1, f"e{number}")

    _, told = parents(ordering)
    assert "PO-1" not in told
    assert told["R-1"] == "PO-2"
    assert tally(ordering, "reservations")["held"] == 0
    assert tally(ordering, "eventQuantities")["held"] == MOST
