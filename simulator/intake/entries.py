"""From the attributes of an inventory event to deltas and fulfilment updates."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson

from ..behaviour import Behaviour
from ..domain.events import INVENTORY_DELTA, UPDATE_INVENTORY_QTY, FulfilmentUpdate, InventoryDelta
from ..domain.inventory import DELTA
from ..domain.refs import LONGEST_REF, position_ref
from ..errors import Fault, shortened
from .requests import Requests
from .whole_numbers import WholeNumbers, whole

Entries = Sequence[InventoryDelta] | Sequence[FulfilmentUpdate]

_KINDS = {INVENTORY_DELTA: "inventory_delta", UPDATE_INVENTORY_QTY: "update_inventory_qty"}
DEFAULT_TYPE = "DEFAULT"
LONGEST_PAIR = LONGEST_REF - len(DEFAULT_TYPE) - 2
"""Characters in a product ref and a location ref together."""

_AMOUNTS = ("reservedQty", "reserveQty", "saleQty", "correctionQty", "cancelQty", "quantity")


class EventEntryReader:
    """Reads `deltas` and `items`; every fault is named, seen from the event's root."""

    def __init__(self, requests: Requests, behaviour: Behaviour) -> None:
        self._requests = requests
        self._numbers = WholeNumbers(behaviour.schema_decimal_whole_numbers)
        self._readers: dict[str, Callable[[Mapping[str, Any]], tuple[Entries, list[Fault]]]] = {
            INVENTORY_DELTA: self._deltas,
            UPDATE_INVENTORY_QTY: self._updates,
        }

    def read(self, event_name: str, attributes: object) -> tuple[Entries, list[Fault], int]:
        """The entries, or the faults (those listed, and how many there are)."""
        # Missing attributes are explained by what they should have held.
        shown = {} if attributes is None else attributes
        document, faults, total = self._requests.read(_KINDS[event_name], shown)
        if faults:
            return (), [fault.under("/attributes") for fault in faults], total
        entries, faults = self._readers[event_name](document)
        return entries, [fault.under("/attributes") for fault in faults], len(faults)

    def _deltas(self, attributes: Mapping[str, Any]) -> tuple[Entries, list[Fault]]:
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
            if first != index:
                found = shortened(orjson.dumps(delta_id).decode())
                expected = f"a deltaId of its own: /attributes/deltas/{first}/deltaId is the same"
                faults.append(Fault(f"/deltas/{index}/deltaId", found, expected))
            deltas.append(
                InventoryDelta(
                    delta_id, product_ref, location_ref, quantity, entry.get("type", DELTA)
                )
            )
        return deltas, faults

    def _updates(self, attributes: Mapping[str, Any]) -> tuple[Entries, list[Fault]]:
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
