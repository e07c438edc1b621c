"""Searching the event log: every documented filter, the default window, and pages."""

import pytest
from fluent_oms_simulator.clock import VirtualClock, timestamp

from ..conftest import NOON, MakeSimulator
from ..support import Client, Document, deltas
from .helpers.replies import of_kind, refusals

DAY = 86_400_000
EVENT = "/api/v4.1/event"


@pytest.fixture
def clocked(make_simulator: MakeSimulator, clock: VirtualClock) -> Client:
    return Client(make_simulator(clock=clock, oauth_token_seconds="864000"))


def search(client: Client, **query: str) -> Document:
    reply = client.http.get(EVENT, query_string=query, headers=client.headers)
    return of_kind("event_log", reply)


def names(client: Client, **query: str) -> list[str]:
    return [row["name"] for row in search(client, **query)["results"]]


def signed_in_again(client: Client) -> Client:
    """The same simulator, after the token has run out."""
    return Client(client.simulator)


def test_an_empty_log(client: Client) -> None:
    assert search(client) == {"start": 0, "count": 100, "hasMore": False, "results": []}


ORDER: Document = {
    "name": "Ship",
    "retailerId": "1",
    "entityType": "FULFILMENT",
    "entityId": "77",
    "entityRef": "F-77",
    "rootEntityType": "ORDER",
    "rootEntityId": "5",
    "rootEntityRef": "O-5",
}


def order_event(name: str) -> Document:
    """An event that no workflow is for, so that it runs nothing and has no audit rows."""
    return ORDER | {"name": name}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("context.rootEntityType", "ORDER"),
        ("context.rootEntityId", "5"),
        ("context.rootEntityRef", "O-5"),
        ("context.entityType", "FULFILMENT"),
        ("context.entityId", "77"),
        ("context.entityRef", "F-77"),
        ("name", "Ship"),
        ("eventStatus", "NO_MATCH"),
    ],
)
def test_a_filter_leaves_only_what_matches(client: Client, name: str, value: str) -> None:
    client.send(ORDER)
    client.load([{"skuRef": "A", "locationRef": "L", "qty": 1}])
    assert client.delta("A", "L", 1, "d")["eventStatus"] == "SUCCESS"
    every = ["CREATE", "INVENTORY_DELTA", "CREATE", "CREATE", "InventoryChanged", "Ship"]

    assert names(client, **{name: value}) == ["Ship"]
    assert names(client, **{name: value + "x"}) == []
    assert names(client, **{name: value.lower() + "x"}) == []
    assert names(client, eventType="ORCHESTRATION", **{name: ""}) == every


@pytest.mark.parametrize(
    ("name", "value", "other"),
    [
        ("retailerId", "1", "2"),
        ("category", "ORDER_WORKFLOW", "rule"),
        ("eventType", "ORCHESTRATION", "ORCHESTRATION_AUDIT"),
        ("eventStatus", "NO_MATCH", "PENDING"),
    ],
)
def test_a_filter_that_all_events_match(client: Client, name: str, value: str, other: str) -> None:
    client.send(ORDER)

    assert names(client, **{name: value}) == ["Ship"]
    assert names(client, **{name: other}) == []


@pytest.mark.parametrize(
    "named",
    [
        {"entityRef": "DEFAULT:1", "rootEntityRef": "DEFAULT:1"},
        {"entityRef": "DEFAULT:1", "rootEntityRef": None},
        {"entityRef": "DEFAULT:1", "rootEntityType": None, "rootEntityRef": None},
        {"entityRef": "DEFAULT:1", "rootEntityRef": None, "rootEntityId": "1"},
        {"entityRef": None, "entityId": 1, "rootEntityRef": "DEFAULT:1"},
        {"entityRef": None, "entityId": "1", "rootEntityRef": None, "rootEntityId": 1},
    ],
    ids=str,
)
def test_what_is_known_of_the_entity_is_known_of_the_root(client: Client, named: Document) -> None:
    # Facts of 26 November 2026: rootEntityId was null beside an entityId.
    client.load([{"skuRef": "A", "locationRef": "L", "qty": 1}])
    sent = client.send(
        deltas({"productRef": "A", "locationRef": "L", "qty": 1, "deltaId": "d"}, **named)
    )

    context = sent["context"]
    for prefix in ("e", "rootE"):
        assert context[f"{prefix}ntityType"] == "INVENTORY_CATALOGUE"
        assert context[f"{prefix}ntityRef"] == "DEFAULT:1"
        assert context[f"{prefix}ntityId"] == "1"
        for name in ("ntityType", "ntityRef", "ntityId"):
            query = {f"context.{prefix}{name}": context[f"{prefix}{name}"]}
            assert sent in search(client, **query)["results"]


def test_the_root_of_another_entity_stays_as_it_was_sent(client: Client) -> None:
    same = {"entityType": "ORDER", "rootEntityRef": "F-77", "rootEntityId": None}
    own = client.send(ORDER | same)["context"]
    other = client.send(ORDER | {"rootEntityId": None})["context"]

    assert (own["rootEntityId"], own["rootEntityRef"]) == ("77", "F-77")
    assert (other["rootEntityId"], other["rootEntityRef"]) == (None, "O-5")


def test_filters_are_combined(client: Client) -> None:
    client.send(ORDER)
    client.send(ORDER | {"name": "Pack"})

    assert names(client, **{"context.rootEntityRef": "O-5", "name": "Pack"}) == ["Pack"]
    assert names(client, **{"context.rootEntityRef": "O-6", "name": "Pack"}) == []


def test_the_catalogue_id_is_found_for_an_event_that_named_its_ref(client: Client) -> None:
    client.send(deltas({"productRef": "A", "locationRef": "L", "qty": 1, "deltaId": "d"}))

    query = {"context.entityId": "1", "eventType": "ORCHESTRATION"}
    assert names(client, **query) == ["INVENTORY_DELTA"]


def test_ids_of_events_and_of_their_sources(client: Client) -> None:
    wanted = client.send(ORDER)["id"]
    client.send(ORDER)

    assert [row["id"] for row in search(client, eventId=wanted)["results"]] == [wanted]
    assert names(client, **{"context.sourceEvents": wanted}) == []


def test_unknown_parameters_are_ignored_unless_switched(make_simulator: MakeSimulator) -> None:
    lenient = Client(make_simulator())
    lenient.send(ORDER)
    assert names(lenient, nonsense="1") == ["Ship"]

    strict = Client(make_simulator(schema_unknown_fields="refuse"))
    [(_, message)] = refusals(strict.get(EVENT, nonsense="1"))
    assert "?nonsense" in message


def test_the_newest_comes_first(client: Client) -> None:
    for name in "abc":
        client.send(order_event(name))

    assert names(client) == ["c", "b", "a"]


def test_the_order_is_a_switch(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(event_order="oldest_first"))
    for name in "abc":
        client.send(order_event(name))

    assert names(client) == ["a", "b", "c"]


def test_from_and_to_bound_the_time(clocked: Client, clock: VirtualClock) -> None:
    for name in "abc":
        clocked.send(order_event(name))
        clock.advance(1000)
    first, second, third = (timestamp(NOON + offset) for offset in (0, 1000, 2000))

    assert names(clocked, **{"from": second}) == ["c", "b"]
    assert names(clocked, to=second) == ["b", "a"]
    assert names(clocked, **{"from": first, "to": first}) == ["a"]
    assert names(clocked, **{"from": third, "to": first}) == []


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-01T12:00:01.000Z",
        "2026-01-01T12:00:01Z",
        "2026-01-01T12:00:01",
        "2026-01-01T12:00:01.000+00:00",
        "2026-01-01T13:00:01.000+01:00",
        "2026-01-01T12:00:01.000+0000",
        "2026-01-01T06:30:01-05:30",
    ],
)
def test_a_time_may_be_written_in_several_ways(
    clocked: Client, clock: VirtualClock, text: str
) -> None:
    for name in "abc":
        clocked.send(order_event(name))
        clock.advance(1000)

    assert names(clocked, **{"from": text}) == ["c", "b"]
    # A plus sign that was not percent-encoded.
    reply = clocked.http.get(f"{EVENT}?from={text}", headers=clocked.headers)
    assert len(of_kind("event_log", reply)["results"]) == 2


@pytest.mark.parametrize("name", ["from", "to"])
@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "2026-01-01T25:00:00Z", "5", "T", "٣"])
def test_a_time_that_is_none(client: Client, name: str, text: str) -> None:
    reply = client.http.get(EVENT, query_string={name: text}, headers=client.headers)

    [(_, message)] = refusals(reply)
    assert f"?{name} found '{text}'" in message
    assert "ISO 8601" in message


def test_without_from_the_last_30_days_are_searched(clocked: Client, clock: VirtualClock) -> None:
    # Using the Event API, 13 Dec 2023.
    clocked.send(order_event("old"))
    clock.advance(30 * DAY)
    client = signed_in_again(clocked)
    client.send(order_event("new"))
    assert names(client) == ["new", "old"]

    clock.advance(1)
    assert names(client) == ["new"]
    assert names(client, to=timestamp(clock.now())) == ["new"]
    assert names(client, **{"from": timestamp(NOON)}) == ["new", "old"]
    assert names(client, **{"from": "2020-01-01"}) == ["new", "old"]


def test_the_window_can_be_limited(make_simulator: MakeSimulator, clock: VirtualClock) -> None:
    client = Client(make_simulator(clock=clock, event_window="limited"))
    client.send(order_event("a"))

    assert names(client, **{"from": timestamp(NOON - 120 * DAY)}) == ["a"]
    assert names(client, to=timestamp(NOON + 30 * DAY)) == ["a"]
    for name, at in (("from", NOON - 130 * DAY), ("to", NOON + 40 * DAY)):
        reply = client.http.get(EVENT, query_string={name: timestamp(at)}, headers=client.headers)
        [(_, message)] = refusals(reply)
        assert f"?{name}" in message
        assert "month" in message


@pytest.mark.parametrize("window", ["open", "limited"])
@pytest.mark.parametrize("name", ["from", "to"])
@pytest.mark.parametrize(
    "text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999999-14:00", "0001-01-01"]
)
def test_the_ends_of_the_calendar(
    make_simulator: MakeSimulator, window: str, name: str, text: str
) -> None:
    client = Client(make_simulator(event_window=window))
    reply = client.http.get(EVENT, query_string={name: text}, headers=client.headers)

    assert reply.status_code in (200, 400)
    if reply.status_code == 400:
        refusals(reply)


def test_events_come_a_page_at_a_time(client: Client) -> None:
    for number in range(7):
        client.send(order_event(f"e{number}"))

    seen: list[str] = []
    pages = 0
    page = search(client, count="3")
    while True:
        pages += 1
        seen += [row["name"] for row in page["results"]]
        if not page["hasMore"]:
            break
        page = search(client, count="3", start=str(page["start"] + page["count"]))
    assert pages == 3
    assert seen == [f"e{number}" for number in reversed(range(7))]
    assert (page["start"], page["hasMore"]) == (6, False)


@pytest.mark.parametrize(
    ("query", "length", "more"),
    [
        ({}, 100, True),
        ({"count": "103"}, 103, False),
        ({"count": "102"}, 102, True),
        ({"count": "5001"}, 103, False),
        ({"start": "100"}, 3, False),
        ({"start": "103"}, 0, False),
        ({"start": "9000000000000000"}, 0, False),
        ({"start": "", "count": ""}, 100, True),
        ({"start": "102", "count": "1"}, 1, False),
    ],
)
def test_start_count_and_has_more(
    client: Client, query: dict[str, str], length: int, more: bool
) -> None:
    for number in range(103):
        assert client.post(f"{EVENT}/async", order_event(f"e{number}")).status_code == 200
    client.settle()

    page = search(client, **query)
    assert (len(page["results"]), page["hasMore"]) == (length, more)


def test_paging_counts_only_what_matches(client: Client) -> None:
    for number in range(10):
        client.send(order_event("even" if number % 2 == 0 else "odd"))

    page = search(client, name="odd", start="3", count="5")
    assert ([row["name"] for row in page["results"]], page["hasMore"]) == (["odd", "odd"], False)


def test_an_event_by_its_id(client: Client) -> None:
    sent = client.send(ORDER)

    reply = client.get(f"{EVENT}/{sent['id']}")
    assert of_kind("event_item", reply) == search(client)["results"][0]


@pytest.mark.parametrize("event_id", ["1", "x", "00000000-0000-0000-0000-000000000000", "%20", "é"])
def test_an_unknown_event(client: Client, event_id: str) -> None:
    client.send(ORDER)

    [(code, message)] = refusals(client.get(f"{EVENT}/{event_id}"), 404)
    assert code == "404"
    assert "no event" in message
