"""Webhooks are made, bounded and dropped; nothing of one that is gone stays."""

from __future__ import annotations

import gc
import importlib.util
import threading
import time
import weakref
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from fluent_oms_simulator import Settings, build
from fluent_oms_simulator.operations.webhook_setting import UnusableWebhooksError

from ..conftest import MakeSimulator
from ..support import Client, limit, tally
from .helpers import receivers as odd
from .helpers.hooked import PATH, add, deliveries, send
from .helpers.receivers import receiving

NOBODY = "http://127.0.0.1:9/"


def refusal(client: Client, wish: object, name: str = "a", status: int = 400) -> str:
    reply = client.http.put(f"{PATH}/{name}", json=wish)
    assert reply.status_code == status, reply.get_data(as_text=True)
    return str(reply.get_json()["errors"][0]["message"])


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        ({}, "'url' is required"),
        ({"url": "ftp://127.0.0.1/"}, "expected an address such as http://127.0.0.1:9000/events"),
        ({"url": "127.0.0.1:9000"}, "expected an address such as"),
        ({"url": "http://"}, "expected an address such as"),
        ({"url": "http://127.0.0.1:x/"}, "expected an address such as"),
        ({"url": "http://[::1/"}, "expected an address such as"),
        ({"url": "http://127.0.0.1:0/"}, "a port from 1 to 65535"),
        ({"url": "http://me:secret@127.0.0.1/"}, "without credentials"),
        ({"url": "http://127.0.0.1/#x"}, "without a fragment"),
        ({"url": "http://127.0.0.1/a b"}, "of ASCII characters"),
        ({"url": "http://127.0.0.1/\r\nX: y"}, "of ASCII characters"),
        ({"url": "http://127.0.0.1/é"}, "of ASCII characters"),
        ({"url": "http://example.com/"}, "is allowed by --webhook-host example.com"),
        ({"url": "http://169.254.169.254/"}, "is allowed by --webhook-host 169.254.169.254"),
        ({"url": "http://0.0.0.0/"}, "is allowed by --webhook-host"),
        ({"url": "http://2130706433/"}, "is allowed by --webhook-host"),
        ({"url": "http://127.0.0.1.example.com/"}, "is allowed by --webhook-host"),
        ({"url": "http://127.0.0.1/" + "x" * 2_000}, "at most 2000 characters (it has 2017)"),
        ({"url": NOBODY, "events": {"names": []}}, "at /events/names"),
        ({"url": NOBODY, "events": {"statuses": ["PENDING"]}}, "at /events/statuses/0"),
        ({"url": NOBODY, "retrySchedule": "often"}, "at /retrySchedule"),
        ({"url": NOBODY, "secret": "x"}, "secret"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_place(
    client: Client, wish: Mapping[str, Any], told: str
) -> None:
    message = refusal(client, wish)

    assert told in message
    assert "secret@" not in message
    assert client.http.get(PATH).get_json()["total"] == 0


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost/",
        "http://127.0.0.1:9000/a?b=c",
        "https://[::1]:9/",
        "http://127.8.8.8",
        "http://receiver.localhost:1/",
    ],
)
def test_addresses_of_this_machine_are_taken(client: Client, url: str) -> None:
    assert add(client, url)["url"] == url


def test_a_host_that_a_setting_names_is_taken(make_simulator: MakeSimulator) -> None:
    settings = Settings(seed_data="none", webhook_hosts=("hooks.internal",))
    client = Client(make_simulator(settings=settings))
    add(client, "http://hooks.internal/")
    assert "expected one of this machine, hooks.internal" in refusal(client, {"url": "http://b/"})

    add(Client(make_simulator(settings=replace(settings, webhook_hosts=("any",)))), "http://b/")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Content-Type": "text/plain"}, 415),
        ({"Host": "evil.example"}, 403),
    ],
)
def test_no_page_in_a_browser_makes_one(
    client: Client, headers: dict[str, str], status: int
) -> None:
    sent = {"Content-Type": "application/json", **headers}
    body = f'{{"url": "{NOBODY}"}}'

    assert client.http.put(f"{PATH}/a", data=body, headers=sent).status_code == status
    assert client.http.get(PATH).get_json()["total"] == 0


def test_there_are_so_many_at_most(client: Client) -> None:
    for number in range(20):
        add(client, NOBODY, f"w{number}")

    assert "20 webhooks, the most at once" in refusal(client, {"url": NOBODY}, "w20", 409)
    add(client, NOBODY, "w19")
    client.http.delete(f"{PATH}/w0")
    add(client, NOBODY, "w20")
    names = [each["name"] for each in client.http.get(PATH).get_json()["webhooks"]]
    assert names == [f"w{number}" for number in range(1, 21)]


def test_what_there_is_no_room_for_is_dropped_and_told(
    make_simulator: MakeSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(monkeypatch, "WAITING_DELIVERIES", 20_000)
    client = Client(make_simulator(webhook_timeout_seconds="600"))
    with receiving(odd.hang) as receiver:
        add(client, receiver.url)
        for _ in range(20):
            assert send(client)
        told = client.http.get(f"{PATH}/a").get_json()
        row = tally(client, "waitingDeliveries")
        reply = client.http.post(f"{PATH}/a/deliveries/1/redeliver")

    assert told["dropped"] == row["lost"] == 20 - told["waiting"] > 0
    assert row["held"] <= 20_000
    assert (reply.status_code, reply.headers["Retry-After"]) == (503, "1")


def test_of_what_was_delivered_the_oldest_are_forgotten(
    make_simulator: MakeSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(monkeypatch, "DELIVERIES", 3)
    client = Client(make_simulator())
    with receiving() as receiver:
        add(client, receiver.url)
        for _ in range(5):
            send(client)
        told = deliveries(client)

    assert [each["id"] for each in told] == ["3", "4", "5"]
    assert tally(client, "deliveries")["lost"] == 2


def test_a_list_leaves_long_bodies_to_the_one_by_its_id(client: Client) -> None:
    with receiving() as receiver:
        add(client, receiver.url)
        send(client, attributes={"note": "x" * 20_000})
        [delivery] = deliveries(client)

    whole = client.http.get(f"{PATH}/a/deliveries/{delivery['id']}").get_json()
    assert delivery["body"] is None
    assert len(whole["body"]) == delivery["bodyBytes"] == len(receiver.received[0].body)


def test_deliveries_are_filtered_and_paged(client: Client) -> None:
    with receiving(200, 500) as receiver:
        add(client, receiver.url, retrySchedule="none")
        ids = [send(client) for _ in range(4)]
        assert [each["eventId"] for each in deliveries(client, status="FAILED")] == [ids[1]]
        assert len(deliveries(client, eventId=ids[2])) == 1
        page = client.http.get(f"{PATH}/a/deliveries?start=1&count=2").get_json()

    assert [each["id"] for each in page["deliveries"]] == ["3", "2"]
    assert page["hasMore"]
    assert client.http.get(f"{PATH}/a/deliveries?status=lost").status_code == 400


def threads() -> set[str]:
    return {each.name for each in threading.enumerate() if each.name.startswith("webhook ")}


def test_a_thread_begins_with_the_first_event_and_ends_with_the_webhook(client: Client) -> None:
    with receiving() as receiver:
        add(client, receiver.url, "thread-a")
        assert "webhook thread-a" not in threads()
        send(client)
        deliveries(client, "thread-a")
        assert "webhook thread-a" in threads()
        client.http.delete(f"{PATH}/thread-a")

    assert "webhook thread-a" not in threads()
    assert client.simulator.worker.when_ended is None


def test_two_namespaces_have_webhooks_of_their_own_and_leave_nothing_behind(
    make_simulator: MakeSimulator,
) -> None:
    simulator = make_simulator()
    home = Client(simulator)
    with receiving() as first, receiving(*[500] * 9) as second:
        for name, receiver in (("one", first), ("two", second)):
            wish = {"webhooks": {f"own-{name}": {"url": receiver.url}}}
            assert home.http.put(f"/__admin/namespaces/{name}", json=wish).status_code == 201
        assert simulator.worlds is not None
        worlds = [simulator.worlds.find(name).simulator for name in ("one", "two")]
        ids = [send(Client(world)) for world in worlds]
        for name in ("one", "two"):
            reply = home.http.get(f"/__ns/{name}/__admin/webhooks/own-{name}/deliveries?wait=9")
            assert reply.get_json()["total"] == 1
        assert (first.ids, set(second.ids)) == ([ids[0]], {ids[1]})
        assert home.http.get(PATH).get_json()["total"] == 0

        gone = [weakref.ref(world) for world in worlds]
        del worlds
        gc.collect()
        gc.disable()
        try:
            for name in ("one", "two"):
                home.http.delete(f"/__admin/namespaces/{name}")
            assert [each() for each in gone] == [None, None]
        finally:
            gc.enable()
    assert threads() == set()


def test_a_namespace_that_waits_for_a_receiver_is_gone_once_it_is_dropped(
    make_simulator: MakeSimulator,
) -> None:
    simulator = make_simulator(webhook_timeout_seconds="600")
    home = Client(simulator)
    with receiving(odd.hang) as receiver:
        wish = {"webhooks": {"hangs": {"url": receiver.url}}}
        home.http.put("/__admin/namespaces/one", json=wish)
        assert simulator.worlds is not None
        gone = weakref.ref(simulator.worlds.find("one").simulator)
        send(Client(simulator.worlds.find("one").simulator))
        for _ in range(6_000):
            if receiver.received:
                break
            time.sleep(0.01)
        assert threads() == {"webhook hangs"}
        gc.collect()
        gc.disable()
        try:
            home.http.delete("/__admin/namespaces/one")
            assert gone() is None
        finally:
            gc.enable()

    assert threads() == set()


@pytest.mark.parametrize(
    ("webhooks", "told"),
    [
        ({"a": {"url": "http://example.com/"}}, "at /webhooks/a/url"),
        ({"a": {}}, "'url' is required"),
        ({"a b": {"url": NOBODY}}, "1 to 64 of A-Z a-z 0-9"),
        ({"a/~": {"url": "x"}}, "at /webhooks/a~1~0/url"),
        ([], "/webhooks"),
        ({f"w{number}": {"url": NOBODY} for number in range(21)}, "21 webhooks, expected at most"),
    ],
)
def test_a_namespace_with_a_webhook_that_cannot_be_had_is_not_made(
    client: Client, webhooks: object, told: str
) -> None:
    reply = client.http.put("/__admin/namespaces/one", json={"webhooks": webhooks})

    assert reply.status_code == 400
    assert told in reply.get_data(as_text=True)
    assert client.http.get("/__admin/namespaces").get_json()["total"] == 0


def test_without_what_signs_a_sentence_says_what_to_install(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(
        "fluent_oms_simulator.outbound.signing_key.find_spec",
        lambda name: None if name == "cryptography" else found(name),
    )

    message = refusal(client, {"url": NOBODY}, status=501)
    assert "pip install 'fluent-oms-simulator[webhooks]'" in message
    assert client.http.get("/__admin/webhook-key").status_code == 501
    wish = {"webhooks": {"a": {"url": NOBODY}}}
    assert client.http.put("/__admin/namespaces/one", json=wish).status_code == 501
    with pytest.raises(UnusableWebhooksError, match="pip install"):
        build(Settings(seed_data="none", webhooks=(NOBODY,))).start()


# -- settings --------------------------------------------------------------------------------------


def test_webhooks_of_a_setting_are_there_from_the_start(make_simulator: MakeSimulator) -> None:
    with receiving() as one, receiving() as other:
        settings = Settings(seed_data="none", webhooks=(one.url, other.url))
        client = Client(make_simulator(settings=settings))
        event_id = send(client)
        deliveries(client, "webhook-1")

        assert one.ids == other.ids == [event_id]
        client.http.put("/__admin/namespaces/beside", json={})
        assert client.http.get("/__ns/beside/__admin/webhooks").get_json()["total"] == 0


Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def pem(key: Key, password: bytes | None = None) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption()
        if password is None
        else serialization.BestAvailableEncryption(password),
    )


def test_a_key_of_a_file_is_the_one_that_signs(
    make_simulator: MakeSimulator, tmp_path: Path
) -> None:
    key = rsa.generate_private_key(65_537, 1_024)
    file = tmp_path / "key.pem"
    file.write_bytes(pem(key))

    client = Client(make_simulator(settings=Settings(seed_data="none", webhook_key=str(file))))

    told = client.http.get("/__admin/webhook-key").get_json()
    assert told["bits"] == 1_024
    assert serialization.load_pem_public_key(told["pem"].encode()) == key.public_key()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "cannot be read: No such file or directory"),
        (b"", "expected a private RSA key as PEM"),
        (b"x" * 100_000, "expected a private RSA key as PEM"),
        (pem(ec.generate_private_key(ec.SECP256R1())), "a key of another kind"),
        (pem(rsa.generate_private_key(65_537, 1_024), b"secret"), "without a password"),
    ],
    ids=["none", "empty", "long", "elliptic", "with a password"],
)
def test_a_file_without_a_key_to_sign_with_is_told_at_the_start(
    tmp_path: Path, content: bytes | None, told: str
) -> None:
    file = tmp_path / "key.pem"
    if content is not None:
        file.write_bytes(content)
    simulator = build(Settings(seed_data="none", webhook_key=str(file)))

    with pytest.raises(UnusableWebhooksError, match=f"--webhook-key: .*{told}"):
        simulator.start()
    simulator.close()
