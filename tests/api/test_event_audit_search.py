"""Audit rows are found like events, and are bounded."""

import uuid
from itertools import pairwise

import pytest
from fluent_oms_simulator import Settings

from ..conftest import MakeSimulator
from ..support import Client, delta, deltas, event, item, record, updates
from .helpers.audit_rows import EVENT, MEL, SYD, actions, audit, audit_of, search, told, values
from .helpers.replies import of_kind, refusals


@pytest.fixture
def stocked(client: Client) -> Client:
    """A hundred in Melbourne, fifty in Sydney."""
    client.load([record("D45", "LOC_MEL", 100), record("D45", "LOC_SYD", 50)])
    return client


def test_every_row_is_found_by_its_id(stocked: Client) -> None:
    rows = audit(stocked, deltas(delta("D45", "LOC_MEL", -10, "d")))

    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        assert of_kind("event_item", stocked.get(f"{EVENT}/{row['id']}")) == row
        assert search(stocked, eventId=row["id"]) == [row]


@pytest.mark.parametrize("ending", ["000f", "0065", "ffff", "000A", "+001", "zzzz"])
def test_a_row_that_does_not_exist(stocked: Client, ending: str) -> None:
    event_id = stocked.delta("D45", "LOC_MEL", -10, "d")["id"]

    refusals(stocked.get(f"{EVENT}/{event_id[: -len(ending)]}{ending}"), 404)
    assert search(stocked, eventId=event_id[: -len(ending)] + ending) == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"eventType": "ORCHESTRATION"}, 8),
        ({"eventType": "ORCHESTRATION_AUDIT"}, 14),
        ({"category": "rule"}, 5),
        ({"category": "ruleSet", "name": "UpdateOnHand"}, 1),
        ({"category": "exception"}, 0),
        ({"name": "UpdateOnHand"}, 2),
        ({"name": "INVENTORY_DELTA"}, 2),
        ({"eventStatus": "SUCCESS"}, 22),
        ({"eventStatus": "FAILED"}, 0),
        ({"retailerId": "1", "eventType": "ORCHESTRATION_AUDIT"}, 14),
        ({"retailerId": "2"}, 0),
        ({"context.entityRef": MEL}, 12),
        ({"context.entityRef": SYD}, 1),
        ({"context.entityRef": "DEFAULT:1"}, 6),
        ({"context.entityRef": "NO:SUCH:DEFAULT"}, 0),
        ({"context.entityType": "INVENTORY_POSITION", "context.entityId": "1"}, 12),
        ({"context.entityId": "1"}, 19),
        ({"context.entityId": "1", "context.entityRef": MEL}, 12),
        ({"context.entityId": "1", "context.entityRef": SYD}, 0),
        ({"context.entityId": "2"}, 2),
        ({"context.rootEntityRef": "DEFAULT:1"}, 22),
        ({"context.rootEntityId": "1"}, 22),
        ({"context.rootEntityType": "JOB"}, 0),
        ({"name": "NoSuchRule"}, 0),
    ],
)
def test_rows_are_searched_like_events(stocked: Client, query: dict[str, str], found: int) -> None:
    stocked.delta("D45", "LOC_MEL", -10, "d")

    assert len(search(stocked, **query)) == found


def test_the_rows_of_one_event_only(stocked: Client) -> None:
    first, second = (stocked.delta("D45", "LOC_MEL", 1, name)["id"] for name in "ab")

    assert len(audit_of(stocked, first)) == 14
    assert search(stocked, **{"context.sourceEvents": first, "eventId": second}) == []
    assert search(stocked, **{"context.sourceEvents": str(uuid.uuid4())}) == []


@pytest.mark.parametrize("order", ["newest_first", "oldest_first"])
def test_an_event_stands_with_its_rows_in_order_of_happening(
    make_simulator: MakeSimulator, order: str
) -> None:
    client = Client(make_simulator(event_order=order))
    client.load([record("D45", "LOC_MEL", 1)])
    sent = [client.delta("D45", "LOC_MEL", 1, name)["id"] for name in "ab"]
    listed = [row["id"] for row in client.get(EVENT).get_json()["results"]]
    happened = listed[::-1] if order == "newest_first" else listed

    of_batch, of_events = happened[:3], happened[3:]
    assert [of_events[0], of_events[16]] == sent
    assert all(row[:-4] == sent[0][:-4] for row in of_events[:16])
    numbers = [*range(15), 0x1000]
    assert [int(row[-4:], 16) for row in of_events] == [*numbers, *numbers]
    assert [int(row[-4:], 16) for row in of_batch] == [1, 2, 3]


def test_pages_join_without_gap_or_repeat(stocked: Client) -> None:
    for name in "abcde":
        stocked.delta("D45", "LOC_MEL", 1, name)
    whole = [row["id"] for row in search(stocked)][::-1]

    paged: list[str] = []
    for start in range(0, 86, 7):
        page = stocked.get(EVENT, start=str(start), count="7").get_json()
        paged += [row["id"] for row in page["results"]]
        assert page["hasMore"] == (start + 7 < 86)
    assert paged == whole
    assert len(whole) == 86  # six of the batch, sixteen of each event


@pytest.mark.parametrize(
    ("positions", "each", "left_out"),
    [(8, 1, 0), (9, 1, 3), (60, 1, 564), (1, 87, 0), (1, 88, 2), (1, 200, 114), (20, 10, 304)],
)
def test_rows_are_bounded_and_the_last_says_how_many_more_there_are(
    client: Client, positions: int, each: int, left_out: int
) -> None:
    client.load([record(f"S{number}", "L", 1) for number in range(positions)])
    entries = [
        delta(f"S{number}", "L", 1, f"{number}-{turn}")
        for turn in range(each)
        for number in range(positions)
    ]
    rows = audit(client, deltas(*entries))

    total = 3 + 10 * positions + each * positions
    assert len(rows) == min(total, 100)
    if left_out:
        assert rows[-1]["name"] == "AuditRowsLeftOut"
        assert values(rows[-1]) == {"rowsLeftOut": left_out}
        assert total == 99 + left_out
    else:
        assert rows[-1]["name"] == "updateInventoryPosition"


def test_rows_of_many_fulfilments_are_counted_too(client: Client) -> None:
    client.load([record(f"S{number}", "L", 50) for number in range(30)])
    entries = [item(f"S{n}", "L", f"F{n}", reservedQty=-1, saleQty=-1) for n in range(30)]
    rows = audit(client, updates(*entries))
    alone = audit(client, updates(item("S0", "L", "G", reservedQty=-1, saleQty=-1)))

    assert values(rows[-1]) == {"rowsLeftOut": 3 + 30 * (len(alone) - 3) - 99}


def test_items_too_far_behind_to_be_told_are_still_counted(stocked: Client) -> None:
    entries = [item("D45", "LOC_MEL", f"F{n}", cancelQty=1) for n in range(120)]
    entries += [item("D45", "LOC_MEL", f"G{n}", reservedQty=-1) for n in range(20)]
    rows = audit(stocked, updates(*entries))

    assert values(rows[-1]) == {"rowsLeftOut": 40}
    assert len(rows) == 3 + 8 + 1


def test_a_quantity_that_many_entries_set_again_is_never_called_new(client: Client) -> None:
    client.load([record(f"S{number}", "L", 1) for number in range(2)])
    entries = [delta(f"S{n % 2}", "L", 1, f"d{n}") for n in range(300)]
    client.send(deltas(*entries))
    rows = audit(client, deltas(*entries))

    assert {action["mutation"] for action in actions(rows)} == {"updateInventoryQuantity"}


def test_audit_rows_can_be_switched_off(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(event_audit="off"))
    client.load([record("D45", "LOC_MEL", 1)])
    sent = client.delta("D45", "LOC_MEL", 1, "d")

    assert [row["name"] for row in search(client)] == [
        *("InventoryChanged", "CREATE", "CREATE"),
        *("INVENTORY_DELTA", "CREATE"),
    ]
    assert search(client, name="INVENTORY_DELTA") == [sent]
    refusals(client.get(f"{EVENT}/{sent['id'][:-4]}0001"), 404)


def test_a_catalogue_that_is_named_by_its_id_is_told_by_its_ref(stocked: Client) -> None:
    document = deltas(delta("D45", "LOC_MEL", 1, "d"), entityId="1")
    del document["entityRef"]

    assert told(audit(stocked, document))[0] == ("snapshot", None, "DEFAULT:1")


def test_an_event_under_another_root_takes_its_rows_there(stocked: Client) -> None:
    root = {"rootEntityType": "ORDER", "rootEntityRef": "O-5", "rootEntityId": "5"}
    stocked.send(deltas(delta("D45", "LOC_MEL", 1, "d"), **root))

    assert len(search(stocked, **{"context.rootEntityRef": "O-5"})) == 16


def test_ids_of_events_leave_room_for_their_rows(client: Client) -> None:
    ids = [client.send(event("Any", None))["id"] for _ in range(5)]

    assert all(event_id.endswith("0000") for event_id in ids)
    assert all(uuid.UUID(event_id).version == 4 for event_id in ids)
    assert all(first[:-4] != second[:-4] for first, second in pairwise(ids))


def test_a_position_has_the_same_id_here_as_over_graphql(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(settings=Settings(seed_data="none", retailers=("1", "2"))))
    job = client.job(retailer="2")
    client.load([record("D45", "LOC_MEL", 5)], job=job)
    there = {"entityRef": "DEFAULT:2", "rootEntityRef": "DEFAULT:2", "retailerId": "2"}
    rows = audit(client, deltas(delta("D45", "LOC_MEL", 1, "d"), **there))
    query = (
        '{ inventoryPosition(ref: "D45:LOC_MEL:DEFAULT", catalogue: {ref: "DEFAULT:2"}) { id } }'
    )
    shown = client.post("/graphql", {"query": query}).get_json()["data"]["inventoryPosition"]

    ids = {row["context"]["entityId"] for row in rows if row["context"]["entityRef"] == MEL}
    assert ids == {shown["id"]}
    assert search(client, **{"context.entityId": shown["id"]})
