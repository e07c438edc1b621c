"""From the attributes of an inventory event to deltas and fulfilment updates."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson

from ..behaviour import Behaviour
from ..domain.events import (
    INVENTORY_DELTA,
    UPDATE_INVENTORY_QTY,
    FulfilmentUpdate,
    InventoryDelta,
)
from ..domain.inventory import DELTA
from ..domain.refs import LONGEST_REF, position_ref
from ..errors import Fault, shortened
from .requests import Requests
from .whole_numbers import WholeNumbers, whole

Entries = Sequence[InventoryDelta] | Sequence[FulfilmentUpdate]

_KINDS = {INVENTORY_DELTA: "inventory_delta", UPDATE_INVENTORY_QTY: "update_inventory_qty"}
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
        return entries, faults, len(faults)

    def _deltas(self, attributes: Mapping[str, Any]) -> tuple[Entries, list[Fault]]:
        faults: list[Fault] = []
        deltas: list[InventoryDelta] = []
        first_uses: dict[str, int] = {}
        for index, entry in enumerate(attributes["deltas"]):
            where = f"/attributes/deltas/{index}"
            self._check_number(entry, "qty", where, faults)
            self._check_position_ref(entry, "productRef", where, faults)
            delta_id = entry.get("deltaId")
            first = index if delta_id is None else first_uses.setdefault(delta_id, index)
            if first != index:
                found = shortened(orjson.dumps(delta_id).decode())
                expected = f"a deltaId of its own: /attributes/deltas/{first}/deltaId is the same"
                faults.append(Fault(f"{where}/deltaId", found, expected))
            deltas.append(
                InventoryDelta(
                    delta_id,
                    entry["productRef"],
                    entry["locationRef"],
                    whole(entry["qty"]),
                    entry.get("type", DELTA),
                )
            )
        return deltas, faults

    def _updates(self, attributes: Mapping[str, Any]) -> tuple[Entries, list[Fault]]:
        faults: list[Fault] = []
        updates: list[FulfilmentUpdate] = []
        for index, entry in enumerate(attributes["items"]):
            where = f"/attributes/items/{index}"
            for name in _AMOUNTS:
                self._check_number(entry, name, where, faults)
            self._check_position_ref(entry, "skuRef", where, faults)
            # The documentation's table says reservedQty, its sample reserveQty (27 Nov 2024).
            updates.append(
                FulfilmentUpdate(
                    str(entry["fulfilmentId"]),
                    entry["skuRef"],
                    entry["locationRef"],
                    reserved=whole(entry.get("reservedQty", entry.get("reserveQty", 0))),
                    sold=whole(entry.get("saleQty", 0)),
                    corrected=whole(entry.get("correctionQty", 0)),
                    cancelled=whole(entry.get("cancelQty", 0)),
                )
            )
        return updates, faults

    def _check_number(
        self, entry: Mapping[str, Any], name: str, where: str, faults: list[Fault]
    ) -> None:
        fault = self._numbers.fault(entry.get(name), f"{where}/{name}")
        if fault is not None:
            faults.append(fault)

    def _check_position_ref(
        self, entry: Mapping[str, Any], product: str, where: str, faults: list[Fault]
    ) -> None:
        length = len(position_ref(entry[product], entry["locationRef"], "DEFAULT"))
        if length > LONGEST_REF:
            found = f"a position ref of {length} characters ({product}:locationRef:DEFAULT)"
            faults.append(Fault(f"{where}/{product}", found, f"at most {LONGEST_REF}"))
