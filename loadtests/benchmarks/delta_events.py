"""Delta events a second, beside a bare Flask view on the same server and the same core."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from ..server.processes import (
    CLIENT_CORE,
    SERVER_CORE,
    bare_command,
    can_pin,
    pinned,
    running,
)
from ..server.raw_client import pump, request_bytes
from .bench_api import BenchApi
from .bench_payloads import delta_event, on_hand_after, opening_stock
from .figures import Report, ratio

QUESTION = "delta events a second, beside a bare Flask view that answers 202"
PATH = "/api/v4.1/event/async"
WARM_UP = 200


def run(*, quick: bool) -> Report:
    """Alternate rounds of the same requests against the two servers."""
    report = Report("delta_events", QUESTION)
    rounds, requests = (3, 1000) if quick else (9, 4000)
    numbers = count()
    bare: list[float] = []
    ours: list[float] = []
    applied: list[float] = []
    with (
        running(bare_command(), SERVER_CORE) as yardstick,
        running(core=SERVER_CORE) as simulator,
        pinned(CLIENT_CORE),
    ):
        api = BenchApi(simulator.url)
        api.load_bytes(opening_stock())

        def events(url: str, amount: int) -> list[bytes]:
            return list(_requests(url, api.token, amount, numbers))

        for attempt in range(rounds + 1):
            amount = requests if attempt else WARM_UP
            bare_seconds = pump(yardstick.url, events(yardstick.url, amount), status=b"202")
            fresh = events(simulator.url, amount)
            busy = simulator.cpu_seconds()
            seconds = pump(simulator.url, fresh, status=b"200")
            # The worker catches up now, and takes no CPU from the yardstick's next round.
            api.settle()
            busy = simulator.cpu_seconds() - busy
            if attempt:
                bare.append(amount / bare_seconds)
                ours.append(amount / seconds)
                applied.append(busy / amount * 1e6)
        # Every delta of every round must have counted, and only once.
        api.check_on_hand(on_hand_after(WARM_UP + rounds * requests))
        api.close()
    report.add("bare Flask view", "requests/s", bare)
    report.add("simulator", "requests/s", ours)
    report.add("simulator, all its work", "µs CPU/event", applied)
    ratios = report.add("simulator / bare view", "ratio", list(map(ratio, ours, bare)))
    report.aim("requests/s as a share of the bare view's", ratios.median, "at least", 1.0)
    report.notes.append(f"{rounds} rounds of {requests} events, all applied: on hand is exact.")
    if not can_pin():
        report.notes.append("Not pinned: this machine cannot give server and client a core each.")
    return report


def _requests(url: str, token: str, amount: int, numbers: Iterator[int]) -> Iterator[bytes]:
    """Requests with fresh delta ids, complete to the last byte before the clock starts."""
    for _ in range(amount):
        yield request_bytes(url, PATH, delta_event(next(numbers)), token)
