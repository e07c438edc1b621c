"""The deliveries of one webhook that are still to be made, in order."""

import heapq
import threading
from collections import deque
from collections.abc import Callable, Iterator

from ..domain.webhooks.delivery import Delivery
from ..domain.webhooks.webhook import Webhook


class DeliveryLine:
    """What waits for its first attempt, in order, and what waits for the time of its next.

    While one waits for its retry the others go on. Whoever calls it holds the lock of its world.
    """

    def __init__(self, webhook: Webhook, lock: threading.Lock) -> None:
        self.webhook = webhook
        self.in_hand: Delivery | None = None
        self.is_in_hand_dropped = False
        """Whether what is in hand is not to be tried again, whatever comes of it."""
        self.is_closed = False
        self.dropped = 0
        """How many there was no room for."""
        self.changed = threading.Condition(lock)
        self.when_added: Callable[[], object] = lambda: None
        """Told of work, before anybody looks for it."""
        self._fresh: deque[Delivery] = deque()
        self._retries: list[tuple[int, int, Delivery]] = []

    def add(self, delivery: Delivery) -> None:
        """Put one at the end, for its first attempt."""
        self._fresh.append(delivery)
        self.when_added()
        self.changed.notify()

    def add_retry(self, delivery: Delivery, due: int) -> None:
        """Put one aside until its time."""
        heapq.heappush(self._retries, (due, delivery.number, delivery))

    def take_due(self, now: int) -> Delivery | None:
        """Take the next one in hand: what has been due for longest, and that is due."""
        since = self._fresh[0].created_at if self._fresh else now
        if self._retries and self._retries[0][0] <= min(since, now):
            self.in_hand = heapq.heappop(self._retries)[2]
        elif self._fresh:
            self.in_hand = self._fresh.popleft()
        return self.in_hand

    def take_all(self) -> list[Delivery]:
        """Take out all that wait; what is in hand is tried to its end, and not again."""
        taken = sorted([*self._fresh, *(each for *_, each in self._retries)], key=_number)
        self._fresh.clear()
        self._retries.clear()
        self.is_in_hand_dropped = self.in_hand is not None
        return taken

    def is_any_due(self, now: int) -> bool:
        """Whether one is to be tried by now, or is being tried."""
        due = self.next_retry_at
        return bool(self._fresh or self.in_hand) or (due is not None and due <= now)

    @property
    def next_retry_at(self) -> int | None:
        """When the first retry is due; None where there is none."""
        return self._retries[0][0] if self._retries else None

    def __iter__(self) -> Iterator[Delivery]:
        """All that have not ended."""
        yield from self._fresh
        if self.in_hand is not None:
            yield self.in_hand
        yield from (each for *_, each in self._retries)

    @property
    def waiting(self) -> int:
        """How many are to be tried at once."""
        return len(self._fresh) + (self.in_hand is not None)

    @property
    def retrying(self) -> int:
        """How many wait for the time of their next attempt."""
        return len(self._retries)


def _number(delivery: Delivery) -> int:
    return delivery.number
