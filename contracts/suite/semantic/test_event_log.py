"""The event log is the proof of what was sent and what became of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.contracts.suite.semantic.position import APPLIED, Observe, Position
from fluent_oms_simulator.contracts.target.names import Names


def found(api: Api, **query: object) -> list[dict[str, Any]]:
    """The events and audit rows that a search finds."""
    answer = api.events(**query)
    assert answer.status == 200, answer.text
    rows: list[dict[str, Any]] = answer.document["results"]
    return rows


def unmatched(api: Api, name: str) -> str:
    """The id of an event with a name of its own, once it has ended as NO_MATCH."""
    ended = api.send_and_wait(api.event(name, {"note": name}))
    assert ended["eventStatus"] == "NO_MATCH", ended
    return str(ended["id"])


def test_an_event_is_found_by_the_id_that_was_answered(api: Api, names: Names) -> None:
    position = Position(api, names)
    position.count(10)
    entry = position.entry(-2)
    answer = api.send_event(api.event("INVENTORY_DELTA", {"deltas": [entry]}))
    assert answer.status == 200, answer.text
    event = api.wait_for_event(str(answer.document["id"]))

    assert event["id"] == answer.document["id"]
    assert event["name"] == "INVENTORY_DELTA"
    assert event["type"] == "ORCHESTRATION"
    assert event["eventStatus"] in APPLIED
    assert str(event["retailerId"]) == api.target.retailer_id
    context = event["context"]
    assert context["entityType"] == context["rootEntityType"] == "INVENTORY_CATALOGUE"
    assert context["entityRef"] == context["rootEntityRef"] == api.target.catalogue_ref
    (deltas,) = (row["value"] for row in event["attributes"] if row["name"] == "deltas")
    assert [row["deltaId"] for row in deltas] == [entry["deltaId"]]
    assert [row["qty"] for row in deltas] == [-2]


def test_events_are_found_by_name_and_no_others(api: Api, names: Names) -> None:
    first, second = names.product(), names.product()
    ids = {name: [unmatched(api, name) for _ in range(2)] for name in (first, second)}

    for name, expected in ids.items():
        rows = found(api, name=name)
        assert sorted(row["id"] for row in rows) == sorted(expected)
        assert {row["name"] for row in rows} == {name}


def test_a_search_can_be_narrowed(api: Api, names: Names) -> None:
    name = names.product()
    sent = unmatched(api, name)
    ours = {"context.entityRef": api.target.catalogue_ref}
    theirs = {"context.entityRef": names.product()}

    for narrow in (
        {"eventStatus": "NO_MATCH"},
        {"eventType": "ORCHESTRATION"},
        {"retailerId": api.target.retailer_id},
        {"context.entityType": "INVENTORY_CATALOGUE", **ours},
        {"context.rootEntityType": "INVENTORY_CATALOGUE"},
    ):
        assert [row["id"] for row in found(api, name=name, **narrow)] == [sent], narrow
    for other in ({"eventStatus": "FAILED"}, {"context.entityType": "JOB"}, theirs):
        assert found(api, name=name, **other) == [], other


def test_a_search_is_paged_without_gaps(api: Api, names: Names) -> None:
    name = names.product()
    sent = [unmatched(api, name) for _ in range(5)]
    seen: list[str] = []
    more: list[bool] = []
    for start in (0, 2, 4):
        answer = api.events(name=name, start=start, count=2)
        seen += [row["id"] for row in answer.document["results"]]
        more.append(answer.document["hasMore"])

    assert sorted(seen) == sorted(sent)
    assert seen in (sent, sent[::-1]), "neither the oldest nor the newest come first"
    assert more == [True, True, False]


def test_a_search_by_time_leaves_out_what_is_not_in_it(api: Api, names: Names) -> None:
    """Within the weeks that every server can be asked about; without `from` it is 30 days."""
    name = names.product()
    sent = unmatched(api, name)
    earlier, later = (
        f"{datetime.now(UTC) + timedelta(days=days):%Y-%m-%dT%H:%M:%S}.000Z" for days in (-9, 9)
    )

    for window in ({}, {"from": earlier}, {"to": later}, {"from": earlier, "to": later}):
        assert [row["id"] for row in found(api, name=name, **window)] == [sent], window
    for window in ({"to": earlier}, {"from": later}):
        assert found(api, name=name, **window) == [], window


def test_audit_rows_lead_back_to_their_event(api: Api, names: Names, observe: Observe) -> None:
    """Audit events, 26 Feb 2025."""
    position = Position(api, names)
    position.count(10)
    event = position.change(-2)
    audit = {"eventType": "ORCHESTRATION_AUDIT", "count": 100}
    rows = found(api, **{"context.sourceEvents": event["id"], **audit})
    if not rows:
        observe("event.audit", "off", "no row of the log leads back to an event that was applied")
        return

    assert {row["type"] for row in rows} == {"ORCHESTRATION_AUDIT"}
    assert all(event["id"] in row["context"]["sourceEvents"] for row in rows)
    assert event["id"] not in {row["id"] for row in rows}
    again = found(api, **{"context.sourceEvents": position.change(-1)["id"], **audit})
    assert not {row["id"] for row in rows} & {row["id"] for row in again}


def test_an_event_that_was_refused_is_not_in_the_log(api: Api, names: Names) -> None:
    name = names.product()
    document = api.event(name, {})
    del document["entityType"]
    answer = api.send_event(document)

    assert answer.status == 400, answer.text
    assert found(api, name=name) == []
