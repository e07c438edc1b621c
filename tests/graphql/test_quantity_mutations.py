"""Quantities that callers create and correct, and what becomes of the stock on hand."""

from typing import Any

import pytest
from fluent_oms_simulator.clock import VirtualClock

from ..conftest import MakeSimulator
from ..support import Client, record
from .helpers.inventory_mutations import (
    AT,
    IN,
    OWN,
    REF,
    do,
    document_of,
    everything,
    position,
    refused,
)
from .helpers.support import KEY, ask, code_of, errors_of, nodes, post, walked


@pytest.fixture
def stocked(client: Client) -> Client:
    client.load([record("A", "L", 10), record("B", "L", 20), record("B", "M", 30)])
    return client


def test_a_quantity_is_created_and_counts(stocked: Client) -> None:
    made = do(
        stocked,
        "createInventoryQuantity",
        ref="q1",
        **AT,
        type="CORRECTION",
        quantity=-3,
        condition="DAMAGED",
        storageAreaRef="AREA",
        expectedOn="2026-03-01T10:00:00+02:00",
        attributes=[{"name": "a", "type": "T", "value": 1.5}],
    )

    assert made | {"id": ""} == {
        "id": "",
        "ref": "q1",
        "type": "CORRECTION",
        "status": "CREATED",
        "quantity": -3,
        "condition": "DAMAGED",
        "expectedOn": "2026-03-01T08:00:00.000Z",
        "storageAreaRef": "AREA",
        "attributes": [{"name": "a", "type": "T", "value": 1.5}],
        "position": {"ref": REF, "status": "ACTIVE", "onHand": 7},
    }
    changed = do(stocked, "updateInventoryQuantity", ref="q1", **IN, quantity=-4, status="ACTIVE")
    assert changed == {
        **made,
        "status": "ACTIVE",
        "quantity": -4,
        "position": {**made["position"], "onHand": 6},
    }
    assert (
        do(stocked, "updateInventoryQuantity", ref="q1", **IN, status="INACTIVE")["position"][
            "onHand"
        ]
        == 10
    )


def test_a_new_count_retires_a_correction_that_a_mutation_made(stocked: Client) -> None:
    do(stocked, "createInventoryQuantity", ref="q1", **AT, type="CORRECTION", quantity=-3)
    do(stocked, "createInventoryQuantity", ref="q2", **AT, type="RESERVED", quantity=-2)
    do(stocked, "createInventoryQuantity", ref="q3", **AT, type="EXPECTED", quantity=50)
    stocked.load([record("A", "L", 20)])

    assert stocked.on_hand("A", "L") == 18
    statuses = {name: status for name, (_, status) in stocked.quantities("A", "L").items()}
    assert statuses == {
        "LAST_ON_HAND": "ACTIVE",
        "q1": "INACTIVE",
        "q2": "CREATED",
        "q3": "CREATED",
    }


def test_only_active_quantities_count_where_a_switch_says_so(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(position_counted_statuses="active"))
    client.load([record("A", "L", 10)])

    made = do(client, "createInventoryQuantity", ref="q1", **AT, type="SALE", quantity=-3)
    assert made["position"]["onHand"] == 10
    activated = do(client, "updateInventoryQuantity", ref="q1", **IN, status="ACTIVE")
    assert activated["position"]["onHand"] == 7


def test_the_count_of_a_batch_can_be_corrected_and_counted_again(stocked: Client) -> None:
    own = f"{REF}:LAST_ON_HAND"
    changed = do(stocked, "updateInventoryQuantity", ref=own, **IN, quantity=12, condition="NEW")
    assert (changed["quantity"], changed["condition"], changed["position"]["onHand"]) == (
        12,
        "NEW",
        12,
    )
    stocked.load([record("A", "L", 15)])

    assert stocked.quantities("A", "L") == {"LAST_ON_HAND": (15, "ACTIVE")}
    assert stocked.on_hand("A", "L") == 15
    assert refused(stocked, "updateInventoryQuantity", ref=own, **IN, type="EXPECTED") == "C0125E"


def test_the_ref_of_a_count_belongs_to_its_position(client: Client) -> None:
    """Whichever comes first, no two quantities of a catalogue get the same ref."""
    client.load([record("A", "L", 1)])
    do(client, "createInventoryPosition", **OWN)
    count = {"type": "LAST_ON_HAND", "quantity": 3}

    assert (
        refused(client, "createInventoryQuantity", ref="own:LAST_ON_HAND", **AT, **count)
        == "C0125E"
    )
    do(client, "createInventoryQuantity", ref="later:LAST_ON_HAND", **AT, **count)
    later = {**OWN, "ref": "later", "productRef": "U"}
    assert refused(client, "createInventoryPosition", **later) == "C0123E"
    own = do(
        client,
        "createInventoryQuantity",
        ref="own:LAST_ON_HAND",
        **IN,
        position={"ref": "own", **IN},
        **count,
    )
    assert own["position"]["onHand"] == 3
    client.load([record("T", "L", 4)])
    assert client.position("own")["onHand"] == 4


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("C0123E", {"ref": "taken"}),
        ("C0123E", {"ref": f"{REF}:LAST_ON_HAND"}),
        (
            "C0120E",
            {"catalogue": {"ref": "NONE"}, "position": {"ref": REF, "catalogue": {"ref": "NONE"}}},
        ),
        ("C0120E", {"position": {"ref": "NONE", **IN}}),
        ("C0125E", {"position": {"ref": REF, "catalogue": {"ref": "OTHER"}}}),
        ("C0122E", {"type": "LAST_ON_HAND", "quantity": -1}),
        ("C0141E", {"ref": "r" * 101}),
        ("C0141E", {"storageAreaRef": "s" * 101}),
        ("C0141E", {"condition": "c" * 256}),
        ("C0125E", {"ref": ""}),
        ("C0125E", {"type": ""}),
        ("C0140E", {"quantity": 2**31}),
        ("C0140E", {"quantity": None}),
        ("C0100E", {"expectedOn": "soon"}),
        ("C0140E", {"position": {"ref": REF}}),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else value,
)
def test_a_quantity_that_cannot_be_is_refused(
    stocked: Client, code: str, given: dict[str, Any]
) -> None:
    do(stocked, "createInventoryQuantity", ref="taken", **AT, type="SALE", quantity=-1)
    good = {"ref": "q", **AT, "type": "SALE", "quantity": -1}

    assert refused(stocked, "createInventoryQuantity", **{**good, **given}) == code


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("C0120E", {"ref": "none"}),
        ("C0120E", {"catalogue": {"ref": "NONE"}}),
        ("C0122E", {"type": "LAST_ON_HAND"}),
        ("C0141E", {"condition": "c" * 256}),
        ("C0125E", {"status": ""}),
        ("C0140E", {"quantity": 2**31}),
        ("C0140E", {"position": {"ref": "B:L:DEFAULT", **IN}}),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else value,
)
def test_an_update_of_a_quantity_is_made_whole_or_not_at_all(
    stocked: Client, code: str, given: dict[str, Any]
) -> None:
    do(stocked, "createInventoryQuantity", ref="q", **AT, type="SALE", quantity=-1)
    good = {"ref": "q", **IN, "status": "ACTIVE", "condition": "NEW", "storageAreaRef": "S"}

    assert refused(stocked, "updateInventoryQuantity", **{**good, **given}) == code


def test_quantities_at_the_bounds_of_int_are_kept_and_a_sum_beyond_is_told(stocked: Client) -> None:
    most, least = 2**31 - 1, -(2**31)
    for number, amount in enumerate((most, least, most)):
        made = do(
            stocked,
            "createInventoryQuantity",
            ref=f"e{number}",
            **AT,
            type="EXPECTED",
            quantity=amount,
        )
        assert made["quantity"] == amount
    document = document_of("createInventoryQuantity")
    given = {"ref": "sale", **AT, "type": "SALE", "quantity": most}
    ((code, message),) = errors_of(stocked, document, i=given)

    assert code == "C0125E"
    assert f"{most + 10:,}" in message
    rows = ask(stocked, '{ inventoryQuantities(ref: "sale") { edges { node { quantity } } } }')
    assert nodes(rows["inventoryQuantities"]) == [{"quantity": most}]


def test_what_fails_in_a_document_leaves_the_other_mutations_done(stocked: Client) -> None:
    inside = f"catalogue: {KEY}"
    reply = post(
        stocked,
        f"""mutation {{
          a: updateInventoryPosition(input: {{ref: "{REF}", {inside}, onHand: 1}}) {{ onHand }}
          b: updateInventoryPosition(input: {{ref: "none", {inside}, onHand: 2}}) {{ onHand }}
          c: updateInventoryPosition(input: {{ref: "{REF}", {inside}, status: "S"}}) {{ onHand }}
          d: updateInventoryPosition {{ onHand }} }}""",
    ).get_json()

    assert reply["data"] == {"a": {"onHand": 1}, "b": None, "c": {"onHand": 1}, "d": None}
    assert [(e["path"], e["extensions"]["code"]) for e in reply["errors"]] == [
        (["b"], "C0120E"),
        (["d"], "C0140E"),
    ]
    assert position(stocked)["status"] == "S"


def test_changes_are_dated(make_simulator: MakeSimulator, clock: VirtualClock) -> None:
    client = Client(make_simulator(clock=clock))
    client.load([record("A", "L", 10)])
    clock.advance(60_000)
    do(client, "updateInventoryPosition", ref=REF, **IN, status="S")
    clock.advance(60_000)
    do(client, "updateInventoryQuantity", ref=f"{REF}:LAST_ON_HAND", **IN, condition="NEW")
    dates = "createdOn updatedOn"

    assert walked(client, "inventoryPositions", 9, selection=dates) == [
        {"createdOn": "2026-01-01T12:00:00.000Z", "updatedOn": "2026-01-01T12:01:00.000Z"}
    ]
    assert walked(client, "inventoryQuantities", 9, selection=dates) == [
        {"createdOn": "2026-01-01T12:00:00.000Z", "updatedOn": "2026-01-01T12:02:00.000Z"}
    ]


def test_a_query_cannot_change_anything(stocked: Client) -> None:
    before = everything(stocked)
    code = code_of(stocked, '{ createInventoryCatalogue(input: {ref: "C"}) { ref } }')

    assert code == "C0140E"
    assert everything(stocked) == before
