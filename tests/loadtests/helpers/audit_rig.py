"""A server that may lie, a sender that writes down what it was told, and the audit of both."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from fluent_oms_simulator import Simulator, create_app
from fluent_oms_simulator.client.target_server import Target
from fluent_oms_simulator.loadtests.audit.reading_target import AuditTarget
from fluent_oms_simulator.loadtests.audit.reconcile import reconcile
from fluent_oms_simulator.loadtests.benchmarks.bench_api import BenchApi
from fluent_oms_simulator.loadtests.ledger.ledger import Ledger
from fluent_oms_simulator.loadtests.reporting.run_result import AuditResult
from fluent_oms_simulator.loadtests.traffic.payloads import batch_body, delta_event_body
from fluent_oms_simulator.loadtests.traffic.trade_events import (
    Cause,
    Count,
    Delta,
    DeltaEvent,
    Position,
    Sent,
)
from fluent_oms_simulator.serving.served_here import answering

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

NO_EVENT = "00000000-0000-4000-8000-000000000000"
"""The id that a lying server gives to each event, instead of one that says what it did."""

Deltas = list[dict[str, Any]]
Change = Callable[[Deltas], Sequence[Deltas]]
"""What a server really does with the deltas of an event: applies these, one event each."""


def lying(app: WSGIApplication, change: Change) -> WSGIApplication:
    """A server that accepts every delta event, and applies something else."""

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] != "/api/v4.1/event/async":
            return app(environ, start)
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        document = json.loads(body)
        for deltas in change(document["attributes"]["deltas"]):
            if deltas:
                document["attributes"]["deltas"] = deltas
                _apply(app, environ, json.dumps(document).encode())
        start("200 OK", [("Content-Type", "application/json")])
        return [json.dumps({"id": NO_EVENT}).encode()]

    return answer


def _apply(app: WSGIApplication, environ: WSGIEnvironment, body: bytes) -> None:
    own = {**environ, "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
    said: list[str] = []

    def start(status: str, *_: Any) -> Any:
        said.append(status)
        return lambda _: None

    for _ in app(own, start):
        pass
    assert said[0].startswith("200"), said


class Sender:
    """Sends, and keeps the ledger."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.ledger = Ledger()
        self._api = BenchApi(url)
        self._requests = 0

    def load(self, *counts: Count, name: str = "") -> None:
        """Send a batch of counts and wait until it is complete."""
        sent_at = time.time()
        job = self._api.open_job()
        batch = self._api.post_batch(job, batch_body(counts))
        sent = self._sent(name or f"job {job} batch {batch}", sent_at)
        self._api.complete(job, batch)
        self.ledger.load(counts, sent, time.time())

    def start_load(self, *counts: Count) -> Callable[[], None]:
        """Send a batch of counts; call what is returned to wait until it is complete."""
        sent_at = time.time()
        job = self._api.open_job()
        batch = self._api.post_batch(job, batch_body(counts))
        sent = self._sent(f"job {job} batch {batch}", sent_at)

        def wait() -> None:
            self._api.complete(job, batch)
            self.ledger.load(counts, sent, time.time())

        return wait

    def event(self, *deltas: Delta, repeat_of: int = 0, answered: bool = True) -> None:
        """Send an event; a sender whose answer got lost does not know whether it was applied."""
        self._requests += 1
        event = DeltaEvent(deltas, 0.0, repeat_of=repeat_of)
        sent_at = time.time()
        answer = self._api.post("/api/v4.1/event/async", delta_event_body(event))
        known = answer["id"] != NO_EVENT
        sent = self._sent(f"event {answer['id'] if known else self._requests}", sent_at)
        if not answered:
            sent = sent._replace(acknowledged_at=None, status=None)
        self.ledger.event(event, sent)

    def audit(self, *, password: str = "sim-password", **settings: Any) -> AuditResult:
        """What the audit says."""
        chosen = {"quiet_for": 0.4, "poll_every": 0.02, **settings}
        return reconcile(self.ledger, AuditTarget(Target(self.url, password=password), **chosen))

    def close(self) -> None:
        """Close the connection."""
        self._api.close()

    @staticmethod
    def _sent(request: str, sent_at: float) -> Sent:
        return Sent(request, sent_at, time.time(), 200)


@contextmanager
def sender(simulator: Simulator, change: Change | None = None) -> Iterator[Sender]:
    """A sender to the simulator, which lies in this way."""
    app = create_app(simulator)
    served = lying(app, change) if change else app
    with answering(served) as url:
        made = Sender(url)
        try:
            yield made
        finally:
            made.close()


SHIRT = Position("SHIRT", "LOC_MEL")
SHOES = Position("SHOES", "LOC_MEL")
SOCKS = Position("SOCKS", "LOC_SYD")


def sale(delta_id: str, position: Position, quantity: int = -1) -> Delta:
    """A delta of a basket."""
    return Delta(delta_id, position, quantity, Cause.SALE, 0.0)


def verdict(result: AuditResult) -> tuple[int, int, int]:
    """Lost, doubled, wrong."""
    return result.lost, result.doubled, result.wrong


def dropping(delta_id: str) -> Change:
    """A server that forgets one delta."""
    return lambda deltas: [[each for each in deltas if each["deltaId"] != delta_id]]


def doubling(delta_id: str) -> Change:
    """A server that applies one delta again, under a name of its own."""

    def change(deltas: Deltas) -> list[Deltas]:
        again = [
            {**each, "deltaId": f"{delta_id}#2"} for each in deltas if each["deltaId"] == delta_id
        ]
        return [deltas, again]

    return change
