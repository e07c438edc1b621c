"""What `fluent-sim contract` sends to a server that is not a simulator."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from .helpers.contract_servers import (
    CREDENTIALS,
    keeping_what_is_sent,
    of_someone_else,
    run_contract,
    server,
)

pytestmark = pytest.mark.slow

NAMES = ("skuRef", "productRef", "locationRef", "ref", "deltaId", "fulfilmentId", "inventoryId")
INVENTORY_EVENTS = ("INVENTORY_DELTA", "UpdateInventoryQty")


@pytest.fixture(scope="module")
def sent() -> list[Any]:
    """Every JSON document of a short run, as it reached the server."""
    bodies: list[bytes] = []
    with server(lambda app: of_someone_else(keeping_what_is_sent(app, bodies))) as (url, _):
        ended = run_contract(
            *("--url", url, *CREDENTIALS, "--yes", "--max-rate", "1000", "--prefix", "MINE"),
            *("--select", "answers as described", "--max-examples", "3", "--seed", "3"),
            *("--select", "is unpacked", "--select", "a body must say"),
        )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return [document for body in bodies if (document := read(body)) is not None]


def test_whatever_is_sent_to_someone_elses_server_names_only_what_is_the_runs_own(
    sent: list[Any],
) -> None:
    named = [name for document in sent for name in names_in(document)]

    assert len(named) > 100
    assert {name for name in named if not name.startswith("MINE")} <= {"DEFAULT:1"}  # a catalogue


def test_jobs_and_events_on_someone_elses_server_are_called_after_the_run(
    sent: list[Any],
) -> None:
    called = [document.get("name") for document in sent if isinstance(document, dict)]
    texts = [name for name in called if isinstance(name, str) and name]

    assert "MINE-Contract" in texts
    assert len(texts) > 50
    assert {name for name in texts if not name.startswith("MINE")} <= {*INVENTORY_EVENTS}


def test_no_event_is_sent_to_someone_elses_server_to_run_after_the_run_has_ended(
    sent: list[Any],
) -> None:
    """It would write after everything was taken back."""
    events = [document for document in sent if isinstance(document, dict)]
    moments = [event["scheduledOn"] for event in events if "scheduledOn" in event]
    texts = {moment for moment in moments if isinstance(moment, str) and is_readable(moment)}
    numbers = {moment for moment in moments if type(moment) in (int, float)}

    assert texts == {"2020-01-01T00:00:00Z"}
    assert numbers <= {0}


def is_readable(text: str) -> bool:
    """Whether a server may read something out of it."""
    return 0 < len(text) <= 100 and text.isprintable() and not text.isspace()


def read(body: bytes) -> object:
    """What a body says as JSON; None for one that is none."""
    try:
        return json.loads(body)
    except ValueError:
        return None


def names_in(document: object) -> Iterator[str]:
    """Every text in it that names something on the server, at any depth."""
    if isinstance(document, list):
        for each in document:
            yield from names_in(each)
    elif isinstance(document, dict):
        for key, value in document.items():
            if key in NAMES and isinstance(value, str) and value:
                yield value
            yield from names_in(value)
