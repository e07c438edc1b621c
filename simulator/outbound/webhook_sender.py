"""The thread that posts the events of one webhook, one after the other."""

import logging
import threading
import time
from collections.abc import Callable, Mapping

from ..behaviour import Behaviour
from ..client.bounded_post import BoundedPost
from ..client.client_errors import UnreachableError
from ..clock import Clock
from ..domain.events import Event
from ..domain.webhooks.delivery import Attempt, Delivery
from ..domain.webhooks.retry_schedule import FailureRule, RetrySchedule, has_failed, next_attempt_at
from ..late_thread import LateThread
from ..release import DISTRIBUTION, version
from ..stores.delivery_line import DeliveryLine
from ..stores.webhook_deliveries import WebhookDeliveries

log = logging.getLogger(__name__)

_AGAIN = 0.05
"""Seconds between two attempts to give up what is about to begin."""
DEFECT = "a defect of the simulator; see its log"


class WebhookSender:
    """Makes the deliveries of a line; its thread begins with the first and ends with the webhook.

    So a receiver that hangs holds up what it is told of itself, and nothing else.
    """

    def __init__(
        self,
        line: DeliveryLine,
        deliveries: WebhookDeliveries,
        clock: Clock,
        behaviour: Callable[[], Behaviour],
        payload: Callable[[Event], bytes],
        sign: Callable[[bytes], Mapping[str, str]],
    ) -> None:
        self._line = line
        self._deliveries = deliveries
        self._clock = clock
        self._behaviour = behaviour
        self._payload = payload
        self._sign = sign
        self._lock = threading.Lock()
        self._post: BoundedPost | None = None
        self._stopping = False
        self._thread = LateThread(self._work, f"webhook {line.webhook.name}")
        self._thread.allow()
        line.when_added = self._thread.ensure_started

    def give_up(self) -> None:
        """End, of a line that is closed; what is on its way is given up."""
        with self._lock:
            self._stopping = True
            if self._post is not None:
                self._post.cut()

    def wait(self, deadline: float) -> None:
        """Wait for its end, until then by `time.monotonic()`.

        A name that is being looked up cannot be given up; the thread ends soon after.
        """
        while (left := deadline - time.monotonic()) > 0:
            if self._thread.join(min(left, _AGAIN)):
                return
            self.give_up()

    def _work(self) -> None:
        while (delivery := self._deliveries.take(self._line)) is not None:
            began = self._clock.now()
            try:
                attempt = self._attempt(delivery, began)
            except Exception:  # whatever it is, the next are to be delivered
                log.exception("the event %s could not be delivered", delivery.event_id)
                attempt = Attempt(began, 0, problem=DEFECT)
            self._note(delivery, attempt)

    def _attempt(self, delivery: Delivery, began: int) -> Attempt:
        webhook, behaviour = self._line.webhook, self._behaviour()
        if delivery.event is not None:
            body = self._payload(delivery.event)
            delivery.write(body, {**_HEADERS, **self._sign(body)})
        post = BoundedPost(
            webhook.url,
            seconds=behaviour.webhook_timeout_seconds,
            verifies_tls=webhook.verifies_tls,
        )
        with self._lock:
            if self._stopping:
                post.cut()
            self._post = post
        since = time.monotonic()
        try:
            answered = post.send(delivery.headers, delivery.body)
        except UnreachableError as fault:
            return Attempt(began, _milliseconds(since), problem=fault.reason)
        finally:
            self._post = None
        return Attempt(began, _milliseconds(since), answered.status, answer=answered.body)

    def _note(self, delivery: Delivery, attempt: Attempt) -> None:
        behaviour = self._behaviour()
        failed = has_failed(FailureRule(behaviour.webhook_failure), attempt.status)
        due = None
        if failed:
            schedule = self._line.webhook.retry_schedule
            if schedule is None:
                schedule = RetrySchedule(behaviour.webhook_retry_schedule)
            due = next_attempt_at(schedule, len(delivery.attempts) + 1, self._clock.now())
        if due is None:
            self._deliveries.attempted(self._line, delivery, attempt, failed=failed)
        else:
            self._deliveries.attempted_in_vain(self._line, delivery, attempt, due)


def _milliseconds(since: float) -> int:
    return int(1000 * (time.monotonic() - since))


_HEADERS = {"Content-Type": "application/json", "User-Agent": f"{DISTRIBUTION}/{version()}"}
