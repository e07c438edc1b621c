"""From the entities of a batch to inventory records, with every fault named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import repeat
from operator import itemgetter
from typing import Any, cast

import orjson

from ..behaviour import Behaviour
from ..clock import milliseconds
from ..domain.inventory import ACTIVE, LAST_ON_HAND, QuantityDetails
from ..domain.jobs import MOST_RECORDS, InventoryRecord
from ..domain.quantity_fields import IN_RECORDS, MOMENTS
from ..domain.refs import LONGEST_REF, CatalogueRef, position_ref, quantity_ref
from ..domain.sizes import held_bytes
from ..errors import Fault, shortened
from .requests import Requests
from .whole_numbers import WholeNumbers, whole


@dataclass(slots=True)
class RecordsRead:
    """The records of a batch, None where one is at fault, and the faults by line.

    `attribute_bytes` is what the attributes and details of the records take.
    """

    records: list[InventoryRecord | None]
    faults: dict[int, list[Fault]] = field(default_factory=dict)
    attribute_bytes: int = 0
    is_plain: bool = True
    """Whether all of them are plain counts."""


class InventoryRecordReader:
    """Reads the entities of a batch for one retailer and catalogue."""

    def __init__(self, requests: Requests, behaviour: Behaviour) -> None:
        self._requests = requests
        self._numbers = WholeNumbers(behaviour.schema_decimal_whole_numbers)
        self._ignores_retailer = behaviour.retailer_mismatch == "ignore"
        self._outer_fields = OUTER_FIELDS[behaviour.batch_outer_fields]

    def read(
        self,
        entities: Sequence[Mapping[str, Any]],
        retailer_id: str,
        catalogue: CatalogueRef,
        *,
        schema_holds: bool,
    ) -> RecordsRead:
        """Every record that can be used, and what is wrong with the others."""
        longest_refs = LONGEST_REF - len(catalogue.type) - 2
        if schema_holds and (counts := _plain_counts(entities, retailer_id, longest_refs)):
            return RecordsRead(counts)
        read = RecordsRead([])
        for line, entity in enumerate(entities):
            faults: list[Fault] = []
            if not schema_holds:
                entity, faults, _ = self._requests.read("inventory_record", entity)
            if (
                faults
                or entity["qty"].__class__ is not int
                or str(entity.get("retailerId", retailer_id)) != retailer_id
                or len(entity["skuRef"]) + len(entity["locationRef"]) > longest_refs
            ):
                named = {fault.pointer for fault in faults}
                faults += [
                    fault
                    for fault in self._rule_faults(entity, retailer_id, catalogue)
                    if fault.pointer not in named
                ]
            if faults:
                read.faults[line] = [fault.under(f"/entities/{line}") for fault in faults]
                read.records.append(None)
            elif _OPTIONAL_FIELDS.isdisjoint(entity):
                read.records.append(_plain_record(entity))
            else:
                record = _record(entity, catalogue, self._outer_fields)
                read.records.append(record)
                read.is_plain = read.is_plain and record.is_plain
                if record.attributes or record.details:
                    read.attribute_bytes += held_bytes(record.attributes)
                    read.attribute_bytes += held_bytes(record.details)
        return read

    def _rule_faults(
        self, entity: Mapping[str, Any], retailer_id: str, catalogue: CatalogueRef
    ) -> list[Fault]:
        """What the schema cannot see: how a number is written, whose record it is, long refs.

        The record may have schema faults as well, so its fields can hold anything.
        """
        if not isinstance(entity, dict):
            return []
        faults: list[Fault] = []
        written = self._numbers.fault(entity.get("qty"), "/qty")
        if written is not None:
            faults.append(written)
        retailer = entity.get("retailerId", retailer_id)
        if (
            isinstance(retailer, str | int | float)
            and str(retailer) != retailer_id
            and not self._ignores_retailer
        ):
            found = shortened(orjson.dumps(retailer).decode())
            faults.append(Fault("/retailerId", found, f"the job's retailer, {retailer_id}"))
        product_ref, location_ref = entity.get("skuRef"), entity.get("locationRef")
        if isinstance(product_ref, str) and isinstance(location_ref, str):
            length = len(position_ref(product_ref, location_ref, catalogue.type))
            if length > LONGEST_REF >= max(len(product_ref), len(location_ref)):
                found = f"a position ref of {length} characters (skuRef:locationRef:type)"
                faults.append(Fault("/skuRef", found, f"at most {LONGEST_REF}"))
        return faults


def _plain_counts(
    entities: Sequence[Mapping[str, Any]], retailer_id: str, longest_refs: int
) -> list[InventoryRecord | None] | None:
    """The records of sound entities that are plain counts beyond doubt, read all at once.

    Field by field and not record by record: half the time of `InventoryRecordReader.read`.
    None where any entity wants a look of its own.
    """
    if not _OPTIONAL_FIELDS.isdisjoint(set().union(*entities)):
        return None
    products, locations, quantities = (
        list(map(itemgetter(name), entities)) for name in ("skuRef", "locationRef", "qty")
    )
    retailers = [entity.get("retailerId", retailer_id) for entity in entities]
    if (
        set(map(type, quantities)) != {int}
        or not set(map(type, retailers)) <= {int, str}  # 1.0 would pass for 1
        or set(map(str, set(retailers))) != {retailer_id}
        or max(map(len, products)) + max(map(len, locations)) > longest_refs
    ):
        return None
    columns = (products, locations, quantities, *map(repeat, _COUNT_BEYOND))
    return list(map(_AS_COUNT, zip(*columns, strict=False)))


def _plain_record(entity: Mapping[str, Any]) -> InventoryRecord:
    """The record that a sound entity stands for when it has none of the optional fields."""
    quantity = entity["qty"]
    if quantity.__class__ is not int:
        quantity = whole(quantity)
    return InventoryRecord(entity["skuRef"], entity["locationRef"], quantity)


def _record(
    entity: Mapping[str, Any], catalogue: CatalogueRef, outer_fields: Mapping[str, str]
) -> InventoryRecord:
    """The record that a sound entity stands for."""
    product_ref, location_ref, quantity, *_ = _plain_record(entity)
    quantity_type = entity.get("type", LAST_ON_HAND)
    ref = entity.get("ref")
    # The ref that would be constructed anyway is no ref of its own.
    if ref is not None:
        owner = position_ref(product_ref, location_ref, catalogue.type)
        if ref == quantity_ref(owner, quantity_type):
            ref = None
    attributes = {
        name: entity[outer] for outer, name in outer_fields.items() if entity.get(outer) is not None
    }
    attributes |= entity.get("attributes") or {}
    details = _details_among(attributes)
    return InventoryRecord(
        product_ref,
        location_ref,
        quantity,
        quantity_type,
        ref,
        entity.get("status", ACTIVE),
        attributes or None,
        details,
    )


def _details_among(attributes: dict[str, Any]) -> QuantityDetails | None:
    """Take those attributes out that are fields of a quantity."""
    found: dict[str, Any] = {}
    for name in IN_RECORDS.keys() & attributes.keys():
        value = attributes.pop(name)
        if value is not None:
            if name in MOMENTS:
                value = milliseconds(datetime.fromisoformat(value))
            found[IN_RECORDS[name]] = value
    return QuantityDetails(**found) if found else None


# A record of the vendor's client has these beside its attributes; no page shows them there.
_OF_THE_CLIENT = ("uom", "lot", "expiry", "effectiveFrom", "expectedOn")
OUTER_FIELDS: Mapping[str, Mapping[str, str]] = {
    "set": {
        **{name: name for name in _OF_THE_CLIENT},
        "lot": "manufacturerBatchNumber",
        "expiry": "expiresOn",
    },
    "ignore": {},
}
"""What becomes of them, by the switch batch.outer_fields: the attribute that each one is."""

_OPTIONAL_FIELDS = frozenset({"type", "ref", "status", "attributes", *_OF_THE_CLIENT})

_AS_COUNT = partial(tuple.__new__, InventoryRecord)
_COUNT_BEYOND = InventoryRecord("", "", 0)[3:]
"""What a plain count has beyond product, location and quantity."""


def entities_of(document: object) -> list[Any] | None:
    """The entities of a batch, if there is a usable number of them."""
    if not isinstance(document, dict):
        return None
    entities = cast("dict[str, Any]", document).get("entities")
    if isinstance(entities, list) and 0 < len(entities) <= MOST_RECORDS:
        return entities
    return None
