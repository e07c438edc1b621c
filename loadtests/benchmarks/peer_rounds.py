"""Rounds of deltas to one server that last for a time, since one answers ten times as many."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from ..server.processes import Server
from ..server.raw_client import pump, pump_anew
from .figures import ratio
from .peer_calls import Calls


def _at_once() -> None:
    """What has been answered has been done."""


class Rounds:
    """What one server did: requests a second, and its CPU time for each in microseconds."""

    def __init__(
        self,
        server: Server,
        calls: Calls,
        keeps_connections: bool = True,
        *,
        settle: Callable[[], None] = _at_once,
    ) -> None:
        self._server = server
        self.calls = calls
        self._send = pump if keeps_connections else pump_anew
        self._settle = settle
        self.rates: list[float] = []
        self.work: list[float] = []

    def warm_up(self, seconds: float) -> None:
        """A round that does not count."""
        self._sent_in(seconds)

    def round(self, seconds: float) -> None:
        """Send for so many seconds, each request made when a connection has become free."""
        busy = self._server.cpu_seconds()
        sent, taken = self._sent_in(seconds)
        self.rates.append(ratio(sent, taken))
        self.work.append(ratio((self._server.cpu_seconds() - busy) * 1e6, sent))

    def _sent_in(self, seconds: float) -> tuple[int, float]:
        sent = 0
        until = time.perf_counter() + seconds

        def requests() -> Iterator[bytes]:
            nonlocal sent
            while time.perf_counter() < until:
                sent += 1
                yield self.calls.delta()

        taken = self._send(self._server.url, requests(), status=b"200")
        self._settle()
        return sent, taken
