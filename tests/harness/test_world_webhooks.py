"""What a test of a receiver asks of `fluent_oms.webhooks`."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fluent_oms_simulator import FluentOms
from fluent_oms_simulator.client.builders import delta

from ..outbound.helpers.receivers import receiving
from .helpers.callers import at_noon, caller, send

PLACE = ("SKU_1", "LOC_1")


@at_noon
def test_an_event_is_posted_tried_again_and_posted_once_more(fluent_oms: FluentOms) -> None:
    fluent_oms.load({PLACE: 500})
    with receiving(500, 500) as receiver:
        fluent_oms.webhooks.add(receiver.url, statuses=["SUCCESS"])
        send(caller(fluent_oms), delta(*PLACE, -10, "pos-1"))

        [waiting] = fluent_oms.webhooks.deliveries()
        assert (waiting.status, [each.status for each in waiting.attempts]) == (
            "RETRYING",
            [500, 500],
        )
        assert waiting.next_attempt_at == waiting.attempts[1].at + timedelta(seconds=2)
        fluent_oms.clock.advance(seconds=2)
        [delivered] = fluent_oms.webhooks.deliveries(status="DELIVERED")
        again = fluent_oms.webhooks.redeliver(delivered)
        last = fluent_oms.webhooks.deliveries(event_id=delivered.event_id)[-1]

    assert delivered.json["attributes"]["deltas"][0]["deltaId"] == "pos-1"
    assert (last.id, last.redelivery_of, last.status) == (again.id, delivered.id, "DELIVERED")
    assert delivered.body.encode() == receiver.received[-1].body
    assert "fluent-signature" in last.headers
    assert fluent_oms.webhooks.public_key.startswith("MII")


def test_a_long_body_is_there_whole(fluent_oms: FluentOms) -> None:
    fluent_oms.load({PLACE: 500})
    with receiving() as receiver:
        fluent_oms.webhooks.add(receiver.url, name="long", names=["INVENTORY_DELTA"])
        send(caller(fluent_oms), *(delta(*PLACE, -1, f"pos-{n}") for n in range(300)))
        [delivery] = fluent_oms.webhooks.deliveries("long")

    assert len(delivery.json["attributes"]["deltas"]) == 300


def test_a_reset_leaves_no_webhook_and_one_that_there_is_not_is_told(
    fluent_oms: FluentOms,
) -> None:
    fluent_oms.webhooks.add("http://127.0.0.1:9/")
    assert fluent_oms.webhooks.deliveries() == []
    fluent_oms.reset()

    with pytest.raises(LookupError, match=r"no webhook 'test'; add\(url\) makes one"):
        fluent_oms.webhooks.deliveries()
    fluent_oms.webhooks.add("http://127.0.0.1:9/")
    fluent_oms.webhooks.drop()
