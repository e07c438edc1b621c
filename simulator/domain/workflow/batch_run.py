"""The run of one batch over the catalogue, a chunk at a time."""

from collections.abc import Iterable

from ...behaviour import Behaviour
from ..catalogue.inventory_catalogue import InventoryCatalogue
from ..catalogue.positions import NO_COUNT
from ..faults import RuleError
from ..inventory import NO_DETAILS, BatchSource
from ..jobs import (
    INVENTORY_CHANGED,
    InventoryBatch,
    InventoryRecord,
    RecordFault,
    RecordVerdict,
)
from ..refs import quantity_ref
from .preprocessing import duplicates, fields_left_out, is_unchanged
from .workflow import counts_together, inventory_changed, why_no_workflow

# Members of an enumeration take much longer to look up than numbers.
_APPLIED = int(RecordVerdict.APPLIED)
_UNCHANGED = int(RecordVerdict.UNCHANGED)
_DUPLICATE = int(RecordVerdict.DUPLICATE)
_NEW_POSITION = int(RecordVerdict.NEW_POSITION)
_NEW_QUANTITY = int(RecordVerdict.NEW_QUANTITY)


class BatchRun:
    """Applies a batch; between two chunks other work may go ahead."""

    def __init__(self, batch: InventoryBatch, preprocessing: bool, behaviour: Behaviour) -> None:
        self.batch = batch
        self._behaviour = behaviour
        self.preprocessing = preprocessing
        self._next_line = 0
        self._dropped: set[int] = set()
        self.has_begun = False
        """Whether a chunk has been applied."""
        self.breaks_at: int | None = None
        """The record from which on all fail, where that is so, and why they do."""
        self.why_it_breaks = ""

    @property
    def finished(self) -> bool:
        """Whether every record has its verdict."""
        return self._next_line >= self.batch.size

    @property
    def no_match(self) -> bool:
        """Whether the batch raises an event that no ruleset is named after."""
        return (
            self.batch.event != INVENTORY_CHANGED and self._behaviour.batch_custom_event != "apply"
        )

    def begin(self, at: int) -> None:
        """Mark the batch RUNNING and find its duplicates."""
        batch = self.batch
        self.has_begun = True
        batch.run(at)
        if self.no_match:
            self.end_unmatched(f"no ruleset is named {batch.event!r}")
        elif self.preprocessing:
            wins = self._behaviour.preprocessing_duplicate_wins
            self._dropped = duplicates(batch.records, wins)
            for line in self._dropped:
                batch.verdicts[line] = RecordVerdict.DUPLICATE

    def apply_chunk(self, catalogue: InventoryCatalogue, size: int, at: int) -> None:
        """Apply the next records, at most `size`."""
        batch = self.batch
        no_workflow = why_no_workflow(catalogue, self._behaviour)
        if no_workflow is not None:
            self.end_unmatched(no_workflow)
            return
        end = min(self._next_line + size, batch.size)
        if self.breaks_at is not None:
            end = min(end, max(self.breaks_at, self._next_line))
        if end > self._next_line:
            self._apply_until(end, catalogue, at)
        self._next_line = end
        if end == self.breaks_at:
            self.fail_rest(self.why_it_breaks)
        if self.finished:
            self._place_dropped(catalogue)

    def _place_dropped(self, catalogue: InventoryCatalogue) -> None:
        """Note the positions of duplicates that a later record of the batch has made."""
        records, positions = self.batch.records, self.batch.positions
        for line in self._dropped:
            record = records[line]
            if record is not None and positions[line] < 0:
                position = catalogue.find(record.product_ref, record.location_ref)
                positions[line] = -1 if position is None else position

    def _apply_until(self, end: int, catalogue: InventoryCatalogue, at: int) -> None:
        lines = counts_together(
            catalogue,
            self.batch,
            range(self._next_line, end),
            at,
            self._behaviour.position_first_status,
            preprocessing=self.preprocessing,
        )
        if lines:
            self._apply_each(catalogue, lines, at)

    def _apply_each(self, catalogue: InventoryCatalogue, lines: Iterable[int], at: int) -> None:
        """Apply records one by one."""
        batch, preprocessing = self.batch, self.preprocessing
        compares_attributes = self._behaviour.preprocessing_compares_attributes == "yes"
        first_status = self._behaviour.position_first_status
        first_source = BatchSource(batch.number, 0).packed()
        if self._compares_first:
            self._drop_unchanged(catalogue, compares_attributes)
            preprocessing = False
        # Of a batch of plain counts each is of another position; others were compared above.
        met: dict[int, bool] = {}
        # A load comes by here for each of its records: no look-up is made twice.
        records, verdicts, positions = batch.records, batch.verdicts, batch.positions
        counted_by, find = catalogue.positions.counted_by, catalogue.find
        for line in lines:
            record = records[line]
            if record is None or verdicts[line] == _UNCHANGED:
                continue
            position = find(record.product_ref, record.location_ref)
            if verdicts[line] == _DUPLICATE:
                positions[line] = -1 if position is None else position
                continue
            if (
                preprocessing
                and position is not None
                and is_unchanged(
                    catalogue, position, record, batch.conditions, compares_attributes, met
                )
            ):
                verdicts[line] = _UNCHANGED
                positions[line] = position
                continue
            plain = record.is_plain
            if position is None:
                verdict = _NEW_POSITION
            elif plain and counted_by[position] != NO_COUNT:
                verdict = _APPLIED
            else:
                verdict = _verdict(catalogue, position, record)
            try:
                position = inventory_changed(
                    catalogue, position, record, at, first_source + line, first_status
                )
            except RuleError as error:
                batch.refuse(line, RecordFault.of(error))
                continue
            positions[line] = position
            verdicts[line] = verdict
            if not plain:
                self._note_quantity(catalogue, line, position, record)

    @property
    def _compares_first(self) -> bool:
        """Whether records are to be compared with what was there before any of them is applied.

        One of another kind than a plain count may change what a later one of its position is
        compared with; plain counts have each a position of their own, once duplicates are dropped.
        """
        return self.preprocessing and not self.batch.is_plain

    def _drop_unchanged(self, catalogue: InventoryCatalogue, compares_attributes: bool) -> None:
        """Compare all records before the first is applied.

        How Inventory Batch Pre-Processing works, 23 Mar 2026: what is there is read, then compared,
        and only what has changed goes on.
        """
        batch = self.batch
        if self._next_line:
            return
        met: dict[int, bool] = {}
        for line, record in enumerate(batch.records):
            if record is None or batch.verdicts[line]:
                continue
            position = catalogue.find(record.product_ref, record.location_ref)
            if position is not None and is_unchanged(
                catalogue, position, record, batch.conditions, compares_attributes, met
            ):
                batch.verdicts[line] = _UNCHANGED
                batch.positions[line] = position
                if record.details is not None:
                    self._note_fields_left_out(catalogue, line, position, record)

    def _note_quantity(
        self, catalogue: InventoryCatalogue, line: int, position: int, record: InventoryRecord
    ) -> None:
        """Remember which quantity a record has set, so that its event can tell of it."""
        if self.batch.number:
            quantity = catalogue.quantity(_ref(catalogue, position, record))
            if quantity is not None:
                self.batch.set_number(line, quantity.number, quantity.type)

    def _note_fields_left_out(
        self, catalogue: InventoryCatalogue, line: int, position: int, record: InventoryRecord
    ) -> None:
        """Remember what a record that is dropped would have written, so that its sender is told."""
        known = catalogue.quantity(_ref(catalogue, position, record))
        fields = fields_left_out(known, record.details or NO_DETAILS)
        if fields:
            self.batch.fields_left_out[line] = fields

    def end_unmatched(self, reason: str) -> None:
        """End with no ruleset, or no catalogue, for any record that still waits."""
        self.batch.unmatched = reason
        for line, verdict in enumerate(self.batch.verdicts):
            if verdict == RecordVerdict.WAITING:
                self.batch.verdicts[line] = RecordVerdict.NO_MATCH
        self._next_line = self.batch.size

    def fail_rest(self, reason: str) -> None:
        """End with every record that still waits failed."""
        for line, verdict in enumerate(self.batch.verdicts):
            if verdict == RecordVerdict.WAITING:
                self.batch.refuse(line, RecordFault.told(reason))
        self._next_line = self.batch.size


def _verdict(catalogue: InventoryCatalogue, position: int, record: InventoryRecord) -> int:
    """Whether a record sets a quantity that was there, or a new one of its position."""
    known = catalogue.position_of_quantity(_ref(catalogue, position, record))
    return _NEW_QUANTITY if known is None else _APPLIED


def _ref(catalogue: InventoryCatalogue, position: int, record: InventoryRecord) -> str:
    return record.ref or quantity_ref(catalogue.ref_of(position), record.type)
