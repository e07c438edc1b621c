"""Events: answered as documented, and the log says what became of them and why."""

import uuid

import pytest
from fluent_oms_simulator import Settings
from werkzeug.test import TestResponse

from ..conftest import MakeSimulator
from ..support import Client, Document, delta, deltas, event, record
from .helpers.replies import footprint, of_kind, refusals

ASYNC = "/api/v4.1/event/async"
SYNC = "/api/v4.1/event/sync"

SEED_DELTAS = {
    "name": "INVENTORY_DELTA",
    "accountId": "FCTRAIN1001",
    "retailerId": "1",
    "entityRef": "DEFAULT:1",
    "entityType": "INVENTORY_CATALOGUE",
    "entitySubtype": "DEFAULT",
    "rootEntityType": "INVENTORY_CATALOGUE",
    "rootEntityRef": "DEFAULT:1",
    "attributes": {
        "deltas": [
            delta("D45", "LOC_MEL", -10, "123AT"),
            delta("D45", "LOC_MEL", 20, "123AY"),
            delta("D45", "LOC_SYD", -30, "123AX"),
        ]
    },
}


@pytest.fixture
def stocked(client: Client) -> Client:
    """A hundred in Melbourne, fifty in Sydney."""
    client.load([record("D45", "LOC_MEL", 100), record("D45", "LOC_SYD", 50)])
    return client


def is_uuid(text: object) -> bool:
    return str(uuid.UUID(str(text))) == text


def on_hand(client: Client) -> tuple[int, int]:
    return client.on_hand("D45", "LOC_MEL"), client.on_hand("D45", "LOC_SYD")


def logged(client: Client, reply: TestResponse) -> Document:
    """What the log says of the event that a sync reply is about."""
    event_id = reply.get_json()["eventId"]
    return of_kind("event_item", client.get(f"/api/v4.1/event/{event_id}"))


def test_an_async_event_is_answered_with_its_id(stocked: Client) -> None:
    body = of_kind("event_accepted", stocked.post(ASYNC, SEED_DELTAS))
    stocked.settle()

    assert set(body) == {"id"}
    assert is_uuid(body["id"])
    assert on_hand(stocked) == (110, 20)


def test_a_sync_event_is_answered_once_it_has_ended(stocked: Client) -> None:
    reply = stocked.post(SYNC, SEED_DELTAS)
    assert on_hand(stocked) == (110, 20)
    body = of_kind("event_result", reply)

    assert set(body) == {"eventId", "entityId", "eventStatus"}
    assert is_uuid(body["eventId"])
    assert (body["entityId"], body["eventStatus"]) == ("1", "COMPLETE")


def test_sending_the_seed_event_again_changes_nothing(stocked: Client) -> None:
    for path in (ASYNC, SYNC, ASYNC):
        assert stocked.post(path, SEED_DELTAS).status_code == 200
    stocked.settle()

    assert on_hand(stocked) == (110, 20)


def test_an_async_event_waits_in_the_log(stocked: Client) -> None:
    with stocked.simulator.worker.quiet():
        event_id = of_kind("event_accepted", stocked.post(ASYNC, SEED_DELTAS))["id"]
        waiting = of_kind("event_item", stocked.get(f"/api/v4.1/event/{event_id}"))
        assert waiting["eventStatus"] == "PENDING"
        assert on_hand(stocked) == (100, 50)

    stocked.settle()
    assert stocked.event(event_id)["eventStatus"] == "SUCCESS"


def test_the_log_item_of_an_event(stocked: Client) -> None:
    item_shown = stocked.send(SEED_DELTAS | {"source": "POS"})
    shown = of_kind("event_item", stocked.get(f"/api/v4.1/event/{item_shown['id']}"))

    assert shown == item_shown
    assert shown.pop("generatedOn").endswith("+00:00")
    assert is_uuid(shown.pop("id"))
    assert "2 of 3" not in shown["outcome"]
    assert "3 of 3 deltas applied" in shown.pop("outcome")
    assert shown == {
        "name": "INVENTORY_DELTA",
        "type": "ORCHESTRATION",
        "accountId": "FCTRAIN1001",
        "retailerId": "1",
        "category": "ORDER_WORKFLOW",
        "context": {
            "sourceEvents": [],
            "entityType": "INVENTORY_CATALOGUE",
            "entityId": "1",
            "entityRef": "DEFAULT:1",
            "rootEntityType": "INVENTORY_CATALOGUE",
            "rootEntityId": "1",
            "rootEntityRef": "DEFAULT:1",
        },
        "eventStatus": "SUCCESS",
        "attributes": [
            {"name": "deltas", "value": SEED_DELTAS["attributes"]["deltas"], "type": "JSON"}  # type: ignore[index]
        ],
        "source": "POS",
        "generatedBy": "sim",
    }


def test_what_an_event_did_stands_in_its_outcome(stocked: Client) -> None:
    shown = stocked.send(SEED_DELTAS)

    assert "D45:LOC_MEL:DEFAULT 100 -> 110" in shown["outcome"]
    assert "D45:LOC_SYD:DEFAULT 50 -> 20" in shown["outcome"]


@pytest.mark.parametrize("status", ["SUCCESS", "COMPLETE"])
def test_the_status_of_success_is_a_switch(make_simulator: MakeSimulator, status: str) -> None:
    client = Client(make_simulator(event_success_status=status))
    client.load([record("A", "L", 1)])

    assert client.delta("A", "L", 1, "d")["eventStatus"] == status
    reply = client.post(SYNC, deltas(delta("A", "L", 1, "e")))
    assert reply.get_json()["eventStatus"] == "COMPLETE"


def test_one_unknown_position_halts_the_whole_event(stocked: Client) -> None:
    document = deltas(delta("D45", "LOC_MEL", -10, "a"), delta("D45", "NOWHERE", 1, "b"))
    reply = stocked.post(SYNC, document)
    body = of_kind("event_result", reply, 400)

    assert set(body) == {"eventId", "entityId", "eventStatus", "errorMessage", "outcome"}
    assert body["eventStatus"] == "FAILED"
    # REST API error codes overview, 26 May 2025: no more than that; the reason is our own.
    assert body["errorMessage"] == "Event has Failed"
    item_shown = logged(stocked, reply)
    assert body["outcome"] == item_shown["outcome"]
    assert item_shown["eventStatus"] == "FAILED"
    assert "/attributes/deltas/1" in item_shown["outcome"]
    assert "D45:NOWHERE:DEFAULT does not exist" in item_shown["outcome"]
    assert on_hand(stocked) == (100, 50)


def test_an_async_event_that_fails_is_still_accepted(stocked: Client) -> None:
    shown = stocked.send(deltas(delta("X", "Y", 1, "d")))

    assert shown["eventStatus"] == "FAILED"
    assert "X:Y:DEFAULT" in shown["outcome"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"name": "INVENTORY_DELTAS"}, "did you mean INVENTORY_DELTA?"),
        ({"name": "inventory_delta"}, "no ruleset is named 'inventory_delta'"),
        ({"name": "INVENTORY_UPDATE"}, "no ruleset is named 'INVENTORY_UPDATE'"),
        ({"name": "Whatever"}, "no ruleset is named 'Whatever'"),
        ({"entityType": "ORDER"}, "'ORDER'"),
        ({"entityType": "INVENTORY_POSITION"}, "'INVENTORY_POSITION'"),
        ({"entityRef": "DEFAULT:9"}, "there is no inventory catalogue 'DEFAULT:9'"),
        ({"entityRef": "OTHER:1"}, "there is no inventory catalogue 'OTHER:1'"),
        ({"entitySubtype": "OTHER"}, "'OTHER'"),
    ],
)
def test_what_matches_nothing(stocked: Client, change: Document, reason: str) -> None:
    document = deltas(delta("D45", "LOC_MEL", -10, "a")) | change
    reply = stocked.post(SYNC, document)
    body = of_kind("event_result", reply, 400)

    assert body["eventStatus"] == "NO_MATCH"
    assert "errorMessage" not in body
    item_shown = logged(stocked, reply)
    assert item_shown["eventStatus"] == "NO_MATCH"
    assert reason in item_shown["outcome"]
    assert stocked.send(document)["eventStatus"] == "NO_MATCH"
    assert on_hand(stocked) == (100, 50)


@pytest.mark.parametrize("entity_id", ["1", 1])
def test_the_catalogue_may_be_addressed_by_id(stocked: Client, entity_id: object) -> None:
    document = deltas(delta("D45", "LOC_MEL", -10, "a"), entityId=entity_id)
    del document["entityRef"]

    assert of_kind("event_result", stocked.post(SYNC, document))["entityId"] == "1"
    assert on_hand(stocked) == (90, 50)


@pytest.mark.parametrize("entity_id", ["9", "0", "x"])
def test_an_id_that_is_no_catalogues(stocked: Client, entity_id: str) -> None:
    document = deltas(delta("D45", "LOC_MEL", -10, "a"), entityId=entity_id)
    del document["entityRef"]

    body = of_kind("event_result", stocked.post(SYNC, document), 400)
    assert body["eventStatus"] == "NO_MATCH"


def test_only_the_needed_fields(stocked: Client) -> None:
    document = {
        "name": "INVENTORY_DELTA",
        "retailerId": 1,
        "entityRef": "DEFAULT:1",
        "entityType": "INVENTORY_CATALOGUE",
        "attributes": {
            "deltas": [{"productRef": "D45", "locationRef": "LOC_MEL", "qty": 1, "deltaId": "a"}]
        },
    }

    assert stocked.post(SYNC, document).status_code == 200
    assert stocked.quantities("D45", "LOC_MEL")["a"] == (1, "ACTIVE")


@pytest.mark.parametrize("path", [ASYNC, SYNC])
def test_inventory_changed_is_for_batches_only(stocked: Client, path: str) -> None:
    # Interface contracts, 27 Nov 2024.
    before = footprint(stocked)

    [(_, message)] = refusals(stocked.post(path, event("InventoryChanged", {})))

    assert "/name" in message
    assert "Batch API" in message
    assert footprint(stocked) == before


def test_inventory_changed_can_match_nothing(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(event_inventory_changed="no_match"))

    assert client.send(event("InventoryChanged", {}))["eventStatus"] == "NO_MATCH"


def test_the_log_shows_every_kind_of_attribute(client: Client) -> None:
    attributes = {"t": "x", "n": 1, "f": 1.5, "b": True, "o": {"a": [1]}, "l": [], "z": None}
    shown = client.send(event("Any", attributes))

    of_kind("event_item", client.get(f"/api/v4.1/event/{shown['id']}"))
    assert {row["name"]: row["value"] for row in shown["attributes"]} == attributes


@pytest.mark.parametrize("attributes", [None, {}])
def test_an_event_without_attributes(client: Client, attributes: object) -> None:
    assert client.send(event("Any", attributes))["attributes"] is None


def test_invalid_attributes_can_fail_the_event_instead(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(event_invalid_attributes="fail"))
    client.load([record("A", "L", 10)])
    shown = client.send(deltas(delta("A", "L", 0, "d"), delta("A", "L", 1, "e")))

    assert shown["eventStatus"] == "FAILED"
    assert "/attributes/deltas/0/qty" in shown["outcome"]
    reply = client.post(SYNC, deltas(delta("A", "L", 1.5, "d")))
    assert of_kind("event_result", reply, 400)["eventStatus"] == "FAILED"
    assert client.on_hand("A", "L") == 10


def test_another_account_can_be_accepted(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(event_account_mismatch="accept"))

    assert client.send(event("Any", {}, accountId="OTHER"))["accountId"] == "FCTRAIN1001"


def test_a_delta_without_an_id_can_be_given_one(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(delta_missing_id="generate"))
    client.load([record("A", "L", 10)])
    entry = {"productRef": "A", "locationRef": "L", "qty": -1}
    for _ in range(2):
        assert client.send(deltas(entry, entry))["eventStatus"] == "SUCCESS"

    assert client.on_hand("A", "L") == 6


@pytest.mark.parametrize(
    ("duplicate", "statuses", "stock"),
    [
        ("upsert", ["SUCCESS", "SUCCESS", "SUCCESS"], 13),
        ("reject", ["SUCCESS", "FAILED", "FAILED"], 15),
        ("accumulate", ["SUCCESS", "SUCCESS", "SUCCESS"], 23),
    ],
)
def test_a_delta_id_seen_before(
    make_simulator: MakeSimulator, duplicate: str, statuses: list[str], stock: int
) -> None:
    client = Client(make_simulator(delta_duplicate=duplicate))
    client.load([record("A", "L", 10)])
    seen = [client.delta("A", "L", qty, "d")["eventStatus"] for qty in (5, 5, 3)]

    assert seen == statuses
    assert client.on_hand("A", "L") == stock


@pytest.mark.parametrize(
    ("missing", "status", "stock"),
    [
        ("fail", "FAILED", {"A": 10}),
        ("create", "SUCCESS", {"A": 9, "B": 4}),
        ("skip", "SUCCESS", {"A": 9}),
    ],
)
def test_a_delta_for_a_position_that_does_not_exist(
    make_simulator: MakeSimulator, missing: str, status: str, stock: dict[str, int]
) -> None:
    client = Client(make_simulator(delta_missing_position=missing))
    client.load([record("A", "L", 10)])
    shown = client.send(deltas(delta("A", "L", -1, "a"), delta("B", "L", 4, "b")))

    assert shown["eventStatus"] == status
    assert {row["productRef"]: row["onHand"] for row in client.positions()} == stock


def test_events_of_two_retailers_keep_to_their_catalogues(make_simulator: MakeSimulator) -> None:
    settings = Settings(seed_data="none", retailers=("1", "2"))
    client = Client(make_simulator(settings=settings))
    for retailer in ("1", "2"):
        client.load([record("A", "L", 10)], job=client.job(retailer=retailer))
    document = deltas(delta("A", "L", -1, "a")) | {"retailerId": "2", "entityRef": "DEFAULT:2"}

    assert of_kind("event_result", client.post(SYNC, document))["entityId"] == "2"
    shown = {row["catalogueRef"]: row["onHand"] for row in client.positions()}
    assert shown == {"DEFAULT:1": 10, "DEFAULT:2": 9}


def test_the_largest_event(client: Client) -> None:
    client.load([record("A", "L", 0)])
    document = deltas(*(delta("A", "L", 1, f"d{index}") for index in range(5000)))

    assert client.post(SYNC, document).status_code == 200
    assert client.on_hand("A", "L") == 5000
