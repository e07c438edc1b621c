"""The webhooks of a world: where events are posted to as they end, and what came of that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from urllib.parse import quote, urlencode

import orjson

from ..client.client_errors import AnswerError
from ..client.control_calls import ControlCalls

__tracebackhide__ = True  # pytest shows the line of the test that has called

WEBHOOKS = "/__admin/webhooks"
A_WEBHOOK = "test"
SECONDS_TO_DELIVER = 60
MOST = 1_000

DeliveryStatusName = Literal["WAITING", "RETRYING", "DELIVERED", "FAILED", "DROPPED"]
ScheduleName = Literal["default", "without_immediate", "exponential", "none"]


@dataclass(frozen=True, slots=True)
class SeenAttempt:
    """One time that an event was posted."""

    at: datetime
    """In the time of the world."""
    status: int | None
    """How the receiver answered; None where it did not."""
    problem: str | None
    """Why there was no answer."""
    answer: str
    """The beginning of its body."""


@dataclass(frozen=True, slots=True)
class SeenDelivery:
    """An event that a webhook is told of, with every attempt at it."""

    id: str
    webhook: str
    event_id: str
    event_name: str
    status: DeliveryStatusName
    attempts: tuple[SeenAttempt, ...]
    next_attempt_at: datetime | None
    redelivery_of: str | None
    headers: Mapping[str, str]
    body: str
    """As it was posted; empty where it was not yet."""

    @property
    def json(self) -> Any:
        """The event, as the receiver reads it; None where it was not posted yet."""
        return orjson.loads(self.body) if self.body else None


class WorldWebhooks:
    """Has events posted to a receiver, tells what was, and has it posted again."""

    def __init__(self, calls: ControlCalls) -> None:
        self._calls = calls

    def add(
        self,
        url: str,
        *,
        name: str = A_WEBHOOK,
        names: Sequence[str] = (),
        statuses: Sequence[Literal["SUCCESS", "FAILED", "NO_MATCH"]] = (),
        entity_types: Sequence[str] = (),
        retry_schedule: ScheduleName | None = None,
        verify_tls: bool = True,
    ) -> None:
        """Have events posted to a URL as they end: all, or of these names, statuses and types."""
        chosen = {"names": names, "statuses": statuses, "entityTypes": entity_types}
        events = {field: list(values) for field, values in chosen.items() if values}
        wish = {"url": url, "events": events, "verifyTls": verify_tls}
        if retry_schedule is not None:
            wish["retrySchedule"] = retry_schedule
        self._calls.call("PUT", _path(name), wish)

    def drop(self, name: str = A_WEBHOOK) -> None:
        """Have no more posted there, and forget what was."""
        self._calls.call("DELETE", _path(name))

    def deliveries(
        self,
        name: str = A_WEBHOOK,
        *,
        status: DeliveryStatusName | None = None,
        event_id: str | None = None,
        within: int = SECONDS_TO_DELIVER,
    ) -> list[SeenDelivery]:
        """What was posted, the first one first, once what is due was tried; at most the last 1,000.

        A retry is due when the clock of the world says so. Raises LookupError where there is no
        such webhook.
        """
        # What ends an event has its delivery in line, and only then that is waited for.
        self._calls.call("POST", f"/__admin/settle?units=0&wait={within}")
        wanted: dict[str, object] = {"wait": within, "count": MOST}
        wanted |= {} if status is None else {"status": status}
        wanted |= {} if event_id is None else {"eventId": event_id}
        try:
            told = self._calls.document("GET", f"{_path(name)}/deliveries?{urlencode(wanted)}")
        except AnswerError:
            known = [each["name"] for each in self._calls.document("GET", WEBHOOKS)["webhooks"]]
            if name in known:
                raise
            raise LookupError(f"there is no webhook {name!r}; add(url) makes one") from None
        return [self._seen(name, each) for each in reversed(told["deliveries"])]

    def redeliver(self, delivery: SeenDelivery) -> SeenDelivery:
        """Have the same event posted once more; the new delivery, which waits."""
        path = f"{_path(delivery.webhook)}/deliveries/{delivery.id}/redeliver"
        return self._seen(delivery.webhook, self._calls.document("POST", path))

    @property
    def public_key(self) -> str:
        """What signatures are verified with: X.509 (SPKI) as one line of base64."""
        return str(self._calls.document("GET", "/__admin/webhook-key")["publicKey"])

    def _seen(self, name: str, told: Mapping[str, Any]) -> SeenDelivery:
        body = told["body"]
        if body is None and told["bodyBytes"]:
            body = self._calls.document("GET", f"{_path(name)}/deliveries/{told['id']}")["body"]
        due = told["nextAttemptAt"]
        return SeenDelivery(
            told["id"],
            name,
            told["eventId"],
            told["eventName"],
            told["status"],
            tuple(
                SeenAttempt(
                    datetime.fromisoformat(each["at"]),
                    each["status"],
                    each["problem"],
                    each["answer"],
                )
                for each in told["attempts"]
            ),
            None if due is None else datetime.fromisoformat(due),
            told["redeliveryOf"],
            told["headers"],
            body or "",
        )


def _path(name: str) -> str:
    return f"{WEBHOOKS}/{quote(name, safe='')}"
