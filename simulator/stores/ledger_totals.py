"""What has come of all deltas, and of all records of batches, in numbers."""

from collections.abc import Iterable

from ..domain.delta_accounts import Fate
from ..domain.delta_outcomes import DeltaOutcome
from ..domain.jobs import RecordVerdict

RECORD_FATES = ("applied", "unchanged", "duplicate", "failed", "noMatch", "dropped")
"""What came of a batch's record: as its verdict has it, or dropped by a reset."""
_FATES_OF_VERDICTS = {
    RecordVerdict.APPLIED: "applied",
    RecordVerdict.NEW_QUANTITY: "applied",
    RecordVerdict.NEW_POSITION: "applied",
    RecordVerdict.UNCHANGED: "unchanged",
    RecordVerdict.DUPLICATE: "duplicate",
    RecordVerdict.FAILED: "failed",
    RecordVerdict.NO_MATCH: "noMatch",
}


class LedgerTotals:
    """What has come of all of them since the ledger was begun, kept or not."""

    def __init__(self) -> None:
        self.deltas = 0
        self.arrived = 0
        self.acknowledged = 0
        self.delivered_again = 0
        self.without_id = 0
        self.not_looked_into = 0
        self.fates = dict.fromkeys((fate.value for fate in Fate), 0)
        self.outcomes = [0] * len(DeltaOutcome)
        self.batches_acknowledged = 0
        self.batches_refused = 0
        self.records_arrived = 0
        self.records = dict.fromkeys(RECORD_FATES, 0)

    @property
    def records_waiting(self) -> int:
        """How many records of batches have no verdict yet."""
        return self.records_arrived - sum(self.records.values())

    def count(self, fates: Iterable[Fate], times: int) -> None:
        """Count the fates of a delta: `times` is 1, or -1 for those that do not hold any more."""
        counted = self.fates
        for fate in fates:
            counted[fate.value] += times

    def arrive(self, deltas: int, outcome: DeltaOutcome, *, is_again: bool) -> None:
        """So many deltas arrived; `is_again` if nobody has sent them that often."""
        if is_again:
            self.delivered_again += deltas
        else:
            self.arrived += deltas
        self.outcomes[outcome] += deltas

    def end_batch(self, verdicts: bytearray) -> None:
        """Every record of a batch has its verdict."""
        for verdict, fate in _FATES_OF_VERDICTS.items():
            self.records[fate] += verdicts.count(verdict)

    def answer_batch(self, status: int, made: str | None) -> None:
        """A request that brought a batch was answered; `made` is what it has made all the same."""
        if 200 <= status < 300:
            self.batches_acknowledged += 1
        elif status and made is None:
            self.batches_refused += 1

    def drop_waiting_records(self) -> None:
        """What waits in batches is dropped by a reset."""
        self.records["dropped"] += self.records_waiting
