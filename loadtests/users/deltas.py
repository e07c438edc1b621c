"""The user that sends delta events when they are due."""

from __future__ import annotations

import time
from typing import ClassVar

import gevent
import orjson
from locust import FastHttpUser, task
from locust.contrib.fasthttp import FastResponse

from ..reporting.run_result import ACCEPT, ACCEPT_SENT
from ..traffic.payloads import delta_event_body
from ..traffic.trade_events import DeltaEvent, Sent
from .process_state import ProcessState

PATH = "/api/v4.1/event/async"


class LoadTestUser(FastHttpUser):
    """A user that sends on behalf of its process."""

    abstract = True
    insecure = False  # a certificate that nobody vouches for must not get credentials
    network_timeout = 30.0
    connection_timeout = 10.0
    process: ClassVar[ProcessState]

    def idle(self) -> None:
        """There is nothing to send at the moment."""
        gevent.sleep(0.02)


class DeltaUser(LoadTestUser):
    """Takes the next event, waits until it is due, and sends it."""

    abstract = True

    @task
    def send_next(self) -> None:
        """Send one event."""
        process = self.process
        feed = process.feed
        taken = feed.take() if process.sending and feed is not None else None
        if feed is None or taken is None:
            self.idle()
            return
        due, event = taken
        if feed.is_due(due):
            process.pace.wait()
            if time.monotonic() - due > feed.late_after:
                process.tally.add(late_starts=1)
            self.send(event, due)

    def send(self, event: DeltaEvent, due: float) -> None:
        """Send an event and record what became of it, whatever that is."""
        process = self.process
        body = delta_event_body(event, process.options.payloads)
        began = time.monotonic()
        sent = Sent("event without an answer", time.time(), None, None)
        process.in_flight += 1
        try:
            # locust types bodies as text, and sends bytes as they are
            reply = self.client.post(PATH, data=body, headers=process.headers, name="delta event")  # type: ignore[arg-type]
            sent = _answered(sent, reply)
        finally:
            process.in_flight -= 1
            process.ledger.event(event, sent)
        tally, deltas = process.tally, len(event.deltas)
        repeats = 1 if event.repeat_of else 0
        tally.add(requests=1, events=1, deltas_sent=deltas, retries=repeats)
        if sent.acknowledged_at is None:
            tally.failed(error_code(reply))
            return
        now = time.monotonic()
        tally.took(ACCEPT, now - due)
        tally.took(ACCEPT_SENT, now - began)
        tally.add(deltas_accepted=deltas)
        if process.watcher is not None and not repeats:
            process.watcher.watch(event.deltas[0].delta_id, due, began)


def error_code(reply: FastResponse) -> str:
    """What went wrong, in a few words that many failures have in common."""
    if reply.status_code:
        return f"HTTP {reply.status_code}"
    fault = getattr(reply, "error", None)
    return f"no answer: {type(fault).__name__}"


def _answered(sent: Sent, reply: FastResponse) -> Sent:
    at, status = time.time(), reply.status_code or None
    if status != 200:
        return sent._replace(status=status)
    try:
        request = f"event {orjson.loads(reply.content or b'')['id']}"
    except (orjson.JSONDecodeError, KeyError, TypeError):
        request = "event without an id"
    return sent._replace(request=request, acknowledged_at=at, status=status)
