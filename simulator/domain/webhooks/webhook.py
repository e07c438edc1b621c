"""A webhook: where it is told that an event has ended, and of which events."""

from collections.abc import Sequence
from typing import NamedTuple

from ..events import Event, EventStatus
from .retry_schedule import RetrySchedule


class EventChoice(NamedTuple):
    """Which events are told of; what names none takes all."""

    names: Sequence[str] = ()
    statuses: Sequence[str] = ()
    entity_types: Sequence[str] = ()

    def takes(self, event: Event) -> bool:
        """Whether an event that has ended is one of them.

        COMPLETE is another word for SUCCESS (Audit events, 26 Feb 2025, lists both).
        """
        status = EventStatus.SUCCESS if event.status is EventStatus.COMPLETE else event.status
        return (
            (not self.names or event.name in self.names)
            and (not self.statuses or status in self.statuses)
            and (not self.entity_types or event.context.entity_type in self.entity_types)
        )


class Webhook(NamedTuple):
    """Where events are posted to; without a schedule of its own it has that of the switch."""

    name: str
    url: str
    choice: EventChoice = EventChoice()
    retry_schedule: RetrySchedule | None = None
    verifies_tls: bool = True


class PublicKey(NamedTuple):
    """What a receiver verifies signatures with: X.509 (SPKI), as one line and as PEM."""

    bits: int
    base64: str
    pem: str
