"""An event that was accepted may still come to nothing; the log must say so."""

from typing import Any

from fluent_oms_simulator.client.answers import Answer
from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.contracts.suite.semantic.position import (
    APPLIED,
    Document,
    Observe,
    Position,
    Row,
)
from fluent_oms_simulator.contracts.target.names import Names


def sent_sync(api: Api, name: str, attributes: dict[str, object]) -> Answer:
    """The answer of an event that is waited for."""
    answer: Answer = api.send_event(api.event(name, attributes), mode="sync")
    return answer


def reasons(api: Api, event: Document) -> list[Any]:
    """What the log says beside FAILED: in the event, or in audit rows that lead back to it."""
    rows = api.events(**{"context.sourceEvents": event["id"], "count": 100}).document["results"]
    told = [row for row in rows if row["eventStatus"] == "FAILED" and row["attributes"]]
    return [*filter(None, [event.get("outcome")]), *told]


def test_a_delta_for_an_unknown_position_fails_in_the_log_with_a_reason(
    api: Api, names: Names, observe: Observe
) -> None:
    nowhere = Position(api, names)
    event = api.deltas(nowhere.entry(-3))
    if event["eventStatus"] in APPLIED:
        seen = nowhere.look()
        value = "skip" if seen is None else "create"
        observe("delta.missing_position", value, "a delta for an unknown position succeeded")
        nowhere.shows(None if value == "skip" else -3)
        return
    assert event["eventStatus"] == "FAILED", event
    assert reasons(api, event), f"FAILED without a reason: {event}"
    nowhere.shows(None)


def test_a_fulfilment_s_update_of_an_unknown_position_fails(api: Api, names: Names) -> None:
    nowhere = Position(api, names)
    event = api.updates(nowhere.item("F1", reservedQty=-2))

    assert event["eventStatus"] == "FAILED", event
    nowhere.shows(None)


def test_an_event_that_no_ruleset_is_named_after_ends_as_no_match(api: Api, names: Names) -> None:
    """Events API, 24 Oct 2025: the name picks the ruleset."""
    position = Position(api, names)
    position.count(10)
    attributes = {"deltas": [position.entry(5)]}
    event = api.send_and_wait(api.event(names.product(), attributes))

    assert event["eventStatus"] == "NO_MATCH", event
    position.shows(10, [Row("LAST_ON_HAND", 10)])


def test_the_name_of_an_event_is_taken_literally(api: Api, names: Names) -> None:
    position = Position(api, names)
    position.count(10)
    attributes = {"deltas": [position.entry(5)]}
    event = api.send_and_wait(api.event("inventory_delta", attributes))

    assert event["eventStatus"] == "NO_MATCH", event
    position.shows(10, [Row("LAST_ON_HAND", 10)])


def test_an_event_for_an_unknown_catalogue_ends_as_no_match(api: Api, names: Names) -> None:
    position = Position(api, names)
    position.count(10)
    nowhere = {"entityRef": names.product(), "rootEntityRef": names.product()}
    attributes = {"deltas": [position.entry(5)]}
    event = api.send_and_wait(api.event("INVENTORY_DELTA", attributes, **nowhere))

    assert event["eventStatus"] == "NO_MATCH", event
    position.shows(10)


def test_a_sync_caller_is_told_that_the_event_was_applied(api: Api, names: Names) -> None:
    position = Position(api, names)
    position.count(10)
    answer = sent_sync(api, "INVENTORY_DELTA", {"deltas": [position.entry(-4)]})

    assert answer.status == 200, answer.text
    assert answer.document["eventStatus"] in APPLIED, answer.text
    position.shows(6)


def test_a_sync_caller_is_told_that_the_event_failed_and_why(
    api: Api, names: Names, observe: Observe
) -> None:
    """FAILED is a 400 (REST error codes, 26 May 2025)."""
    nowhere = Position(api, names)
    answer = sent_sync(api, "INVENTORY_DELTA", {"deltas": [nowhere.entry(-4)]})
    if answer.status == 200 and answer.document["eventStatus"] in APPLIED:
        value = "skip" if nowhere.look() is None else "create"
        observe("delta.missing_position", value, "a delta for an unknown position succeeded")
        return

    assert answer.status == 400, answer.text
    assert answer.document["eventStatus"] == "FAILED", answer.text
    assert answer.document.get("errorMessage"), "FAILED without a reason"


def test_a_sync_caller_is_told_that_nothing_matched(api: Api, names: Names) -> None:
    answer = sent_sync(api, names.product(), {})

    assert answer.status == 400, answer.text
    assert answer.document["eventStatus"] == "NO_MATCH", answer.text
