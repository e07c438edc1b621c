"""Receivers that hang, break off, redirect or say too much: bounded, told, nobody else waits."""

from __future__ import annotations

import ssl
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from fluent_oms_simulator.clock import VirtualClock
from fluent_oms_simulator.domain import bounds

from ..conftest import MakeSimulator
from ..support import Client
from .helpers import receivers as odd
from .helpers.hooked import add, advance, deliveries, send
from .helpers.receivers import Answer, receiving, statuses, url_of_a_full_line, url_of_nobody


@pytest.fixture
def client(make_simulator: MakeSimulator, clock: VirtualClock) -> Client:
    return Client(
        make_simulator(clock=clock, webhook_timeout_seconds="1", webhook_retry_schedule="none")
    )


SECOND = "no answer within 1 s"


@pytest.mark.parametrize(
    ("answer", "status", "problem"),
    [
        pytest.param(odd.hang, None, SECOND, id="hangs"),
        pytest.param(odd.drip, None, SECOND, id="drips", marks=pytest.mark.slow),
        pytest.param(
            odd.hang_in_the_body, 200, None, id="hangs in the body", marks=pytest.mark.slow
        ),
        pytest.param(odd.reset, None, "the connection broke off", id="resets"),
        pytest.param(odd.close, None, "the connection broke off", id="closes"),
        pytest.param(odd.answer_no_http, None, "its answer is not HTTP: ", id="no HTTP"),
        pytest.param(odd.answer_endless_head, None, "its answer is not HTTP: ", id="endless head"),
        pytest.param(odd.answer_megabytes, 200, None, id="megabytes"),
        pytest.param(404, 404, None, id="404"),
        pytest.param(500, 500, None, id="500"),
        pytest.param(204, 204, None, id="204"),
    ],
)
def test_what_came_of_an_attempt_is_told_and_the_next_event_is_delivered(
    client: Client, answer: Answer, status: int | None, problem: str | None
) -> None:
    with receiving(answer) as receiver:
        add(client, receiver.url)
        send(client)
        send(client)
        first, second = deliveries(client)

    [attempt] = first["attempts"]
    assert attempt["status"] == status
    assert (attempt["problem"] or "").startswith(problem or "")
    assert (attempt["problem"] is None) == (problem is None)
    assert len(attempt["answer"]) <= 1_024
    is_well = status is not None and status < 300
    assert first["status"] == ("DELIVERED" if is_well else "FAILED")
    assert second["status"] == "DELIVERED"


def test_a_redirect_is_not_followed(client: Client) -> None:
    with receiving() as elsewhere, receiving(odd.redirect_to(elsewhere.url)) as receiver:
        add(client, receiver.url)
        send(client)
        [delivery] = deliveries(client)

    assert statuses(delivery["attempts"]) == [307]
    assert delivery["status"] == "FAILED"
    assert elsewhere.connections == 0


def test_where_nobody_listens_that_is_told_and_tried_again(client: Client) -> None:
    add(client, url_of_nobody(), retrySchedule="default")
    send(client)
    advance(client, minutes=1)
    [delivery] = deliveries(client)

    assert {each["problem"] for each in delivery["attempts"]} == {"nothing listens there"}
    assert (delivery["status"], len(delivery["attempts"])) == ("FAILED", 5)


def test_a_name_that_is_not_known_is_told(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(webhook_retry_schedule="none"))
    add(client, "http://nowhere.localhost:9/")
    send(client)
    [delivery] = deliveries(client)

    assert delivery["status"] == "FAILED"
    assert delivery["attempts"][0]["problem"]


def test_a_receiver_that_hangs_holds_up_neither_events_nor_other_webhooks(
    make_simulator: MakeSimulator,
) -> None:
    client = Client(make_simulator(webhook_timeout_seconds="600"))
    with receiving(odd.hang) as hanging, receiving() as well:
        add(client, hanging.url, "hangs")
        add(client, well.url, "well")
        ids = [send(client) for _ in range(20)]
        reply = client.http.get("/__admin/webhooks/well/deliveries?status=DELIVERED")
        for _ in range(1_000):
            reply = client.http.get("/__admin/webhooks/well/deliveries?status=DELIVERED")
            if reply.get_json()["total"] == 20:
                break
            time.sleep(0.01)

        assert well.ids == ids
        told = client.http.get("/__admin/webhooks/hangs").get_json()
        assert (told["waiting"], told["retrying"]) == (20, 0)
        since = time.monotonic()
        assert client.http.delete("/__admin/webhooks/hangs").status_code == 200
        assert time.monotonic() - since < 60  # and not the 600 s that the receiver has


@pytest.mark.skipif(sys.platform != "linux", reason="a line of callers is another elsewhere")
def test_those_that_let_nobody_in_are_given_up_at_once(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(webhook_timeout_seconds="600"))
    with url_of_a_full_line() as url:
        for number in range(bounds.WEBHOOKS.limit):
            add(client, url, f"hook-{number}")
        send(client)
        time.sleep(0.2)  # until they are at it
        assert client.http.post("/__admin/reset?webhooks=drop").status_code == 200
    # One that was waited for, and not given up, would still be there.
    assert not [each for each in threading.enumerate() if each.name.startswith("webhook ")]


def test_a_host_that_can_be_no_name_is_told(client: Client) -> None:
    add(client, "http://a..localhost:9/")
    send(client)
    [delivery] = deliveries(client)

    [attempt] = delivery["attempts"]
    assert attempt["problem"] == "its host can be no name: a part of it is empty or too long"


def test_a_clock_is_not_advanced_past_what_still_runs(
    make_simulator: MakeSimulator, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fluent_oms_simulator.simulator.LONGEST_WAIT", 0.2)
    client = Client(make_simulator(clock=clock, webhook_timeout_seconds="600"))
    with receiving(odd.hang) as receiver:
        add(client, receiver.url)
        send(client)
        before = clock.now()
        reply = client.http.post("/__admin/clock/advance", json={"days": 1})

    assert reply.status_code == 503
    assert "What is due still runs" in reply.get_json()["errors"][0]["message"]
    assert clock.now() == before


@pytest.fixture
def own_certificate(tmp_path: Path) -> ssl.SSLContext:
    """A certificate that nobody else has signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "receiver.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def test_a_certificate_of_ones_own_is_taken_where_that_is_wanted(
    client: Client, own_certificate: ssl.SSLContext
) -> None:
    with receiving(tls=own_certificate) as receiver:
        for name, verifies in (("strict", True), ("lenient", False)):
            add(client, receiver.url, name, verifyTls=verifies)
        event_id = send(client)
        [refused] = deliveries(client, "strict")
        [taken] = deliveries(client, "lenient")

    assert refused["attempts"][0]["problem"].startswith("the TLS connection failed: ")
    assert (refused["status"], taken["status"]) == ("FAILED", "DELIVERED")
    assert receiver.ids == [event_id]


@pytest.mark.parametrize("answer", [odd.hang, pytest.param(odd.drip, marks=pytest.mark.slow)])
def test_a_receiver_that_hangs_behind_tls_is_given_up_too(
    client: Client, own_certificate: ssl.SSLContext, answer: Answer
) -> None:
    with receiving(answer, tls=own_certificate) as receiver:
        add(client, receiver.url, verifyTls=False)
        send(client)
        [delivery] = deliveries(client)

    assert delivery["attempts"][0]["problem"] == SECOND


def test_a_receiver_that_never_begins_with_tls_is_given_up(client: Client) -> None:
    with receiving() as receiver:
        add(client, receiver.url.replace("http:", "https:"))
        send(client)
        [delivery] = deliveries(client)

    assert delivery["attempts"][0]["problem"] == SECOND
