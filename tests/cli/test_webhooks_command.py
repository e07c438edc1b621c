"""`fluent-sim webhooks`, beside a running simulator that posts events."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_der_public_key
from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.client.target_server import Target

from ..outbound.helpers.hooked import unmatched
from ..outbound.helpers.receivers import Receiver, receiving
from .conftest import Server, serving
from .helpers.command_line import fluent_sim


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture(scope="module")
def server(receiver: Receiver) -> Iterator[Server]:
    started = ("--seed-data", "none", "--webhook", receiver.url)
    with serving(*started) as server:
        yield server


def test_one_is_added_told_used_and_dropped(server: Server, receiver: Receiver) -> None:
    def webhooks(*words: str) -> list[str]:
        done = fluent_sim("webhooks", *words, "--url", server.url)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout.splitlines()

    assert webhooks("list") == [f"webhook-1  {receiver.url}  0 wait, 0 for a retry"]
    added = ("add", "own", receiver.url, "--event", "Posted", "--status", "NO_MATCH")
    assert webhooks(*added, "--retry-schedule", "none") == [
        f"own  {receiver.url}  0 wait, 0 for a retry  names Posted  statuses NO_MATCH"
    ]
    api = Api(Target(server.url))
    assert api.call("POST", "/api/v4.1/event/sync", json=unmatched("Posted")).status == 400
    api.close()

    [line] = webhooks("deliveries", "own", "--wait", "9")
    assert "DELIVERED  Posted  event " in line
    assert line.endswith(" 200")
    first = line.split()[0]
    assert f"again of {first}" in webhooks("redeliver", "own", first)[0]
    told = webhooks("deliveries", "own", "--wait", "9", "--body", "--count", "1")
    assert told[1].startswith('{"id":"')
    assert told[2] == "There are more: --count tells of as many as it says."
    assert webhooks("deliveries", "webhook-1", "--status", "FAILED") == []

    assert load_der_public_key(base64.b64decode(webhooks("key")[0]))
    assert webhooks("key", "--pem")[0] == "-----BEGIN PUBLIC KEY-----"
    assert webhooks("drop", "own") == []
    assert len(webhooks("list")) == 1
    gone = fluent_sim("webhooks", "drop", "own", "--url", server.url)
    assert (gone.returncode, gone.stdout) == (2, "")
    assert "There is no webhook 'own'" in gone.stderr


def test_a_namespace_has_those_that_it_is_made_with(server: Server, receiver: Receiver) -> None:
    made = fluent_sim(
        *("namespaces", "make", "hooked", "--webhook", receiver.url, "--url", server.url)
    )
    address = made.stdout.strip()

    listed = fluent_sim("webhooks", "list", "--url", address).stdout
    assert listed.startswith(f"webhook-1  {receiver.url}  ")
    fluent_sim("namespaces", "drop", "hooked", "--url", server.url)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--webhook", "127.0.0.1:9"), "--webhook: found '127.0.0.1:9', expected one or more"),
        (("--webhook", "http://example.com/"), "is allowed by --webhook-host example.com"),
        (("--webhook-host", "a:80"), "--webhook-host: found 'a:80', expected one or more names"),
        (("--webhook-key", "/nowhere"), "--webhook-key: /nowhere cannot be read"),
        (
            ("--webhook", "http://127.0.0.1:9/", "--behaviour", "webhook.ports=80_and_443"),
            "expected port 80 or 443",
        ),
    ],
)
def test_what_cannot_be_had_is_told_at_the_start(words: tuple[str, ...], told: str) -> None:
    done = fluent_sim("serve", "--port", "0", *words)

    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr


def test_hosts_and_the_key_come_from_a_file_of_settings(tmp_path: Path) -> None:
    config = tmp_path / "sim.toml"
    config.write_text('webhook = ["http://hooks.internal/"]\nwebhook_host = ["hooks.internal"]\n')
    with serving("--seed-data", "none", "--config", str(config)) as server:
        listed = fluent_sim("webhooks", "list", "--url", server.url).stdout

    assert listed == "webhook-1  http://hooks.internal/  0 wait, 0 for a retry\n"
