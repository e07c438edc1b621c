"""Jobs, the batches in them, and what became of every record."""

from array import array
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from itertools import islice
from typing import Literal, NamedTuple

from .as_of import AsOf
from .faults import NotFound, RuleError
from .inventory import ACTIVE, LAST_ON_HAND, QuantityDetails
from .refs import CatalogueRef
from .sizes import text_bytes

MOST_RECORDS = 5_000
"""Records in one batch (Fluent docs: Inventory batch, 9 Feb 2025)."""

INVENTORY_CHANGED = "InventoryChanged"
"""The event that a batch raises for each record unless it names another."""

DAY = 86_400_000
"""Milliseconds."""

LONGEST_REASON = 1_000
"""Characters of what is told of a record that failed."""

_JOB_BYTES = 1_000
_BATCH_BYTES = 1_200
"""What a batch takes besides what is counted for its records."""
_RECORD_BYTES = 300
"""What a record takes while it waits, besides its texts and attributes."""
_VERDICT_BYTES = 9
_NUMBER_BYTES = 10
"""Of a quantity's number, and of its type."""
_FAULT_BYTES = 250
_PLACE_BYTES = 150
_FIELDS_LEFT_OUT_BYTES = 250


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
    """What became of one record: of one that was applied, whether what it is about was new.

    A byte for each record is all that is kept of it, besides its amount.
    """

    WAITING = 0
    APPLIED = 1
    UNCHANGED = 2
    DUPLICATE = 3
    FAILED = 4
    NO_MATCH = 5
    NEW_QUANTITY = 6
    NEW_POSITION = 7


class InventoryRecord(NamedTuple):
    """One record of an inventory batch; `quantity` is absolute for a LAST_ON_HAND."""

    product_ref: str
    location_ref: str
    quantity: int
    type: str = LAST_ON_HAND
    ref: str | None = None
    status: str = ACTIVE
    attributes: Mapping[str, object] | None = None
    details: QuantityDetails | None = None

    @property
    def is_plain(self) -> bool:
        """Whether it is a count and nothing more, as nearly all records of a full load are."""
        return (
            self.type == LAST_ON_HAND
            and self.ref is None
            and not self.attributes
            and self.details is None
        )


class QuantityCondition(NamedTuple):
    """A type and status of quantity that keeps an equal count from being dropped as unchanged."""

    type: str
    status: str


Place = tuple[str, str]
"""The refs of a product and a location."""


class RecordFault(NamedTuple):
    """Why a record failed: one of the documented response codes, and the reason."""

    code: str
    message: str

    @classmethod
    def told(cls, reason: str) -> "RecordFault":
        """A fault for a reason in words, cut to what is kept."""
        if len(reason) > LONGEST_REASON:
            reason = reason[: LONGEST_REASON - 1] + "…"
        return cls("500", reason)

    @classmethod
    def of(cls, error: RuleError) -> "RecordFault":
        """What a rule refused: 404 where the record names what does not exist."""
        told = cls.told(str(error))
        return told._replace(code="404") if isinstance(error, NotFound) else told


@dataclass(slots=True)
class InventoryBatch:
    """A batch: the records it waits with (None where one was refused) and their verdicts.

    What its records were is let go once it is COMPLETE, but for their `amounts`; `quantities` are
    the numbers of those that they have set in the catalogue, where any is more than a plain count,
    and `types` the types that these had then, by the codes of lines.
    `failed_at` are the product and location of those that failed, as far as they could be read;
    `unmatched` is why records came to nothing, `fields_left_out` what was not written of those that
    were dropped as unchanged. `is_plain` says that all are plain counts.
    `text_bytes` is what the texts and attributes of its records take. `held` is for the store: what
    it has counted this batch for.
    """

    number: int
    job_number: int
    catalogue: CatalogueRef
    source: str
    event: str
    accepted_at: int
    records: Sequence[InventoryRecord | None]
    conditions: frozenset[QuantityCondition] | None = None
    is_plain: bool = False
    status: BatchStatus = BatchStatus.PENDING
    began_at: int = 0
    completed_at: int = 0
    verdicts: bytearray = field(default_factory=bytearray)
    positions: "array[int]" = field(default_factory=lambda: array("i"))
    amounts: "array[int]" = field(default_factory=lambda: array("i"))
    quantities: "array[int]" = field(default_factory=lambda: array("q"))
    types: dict[str, int] | None = None
    type_codes: "array[int] | None" = None
    faults: dict[int, RecordFault] = field(default_factory=dict)
    failed_at: dict[int, Place] = field(default_factory=dict)
    fields_left_out: dict[int, tuple[str, ...]] = field(default_factory=dict)
    unmatched: str = ""
    text_bytes: int = 0
    held: int = 0

    def __post_init__(self) -> None:
        self.verdicts = bytearray(len(self.records))
        self.positions = array("i", [-1]) * len(self.records)
        if self.records:
            # Now, and not when the records are let go: what stays would lie among what goes.
            self.amounts = narrow([record.quantity if record else 0 for record in self.records])
        for line in self.faults:
            self.verdicts[line] = RecordVerdict.FAILED

    @property
    def size(self) -> int:
        """How many records the batch came with."""
        return len(self.verdicts)

    def held_bytes(self) -> int:
        """About how much memory it takes now."""
        told = sum(_FAULT_BYTES + text_bytes(fault.message) for fault in self.faults.values())
        told += sum(_PLACE_BYTES + sum(map(text_bytes, place)) for place in self.failed_at.values())
        size = _BATCH_BYTES + text_bytes(self.source) + text_bytes(self.event)
        told += _FIELDS_LEFT_OUT_BYTES * len(self.fields_left_out)
        size += _VERDICT_BYTES * self.size + told + _NUMBER_BYTES * len(self.quantities)
        size += sum(map(text_bytes, self.types or ()))
        if self.records:
            size += _RECORD_BYTES * len(self.records) + self.text_bytes
        return size

    def refuse(self, line: int, fault: RecordFault) -> None:
        """Note that a record failed."""
        place = self.place_of(line)
        if place is not None:
            self.failed_at[line] = place
        self.verdicts[line] = RecordVerdict.FAILED
        self.faults[line] = fault

    def place_of(self, line: int) -> Place | None:
        """The product and location of a record that waits or has failed, where they are known."""
        records = self.records  # which another thread may let go of meanwhile
        record = records[line] if records else None
        if record is None:
            return self.failed_at.get(line)
        return record.product_ref, record.location_ref

    def set_number(self, line: int, quantity: int, quantity_type: str) -> None:
        """Note which quantity a record has set that is more than a plain count."""
        types, codes = self.types, self.type_codes
        if types is None or codes is None:
            self.quantities = array("q", bytes(8 * self.size))
            codes = self.type_codes = array("H", bytes(2 * self.size))
            types = self.types = {LAST_ON_HAND: 0}
        self.quantities[line] = quantity
        codes[line] = types.setdefault(quantity_type, len(types))

    def type_of(self, line: int) -> str:
        """The type that the quantity of a record had when the record was applied."""
        if self.types is None or self.type_codes is None:
            return LAST_ON_HAND
        return next(islice(self.types, self.type_codes[line], None))

    def let_go(self) -> None:
        """Let go of the records; their verdicts and amounts remain."""
        self.records = ()
        self.conditions = None

    def run(self, at: int) -> None:
        """Be RUNNING."""
        if self.status is not BatchStatus.RUNNING:  # a fault may have kept it so
            self.began_at = at
            self.status = BatchStatus.RUNNING

    def complete(self, at: int) -> None:
        """Let go of the records, if that has not been done, and be COMPLETE."""
        if self.records:
            self.let_go()
        self.completed_at = at
        self.status = BatchStatus.COMPLETE

    def status_seen(self, as_of: AsOf | None) -> BatchStatus:
        """The status that a reader sees; one who is late sees one that was before."""
        status = self.status
        if as_of is None or status is BatchStatus.PENDING:
            return status
        if status is BatchStatus.COMPLETE and not as_of.is_unseen(self.completed_at):
            return status
        return BatchStatus.PENDING if as_of.is_unseen(self.began_at) else BatchStatus.RUNNING


def narrow(numbers: list[int]) -> "array[int]":
    """Numbers in as few bytes as the largest needs: shops rarely count beyond 255."""
    for typecode in "Bh":
        with suppress(OverflowError):
            return array(typecode, numbers)
    return array("i", numbers)


def skips_preprocessing(meta: Mapping[str, object] | None) -> bool:
    """Whether a job with this meta asks for no Batch Pre-Processing.

    Fluent docs: Send inventory batches, 9 Jan 2025: on, unless meta.preprocessing is "skip".
    """
    return (meta or {}).get("preprocessing") == "skip"


@dataclass(slots=True)
class Job:
    """A container of batches of one retailer; `meta` is JSON, `waiting` batches are not COMPLETE.

    The meta can be anything, and as objects would take many times its bytes.
    """

    number: int
    name: str
    retailer_id: str
    created_at: int
    meta: bytes | None = None
    skips_preprocessing: bool = False
    batches: dict[int, InventoryBatch] = field(default_factory=dict)
    waiting: int = 0
    closes_early: bool = False
    """Whether it is closed, whatever the time."""

    @property
    def held_bytes(self) -> int:
        """About how much memory it takes, without its batches."""
        return _JOB_BYTES + text_bytes(self.name) + len(self.meta or b"")

    def status(
        self, now: int, closes: Literal["midnight_utc", "after_24_hours", "never"]
    ) -> JobStatus:
        """OPEN until midnight UTC (Fluent docs: Job API, 20 Feb 2025) unless switched."""
        if self.closes_early:
            return JobStatus.CLOSED
        if closes == "never":
            return JobStatus.OPEN
        if closes == "after_24_hours":
            end = self.created_at + DAY
        else:
            end = (self.created_at // DAY + 1) * DAY
        return JobStatus.OPEN if now < end else JobStatus.CLOSED

    def preprocesses(self, account_setting: Literal["true", "false"]) -> bool:
        """Whether its batches go through Batch Pre-Processing."""
        return account_setting == "true" and not self.skips_preprocessing
