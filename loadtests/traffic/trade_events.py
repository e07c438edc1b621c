"""What a day of trade consists of, and what becomes of it on its way to the server.

Everything that is sent is one of these values, so that the generator, the load users, the ledger
and the audit speak of the same things. Times are seconds since 1970 where something has happened,
and seconds since the start of the day where it is planned.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple


class Position(NamedTuple):
    """A product at a location."""

    product_ref: str
    location_ref: str


class Cause(StrEnum):
    """Why stock moves."""

    SALE = "sale"
    RETURN = "return"
    RECEIPT = "receipt"
    CORRECTION = "correction"


class Delta(NamedTuple):
    """A relative change; `due` is when in the day it happens."""

    delta_id: str
    position: Position
    quantity: int
    cause: Cause
    due: float


class Count(NamedTuple):
    """An absolute count of a position."""

    position: Position
    quantity: int


class DeltaEvent(NamedTuple):
    """The deltas of one INVENTORY_DELTA event, such as a basket or a delivery.

    `due` is when it is to be sent. `late` seconds pass between what happened, which is when its
    deltas are due, and its being sent. `repeat_of` is the number of times that it was sent before:
    a retry, with the same deltaIds.
    """

    deltas: Sequence[Delta]
    due: float
    late: float = 0.0
    repeat_of: int = 0


class FullLoad(NamedTuple):
    """A full load, or the counts of a five-minute batch, in batches of at most 5,000 records.

    `snapshot` is when in the day the counts were taken: deltas that happened after it are not in
    them, even if they were sent before the load.
    """

    name: str
    counts: Sequence[Count]
    due: float
    snapshot: float


class Sent(NamedTuple):
    """A request that carried deltas or counts, as its sender saw it.

    `acknowledged_at` is None where no good answer came: then it may have been applied or not.
    `request` names it in a report, such as `event 5a0c...` or `job 3 batch 7`.
    """

    request: str
    sent_at: float
    acknowledged_at: float | None
    status: int | None
