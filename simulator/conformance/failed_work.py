"""What was accepted and came to nothing afterwards, in line with the exchanges until examined."""

from collections.abc import Mapping, Sequence
from sys import getsizeof
from typing import NamedTuple

from ..domain.events import Event, EventStatus
from ..domain.jobs import InventoryBatch
from ..errors import shortened

EVENT, BATCH = "event", "batch"
LONGEST_REASON = 300
"""Characters."""
_BYTES = 700
_RECORD_BYTES = 400


class FailedWork(NamedTuple):
    """An event or a batch of which something failed, or that nothing matched.

    `failed` has the reasons by place in what was sent, a JSON pointer; `unmatched` is why nothing
    matched. `place`, `stream` and `size` are what it has in line.
    """

    kind: str
    id: str
    failed: Mapping[str, str]
    unmatched: str = ""
    place: int = 0
    stream: int = 0
    size: int = 0

    @property
    def key(self) -> tuple[str, str]:
        """What it was of."""
        return self.kind, self.id

    def held_bytes(self) -> int:
        """About how much memory it takes."""
        return _BYTES + _RECORD_BYTES * len(self.failed) + getsizeof(self.unmatched)


def failed_work(unit: Event | InventoryBatch, but: Sequence[str] = ()) -> FailedWork | None:
    """What came to nothing of a unit of work, but for these reasons; None where nothing did."""
    return _of_event(unit) if isinstance(unit, Event) else _of_batch(unit, but)


def _of_event(event: Event) -> FailedWork | None:
    reason = shortened(event.outcome or "", LONGEST_REASON)
    if event.status is EventStatus.FAILED:
        return FailedWork(EVENT, event.id, {"": reason})
    if event.status is EventStatus.NO_MATCH:
        return FailedWork(EVENT, event.id, {}, reason)
    return None


def _of_batch(batch: InventoryBatch, but: Sequence[str]) -> FailedWork | None:
    failed = {
        f"/entities/{line}": shortened(fault.message, LONGEST_REASON)
        for line, fault in sorted(batch.faults.items())
        if fault.message not in but
    }
    if not failed and not batch.unmatched:
        return None
    unmatched = shortened(batch.unmatched, LONGEST_REASON)
    return FailedWork(BATCH, str(batch.number), failed, unmatched)
