"""Events: what came in, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple

from .as_of import AsOf
from .inventory import DELTA
from .jobs import InventoryBatch, InventoryRecord
from .sizes import text_bytes, widened

INVENTORY_CATALOGUE = "INVENTORY_CATALOGUE"
INVENTORY_DELTA = "INVENTORY_DELTA"
UPDATE_INVENTORY_QTY = "UpdateInventoryQty"

# Fluent docs: Event API, 17 Oct 2024: one triggers work, the other tells what happened.
ORCHESTRATION = "ORCHESTRATION"
ORCHESTRATION_AUDIT = "ORCHESTRATION_AUDIT"
ORDER_WORKFLOW = "ORDER_WORKFLOW"


_EVENT_BYTES = 1_300
"""What an event takes besides its body, its work, its outcome and its trace."""
_ENTRY_BYTES = 450
"""What an entry of an event takes while it waits, besides its texts."""
_TRACE_BYTES = 200
_REWRITE_BYTES = 200


class EventStatus(StrEnum):
    """Fluent docs: orchestration audit events, 26 Feb 2025."""

    PENDING = "PENDING"
    SCHEDULED = "SCHEDULED"
    SUCCESS = "SUCCESS"
    COMPLETE = "COMPLETE"
    FAILED = "FAILED"
    NO_MATCH = "NO_MATCH"


class Step(NamedTuple):
    """A rule and the ruleset that runs it; the names of some rulesets are not published."""

    ruleset: str | None
    rule: str


class Failure(NamedTuple):
    """Where an event failed, and at which position, if it got that far."""

    step: Step
    position: int | None = None


class Touched(NamedTuple):
    """A position that an event touched: by which entry first, its stock on hand before and now."""

    entry: int
    position: int
    before: int
    now: int
    created: int


class Rewrite(NamedTuple):
    """A quantity that was there already when an entry of an event wrote it.

    `status` is the one it was given; None: it kept its own.
    """

    entry: int
    type: str
    before: int
    quantity: int
    status: str | None = None


class Trace(NamedTuple):
    """What an event did, in as little memory as its audit rows can be made from.

    `steps` holds the fields of Touched for the first positions, one after the other; `touched` and
    `changed` count all positions, `writes` all quantities written. `told` is the first entry that
    `rewrites` no longer covers. `outcomes` has a DeltaOutcome for each delta, where not all were
    applied for the first time.
    """

    at: int
    steps: Sequence[int] = ()
    touched: int = 0
    changed: int = 0
    writes: int = 0
    told: int = 0
    rewrites: Sequence[Rewrite] = ()
    failure: Failure | None = None
    outcomes: bytes = b""

    def numbers(self) -> list[int]:
        """The positions that it names: those that were touched first, and where it failed."""
        numbers = list(self.steps[1 :: len(Touched._fields)])
        if self.failure is not None and self.failure.position is not None:
            numbers.append(self.failure.position)
        return numbers

    def positions(self) -> list[Touched]:
        """The positions that were touched first."""
        steps = iter(self.steps)
        return list(map(Touched, steps, steps, steps, steps, steps))


class Outcome(NamedTuple):
    """How an event ended, and the reason in words; `trace` is of one that ran."""

    status: EventStatus
    reason: str
    entity_id: str | None = None
    trace: Trace | None = None


class InventoryDelta(NamedTuple):
    """A relative change of one position; `delta_id` makes it safe to send again."""

    delta_id: str | None
    product_ref: str
    location_ref: str
    quantity: int
    type: str = DELTA


class FulfilmentUpdate(NamedTuple):
    """What a fulfilment reserves, confirms or cancels at one position; zero means: not said.

    Fluent docs: Inventory catalogue workflow interface contracts, 27 Nov 2024.
    """

    fulfilment_id: str
    product_ref: str
    location_ref: str
    reserved: int = 0
    sold: int = 0
    corrected: int = 0
    cancelled: int = 0


Work = Sequence[InventoryDelta] | Sequence[FulfilmentUpdate] | Sequence[InventoryRecord]
"""What a ruleset applies."""


class Unreadable(NamedTuple):
    """That no ruleset can read an event's attributes, and why; it fails when its time has come."""

    reason: str
    is_made_up: bool = False
    """Whether it is no fault of the event's, which is to fail all the same."""


class EventContext(NamedTuple):
    """The entity an event is for, and the root it belongs to."""

    entity_type: str
    entity_ref: str | None = None
    entity_id: str | None = None
    entity_subtype: str | None = None
    root_entity_type: str | None = None
    root_entity_ref: str | None = None
    root_entity_id: str | None = None


@dataclass(slots=True)
class Event:
    """An accepted event.

    `catalogue_ref` is the catalogue it is for, existing or not; `work` is what a ruleset will
    apply, and is let go once the event has ended. `scheduled_at` is when it is to run, where not at
    once. `trace` is what it did, `ended_at` when. `held` is for the log of events, what it has
    counted this one for; `outline` for those who search it, what its rows are about.
    """

    id: str
    name: str
    retailer_id: str
    context: EventContext
    accepted_at: int
    body: bytes
    catalogue_ref: str = ""
    source: str | None = None
    category: str = ORDER_WORKFLOW
    type: str = ORCHESTRATION
    work: Work | Unreadable = ()
    status: EventStatus = EventStatus.PENDING
    outcome: str | None = None
    entity_id: str | None = None
    trace: Trace | None = None
    ended_at: int = 0
    scheduled_at: int = 0
    held: int = 0
    outline: bytes | None = None

    def held_bytes(self) -> int:
        """About how much memory it takes now."""
        body, work, trace = self.body, self.work, self.trace
        size = _EVENT_BYTES + len(body) + widened(body)
        if work:
            size += _ENTRY_BYTES * len(work)
        if isinstance(work, Unreadable):
            size += text_bytes(work.reason)
        if self.outcome is not None:
            size += text_bytes(self.outcome)
        if trace is not None:
            steps, rewrites = len(trace.steps), len(trace.rewrites)
            size += _TRACE_BYTES + 40 * steps + _REWRITE_BYTES * rewrites
            size += len(trace.outcomes)
        return size

    @property
    def source_events(self) -> Sequence[str]:
        """What led to it: a caller, and no other event."""
        return ()

    @property
    def generated_at(self) -> int:
        """When it was accepted."""
        return self.accepted_at

    @property
    def waits(self) -> bool:
        """Whether it has not ended."""
        return self.status is EventStatus.PENDING or self.status is EventStatus.SCHEDULED

    def listed_late(self, as_of: AsOf) -> "Event | None":
        """What a late reader finds of it among others; None of what was accepted since."""
        return None if as_of.is_unseen(self.accepted_at) else self.seen_late(as_of)

    def seen_late(self, as_of: AsOf) -> "Event":
        """What a late reader sees of it who asks for it by its id: that it waits, or waited."""
        if self.waits or not as_of.is_unseen(self.ended_at):
            return self
        status = EventStatus.SCHEDULED if self.scheduled_at > as_of.moment else EventStatus.PENDING
        return replace(self, status=status, outcome=None, entity_id=None, trace=None)

    def end(self, outcome: Outcome, at: int = 0) -> None:
        """Record how it ended, and when if it ran."""
        status, self.outcome, self.entity_id, self.trace = outcome
        self.ended_at = at
        self.work = ()
        # Last, as a reader in another thread takes it for the sign that the rest is there.
        self.status = status


@dataclass(slots=True)
class BatchEvents(Event):
    """The events that the records of a batch have raised: one entry of the log for all of them.

    They are made from the batch when somebody reads them; it is not shown itself.
    """

    batch: InventoryBatch = field(kw_only=True)

    def listed_late(self, as_of: AsOf) -> "Event | None":
        """All of them, or None: they were raised when the batch had ended."""
        return None if as_of.is_unseen(self.ended_at) else self

    def held_bytes(self) -> int:
        """About how much memory it takes now, with the batch, which the jobs may have let go."""
        return _EVENT_BYTES + self.batch.held_bytes()
