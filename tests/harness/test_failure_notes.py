"""What a failed assertion says: each of these texts is what somebody reads who has to mend it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from fluent_oms_simulator import FluentOms
from fluent_oms_simulator.client.builders import delta, record
from fluent_oms_simulator.client.client_errors import UnreachableError
from fluent_oms_simulator.client.exchanges import Wire
from fluent_oms_simulator.harness.armed_fault import FaultPoint
from fluent_oms_simulator.harness.world_assertions import NotSettledError

from .helpers.callers import at_noon, caller, send

PLACE = ("SKU_1", "LOC_1")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

pytestmark = at_noon


def note(assertion: Callable[..., object], *arguments: object, **named: object) -> str:
    """What an assertion says that does not hold, with the same id for every event."""
    with pytest.raises(AssertionError) as failure:
        assertion(*arguments, **named)
    return UUID.sub("<id>", str(failure.value))


@pytest.fixture
def world(fluent_oms: FluentOms) -> FluentOms:
    """A world with 500 of one product, at a time that stands still."""
    fluent_oms.load({PLACE: 500})
    return fluent_oms


# -- stock -----------------------------------------------------------------------------------------


def test_a_retry_under_a_new_delta_id_is_told_with_what_it_did_to_the_stock(
    world: FluentOms,
) -> None:
    world.faults.lose_reply(operation="event", nth=1)
    api = caller(world)
    assert send(api, delta(*PLACE, -10, "pos-1")) == 0
    assert send(api, delta(*PLACE, -10, "pos-2")) == 200

    assert note(world.assert_on_hand, {PLACE: 490}) == (
        "SKU_1 at LOC_1 has 480 on hand, expected 490: 10 too few.\n"
        "  It was counted as 500 at 12:00:00.000 by seed data /entities/0.\n"
        "  Delta pos-1, -10 of SKU_1 at LOC_1, was sent at 12:00:00.000 in request 2;"
        " no reply came (fault: reset at after_commit); yet it was applied.\n"
        "  The same change was sent again 0 s later under a new deltaId, pos-2, in"
        " request 3; answered 200; it was applied.\n"
        "  So -10 was counted twice: SKU_1 at LOC_1 has 480 on hand; under one deltaId"
        " it would have 490."
    )


def test_what_was_answered_otherwise_than_it_was_applied_is_told_so(world: FluentOms) -> None:
    world.faults.status(503, point="after_commit", operation="event", nth=1)
    api = caller(world)
    send(api, delta(*PLACE, 5, "pos-1"))
    send(api, delta(*PLACE, 5, "pos-1"))

    assert note(world.assert_on_hand, {PLACE: 500}) == (
        "SKU_1 at LOC_1 has 505 on hand, expected 500: 5 too many.\n"
        "  It was counted as 500 at 12:00:00.000 by seed data /entities/0.\n"
        "  Delta pos-1, +5 of SKU_1 at LOC_1, was sent at 12:00:00.000 in request 2;"
        " answered 503 (fault: status at after_commit); yet it was applied.\n"
        "  pos-1 was sent again at 12:00:00.000 in request 3; answered 200; it was a"
        " repeat, and changed nothing."
    )


@pytest.mark.fluent_oms(conformance="off")
def test_a_change_that_counts_twice_is_told_whether_or_not_rules_are_looked_at(
    world: FluentOms,
) -> None:
    world.faults.lose_reply(operation="event", nth=1)
    api = caller(world)
    send(api, delta(*PLACE, -10, "pos-1"))
    send(api, delta(*PLACE, -10, "pos-2"))

    assert "deltaId, pos-2, in request 3; answered 200" in note(world.assert_exactly_once)


@pytest.mark.parametrize("further", [(), (delta("SKU_9", "LOC_1", -3, "pos-9"),)])
def test_a_change_that_is_sent_again_days_later_or_among_others_counts_twice_too(
    world: FluentOms, further: Sequence[Mapping[str, object]]
) -> None:
    world.load({("SKU_9", "LOC_1"): 50})
    world.faults.lose_reply(operation="event", nth=1)
    send(caller(world), delta(*PLACE, -10, "pos-1"))
    world.clock.advance(hours=0 if further else 48)
    send(caller(world), *further, delta(*PLACE, -10, "pos-2"))

    told = note(world.assert_exactly_once)

    assert "So -10 was counted twice: SKU_1 at LOC_1 has 480 on hand" in told
    assert told.endswith("send the same bytes again.")


def test_a_count_is_told_with_the_batch_that_brought_it(world: FluentOms) -> None:
    api = caller(world)
    send(api, delta(*PLACE, -10, "pos-1"))
    world.settle()
    world.clock.advance(seconds=1)
    api.load([record(*PLACE, 480)])

    assert note(world.assert_on_hand, {PLACE: 490}) == (
        "SKU_1 at LOC_1 has 480 on hand, expected 490: 10 too few.\n"
        "  It was counted as 500 at 12:00:00.000 by seed data /entities/0.\n"
        "  Delta pos-1, -10 of SKU_1 at LOC_1, was sent at 12:00:00.000 in request 2;"
        " answered 200; it was applied.\n"
        "  It does not count any more since batch 1 /entities/0.\n"
        "  It was counted as 480 at 12:00:01.000 by batch 1 /entities/0."
    )


def test_a_position_that_is_not_there_is_told_so(world: FluentOms) -> None:
    assert note(world.assert_on_hand, {("SKU_2", "LOC_1"): 1, PLACE: None}) == (
        "SKU_2 at LOC_1 has no position, expected 1 on hand.\n"
        "  Nothing was sent for it.\n"
        "SKU_1 at LOC_1 has 500 on hand, expected no position.\n"
        "  It was counted as 500 at 12:00:00.000 by seed data /entities/0."
    )


def test_only_the_last_of_many_changes_are_told(world: FluentOms) -> None:
    api = caller(world)
    send(api, *(delta(*PLACE, -1, f"pos-{number}") for number in range(40)))

    told = note(world.assert_on_hand, {PLACE: 490}).splitlines()

    assert told[:2] == [
        "SKU_1 at LOC_1 has 460 on hand, expected 490: 30 too few.",
        "  (11 earlier sentences are left out.)",
    ]
    assert len(told) == 32
    assert told[-1].startswith("  Delta pos-39, -1 of SKU_1 at LOC_1, was sent at 12:00:00.000")


# -- exactly once ----------------------------------------------------------------------------------


def test_a_change_that_came_under_three_delta_ids_is_told_once(world: FluentOms) -> None:
    world.faults.lose_reply(operation="event", times=2)
    api = caller(world)
    for delta_id in ("pos-1", "pos-2", "pos-3"):
        send(api, delta(*PLACE, -10, delta_id))

    assert note(world.assert_exactly_once) == (
        "Not every change was applied exactly once.\n"
        "  Delta pos-1, -10 of SKU_1 at LOC_1, was sent at 12:00:00.000 in request 2;"
        " no reply came (fault: reset at after_commit); yet it was applied.\n"
        "  The same change was sent again 0 s later under a new deltaId, pos-2, in"
        " request 3; no reply came (fault: reset at after_commit); yet it was applied.\n"
        "  The same change was sent again 0 s later under a new deltaId, pos-3, in"
        " request 4; answered 200; it was applied.\n"
        "  So -10 was counted 3 times: SKU_1 at LOC_1 has 470 on hand; under one"
        " deltaId it would have 490.\n"
        "  Give a change its deltaId before the first attempt, and send the same bytes"
        " again."
    )


def test_a_new_delta_id_that_did_no_harm_is_told_as_luck(world: FluentOms) -> None:
    world.faults.reset(point="before_accept", operation="event", nth=1)
    api = caller(world)
    send(api, delta(*PLACE, -10, "pos-1"))
    send(api, delta(*PLACE, -10, "pos-2"))

    assert note(world.assert_exactly_once) == (
        "Not every change was applied exactly once.\n"
        "  Delta pos-1, -10 of SKU_1 at LOC_1, was sent at 12:00:00.000 in request 2;"
        " no reply came (fault: reset at before_accept); it was refused.\n"
        "  The same change was sent again 0 s later under a new deltaId, pos-2, in"
        " request 3; answered 200; it was applied.\n"
        "  -10 was counted once by luck: had the platform applied each of them, the stock"
        " of SKU_1 at LOC_1 would be wrong.\n"
        "  Give a change its deltaId before the first attempt, and send the same bytes"
        " again."
    )


def test_a_change_that_never_counted_is_not_told_as_luck(world: FluentOms) -> None:
    world.faults.status(503, operation="event")
    api = caller(world)
    send(api, delta(*PLACE, -10, "pos-1"))
    send(api, delta(*PLACE, -10, "pos-2"))

    assert note(world.assert_on_hand, {PLACE: 490}) == (
        "SKU_1 at LOC_1 has 500 on hand, expected 490: 10 too many.\n"
        "  It was counted as 500 at 12:00:00.000 by seed data /entities/0.\n"
        "  Delta pos-1, -10 of SKU_1 at LOC_1, was sent at 12:00:00.000 in request 2;"
        " answered 503 (fault: status at before_accept); it was refused (Service Unavailable).\n"
        "  The same change was sent again 0 s later under a new deltaId, pos-2, in"
        " request 3; answered 503 (fault: status at before_accept); it was refused (Service"
        " Unavailable).\n"
        "  So -10 was not counted at all."
    )


UNREAD = (
    "Request 3, an event sent at 12:00:00.000, was answered 401 (Invalid user, Authorization"
    " header value does not belong to a valid user): what it was to change is not known."
)


def sell_with_a_token_that_has_expired(
    world: FluentOms, *delta_ids: str, event: str = "INVENTORY_DELTA"
) -> None:
    """One sale that arrives, and some that do not."""
    api = caller(world)
    send(api, delta(*PLACE, -10, "pos-1"))
    for delta_id in delta_ids:
        sale = api.event(event, {"deltas": [delta(*PLACE, -10, delta_id)]})
        api.call("POST", "/api/v4.1/event/async", json=sale, token="expired")


def test_stock_that_lacks_an_event_which_nobody_read_is_told_with_it(world: FluentOms) -> None:
    sell_with_a_token_that_has_expired(world, "pos-2", event="OTHER")

    assert note(world.assert_on_hand, {PLACE: 480}).splitlines()[-1] == UNREAD
    assert note(world.assert_reconciled, {PLACE: 480}).splitlines()[-1] == UNREAD


def test_an_event_that_nobody_read_and_that_was_not_sent_again_is_lost(world: FluentOms) -> None:
    sell_with_a_token_that_has_expired(world, "pos-2", event="OTHER")

    assert note(world.assert_exactly_once) == (
        "Not every change was applied exactly once.\n"
        f"  {UNREAD}\n"
        "  No event came after request 3, so what it was to bring is lost."
    )


def lost(delta_id: str, request: int) -> str:
    return (
        f"  Delta {delta_id}, -10 of SKU_1 at LOC_1, was sent at 12:00:00.000 in request {request};"
        " answered 401; it was refused (Invalid user, Authorization header value does not belong to"
        " a valid user).\n"
        "  It was not sent again with a token in force, so it is lost."
    )


def test_sales_whose_token_had_expired_and_that_never_came_again_are_lost_whatever_came_later(
    world: FluentOms,
) -> None:
    world.load({("SKU_2", "LOC_1"): 50})
    sell_with_a_token_that_has_expired(world, "pos-2", "pos-3", "pos-4")
    send(caller(world), delta("SKU_2", "LOC_1", -1, "pos-5"))

    assert note(world.assert_exactly_once) == (
        "Not every change was applied exactly once.\n"
        f"{lost('pos-2', 3)}\n{lost('pos-3', 4)}\n{lost('pos-4', 5)}"
    )
    assert lost("pos-2", 3) in note(world.assert_on_hand, {PLACE: 460})


def test_a_later_sale_of_the_same_stands_for_one_that_was_refused_and_not_for_all(
    world: FluentOms,
) -> None:
    sell_with_a_token_that_has_expired(world, "pos-2", "pos-3")
    send(caller(world), delta(*PLACE, -10, "pos-4"))

    assert note(world.assert_exactly_once) == (
        f"Not every change was applied exactly once.\n{lost('pos-3', 4)}"
    )


@pytest.mark.parametrize("again", ["pos-2", "pos-3"], ids=["as it was", "under a new deltaId"])
def test_a_sale_whose_token_had_expired_and_that_is_sent_again_is_not_lost(
    world: FluentOms, again: str
) -> None:
    sell_with_a_token_that_has_expired(world, "pos-2")
    send(caller(world), delta(*PLACE, -10, again))

    world.assert_exactly_once()


def test_what_was_made_good_under_a_new_delta_id_is_not_told_with_what_was_not(
    world: FluentOms,
) -> None:
    world.load({("SKU_2", "LOC_1"): 50})
    sell_with_a_token_that_has_expired(world, "pos-2")
    send(caller(world), delta(*PLACE, -10, "pos-3"), delta("SKU_2", "LOC_1", 0, "pos-4"))
    send(caller(world), delta(*PLACE, -10, "pos-5"))

    told = note(world.assert_exactly_once)

    assert "Delta pos-4, 0 of SKU_2 at LOC_1" in told
    assert "pos-2" not in told


def test_a_lost_reply_is_no_lost_change(world: FluentOms) -> None:
    world.faults.lose_reply(operation="event")
    send(caller(world), delta(*PLACE, -10, "pos-1"))

    world.assert_exactly_once()


@pytest.mark.fluent_oms(behaviours={"delta.duplicate": "accumulate"})
def test_a_delta_that_was_applied_twice_is_told(world: FluentOms) -> None:
    api = caller(world)
    send(api, delta(*PLACE, -10, "pos-1"))
    send(api, delta(*PLACE, -10, "pos-1"))

    assert note(world.assert_exactly_once) == (
        "Not every change was applied exactly once.\n"
        "  Delta pos-1, -10 of SKU_1 at LOC_1, was sent at 12:00:00.000 in request 2;"
        " answered 200; it was applied.\n"
        "  pos-1 was sent again at 12:00:00.000 in request 3; answered 200; it was"
        " added once more."
    )


def test_a_delta_that_failed_is_told_with_the_reason(world: FluentOms) -> None:
    send(caller(world), delta("SKU_9", "LOC_1", -10, "pos-1"))

    assert note(world.assert_exactly_once) == (
        "Not every change was applied exactly once.\n"
        "  Delta pos-1, -10 of SKU_9 at LOC_1, was sent at 12:00:00.000 in request 2;"
        " answered 200; it failed (/attributes/deltas/0: the position"
        " SKU_9:LOC_1:DEFAULT does not exist in DEFAULT:1; load it with a batch first."
        " None of the event's deltas was applied)."
    )


def test_a_delta_that_was_refused_is_told_with_the_reason(world: FluentOms) -> None:
    send(caller(world), delta(*PLACE, 0, "pos-1"))

    assert note(world.assert_exactly_once) == (
        "Not every change was applied exactly once.\n"
        "  Delta pos-1, 0 of SKU_1 at LOC_1, was sent at 12:00:00.000 in request 2;"
        " answered 400; it was refused ('qty' is invalid: at /attributes/deltas/0/qty"
        " found 0, expected a whole number other than zero)."
    )


def test_a_delta_id_that_came_with_two_bodies_is_told(world: FluentOms) -> None:
    api = caller(world)
    send(api, delta(*PLACE, -10, "pos-1"))
    send(api, delta(*PLACE, -20, "pos-1"))

    assert note(world.assert_exactly_once) == (
        "Not every change was applied exactly once.\n"
        "  Delta pos-1, -10 of SKU_1 at LOC_1, was sent at 12:00:00.000 in request 2;"
        " answered 200; it was applied.\n"
        "  pos-1 was sent again at 12:00:00.000 in request 3; answered 200; it took"
        " the place of what was there.\n"
        "  2 different bodies came under the deltaId pos-1."
    )


def test_a_repeat_whose_first_attempt_is_no_longer_told_is_told_by_its_request(
    world: FluentOms,
) -> None:
    world.faults.lose_reply(operation="event", nth=1)
    api = caller(world)
    send(api, delta(*PLACE, -10, "pos-1"))
    send(api, delta(*PLACE, -10, "pos-2"))
    world.settle()
    world._calls.call("POST", "/__admin/reset?ledger=drop")
    world.load({PLACE: 500})
    send(api, delta(*PLACE, -10, "pos-3"))

    assert note(world.assert_exactly_once) == (
        "Not every change was applied exactly once.\n"
        "  Request 3 sends again, under new deltaIds, what may have been applied.\n"
        "  Give a change its deltaId before the first attempt, and send the same bytes again."
    )


def test_where_no_delta_has_come_that_is_told(world: FluentOms) -> None:
    assert note(world.assert_exactly_once) == (
        "Whether every delta was applied exactly once cannot be told: no delta has arrived."
    )


# -- the contract ----------------------------------------------------------------------------------


def test_a_broken_rule_is_told_with_the_place_and_what_to_do(world: FluentOms) -> None:
    send(caller(world), delta(*PLACE, 0, "pos-1"))

    assert note(world.assert_conformant) == (
        "The traffic breaks 1 rule of the contract.\n"
        "FOMS-E130: A delta of zero.\n"
        "  request 2, POST /api/v4.1/event/async, 2026-01-01T12:00:00.000+00:00: at"
        " /attributes/deltas/0/qty found 0, expected a number other than zero.\n"
        "  Leave the delta out; to bring stock to zero send a batch with qty 0."
    )


def test_where_nothing_was_sent_no_rule_was_kept(world: FluentOms) -> None:
    assert note(world.assert_conformant) == (
        "Whether the contract was kept to cannot be told: Nothing was seen: no request has come in"
        " since the start."
    )


def test_a_batch_that_nobody_asked_for_is_told(world: FluentOms) -> None:
    api = caller(world)
    api.send_batch(api.open_job(), [record(*PLACE, 5)])

    assert note(world.assert_polled_to_complete) == (
        "Not every batch was polled until it was COMPLETE.\n"
        "  Batch 1 of job 1 was sent at 12:00:00.000 in request 3, answered 200;"
        " nobody asked for it; it is COMPLETE by now.\n"
        "  A batch that was accepted may still fail: ask for it until it is COMPLETE."
    )


def test_a_batch_that_was_asked_for_too_seldom_is_told(world: FluentOms) -> None:
    world.faults.hold_batch(polls=5)
    api = caller(world)
    job = api.open_job()
    batch = api.send_batch(job, [record(*PLACE, 5)]).fields["id"]
    api.batch_status(job, batch)

    assert note(world.assert_polled_to_complete) == (
        "Not every batch was polled until it was COMPLETE.\n"
        "  Batch 1 of job 1 was sent at 12:00:00.000 in request 3, answered 200"
        " (fault: hold_batch at while_applying); it was last asked for at 12:00:00.000"
        " (request 4), answered 200, and was PENDING then; it is PENDING by now.\n"
        "  A batch that was accepted may still fail: ask for it until it is COMPLETE."
    )


def test_a_batch_whose_reply_was_lost_and_that_was_not_sent_again_is_told(world: FluentOms) -> None:
    world.faults.lose_reply(operation="batch", nth=1)
    api = caller(world)
    job = api.open_job()
    with pytest.raises(UnreachableError):
        api.send_batch(job, [record(*PLACE, 5)])

    assert note(world.assert_polled_to_complete) == (
        "Not every batch was polled until it was COMPLETE.\n"
        "  Batch 1 of job 1 was sent at 12:00:00.000 in request 3, no reply came (fault: reset at"
        " after_commit); nobody knew its id, and the same was not sent again and asked for; it is"
        " COMPLETE by now.\n"
        "  A batch that was accepted may still fail: ask for it until it is COMPLETE."
    )

    again = api.send_batch(job, [record(*PLACE, 5)]).fields["id"]
    world.settle()
    api.batch_status(job, again)
    world.assert_polled_to_complete()


# -- what a source believes ------------------------------------------------------------------------


def test_stock_that_differs_from_what_a_source_believes_is_told(world: FluentOms) -> None:
    world.load({("SKU_2", "LOC_1"): 7})
    send(caller(world), delta(*PLACE, -10, "pos-1"))

    assert note(world.assert_reconciled, {PLACE: 500, ("SKU_3", "LOC_1"): 1}) == (
        "What the source believes and what the simulator has differ in 3 lines.\n"
        "The source believes in 1 of SKU_3 at LOC_1, which has no position.\n"
        "  Nothing was sent for it.\n"
        "The source believes in 500 of SKU_1 at LOC_1, which has 490 on hand.\n"
        "  It was counted as 500 at 12:00:00.000 by seed data /entities/0.\n"
        "  Delta pos-1, -10 of SKU_1 at LOC_1, was sent at 12:00:00.000 in request 2;"
        " answered 200; it was applied.\n"
        "The source does not know SKU_2 at LOC_1, which has 7 on hand.\n"
        "  It was counted as 7 at 12:00:00.000 by seed data /entities/0."
    )


def test_deltas_that_differ_from_what_a_source_meant_are_told(world: FluentOms) -> None:
    api = caller(world)
    send(api, delta(*PLACE, -10, "pos-1"))
    send(api, delta(*PLACE, -5, "pos-2"))
    meant = "deltaId,productRef,locationRef,qty\npos-1,SKU_1,LOC_1,-11\npos-3,SKU_1,LOC_1,-1\n"

    assert note(world.assert_reconciled, meant) == (
        "What the source believes and what the simulator has differ in 3 lines.\n"
        "The source believes in delta pos-3, -1 of SKU_1 at LOC_1, which was not"
        " applied: It has not arrived.\n"
        "The source believes in delta pos-1, -11 of SKU_1 at LOC_1; applied was -10 of"
        " SKU_1 at LOC_1 (applied).\n"
        "  Delta pos-1, -10 of SKU_1 at LOC_1, was sent at 12:00:00.000 in request 2;"
        " answered 200; it was applied.\n"
        "The source does not know delta pos-2, -5 of SKU_1 at LOC_1, which was applied.\n"
        "  Delta pos-2, -5 of SKU_1 at LOC_1, was sent at 12:00:00.000 in request 3;"
        " answered 200; it was applied."
    )


def test_a_line_that_cannot_be_read_is_told_with_its_place(
    world: FluentOms, tmp_path: Path
) -> None:
    file = tmp_path / "stock.csv"
    file.write_text("productRef,locationRef,onHand\nSKU_1,LOC_1,many\n", encoding="utf-8")

    assert note(world.assert_reconciled, file, complete=False) == (
        "What the source believes and what the simulator has differ in 1 line.\n"
        'Line 2, column 13: found "many", expected a whole number.'
    )


def test_of_many_differences_the_first_are_told(world: FluentOms) -> None:
    world.load({(f"SKU_{number}", "LOC_2"): 1 for number in range(2_000)})

    told = note(world.assert_reconciled, {PLACE: 500}).splitlines()

    assert told[0] == "What the source believes and what the simulator has differ in 2,000 lines."
    assert told[-1] == "1,980 more are not told here."


def test_nothing_to_reconcile_is_no_agreement(world: FluentOms) -> None:
    assert note(world.assert_reconciled, {}) == (
        "There is nothing to reconcile: no line of data was given."
    )


# -- expectations ----------------------------------------------------------------------------------


def test_an_expectation_is_told_with_what_came_closest(world: FluentOms) -> None:
    send(caller(world), delta(*PLACE, -10, "pos-1"))
    once = {"name": "the sale", "requests": {"deltaId": "pos-2"}, "exactly": 1}

    assert note(world.verify, once, {"position": "SKU_1:LOC_1:DEFAULT", "endsAt": 490}) == (
        "'the sale' has not come about: expected exactly 1, found 0.\n"
        "  Closest is request 2: deltaId is pos-1, expected pos-2."
    )


def test_what_expects_nothing_is_told_in_a_sentence(world: FluentOms) -> None:
    once: Any = [{"requests": {"deltaId": "pos-1"}, "exactly": 1}]
    with pytest.raises(TypeError, match=r"expected each expectation by itself, as in verify\("):
        world.verify(once)
    stock: Any = [(PLACE, 500)]
    with pytest.raises(TypeError, match=r"expected such as \{\('SKU_1', 'LOC_1'\): 5\}"):
        world.assert_on_hand(stock)


def test_a_request_that_is_not_there_is_told_with_what_was_looked_for(world: FluentOms) -> None:
    caller(world).open_job()

    assert note(world.requests.last, operation="event", delta_id="pos-1") == (
        "The simulator has seen no request with operation='event', delta_id='pos-1'; of 2 in all."
    )
    assert note(world.ledger.find, "pos-1") == ("No delta pos-1 has arrived.")


# -- what is not known yet, and what never arrived ---------------------------------------------


@pytest.mark.parametrize("kind", ["reset", "status"])
def test_a_delta_whose_connection_was_refused_and_that_never_came_again_is_missed(
    world: FluentOms, kind: str
) -> None:
    world.load({("SKU_2", "LOC_1"): 50})
    said = {"status": 503} if kind == "status" else {}
    world.faults.arm(
        {"kind": kind, "point": "connect", **said, "match": {"operation": "sendEvent", "nth": 1}}
    )
    api = caller(world)
    send(api, delta(*PLACE, -10, "pos-1"))
    send(api, delta("SKU_2", "LOC_1", -1, "pos-2"))

    assert "Delta pos-1, -10 of SKU_1 at LOC_1" in note(world.assert_exactly_once)

    send(api, delta(*PLACE, -10, "pos-1"))
    world.assert_exactly_once()


@pytest.mark.parametrize("point", ["connect", "before_accept", "after_commit"])
def test_what_is_held_up_is_waited_for_though_its_sender_has_gone(
    world: FluentOms, point: FaultPoint
) -> None:
    held_up = world.faults.latency(60_000, point=point, operation="event", nth=1)
    api = caller(world, Wire(seconds=1))
    assert send(api, delta(*PLACE, -10, "pos-1")) == 0
    assert send(caller(world), delta(*PLACE, -10, "pos-2")) == 200

    held_up.disarm()

    world.assert_on_hand({PLACE: 480})
    assert "So -10 was counted twice" in note(world.assert_exactly_once)


def test_a_reply_that_nobody_can_read_acknowledges_nothing(world: FluentOms) -> None:
    world.faults.double_reply(point="after_commit", operation="event", nth=1)
    send(caller(world), delta(*PLACE, -10, "pos-1"))
    send(caller(world), delta(*PLACE, -10, "pos-2"))

    assert "So -10 was counted twice" in note(world.assert_exactly_once)


def test_a_reply_that_comes_when_its_sender_has_gone_is_none(world: FluentOms) -> None:
    held_up = world.faults.latency(60_000, point="after_commit", operation="event", nth=1)
    api = caller(world, Wire(seconds=1))
    assert send(api, delta(*PLACE, -10, "pos-1")) == 0
    assert send(caller(world), delta(*PLACE, -10, "pos-2")) == 200

    held_up.disarm()

    assert "no reply came (fault: latency at after_commit)" in note(world.assert_exactly_once)


# -- what is kept for later ------------------------------------------------------------------------

FOR_NOW = (
    "Have it applied before, by settle() or, where a fault keeps it, by faults.clear() or"
    " clock.advance(); or ask for the stock of now with as_of_now=True."
)


@pytest.mark.fluent_oms(settling="manual")
def test_stock_that_a_settling_may_change_yet_is_as_expected_for_now_only(world: FluentOms) -> None:
    api = caller(world)
    send(api, delta(*PLACE, -10, "pos-1"))

    held = "1 event is held back by the settling"
    assert note(world.assert_on_hand, {PLACE: 500}) == (
        f"This is so now, and may change yet: {held}. {FOR_NOW}"
    )
    assert note(world.assert_on_hand, {PLACE: 490}).splitlines()[-1] == (
        f"This may change yet: {held}."
    )
    assert note(world.assert_reconciled, {PLACE: 500}) == (
        f"This is so now, and may change yet: {held}. {FOR_NOW}"
    )
    world.assert_on_hand({PLACE: 500}, as_of_now=True)
    world.assert_reconciled({PLACE: 500}, as_of_now=True)

    world.settle()
    world.assert_on_hand({PLACE: 490})


def test_stock_that_a_fault_may_change_yet_is_as_expected_for_now_only(world: FluentOms) -> None:
    world.faults.late(60_000, operation="event")
    world.faults.hold_batch(seconds=60)
    api = caller(world)
    send(api, delta(*PLACE, -10, "pos-1"))
    send(api, delta(*PLACE, -10, "pos-2"))
    api.send_batch(api.open_job(), [record("SKU_2", "LOC_1", 5)])

    kept = "2 events and 1 batch are kept for later by a fault"
    assert note(world.assert_on_hand, {PLACE: 500}) == (
        f"This is so now, and may change yet: {kept}. {FOR_NOW}"
    )
    told = f"{kept}: faults.clear() has it go on at once, clock.advance() has its time come"
    with pytest.raises(NotSettledError, match=re.escape(told)):
        world.settle()

    world.clock.advance(seconds=60)
    world.settle()
    world.assert_on_hand({PLACE: 480, ("SKU_2", "LOC_1"): 5})
