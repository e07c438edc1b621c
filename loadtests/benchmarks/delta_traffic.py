"""Rounds of delta events to one server, each delta with an id of its own, and none trusted."""

from __future__ import annotations

import time
from typing import NamedTuple

import orjson

from ..server.processes import Server
from ..server.raw_client import ask, pump, request_bytes
from .bench_api import BenchApi
from .bench_payloads import delta_event, on_hand_after, opening_stock

PATH = "/api/v4.1/event/async"


class Round(NamedTuple):
    """Events a second by the replies, and until the last of them was applied as well.

    `work` is the server's CPU time for one in microseconds, on all its threads.
    """

    replied: float
    applied: float
    work: float


class DeltaTraffic:
    """Deltas to a server that says only that it has them, such as a bare view."""

    def __init__(self, server: Server, *, token: str | None = None, status: bytes = b"200") -> None:
        self.url = server.url
        self._server = server
        self._token = token
        self._status = status
        self.sent = 0

    def next_request(self) -> bytes:
        """A request that nobody has sent yet, complete to the last byte."""
        request = request_bytes(self.url, PATH, delta_event(self.sent), self._token)
        self.sent += 1
        return request

    def round(self, events: int) -> Round:
        """Send so many events, all made before the clock starts."""
        requests = [self.next_request() for _ in range(events)]
        busy, began = self._server.cpu_seconds(), time.perf_counter()
        seconds = pump(self.url, requests, status=self._status)
        self.settle()
        until_applied = time.perf_counter() - began
        busy = self._server.cpu_seconds() - busy
        return Round(events / seconds, events / until_applied, busy / events * 1e6)

    def settle(self) -> None:
        """Return when nothing that was accepted waits any more."""


class SimulatorTraffic(DeltaTraffic):
    """Deltas to a simulator, which are settled after each round and add up at the end."""

    def __init__(self, server: Server) -> None:
        self._api = BenchApi(server.url)
        self._api.load_bytes(opening_stock())
        super().__init__(server, token=self._api.token)

    def settle(self) -> None:
        """Return when nothing waits: no CPU is taken from the yardstick's next round."""
        self._api.settle()

    def finish(self) -> None:
        """Fail unless every delta has counted, and only once."""
        self._api.check_on_hand(on_hand_after(self.sent))
        self._api.close()


class CallableTraffic(DeltaTraffic):
    """Deltas to the bare callable, which applies each before it replies."""

    def __init__(self, server: Server) -> None:
        super().__init__(server, token=str(told_by(server.url)["token"]))

    def finish(self) -> None:
        """Fail unless every delta has counted, and only once."""
        held = told_by(self.url)["onHand"]
        if held != on_hand_after(self.sent):
            raise RuntimeError(f"the bare callable holds {held} after {self.sent} events")


def told_by(url: str) -> dict[str, object]:
    """The token of the bare callable, and what it holds."""
    reply = ask(url, request_bytes(url, "/", b"", method="GET"))
    told: dict[str, object] = orjson.loads(reply.body)
    return told
