"""How long a delta waits for its reply, idle and while a full load runs."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterator
from itertools import count
from multiprocessing.synchronize import Event

from ..server.paced_client import paced
from ..server.processes import running
from ..server.raw_client import request_bytes
from .bench_api import BenchApi
from .bench_payloads import delta_event, full_load, opening_stock
from .figures import Report, percentile, ratio

QUESTION = "milliseconds to the reply to a delta, idle and during a full load"
PATH = "/api/v4.1/event/async"
RATE = 100  # events a second
CONNECTIONS = 32
LONGEST_LOAD = 90.0


def run(*, quick: bool) -> Report:
    """Alternate idle spells and full loads; the same probe runs through both."""
    report = Report("latency_under_load", QUESTION)
    rounds, products, idle_seconds = (1, 1000, 3.0) if quick else (3, 10_000, 5.0)
    idle: list[list[float]] = []
    loaded: list[list[float]] = []
    speeds: list[float] = []
    with running() as server:
        api = BenchApi(server.url)
        api.load_bytes(opening_stock())
        numbers = count()
        probe(server.url, api.token, numbers, lambda elapsed: elapsed < 1.0)  # warm up
        for attempt in range(rounds):
            idle.append(
                probe(server.url, api.token, numbers, lambda elapsed: elapsed < idle_seconds)
            )
            with FullLoad(server.url, products, seed=attempt) as load:
                began = time.perf_counter()
                loaded.append(probe(server.url, api.token, numbers, load.is_running))
                speeds.append(products * 100 / (time.perf_counter() - began))
        api.close()
    for label, share in (("p50", 0.5), ("p99", 0.99)):
        quiet = [percentile(values, share) for values in idle]
        busy = [percentile(values, share) for values in loaded]
        report.add(f"{label}, idle", "ms", quiet)
        report.add(f"{label}, during a full load", "ms", busy)
        times = report.add(f"{label}, loaded / idle", "ratio", list(map(ratio, busy, quiet)))
        if label == "p99":
            report.aim("p99 during a full load over idle", times.median, "at most", 3.0)
    report.add("slowest reply during a full load", "ms", [max(values) for values in loaded])
    report.add("full load over HTTP beside the probe", "records/s", speeds)
    report.notes.append(
        f"{RATE} events/s; a full load is {products * 100:,} records in batches of 5,000;"
        f" {sum(map(len, loaded)):,} replies measured under load."
    )
    return report


def probe(
    url: str, token: str, numbers: Iterator[int], goes_on: Callable[[float], bool]
) -> list[float]:
    """Milliseconds from when each event was due to its reply."""

    def next_event() -> bytes:
        return request_bytes(url, PATH, delta_event(next(numbers)), token)

    # Enough connections that one late reply does not hold back the events after it.
    return paced(url, next_event, goes_on, rate=RATE, connections=CONNECTIONS).milliseconds


class FullLoad:
    """A full load sent by another process, from the moment of entering until it is complete."""

    def __init__(self, url: str, products: int, seed: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._prepared = context.Event()
        self._begin = context.Event()
        self._process = context.Process(
            target=send_full_load,
            args=(url, products, seed, self._prepared, self._begin),
            daemon=True,
        )

    def __enter__(self) -> FullLoad:
        self._process.start()
        if not self._prepared.wait(timeout=60):
            raise TimeoutError("the full load was not prepared within 60 seconds")
        self._begin.set()
        return self

    def is_running(self, elapsed: float) -> bool:
        """Whether records are still being sent or applied."""
        return self._process.is_alive() and elapsed < LONGEST_LOAD

    def __exit__(self, *_: object) -> None:
        self._process.join(timeout=10)
        if self._process.is_alive():
            self._process.kill()
            raise TimeoutError(f"the full load was not complete after {LONGEST_LOAD:.0f} seconds")
        if self._process.exitcode:
            raise RuntimeError("the full load failed")


def send_full_load(url: str, products: int, seed: int, prepared: Event, begin: Event) -> None:
    """Runs in the other process: post every batch, wait until all are complete."""
    api = BenchApi(url)
    bodies = list(full_load(products, locations=100, seed=seed))
    prepared.set()
    begin.wait(timeout=60)
    job = api.open_job()
    sent = [api.post_batch(job, body) for body in bodies]
    # Batches are applied one after the other, so the last one ends the load.
    api.complete(job, sent[-1])
