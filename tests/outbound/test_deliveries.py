"""Events that have ended are posted to webhooks, signed, in order, and again where that fails."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from fluent_oms_simulator.clock import VirtualClock, moment

from ..conftest import MakeSimulator
from ..support import Client, delta, deltas, record
from .helpers.hooked import PATH, add, advance, deliveries, send, unmatched
from .helpers.receivers import receiving, statuses


@pytest.fixture
def client(make_simulator: MakeSimulator, clock: VirtualClock) -> Client:
    return Client(make_simulator(clock=clock))


def test_an_event_is_posted_as_the_published_fields_have_it(client: Client) -> None:
    client.load([record("D45", "LOC_MEL", 100)])
    with receiving() as receiver:
        add(client, receiver.url)
        sent = deltas(delta("D45", "LOC_MEL", -10, "pos-1"))
        event_id = client.send(sent)["id"]
        [delivery] = deliveries(client)

    [received] = receiver.received
    assert received.line == "POST /events HTTP/1.1"
    assert received.headers["Content-Type"] == "application/json"
    assert received.json == {
        "id": event_id,
        "name": "INVENTORY_DELTA",
        "type": "NORMAL",
        "accountId": "FCTRAIN1001",
        "retailerId": "1",
        "entityId": "1",
        "entityRef": "DEFAULT:1",
        "entityType": "INVENTORY_CATALOGUE",
        "entitySubtype": "DEFAULT",
        "entityStatus": "ACTIVE",
        "rootEntityId": "1",
        "rootEntityType": "INVENTORY_CATALOGUE",
        "rootEntityRef": "DEFAULT:1",
        "attributes": sent["attributes"],
        "meta": {"mode": "SYNC", "simulation": False, "models": []},
        "trailLogs": [],
        "errorLogs": [],
    }
    assert (delivery["status"], delivery["eventId"]) == ("DELIVERED", event_id)
    assert delivery["body"].encode() == received.body
    assert delivery["attempts"][0]["answer"] == "ok"
    assert delivery["headers"].items() <= received.headers.items()


def test_of_an_entity_that_is_not_known_here_what_was_sent_is_told(client: Client) -> None:
    with receiving() as receiver:
        add(client, receiver.url)
        send(client, entityType="ORDER", entityRef="O-1", entitySubtype="HD", entityId=7)
        client.send({"name": "X", "retailerId": 1, "entityType": "ORDER", "entityRef": "O-2"})
        deliveries(client)

    first, second = (each.json for each in receiver.received)
    assert (first["entityId"], first["entityRef"], first["entitySubtype"]) == ("7", "O-1", "HD")
    assert "entityStatus" not in first
    assert (second["retailerId"], second["entityId"], second["attributes"]) == ("1", None, {})
    assert second.keys().isdisjoint({"entitySubtype", "rootEntityId", "rootEntityType"})


def public_key(client: Client) -> RSAPublicKey:
    told = client.http.get("/__admin/webhook-key").get_json()
    key = serialization.load_der_public_key(base64.b64decode(told["publicKey"], validate=True))
    assert isinstance(key, RSAPublicKey)
    assert key == serialization.load_pem_public_key(told["pem"].encode())
    assert key.key_size == told["bits"] == 2048
    return key


def test_both_signatures_hold_over_the_very_bytes(client: Client) -> None:
    with receiving() as receiver:
        add(client, receiver.url)
        send(client)
        deliveries(client)

    key, [received] = public_key(client), receiver.received
    for header, kind in (("fluent-signature", hashes.SHA512()), ("flex.signature", hashes.MD5())):
        signature = base64.b64decode(received.headers[header], validate=True)
        key.verify(signature, received.body, PKCS1v15(), kind)
        with pytest.raises(InvalidSignature):
            key.verify(signature, received.body + b" ", PKCS1v15(), kind)


def test_a_key_is_the_same_in_every_namespace(client: Client) -> None:
    client.http.put("/__admin/namespaces/other", json={})

    first = client.http.get("/__admin/webhook-key").get_json()
    assert client.http.get("/__ns/other/__admin/webhook-key").get_json() == first


SCHEDULES: dict[str, list[int]] = {
    "default": [0, 0, 2, 6, 14],
    "without_immediate": [0, 2, 6, 14],
    "exponential": [0, 0, 60, 3_660, 90_060],
    "none": [0],
}
"""Seconds from the first attempt to each."""


def seconds(delivery: Any) -> list[int]:
    """When each attempt was, after the first."""
    moments = [moment(each["at"]) for each in delivery["attempts"]]
    return [(each - moments[0]) // 1000 for each in moments]


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_a_clock_that_is_advanced_runs_each_retry_at_its_own_time(
    client: Client, schedule: str
) -> None:
    with receiving(*[500] * 9) as receiver:
        add(client, receiver.url, retrySchedule=schedule)
        send(client)
        advance(client, days=2)
        [delivery] = deliveries(client)

    assert seconds(delivery) == SCHEDULES[schedule]
    assert delivery["status"] == "FAILED"
    assert len(receiver.received) == len(SCHEDULES[schedule])
    assert len({each.body for each in receiver.received}) == 1


def test_a_clock_that_stands_still_holds_retries_and_one_that_goes_runs_them(
    client: Client,
) -> None:
    with receiving(500, 500) as receiver:
        add(client, receiver.url)
        send(client)
        [delivery] = deliveries(client)
        assert (delivery["status"], statuses(delivery["attempts"])) == ("RETRYING", [500, 500])

        advance(client, milliseconds=1_999)
        assert len(receiver.received) == 2
        advance(client, milliseconds=1)
        [delivery] = deliveries(client)

    assert (delivery["status"], seconds(delivery)) == ("DELIVERED", [0, 0, 2])


def test_retries_of_several_events_run_in_the_order_of_their_times(client: Client) -> None:
    with receiving(*[500] * 4) as receiver:
        add(client, receiver.url, retrySchedule="without_immediate")
        ids = [send(client)]
        deliveries(client)
        advance(client, seconds=1)
        ids.append(send(client))
        deliveries(client)
        advance(client, seconds=20)

    first, second = ids
    # 0 s, 1 s; then the retries at 2 s and 3 s, which fail too, and those 4 s after each
    assert receiver.ids == [first, second, first, second, first, second]


def test_a_switch_that_is_changed_holds_from_the_next_attempt_on(client: Client) -> None:
    with receiving(*[500] * 9) as receiver:
        add(client, receiver.url)
        send(client)
        deliveries(client)
        changed = {"behaviours": {"webhook.retry_schedule": "none"}}
        assert client.http.put("/__admin/behaviours", json=changed).status_code == 200
        advance(client, minutes=1)
        [delivery] = deliveries(client)

    assert (delivery["status"], seconds(delivery)) == ("FAILED", [0, 0, 2])


def test_while_one_waits_for_its_retry_the_others_go_on(client: Client) -> None:
    with receiving(500, 500) as receiver:
        add(client, receiver.url)
        ids = [send(client) for _ in range(3)]
        told = deliveries(client)

    assert [each["status"] for each in told] == ["RETRYING", "DELIVERED", "DELIVERED"]
    assert receiver.ids[-2:] == ids[1:]


def test_a_webhook_is_told_in_the_order_in_which_events_ended(client: Client) -> None:
    with receiving() as receiver:
        add(client, receiver.url)
        for number in range(100):
            client.post("/api/v4.1/event/async", unmatched(f"Event{number}"))
        client.settle()
        deliveries(client)

    assert [each.json["name"] for each in receiver.received] == [f"Event{n}" for n in range(100)]


def test_every_event_that_ends_is_told_of_however_it_was_sent(
    make_simulator: MakeSimulator,
) -> None:
    client = Client(make_simulator(delta_missing_id="fail"))
    client.load([record("D45", "LOC_MEL", 100)])
    without_id = {"productRef": "D45", "locationRef": "LOC_MEL", "qty": 1, "type": "DELTA"}
    with receiving() as receiver:
        add(client, receiver.url)
        at_once = client.send(deltas(without_id))  # it ends when it is accepted
        in_sync = client.post("/api/v4.1/event/sync", deltas(delta("D45", "LOC_MEL", 1, "a")))
        told = deliveries(client)

    assert at_once["eventStatus"] == "FAILED"
    assert receiver.ids == [at_once["id"], in_sync.get_json()["eventId"]]
    assert len(told) == 2


def test_only_chosen_events_are_told_of(client: Client) -> None:
    client.load([record("D45", "LOC_MEL", 100)])
    with receiving() as good, receiving() as bad:
        add(client, good.url, "good", events={"statuses": ["SUCCESS"]})
        add(client, bad.url, "bad", events={"names": ["Unknown"], "statuses": ["NO_MATCH"]})
        applied = client.delta("D45", "LOC_MEL", -1, "a")["id"]
        unknown = send(client)
        client.delta("NONE", "LOC_MEL", -1, "b")
        deliveries(client, "good")

    assert (good.ids, bad.ids) == ([applied], [unknown])


def test_a_batch_is_not_told_of(client: Client) -> None:
    with receiving() as receiver:
        add(client, receiver.url)
        client.load([record("D45", "LOC_MEL", 100)])
        assert deliveries(client) == []

    assert receiver.received == []


def test_what_was_delivered_is_delivered_again_with_the_same_event(client: Client) -> None:
    with receiving() as receiver:
        add(client, receiver.url)
        send(client)
        [first] = deliveries(client)
        reply = client.http.post(f"{PATH}/a/deliveries/{first['id']}/redeliver")
        _, again = deliveries(client)

    assert reply.status_code == 201
    assert again["redeliveryOf"] == first["id"] != again["id"]
    one, other = receiver.received
    assert one == other
    assert (again["eventId"], again["status"]) == (first["eventId"], "DELIVERED")


def test_a_delivery_that_there_is_not_is_told(client: Client) -> None:
    add(client, "http://127.0.0.1:9/")
    for path in ("/none", "/a/deliveries/7", "/b/deliveries"):
        assert client.http.get(PATH + path).status_code == 404
    assert client.http.post(f"{PATH}/a/deliveries/x/redeliver").status_code == 404
    assert client.http.delete(f"{PATH}/b").status_code == 404


def test_one_of_the_same_name_takes_its_place_and_what_waits_goes_there(client: Client) -> None:
    with receiving(500, 500) as old, receiving() as new:
        add(client, old.url)
        event_id = send(client)
        deliveries(client)
        assert client.http.put(f"{PATH}/a", json={"url": new.url}).status_code == 200
        advance(client, seconds=2)

    assert (len(old.received), new.ids) == (2, [event_id])


def test_a_reset_drops_what_waits_and_keeps_webhooks_and_what_was_told(client: Client) -> None:
    with receiving(200, 500, 500) as receiver:
        add(client, receiver.url)
        send(client)
        send(client)
        deliveries(client)
        client.http.post("/__admin/reset")
        advance(client, hours=1)

        told = deliveries(client)
        assert [each["status"] for each in told] == ["DELIVERED", "DROPPED"]
        assert len(receiver.received) == 3
        send(client)
        assert len(deliveries(client)) == 3
        client.http.post("/__admin/reset?webhooks=drop")

    assert client.http.get(PATH).get_json()["total"] == 0
    assert client.simulator.worker.when_ended is None


def test_a_snapshot_that_is_gone_back_to_leaves_webhooks_as_they_are(client: Client) -> None:
    with receiving(500, 500) as receiver:
        add(client, receiver.url)
        client.http.put("/__admin/snapshots/before", json={})
        send(client)
        deliveries(client)
        assert client.http.post("/__admin/snapshots/before/restore").status_code == 200
        advance(client, hours=1)

        assert [each["status"] for each in deliveries(client)] == ["DROPPED"]
        send(client)
        assert deliveries(client)[-1]["status"] == "DELIVERED"

    assert len(receiver.received) == 3


def test_settling_waits_for_no_delivery_and_tells_how_many_there_are(client: Client) -> None:
    with receiving(500, 500) as receiver:
        add(client, receiver.url)
        send(client)
        deliveries(client)
        told = client.http.post("/__admin/settle").get_json()

    assert (told["settled"], told["webhookDeliveries"]) == (True, 1)
