"""Tests as a user writes them who has every type checked; read by mypy and pyright, and run."""

from __future__ import annotations

from datetime import datetime, timedelta

import fluent_oms_simulator
import pytest
from fluent_oms_simulator import FluentOms, FluentServer, MakeFluentOms

PLACE = ("SKU_1", "LOC_1")


@pytest.mark.fluent_oms(behaviours={"delta.duplicate": "reject"}, faults="lost-replies", seed=3)
@pytest.mark.fluent_oms(unstruck="ignore")
def test_all_of_it(fluent_oms: FluentOms, fluent_oms_url: str) -> None:
    env: dict[str, str] = fluent_oms.env
    fluent_oms.load({PLACE: 500})
    on_hand: int | None = fluent_oms.on_hand(*PLACE)
    position = fluent_oms.position(*PLACE)
    assert position is not None
    sources: list[str] = [
        each.source for quantity in position.quantities for each in quantity.history
    ]
    fluent_oms.settle()
    statuses: list[int] = [each.status for each in fluent_oms.requests.query(operation="event")]
    count: int = fluent_oms.requests.count(status="4xx", product="SKU_1")
    fluent_oms.faults.clear()
    lost = fluent_oms.faults.lose_reply(operation="event", nth=1)
    fired: int = lost.fired
    fluent_oms.faults.latency((10, 20), operation="poll", probability=0.5)
    now: datetime = fluent_oms.clock.advance(timedelta(hours=1), minutes=5)
    fluent_oms.clock.freeze()
    fates: list[tuple[str, ...]] = [each.fates for each in fluent_oms.ledger.query(fate="failed")]
    fluent_oms.snapshot()
    fluent_oms.restore()
    fluent_oms.assert_on_hand({PLACE: 500, ("SKU_2", "LOC_1"): None})
    with pytest.raises(AssertionError, match="Nothing was seen"):
        fluent_oms.assert_conformant(ignore=["FOMS-O"], fail_on="warning")
    with pytest.raises(AssertionError, match="no batch was accepted"):
        fluent_oms.assert_polled_to_complete()
    fluent_oms.assert_reconciled({PLACE: 500})
    fluent_oms.verify({"requests": {"operation": "sendEvent"}, "never": True})
    assert env["FLUENT_BASE_URL"] == fluent_oms_url
    assert (on_hand, statuses, count, fired, fates) == (500, [], 0, 0, [])
    assert sources == ["seed data /entities/0"]
    assert now.tzinfo is not None


def test_worlds(make_fluent_oms: MakeFluentOms, fluent_oms_server: FluentServer) -> None:
    world: FluentOms = make_fluent_oms(
        account="OTHER", retailers=["7"], profile="documented", settling="manual", frozen=True
    )
    assert world.url.startswith(fluent_oms_server.url)


def test_a_block() -> None:
    with fluent_oms_simulator.start(in_this_process=True, seed=3) as sim:
        assert sim.on_hand(*PLACE) is None
