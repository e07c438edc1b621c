"""From the attributes of an inventory event to deltas and fulfilment updates."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson

from ..behaviour import Behaviour
from ..domain.events import (
    INVENTORY_DELTA,
    UPDATE_INVENTORY_QTY,
    FulfilmentUpdate,
    InventoryDelta,
    Work,
)
from ..domain.inventory import DELTA
from ..domain.jobs import INVENTORY_CHANGED, InventoryRecord
from ..domain.refs import LONGEST_REF, CatalogueRef, position_ref
from ..errors import Fault, shortened
from .records import InventoryRecordReader
from .requests import Requests
from .whole_numbers import WholeNumbers, whole

_KINDS = {
    INVENTORY_CHANGED: "inventory_changed",
    INVENTORY_DELTA: "inventory_delta",
    UPDATE_INVENTORY_QTY: "update_inventory_qty",
}
DEFAULT_TYPE = "DEFAULT"
LONGEST_PAIR = LONGEST_REF - len(DEFAULT_TYPE) - 2
"""Characters in a product ref and a location ref together."""

_OF_POSITION = {"skuRef": "productRef", "locationRef": "locationRef", "qty": "qty"}
_OF_QUANTITY = ("type", "ref", "status", "attributes")
"""The fields of a batch's record, and where InventoryChanged has them."""

_AMOUNTS = ("reservedQty", "reserveQty", "saleQty", "correctionQty", "cancelQty", "quantity")


class EventEntryReader:
    """Reads `deltas`, `items` and `inventoryPosition`.

    Every fault is named, seen from the event's root.
    """

    def __init__(self, requests: Requests, behaviour: Behaviour) -> None:
        self._requests = requests
        self._numbers = WholeNumbers(behaviour.schema_decimal_whole_numbers)
        self._refuses_repeats = behaviour.delta_twice_in_event == "refuse"
        self._records = InventoryRecordReader(requests, behaviour)
        self._readers: dict[str, Callable[[Mapping[str, Any]], tuple[Work, list[Fault]]]] = {
            INVENTORY_CHANGED: self._record,
            INVENTORY_DELTA: self._deltas,
            UPDATE_INVENTORY_QTY: self._updates,
        }

    def reads(self, event_name: str) -> bool:
        """Whether there is a ruleset for events of this name."""
        return event_name in self._readers

    def read(self, event_name: str, attributes: object) -> tuple[Work, list[Fault], int]:
        """The entries, or the faults (those listed, and how many there are)."""
        # Missing attributes are explained by what they should have held.
        shown = {} if attributes is None else attributes
        document, faults, total = self._requests.read(_KINDS[event_name], shown)
        if faults:
            return (), [fault.under("/attributes") for fault in faults], total
        entries, faults = self._readers[event_name](document)
        return entries, [fault.under("/attributes") for fault in faults], len(faults)

    def _deltas(self, attributes: Mapping[str, Any]) -> tuple[Work, list[Fault]]:
        faults: list[Fault] = []
        deltas: list[InventoryDelta] = []
        first_uses: dict[str, int] = {}
        for index, entry in enumerate(attributes["deltas"]):
            product_ref, location_ref = entry["productRef"], entry["locationRef"]
            quantity = entry["qty"]
            if quantity.__class__ is not int:
                quantity = self._number(entry, "qty", f"/deltas/{index}", faults)
            if len(product_ref) + len(location_ref) > LONGEST_PAIR:
                faults.append(_long_position_ref(entry, "productRef", f"/deltas/{index}"))
            delta_id = entry.get("deltaId")
            first = index if delta_id is None else first_uses.setdefault(delta_id, index)
            if first != index and self._refuses_repeats:
                found = shortened(orjson.dumps(delta_id).decode())
                expected = f"a deltaId of its own: /attributes/deltas/{first}/deltaId is the same"
                faults.append(Fault(f"/deltas/{index}/deltaId", found, expected))
            deltas.append(
                InventoryDelta(
                    delta_id, product_ref, location_ref, quantity, entry.get("type", DELTA)
                )
            )
        return deltas, faults

    def _updates(self, attributes: Mapping[str, Any]) -> tuple[Work, list[Fault]]:
        faults: list[Fault] = []
        updates: list[FulfilmentUpdate] = []
        for index, entry in enumerate(attributes["items"]):
            where = f"/items/{index}"
            amounts = {
                name: self._number(entry, name, where, faults) for name in _AMOUNTS if name in entry
            }
            if len(entry["skuRef"]) + len(entry["locationRef"]) > LONGEST_PAIR:
                faults.append(_long_position_ref(entry, "skuRef", where))
            # The documentation's table says reservedQty, its sample reserveQty (27 Nov 2024).
            updates.append(
                FulfilmentUpdate(
                    str(entry["fulfilmentId"]),
                    entry["skuRef"],
                    entry["locationRef"],
                    reserved=amounts.get("reservedQty", amounts.get("reserveQty", 0)),
                    sold=amounts.get("saleQty", 0),
                    corrected=amounts.get("correctionQty", 0),
                    cancelled=amounts.get("cancelQty", 0),
                )
            )
        return updates, faults

    def _record(
        self, attributes: Mapping[str, Any]
    ) -> tuple[Sequence[InventoryRecord], list[Fault]]:
        """The record of a batch that the position stands for, read as one is."""
        position = attributes["inventoryPosition"]
        quantity = position.get("inventoryQuantity") or {}
        record = {name: quantity[name] for name in _OF_QUANTITY if quantity.get(name) is not None}
        record |= {name: position[field] for name, field in _OF_POSITION.items()}
        catalogue = CatalogueRef(DEFAULT_TYPE, "", DEFAULT_TYPE)
        read = self._records.read([record], "", catalogue, schema_holds=False)
        places = {f"/{name}": f"/{field}" for name, field in _OF_POSITION.items()}
        faults = []
        for fault in read.faults.get(0, ()):
            pointer = fault.pointer.removeprefix("/entities/0")
            place = places.get(pointer, f"/inventoryQuantity{pointer}")
            faults.append(replace(fault, pointer=f"/inventoryPosition{place}"))
        if quantity.get("qty", position["qty"]) != position["qty"]:
            found = shortened(orjson.dumps(quantity["qty"]).decode())
            where = "/inventoryPosition/inventoryQuantity/qty"
            faults.append(Fault(where, found, "the same as /attributes/inventoryPosition/qty"))
        return [record for record in read.records if record is not None], faults

    def _number(self, entry: Mapping[str, Any], name: str, where: str, faults: list[Fault]) -> int:
        value = entry[name]
        fault = self._numbers.fault(value, f"{where}/{name}")
        if fault is not None:
            faults.append(fault)
        return whole(value)


def _long_position_ref(entry: Mapping[str, Any], product: str, where: str) -> Fault:
    length = len(position_ref(entry[product], entry["locationRef"], DEFAULT_TYPE))
    found = f"a position ref of {length} characters ({product}:locationRef:{DEFAULT_TYPE})"
    return Fault(f"{where}/{product}", found, f"at most {LONGEST_REF}")
