"""The object that a test holds: what it loads, reads, moves, goes back to, and sees of requests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fluent_oms_simulator import FluentOms, MakeFluentOms
from fluent_oms_simulator.client.builders import delta, record
from fluent_oms_simulator.harness.world_assertions import NotSettledError
from fluent_oms_simulator.settings import Settings

from .helpers.callers import NOON, at_noon, caller, send

PLACE = ("SKU_1", "LOC_1")


def test_stock_is_there_at_once_and_nothing_was_sent_for_it(fluent_oms: FluentOms) -> None:
    fluent_oms.load({PLACE: 500, ("SKU_2", "LOC_1"): 0})

    assert fluent_oms.on_hand(*PLACE) == 500
    assert fluent_oms.on_hand("SKU_2", "LOC_1") == 0
    assert fluent_oms.on_hand("SKU_3", "LOC_1") is None
    assert fluent_oms.requests.count() == 0
    fluent_oms.assert_on_hand({PLACE: 500, ("SKU_3", "LOC_1"): None})


def test_more_stock_than_a_call_takes_is_loaded(fluent_oms: FluentOms) -> None:
    stock = {(f"SKU_{number}", "LOC_1"): number for number in range(9_000)}

    fluent_oms.load(stock)

    assert fluent_oms.on_hand("SKU_8999", "LOC_1") == 8_999


def test_what_a_connector_needs_is_told_and_lets_it_in(fluent_oms: FluentOms) -> None:
    env = fluent_oms.env

    assert env == {
        "FLUENT_BASE_URL": fluent_oms.url,
        "FLUENT_ACCOUNT": Settings().account,
        "FLUENT_RETAILER_ID": "1",
        "FLUENT_CLIENT_ID": Settings().client_id,
        "FLUENT_CLIENT_SECRET": Settings().client_secret,
        "FLUENT_USERNAME": Settings().username,
        "FLUENT_PASSWORD": Settings().password,
    }
    assert caller(fluent_oms).sign_in().status == 200


def test_secrets_are_not_shown_where_an_object_is(fluent_oms: FluentOms) -> None:
    shown = repr(fluent_oms) + repr(fluent_oms.credentials)

    assert Settings().client_secret not in shown
    assert Settings().password not in shown


@at_noon
def test_a_position_has_its_quantities_with_their_histories(fluent_oms: FluentOms) -> None:
    fluent_oms.load({PLACE: 500})
    send(caller(fluent_oms), delta(*PLACE, -10, "pos-1"))

    found = fluent_oms.position(*PLACE)

    assert found is not None
    assert (found.product, found.location, found.on_hand) == (*PLACE, 490)
    count, sold = found.quantities
    assert (count.type, count.quantity, count.history[0].source) == (
        "LAST_ON_HAND",
        500,
        "seed data /entities/0",
    )
    assert (sold.type, sold.ref, sold.quantity, sold.status) == ("DELTA", "pos-1", -10, "ACTIVE")
    assert sold.history[0].at == datetime.fromisoformat(NOON)
    assert fluent_oms.position("SKU_2", "LOC_1") is None


def test_a_position_of_many_quantities_has_all_of_them(fluent_oms: FluentOms) -> None:
    fluent_oms.load({PLACE: 500})
    send(caller(fluent_oms), *(delta(*PLACE, -1, f"pos-{number}") for number in range(250)))

    found = fluent_oms.position(*PLACE)

    assert found is not None
    assert len({each.ref for each in found.quantities}) == 251
    assert found.on_hand == 250


def test_what_is_held_back_is_applied_when_that_is_asked_for(
    make_fluent_oms: MakeFluentOms,
) -> None:
    world = make_fluent_oms(settling="manual")
    world.load({PLACE: 500})
    send(caller(world), delta(*PLACE, -10, "pos-1"))

    assert world.on_hand(*PLACE) == 500
    world.settle()
    assert world.on_hand(*PLACE) == 490


def test_what_takes_too_long_to_be_applied_is_told(fluent_oms: FluentOms) -> None:
    answer = {
        "waiting": {"events": 2, "batches": 0},
        "held": {"events": 0, "batches": 0},
        "keptByFaults": {"events": 0, "batches": 0},
        "delayedRequests": 0,
    }
    calls = fluent_oms._calls
    original = calls.document
    try:
        calls.document = lambda *_, **__: answer  # type: ignore[method-assign]
        with pytest.raises(NotSettledError, match="2 events were not applied within 60 s"):
            fluent_oms.settle()
    finally:
        calls.document = original  # type: ignore[method-assign]


@at_noon
def test_the_clock_goes_stands_and_is_moved(fluent_oms: FluentOms) -> None:
    noon = datetime.fromisoformat(NOON)
    clock = fluent_oms.clock

    assert clock.now == noon
    assert clock.advance(hours=1, minutes=30) == noon + timedelta(minutes=90)
    assert clock.advance(timedelta(days=1), milliseconds=5) == noon + timedelta(
        days=1, minutes=90, milliseconds=5
    )
    assert clock.set(datetime(2026, 6, 1)) == datetime(2026, 6, 1, tzinfo=UTC)
    assert clock.freeze("2026-06-02T00:00:00Z") == datetime(2026, 6, 2, tzinfo=UTC)
    assert clock.freeze() == datetime(2026, 6, 2, tzinfo=UTC)
    assert clock.go_on(rate=1_000_000) >= datetime(2026, 6, 2, tzinfo=UTC)
    assert abs(clock.follow_machine() - datetime.now(UTC)) < timedelta(hours=1)


def test_a_token_expires_when_the_clock_is_moved(fluent_oms: FluentOms) -> None:
    api = caller(fluent_oms)
    api.open_job()
    fluent_oms.clock.advance(days=2)

    assert api.call("POST", "/api/v4.1/job", json={"name": "a", "retailerId": "1"}).status == 401


def test_a_world_goes_back_to_what_was_kept(fluent_oms: FluentOms) -> None:
    fluent_oms.load({PLACE: 500})
    fluent_oms.snapshot()
    fluent_oms.load({PLACE: 1})
    fluent_oms.snapshot("later-on")
    fluent_oms.restore()
    assert fluent_oms.on_hand(*PLACE) == 500

    fluent_oms.snapshot()
    fluent_oms.restore("later-on")
    assert fluent_oms.on_hand(*PLACE) == 1


def test_a_world_that_was_reset_knows_of_nothing(fluent_oms: FluentOms) -> None:
    fluent_oms.load({PLACE: 500})
    fluent_oms.faults.lost_replies()
    caller(fluent_oms).open_job()

    fluent_oms.reset()

    assert fluent_oms.on_hand(*PLACE) is None
    assert fluent_oms.requests.count() == 0
    assert fluent_oms.faults.armed == []


def test_switches_and_settling_are_changed_on_the_way(fluent_oms: FluentOms) -> None:
    fluent_oms.load({PLACE: 500})
    fluent_oms.change_behaviours({"delta.duplicate": "accumulate"})
    fluent_oms.change_settling("manual")
    api = caller(fluent_oms)
    for _ in range(2):
        send(api, delta(*PLACE, -10, "pos-1"))

    assert fluent_oms.on_hand(*PLACE) == 500
    fluent_oms.change_settling("immediate")
    assert fluent_oms.on_hand(*PLACE) == 480


# -- what was sent ---------------------------------------------------------------------------------


def test_requests_are_told_by_what_they_are(fluent_oms: FluentOms) -> None:
    fluent_oms.load({PLACE: 500})
    api = caller(fluent_oms)
    send(api, delta(*PLACE, -10, "pos-1"))
    api.send_event(api.event("INVENTORY_DELTA", {"deltas": [delta(*PLACE, -1, "p-2")]}), "sync")
    api.load([record(*PLACE, 5)])
    requests = fluent_oms.requests

    assert [each.operation for each in requests.query()][:4] == [
        "issueToken",
        "sendEvent",
        "sendEventAndWait",
        "createJob",
    ]
    assert requests.count(operation="event") == 2
    assert requests.count(operation="sendEvent") == 1
    assert requests.count(operation="event", delta_id="p-2", status="2xx") == 1
    assert requests.count(operation="batch", product="SKU_1", location="LOC_1") == 1
    assert requests.count(path="/oauth", status=200, since=datetime(2000, 1, 1, tzinfo=UTC)) == 1
    last = requests.last(operation="event")
    assert (last.method, last.path, last.status) == ("POST", "/api/v4.1/event/sync", 200)
    assert last.json["attributes"]["deltas"][0]["deltaId"] == "p-2"
    assert "eventId" in last.reply
    assert last.outcome["status"] == "SUCCESS"
    requests.clear()
    assert requests.query() == []


def test_the_secrets_of_a_sign_in_are_not_told(fluent_oms: FluentOms) -> None:
    api = caller(fluent_oms)
    token = api.token

    last = fluent_oms.requests.last(operation="sign_in")

    assert fluent_oms.credentials.password not in last.body
    assert token not in last.reply


@at_noon
def test_the_ledger_tells_what_came_of_each_delta(fluent_oms: FluentOms) -> None:
    fluent_oms.load({PLACE: 500})
    api = caller(fluent_oms)
    send(api, delta(*PLACE, -10, "pos-1"))
    send(api, delta(*PLACE, -10, "pos-1"))
    send(api, delta("SKU_9", "LOC_1", 3, "pos-2"))
    fluent_oms.settle()
    ledger = fluent_oms.ledger

    assert [each.delta_id for each in ledger.query()] == ["pos-1", "pos-2"]
    assert [each.delta_id for each in ledger.query(fate="failed", product="SKU_9")] == ["pos-2"]
    found = ledger.find("pos-1")
    assert (found.fates, found.amount, found.arrived, found.acknowledged) == (
        ("applied", "repeatSuppressed"),
        -10,
        2,
        2,
    )
    assert [(each.request, each.outcome) for each in found.arrivals] == [
        (2, "applied"),
        (3, "suppressed"),
    ]
    assert ledger.totals["deltas"] == 2


def test_what_holds_is_not_complained_of(fluent_oms: FluentOms) -> None:
    fluent_oms.load({PLACE: 500})
    api = caller(fluent_oms)
    api.load([record(*PLACE, 500, retailerId=1, correctedQty=0)])
    send(api, delta(*PLACE, -10, "pos-1"))

    fluent_oms.assert_exactly_once()
    fluent_oms.assert_polled_to_complete()
    fluent_oms.assert_conformant(fail_on="error")
    fluent_oms.assert_reconciled({PLACE: 490})
    fluent_oms.assert_reconciled("deltaId,productRef,locationRef,qty\npos-1,SKU_1,LOC_1,-10\n")
    told = fluent_oms.verify({"requests": {"deltaId": "pos-1"}, "exactly": 1})
    assert told["verdict"] == "passed"


def test_an_expectation_may_name_operations_in_one_word(fluent_oms: FluentOms) -> None:
    fluent_oms.load({PLACE: 500})
    api = caller(fluent_oms)
    api.load([record(*PLACE, 500)])
    send(api, delta(*PLACE, -10, "pos-1"))
    synchronous = api.event("INVENTORY_DELTA", {"deltas": [delta(*PLACE, -1, "pos-2")]})
    api.post("/api/v4.1/event/sync", synchronous)

    fluent_oms.verify(
        {"requests": {"operation": "event"}, "exactly": 2},
        {"inOrder": [{"operation": "batch"}, {"operation": "poll"}, {"operation": "event"}]},
    )


def test_an_operation_that_there_is_not_is_told_with_the_likely_one(fluent_oms: FluentOms) -> None:
    wrong: Any = "evnt"
    with pytest.raises(ValueError, match=r"^there is no operation 'evnt'; did you mean event\?$"):
        fluent_oms.faults.lose_reply(operation=wrong)
    with pytest.raises(ValueError, match="did you mean event"):
        fluent_oms.requests.query(operation=wrong)
    with pytest.raises(ValueError, match="did you mean event"):
        fluent_oms.verify({"requests": {"operation": wrong}, "exactly": 1})


@pytest.mark.parametrize("stock", [{"SKU_1": 5}, {("SKU_1",): 5}, {("SKU_1", "L", "C"): 5}])
def test_stock_without_a_location_is_told_so(fluent_oms: FluentOms, stock: Any) -> None:
    with pytest.raises(TypeError, match=r"found .*SKU_1.*, expected a product and a"):
        fluent_oms.load(stock)
    with pytest.raises(TypeError, match=r"found .*SKU_1.*, expected a product and a"):
        fluent_oms.assert_on_hand(stock)
    with pytest.raises(TypeError, match=r"found .*SKU_1.*, expected a product and a"):
        fluent_oms.assert_reconciled(stock)


def test_to_go_back_to_what_was_never_kept_is_told_with_the_call_that_keeps(
    fluent_oms: FluentOms,
) -> None:
    with pytest.raises(LookupError, match=r"no snapshot 'before'; snapshot\('before'\) keeps one"):
        fluent_oms.restore("before")


def test_a_rule_may_be_left_out(fluent_oms: FluentOms) -> None:
    fluent_oms.load({PLACE: 5})
    api = caller(fluent_oms)
    send(api, delta(*PLACE, 0, "pos-1"))
    send(api, delta(*PLACE, 1, "pos-2"))

    with pytest.raises(AssertionError, match="FOMS-E130"):
        fluent_oms.assert_conformant(ignore="FOMS-O")
    fluent_oms.assert_conformant(ignore=["FOMS-E", "FOMS-O011"])


def test_a_world_without_a_judge_still_tells_of_deltas(make_fluent_oms: MakeFluentOms) -> None:
    world = make_fluent_oms(conformance="off")
    world.load({PLACE: 500})
    api = caller(world)
    send(api, delta(*PLACE, -10, "pos-1"))

    world.assert_exactly_once()


@pytest.mark.parametrize(
    "expected", [{}, {("", "LOC_1"): 500}, {"SKU_1": 500}, {PLACE: "500"}, {PLACE: True}]
)
def test_an_expectation_of_nothing_never_holds(fluent_oms: FluentOms, expected: Any) -> None:
    fluent_oms.load({PLACE: 500})

    with pytest.raises((TypeError, ValueError), match="expected"):
        fluent_oms.assert_on_hand(expected)


def test_an_empty_product_stands_for_none(fluent_oms: FluentOms) -> None:
    fluent_oms.load({PLACE: 500})

    with pytest.raises(ValueError, match="have to be named"):
        fluent_oms.on_hand("", PLACE[1])
