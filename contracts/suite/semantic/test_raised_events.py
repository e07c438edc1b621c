"""What the records of a batch and new entities leave behind in the event log."""

from typing import Any

from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.contracts.suite.semantic.position import Position
from fluent_oms_simulator.contracts.suite.semantic.quantities import ref_of
from fluent_oms_simulator.contracts.target.names import Names

MOST = 1_000


def rows(api: Api, **query: object) -> list[dict[str, Any]]:
    """Every row of the log that a search finds, page by page."""
    found: list[dict[str, Any]] = []
    while True:
        answer = api.events(**query, start=len(found), count=MOST)
        assert answer.status == 200, answer.text
        found += answer.document["results"]
        if not (answer.document["hasMore"] and answer.document["results"]):
            return found


def test_each_record_of_a_batch_has_raised_its_event(api: Api, names: Names) -> None:
    """Interface contracts, 27 Nov 2024; introduction to the Events API, 24 Oct 2025."""
    first = Position(api, names)
    second = Position(api, names, product=first.product)
    api.load([first.record(1), second.record(2)], preprocessing="skip")
    seen = first.look()
    assert seen is not None
    named = {"name": "InventoryChanged", "from": seen["updatedOn"].replace("+00:00", "Z")}

    def raised() -> list[int] | None:
        told = [
            attribute["value"]["qty"]
            for row in rows(api, **named)
            for attribute in row["attributes"] or ()
            if isinstance(attribute["value"], dict)
            and attribute["value"].get("productRef") == first.product
        ]
        return sorted(told) if len(told) > 1 else None

    assert api.eventually(raised) == [1, 2]


def test_what_is_new_has_raised_create_once(api: Api, names: Names) -> None:
    """Workflow event execution, 29 Aug 2025."""
    position = Position(api, names)
    position.count(3)
    position.count(4)
    wanted = {
        "name": "CREATE",
        "context.entityType": "INVENTORY_POSITION",
        "context.entityRef": ref_of(position),
    }

    (row,) = api.eventually(lambda: rows(api, **wanted))
    assert row["context"]["entityRef"] == wanted["context.entityRef"]
    assert row["name"] == "CREATE"
