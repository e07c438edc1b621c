"""The webhooks of a world and what they are told of: deliveries that wait, and that have ended."""

import itertools
import threading
from collections.abc import Iterator
from typing import NamedTuple

from ..clock import Clock
from ..domain import bounds
from ..domain.bounds import LineFullError, Tally
from ..domain.events import Event
from ..domain.webhooks.delivery import Attempt, Delivery, DeliveryStatus
from ..domain.webhooks.webhook import Webhook
from .delivery_line import DeliveryLine

LONGEST_LOOK_AWAY = 0.05
"""Seconds between two looks at the clock, which may be one that is moved by hand."""


class InTheLine(NamedTuple):
    """How many deliveries are to be tried at once, and how many wait for their next attempt."""

    waiting: int
    retrying: int


class WebhookDeliveries:
    """Keeps webhooks by name, each with its line, and the deliveries that have ended, bounded.

    Nobody who adds to it is kept waiting for a receiver.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._lines: dict[str, DeliveryLine] = {}
        self._ended: dict[int, Delivery] = {}
        self._webhooks = Tally(bounds.WEBHOOKS)
        self._waiting = Tally(bounds.WAITING_DELIVERIES)
        self._entries = Tally(bounds.DELIVERIES)
        self._bytes = Tally(bounds.DELIVERY_BYTES)

    def __len__(self) -> int:
        """How many webhooks there are."""
        return len(self._lines)

    def tallies(self) -> list[Tally]:
        """How much is held of each kind."""
        return [self._webhooks, self._waiting, self._entries, self._bytes]

    # -- webhooks ------------------------------------------------------------------------------

    def lines(self) -> list[DeliveryLine]:
        """The line of each webhook, in the order in which they were made."""
        with self._lock:
            return list(self._lines.values())

    def find(self, name: str) -> DeliveryLine | None:
        """The line of a webhook."""
        return self._lines.get(name)

    def put(self, webhook: Webhook) -> tuple[DeliveryLine, bool]:
        """Have a webhook, also in the place of one of its name; whether it is a new one.

        What waits goes by the new one. Raises LineFullError where there are as many as may be.
        """
        with self._lock:
            line = self._lines.get(webhook.name)
            if line is not None:
                line.webhook = webhook
                return line, False
            if not self._webhooks.has_room():
                self._webhooks.lost += 1
                raise LineFullError(self._webhooks)
            line = self._lines[webhook.name] = DeliveryLine(webhook, self._lock)
            self._webhooks.held += 1
            return line, True

    def drop(self, name: str) -> DeliveryLine | None:
        """Forget a webhook with all its deliveries; its line, which is closed."""
        with self._lock:
            line = self._lines.pop(name, None)
            if line is None:
                return None
            self._webhooks.held -= 1
            for delivery in line.take_all():
                self._waiting.held -= delivery.held
            for delivery in [each for each in self._ended.values() if each.webhook == name]:
                self._forget(delivery)
            line.is_closed = True
            line.when_added = lambda: None
            line.changed.notify_all()
            return line

    # -- what they are told of -----------------------------------------------------------------

    def event_ended(self, event: Event) -> None:
        """Have each webhook that is for such an event told of it; one without room drops it."""
        with self._lock:
            now = self._clock.now()
            for line in self._lines.values():
                if line.webhook.choice.takes(event):
                    delivery = Delivery(
                        next(self._numbers), line.webhook.name, event.id, event.name, now, event
                    )
                    if not self._add(line, delivery):
                        line.dropped += 1

    def redeliver(self, line: DeliveryLine, delivery: Delivery) -> Delivery:
        """Have one made once more, as a new one with the same event; raises LineFullError."""
        with self._lock:
            again = Delivery(
                next(self._numbers),
                line.webhook.name,
                delivery.event_id,
                delivery.event_name,
                self._clock.now(),
                delivery.event,
                redelivery_of=delivery.number,
                body=delivery.body,
                headers=delivery.headers,
            )
            if line.is_closed:  # its webhook is dropped at the same time
                again.status = DeliveryStatus.DROPPED
            elif not self._add(line, again):
                raise LineFullError(self._waiting)
            return again

    def _add(self, line: DeliveryLine, delivery: Delivery) -> bool:
        size = delivery.held_bytes()
        if not self._waiting.admits(size):
            return False
        delivery.held = size
        self._waiting.held += size
        line.add(delivery)
        return True

    # -- making them ---------------------------------------------------------------------------

    def take(self, line: DeliveryLine) -> Delivery | None:
        """The next one that is due, once there is one; None when its webhook is gone."""
        with self._lock:
            while not line.is_closed:
                now = self._clock.now()
                delivery = line.take_due(now)
                if delivery is not None:
                    return delivery
                due = line.next_retry_at
                left = None if due is None else min((due - now) / 1000, LONGEST_LOOK_AWAY)
                line.changed.wait(left)
            return None

    def attempted(
        self, line: DeliveryLine, delivery: Delivery, attempt: Attempt, *, failed: bool
    ) -> None:
        """Take note of an attempt after which nothing more is tried."""
        with self._lock:
            delivery.attempts.append(attempt)
            status = DeliveryStatus.FAILED if failed else DeliveryStatus.DELIVERED
            self._let_go(line, delivery, status)

    def attempted_in_vain(
        self, line: DeliveryLine, delivery: Delivery, attempt: Attempt, due: int
    ) -> None:
        """Take note of an attempt that has failed, and try again when it is due."""
        with self._lock:
            delivery.attempts.append(attempt)
            if line.is_in_hand_dropped:
                self._let_go(line, delivery, DeliveryStatus.DROPPED)
                return
            delivery.status, delivery.due_at = DeliveryStatus.RETRYING, due
            size = delivery.held_bytes()
            self._waiting.held += size - delivery.held
            delivery.held = size
            line.add_retry(delivery, due)
            line.in_hand = None

    def _let_go(self, line: DeliveryLine, delivery: Delivery, status: DeliveryStatus) -> None:
        line.in_hand, line.is_in_hand_dropped = None, False
        self._end(delivery, status, is_kept=not line.is_closed)

    def _end(self, delivery: Delivery, status: DeliveryStatus, *, is_kept: bool = True) -> None:
        delivery.status, delivery.due_at, delivery.event = status, None, None
        self._waiting.held -= delivery.held
        if not is_kept:
            return
        delivery.held = delivery.held_bytes()
        self._ended[delivery.number] = delivery
        self._entries.held += 1
        self._bytes.held += delivery.held
        while self._entries.is_over:
            self._drop_oldest(self._entries)
        while self._bytes.is_over:
            self._drop_oldest(self._bytes)

    def _drop_oldest(self, tally: Tally) -> None:
        self._forget(next(iter(self._ended.values())))
        tally.lost += 1

    def _forget(self, delivery: Delivery) -> None:
        del self._ended[delivery.number]
        self._entries.held -= 1
        self._bytes.held -= delivery.held

    def drop_waiting(self) -> None:
        """Try nothing any more of what waits; what has ended stays known."""
        with self._lock:
            for line in self._lines.values():
                for delivery in line.take_all():
                    self._end(delivery, DeliveryStatus.DROPPED)

    # -- telling of them -----------------------------------------------------------------------

    def of(self, line: DeliveryLine) -> list[Delivery]:
        """All deliveries of a webhook that are known, the newest first."""
        with self._lock:
            name = line.webhook.name
            known = [*line, *(each for each in self._ended.values() if each.webhook == name)]
        return sorted(known, key=lambda delivery: -delivery.number)

    def in_line(self, only: DeliveryLine | None = None) -> InTheLine:
        """How many have not ended, of one webhook or of all."""
        with self._lock:
            lines = self._lines.values() if only is None else (only,)
            return InTheLine(
                sum(line.waiting for line in lines), sum(line.retrying for line in lines)
            )

    def is_any_due(self) -> bool:
        """Whether one is to be tried by now, or is being tried."""
        if not self._lines:
            return False
        with self._lock:
            now = self._clock.now()
            return any(line.is_any_due(now) for line in self._lines.values())

    @property
    def next_due_at(self) -> int | None:
        """When the next retry is due; None where there is none."""
        return min(self._moments(), default=None) if self._lines else None

    def _moments(self) -> Iterator[int]:
        with self._lock:
            for line in self._lines.values():
                due = line.next_retry_at
                if due is not None:
                    yield due
