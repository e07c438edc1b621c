"""Audit rows: what an executed event read, ran and changed, beside it in the event log."""

import uuid
from itertools import pairwise

import pytest
from fluent_oms_simulator.clock import VirtualClock, timestamp

from ..conftest import NOON, MakeSimulator
from ..support import Client, Document, delta, deltas, event, item, record, updates
from .replies import of_kind, refusals

EVENT = "/api/v4.1/event"
MEL, SYD = "D45:LOC_MEL:DEFAULT", "D45:LOC_SYD:DEFAULT"


@pytest.fixture
def stocked(client: Client) -> Client:
    """A hundred in Melbourne, fifty in Sydney."""
    client.load([record("D45", "LOC_MEL", 100), record("D45", "LOC_SYD", 50)])
    return client


def search(client: Client, **query: str) -> list[Document]:
    """What a search finds, in order of happening."""
    reply = client.http.get(EVENT, query_string={"count": "5000", **query}, headers=client.headers)
    found: list[Document] = of_kind("event_log", reply)["results"]
    return found[::-1]


def audit(client: Client, document: Document) -> list[Document]:
    """The audit rows of an event that is sent now."""
    sent = client.send(document)
    return search(client, **{"context.sourceEvents": sent["id"]})


def told(rows: list[Document]) -> list[tuple[str, str | None, str | None]]:
    return [(row["category"], row["name"], row["context"]["entityRef"]) for row in rows]


def values(row: Document) -> Document:
    return {entry["name"]: entry["value"] for entry in row["attributes"]}


def actions(rows: list[Document]) -> list[Document]:
    return [values(row) for row in rows if row["category"] == "ACTION"]


def test_a_delta_is_told_from_its_snapshot_to_the_new_stock_on_hand(stocked: Client) -> None:
    rows = audit(stocked, deltas(delta("D45", "LOC_MEL", -10, "123AT")))

    assert told(rows) == [
        ("snapshot", None, "DEFAULT:1"),
        ("ruleSet", "INVENTORY_DELTA", "DEFAULT:1"),
        ("rule", "SplitDeltasAndDownToInventoryPosition", "DEFAULT:1"),
        ("snapshot", None, MEL),
        ("ruleSet", "CreateInventoryDelta", MEL),
        ("rule", "CreateDeltaInventoryQuantities", MEL),
        ("ACTION", "createInventoryQuantity", MEL),
        ("ruleSet", "CalculateOnHand", MEL),
        ("rule", "CalculateOnHand", MEL),
        ("ruleSet", "CheckOnHandChanged", MEL),
        ("rule", "ForwardIfOnHandChanged", MEL),
        ("ruleSet", "UpdateOnHand", MEL),
        ("rule", "UpdateOnHand", MEL),
        ("ACTION", "updateInventoryPosition", MEL),
    ]
    created, updated = actions(rows)
    assert created["input"] == {
        "ref": "123AT",
        "position": MEL,
        "type": "DELTA",
        "quantity": -10,
    }
    assert updated["input"] == {"ref": MEL, "onHand": 90}
    assert updated["onHandBefore"] == 100
    assert values(rows[3])["entity"]["onHand"] == 100
    assert values(rows[2])["parameters"] == {"eventName": "CreateInventoryDelta"}
    assert values(rows[10])["inventoryPositionOnHand"] == 100
    assert values(rows[10])["inventoryPositionOnHandCalculated"] == 90
    assert {row["eventStatus"] for row in rows} == {"SUCCESS"}


def test_an_audit_row_as_an_item_of_the_log(stocked: Client) -> None:
    sent = stocked.send(deltas(delta("D45", "LOC_MEL", -10, "d"), source="POS"))
    row = search(stocked, **{"context.sourceEvents": sent["id"], "category": "ACTION"})[0]

    assert row.pop("generatedOn") >= sent["generatedOn"]
    assert str(uuid.UUID(row["id"])) == row.pop("id")
    assert row == {
        "name": "createInventoryQuantity",
        "type": "ORCHESTRATION_AUDIT",
        "accountId": "FCTRAIN1001",
        "retailerId": "1",
        "category": "ACTION",
        "context": {
            "sourceEvents": [sent["id"]],
            "entityType": "INVENTORY_POSITION",
            "entityId": "1",
            "entityRef": MEL,
            "rootEntityType": "INVENTORY_CATALOGUE",
            "rootEntityId": "1",
            "rootEntityRef": "DEFAULT:1",
        },
        "eventStatus": "SUCCESS",
        "attributes": [
            {"name": "mutation", "value": "createInventoryQuantity", "type": "STRING"},
            {
                "name": "input",
                "value": {"ref": "d", "position": MEL, "type": "DELTA", "quantity": -10},
                "type": "JSON",
            },
        ],
        "source": "POS",
        "generatedBy": "sim",
        "outcome": "d: DELTA -10",
    }


def test_rules_carry_the_time_they_ran(make_simulator: MakeSimulator, clock: VirtualClock) -> None:
    client = Client(make_simulator(clock=clock))
    client.load([record("D45", "LOC_MEL", 1)])
    with client.simulator.worker.quiet():
        sent = client.post(f"{EVENT}/async", deltas(delta("D45", "LOC_MEL", 1, "d"))).get_json()
        clock.advance(1_000)
    client.settle()
    rows = search(client, **{"context.sourceEvents": sent["id"]})
    timed = [row for row in rows if row["category"] in ("rule", "ruleSet")]

    assert len(timed) == 10
    for row in timed:
        assert (values(row)["startTimer"], values(row)["stopTimer"]) == (NOON + 1000, NOON + 1000)
    assert client.event(sent["id"])["generatedOn"] == timestamp(NOON)
    assert {row["generatedOn"] for row in rows} == {timestamp(NOON + 1000)}
    assert search(client, **{"from": timestamp(NOON + 1)}) == rows
    assert search(client, to=timestamp(NOON + 999), name="UpdateOnHand") == []


def test_each_position_is_told_once_with_all_its_deltas(stocked: Client) -> None:
    rows = audit(
        stocked,
        deltas(
            delta("D45", "LOC_MEL", -10, "a"),
            delta("D45", "LOC_SYD", -30, "b"),
            delta("D45", "LOC_MEL", 20, "c"),
        ),
    )

    assert [action["input"] for action in actions(rows)] == [
        {"ref": "a", "position": MEL, "type": "DELTA", "quantity": -10},
        {"ref": "c", "position": MEL, "type": "DELTA", "quantity": 20},
        {"ref": MEL, "onHand": 110},
        {"ref": "b", "position": SYD, "type": "DELTA", "quantity": -30},
        {"ref": SYD, "onHand": 20},
    ]


def test_a_repeated_delta_sets_its_quantity_again_and_stops_at_the_check(stocked: Client) -> None:
    document = deltas(delta("D45", "LOC_MEL", -10, "d"))
    stocked.send(document)
    rows = audit(stocked, document)

    assert told(rows)[-2:] == [
        ("ruleSet", "CheckOnHandChanged", MEL),
        ("rule", "ForwardIfOnHandChanged", MEL),
    ]
    [again] = actions(rows)
    assert again["mutation"] == "updateInventoryQuantity"
    assert again["input"] == {"ref": "d", "quantity": -10}
    assert again["quantityBefore"] == -10


def test_deltas_that_add_up_show_the_sum(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(delta_duplicate="accumulate"))
    client.load([record("D45", "LOC_MEL", 100)], preprocessing="skip")
    client.delta("D45", "LOC_MEL", -10, "d")
    summed = actions(audit(client, deltas(delta("D45", "LOC_MEL", -5, "d"))))[0]
    client.load([record("D45", "LOC_MEL", 100)], preprocessing="skip")
    revived = actions(audit(client, deltas(delta("D45", "LOC_MEL", -5, "d"))))[0]

    assert (summed["input"], summed["quantityBefore"]) == ({"ref": "d", "quantity": -15}, -10)
    assert revived["input"] == {"ref": "d", "quantity": -5, "status": "ACTIVE"}


def test_a_position_that_a_delta_creates_has_no_snapshot(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(delta_missing_position="create"))
    rows = audit(client, deltas(delta("D45", "LOC_MEL", -1, "d")))

    assert told(rows)[3] == ("ACTION", "createInventoryPosition", MEL)
    assert [ref for category, _, ref in told(rows) if category == "snapshot"] == ["DEFAULT:1"]


def test_a_delta_that_is_left_out_has_no_rows(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(delta_missing_position="skip"))
    client.load([record("D45", "LOC_MEL", 1)])
    rows = audit(client, deltas(delta("D45", "NOWHERE", 1, "a"), delta("D45", "LOC_MEL", 1, "b")))

    assert [action["input"]["ref"] for action in actions(rows)] == ["b", MEL]


def test_a_delta_without_an_id_shows_the_ref_that_was_made_for_it(
    make_simulator: MakeSimulator,
) -> None:
    client = Client(make_simulator(delta_missing_id="generate"))
    client.load([record("D45", "LOC_MEL", 1)])
    entry = {"productRef": "D45", "locationRef": "LOC_MEL", "qty": 1}
    ref = actions(audit(client, deltas(entry)))[0]["input"]["ref"]

    assert ref in {row["ref"] for row in client.position(MEL)["quantities"]}


def test_a_reservation_and_its_confirmation(stocked: Client) -> None:
    reserved = audit(stocked, updates(item("D45", "LOC_MEL", "F1", reservedQty=-5)))
    confirmed = audit(stocked, updates(item("D45", "LOC_MEL", "F1", saleQty=-4, correctionQty=-1)))

    assert told(reserved)[:6] == [
        ("snapshot", None, "DEFAULT:1"),
        ("ruleSet", "UpdateInventoryQty", "DEFAULT:1"),
        ("rule", "SendEventOnFulfilmentInventoryUpdate", "DEFAULT:1"),
        ("snapshot", None, MEL),
        ("rule", "CreateFulfilmentInventoryQuantity", MEL),
        ("ACTION", "createInventoryQuantity", MEL),
    ]
    assert [action["input"].get("onHand") for action in actions(reserved)] == [None, 95]
    assert [action["input"] for action in actions(confirmed)] == [
        {"ref": f"{MEL}:SALE:F1", "position": MEL, "type": "SALE", "quantity": -4},
        {"ref": f"{MEL}:CORRECTION:F1", "position": MEL, "type": "CORRECTION", "quantity": -1},
        {"ref": f"{MEL}:RESERVED:F1", "quantity": -5, "status": "INACTIVE"},
    ]


def test_an_unknown_position_is_an_exception_of_the_rule_that_splits(stocked: Client) -> None:
    sent = stocked.send(deltas(delta("D45", "LOC_MEL", 1, "a"), delta("D45", "LOC_PER", 1, "b")))
    rows = search(stocked, **{"context.sourceEvents": sent["id"]})

    assert [(row["category"], row["eventStatus"]) for row in rows] == [
        ("snapshot", "SUCCESS"),
        ("ruleSet", "FAILED"),
        ("rule", "FAILED"),
        ("exception", "FAILED"),
    ]
    assert values(rows[-1]) == {
        "message": sent["outcome"],
        "rule": "SplitDeltasAndDownToInventoryPosition",
        "ruleSet": "INVENTORY_DELTA",
    }


def test_a_refused_delta_id_is_an_exception_at_its_position(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(delta_duplicate="reject"))
    client.load([record("D45", "LOC_MEL", 10)])
    client.delta("D45", "LOC_MEL", 1, "d")
    rows = audit(client, deltas(delta("D45", "LOC_MEL", 1, "d")))

    assert [(row["category"], row["name"], row["eventStatus"]) for row in rows] == [
        ("snapshot", None, "SUCCESS"),
        ("ruleSet", "INVENTORY_DELTA", "SUCCESS"),
        ("rule", "SplitDeltasAndDownToInventoryPosition", "SUCCESS"),
        ("ruleSet", "CreateInventoryDelta", "FAILED"),
        ("rule", "CreateDeltaInventoryQuantities", "FAILED"),
        ("exception", "CreateDeltaInventoryQuantities", "FAILED"),
    ]
    assert rows[-1]["context"]["entityRef"] == MEL
    assert "C0123E" in values(rows[-1])["message"]


def test_attributes_that_break_their_schema_are_an_exception_too(
    make_simulator: MakeSimulator,
) -> None:
    client = Client(make_simulator(event_invalid_attributes="fail"))
    rows = audit(client, deltas(delta("D45", "LOC_MEL", 0, "d")))

    assert [row["category"] for row in rows] == ["ruleSet", "rule", "exception"]
    assert "/attributes/deltas/0/qty" in values(rows[-1])["message"]


@pytest.mark.parametrize(
    ("change", "categories"),
    [
        ({"name": "Whatever"}, ["snapshot"]),
        ({"entitySubtype": "OTHER"}, ["snapshot"]),
        ({"entityRef": "DEFAULT:9"}, []),
        ({"entityType": "ORDER"}, []),
    ],
)
def test_what_matches_nothing_ran_nothing(
    stocked: Client, change: Document, categories: list[str]
) -> None:
    rows = audit(stocked, deltas(delta("D45", "LOC_MEL", 1, "d")) | change)

    assert [row["category"] for row in rows] == categories


def test_an_event_that_waits_has_no_rows(stocked: Client) -> None:
    with stocked.simulator.worker.quiet():
        document = deltas(delta("D45", "LOC_MEL", 1, "d"))
        sent = stocked.post(f"{EVENT}/async", document).get_json()
        assert search(stocked, **{"context.sourceEvents": sent["id"]}) == []
        assert [row["eventStatus"] for row in search(stocked)] == ["PENDING"]
    stocked.settle()

    assert len(search(stocked, **{"context.sourceEvents": sent["id"]})) == 14


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
        ({"eventType": "ORCHESTRATION"}, 1),
        ({"eventType": "ORCHESTRATION_AUDIT"}, 14),
        ({"category": "rule"}, 5),
        ({"category": "ruleSet", "name": "UpdateOnHand"}, 1),
        ({"category": "exception"}, 0),
        ({"name": "UpdateOnHand"}, 2),
        ({"name": "INVENTORY_DELTA"}, 2),
        ({"eventStatus": "SUCCESS"}, 15),
        ({"eventStatus": "FAILED"}, 0),
        ({"retailerId": "1", "eventType": "ORCHESTRATION_AUDIT"}, 14),
        ({"retailerId": "2"}, 0),
        ({"context.entityRef": MEL}, 11),
        ({"context.entityRef": SYD}, 0),
        ({"context.entityRef": "DEFAULT:1"}, 4),
        ({"context.entityRef": "NO:SUCH:DEFAULT"}, 0),
        ({"context.entityType": "INVENTORY_POSITION", "context.entityId": "1"}, 11),
        ({"context.entityId": "1"}, 15),
        ({"context.entityId": "1", "context.entityRef": MEL}, 11),
        ({"context.entityId": "1", "context.entityRef": SYD}, 0),
        ({"context.entityId": "2"}, 0),
        ({"context.rootEntityRef": "DEFAULT:1"}, 15),
        ({"context.rootEntityId": "1"}, 14),
        ({"context.rootEntityType": "JOB"}, 0),
        ({"name": "NoSuchRule"}, 0),
    ],
)
def test_rows_are_searched_like_events(stocked: Client, query: dict[str, str], found: int) -> None:
    stocked.delta("D45", "LOC_MEL", -10, "d")

    assert len(search(stocked, **query)) == found


def test_the_rows_of_one_event_only(stocked: Client) -> None:
    first, second = (stocked.delta("D45", "LOC_MEL", 1, name)["id"] for name in "ab")

    assert len(search(stocked, **{"context.sourceEvents": first})) == 14
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

    assert [happened[0], happened[15]] == sent
    assert all(row[:-4] == sent[0][:-4] for row in happened[:15])
    assert [int(row[-4:], 16) for row in happened] == [*range(15), *range(15)]


def test_pages_join_without_gap_or_repeat(stocked: Client) -> None:
    for name in "abcde":
        stocked.delta("D45", "LOC_MEL", 1, name)
    whole = [row["id"] for row in search(stocked)][::-1]

    paged: list[str] = []
    for start in range(0, 75, 7):
        page = stocked.get(EVENT, start=str(start), count="7").get_json()
        paged += [row["id"] for row in page["results"]]
        assert page["hasMore"] == (start + 7 < 75)
    assert paged == whole
    assert len(whole) == 75


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

    assert search(client) == [sent]
    refusals(client.get(f"{EVENT}/{sent['id'][:-4]}0001"), 404)


def test_a_catalogue_that_is_named_by_its_id_is_told_by_its_ref(stocked: Client) -> None:
    document = deltas(delta("D45", "LOC_MEL", 1, "d"), entityId="1")
    del document["entityRef"]

    assert told(audit(stocked, document))[0] == ("snapshot", None, "DEFAULT:1")


def test_rows_of_a_catalogue_that_was_just_emptied_are_gone(stocked: Client) -> None:
    sent = stocked.delta("D45", "LOC_MEL", 1, "d")
    stocked.simulator.store.reset()

    assert search(stocked) == [sent]


def test_an_event_under_another_root_takes_its_rows_there(stocked: Client) -> None:
    root = {"rootEntityType": "ORDER", "rootEntityRef": "O-5", "rootEntityId": "5"}
    stocked.send(deltas(delta("D45", "LOC_MEL", 1, "d"), **root))

    assert len(search(stocked, **{"context.rootEntityRef": "O-5"})) == 15


def test_ids_of_events_leave_room_for_their_rows(client: Client) -> None:
    ids = [client.send(event("Any", None))["id"] for _ in range(5)]

    assert all(event_id.endswith("0000") for event_id in ids)
    assert all(uuid.UUID(event_id).version == 4 for event_id in ids)
    assert all(first[:-4] != second[:-4] for first, second in pairwise(ids))
