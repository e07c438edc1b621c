"""How long a delta waits for its reply, idle and while a full load runs."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, count
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
SENDERS = (1, 3)
LONGEST_LOAD = 90.0


def run(*, quick: bool) -> Report:
    """Alternate idle spells and loads by one sender and by several; one probe runs through all."""
    report = Report("latency_under_load", QUESTION)
    rounds, products, idle_seconds = (1, 2400, 4.0) if quick else (4, 9_999, 8.0)
    idle: list[list[float]] = []
    loaded: dict[int, list[list[float]]] = {senders: [] for senders in SENDERS}
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
            for senders in SENDERS:
                with FullLoad(server.url, products, seed=attempt, senders=senders) as load:
                    began = time.perf_counter()
                    loaded[senders].append(probe(server.url, api.token, numbers, load.is_running))
                    speeds.append(products * 100 / (time.perf_counter() - began))
        api.close()
    for label, share in (("p50", 0.5), ("p99", 0.99)):
        quiet = report.add(f"{label}, idle", "ms", [percentile(each, share) for each in idle])
        for senders, spells in loaded.items():
            who = "one sender" if senders == 1 else f"{senders} senders"
            busy = [percentile(each, share) for each in spells]
            report.add(f"{label}, full load by {who}", "ms", busy)
            report.add(f"{label}, {who} / idle", "ratio", list(map(ratio, busy, quiet.values)))
            if label == "p99":
                # Of all spells together: 1 in 100 of one of them is a handful of replies.
                times = ratio(_percentile_of_all(spells, share), _percentile_of_all(idle, share))
                report.aim(f"p99 during a full load by {who} over idle", times, "at most", 3.0)
    every = [reply for spells in loaded.values() for spell in spells for reply in spell]
    report.add("slowest reply during a full load", "ms", [max(every)])
    report.add("full load over HTTP beside the probe", "records/s", speeds)
    report.notes.append(
        f"{RATE} events/s; a full load is {products * 100:,} records in batches of 5,000;"
        f" {len(every):,} replies measured under load, {sum(map(len, idle)):,} idle."
    )
    return report


def _percentile_of_all(spells: Iterable[Iterable[float]], share: float) -> float:
    return percentile(list(chain.from_iterable(spells)), share)


def probe(
    url: str, token: str, numbers: Iterator[int], goes_on: Callable[[float], bool]
) -> list[float]:
    """Milliseconds from when each event was due to its reply."""

    def next_event() -> bytes:
        return request_bytes(url, PATH, delta_event(next(numbers)), token)

    # Enough connections that one late reply does not hold back the events after it.
    return paced(url, next_event, goes_on, rate=RATE, connections=CONNECTIONS).milliseconds


class FullLoad:
    """A full load sent by other processes, from the moment of entering until it is complete."""

    def __init__(self, url: str, products: int, seed: int, senders: int = 1) -> None:
        context = multiprocessing.get_context("spawn")
        self._begin = context.Event()
        self._prepared = [context.Event() for _ in range(senders)]
        self._processes = [
            context.Process(
                target=send_full_load,
                args=(url, products // senders, seed + number, prepared, self._begin),
                daemon=True,
            )
            for number, prepared in enumerate(self._prepared)
        ]

    def __enter__(self) -> FullLoad:
        for process in self._processes:
            process.start()
        for prepared in self._prepared:
            if not prepared.wait(timeout=60):
                raise TimeoutError("the full load was not prepared within 60 seconds")
        self._begin.set()
        return self

    def is_running(self, elapsed: float) -> bool:
        """Whether records are still being sent or applied."""
        return elapsed < LONGEST_LOAD and any(process.is_alive() for process in self._processes)

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.join(timeout=10)
        if any(process.is_alive() for process in self._processes):
            for process in self._processes:
                process.kill()
            raise TimeoutError(f"the full load was not complete after {LONGEST_LOAD:.0f} seconds")
        if any(process.exitcode for process in self._processes):
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
