"""The deliveries of webhooks: told, and made once more."""

import time
from collections.abc import Mapping

from ..clock import timestamp
from ..domain.bounds import LineFullError
from ..domain.webhooks.delivery import Attempt, Delivery, DeliveryStatus
from ..errors import api_error, not_found, shortened
from ..stores.webhook_deliveries import WebhookDeliveries
from .parameters import one_of
from .replies import SECONDS_TO_WAIT, Reply
from .start_and_count import start_and_count, whole_number
from .webhook_setting import WebhookOperations

DELIVERY_FILTERS = ("status", "eventId")
MOST_AT_ONCE = 1_000
MOST_LISTED_BODY = 16 * 1024
"""Bytes of a body that a list has; one by its id has all of it."""
LONGEST_WAIT = 600
"""Seconds."""
LOOK = 0.005
"""Seconds between two looks whether anything is due."""


class DeliveryOperations:
    """What webhooks were told, attempt by attempt."""

    def __init__(self, webhooks: WebhookOperations, deliveries: WebhookDeliveries) -> None:
        self._webhooks = webhooks
        self._deliveries = deliveries

    def search(self, name: str, query: Mapping[str, str]) -> Reply:
        """GET /__admin/webhooks/{name}/deliveries: newest first, filtered and paged.

        With `wait` it is answered once none of any webhook is due, or after so many seconds. Raises
        ApiError: 404 for a webhook that there is not, 400 for a parameter that cannot be used.
        """
        line = self._webhooks.line_of(name)
        start, count = start_and_count(query, MOST_AT_ONCE)
        wanted = one_of(query, "status", ("", *DeliveryStatus))
        self.settle(min(whole_number(query, "wait", 0, 0), LONGEST_WAIT))
        event_id = query.get("eventId")
        found = [
            each
            for each in self._deliveries.of(line)
            if wanted in ("", each.status) and event_id in (None, "", each.event_id)
        ]
        waiting, retrying = self._deliveries.in_line(line)
        return Reply(
            {
                "webhook": name,
                "waiting": waiting,
                "retrying": retrying,
                "dropped": line.dropped,
                "total": len(found),
                "start": start,
                "hasMore": len(found) > start + count,
                "deliveries": [
                    _told(each, MOST_LISTED_BODY) for each in found[start : start + count]
                ],
            }
        )

    def find(self, name: str, number: str) -> Reply:
        """GET /__admin/webhooks/{name}/deliveries/{id}, with all of its body; raises ApiError."""
        return Reply(_told(self._delivery(name, number)))

    def redeliver(self, name: str, number: str) -> Reply:
        """POST /__admin/webhooks/{name}/deliveries/{id}/redeliver: 201, with a new delivery.

        Raises ApiError: 404 where there is none, 503 where too much waits already.
        """
        delivery = self._delivery(name, number)
        try:
            again = self._deliveries.redeliver(self._webhooks.line_of(name), delivery)
        except LineFullError as full:
            raise api_error(
                503,
                f"Of {full.tally.bound.what} there are {full.tally.held:,} bytes, of"
                f" {full.tally.limit:,} at most: send it again when some have ended.",
                headers={"Retry-After": SECONDS_TO_WAIT},
            ) from None
        return Reply(_told(again), 201)

    def settle(self, timeout: float) -> bool:
        """Wait until all that is due was tried; False when it takes over `timeout` seconds."""
        deadline = time.monotonic() + timeout
        while self._deliveries.is_any_due():
            if time.monotonic() >= deadline:
                return False
            time.sleep(LOOK)
        return True

    def _delivery(self, name: str, number: str) -> Delivery:
        for each in self._deliveries.of(self._webhooks.line_of(name)):
            if str(each.number) == number:
                return each
        raise not_found(
            f"There is no delivery {shortened(number)!r} of the webhook {name!r}; the oldest that"
            " have ended are no longer told."
        )


def _told(delivery: Delivery, most: int | None = None) -> dict[str, object]:
    body = delivery.body
    return {
        "id": str(delivery.number),
        "eventId": delivery.event_id,
        "eventName": delivery.event_name,
        "status": delivery.status,
        "createdAt": timestamp(delivery.created_at),
        "redeliveryOf": None if delivery.redelivery_of is None else str(delivery.redelivery_of),
        "nextAttemptAt": None if delivery.due_at is None else timestamp(delivery.due_at),
        "attempts": list(map(_attempt_told, list(delivery.attempts))),
        "headers": dict(delivery.headers),
        "bodyBytes": len(body),
        "body": None if not body or (most is not None and len(body) > most) else body.decode(),
    }


def _attempt_told(attempt: Attempt) -> dict[str, object]:
    return {
        "at": timestamp(attempt.at),
        "milliseconds": attempt.milliseconds,
        "status": attempt.status,
        "problem": attempt.problem,
        "answer": attempt.answer.decode(errors="replace"),
    }
