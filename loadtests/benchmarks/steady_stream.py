"""Whether the server's memory stays level under a stream that never ends."""

from __future__ import annotations

import time
from typing import Any

from ..server.processes import Server, running
from ..server.raw_client import pump, request_bytes
from .bench_api import BenchApi
from .bench_payloads import delta_event, full_load, on_hand_after, opening_stock
from .figures import Report, growth

QUESTION = "resident memory of the server while deltas and full loads keep coming"
PATH = "/api/v4.1/event/async"
EVENTS_TO_FILL = 40_000  # 120,000 deltas: more than the stores keep one by one
EVENTS_A_STEP = 1000
MEBIBYTE = 1024 * 1024


def run(*, quick: bool) -> Report:
    """Fill the bounded stores, then sample the resident memory after every step of a stream."""
    report = Report("steady_stream", QUESTION)
    with running() as server:
        stream = Stream(server)
        if not quick:
            stream.fill()
        memory = stream.run(seconds=4 if quick else 40)
        health = stream.finish()
    report.notes.append(
        f"{stream.sent:,} delta events, with counts of their positions and a full load of 5,000"
        f" records after every {EVENTS_A_STEP:,}; on hand is exact."
    )
    if quick:
        report.notes.append("Quick: too short for the bounded stores to be full.")
    told = ", ".join(f"{row['name']} {row['lost']:,}" for row in health["bounds"] if row["lost"])
    report.notes.append(f"Dropped to stay within bounds: {told}.")
    report.add("whole stream", "MiB", memory)
    third = report.add("last third of it", "MiB", memory[-(len(memory) // 3) :])
    if not quick:
        # An allocator hands memory back in large pieces, so a few per cent either way are noise.
        rise = growth(memory) / third.median * 100
        report.aim("growth over the last third", rise, "at most", 2.0, " %")
    return report


class Stream:
    """Deltas, counts and full loads, one after the other, on one server."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._api = BenchApi(server.url)
        self._api.load_bytes(opening_stock())
        self._since_count = 0
        self.sent = 0

    def fill(self) -> None:
        """Send what the bounded stores can hold, and more."""
        self._send(EVENTS_TO_FILL)
        for seed in range(25):
            self._full_load(-seed)

    def run(self, seconds: float) -> list[float]:
        """Keep sending; MiB after each step."""
        memory: list[float] = []
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline or len(memory) < 9:
            # The count retires the deltas sent so far, as it does in a shop every few minutes.
            self._api.load_bytes(opening_stock())
            self._since_count = 0
            self._full_load(len(memory))
            self._send(EVENTS_A_STEP)
            memory.append(self._server.memory() / MEBIBYTE)
        return memory

    def finish(self) -> dict[str, Any]:
        """Hold the stock on hand to what was sent; what the server tells about its stores."""
        self._api.check_on_hand(on_hand_after(self._since_count))
        health: dict[str, Any] = self._api.get("/__admin/health")
        self._api.close()
        return health

    def _send(self, events: int) -> None:
        numbers = range(self.sent, self.sent + events)
        url, token = self._server.url, self._api.token
        pump(url, (request_bytes(url, PATH, delta_event(n), token) for n in numbers), status=b"200")
        self._api.settle()
        self.sent += events
        self._since_count += events

    def _full_load(self, seed: int) -> None:
        for body in full_load(products=500, locations=10, seed=seed):
            self._api.load_bytes(body)
