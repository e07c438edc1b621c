"""Quantities under other quantities of their position, and the fields that mutations give them."""

from typing import Any

import pytest

from ..conftest import MakeSimulator
from ..support import Client, Document, item, record, updates
from .helpers.inventory_mutations import AT, IN, REF, do, refused
from .helpers.support import KEY, ask, nodes

OWN = f"{REF}:LAST_ON_HAND"
TEXTS = (
    "associationType",
    "associationRef",
    "countryOfOrigin",
    "channel",
    "supplier",
    "manufacturer",
    "manufacturerBatchNumber",
    "segment1",
    "segment2",
    "segment3",
)


@pytest.fixture
def stocked(client: Client) -> Client:
    client.load([record("A", "L", 10), record("B", "L", 20)])
    return client


def made(client: Client, ref: str, quantity_type: str, amount: int, **more: object) -> Document:
    """A quantity of the position, created by a mutation."""
    given = {"type": quantity_type, "quantity": amount, **more}
    return do(client, "createInventoryQuantity", ref=ref, **AT, **given)


def under(ref: str) -> dict[str, object]:
    """The argument that names a parent."""
    return {"parent": {"ref": ref, **IN}}


def child(ref: str, parent: object, quantity: int = -4, kind: str = "RESERVED") -> Document:
    """A record of a quantity under another one."""
    attributes = {"parentRef": parent}
    return record("A", "L", quantity, type=kind, ref=ref, attributes=attributes)


def listed(client: Client, filters: str) -> list[str]:
    """The refs that a filter finds."""
    query = f"{{ inventoryQuantities({filters}) {{ edges {{ node {{ ref }} }} }} }}"
    return [node["ref"] for node in nodes(ask(client, query)["inventoryQuantities"])]


def parents(client: Client) -> dict[str, str | None]:
    """The parent of every quantity of the position."""
    query = f"""{{ inventoryPosition(ref: "{REF}", catalogue: {KEY}) {{ quantities(first: 50) {{
      edges {{ node {{ ref parent {{ ref }} }} }} }} }} }}"""
    found = nodes(ask(client, query)["inventoryPosition"]["quantities"])
    return {each["ref"]: each["parent"] and each["parent"]["ref"] for each in found}


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_that_a_mutation_gives_is_read_back_found_and_changed(
    stocked: Client, name: str
) -> None:
    # Introducing data model and GraphQL APIs for Future Inventory, 13 Apr 2026.
    made(stocked, "q", "ON_ORDER", 5, **{name: "x"})
    assert listed(stocked, f'{name}: "x"') == ["q"]
    assert listed(stocked, f'{name}: ["x ", "X"]') == []

    do(stocked, "updateInventoryQuantity", ref="q", **IN, quantity=6)
    assert listed(stocked, f'{name}: "x"') == ["q"]
    do(stocked, "updateInventoryQuantity", ref="q", **IN, **{name: "y"})

    query = f'{{ inventoryQuantity(ref: "q", catalogue: {KEY}) {{ {name} quantity }} }}'
    assert ask(stocked, query)["inventoryQuantity"] == {name: "y", "quantity": 6}


def test_a_date_of_expiry_is_read_back_and_found(stocked: Client) -> None:
    made(stocked, "q", "ON_ORDER", 5, expiresOn="2026-03-01T10:00:00+02:00")

    assert listed(stocked, 'expiresOn: {to: "2026-03-01T08:00:00Z"}') == ["q"]
    assert listed(stocked, 'expiresOn: {from: "2026-03-01T08:00:01Z"}') == []


def test_goods_are_ordered_under_way_received_and_reserved_at_every_step(stocked: Client) -> None:
    """On order, in transit, received; Future Inventory, 27 Mar 2026."""
    stocked.load([record("A", "L", 100, type="ON_ORDER", ref="PO"), child("web", "PO", -8)])
    assert (stocked.on_hand("A", "L"), parents(stocked)["web"]) == (10, "PO")

    stocked.load([child("SHIP", "PO", 40, "IN_TRANSIT")])
    do(stocked, "updateInventoryQuantity", ref="web", **IN, **under("SHIP"))
    assert (stocked.on_hand("A", "L"), parents(stocked)["web"]) == (10, "SHIP")

    stocked.load([record("A", "L", 50)])
    do(stocked, "updateInventoryQuantity", ref="SHIP", **IN, status="INACTIVE")
    assert stocked.on_hand("A", "L") == 50
    do(stocked, "updateInventoryQuantity", ref="web", **IN, **under(OWN))
    assert (stocked.on_hand("A", "L"), parents(stocked)["web"]) == (42, OWN)
    assert parents(stocked) == {OWN: None, "PO": None, "web": OWN, "SHIP": "PO"}
    assert listed(stocked, f'parent: {{ref: "PO", catalogue: {KEY}}}') == ["SHIP"]


def test_a_null_leaves_the_parent_as_it_is_as_it_does_any_field(stocked: Client) -> None:
    made(stocked, "PO", "ON_ORDER", 100)
    made(stocked, "r", "RESERVED", -4, segment1="EU", **under("PO"))

    do(stocked, "updateInventoryQuantity", ref="r", **IN, parent=None, segment1=None, quantity=-5)
    stocked.load([child("r", None, -6)])

    assert parents(stocked)["r"] == "PO"
    assert listed(stocked, 'segment1: "EU"') == ["r"]


def test_a_reservation_follows_what_becomes_of_the_stock_above_it(stocked: Client) -> None:
    made(stocked, "PO", "ON_ORDER", 100)
    made(stocked, "r", "RESERVED", -4, **under("PO"))
    made(stocked, "rr", "RESERVED", -1, **under("r"))
    assert stocked.on_hand("A", "L") == 10

    do(stocked, "updateInventoryQuantity", ref="PO", **IN, type="CORRECTION")
    assert stocked.on_hand("A", "L") == 10 + 100 - 4 - 1
    do(stocked, "updateInventoryQuantity", ref="PO", **IN, type="IN_TRANSIT")
    assert stocked.on_hand("A", "L") == 10
    do(stocked, "updateInventoryQuantity", ref="r", **IN, **under(OWN))
    assert stocked.on_hand("A", "L") == 5
    do(stocked, "updateInventoryQuantity", ref="rr", **IN, status="INACTIVE")
    assert stocked.on_hand("A", "L") == 6


def test_every_reservation_counts_where_a_switch_says_so(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(position_reserved_ahead="counted"))
    client.load([record("A", "L", 10), record("A", "L", 9, type="ON_ORDER", ref="PO")])
    client.load([child("r", "PO")])

    assert client.on_hand("A", "L") == 6


def test_a_reservation_of_a_type_that_counts_by_a_switch_counts(
    make_simulator: MakeSimulator,
) -> None:
    client = Client(make_simulator(position_further_types="counted"))
    client.load([record("A", "L", 10), record("A", "L", 9, type="RETURNED", ref="BACK")])
    client.load([child("r", "BACK")])

    assert client.on_hand("A", "L") == 10 + 9 - 4


def test_a_reservation_of_a_fulfilment_is_put_under_goods_on_order_and_retired(
    stocked: Client,
) -> None:
    made(stocked, "PO", "ON_ORDER", 100)
    stocked.send(updates(item("A", "L", "F1", reserveQty=-4)))
    assert stocked.on_hand("A", "L") == 6

    do(stocked, "updateInventoryQuantity", ref=f"{REF}:RESERVED:F1", **IN, **under("PO"))
    assert stocked.on_hand("A", "L") == 10
    stocked.send(updates(item("A", "L", "F1", cancelQty=4)))
    assert stocked.on_hand("A", "L") == 10


@pytest.mark.parametrize(
    ("code", "response", "parent"),
    [
        ("C0120E", "404", "none"),
        ("C0125E", "500", "B:L:DEFAULT:LAST_ON_HAND"),
        ("C0125E", "500", "q"),
        ("C0125E", "500", "below"),
    ],
    ids=["missing", "of another position", "itself", "a descendant"],
)
def test_a_parent_that_cannot_be_is_refused_and_nothing_changes(
    stocked: Client, code: str, response: str, parent: str
) -> None:
    # GraphQL schema docs, CreateInventoryQuantityInput: a parent is of the same position.
    made(stocked, "q", "ON_ORDER", 5)
    made(stocked, "below", "RESERVED", -1, **under("q"))

    given: dict[str, Any] = {"quantity": 7, "condition": "NEW", **under(parent)}
    assert refused(stocked, "updateInventoryQuantity", ref="q", **IN, **given) == code

    batch_id = stocked.load([child("q", parent, 7, "ON_ORDER")])
    [row] = stocked.batch(batch_id)["results"]
    assert (row["responseCode"], parent in row["message"]) == (response, True)
    assert stocked.quantities("A", "L")["q"] == (5, "CREATED")


def test_a_new_quantity_under_none_is_not_created(stocked: Client) -> None:
    new = {"ref": "new", **AT, "type": "RESERVED", "quantity": -1}
    elsewhere = {"parent": {"ref": OWN, "catalogue": {"ref": "OTHER:1"}}}

    assert refused(stocked, "createInventoryQuantity", **new, **under("none")) == "C0120E"
    assert refused(stocked, "createInventoryQuantity", **new, **under("new")) == "C0120E"
    assert refused(stocked, "createInventoryQuantity", **new, **elsewhere) == "C0125E"
    batch_id = stocked.load([record("N", "L", 1, attributes={"parentRef": "none"})])
    assert stocked.batch(batch_id)["results"][0]["responseCode"] == "404"
    assert stocked.get("/__admin/positions/N:L:DEFAULT").status_code == 404


def test_a_parent_may_come_earlier_in_the_same_batch(stocked: Client) -> None:
    # Send inventory batches, 25 May 2026: an order and what is in transit of it, in one batch.
    stocked.load(
        [record("A", "L", 100, type="ON_ORDER", ref="PO"), child("SHIP", "PO", 40, "IN_TRANSIT")]
    )

    assert parents(stocked)["SHIP"] == "PO"


def test_only_so_many_quantities_stand_above_one_another(stocked: Client) -> None:
    chain = [record("A", "L", 1, type="ON_ORDER", ref="0")]
    chain += [child(str(level), str(level - 1), 1, "ON_ORDER") for level in range(1, 102)]
    batch_id = stocked.load(chain)

    codes = [row["responseCode"] for row in stocked.batch(batch_id, count="200")["results"]]
    assert codes == ["200"] * 100 + ["500", "404"]


def test_a_quantity_without_further_fields_takes_no_memory_for_them(stocked: Client) -> None:
    made(stocked, "q", "SALE", -1)
    stocked.load([record("B", "L", 3, type="ON_ORDER", ref="PO")])

    with stocked.simulator.store.view() as (account, _):
        catalogue = account.catalogues["DEFAULT:1"]
        assert [catalogue.quantity(ref).details for ref in ("q", "PO")] == [None, None]  # type: ignore[union-attr]


def test_null_leaves_a_field_as_it_is_in_a_mutation_as_in_a_batch(stocked: Client) -> None:
    """No page has a way to take one away."""
    fields = dict.fromkeys(TEXTS, "x")
    made(stocked, "q", "ON_ORDER", 5, **fields, condition="NEW", expectedOn="2026-03-01")
    made(stocked, "r", "RESERVED", -1, **under("q"))
    nothing = dict.fromkeys([*TEXTS, "condition", "expectedOn", "parent"])

    def shown() -> Document:
        row: Document = stocked.position(REF)["quantities"][1]
        return {name: value for name, value in row.items() if name != "history"}

    before = shown()
    assert fields.items() <= before.items()
    do(stocked, "updateInventoryQuantity", ref="q", **IN, **nothing)
    do(stocked, "updateInventoryQuantity", ref="r", **IN, **nothing)
    assert shown() == before
    stocked.load(
        [
            record("A", "L", 5, type="ON_ORDER", ref="q", attributes=dict.fromkeys(TEXTS)),
            child("r", None, -1),
        ],
        preprocessing="skip",
    )
    assert shown() == before
    assert parents(stocked)["r"] == "q"
