"""A connector in a test's own hands: what it sends, and how it is answered."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from fluent_oms_simulator import FluentOms
from fluent_oms_simulator.client.client_errors import UnreachableError
from fluent_oms_simulator.client.exchanges import Wire
from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.client.target_server import Target

NOON = "2026-01-01T12:00:00Z"
at_noon = pytest.mark.fluent_oms(at=NOON, frozen=True)
"""Time stands still, so that every time that is told is known."""


def caller(world: FluentOms, wire: Wire | None = None) -> Api:
    """Signs in to a world as a connector does."""
    known = world.credentials
    target = Target(
        world.url,
        account=known.account,
        retailer_id=known.retailer_id,
        client_id=known.client_id,
        client_secret=known.client_secret,
        username=known.username,
        password=known.password,
    )
    return Api(target, wire)


def send(api: Api, *deltas: Mapping[str, object]) -> int:
    """Send one event of these deltas; the status, 0 where no reply came."""
    try:
        return api.send_event(api.event("INVENTORY_DELTA", {"deltas": deltas})).status
    except UnreachableError:
        return 0
