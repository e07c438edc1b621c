"""Open points of events and their log."""

from datetime import UTC, datetime, timedelta

import pytest
from fluent_oms_simulator.client.answers import Answer
from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.contracts.suite.observations.probing import (
    REFUSED,
    largest,
    meaning,
    outcome,
)
from fluent_oms_simulator.contracts.suite.semantic.position import APPLIED, Observe, Position
from fluent_oms_simulator.contracts.target.names import Names
from fluent_oms_simulator.contracts.target.observed import either

FAR_TOO_MANY = 1_000_000


def test_what_a_delta_id_that_was_seen_before_does(
    api: Api, names: Names, observe: Observe
) -> None:
    position = Position(api, names)
    position.count(10)
    entry = position.entry(5)
    api.deltas(entry)
    status = api.deltas({**entry, "qty": 7})["eventStatus"]
    on_hand = api.on_hand(position.product, position.location)

    value = meaning(on_hand, {17: "upsert", 15: "reject", 22: "accumulate"})
    observe("delta.duplicate", value, f"5 and then 7 on 10 make {on_hand}, the event is {status}")


def test_what_a_delta_for_an_unknown_position_does(
    api: Api, names: Names, observe: Observe
) -> None:
    known, unknown = Position(api, names), Position(api, names)
    known.count(10)
    api.deltas(known.entry(1), unknown.entry(-2))
    seen = tuple(api.on_hand(one.product, one.location) for one in (known, unknown))

    value = meaning(seen, {(10, None): "fail", (11, -2): "create", (11, None): "skip"})
    observe("delta.missing_position", value, f"the two positions then hold {seen}")


def test_what_a_delta_without_an_id_does(api: Api, names: Names, observe: Observe) -> None:
    position = Position(api, names)
    position.count(10)
    entry = position.entry(1)
    del entry["deltaId"]
    ended = outcome(api, api.event("INVENTORY_DELTA", {"deltas": [entry]}))

    is_applied = api.on_hand(position.product, position.location) == 11
    value = "generate" if is_applied else meaning(ended, {400: "refuse", "FAILED": "fail"})
    observe("delta.missing_id", value, f"it ended as {ended}")


def test_whether_a_delta_may_be_zero(api: Api, names: Names, observe: Observe) -> None:
    position = Position(api, names)
    position.count(10)
    ended = outcome(api, api.event("INVENTORY_DELTA", {"deltas": [position.entry(0)]}))

    observe("delta.zero", "accept" if ended in APPLIED else "refuse", f"it ended as {ended}")


def test_what_a_delta_id_twice_in_one_event_does(api: Api, names: Names, observe: Observe) -> None:
    """Where a repeat FAILED, it cannot be told from a fault that FAILED."""
    position = Position(api, names)
    position.count(10)
    entry = position.entry(5)
    event = api.event("INVENTORY_DELTA", {"deltas": [entry, {**entry, "qty": 7}]})
    ended = outcome(api, event)
    on_hand = api.on_hand(position.product, position.location)

    value = "refuse" if ended == REFUSED else either("refuse", "repeat")
    value = "repeat" if ended in APPLIED else value
    observe("delta.twice_in_event", value, f"5 and 7 on 10 make {on_hand}, it ended as {ended}")


def test_whether_an_event_may_have_no_entries(api: Api, observe: Observe) -> None:
    ended = outcome(api, api.event("INVENTORY_DELTA", {"deltas": []}))

    observe("event.no_entries", "accept" if ended in APPLIED else "refuse", f"it ended as {ended}")


def test_how_malformed_attributes_are_told(api: Api, names: Names, observe: Observe) -> None:
    position = Position(api, names)
    position.count(10)
    event = api.event("INVENTORY_DELTA", {"deltas": [position.entry({})]})
    ended = outcome(api, event)

    value = meaning(ended, {400: "refuse", "FAILED": "fail"})
    observe("event.invalid_attributes", value, f"a quantity that is an object ended as {ended}")


def test_whether_a_caller_may_send_inventory_changed(
    api: Api, names: Names, observe: Observe
) -> None:
    position = Position(api, names)
    place = {"productRef": position.product, "locationRef": position.location}
    counted = {**place, "qty": 3, "inventoryQuantity": {"type": "LAST_ON_HAND", "qty": 3}}
    ended = outcome(api, api.event("InventoryChanged", {"inventoryPosition": counted}))

    is_applied = ended in APPLIED and api.on_hand(position.product, position.location) == 3
    value = "apply" if is_applied else meaning(ended, {400: "refuse", "NO_MATCH": "no_match"})
    observe("event.inventory_changed", value, f"it ended as {ended}")


def test_whether_an_event_for_another_account_is_taken(
    api: Api, names: Names, observe: Observe
) -> None:
    """Its name matches no ruleset, so that it can do nothing in any account."""
    event = api.event(names.product(), {}, accountId=names.product())
    ended = outcome(api, event)

    value = meaning(ended, {400: "refuse", "NO_MATCH": "accept"})
    observe("event.account_mismatch", value, f"it ended as {ended}")


def test_what_success_is_called_in_the_log(api: Api, names: Names, observe: Observe) -> None:
    position = Position(api, names)
    position.count(10)
    status = position.change(1)["eventStatus"]

    assert status in APPLIED
    observe("event.success_status", status, "an applied delta is so called")


def test_which_events_come_first(api: Api, names: Names, observe: Observe) -> None:
    name = names.product()
    sent = [api.send_and_wait(api.event(name, {}))["id"] for _ in range(2)]
    listed = [row["id"] for row in api.events(name=name).document["results"]]

    value = meaning(tuple(listed), {tuple(sent): "oldest_first", tuple(sent[::-1]): "newest_first"})
    observe("event.order", value, "two events were sent one after the other")


def test_whether_the_log_has_audit_rows(api: Api, names: Names, observe: Observe) -> None:
    position = Position(api, names)
    position.count(10)
    event = position.change(1)
    query = {"context.sourceEvents": event["id"], "eventType": "ORCHESTRATION_AUDIT"}
    rows = api.events(**query).document["results"]

    value = "recorded" if rows else "off"
    observe("event.audit", value, f"{len(rows)} rows lead back to an event that was applied")


def test_how_far_back_a_search_may_go(api: Api, observe: Observe) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=200)
    answer = api.events(**{"from": f"{long_ago:%Y-%m-%dT%H:%M:%S}.000Z", "count": 1})

    value = meaning(answer.status, {200: "open", 400: "limited"})
    observe("event.window", value, f"`from` 200 days ago was answered {answer.status}")


def test_how_many_entries_a_page_of_the_log_may_have(
    api: Api, names: Names, observe: Observe
) -> None:
    """Of a search that finds nothing."""
    nothing = names.product()

    def page(count: int) -> Answer:
        return api.events(name=nothing, count=count)

    answer = page(FAR_TOO_MANY)
    if answer.status != 200:
        observe("event.page_too_large", "refuse", f"count={FAR_TOO_MANY} met {answer.status}")
        most = largest(1, FAR_TOO_MANY, lambda count: page(count).status == 200)
        observe("event.largest_page", str(most), f"count={most + 1} is refused")
        return
    shown = answer.document.get("count")
    if shown == FAR_TOO_MANY:
        pytest.skip(f"count={FAR_TOO_MANY} was answered, as far as can be seen in full")
    observe("event.page_too_large", "clamp", f"count={FAR_TOO_MANY} became {shown}")
    observe("event.largest_page", str(shown), f"count={FAR_TOO_MANY} became {shown}")
