"""Catalogues and positions that callers set up and correct: what is refused changes nothing."""

from typing import Any

import pytest

from ..conftest import MakeSimulator
from ..support import CATALOGUE, Client, delta, deltas, item, record, updates
from .helpers.inventory_mutations import IN, OWN, REF, do, position, refused
from .helpers.support import KEY, ask, post, refs


@pytest.fixture
def stocked(client: Client) -> Client:
    client.load([record("A", "L", 10), record("B", "L", 20), record("B", "M", 30)])
    return client


# -- catalogues ------------------------------------------------------------------------------------


def test_a_catalogue_is_created_and_updated(client: Client) -> None:
    made = do(
        client,
        "createInventoryCatalogue",
        ref="OUTLET:1",
        type="OUTLET",
        name="Outlet",
        retailerRefs=["R1"],
        attributes=[{"name": "a", "type": "JSON", "value": {"b": [1, None]}}],
    )
    assert made | {"id": ""} == {
        "id": "",
        "ref": "OUTLET:1",
        "type": "OUTLET",
        "status": "CREATED",
        "name": "Outlet",
        "description": None,
        "retailerRefs": ["R1"],
        "workflowRef": "INVENTORY_CATALOGUE::OUTLET",
        "attributes": [{"name": "a", "type": "JSON", "value": {"b": [1, None]}}],
    }

    changed = do(
        client, "updateInventoryCatalogue", ref="OUTLET:1", status="ACTIVE", description="d"
    )
    assert changed == {**made, "status": "ACTIVE", "description": "d"}
    assert do(client, "updateInventoryCatalogue", ref="OUTLET:1", name=None) == changed


def test_batches_and_deltas_go_to_a_catalogue_that_was_created(
    make_simulator: MakeSimulator,
) -> None:
    client = Client(make_simulator(catalogue_other_types="apply"))
    do(client, "createInventoryCatalogue", ref="OUTLET:1", type="A:B", name="Outlet")
    do(client, "updateInventoryCatalogue", ref="OUTLET:1", status="ACTIVE")
    client.load([record("A", "L", 5)], catalogueRef="OUTLET:1")
    event = deltas(delta("A", "L", -2, "d1"), entityRef="OUTLET:1", rootEntityRef="OUTLET:1")
    assert client.send({**event, "entitySubtype": "A:B"})["eventStatus"] == "SUCCESS"
    client.load([record("A", "L", 50)])

    found = position(client, "A:L:A:B", "OUTLET:1")
    assert (found["onHand"], found["workflowRef"]) == (3, "INVENTORY_CATALOGUE::A:B")
    assert position(client)["onHand"] == 50
    assert (
        len(
            ask(client, "{ inventoryPositions { edges { cursor } } }")["inventoryPositions"][
                "edges"
            ]
        )
        == 2
    )


def test_refs_of_catalogues_are_unique_and_their_types_stay(client: Client) -> None:
    create, update = "createInventoryCatalogue", "updateInventoryCatalogue"

    assert refused(client, create, ref=CATALOGUE, type="DEFAULT", name="n") == "C0123E"
    assert refused(client, create, ref="", type="DEFAULT", name="n") == "C0125E"
    assert refused(client, create, ref="C" * 101, type="DEFAULT", name="n") == "C0141E"
    assert refused(client, create, ref="C", type="T" * 51, name="n") == "C0141E"
    assert refused(client, create, ref="C", type="T", name="n" * 256) == "C0141E"
    assert refused(client, update, ref="NONE", name="n") == "C0120E"
    assert refused(client, update, ref=CATALOGUE, type="OTHER", name="n") == "C0125E"
    assert do(client, create, ref="C" * 100, type="T" * 50, name="n" * 255)["status"] == "CREATED"


# -- positions -------------------------------------------------------------------------------------


def test_a_position_is_created_before_its_product_and_location(client: Client) -> None:
    made = do(client, "createInventoryPosition", **{**OWN, "type": "SPECIAL"})

    assert made | {"id": ""} == {
        "id": "",
        "ref": "own",
        "type": "SPECIAL",
        "status": "CREATED",
        "productRef": "T",
        "locationRef": "L",
        "onHand": 0,
        "workflowRef": "INVENTORY_CATALOGUE::DEFAULT",
        "attributes": [],
    }
    assert client.position("own")["onHand"] == 0


def test_a_position_with_a_ref_of_its_own_takes_batches_deltas_and_reservations(
    client: Client,
) -> None:
    do(client, "createInventoryPosition", **OWN)
    client.load([record("T", "L", 10)])
    client.send(deltas(delta("T", "L", -3, "d1")))
    client.send(updates(item("T", "L", "F1", reservedQty=-2)))

    found = position(client, "own")
    assert (found["onHand"], found["status"]) == (5, "ACTIVE")
    assert refs(found["quantities"]) == ["own:LAST_ON_HAND", "d1", "own:RESERVED:F1"]
    assert client.position("own")["onHand"] == 5
    assert [row["ref"] for row in client.positions()] == ["own"]
    assert refs(
        ask(client, '{ inventoryPositions(ref: "own") { edges { node { ref } } } }')[
            "inventoryPositions"
        ]
    ) == ["own"]
    assert position(client, "T:L:DEFAULT") is None


def test_a_position_becomes_active_when_its_stock_is_calculated_even_to_the_same(
    client: Client,
) -> None:
    """The first calculation ends CREATED (Inventory catalogue workflow, 18 Feb 2025)."""
    do(client, "createInventoryPosition", **OWN, onHand=10)
    assert position(client, "own")["status"] == "CREATED"
    client.load([record("T", "L", 10)])
    assert position(client, "own")["status"] == "ACTIVE"


@pytest.mark.parametrize("bulk", [False, True])
def test_a_position_that_is_put_back_to_created_becomes_active_again(
    stocked: Client, bulk: bool
) -> None:
    """As if there were a threshold for any stock (Inventory catalogue workflow, 18 Feb 2025)."""
    if bulk:
        ask(
            stocked,
            f"""mutation {{ updateInventoryPositionsStatusByLocation(
              filter: {{catalogue: {KEY}, locationRef: "L"}}, input: {{status: "CREATED"}}
            ) {{ count }} }}""",
        )
    else:
        do(stocked, "updateInventoryPosition", ref=REF, **IN, status="CREATED")
    assert position(stocked)["status"] == "CREATED"
    stocked.delta("A", "L", -1, "d1")
    assert position(stocked)["status"] == "ACTIVE"

    do(stocked, "updateInventoryPosition", ref=REF, **IN, status="CREATED")
    do(stocked, "updateInventoryPosition", ref=REF, **IN, status="S")
    stocked.delta("A", "L", -1, "d2")
    assert position(stocked)["status"] == "S"


def test_a_position_that_is_put_back_to_created_becomes_active_by_an_equal_count(
    stocked: Client,
) -> None:
    do(stocked, "updateInventoryPosition", ref=REF, **IN, status="CREATED")
    stocked.load([record("A", "L", stocked.on_hand("A", "L"))], preprocessing="skip")

    assert position(stocked)["status"] == "ACTIVE"


def test_a_written_stock_on_hand_stands_until_the_next_calculation(stocked: Client) -> None:
    assert do(stocked, "updateInventoryPosition", ref=REF, **IN, onHand=99)["onHand"] == 99
    assert stocked.on_hand("A", "L") == 99
    assert do(stocked, "updateInventoryPosition", ref=REF, **IN, status="S")["onHand"] == 99
    assert stocked.quantities("A", "L") == {"LAST_ON_HAND": (10, "ACTIVE")}
    stocked.delta("A", "L", -1, "d1")
    assert stocked.on_hand("A", "L") == 9
    do(stocked, "updateInventoryPosition", ref=REF, **IN, onHand=-5)
    stocked.load([record("A", "L", 40)])
    assert stocked.on_hand("A", "L") == 40


def test_attributes_are_written_by_name_and_the_others_stay(stocked: Client) -> None:
    def write(**values: object) -> list[tuple[str, object]]:
        given = [{"name": name, "type": "T", "value": value} for name, value in values.items()]
        made = do(stocked, "updateInventoryPosition", ref=REF, **IN, attributes=given)
        return [(row["name"], row["value"]) for row in made["attributes"]]

    assert write(a=1, b={"c": []}) == [("a", 1), ("b", {"c": []})]
    assert write(b=False, d="") == [("a", 1), ("b", False), ("d", "")]
    assert write() == [("a", 1), ("b", False), ("d", "")]
    stocked.load([record("A", "L", 11)])
    assert len(position(stocked)["attributes"]) == 3


def test_a_status_is_given_to_all_positions_at_a_location(stocked: Client) -> None:
    document = f"""mutation ($l: String!) {{ updateInventoryPositionsStatusByLocation(
      filter: {{catalogue: {KEY}, locationRef: $l}}, input: {{status: "INACTIVE"}}
    ) {{ count }} }}"""
    counts = [ask(stocked, document, l=ref) for ref in ("L", "none")]

    assert [row["updateInventoryPositionsStatusByLocation"]["count"] for row in counts] == [2, 0]
    assert [row["status"] for row in stocked.positions()] == ["INACTIVE", "INACTIVE", "ACTIVE"]


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("C0123E", {"ref": REF}),
        ("C0123E", {"productRef": "A"}),
        ("C0120E", {"catalogue": {"ref": "NONE"}}),
        ("C0141E", {"ref": "r" * 101}),
        ("C0141E", {"type": "t" * 51}),
        ("C0141E", {"productRef": "p" * 101}),
        ("C0141E", {"locationRef": "l" * 256}),
        ("C0125E", {"ref": ""}),
        ("C0125E", {"productRef": ""}),
        ("C0125E", {"locationRef": ""}),
        ("C0125E", {"type": ""}),
        ("C0125E", {"quantities": [{"ref": f"{REF}:LAST_ON_HAND", **IN}]}),
        ("C0140E", {"onHand": 2**31}),
        ("C0140E", {"onHand": 1.5}),
        ("C0140E", {"onHand": "1"}),
        ("C0140E", {"ref": None}),
        ("C0140E", {"status": "ACTIVE"}),
        ("C0141E", {"attributes": [{"name": "n" * 256, "type": "T", "value": 1}]}),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else value,
)
def test_a_position_that_cannot_be_is_refused(
    stocked: Client, code: str, given: dict[str, Any]
) -> None:
    assert refused(stocked, "createInventoryPosition", **{**OWN, "onHand": 5, **given}) == code


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("C0120E", {"ref": "A:L"}),
        ("C0120E", {"catalogue": {"ref": "NONE"}}),
        ("C0125E", {"productRef": "Z"}),
        ("C0125E", {"locationRef": "Z"}),
        ("C0125E", {"status": ""}),
        ("C0120E", {"quantities": [{"ref": "Z", **IN}]}),
        ("C0141E", {"status": "s" * 256}),
        ("C0140E", {"onHand": -(2**31) - 1}),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else value,
)
def test_an_update_of_a_position_is_made_whole_or_not_at_all(
    stocked: Client, code: str, given: dict[str, Any]
) -> None:
    good = {
        "ref": REF,
        **IN,
        "status": "NEW",
        "onHand": 1,
        "attributes": [{"name": "n", "type": "T", "value": 1}],
    }

    assert refused(stocked, "updateInventoryPosition", **{**good, **given}) == code


def test_a_position_can_have_one_of_256_statuses_and_no_batch_is_lost_by_it(client: Client) -> None:
    do(client, "createInventoryPosition", **OWN)
    fields = "".join(
        f'a{number}: updateInventoryPosition(input: {{ref: "own", catalogue: {KEY}, '
        f'status: "S{number}", onHand: {number}}}) {{ status }} '
        for number in range(300)
    )
    reply = post(client, f"mutation {{ {fields} }}").get_json()
    done = [status for status in reply["data"].values() if status]

    assert 250 <= len(done) < 256
    assert len(reply["errors"]) == 300 - len(done)
    assert {error["extensions"]["code"] for error in reply["errors"]} == {"C0125E"}
    assert "use one of those" in reply["errors"][0]["message"]
    found = position(client, "own")
    assert (found["status"], found["onHand"]) == (f"S{len(done) - 1}", len(done) - 1)
    load = client.load([record("NEW", "L", 1), record("T", "L", 2)])
    assert [row["responseCode"] for row in client.batch(load)["results"]] == ["200", "200"]
    assert [(row["ref"], row["onHand"]) for row in client.positions()] == [
        ("own", 2),
        ("NEW:L:DEFAULT", 1),
    ]
