"""Jobs, the batches in them, and what became of every record."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Literal, NamedTuple

from .inventory import ACTIVE, LAST_ON_HAND
from .refs import CatalogueRef

MOST_RECORDS = 5_000
"""Records in one batch (Fluent docs: Inventory batch, 9 Feb 2025)."""

INVENTORY_CHANGED = "InventoryChanged"
"""The event that a batch raises for each record unless it names another."""

DAY = 86_400_000
"""Milliseconds."""


class JobStatus(StrEnum):
    """CLOSED is documented (Job API, 20 Feb 2025), OPEN is inferred."""

    OPEN = "OPEN"
    CLOSED = "CLOSED"


class BatchStatus(StrEnum):
    """Fluent docs: Inventory batches, 3 Feb 2025. COMPLETE does not mean without errors."""

    PENDING = "PENDING"
    RUNNING = "RUNNING"
    COMPLETE = "COMPLETE"


class RecordVerdict(IntEnum):
    """What became of one record."""

    WAITING = 0
    APPLIED = 1
    UNCHANGED = 2
    DUPLICATE = 3
    FAILED = 4
    NO_MATCH = 5


class InventoryRecord(NamedTuple):
    """One record of an inventory batch; `quantity` is absolute for a LAST_ON_HAND."""

    product_ref: str
    location_ref: str
    quantity: int
    type: str = LAST_ON_HAND
    ref: str | None = None
    status: str = ACTIVE
    attributes: Mapping[str, object] | None = None


class QuantityCondition(NamedTuple):
    """A type and status of quantity that keeps an equal count from being dropped as unchanged."""

    type: str
    status: str


class RecordFault(NamedTuple):
    """Why a record failed: one of the documented response codes, and the reason."""

    code: str
    message: str


@dataclass(slots=True)
class InventoryBatch:
    """A batch: the records it waits with (None where one was refused) and their verdicts."""

    number: int
    job_number: int
    catalogue: CatalogueRef
    source: str
    event: str
    accepted_at: int
    records: Sequence[InventoryRecord | None]
    conditions: frozenset[QuantityCondition] | None = None
    status: BatchStatus = BatchStatus.PENDING
    verdicts: bytearray = field(default_factory=bytearray)
    positions: "array[int]" = field(default_factory=lambda: array("i"))
    faults: dict[int, RecordFault] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.verdicts = bytearray(len(self.records))
        self.positions = array("i", [-1]) * len(self.records)
        for line in self.faults:
            self.verdicts[line] = RecordVerdict.FAILED

    @property
    def size(self) -> int:
        """How many records the batch came with."""
        return len(self.verdicts)

    def refuse(self, line: int, fault: RecordFault) -> None:
        """Note that a record failed."""
        self.verdicts[line] = RecordVerdict.FAILED
        self.faults[line] = fault

    def complete(self) -> None:
        """Let go of the records; their verdicts remain."""
        self.records = ()
        self.status = BatchStatus.COMPLETE


@dataclass(slots=True)
class Job:
    """A container of batches of one retailer; `size` is what it takes to keep, in bytes."""

    number: int
    name: str
    retailer_id: str
    created_at: int
    meta: Mapping[str, object] | None = None
    size: int = 0
    batches: dict[int, InventoryBatch] = field(default_factory=dict)

    def status(
        self, now: int, closes: Literal["midnight_utc", "after_24_hours", "never"]
    ) -> JobStatus:
        """OPEN until midnight UTC (Fluent docs: Job API, 20 Feb 2025) unless switched."""
        if closes == "never":
            return JobStatus.OPEN
        if closes == "after_24_hours":
            end = self.created_at + DAY
        else:
            end = (self.created_at // DAY + 1) * DAY
        return JobStatus.OPEN if now < end else JobStatus.CLOSED

    def preprocesses(self, account_setting: Literal["true", "false"]) -> bool:
        """Whether its batches go through Batch Pre-Processing.

        Fluent docs: Send inventory batches, 9 Jan 2025: on, unless meta.preprocessing is "skip".
        """
        return account_setting == "true" and (self.meta or {}).get("preprocessing") != "skip"
