"""A delivery: one event that one webhook is told of, with every attempt at it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from ..events import Event

_DELIVERY_BYTES = 2_500
"""What a delivery takes besides its event or its body, and its attempts."""
_ATTEMPT_BYTES = 400


class DeliveryStatus(StrEnum):
    """How far a delivery has come."""

    WAITING = "WAITING"
    RETRYING = "RETRYING"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"
    DROPPED = "DROPPED"


class Attempt(NamedTuple):
    """One POST: when it began, how long it took, and its answer, or why there was none.

    `at` is the simulator's time, `milliseconds` the machine's; `answer` is the beginning of a body.
    """

    at: int
    milliseconds: int
    status: int | None = None
    problem: str | None = None
    answer: bytes = b""


@dataclass(slots=True, eq=False)
class Delivery:
    """An event on its way to a webhook.

    `body` and `headers` are what is posted, made at the first attempt; until then `event` is what
    they are made from. `due_at` is when it is tried again. `redelivery_of` is the number of the one
    that somebody had sent again.
    """

    number: int
    webhook: str
    event_id: str
    event_name: str
    created_at: int
    event: Event | None
    redelivery_of: int | None = None
    status: DeliveryStatus = DeliveryStatus.WAITING
    attempts: list[Attempt] = field(default_factory=list)
    due_at: int | None = None
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    held: int = 0

    @property
    def has_ended(self) -> bool:
        """Whether nothing more is tried."""
        return self.status not in (DeliveryStatus.WAITING, DeliveryStatus.RETRYING)

    def write(self, body: bytes, headers: Mapping[str, str]) -> None:
        """Have this posted, at each attempt."""
        self.body, self.headers, self.event = body, headers, None

    def held_bytes(self) -> int:
        """About how much memory it takes now."""
        size = _DELIVERY_BYTES + len(self.body)
        if self.event is not None:
            size += self.event.held_bytes()
        return size + sum(_ATTEMPT_BYTES + len(attempt.answer) for attempt in self.attempts)
