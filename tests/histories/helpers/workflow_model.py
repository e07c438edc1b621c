"""What batches and events do to a stock, as the pages describe it.

UpsertInventoryQuantity (19 Mar 2026), Batch Pre-Processing (23 Mar and 10 Apr 2026),
CreateDeltaInventoryQuantities (12 Aug 2025), the interface contracts (27 Nov 2024).
"""

from collections.abc import Mapping
from typing import Any

from .stock_model import FIELDS, TRANSIENT, Document, Position, Quantity, RefusedError, Stock


class WorkedStock(Stock):
    """A stock that batches and events change."""

    def load(
        self, records: list[Document], *, preprocessing: bool, conditions: list[Document] | None
    ) -> list[str]:
        """A batch; what became of each record: applied, failed or dropped.

        Raises RefusedError where the whole batch is.
        """
        sound = [self.is_sound(record) for record in records]
        if not all(sound) and self.switches["batch.invalid_record"] == "refuse_batch":
            raise RefusedError
        chosen = {line for line, good in enumerate(sound) if good}
        if preprocessing and self.switches["preprocessing.account_setting"] == "true":
            chosen = self._changed(records, chosen, conditions)
        outcomes = []
        for line, record in enumerate(records):
            if not sound[line]:
                outcomes.append("failed")
            elif line not in chosen:
                outcomes.append("dropped")
            else:
                outcomes.append(self.upsert(record))
        return outcomes

    def is_sound(self, record: Document) -> bool:
        """Whether the shape of a record is that of the pages."""
        counted = record.get("type", "LAST_ON_HAND") == "LAST_ON_HAND"
        negative = self.switches["batch.negative_count"] == "refuse"
        if counted and negative and record["qty"] < 0:
            return False
        attributes = record.get("attributes", {})
        return all(
            attributes[name] is None or is_moment(attributes[name])
            for name in ("expectedOn", "expiresOn")
            if name in attributes
        )

    def _changed(
        self, records: list[Document], chosen: set[int], conditions: list[Document] | None
    ) -> set[int]:
        """Batch Pre-Processing: what is left of duplicates, and differs from what is there."""
        kept: dict[tuple[str, str, str], int] = {}
        for line in sorted(chosen):
            record = records[line]
            key = (position_ref(record), quantity_ref(record), type_of(record))
            if self.switches["preprocessing.duplicate_wins"] == "last" or key not in kept:
                kept[key] = line
        return {line for line in kept.values() if self._differs(records[line], conditions)}

    def _differs(self, record: Document, conditions: list[Document] | None) -> bool:
        known = self.quantities.get(quantity_ref(record))
        if known is None or (known.position, known.type) != (position_ref(record), type_of(record)):
            return True
        if (known.quantity, known.status) != (record["qty"], record.get("status", "ACTIVE")):
            return True
        if self.switches["preprocessing.compares_attributes"] == "yes":
            before = (known.parent, dict(known.fields), dict(known.attributes))
            probe = Quantity("", "", "", 0, "", known.parent, before[1].copy(), before[2].copy())
            write(probe, record.get("attributes", {}))
            if (probe.parent, probe.fields, probe.attributes) != before:
                return True
        wanted = [(kind, status) for kind in TRANSIENT for status in ("ACTIVE", "CREATED")]
        if conditions is not None:
            wanted = [(each["type"], each["status"]) for each in conditions]
        return any((row.type, row.status) in wanted for row in self.rows(position_ref(record)))

    def upsert(self, record: Document) -> str:
        """One record that is changed: InventoryChanged and what follows."""
        where, ref, kind = position_ref(record), quantity_ref(record), type_of(record)
        attributes = record.get("attributes", {})
        known = self.quantities.get(ref)
        if known is not None and (known.position, known.type) != (where, kind):
            return "failed"
        parent = attributes.get("parentRef")
        if parent is not None and not self.may_stand_under(ref, where, parent):
            return "failed"
        position = self._position(where, record["skuRef"], record["locationRef"])
        if known is None:
            known = self.quantities[ref] = Quantity(ref, where, kind, record["qty"])
        known.quantity = record["qty"]
        write(known, attributes)
        if kind == "LAST_ON_HAND":
            for row in self.rows(where):
                if row.type in TRANSIENT and row.status in ("CREATED", "ACTIVE"):
                    row.status = "INACTIVE"
        self.calculate(position)
        return "applied"

    def deltas(self, entries: list[Document]) -> None:
        """An INVENTORY_DELTA event: all of it, or RefusedError."""
        missing = self.switches["delta.missing_position"]
        duplicate = self.switches["delta.duplicate"]
        if missing == "skip":
            entries = [entry for entry in entries if position_ref(entry) in self.positions]
        if missing == "fail" and any(position_ref(e) not in self.positions for e in entries):
            raise RefusedError
        seen: dict[str, str] = {}
        for entry in entries:
            ref, where = entry["deltaId"], position_ref(entry)
            known = self.quantities.get(ref)
            if known is not None and (
                duplicate == "reject" or (known.position, known.type) != (where, "DELTA")
            ):
                raise RefusedError
            if ref in seen and (duplicate == "reject" or seen[ref] != where):
                raise RefusedError
            seen[ref] = where
        for entry in entries:
            ref, where = entry["deltaId"], position_ref(entry)
            position = self._position(where, entry["productRef"], entry["locationRef"])
            row = self.quantities.get(ref)
            if row is None:
                self.quantities[ref] = Quantity(ref, where, "DELTA", entry["qty"])
            elif duplicate == "accumulate":
                row.quantity += entry["qty"]
            else:
                row.quantity = entry["qty"]
            self.calculate(position)

    def fulfil(self, items: list[Document]) -> None:
        """An UpdateInventoryQty event: all of it, or RefusedError."""
        if any(position_ref(item) not in self.positions for item in items):
            raise RefusedError
        for item in items:
            where = position_ref(item)
            name = f"{where}:{{}}:{item['fulfilmentId']}".format
            reserved = item.get("reservedQty", 0)
            ended = {"SALE": item.get("saleQty", 0), "CORRECTION": item.get("correctionQty", 0)}
            if reserved:
                self._set(name("RESERVED"), where, "RESERVED", -abs(reserved))
            for kind, amount in ended.items():
                if amount:
                    self._set(name(kind), where, kind, -abs(amount))
            if any(ended.values()) or item.get("cancelQty", 0):
                released = self.quantities.get(name("RESERVED"))
                if released is not None:
                    released.status = "INACTIVE"
            self.calculate(self.positions[where])

    def _set(self, ref: str, where: str, kind: str, amount: int) -> None:
        row = self.quantities.setdefault(ref, Quantity(ref, where, kind, amount))
        row.quantity = amount

    def _position(self, ref: str, product: str, location: str) -> Position:
        return self.positions.setdefault(ref, Position(ref, product, location, "CREATED"))


def type_of(record: Document) -> str:
    """The type of a record's quantity."""
    kind: str = record.get("type", "LAST_ON_HAND")
    return kind


def position_ref(record: Document) -> str:
    """The position that a record, a delta or an item names."""
    product = record["productRef"] if "productRef" in record else record["skuRef"]
    return f"{product}:{record['locationRef']}:DEFAULT"


def quantity_ref(record: Document) -> str:
    """The quantity that a record names, or that its parts make."""
    ref: str = record.get("ref") or f"{position_ref(record)}:{type_of(record)}"
    return ref


def is_moment(value: object) -> bool:
    """Whether it is a date as the pages write them."""
    return isinstance(value, str) and len(value) == 20 and value[4] == "-" and value[-1] == "Z"


def write(row: Quantity, attributes: Mapping[str, Any]) -> None:
    """Attributes of a record: fields and the parent by their names, the others as they are."""
    for name, value in attributes.items():
        if value is None:
            continue
        if name == "parentRef":
            row.parent = value
        elif name in FIELDS:
            row.fields[name] = value
        else:
            row.attributes[name] = value
