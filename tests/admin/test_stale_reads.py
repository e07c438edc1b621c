"""Statuses and stock are told as of some seconds ago, whether or not anybody has asked before."""

from collections.abc import Iterator
from typing import Any

import pytest
from fluent_oms_simulator.clock import VirtualClock
from hypothesis import given, settings
from hypothesis import strategies as st

from ..conftest import MakeSimulator
from ..support import Client, Document, batch, delta, deltas, item, limit, record, updates
from .helpers.faults_support import arm, disarm, on_hand, sell, shown
from .helpers.snapshot_lines import load, restore, saved

JOB = "/api/v4.1/job"
EVENT = "/api/v4.1/event"
ALL = """{
  inventoryPositions(first: 50) {edges {node {
    ref onHand updatedOn
    quantities(first: 50) {edges {node {ref type quantity status updatedOn}}}
    quantitiesAggregate {count sum}
  }}}
  inventoryQuantities(first: 50, status: ["ACTIVE"]) {edges {node {ref quantity}}}
  virtualPositions(first: 50) {edges {node {ref quantity}}}
}"""
SOME = "{inventoryPositions(onHand: [100]) {edges {node {ref onHand}}}}"


@pytest.fixture
def client(make_simulator: MakeSimulator, clock: VirtualClock) -> Client:
    client = Client(make_simulator(clock=clock))
    client.load([record("D45", "LOC_MEL", 100)])
    return client


def advance(client: Client, seconds: float) -> None:
    assert client.http.post("/__admin/clock/advance", json={"seconds": seconds}).status_code == 200


def read(client: Client, query: str = ALL, **headers: str) -> Any:
    reply = client.post("/graphql", {"query": query}, **headers).get_json()
    assert "errors" not in reply, reply
    return reply["data"]


def told(client: Client) -> list[int]:
    return [edge["node"]["onHand"] for edge in read(client)["inventoryPositions"]["edges"]]


STALE = {"kind": "stale", "seconds": 10}
LATE = {"X-Fluent-Sim-Fault": '{"kind": "stale", "seconds": 5}'}


def test_the_first_read_after_a_write_sees_what_was_before_it(client: Client) -> None:
    arm(client, STALE)

    client.delta("D45", "LOC_MEL", -10, "one")

    assert (on_hand(client), told(client)) == (90, [100])
    advance(client, 9.999)
    assert told(client) == [100]
    advance(client, 0.001)
    assert told(client) == [90]


def test_of_two_writes_the_older_one_is_seen_first(client: Client) -> None:
    arm(client, STALE)
    client.delta("D45", "LOC_MEL", -10, "one")
    advance(client, 4)
    client.delta("D45", "LOC_MEL", -20, "two")

    advance(client, 6)
    assert told(client) == [90]
    advance(client, 4)
    assert told(client) == [70]


def test_what_was_there_when_the_rule_was_armed_is_seen(client: Client) -> None:
    client.delta("D45", "LOC_MEL", -10, "one")
    arm(client, STALE)
    assert told(client) == [90]

    client.load([record("D45", "LOC_MEL", 7)])
    disarm(client)
    assert told(client) == [7]


def test_a_position_that_is_new_is_not_there_yet(client: Client) -> None:
    arm(client, STALE)
    before = read(client)
    client.load([record("D46", "LOC_SYD", 5), record("D47", "LOC_MEL", 5)])

    assert read(client) == before
    one = '{inventoryPosition(ref: "D46:LOC_SYD:DEFAULT", catalogue: {ref: "DEFAULT:1"}) {ref}}'
    assert read(client, one) == {"inventoryPosition": None}
    advance(client, 10)
    assert len(told(client)) == 3


def test_a_filter_goes_by_what_is_told(client: Client) -> None:
    arm(client, STALE)
    client.delta("D45", "LOC_MEL", -50, "one")

    assert len(read(client, SOME)["inventoryPositions"]["edges"]) == 1
    disarm(client)
    assert len(read(client, SOME)["inventoryPositions"]["edges"]) == 0


def test_seed_data_is_there_also_after_a_reset(
    make_simulator: MakeSimulator, clock: VirtualClock
) -> None:
    from fluent_oms_simulator import Settings

    client = Client(make_simulator(clock=clock, settings=Settings(faults="stale-reads")))
    client.settle()
    before = read(client)
    assert before["inventoryPositions"]["edges"]

    assert client.http.post("/__admin/reset").status_code == 200
    assert [each["node"]["ref"] for each in read(client)["inventoryPositions"]["edges"]] == [
        each["node"]["ref"] for each in before["inventoryPositions"]["edges"]
    ]


def test_a_mutation_is_not_struck(client: Client) -> None:
    arm(client, STALE)
    for _ in range(2):
        client.post("/graphql", {"query": "mutation { __typename }"})
    assert shown(client)["fired"] == 0

    escaped = b'{"query": "mut\\u0061tion { __typename }"}'
    assert client.post("/graphql", escaped).get_json() == {"data": {"__typename": "Mutation"}}
    assert "mutation" in shown(client)["log"][0]["undone"]


@pytest.mark.parametrize("bound", ["HISTORY", "ON_HAND_CHANGES"])
def test_what_is_no_longer_known_is_said(
    make_simulator: MakeSimulator,
    clock: VirtualClock,
    monkeypatch: pytest.MonkeyPatch,
    bound: str,
) -> None:
    limit(monkeypatch, bound, 3)
    client = Client(make_simulator(clock=clock))
    client.load([record("D45", "LOC_MEL", 100)])
    arm(client, STALE)
    for number in range(3):
        client.load([record("D45", "LOC_MEL", number)])
    assert told(client) == [100]
    assert "undone" not in shown(client)["log"][0]

    client.load([record("D45", "LOC_MEL", 7)])
    told(client)
    assert "no longer known" in shown(client)["log"][0]["undone"]


# -- statuses --------------------------------------------------------------------------------------


def loaded(client: Client, job: str, *records: Document) -> str:
    reply = client.post(f"{JOB}/{job}/batch", batch(*records))
    client.settle()
    return str(reply.get_json()["id"])


def test_a_batch_is_not_complete_until_so_many_seconds_later(client: Client) -> None:
    arm(client, STALE)
    job = client.job()
    number = loaded(client, job, record("D45", "LOC_MEL", 7))

    def statuses() -> tuple[str, int, list[Document], int]:
        found = client.batch(number, job)
        listed = client.get(f"{JOB}/{job}").get_json()["batch"]
        results = client.get(f"{JOB}/{job}/results").get_json()
        return found["status"], len(found["results"]), listed, results["successfulBatches"]

    assert statuses() == ("PENDING", 0, [], 0)
    advance(client, 10)
    status, results, listed, successful = statuses()
    assert (status, results, len(listed), successful) == ("COMPLETE", 1, 1, 1)


def test_a_batch_that_was_running_is_told_so(client: Client) -> None:
    arm(
        client,
        {**STALE, "point": "poll"},
        {"kind": "hold_batch", "state": "RUNNING", "seconds": 30},
    )
    job = client.job()
    number = loaded(client, job, record("D45", "LOC_MEL", 7))

    assert client.batch(number, job)["status"] == "PENDING"
    advance(client, 10)
    assert client.batch(number, job)["status"] == "RUNNING"
    advance(client, 20)
    assert on_hand(client) == 7
    assert client.batch(number, job)["status"] == "RUNNING"
    results = client.get(f"{JOB}/{job}/results").get_json()["results"]
    assert (results[0]["status"], results[0]["processedEntities"]) == ("RUNNING", 0)
    advance(client, 10)
    assert client.batch(number, job)["status"] == "COMPLETE"


def test_an_event_is_pending_by_its_id_and_not_listed_yet(client: Client) -> None:
    arm(client, STALE)
    event = str(sell(client).get_json()["id"])
    client.settle()

    def listed(**query: str) -> list[Document]:
        found: list[Document] = client.get(EVENT, count="100", **query).get_json()["results"]
        return [each for each in found if each["name"] == "INVENTORY_DELTA"]

    assert client.event(event)["eventStatus"] == "PENDING"
    assert "outcome" not in client.event(event)
    assert listed() == listed(eventId=event) == []
    advance(client, 10)
    assert client.event(event)["eventStatus"] == "SUCCESS"
    rows = [each["id"] for each in listed()]
    assert event in rows
    assert [each["id"] for each in listed(eventId=event)] == [event]


def test_an_event_that_ended_since_is_listed_as_pending(client: Client) -> None:
    arm(
        client,
        STALE,
        {"kind": "late", "delay": {"fixed": 30_000}, "match": {"operation": "sendEvent"}},
    )
    event = str(sell(client).get_json()["id"])
    advance(client, 30)
    assert on_hand(client) == 99

    for query, found in (({}, 1), ({"eventStatus": "PENDING"}, 1), ({"eventStatus": "SUCCESS"}, 0)):
        results = client.get(EVENT, name="INVENTORY_DELTA", count="100", **query)
        rows = [row for row in results.get_json()["results"] if row["type"] == "ORCHESTRATION"]
        assert [row["id"] for row in rows] == [event] * found, query
    advance(client, 10)
    assert client.event(event)["eventStatus"] == "SUCCESS"


def test_a_row_of_an_event_is_not_there_before_it_ended(client: Client) -> None:
    arm(client, {"kind": "stale", "seconds": 10, "point": "poll"})
    event = str(sell(client).get_json()["id"])
    client.settle()
    disarm(client)
    rows = client.get(EVENT, **{"context.sourceEvents": event}).get_json()["results"]
    assert rows

    arm(client, {"kind": "stale", "seconds": 10, "point": "poll"})
    advance(client, 5)
    event = str(sell(client, "two").get_json()["id"])
    client.settle()
    assert client.get(EVENT, **{"context.sourceEvents": event}).get_json()["results"] == []
    unseen = f"{event[:-4]}{rows[0]['id'][-4:]}"
    assert client.get(f"{EVENT}/{unseen}").status_code == 404
    advance(client, 10)
    assert client.get(f"{EVENT}/{unseen}").status_code == 200


def test_a_scheduled_event_is_scheduled_for_as_long(client: Client) -> None:
    arm(client, STALE)
    document = deltas(delta("D45", "LOC_MEL", -1, "one"), scheduledOn="2026-01-01T12:00:20Z")
    event = str(client.post(f"{EVENT}/async", document).get_json()["id"])
    advance(client, 20)
    assert on_hand(client) == 99

    assert client.event(event)["eventStatus"] == "SCHEDULED"
    advance(client, 10)
    assert client.event(event)["eventStatus"] == "SUCCESS"


def test_a_job_closes_so_many_seconds_after_midnight(client: Client) -> None:
    job = client.job()
    arm(client, STALE)
    advance(client, 12 * 3_600 + 9)
    assert client.get(f"{JOB}/{job}").get_json()["status"] == "OPEN"
    advance(client, 1)
    assert client.get(f"{JOB}/{job}").get_json()["status"] == "CLOSED"


# -- of a single call ------------------------------------------------------------------------------


def test_a_header_asks_for_one_read_as_of_some_seconds_ago(client: Client) -> None:
    advance(client, 20)
    job = client.job()
    number = loaded(client, job, record("D45", "LOC_MEL", 7))

    query = "{inventoryPositions {edges {node {onHand}}}}"
    [edge] = read(client, query, **LATE)["inventoryPositions"]["edges"]
    assert edge["node"]["onHand"] == 100
    path = f"{JOB}/{job}/batch/{number}"
    reply = client.http.get(path, headers={**client.headers, **LATE})
    assert reply.get_json()["status"] == "PENDING"
    assert client.batch(number, job)["status"] == "COMPLETE"
    assert told(client) == [7]


def test_what_is_new_is_not_seen_after_a_file_was_gone_back_to_either(client: Client) -> None:
    client.load([record("E5", "LOC_MEL", 100)])
    advance(client, 20)
    client.delta("E5", "LOC_MEL", -1, "older, of the position that was made later")
    advance(client, 20)
    client.delta("D45", "LOC_MEL", -1, "new")
    load(client, saved(client))
    restore(client)

    [edge, _] = read(client, **LATE)["inventoryPositions"]["edges"]
    refs = [each["node"]["ref"] for each in edge["node"]["quantities"]["edges"]]
    assert (edge["node"]["onHand"], refs) == (100, ["D45:LOC_MEL:DEFAULT:LAST_ON_HAND"])


def test_no_mixture_is_told_after_the_clock_was_set_back(client: Client) -> None:
    def set_clock(now: str) -> None:
        assert (
            client.http.put("/__admin/clock", json={"now": now, "frozen": True}).status_code == 200
        )

    set_clock("2026-01-01T13:00:00Z")
    client.load([record("D45", "LOC_MEL", 50)])
    arm(client, {**STALE, "match": {"client": "late"}})
    set_clock("2026-01-01T13:00:04Z")
    client.delta("D45", "LOC_MEL", -1, "before")
    set_clock("2026-01-01T13:00:02Z")
    client.load([record("D45", "LOC_MEL", 7)])
    set_clock("2026-01-01T13:00:05Z")

    for late in (LATE, {"User-Agent": "late"}):
        [edge] = read(client, **late)["inventoryPositions"]["edges"]
        told = {
            each["node"]["ref"]: (each["node"]["quantity"], each["node"]["status"])
            for each in edge["node"]["quantities"]["edges"]
        }
        assert told == {
            "D45:LOC_MEL:DEFAULT:LAST_ON_HAND": (50, "ACTIVE"),
            "before": (-1, "ACTIVE"),
        }
        assert edge["node"]["onHand"] == 49


def test_a_reset_forgets_that_the_clock_was_set_back(client: Client) -> None:
    client.load([record("D45", "LOC_MEL", number) for number in range(5)])
    assert (
        client.http.put("/__admin/clock", json={"now": "2026-01-01T11:00:00Z"}).status_code == 200
    )
    client.http.put("/__admin/clock", json={"now": "2026-01-01T12:00:00Z", "frozen": True})
    client.simulator.reset()
    client._jobs.clear()
    client.load([record("E5", "LOC_MEL", 1)])
    advance(client, 2)
    client.load([record("E5", "LOC_MEL", 2)])

    assert read(client, **LATE)["inventoryPositions"]["edges"] == []


# -- whatever has happened -------------------------------------------------------------------------

PLACES = st.sampled_from([("A", "L"), ("A", "M"), ("B", "L"), ("C", "N")])
AMOUNT = st.sampled_from((-5, -1, 1, 4))
COUNT = st.integers(1, 9)  # a first count of 0 cannot be told from one that confirms 0
STEP = st.one_of(
    st.tuples(st.just("count"), PLACES, COUNT),
    st.tuples(st.just("named"), PLACES, COUNT),
    st.tuples(st.just("delta"), PLACES, AMOUNT),
    st.tuples(st.just("reserve"), PLACES, st.integers(1, 9)),
    st.tuples(st.just("confirm"), PLACES, st.integers(1, 9)),
    st.tuples(st.just("wait"), PLACES, st.integers(1, 3)),
)


def make(client: Client, number: int, step: tuple[str, tuple[str, str], int]) -> None:
    what, (product, location), amount = step
    if what == "count":
        client.load([record(product, location, amount)])
    elif what == "named":
        more = {"type": "EXPECTED", "ref": f"{product}-{location}-x"}
        client.load([{**record(product, location, amount), **more}])
    elif what == "delta":
        client.delta(product, location, amount, f"d{number}")
    elif what == "reserve":
        client.send(updates(item(product, location, "F1", reservedQty=-amount)))
    elif what == "confirm":
        client.send(updates(item(product, location, "F1", saleQty=-amount)))
    else:
        advance(client, amount)


@pytest.fixture(scope="module")
def fresh() -> Iterator[Any]:
    from fluent_oms_simulator import Settings, build

    started: list[Any] = []

    def started_anew() -> Client:
        while started:
            started.pop().close()
        simulator = build(Settings(seed_data="none", conformance="off"), clock=VirtualClock(0))
        simulator.start()
        started.append(simulator)
        return Client(simulator)

    yield started_anew
    for each in started:
        each.close()


@pytest.mark.slow
@settings(max_examples=20)
@given(
    st.lists(STEP, max_size=4),
    st.lists(STEP, min_size=1, max_size=10),
    st.integers(0, 6),
)
def test_a_late_reader_is_told_what_somebody_was_told_then(
    fresh: Any, before: list[Any], steps: list[Any], seconds: int
) -> None:
    client = fresh()
    for number, step in enumerate(before):
        make(client, -1 - number, step)
    assert client.headers
    seen = [(client.simulator.clock.now(), read(client))]
    arm(client, {"kind": "stale", "seconds": seconds, "match": {"client": "late"}})

    for number, step in enumerate(steps):
        make(client, number, step)
        now = client.simulator.clock.now()
        seen.append((now, read(client)))
        expected = [told for at, told in seen if at <= now - 1_000 * seconds] or [seen[0][1]]

        late = read(client, **{"User-Agent": "late"})

        assert late == expected[-1]
