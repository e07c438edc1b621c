"""The bare callable does the whole work of a delta: what it is compared with is no empty reply."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from fluent_oms_simulator.loadtests.benchmarks.bare_delta import BareDelta
from fluent_oms_simulator.loadtests.benchmarks.bench_payloads import delta_event, on_hand_after
from fluent_oms_simulator.loadtests.benchmarks.in_process import InProcess


class Protocol:
    """A request's body, and what it was answered, as granian would have them."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self.answered: tuple[int, Any] = (0, None)

    async def __call__(self) -> bytes:
        return self._body

    def response_bytes(self, status: int, _headers: object, content: bytes) -> None:
        self.answered = (status, orjson.loads(content))


@pytest.fixture
def bare() -> Iterator[BareDelta]:
    held = InProcess()
    held.simulator.start()
    yield BareDelta(held)
    held.simulator.close()


def answered(bare: BareDelta, body: bytes, token: str = "") -> tuple[int, Any]:
    """What a call is answered; a GET where it has no body."""
    scope = SimpleNamespace(
        method="POST" if body else "GET", headers={"authorization": f"Bearer {token}"}
    )
    protocol = Protocol(body)
    asyncio.run(bare.__rsgi__(scope, protocol))
    return protocol.answered


def test_the_bare_callable_applies_each_delta_once_before_it_replies(bare: BareDelta) -> None:
    token = answered(bare, b"")[1]["token"]

    replies = [answered(bare, delta_event(number), token) for number in (0, 1, 1)]

    assert [status for status, _ in replies] == [200, 200, 200]
    assert len({reply["id"] for _, reply in replies}) == 3
    assert answered(bare, b"")[1]["onHand"] == on_hand_after(2)


@pytest.mark.parametrize(
    ("body", "token", "status"),
    [
        (delta_event(0), "another", 401),
        (delta_event(0).replace(b'"qty":-10', b'"qty":"ten"'), None, 400),
        (delta_event(0).replace(b'"entityType"', b'"entityKind"'), None, 400),
        (delta_event(0).replace(b"LOC_SYD", b"NOWHERE"), None, 400),
    ],
)
def test_the_bare_callable_refuses_what_the_simulator_would_not_apply(
    bare: BareDelta, body: bytes, token: str | None, status: int
) -> None:
    token = token or answered(bare, b"")[1]["token"]

    assert answered(bare, body, token)[0] == status
    assert answered(bare, b"")[1]["onHand"] == on_hand_after(0)
