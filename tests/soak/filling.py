"""How each bounded thing is filled, and what it then takes."""

import gc
import json
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any, NamedTuple

from fluent_oms_simulator import Settings, Simulator, build
from fluent_oms_simulator.domain import bounds
from fluent_oms_simulator.errors import ApiError
from fluent_oms_simulator.traffic import SENT

from ..support import batch, delta, deltas, event, item, record, updates

Step = Callable[[Simulator, int], None]

MEBIBYTE = 1024 * 1024
ROUNDS = 3
"""How often as much is sent as fills a store."""


@dataclass(frozen=True, slots=True)
class Filling:
    """One way to fill a store: each step sends something new.

    `fills` is how many steps fill it. A bound in bytes is what may be held, and for a bound in
    entries `entry_bytes` is what one may take; `beside` is what may be held of other things.
    """

    title: str
    limits: Mapping[str, int]
    step: Step
    fills: int
    entry_bytes: int = 0
    beside: int = 0
    settles: bool = True
    switches: Mapping[str, str] = field(default_factory=dict)
    begin: Step | None = None

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
    simulator = build(Settings(seed_data="none", behaviours=dict(filling.switches)))
    simulator.start()
    numbers = count()
    held: list[int] = []
    try:
        simulator.jobs.create_job(b'{"name": "soak", "retailerId": "1", "meta": null}')
        if filling.begin is not None:
            filling.begin(simulator, 0)
            assert simulator.settle(600)
        _send(filling, simulator, numbers, 2)  # what is loaded or made ready at first use
        tracemalloc.start()
        before = _measured()
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
    if filling.settles:
        for _ in range(steps):
            filling.step(simulator, next(numbers))
        assert simulator.settle(600)
        return
    with simulator.worker.quiet():
        for _ in range(steps):
            filling.step(simulator, next(numbers))
        return


def _measured() -> int:
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


def _bytes(document: object) -> bytes:
    return json.dumps(document).encode()


def _post(simulator: Simulator, document: object) -> None:
    """An event that may be refused for what waits."""
    try:
        simulator.events.post_async(_bytes(document))
    except ApiError as refusal:
        if refusal.status != 503:
            raise


def _load(simulator: Simulator, *records: Mapping[str, object]) -> None:
    try:
        simulator.jobs.add_batch("1", _bytes(batch(*records)))
    except ApiError as refusal:
        if refusal.status != 503:
            raise


def _stock(simulator: Simulator, _: int) -> None:
    _load(simulator, record("D45", "LOC_MEL", 1_000_000))
    _load(simulator, *(record(f"P{number}", "LOC_MEL", 1) for number in range(2_000)))


def _waiting_event(simulator: Simulator, number: int) -> None:
    entries = (delta("D45", "LOC_MEL", 1, f"d{number}-{line}" + "i" * 40) for line in range(100))
    _post(simulator, deltas(*entries))


def _waiting_batch(simulator: Simulator, number: int) -> None:
    attributes: dict[str, Any] = {"note": [{}] * 20}
    plain = (record(f"P{number}-{line}", "LOC_MEL", line) for line in range(100))
    others = (
        record(f"Q{number}-{line}", "LOC_MEL", line, attributes=attributes) for line in range(50)
    )
    _load(simulator, *plain, *others)


def _ended_event(simulator: Simulator, number: int) -> None:
    """Of every size, and with long outcomes as well."""
    if number % 2:
        _post(simulator, event("Unknown", {"note": "é" * (number % 7 * 500)}))
    else:
        missing = (delta(f"NO{line}", "LOC_MEL", 1, f"{number}-{line}") for line in range(50))
        _post(simulator, deltas(*missing))


def _job(simulator: Simulator, number: int) -> None:
    meta = {"note": [{}] * 1_000, "number": number}
    simulator.jobs.create_job(_bytes({"name": "x" * 200, "retailerId": "1", "meta": meta}))


def _failing_batch(simulator: Simulator, number: int) -> None:
    _load(simulator, *(record(f"P{number}", "x" * 200, "many", status=5) for _ in range(100)))


def _positions(simulator: Simulator, number: int) -> None:
    _load(simulator, *(record(f"P{number}-{line}", f"L{line}", 1) for line in range(500)))


def _locations(simulator: Simulator, number: int) -> None:
    _load(simulator, *(record("P", f"L{number}-{line}", 1) for line in range(100)))
    assert simulator.settle(600)
    with simulator.store.view() as (account, _):
        assert len(account.locations)


def _delta_at_one(simulator: Simulator, number: int) -> None:
    many = (delta("D45", "LOC_MEL", 1, f"d{number}-{line}") for line in range(100))
    _post(simulator, deltas(*many))


def _delta_of_a_type(simulator: Simulator, number: int) -> None:
    many = (
        delta("D45", "LOC_MEL", 1, f"d{number}-{line}", type=f"T{number}-{line}")
        for line in range(100)
    )
    _post(simulator, deltas(*many))


def _delta_at_many(simulator: Simulator, number: int) -> None:
    many = (
        delta(f"P{(100 * number + line) % 2_000}", "LOC_MEL", 1, f"d{number}-{line}")
        for line in range(100)
    )
    _post(simulator, deltas(*many))


def _reservations(simulator: Simulator, number: int) -> None:
    items = (item("D45", "LOC_MEL", f"F{number}-{line}", reservedQty=-1) for line in range(100))
    _post(simulator, updates(*items))


def _own_refs(simulator: Simulator, number: int) -> None:
    attributes: dict[str, Any] = {"note": [{}] * 20}
    rows = (
        record("D45", "LOC_MEL", 1, ref=f"own{number}-{line}", type="SALE", attributes=attributes)
        for line in range(100)
    )
    _load(simulator, *rows)


def _entity(simulator: Simulator, number: int) -> None:
    query = """mutation ($ref: String!, $value: Json!) { createControlGroup(input: {ref: $ref,
      type: "D", name: "n", attributes: [{name: "a", type: "JSON", value: $value}]}) { ref } }"""
    variables = {"ref": f"G{number}", "value": [{}] * 500}
    simulator.graphql.post(_bytes({"query": query, "variables": variables}))


def _history(simulator: Simulator, number: int) -> None:
    _load(simulator, *(record(f"P{line}", "LOC_MEL", number) for line in range(500)))


def _tokens(simulator: Simulator, _: int) -> None:
    settings = simulator.settings
    form = {
        "grant_type": "password",
        "client_id": settings.client_id,
        "client_secret": settings.client_secret,
        "username": settings.username,
        "password": settings.password,
    }
    simulator.tokens.issue_token(form)


def _refused_request(simulator: Simulator, number: int) -> None:
    """With more in every header than a server takes."""
    assert simulator.traffic is not None
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": f"/{number}" + "x" * 20_000,
        "QUERY_STRING": f"a={number}" + "x" * 20_000,
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_AUTHORIZATION": f"Bearer {number}" + "x" * 200_000,
        "HTTP_USER_AGENT": f"agent {number}" + "x" * 20_000,
        SENT: (
            f"{number}".encode() * 100
            if number % 2
            else {"grant_type": "refresh_token", "refresh_token": f"{number}" + "x" * 400_000}
        ),
    }
    simulator.traffic.record(environ, 401, None, b"")


def _document(simulator: Simulator, number: int) -> None:
    fields = " ".join(f"a{number}x{field}: __typename" for field in range(100))
    simulator.graphql.post(_bytes({"query": f"{{ {fields} }}"}))


OTHERS = {"EVENTS": 10, "BATCHES": 3, "HISTORY": 10, "EVENT_QUANTITIES": 10}
"""What is not the subject of a case is kept small in it."""

FILLINGS = (
    Filling(
        "events that wait",
        {"WAITING_EVENTS": 2 * MEBIBYTE},
        _waiting_event,
        60,
        settles=False,
    ),
    Filling(
        "batches that wait",
        {"WAITING_BATCHES": 2 * MEBIBYTE},
        _waiting_batch,
        40,
        settles=False,
    ),
    Filling(
        "bytes of the event log",
        {"EVENT_BYTES": 2 * MEBIBYTE},
        _ended_event,
        500,
    ),
    Filling("entries of the event log", {"EVENTS": 100}, _ended_event, 120, entry_bytes=20_000),
    Filling("bytes of jobs", {"JOB_BYTES": MEBIBYTE}, _job, 400),
    Filling("jobs", {"JOBS": 50}, _job, 60, entry_bytes=6_000),
    Filling(
        "bytes of batches",
        {"BATCH_BYTES": MEBIBYTE},
        _failing_batch,
        40,
        switches={"batch.invalid_record": "refuse_record"},
        beside=500_000,
    ),
    Filling(
        "batches",
        {"BATCHES": 10},
        _failing_batch,
        20,
        entry_bytes=150_000,
        switches={"batch.invalid_record": "refuse_record"},
    ),
    Filling(
        "positions",
        {"POSITIONS": 5_000},
        _positions,
        11,
        entry_bytes=600,
        beside=4_000_000,
    ),
    Filling(
        "locations",
        {"POSITION_LOCATIONS": 1_000},
        _locations,
        12,
        entry_bytes=2_000,
        beside=2_000_000,
    ),
    Filling(
        "deltas kept one by one",
        {"EVENT_QUANTITIES": 2_000},
        _delta_at_one,
        25,
        entry_bytes=1_200,
        beside=3_000_000,
        begin=_stock,
    ),
    Filling(
        "deltas of ever new types",
        {"EVENT_QUANTITIES": 1_000},
        _delta_of_a_type,
        15,
        entry_bytes=1_200,
        beside=3_000_000,
        begin=_stock,
    ),
    Filling(
        "sums of older deltas",
        {"EVENT_QUANTITIES": 500, "FOLDED_SUMS": 500},
        _delta_at_many,
        25,
        entry_bytes=1_500,
        beside=3_000_000,
        begin=_stock,
    ),
    Filling(
        "reservations",
        {"RESERVATIONS": 2_000},
        _reservations,
        25,
        entry_bytes=1_200,
        beside=3_000_000,
        begin=_stock,
    ),
    Filling(
        "quantities with refs of their own",
        {"QUANTITIES": 2 * MEBIBYTE},
        _own_refs,
        20,
        beside=2_000_000,
        begin=_stock,
    ),
    Filling("entities", {"ENTITIES": 2 * MEBIBYTE}, _entity, 60, beside=500_000),
    Filling(
        "history",
        {"HISTORY": 2_000},
        _history,
        6,
        entry_bytes=400,
        beside=500_000,
        begin=_stock,
    ),
    Filling("tokens", {"TOKENS": 100, "REFRESH_TOKENS": 100}, _tokens, 150, entry_bytes=400),
    Filling("requests that wait", {"TRAFFIC": 50}, _refused_request, 60, entry_bytes=40_000),
    Filling("bytes of requests that wait", {"TRAFFIC_BYTES": MEBIBYTE}, _refused_request, 400),
    Filling("documents", {"DOCUMENTS": 4 * MEBIBYTE}, _document, 12),
)
