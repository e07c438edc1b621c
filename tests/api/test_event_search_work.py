"""What a search of the event log costs: counted in audit rows made, never in seconds."""

import threading
import time
from collections.abc import Iterator, Sequence

import pytest
from fluent_oms_simulator import Settings, build
from fluent_oms_simulator.domain.events import Event
from fluent_oms_simulator.domain.workflow.audit import AuditRow
from fluent_oms_simulator.domain.workflow.raised import RaisedRow
from fluent_oms_simulator.operations import pace
from fluent_oms_simulator.operations.event_audit import EventAudit

from ..conftest import MakeSimulator
from ..support import Client, delta, deltas, record
from .helpers.replies import refusals

EVENTS = 300
ROWS = 1 + 14 + 1
"""Entries of the log for an event with one delta: itself, its audit, and what it raised."""
OF_BATCH = 3
"""Those of the batch before them."""


class Made:
    """How often the audit rows of an event were made."""

    def __init__(self) -> None:
        self.times = 0

    def since(self) -> int:
        """How often since the last look."""
        made, self.times = self.times, 0
        return made


@pytest.fixture(scope="module")
def logged() -> Iterator[Client]:
    """A log of 300 events with a delta each."""
    simulator = build(Settings(seed_data="none"))
    simulator.start()
    client = Client(simulator)
    client.load([record("D45", "LOC_MEL", 10)], preprocessing=None)
    for number in range(EVENTS):
        document = deltas(delta("D45", "LOC_MEL", 1, f"d{number}"))
        assert client.post("/api/v4.1/event/async", document).status_code == 200
    client.settle()
    yield client
    simulator.close()


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Made:
    counted = Made()
    rows = EventAudit.rows

    def counting(audit: EventAudit, event: Event) -> Sequence[AuditRow | RaisedRow]:
        counted.times += 1
        return rows(audit, event)

    monkeypatch.setattr(EventAudit, "rows", counting)
    return counted


def search(client: Client, **query: str) -> tuple[list[str], bool]:
    reply = client.get("/api/v4.1/event", **query)
    assert reply.status_code == 200
    page = reply.get_json()
    return [row["id"] for row in page["results"]], page["hasMore"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("context.rootEntityType", "x"),
        ("context.rootEntityRef", "x"),
        ("context.rootEntityId", "x"),
        ("context.entityType", "x"),
        ("context.entityRef", "x"),
        ("context.entityId", "x"),
        ("context.sourceEvents", "x"),
        ("name", "x"),
        ("category", "x"),
        ("category", "exception"),
        ("retailerId", "x"),
        ("eventType", "x"),
        ("eventStatus", "x"),
        ("eventStatus", "FAILED"),
        ("eventId", "x"),
        ("to", "2001-01-01"),
        ("from", "2099-01-01"),
    ],
)
def test_a_search_for_what_no_row_can_have_makes_none(
    logged: Client, made: Made, name: str, value: str
) -> None:
    assert search(logged, **{name: value}) == ([], False)
    assert made.since() == 0


def test_rows_that_were_passed_over_once_are_not_made_again(logged: Client, made: Made) -> None:
    query = {"category": "rule", "name": "createInventoryQuantity"}
    assert search(logged, **query) == ([], False)
    made.since()

    assert search(logged, **query) == ([], False)
    assert made.since() == 0
    last, has_more = search(logged, start=str(EVENTS * ROWS + OF_BATCH - 8), count="10")
    assert (len(last), has_more) == (8, False)
    assert made.since() == 1


def test_pages_are_parts_of_the_whole_list_wherever_they_begin(logged: Client) -> None:
    whole, _ = search(logged, count="5000")
    assert len(whole) == EVENTS * ROWS + OF_BATCH
    for start in (0, 1, 14, 15, 16, 17, 1000, len(whole) - 20):
        page, has_more = search(logged, start=str(start), count="20")
        assert page == whole[start : start + 20]
        assert has_more is (start + 20 < len(whole))
    rules, _ = search(logged, count="5000", category="rule")
    assert search(logged, start="700", count="3", category="rule")[0] == rules[700:703]


def test_only_so_many_searches_read_far_into_the_log_at_a_time(
    monkeypatch: pytest.MonkeyPatch, logged: Client, made: Made
) -> None:
    monkeypatch.setattr(pace, "SHORT", 5)
    query = {"context.entityRef": "D45:LOC_MEL:DEFAULT", "name": "createInventoryPosition"}
    enter, leave = threading.Barrier(pace.MOST_LONG + 1), threading.Event()
    slow = threading.local()
    pause = time.sleep

    def waiting(seconds: float) -> None:
        if getattr(slow, "is", False):
            slow.__dict__["is"] = False
            enter.wait(60)
            leave.wait(60)
        pause(seconds)

    monkeypatch.setattr(time, "sleep", waiting)
    found: list[int] = []

    def far() -> None:
        slow.__dict__["is"] = True
        found.append(logged.get("/api/v4.1/event", **query).status_code)

    threads = [threading.Thread(target=far) for _ in range(pace.MOST_LONG)]
    for thread in threads:
        thread.start()
    enter.wait(60)
    reply = logged.get("/api/v4.1/event", **query)
    leave.set()
    for thread in threads:
        thread.join(60)

    refusals(reply, 503)
    assert reply.headers["Retry-After"] == "1"
    assert found == [200] * pace.MOST_LONG
    assert logged.get("/api/v4.1/event", **query).status_code == 200
    assert made.since() > EVENTS


def with_events_of(make_simulator: MakeSimulator, size: int) -> Client:
    """A log of three events with so many deltas each."""
    client = Client(make_simulator())
    client.load([record("D45", "LOC_MEL", 10)], preprocessing=None)
    for event in range(3):
        made = (delta("D45", "LOC_MEL", 1, f"{event}-{number}") for number in range(size))
        client.send(deltas(*made))
    return client


@pytest.mark.parametrize(("size", "places"), [(1, 0), (3_000, 1)], ids=["small", "large"])
def test_a_search_past_a_few_large_events_counts_as_one_past_many_small_ones(
    make_simulator: MakeSimulator, monkeypatch: pytest.MonkeyPatch, size: int, places: int
) -> None:
    client = with_events_of(make_simulator, size)
    taken: list[pace.Slots] = []
    take = pace.Slots.take

    def recorded(slots: pace.Slots) -> None:
        taken.append(slots)
        take(slots)

    monkeypatch.setattr(pace.Slots, "take", recorded)

    found = search(client, category="rule", name="createInventoryQuantity")

    assert found == ([], False)
    assert len(taken) == places


def test_a_page_of_large_events_is_not_read_for_nothing_but_is_work(
    make_simulator: MakeSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = with_events_of(make_simulator, 3_000)
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)

    found, _ = search(client, category="snapshot", count="5000")

    assert len(found) >= 3
    assert pauses
