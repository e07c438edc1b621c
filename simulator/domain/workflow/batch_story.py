"""What the records of a batch have raised, made when somebody reads it.

Fluent docs: Inventory catalogue workflow interface contracts, 27 Nov 2024, and how Inventory Batch
Pre-Processing works, 23 Mar 2026: InventoryChanged for each record but those that are dropped as
unchanged; workflow event execution, 29 Aug 2025: CREATE for what is new. The attributes are those
that LoadInventoryPositionData reads (12 Aug 2025), as far as they are kept.
"""

from array import array
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import NamedTuple

from ..catalogue.inventory_catalogue import InventoryCatalogue
from ..events import INVENTORY_CATALOGUE, BatchEvents, EventContext, EventStatus
from ..inventory import LAST_ON_HAND, BatchSource
from ..jobs import RecordVerdict
from ..refs import position_id, quantity_id, quantity_number, quantity_ref
from .audit import INVENTORY_POSITION, AuditedEntity, row_id
from .quantity_numbers import QuantityNumbers
from .raised import INVENTORY_QUANTITY, RaisedRow, creation

APPLIED = frozenset({RecordVerdict.APPLIED, RecordVerdict.NEW_QUANTITY, RecordVerdict.NEW_POSITION})

RECORD, POSITION, QUANTITY = 0, 1, 2
"""What a record may have raised, in order: an event for itself, and CREATE for what is new."""
_PARTS = 3
NEW: Mapping[int, frozenset[int]] = {
    POSITION: frozenset({RecordVerdict.NEW_POSITION}),
    QUANTITY: frozenset({RecordVerdict.NEW_POSITION, RecordVerdict.NEW_QUANTITY}),
}
"""The verdicts with which a part of a record is new."""


class Raised(NamedTuple):
    """Rows of one kind: which part of records they are, with which verdicts, and one as a sample.

    All rows of a kind tell the same but for their ids, their attributes and, of what is new, the
    entity.
    """

    part: int
    verdicts: frozenset[int]
    sample: RaisedRow


def row_number(line: int, part: int) -> int:
    """The number of a row of a batch; 0 stands for the batch itself."""
    return line * _PARTS + part + 1


def line_of(number: int) -> int:
    """The line of the record that a row of a batch is about."""
    return (number - 1) // _PARTS


def _lines(*wanted: "tuple[array[int] | bytearray, int]") -> Iterator[int]:
    """The lines that have each of these values in its column.

    Without looking at each line: at those that have the rarest of the values.
    """
    rarest, value = min(wanted, key=lambda one: one[0].count(one[1]))
    line = -1
    with suppress(ValueError):
        while True:
            line = rarest.index(value, line + 1)
            if all(column[line] == each for column, each in wanted):
                yield line


class BatchStory:
    """What one batch has raised; `success` is the status of what was applied.

    `quantities` are shared by all that is read.
    """

    def __init__(
        self,
        event: BatchEvents,
        catalogue: InventoryCatalogue | None,
        success: EventStatus,
        quantities: QuantityNumbers,
    ) -> None:
        self._event = event
        self._batch = event.batch
        self._catalogue = catalogue
        self._success = success
        self._quantities = quantities
        number = None if catalogue is None else str(catalogue.number)
        self._root = AuditedEntity(INVENTORY_CATALOGUE, event.catalogue_ref, number)

    def kinds(self) -> Iterator[Raised]:
        """The kinds of rows that there can be."""
        for verdicts, status in (
            (APPLIED, self._success),
            ({RecordVerdict.FAILED}, EventStatus.FAILED),
            ({RecordVerdict.NO_MATCH}, EventStatus.NO_MATCH),
        ):
            yield Raised(RECORD, frozenset(verdicts), self._record_row(0, status))
        for part, entity_type in (POSITION, INVENTORY_POSITION), (QUANTITY, INVENTORY_QUANTITY):
            yield Raised(part, NEW[part], self._creation(0, part, entity_type))

    def row(self, number: int) -> RaisedRow | None:
        """The row with this number, if there is one."""
        line, part = divmod(number - 1, _PARTS)
        if not 0 <= line < self._batch.size:
            return None
        verdict = RecordVerdict(self._batch.verdicts[line])
        if part == RECORD:
            return self._row_of_record(line, verdict)
        is_new = verdict is RecordVerdict.NEW_POSITION
        if part == QUANTITY:
            is_new = is_new or verdict is RecordVerdict.NEW_QUANTITY
        catalogue, position = self._catalogue, self._batch.positions[line]
        if not is_new or catalogue is None:
            return None
        if part == POSITION:
            entity_id = position_id(catalogue.number, position)
            return self._creation(
                line, part, INVENTORY_POSITION, catalogue.ref_of(position), entity_id
            )
        ref, made = self._quantity(catalogue, line, position)
        return self._creation(line, part, INVENTORY_QUANTITY, ref, made)

    def rows_named(self, ref: str | None, number: str | None) -> frozenset[int]:
        """The numbers of the rows that tell of the position or quantity with this ref or id."""
        catalogue = self._catalogue
        if catalogue is None:
            return frozenset()
        found = set[int]()
        if ref is not None:
            position = catalogue.find_by_ref(ref)
            if position is not None:
                found.update(self._at(POSITION, position))
            quantity = catalogue.find_quantity(ref)
            if quantity is not None:
                found.update(self._setting(quantity.position, quantity.number))
        elif number is not None:
            position, made = quantity_number(catalogue.number, number)
            if position is not None:
                found.update(self._at(POSITION, position), self._setting(position, 0))
            elif made is not None:
                found.update(self._setting(None, made))
        return frozenset(found)

    def _at(self, part: int, position: int) -> Iterator[int]:
        """The rows for what a position has that is new."""
        batch = self._batch
        for verdict in NEW[part]:
            for line in _lines((batch.positions, position), (batch.verdicts, verdict)):
                yield row_number(line, part)

    def _setting(self, position: int | None, quantity: int) -> Iterator[int]:
        """The rows for a quantity with this number; each position has a count with the number 0."""
        numbers, positions = self._batch.quantities, self._batch.positions
        if position is not None and not (quantity or numbers):
            yield from self._at(QUANTITY, position)
        elif numbers:
            places = [] if position is None else [(positions, position)]
            for line in _lines((numbers, quantity), *places):
                yield row_number(line, QUANTITY)

    def _row_of_record(self, line: int, verdict: RecordVerdict) -> RaisedRow | None:
        batch, catalogue = self._batch, self._catalogue
        where = str(BatchSource(batch.number, line))
        if verdict is RecordVerdict.FAILED:
            outcome = f"{where}: {batch.faults[line].message}"
            return self._record_row(line, EventStatus.FAILED, outcome)
        if verdict is RecordVerdict.NO_MATCH:
            return self._record_row(line, EventStatus.NO_MATCH, f"{where}: {batch.unmatched}")
        if verdict not in APPLIED or catalogue is None:
            return None
        position, amount = batch.positions[line], batch.amounts[line]
        owner = catalogue.ref_of(position)
        ref, _ = self._quantity(catalogue, line, position)
        quantity_type = batch.type_of(line)
        told = {
            "ref": owner,
            "productRef": catalogue.positions.product_ref(position),
            "locationRef": catalogue.positions.location_ref(position),
            "qty": amount,
            "inventoryQuantity": {"ref": ref, "type": quantity_type, "qty": amount},
        }
        outcome = f"{where}: {owner}: {quantity_type} {amount}"
        return self._record_row(line, self._success, outcome, ("inventoryPosition", told))

    def _quantity(
        self, catalogue: InventoryCatalogue, line: int, position: int
    ) -> tuple[str | None, str | None]:
        """Ref and id of the quantity that a record has set, as far as it is still there."""
        numbers = self._batch.quantities
        number = numbers[line] if numbers else 0
        if number == 0:
            ref = quantity_ref(catalogue.ref_of(position), LAST_ON_HAND)
            return ref, position_id(catalogue.number, position)
        found = self._quantities.ref_of(catalogue, position, number)
        if found is None:
            return None, None
        return found, quantity_id(catalogue.number, position, number)

    def _record_row(
        self,
        line: int,
        status: EventStatus,
        outcome: str | None = None,
        *attributes: tuple[str, object],
    ) -> RaisedRow:
        root = self._root
        return RaisedRow(
            self._event,
            row_number(line, RECORD),
            self._batch.event,
            EventContext(root.type, root.ref, root.id, None, *root),
            self._event.ended_at,
            status,
            outcome,
            attributes,
        )

    def _creation(
        self,
        line: int,
        part: int,
        entity_type: str,
        ref: str | None = None,
        entity_id: str | None = None,
    ) -> RaisedRow:
        event = self._event
        raised_by = row_id(event.id, row_number(line, RECORD))
        entity = AuditedEntity(entity_type, ref, entity_id)
        number = row_number(line, part)
        return creation(event, number, entity, self._root, raised_by, event.ended_at)
