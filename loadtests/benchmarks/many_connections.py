"""A thousand connections at once: whether each is served, and how much longer a reply takes."""

from __future__ import annotations

from collections.abc import Callable
from itertools import repeat

from fluent_oms_simulator.serving.addresses import most_connections

from ..server.paced_client import Paced, paced
from ..server.processes import running
from ..server.raw_client import pump
from .delta_traffic import SimulatorTraffic
from .figures import Report, percentile, ratio

QUESTION = "milliseconds to the reply to a delta, over 32 connections and over 1,000"
FEW, MANY = 32, 1000
RATE = 1000  # events a second, over all connections


def run(*, quick: bool) -> Report:
    """The same rate of events over few and over many connections, in turn."""
    report = Report("many_connections", QUESTION)
    rounds, seconds = (2, 1.5) if quick else (7, 5.0)
    many = min(MANY, most_connections())  # raises the limit of files of this process
    found: dict[int, list[Paced]] = {FEW: [], many: []}
    bursts: list[float] = []
    with running() as server:
        traffic = SimulatorTraffic(server)
        for attempt in range(rounds + 1):
            for connections, paces in found.items():
                served = paced(
                    traffic.url,
                    traffic.next_request,
                    _until(seconds if attempt else 1.0),
                    rate=RATE,
                    connections=connections,
                )
                traffic.settle()
                if attempt:
                    paces.append(served)
            requests = [traffic.next_request() for _ in repeat(None, many)]
            taken = pump(traffic.url, requests, status=b"200", connections=many)
            traffic.settle()
            if attempt:
                bursts.append(taken * 1000)
        traffic.finish()
    for label, share in (("p50", 0.5), ("p99", 0.99)):
        few = [percentile(served.milliseconds, share) for served in found[FEW]]
        lots = [percentile(served.milliseconds, share) for served in found[many]]
        report.add(f"{label}, {FEW} connections", "ms", few)
        report.add(f"{label}, {many:,} connections", "ms", lots)
        times = report.add(f"{label}, {many:,} / {FEW}", "ratio", list(map(ratio, lots, few)))
        if label == "p99":
            report.aim(f"p99 over {many:,} connections over {FEW}", times.median, "at most", 10.0)
    report.add("all at once, to the last reply", "ms", bursts)
    unserved = sum(count == 0 for served in found[many] for count in served.replies)
    report.aim("connections without a reply in a round", unserved, "at most", 0)
    report.notes.append(
        f"{RATE:,} events/s over connections in turn, timed from when each was due; no reply was"
        " an error, and on hand is exact."
    )
    fewest = min(min(served.replies) for served in found[many])
    report.notes.append(f"The connection that was served least had {fewest} replies in its round.")
    if many < MANY:
        report.notes.append(f"Only {many:,}: this process may open no more files (ulimit -n).")
    return report


def _until(seconds: float) -> Callable[[float], bool]:
    return lambda elapsed: elapsed < seconds
