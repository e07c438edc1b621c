"""How each bounded thing is filled, and what it then takes."""

import gc
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from itertools import count
from typing import NamedTuple

from fluent_oms_simulator import Settings, Simulator, build
from fluent_oms_simulator.domain import bounds

from . import sending

Step = Callable[[Simulator, int], None]

MEBIBYTE = 1024 * 1024
OF_TRAFFIC = ("TRAFFIC", "COMPARED", "SENT_WORK", "FAILED_WORK")
ROUNDS = 2
"""How often as much is sent as fills a store."""


@dataclass(frozen=True, slots=True)
class Filling:
    """One way to fill a store: each step sends something new.

    `fills` is how many steps fill it. A bound in bytes is what may be held, and for a bound in
    entries `entry_bytes` is what one may take; `beside` is what may be held of other things. `room`
    is for bounds that must not be met before.
    """

    title: str
    limits: Mapping[str, int]
    step: Step
    fills: int
    entry_bytes: int = 0
    beside: int = 0
    settles: bool = True
    room: Mapping[str, int] = field(default_factory=dict)
    switches: Mapping[str, str] = field(default_factory=dict)
    begin: Step | None = None

    def scaled(self, times: int) -> "Filling":
        """The same with limits so many times as large."""
        return replace(
            self,
            limits={name: times * most for name, most in self.limits.items()},
            room={name: times * most for name, most in self.room.items()},
            fills=times * self.fills,
            beside=times * self.beside,
        )

    def most_bytes(self) -> float:
        """The most that may be held of it."""
        total = self.beside + 200_000
        for name, most in self.limits.items():
            unit = getattr(bounds, name).unit
            total += int(1.3 * most) if unit == "bytes" else self.entry_bytes * most
        return total


class Level(NamedTuple):
    """Bytes of memory when the store was full, and when as much had been sent again, and again."""

    held_when_full: int
    held_at_last: int
    lost_at_last: int


def names(filling: Filling) -> str:
    """What a case is called."""
    return filling.title


def level(filling: Filling) -> Level:
    """Fill a store of a new simulator, and go on."""
    # What waits to be examined, and what rules remember, has bounds of its own.
    named = {**filling.limits, **filling.room}
    is_of_traffic = any(name.startswith(OF_TRAFFIC) for name in named)
    settings = Settings(
        seed_data="none",
        behaviours=dict(filling.switches),
        conformance="on" if is_of_traffic else "off",
    )
    simulator = build(settings)
    simulator.start()
    numbers = count()
    held: list[int] = []
    try:
        simulator.jobs.create_job(b'{"name": "soak", "retailerId": "1", "meta": null}')
        if filling.begin is not None:
            filling.begin(simulator, 0)
            assert simulator.settle(600)
        _send(filling, simulator, numbers, 2)  # what is loaded or made ready at first use
        assert simulator.settle(600)
        tracemalloc.start()
        before = _measured()
        with nullcontext() if filling.settles else simulator.worker.quiet():
            for _ in range(ROUNDS):
                _send(filling, simulator, numbers, filling.fills)
                held.append(_measured() - before)
        wanted = {getattr(bounds, name).name for name in filling.limits}
        tallies = [tally for tally in simulator.tallies() if tally.bound.name in wanted]
        for tally in tallies:
            assert tally.held <= tally.limit, tally.bound.name
        return Level(held[0], held[-1], min(tally.lost for tally in tallies))
    finally:
        tracemalloc.stop()
        simulator.close()


def _send(filling: Filling, simulator: Simulator, numbers: Iterator[int], steps: int) -> None:
    for _ in range(steps):
        filling.step(simulator, next(numbers))
    if filling.settles:
        assert simulator.settle(600)


def _measured() -> int:
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


OTHERS = {
    "EVENTS": 10,
    "BATCHES": 3,
    "HISTORY": 10,
    "ON_HAND_CHANGES": 10,
    "EVENT_QUANTITIES": 10,
    "REQUESTS": 3,
    "LEDGER": 10,
}
"""What is not the subject of a case is kept small in it."""

FILLINGS = (
    Filling(
        "events that wait",
        {"WAITING_EVENTS": 2 * MEBIBYTE},
        sending.waiting_event,
        60,
        settles=False,
    ),
    Filling(
        "events of a later time",
        {"SCHEDULED_EVENTS": 2 * MEBIBYTE},
        sending.scheduled_event,
        60,
    ),
    Filling(
        "batches that wait",
        {"WAITING_BATCHES": 2 * MEBIBYTE},
        sending.waiting_batch,
        40,
        settles=False,
    ),
    Filling(
        "bytes of the event log",
        {"EVENT_BYTES": MEBIBYTE // 2},
        sending.ended_event,
        120,
        room={"EVENTS": 10_000},
    ),
    Filling(
        "entries of the event log", {"EVENTS": 100}, sending.ended_event, 120, entry_bytes=20_000
    ),
    Filling("bytes of jobs", {"JOB_BYTES": MEBIBYTE}, sending.job, 400),
    Filling("jobs", {"JOBS": 50}, sending.job, 60, entry_bytes=6_000),
    Filling(
        "bytes of batches",
        {"BATCH_BYTES": MEBIBYTE // 4},
        sending.failing_batch,
        25,
        room={"BATCHES": 10_000},
        switches={"batch.invalid_record": "refuse_record"},
        beside=500_000,
    ),
    Filling(
        "batches",
        {"BATCHES": 10},
        sending.failing_batch,
        12,
        entry_bytes=40_000,
        switches={"batch.invalid_record": "refuse_record"},
    ),
    Filling(
        "positions",
        {"POSITIONS": 5_000},
        sending.positions,
        11,
        room={"EVENTS": 3},  # the log tells of each batch what its records came to
        entry_bytes=600,
        beside=4_000_000,
    ),
    Filling(
        "locations",
        {"POSITION_LOCATIONS": 1_000},
        sending.locations,
        12,
        entry_bytes=2_000,
        beside=2_000_000,
    ),
    Filling(
        "deltas kept one by one",
        {"EVENT_QUANTITIES": 2_000},
        sending.delta_at_one,
        25,
        entry_bytes=1_200,
        beside=3_000_000,
        begin=sending.stock,
    ),
    Filling(
        "deltas of ever new types",
        {"EVENT_QUANTITIES": 1_000},
        sending.delta_of_a_type,
        15,
        entry_bytes=1_200,
        beside=3_000_000,
        begin=sending.stock,
    ),
    Filling(
        "sums of older deltas",
        {"EVENT_QUANTITIES": 500, "FOLDED_SUMS": 150},
        sending.delta_at_many,
        25,
        entry_bytes=1_500,
        beside=3_000_000,
        begin=sending.stock,
    ),
    Filling(
        "reservations",
        {"RESERVATIONS": 2_000},
        sending.reservations,
        25,
        entry_bytes=1_200,
        beside=3_000_000,
        begin=sending.stock,
    ),
    Filling(
        "quantities with refs of their own",
        {"QUANTITIES": 2 * MEBIBYTE},
        sending.own_refs,
        20,
        beside=2_000_000,
        begin=sending.stock,
    ),
    Filling("entities", {"ENTITIES": MEBIBYTE}, sending.entity, 25, beside=500_000),
    Filling(
        "history",
        {"HISTORY": 2_000},
        sending.history,
        6,
        entry_bytes=400,
        beside=500_000,
        begin=sending.stock,
    ),
    Filling(
        "changes of stock on hand",
        {"ON_HAND_CHANGES": 2_000},
        sending.changes_of_stock,
        6,
        entry_bytes=400,
        beside=500_000,
        begin=sending.stock,
    ),
    Filling("tokens", {"TOKENS": 100, "REFRESH_TOKENS": 100}, sending.tokens, 150, entry_bytes=400),
    Filling(
        "requests that wait",
        {"TRAFFIC": 50},
        sending.refused_request,
        60,
        entry_bytes=20_000,
        begin=sending.examine_nothing,
    ),
    Filling(
        "bytes of requests that wait",
        {"TRAFFIC_BYTES": MEBIBYTE},
        sending.refused_request,
        400,
        begin=sending.examine_nothing,
    ),
    Filling(
        "requests",
        {"REQUESTS": 50},
        sending.refused_request,
        60,
        entry_bytes=40_000,
        room={"TRAFFIC": 3},
        begin=sending.examine_nothing,
    ),
    Filling(
        "bytes of requests",
        {"REQUEST_BYTES": MEBIBYTE},
        sending.refused_request,
        400,
        room={"REQUESTS": 100_000, "TRAFFIC": 3},
        begin=sending.examine_nothing,
    ),
    Filling("snapshots", {"SNAPSHOTS": 50}, sending.snapshot, 60, entry_bytes=40_000),
    Filling(
        "bytes of snapshots",
        {"SNAPSHOT_BYTES": MEBIBYTE},
        sending.snapshot,
        60,
        room={"SNAPSHOTS": 10_000},
        begin=sending.stock,
    ),
    Filling(
        "requests that a fault has struck",
        {"FAULT_FIRINGS": 50},
        sending.struck_request,
        60,
        entry_bytes=3_000,
        room={"FAULT_MEMORY": 3},
        begin=sending.arm_a_fault,
    ),
    Filling(
        "what fault rules tell from others",
        {"FAULT_MEMORY": 100},
        sending.struck_request,
        120,
        entry_bytes=1_000,
        room={"FAULT_FIRINGS": 3},
        begin=sending.arm_a_fault,
    ),
    Filling(
        "deltas of the ledger",
        {"LEDGER": 1_000},
        sending.answered_deltas,
        15,
        entry_bytes=1_000,
        room={"TRAFFIC": 3},
        beside=500_000,
        begin=sending.stock_and_examine_nothing,
    ),
    Filling(
        "bytes of the ledger",
        {"LEDGER_BYTES": MEBIBYTE},
        sending.answered_deltas,
        30,
        beside=500_000,
        room={"LEDGER": 100_000, "TRAFFIC": 3},
        begin=sending.stock_and_examine_nothing,
    ),
    Filling("refs that are compared", {"COMPARED_REFS": MEBIBYTE}, sending.examined_refs, 30),
    Filling("what was found", {"SENT_WORK": MEBIBYTE // 4}, sending.examined_errors, 60),
    Filling(
        "what has failed unseen",
        {"FAILED_WORK": MEBIBYTE // 4},
        sending.failed_without_a_request,
        30,
    ),
    Filling("documents", {"DOCUMENTS": 4 * MEBIBYTE}, sending.document, 12),
    Filling("webhooks", {"WEBHOOKS": 10}, sending.webhook, 15, entry_bytes=20_000),
    Filling(
        "deliveries that wait",
        {"WAITING_DELIVERIES": MEBIBYTE // 4},
        sending.posted_event,
        120,
        begin=sending.post_in_a_day,
    ),
    Filling(
        "deliveries",
        {"DELIVERIES": 50},
        sending.posted_event,
        60,
        entry_bytes=20_000,
        begin=sending.post_to_nobody,
    ),
    Filling(
        "bytes of deliveries",
        {"DELIVERY_BYTES": MEBIBYTE // 4},
        sending.posted_event,
        120,
        room={"DELIVERIES": 10_000},
        begin=sending.post_to_nobody,
    ),
)
