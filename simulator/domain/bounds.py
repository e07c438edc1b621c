"""What may be held in memory: the one table that the code, `/__admin/health` and the docs read.

None of these is a limit of the platform's. A bound counts what is held, not what was sent: Python
objects take several times the bytes of the JSON that they were read from.
"""

from typing import Literal, NamedTuple

MEBIBYTE = 1024 * 1024


class Bound(NamedTuple):
    """How much of one thing is held at most, and what happens beyond it."""

    name: str
    what: str
    unit: Literal["bytes", "entries"]
    limit: int
    beyond: str


WAITING_EVENTS = Bound(
    "waitingEvents",
    "events that were accepted and have not ended",
    "bytes",
    256 * MEBIBYTE,
    "a further one is refused until the worker has caught up (behaviour http.overload_status)",
)
SCHEDULED_EVENTS = Bound(
    "scheduledEvents",
    "events that wait for their scheduledOn",
    "bytes",
    64 * MEBIBYTE,
    "a further one is refused until some have run (behaviour http.overload_status)",
)
WAITING_BATCHES = Bound(
    "waitingBatches",
    "batches that were accepted and are not COMPLETE",
    "bytes",
    512 * MEBIBYTE,
    "a further one is refused until the worker has caught up (behaviour http.overload_status)",
)
EVENTS = Bound(
    "events", "events that have ended", "entries", 20_000, "the oldest leave the event log"
)
EVENT_BYTES = Bound(
    "eventBytes",
    "events that have ended: bodies, outcomes, traces",
    "bytes",
    64 * MEBIBYTE,
    "the oldest leave the event log",
)
JOBS = Bound("jobs", "jobs", "entries", 10_000, "the oldest without a waiting batch are forgotten")
JOB_BYTES = Bound(
    "jobBytes",
    "jobs: names and meta",
    "bytes",
    64 * MEBIBYTE,
    "the oldest without a waiting batch are forgotten",
)
BATCHES = Bound(
    "batches", "batches that are COMPLETE", "entries", 50_000, "the oldest are forgotten"
)
BATCH_BYTES = Bound(
    "batchBytes",
    "batches that are COMPLETE: a verdict for each record, a reason for each that failed",
    "bytes",
    128 * MEBIBYTE,
    "the oldest are forgotten",
)
POSITIONS = Bound(
    "positions",
    "inventory positions",
    "entries",
    10_000_000,
    "a record or event that would create another one fails",
)
POSITION_LOCATIONS = Bound(
    "positionLocations",
    "different locations that the positions of a catalogue name",
    "entries",
    100_000,
    "a record or event that would name another one fails",
)
EVENT_QUANTITIES = Bound(
    "eventQuantities",
    "quantities that events made, kept one by one",
    "entries",
    100_000,
    "the oldest are forgotten when retired or no stock on hand, else folded into a sum for their "
    "position, type and status; a deltaId that old is no longer recognised",
)
FOLDED_SUMS = Bound(
    "foldedSums",
    "sums of older quantities",
    "entries",
    200_000,
    "the oldest are forgotten when retired, else added to their position's count",
)
RESERVATIONS = Bound(
    "reservations",
    "active reservations that events made, what else a count does not retire, and what other "
    "quantities are under",
    "entries",
    500_000,
    "an event that would make another one fails: a reservation that is not kept one by one could "
    "be neither confirmed nor cancelled",
)
QUANTITIES = Bound(
    "quantities",
    "quantities that batches and mutations made, and the attributes of all",
    "bytes",
    512 * MEBIBYTE,
    "a record or mutation that would add to them fails; plain counts are not among them",
)
ENTITIES = Bound(
    "entities",
    "what mutations wrote of entities other than quantities",
    "bytes",
    128 * MEBIBYTE,
    "a mutation that would add to it fails",
)
HISTORY = Bound(
    "history", "earlier states of quantities", "entries", 100_000, "the oldest are forgotten"
)
ON_HAND_CHANGES = Bound(
    "onHandChanges",
    "changes of stock on hand, those of counts that were set together as one",
    "entries",
    100_000,
    "the oldest are forgotten",
)
TOKENS = Bound("tokens", "access tokens", "entries", 10_000, "the oldest is no longer valid")
REFRESH_TOKENS = Bound(
    "refreshTokens", "refresh tokens", "entries", 10_000, "the oldest is no longer valid"
)
TRAFFIC = Bound(
    "traffic",
    "exchanges that wait to be examined",
    "entries",
    100_000,
    "the oldest are not examined, and the conformance report says how many",
)
TRAFFIC_BYTES = Bound(
    "trafficBytes",
    "exchanges that wait to be examined: bodies, headers, queries",
    "bytes",
    64 * MEBIBYTE,
    "the oldest are not examined, and the conformance report says how many",
)
REQUESTS = Bound(
    "requests", "requests with their replies", "entries", 100_000, "the oldest are dropped"
)
REQUEST_BYTES = Bound(
    "requestBytes",
    "requests with their replies: bodies and headers",
    "bytes",
    90 * MEBIBYTE,
    "the oldest are dropped",
)
SNAPSHOTS = Bound("snapshots", "snapshots", "entries", 100, "a further one is refused")
SNAPSHOT_BYTES = Bound(
    "snapshotBytes",
    "bytes of snapshots",
    "bytes",
    1024 * MEBIBYTE,
    "a snapshot that would add to it is refused",
)
FAULT_FIRINGS = Bound(
    "faultFirings",
    "requests that a fault rule has struck",
    "entries",
    1_000,
    "the oldest are no longer told",
)
FAULT_MEMORY = Bound(
    "faultMemory",
    "requests, tokens and clients that fault rules tell from others",
    "entries",
    100_000,
    "the oldest are taken for new ones when they come again",
)
LEDGER = Bound(
    "ledger",
    "deltas with what came of each, in the ledger",
    "entries",
    100_000,
    "the oldest are dropped; the totals go on",
)
LEDGER_BYTES = Bound(
    "ledgerBytes",
    "deltas with what came of each, in the ledger: ids, refs, arrivals",
    "bytes",
    96 * MEBIBYTE,
    "the oldest are dropped; the totals go on",
)
COMPARED_REFS = Bound(
    "comparedRefs",
    "refs that were examined and are compared with those that follow",
    "bytes",
    32 * MEBIBYTE,
    "the oldest are no longer compared",
)
SENT_WORK = Bound(
    "sentWork",
    "events and batches that were accepted, with the places at which rules have found errors",
    "bytes",
    32 * MEBIBYTE,
    "the oldest are not told when they fail later",
)
FAILED_WORK = Bound(
    "failedWork",
    "events and batches that have failed before their requests were examined",
    "bytes",
    8 * MEBIBYTE,
    "the oldest are not told",
)
DOCUMENTS = Bound(
    "documents",
    "GraphQL documents that were read and may come again",
    "bytes",
    32 * MEBIBYTE,
    "the oldest are read anew when they come again",
)
WEBHOOKS = Bound("webhooks", "webhooks", "entries", 20, "a further one is refused")
WAITING_DELIVERIES = Bound(
    "waitingDeliveries",
    "deliveries of webhooks that have not ended",
    "bytes",
    32 * MEBIBYTE,
    "a further one is dropped, and its webhook tells how many; to redeliver is refused",
)
DELIVERIES = Bound(
    "deliveries",
    "deliveries of webhooks that have ended",
    "entries",
    5_000,
    "the oldest are no longer told",
)
DELIVERY_BYTES = Bound(
    "deliveryBytes",
    "deliveries of webhooks that have ended: bodies, attempts, answers",
    "bytes",
    32 * MEBIBYTE,
    "the oldest are no longer told",
)

TABLE = (
    WAITING_EVENTS,
    SCHEDULED_EVENTS,
    WAITING_BATCHES,
    EVENTS,
    EVENT_BYTES,
    JOBS,
    JOB_BYTES,
    BATCHES,
    BATCH_BYTES,
    POSITIONS,
    POSITION_LOCATIONS,
    EVENT_QUANTITIES,
    FOLDED_SUMS,
    RESERVATIONS,
    QUANTITIES,
    ENTITIES,
    HISTORY,
    ON_HAND_CHANGES,
    TOKENS,
    REFRESH_TOKENS,
    TRAFFIC,
    TRAFFIC_BYTES,
    REQUESTS,
    REQUEST_BYTES,
    SNAPSHOTS,
    SNAPSHOT_BYTES,
    FAULT_FIRINGS,
    FAULT_MEMORY,
    LEDGER,
    LEDGER_BYTES,
    COMPARED_REFS,
    SENT_WORK,
    FAILED_WORK,
    DOCUMENTS,
    WEBHOOKS,
    WAITING_DELIVERIES,
    DELIVERIES,
    DELIVERY_BYTES,
)


class Tally:
    """How much is held of what a bound limits, and how many were dropped or refused for it."""

    __slots__ = ("bound", "held", "limit", "lost")

    def __init__(self, bound: Bound) -> None:
        self.bound = bound
        self.limit = bound.limit
        self.held = 0
        self.lost = 0

    @property
    def is_over(self) -> bool:
        """Whether more is held than may be."""
        return self.held > self.limit

    def has_room(self, amount: int = 1) -> bool:
        """Whether so much more may be held."""
        return self.held + amount <= self.limit

    def admits(self, size: int) -> bool:
        """Whether one more of this size may wait; one that is alone always may."""
        if not self.held or self.held + size <= self.limit:
            return True
        self.lost += 1
        return False


class LineFullError(Exception):
    """Too much waits already: nothing was accepted."""

    def __init__(self, tally: Tally) -> None:
        super().__init__(tally.bound.name)
        self.tally = tally
