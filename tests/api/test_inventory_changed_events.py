"""InventoryChanged sent by a caller, where the switch `event.inventory_changed` lets it in.

What it carries: the rules LoadInventoryPositionData and UpsertInventoryQuantity, 12 Aug 2025.
"""

import pytest
from fluent_oms_simulator.clock import VirtualClock

from ..conftest import MakeSimulator
from ..support import Client, Document, delta, deltas, event, record
from .helpers.audit_rows import MEL, SYD, audit, search, told
from .helpers.replies import assert_refused

ASYNC = "/api/v4.1/event/async"
COUNT = {"productRef": "D45", "locationRef": "LOC_MEL", "qty": 7}


@pytest.fixture
def stocked(make_simulator: MakeSimulator) -> Client:
    """Ten in Melbourne, on a simulator that takes the event."""
    client = Client(make_simulator(event_inventory_changed="apply"))
    client.load([record("D45", "LOC_MEL", 10)])
    return client


def changed(position: object) -> Document:
    return event("InventoryChanged", {"inventoryPosition": position})


def test_it_is_told_from_its_snapshot_to_the_new_stock_on_hand(stocked: Client) -> None:
    rows = audit(stocked, changed(COUNT))

    assert told(rows) == [
        ("snapshot", None, "DEFAULT:1"),
        ("ruleSet", "InventoryChanged", "DEFAULT:1"),
        ("rule", "LoadInventoryPositionData", "DEFAULT:1"),
        ("snapshot", None, MEL),
        ("ruleSet", "UpsertInventoryQuantity", MEL),
        ("rule", "UpsertInventoryQuantity", MEL),
        ("ACTION", "updateInventoryQuantity", MEL),
        ("ruleSet", "DeactivateRelatedInventoryQuantities", MEL),
        ("rule", "UpdateInventoryQuantitiesStatus", MEL),
        ("ruleSet", "CalculateOnHand", MEL),
        ("rule", "CalculateOnHand", MEL),
        ("ruleSet", "CheckOnHandChanged", MEL),
        ("rule", "ForwardIfOnHandChanged", MEL),
        ("ruleSet", "UpdateOnHand", MEL),
        ("rule", "UpdateOnHand", MEL),
        ("ACTION", "updateInventoryPosition", MEL),
    ]


def test_a_position_that_did_not_exist_is_created(stocked: Client) -> None:
    rows = audit(stocked, changed(COUNT | {"locationRef": "LOC_SYD"}))

    made = [name for kind, name, ref in told(rows) if kind == "ACTION" and ref == SYD]
    assert made == ["createInventoryPosition", "createInventoryQuantity", "updateInventoryPosition"]
    assert stocked.on_hand("D45", "LOC_SYD") == 7


def test_what_it_makes_raises_create(stocked: Client) -> None:
    quantity = {"ref": "PO1", "type": "EXPECTED", "qty": 7}
    for position in (COUNT, COUNT | {"inventoryQuantity": quantity}):
        stocked.send(changed(position))
        stocked.send(changed(position | {"locationRef": "LOC_SYD", "inventoryQuantity": {}}))

    rows = search(stocked, name="CREATE", **{"context.rootEntityType": "INVENTORY_CATALOGUE"})
    made = [row["context"]["entityRef"] for row in rows if row["context"]["sourceEvents"]]
    assert made[-3:] == [SYD, f"{SYD}:LAST_ON_HAND", "PO1"]


def test_a_count_retires_deltas_and_is_dated_by_the_event(stocked: Client) -> None:
    stocked.send(deltas(delta("D45", "LOC_MEL", -1, "d1")))
    sent = stocked.send(changed(COUNT))

    view = stocked.position("D45:LOC_MEL:DEFAULT")
    assert view["onHand"] == 7
    count, retired = view["quantities"]
    assert (count["type"], count["quantity"], count["status"]) == ("LAST_ON_HAND", 7, "ACTIVE")
    sources = [state["source"] for state in count["history"]]
    assert f"event {sent['id']} /attributes/inventoryPosition" in sources
    assert (retired["ref"], retired["status"]) == ("d1", "INACTIVE")


@pytest.mark.parametrize("more", [{}, {"inventoryQuantity": {"ref": "PO1", "type": "EXPECTED"}}])
def test_an_equal_count_dates_its_quantity_and_not_its_position(
    make_simulator: MakeSimulator, clock: VirtualClock, more: Document
) -> None:
    """As of a batch: UpsertInventoryQuantity runs, CheckOnHandChanged ends it (18 Feb 2025)."""
    client = Client(make_simulator(clock=clock, event_inventory_changed="apply"))
    client.send(changed(COUNT | more))
    clock.advance(60_000)
    client.send(changed(COUNT | more))

    query = "{ inventoryPositions { edges { node { updatedOn %s } } } }"
    rows = "quantities { edges { node { updatedOn } } }"
    reply = client.post("/graphql", {"query": query % rows}).get_json()
    [position] = [edge["node"] for edge in reply["data"]["inventoryPositions"]["edges"]]
    assert position["updatedOn"] == "2026-01-01T12:00:00.000Z"
    assert [edge["node"]["updatedOn"] for edge in position["quantities"]["edges"]] == [
        "2026-01-01T12:01:00.000Z"
    ]


def test_a_quantity_of_its_own_is_set_beside_the_count(stocked: Client) -> None:
    quantity = {"ref": "PO1", "type": "EXPECTED", "qty": 7, "attributes": {"grade": "A"}}
    stocked.send(changed(COUNT | {"inventoryQuantity": quantity}))

    view = stocked.position("D45:LOC_MEL:DEFAULT")
    assert view["onHand"] == 10
    assert [(row["ref"], row["quantity"]) for row in view["quantities"][1:]] == [("PO1", 7)]


QUANTITY = "/attributes/inventoryPosition/inventoryQuantity"


@pytest.mark.parametrize(
    ("position", "fragments"),
    [
        (None, ("/attributes/inventoryPosition", "null")),
        ([], ("/attributes/inventoryPosition", "[]", "an object")),
        ({"locationRef": "LOC_MEL", "qty": 1}, ("/attributes/inventoryPosition/productRef",)),
        (COUNT | {"qty": "7"}, ("/attributes/inventoryPosition/qty", '"7"', "whole number")),
        (COUNT | {"qty": -7}, ("/attributes/inventoryPosition/qty", "-7", "zero or more")),
        (COUNT | {"qty": 1.0}, ("/attributes/inventoryPosition/qty", "1.0")),
        (COUNT | {"productRef": "x" * 95}, ("/attributes/inventoryPosition/productRef", "100")),
        (COUNT | {"inventoryQuantity": {"qty": 8}}, (f"{QUANTITY}/qty", "found 8", "the same")),
        (COUNT | {"inventoryQuantity": {"type": 1}}, (f"{QUANTITY}/type", "found 1")),
        (COUNT | {"inventoryQuantity": {"attributes": []}}, (f"{QUANTITY}/attributes", "[]")),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(
    stocked: Client, position: object, fragments: tuple[str, ...]
) -> None:
    assert_refused(stocked, ASYNC, changed(position), *fragments)


def test_without_attributes_it_says_what_is_missing(stocked: Client) -> None:
    assert_refused(
        stocked, ASYNC, event("InventoryChanged", None), "/attributes/inventoryPosition is missing"
    )


def test_a_quantity_that_is_another_positions_fails_and_changes_nothing(stocked: Client) -> None:
    stocked.load([record("D45", "LOC_SYD", 3, type="EXPECTED", ref="PO1")])
    sent = stocked.send(changed(COUNT | {"inventoryQuantity": {"ref": "PO1", "type": "EXPECTED"}}))

    assert sent["eventStatus"] == "FAILED"
    assert "already belongs to position D45:LOC_SYD:DEFAULT" in sent["outcome"]
    assert stocked.on_hand("D45", "LOC_MEL") == 10
    assert len(stocked.position("D45:LOC_MEL:DEFAULT")["quantities"]) == 1
