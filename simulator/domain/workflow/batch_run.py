"""The run of one batch over the catalogue, a chunk at a time."""

from ...behaviour import Behaviour
from ..catalogue.inventory_catalogue import InventoryCatalogue
from ..inventory import BatchSource, RuleError
from ..jobs import INVENTORY_CHANGED, BatchStatus, InventoryBatch, RecordFault, RecordVerdict
from .preprocessing import duplicates, is_unchanged
from .workflow import inventory_changed


class BatchRun:
    """Applies a batch; between two chunks other work may go ahead."""

    def __init__(self, batch: InventoryBatch, preprocessing: bool, behaviour: Behaviour) -> None:
        self.batch = batch
        self._behaviour = behaviour
        self.preprocessing = preprocessing
        self._next_line = 0

    @property
    def has_begun(self) -> bool:
        """Whether a chunk has been applied."""
        return self.batch.status is not BatchStatus.PENDING

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

    def begin(self) -> None:
        """Mark the batch RUNNING and find its duplicates."""
        batch = self.batch
        batch.status = BatchStatus.RUNNING
        if self.no_match:
            self.end_unmatched()
        elif self.preprocessing:
            wins = self._behaviour.preprocessing_duplicate_wins
            for line in duplicates(batch.records, wins):
                batch.verdicts[line] = RecordVerdict.DUPLICATE

    def apply_chunk(self, catalogue: InventoryCatalogue, size: int, at: int) -> None:
        """Apply the next records, at most `size`."""
        batch = self.batch
        preprocessing = self.preprocessing
        compares_attributes = self._behaviour.preprocessing_compares_attributes == "yes"
        first_status = self._behaviour.position_first_status
        first_source = BatchSource(batch.number, 0).packed()
        end = min(self._next_line + size, batch.size)
        for line in range(self._next_line, end):
            record = batch.records[line]
            if record is None:
                continue
            position = catalogue.find(record.product_ref, record.location_ref)
            if batch.verdicts[line] == RecordVerdict.DUPLICATE:
                batch.positions[line] = -1 if position is None else position
                continue
            if (
                preprocessing
                and position is not None
                and is_unchanged(catalogue, position, record, batch.conditions, compares_attributes)
            ):
                batch.verdicts[line] = RecordVerdict.UNCHANGED
                batch.positions[line] = position
                continue
            try:
                batch.positions[line] = inventory_changed(
                    catalogue, position, record, at, first_source + line, first_status
                )
                batch.verdicts[line] = RecordVerdict.APPLIED
            except RuleError as error:
                batch.refuse(line, RecordFault.of(error))
        self._next_line = end

    def end_unmatched(self) -> None:
        """End with no ruleset, or no catalogue, for any record."""
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
