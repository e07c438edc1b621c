"""The inventory rules once more, as plainly as they can be written, to judge the simulator by."""

from dataclasses import dataclass, field
from typing import Any

ON_HAND_TYPES = ("LAST_ON_HAND", "RESERVED", "SALE", "CORRECTION", "DELTA")
TRANSIENT_TYPES = ("DELTA", "SALE", "CORRECTION")

Place = tuple[str, str]
"""A product and a location."""


@dataclass
class Row:
    """A quantity."""

    place: Place
    type: str
    quantity: int
    status: str = "ACTIVE"


@dataclass
class Model:
    """Positions and quantities; every method returns whether the catalogue would do it."""

    places: list[Place] = field(default_factory=list)
    rows: dict[str, Row] = field(default_factory=dict)

    def on_hand(self, place: Place) -> int:
        return sum(
            row.quantity
            for row in self.rows.values()
            if row.place == place and row.status == "ACTIVE" and row.type in ON_HAND_TYPES
        )

    def rows_of(self, place: Place) -> dict[str, tuple[str, int, str]]:
        return {
            ref: (row.type, row.quantity, row.status)
            for ref, row in self.rows.items()
            if row.place == place
        }

    def load(self, records: list[dict[str, Any]], *, preprocessing: bool) -> None:
        if preprocessing:
            # The last of several records for one quantity stands for them all.
            last = {_identity(record): line for line, record in enumerate(records)}
            records = [records[line] for line in sorted(last.values())]
        for record in records:
            self._load_record(record)

    def _load_record(self, record: dict[str, Any]) -> bool:
        place = (record["skuRef"], record["locationRef"])
        quantity_type = record.get("type", "LAST_ON_HAND")
        ref = record.get("ref") or f"{position_ref(place)}:{quantity_type}"
        known = self.rows.get(ref)
        if known is not None and (known.place != place or known.type != quantity_type):
            return False
        if place not in self.places:
            if position_ref(place) in map(position_ref, self.places):
                return False
            self.places.append(place)
        if quantity_type == "LAST_ON_HAND":
            for row in self.rows.values():
                if row.place == place and row.type in TRANSIENT_TYPES:
                    row.status = "INACTIVE"
        self._put(ref, place, quantity_type, record["qty"])
        return True

    def deltas(self, entries: list[dict[str, Any]]) -> bool:
        for entry in entries:
            if _place(entry, "productRef") not in self.places:
                return False
        for entry in entries:
            self._put(entry["deltaId"], _place(entry, "productRef"), entry["type"], entry["qty"])
        return True

    def update(self, entry: dict[str, Any]) -> bool:
        place = _place(entry, "skuRef")
        if place not in self.places:
            return False
        amounts = {
            "RESERVED": entry.get("reservedQty", 0),
            "SALE": entry.get("saleQty", 0),
            "CORRECTION": entry.get("correctionQty", 0),
        }
        refs = {name: f"{position_ref(place)}:{name}:{entry['fulfilmentId']}" for name in amounts}
        for name, amount in amounts.items():
            if amount:
                self._put(refs[name], place, name, -abs(amount))
        ends = amounts["SALE"] or amounts["CORRECTION"] or entry.get("cancelQty")
        if ends and refs["RESERVED"] in self.rows:
            self.rows[refs["RESERVED"]].status = "INACTIVE"
        return True

    def _put(self, ref: str, place: Place, quantity_type: str, quantity: int) -> None:
        known = self.rows.get(ref)
        if known is None:
            self.rows[ref] = Row(place, quantity_type, quantity)
        else:
            known.quantity = quantity


def position_ref(place: Place) -> str:
    return f"{place[0]}:{place[1]}:DEFAULT"


def _place(entry: dict[str, Any], product: str) -> Place:
    return entry[product], entry["locationRef"]


def _identity(record: dict[str, Any]) -> tuple[str, ...]:
    quantity_type = record.get("type", "LAST_ON_HAND")
    constructed = f"{record['skuRef']}:{record['locationRef']}:DEFAULT:{quantity_type}"
    return (
        record["skuRef"],
        record["locationRef"],
        record.get("ref", constructed),
        quantity_type,
    )
