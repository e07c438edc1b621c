"""What the rules find in one event, and what they leave alone."""

from typing import Any

import pytest
from fluent_oms_simulator.contracts.all_rules import select
from fluent_oms_simulator.contracts.checking import Checker
from fluent_oms_simulator.contracts.rules.rule import Event

from ..support import delta, deltas, event, item, updates


def found(document: dict[str, Any]) -> list[tuple[str, str]]:
    """Rule, without its prefix, and place of what is found."""
    findings = Checker(select(["FOMS-E"])).check(Event(document))
    return [(finding.rule_id.removeprefix("FOMS-"), finding.pointer) for finding in findings]


def one_delta(**changes: Any) -> dict[str, Any]:
    """A sound delta, changed."""
    return {**delta("SKU_1", "LOC_1", -5, "D1"), **changes}


EVENTS = {
    "a sound event": (deltas(one_delta(), one_delta(deltaId="D2", qty=20)), []),
    "a sale and its undoing": (
        deltas(one_delta(), one_delta(deltaId="D2", qty=5)),
        [("E140", "/attributes/deltas/1")],
    ),
    "opposite changes of two places": (
        deltas(one_delta(), one_delta(deltaId="D2", qty=5, locationRef="LOC_2")),
        [],
    ),
    "no deltaId": (
        deltas({k: v for k, v in one_delta().items() if k != "deltaId"}),
        [("E110", "/attributes/deltas/0/deltaId")],
    ),
    "an empty deltaId": (deltas(one_delta(deltaId="")), [("E110", "/attributes/deltas/0/deltaId")]),
    "a deltaId under another name": (
        deltas({"id": "D1", "productRef": "SKU_1", "locationRef": "LOC_1", "qty": 1}),
        [("E150", "/attributes/deltas/0/id")],
    ),
    "a deltaId twice": (
        deltas(one_delta(), one_delta(productRef="SKU_2")),
        [("E120", "/attributes/deltas/1/deltaId")],
    ),
    "a delta of zero": (deltas(one_delta(qty=0)), [("E130", "/attributes/deltas/0/qty")]),
    "a delta as text": (deltas(one_delta(qty="-5")), [("E160", "/attributes/deltas/0/qty")]),
    "a delta with a point": (deltas(one_delta(qty=-5.0)), [("E160", "/attributes/deltas/0/qty")]),
    "the fields of a batch": (
        deltas({"deltaId": "D1", "skuRef": "SKU_1", "locationRef": "LOC_1", "quantity": 1}),
        [("E150", "/attributes/deltas/0/skuRef"), ("E150", "/attributes/deltas/0/quantity")],
    ),
    "an absolute delta": (
        deltas(one_delta(type="LAST_ON_HAND")),
        [("E170", "/attributes/deltas/0/type")],
    ),
    "a type that nothing adds up": (
        deltas(one_delta(type="DEFAULT")),
        [("E170", "/attributes/deltas/0/type")],
    ),
    "a correction": (deltas(one_delta(type="CORRECTION")), []),
    "refs that are too long together": (
        deltas(one_delta(productRef="S" * 90)),
        [("E180", "/attributes/deltas/0/productRef")],
    ),
    "blanks around an id": (
        deltas(one_delta(deltaId="D1 ")),
        [("E190", "/attributes/deltas/0/deltaId")],
    ),
    "a load in an event": (
        deltas(*(one_delta(deltaId=f"D{n}") for n in range(1000))),
        [("E200", "/attributes/deltas")],
    ),
    "nearly a load in an event": (deltas(*(one_delta(deltaId=f"D{n}") for n in range(999))), []),
    "names that are nearly right": (
        deltas(one_delta()) | {"name": "INVENTORY_DELTAS"},
        [("E010", "/name")],
    ),
    "a name in other letters": (
        deltas(one_delta()) | {"name": "Inventory_Delta"},
        [("E010", "/name")],
    ),
    "a name of the course": (
        updates(item("SKU_1", "LOC_1", "1", saleQty=-1)) | {"name": "UPDATE_INVENTORY"},
        [("E010", "/name")],
    ),
    "an event inside the workflow": (event("CreateInventoryDelta", {}), []),
    "an event of orders": (event("ConfirmPick", None) | {"entityType": "FULFILMENT"}, []),
    "the event of batches": (event("InventoryChanged", {}), [("E020", "/name")]),
    "direct updates": (event("INVENTORY_UPDATE", {}), [("E030", "/name")]),
    "another entity type": (
        deltas(one_delta()) | {"entityType": "INVENTORY_CATALOG"},
        [("E040", "/entityType")],
    ),
    "another root": (
        deltas(one_delta()) | {"rootEntityType": "JOB", "rootEntityRef": "7"},
        [("E050", "/rootEntityType"), ("E050", "/rootEntityRef")],
    ),
    "an empty root, which its schema refuses": (
        deltas(one_delta()) | {"rootEntityRef": ""},
        [("E000", "/rootEntityRef")],
    ),
    "no root": (deltas(one_delta()) | {"rootEntityType": None, "rootEntityRef": None}, []),
    "another retailer": (deltas(one_delta()) | {"retailerId": 2}, [("E060", "/entityRef")]),
    "another subtype": (
        deltas(one_delta()) | {"entitySubtype": "BASE"},
        [("E070", "/entitySubtype")],
    ),
    "attributes as a list": (
        event("INVENTORY_DELTA", [{"name": "deltas", "value": [one_delta()]}]),
        [("E080", "/attributes")],
    ),
    "no attributes": (event("INVENTORY_DELTA", None), [("E000", "/attributes/deltas")]),
    "a reservation as documented": (updates(item("SKU_1", "LOC_1", "1", reserveQty="-5")), []),
    "a delta's product in an item": (
        updates({"productRef": "SKU_1", "locationRef": "LOC_1", "fulfilmentId": 1, "saleQty": 1}),
        [("E310", "/attributes/items/0/productRef")],
    ),
    "an amount under another name": (
        updates(item("SKU_1", "LOC_1", "1", reservedQuantity=-5)),
        [("E310", "/attributes/items/0/reservedQuantity")],
    ),
    "an empty item": (
        updates(item("SKU_1", "LOC_1", "1")),
        [("E000", "/attributes/items/0/reservedQty")],
    ),
    "an item of zeros": (
        updates(item("SKU_1", "LOC_1", "1", saleQty=0, cancelQty="-0")),
        [("E320", "/attributes/items/0")],
    ),
    "a positive reservation": (
        updates(item("SKU_1", "LOC_1", "1", reserveQty="5")),
        [("E330", "/attributes/items/0/reserveQty")],
    ),
    "a positive sale": (updates(item("SKU_1", "LOC_1", "1", saleQty=5)), []),
    "a reservation under two names": (
        updates(item("SKU_1", "LOC_1", "1", reserveQty="-5", reservedQty=-4)),
        [("E340", "/attributes/items/0/reserveQty")],
    ),
    "a reservation twice told": (
        updates(item("SKU_1", "LOC_1", "1", reserveQty="-5", reservedQty=-5)),
        [],
    ),
    "an amount with a point": (
        updates(item("SKU_1", "LOC_1", "1", saleQty=-5.0)),
        [("E370", "/attributes/items/0/saleQty")],
    ),
    "an item for a position that cannot be": (
        updates(item("S" * 90, "LOC_1", "1", saleQty=-1)),
        [("E350", "/attributes/items/0/skuRef")],
    ),
    "blanks around an item's refs": (
        updates(item("SKU_1", "LOC_1 ", "1", saleQty=-1)),
        [("E360", "/attributes/items/0/locationRef")],
    ),
}


@pytest.mark.parametrize(("document", "expected"), EVENTS.values(), ids=EVENTS)
def test_an_event_is_told_each_fault_once(
    document: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert found(document) == expected
