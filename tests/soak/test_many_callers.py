"""What held when the simulator was attacked, and must go on holding: many callers at once."""

import itertools
import json
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from fluent_oms_simulator import Settings, Simulator, build
from fluent_oms_simulator.errors import ApiError
from fluent_oms_simulator.operations.replies import Reply

from ..conftest import MakeSimulator
from ..support import Client, Document, delta, deltas, record

THREADS = 64
EVENTS = 120
MOVES = 12
REPEATED = 0.035
"""Of the events, sent again at once as a connector does that got no answer."""
PRODUCTS = [f"P{number:02}" for number in range(51)]
LOCATIONS = [f"L{number}" for number in range(4)]
PLACES = [(product, location) for product in PRODUCTS for location in LOCATIONS]
OPENING = 1_000
JOB = b'{"name": "full load", "retailerId": "1"}'

ALL_STOCK = """{ inventoryPositions(first: 500, catalogue: {ref: "DEFAULT:1"}) {
  edges { node { ref onHand quantitiesAggregate(status: ["ACTIVE", "CREATED"]) { sum } } } } }"""

pytestmark = pytest.mark.slow


def run_together(work: Callable[[int], None]) -> None:
    """Let so many threads work, and fail with the first that failed."""
    faults: list[BaseException] = []

    def guarded(number: int) -> None:
        try:
            work(number)
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=guarded, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def accepted(simulator: Simulator, document: Document) -> None:
    """Send an event until there is room for it."""
    body = json.dumps(document).encode()
    while status_of(partial(simulator.events.post_async, body)) != 200:
        assert simulator.settle()


def status_of(call: Callable[[], Reply]) -> int:
    """How a call was answered: taken, or refused because too much waits already."""
    try:
        status = call().status
    except ApiError as refusal:
        status = refusal.status
    assert status in (200, 429, 503)
    return status


def moves_of(thread: int) -> Iterator[list[Document]]:
    """The deltas of one event after the other; each takes as much from one place as it gives."""
    chance = random.Random(thread)
    names = itertools.count()
    for _ in range(EVENTS):
        moved: list[Document] = []
        for _ in range(MOVES):
            amount = chance.randint(1, 9)
            for place, sign in zip(chance.sample(PLACES, 2), (-1, 1), strict=True):
                moved.append(delta(*place, sign * amount, f"t{thread}-{next(names)}"))
        yield moved


def test_no_delta_of_many_threads_is_lost_or_counted_twice_or_half_seen(
    make_simulator: MakeSimulator,
) -> None:
    simulator = make_simulator()
    client = Client(simulator)
    client.load([record(*place, OPENING) for place in PLACES])
    expected = Counter(dict.fromkeys(PLACES, OPENING))
    told = threading.Lock()
    over = threading.Event()
    torn: list[object] = []

    def send(thread: int) -> None:
        chance = random.Random(-1 - thread)
        sent: Counter[tuple[str, str]] = Counter()
        for moved in moves_of(thread):
            accepted(simulator, deltas(*moved))
            if chance.random() < REPEATED:
                accepted(simulator, deltas(*moved))
            for one in moved:
                sent[one["productRef"], one["locationRef"]] += one["qty"]
        with told:
            expected.update(sent)

    def watch(reader: Client) -> None:
        while not over.is_set():
            reply: Any = reader.post("/graphql", {"query": ALL_STOCK}).get_json()
            rows = [edge["node"] for edge in reply["data"]["inventoryPositions"]["edges"]]
            whole = sum(row["onHand"] for row in rows) == OPENING * len(PLACES)
            if not (whole and all(r["onHand"] == r["quantitiesAggregate"]["sum"] for r in rows)):
                torn.append(rows)

    watcher = threading.Thread(target=watch, args=(Client(simulator),))
    watcher.start()
    try:
        run_together(send)
        client.settle()
    finally:
        over.set()
        watcher.join()

    assert torn == []
    found = {p["ref"]: p["onHand"] for p in client.positions()}
    assert found == {f"{product}:{place}:DEFAULT": n for (product, place), n in expected.items()}


def test_resets_while_many_callers_write_leave_a_sound_simulator() -> None:
    simulator = build(Settings(seed_data="none"))
    simulator.start()
    client = Client(simulator)
    record_of = [record(*place, OPENING) for place in PLACES[:20]]
    over = threading.Event()

    def write(thread: int) -> None:
        for moved in itertools.cycle(list(moves_of(thread))[:3]):
            if over.is_set():
                return
            event = json.dumps(deltas(*moved)).encode()
            status_of(partial(simulator.jobs.create_job, JOB))
            status_of(partial(simulator.events.post_async, event))

    def reset_often() -> None:
        try:
            for _ in range(250):
                assert client.http.post("/__admin/reset").status_code == 200
        finally:
            over.set()

    resetting = threading.Thread(target=reset_often)
    resetting.start()
    run_together(write)
    resetting.join()

    assert client.http.post("/__admin/reset").status_code == 200
    assert client.positions() == []
    client.load(record_of, job=client.job())
    client.delta("P00", "L0", -4, "known")
    client.delta("P00", "L0", -4, "known")
    assert client.on_hand("P00", "L0") == OPENING - 4
    assert len(client.positions()) == 20
    simulator.close()
