"""What batches and events do to a stock, as the pages describe it.

UpsertInventoryQuantity (19 Mar 2026), Batch Pre-Processing (23 Mar and 10 Apr 2026),
CreateDeltaInventoryQuantities (12 Aug 2025), the interface contracts (27 Nov 2024).
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from .stock_model import (
    FIELDS,
    TRANSIENT,
    Document,
    Position,
    Quantity,
    Raised,
    RefusedError,
    Stock,
    said,
)

CHANGED = "InventoryChanged"
ROOT = ("INVENTORY_CATALOGUE", "DEFAULT:1")
OUTER = {
    "expectedOn": "expectedOn",
    "expiry": "expiresOn",
    "lot": "manufacturerBatchNumber",
    "uom": "uom",
}


class Verdict(NamedTuple):
    """What became of a record: in a word, and as the code of its result (Batch, 10 Dec 2024)."""

    word: str
    code: str


APPLIED = Verdict("applied", "200")


class WorkedStock(Stock):
    """A stock that batches and events change."""

    def load(
        self, records: list[Document], *, preprocessing: bool, conditions: list[Document] | None
    ) -> list[Verdict]:
        """A batch; what became of each record.

        Raises RefusedError where the whole batch is.
        """
        sound = [self.is_sound(record) for record in records]
        if not all(sound) and self.switches["batch.invalid_record"] == "refuse_batch":
            raise RefusedError
        verdicts = [APPLIED if good else Verdict("failed", "500") for good in sound]
        if preprocessing and self.switches["preprocessing.account_setting"] == "true":
            self._compare(records, verdicts, conditions)
        for line, record in enumerate(records):
            if verdicts[line] == APPLIED:
                verdicts[line] = self.upsert(record)
            if verdicts[line].word in ("applied", "failed"):
                status = "SUCCESS" if verdicts[line] == APPLIED else "FAILED"
                said = says(record) if status == "SUCCESS" else ""
                self.raised.append(Raised(CHANGED, *ROOT, status, said))
        return verdicts

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

    def _compare(
        self, records: list[Document], verdicts: list[Verdict], conditions: list[Document] | None
    ) -> None:
        """Batch Pre-Processing: drop duplicates, and what is no different from what is there."""
        kept: dict[tuple[str, str, str], int] = {}
        for line, record in enumerate(records):
            if verdicts[line] != APPLIED:
                continue
            key = (position_ref(record), quantity_ref(record), type_of(record))
            dropped = line
            if self.switches["preprocessing.duplicate_wins"] == "last" or key not in kept:
                dropped = kept.get(key, -1)
                kept[key] = line
            if dropped >= 0:
                verdicts[dropped] = Verdict("duplicate", "200")
        for line in kept.values():
            if not self._differs(records[line], conditions):
                verdicts[line] = Verdict("unchanged", "200")

    def _differs(self, record: Document, conditions: list[Document] | None) -> bool:
        known = self.quantities.get(quantity_ref(record))
        if known is None or (known.position, known.type) != (position_ref(record), type_of(record)):
            return True
        if (known.quantity, known.status) != (record["qty"], record.get("status", "ACTIVE")):
            return True
        if self.switches["preprocessing.compares_attributes"] == "yes":
            before = (known.parent, dict(known.fields), dict(known.attributes))
            probe = Quantity("", "", "", 0, "", known.parent, before[1].copy(), before[2].copy())
            write(probe, self.attributes_of(record))
            if (probe.parent, probe.fields, probe.attributes) != before:
                return True
        wanted = [(kind, status) for kind in TRANSIENT for status in ("ACTIVE", "CREATED")]
        if conditions is not None:
            wanted = [(each["type"], each["status"]) for each in conditions]
        return any((row.type, row.status) in wanted for row in self.rows(position_ref(record)))

    def attributes_of(self, record: Document) -> Document:
        """What a record says by name; its attributes go before what stands beside them."""
        beside = {}
        if self.switches["batch.outer_fields"] == "set":
            beside = {named: record[name] for name, named in OUTER.items() if name in record}
        return {**beside, **said(record.get("attributes", {}))}

    def upsert(self, record: Document) -> Verdict:
        """One record that is changed: InventoryChanged and what follows."""
        where, ref, kind = position_ref(record), quantity_ref(record), type_of(record)
        attributes = self.attributes_of(record)
        known = self.quantities.get(ref)
        if known is not None and (known.position, known.type) != (where, kind):
            return Verdict("failed", "500")
        parent = attributes.get("parentRef")
        if parent is not None and parent not in self.quantities:
            return Verdict("failed", "404")
        if parent is not None and not self.may_stand_under(ref, where, parent):
            return Verdict("failed", "500")
        position = self._position(where, record["skuRef"], record["locationRef"])
        row = known or self.new_quantity(Quantity(ref, where, kind, record["qty"]))
        row.quantity, row.updated = record["qty"], self.now
        write(row, attributes)
        if kind == "LAST_ON_HAND":
            for other in self.rows(where):
                if other.type in TRANSIENT and other.status in ("CREATED", "ACTIVE"):
                    other.status, other.updated = "INACTIVE", self.now
        self.calculate(position)
        return APPLIED

    def deltas(self, entries: list[Document]) -> None:
        """An INVENTORY_DELTA event: all of it, or RefusedError; each position calculates once."""
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
        touched: dict[str, Position] = {}
        for entry in entries:
            ref, where = entry["deltaId"], position_ref(entry)
            touched[where] = self._position(where, entry["productRef"], entry["locationRef"])
            known = self.quantities.get(ref)
            if known is not None and duplicate == "accumulate":
                # What a count has retired is in it already (REF): a sum of deltas begins anew.
                is_retired = known.status not in ("ACTIVE", "CREATED")
                before = 0 if is_retired else known.quantity
                self._set(ref, where, "DELTA", before + entry["qty"])
                if known.status != "ACTIVE":
                    known.status, known.updated = "ACTIVE", self.now
            else:
                self._set(ref, where, "DELTA", entry["qty"])
        for position in touched.values():
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
                if released is not None and released.status != "INACTIVE":
                    released.status, released.updated = "INACTIVE", self.now
        for where in dict.fromkeys(map(position_ref, items)):
            self.calculate(self.positions[where])

    def _set(self, ref: str, where: str, kind: str, amount: int) -> None:
        row = self.quantities.get(ref)
        if row is None:
            self.new_quantity(Quantity(ref, where, kind, amount))
        elif row.quantity != amount:  # a repeat changes nothing
            row.quantity, row.updated = amount, self.now

    def _position(self, ref: str, product: str, location: str) -> Position:
        known = self.positions.get(ref)
        return known or self.new_position(Position(ref, product, location, "CREATED"))


def says(record: Document) -> str:
    """What InventoryChanged says of a record (LoadInventoryPositionData, 12 Aug 2025)."""
    place = f"{record['skuRef']} at {record['locationRef']}"
    return f"{place}: {quantity_ref(record)} of {type_of(record)} is {record['qty']}"


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
        if name == "parentRef":
            row.parent = value
        elif name in FIELDS:
            row.fields[name] = value
        else:
            row.attributes[name] = value
