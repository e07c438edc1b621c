"""Audit rows: what an executed event read, ran and changed, beside it in the event log."""

import uuid

import pytest
from fluent_oms_simulator.clock import VirtualClock, timestamp

from ..conftest import NOON, MakeSimulator
from ..support import Client, Document, delta, deltas, item, record, updates
from .helpers.audit_rows import EVENT, MEL, SYD, actions, audit, search, told, values


@pytest.fixture
def stocked(client: Client) -> Client:
    """A hundred in Melbourne, fifty in Sydney."""
    client.load([record("D45", "LOC_MEL", 100), record("D45", "LOC_SYD", 50)])
    return client


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
        shown = search(stocked, name="INVENTORY_DELTA")
        assert [row["eventStatus"] for row in shown] == ["PENDING"]
    stocked.settle()

    assert len(search(stocked, **{"context.sourceEvents": sent["id"]})) == 15
