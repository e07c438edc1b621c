"""What a batch record says of its quantity besides the amount, and what becomes of it."""

import pytest
from fluent_oms_simulator.clock import VirtualClock

from ..conftest import MakeSimulator
from ..graphql.helpers.support import KEY, ask, nodes
from ..support import Client, Document, batch, delta, deltas, record
from .helpers.batch_results import JOB, status
from .helpers.replies import refusals

WHEN = "2026-03-23T00:00:00Z"
TEXTS = {
    name: f"any {name}"
    for name in (
        "condition",
        "storageAreaRef",
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
}
"""Send enhanced inventory attributes, 23 Mar 2026."""

SHOWN = f"""ref type quantity status updatedOn expectedOn expiresOn {" ".join(TEXTS)}
  parent {{ ref quantity }} attributes {{ name type value }}"""


def found(client: Client, filters: str = "") -> list[Document]:
    """The quantities that a filter finds."""
    query = f"{{ inventoryQuantities({filters} first: 50) {{ edges {{ node {{ {SHOWN} }} }} }} }}"
    return nodes(ask(client, query)["inventoryQuantities"])


def on_order(quantity: int = 100, /, **attributes: object) -> Document:
    """Goods on order, named PO."""
    return record("A", "L", quantity, type="ON_ORDER", ref="PO", attributes=attributes)


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_among_the_attributes_is_set_on_the_quantity_and_found(
    client: Client, name: str
) -> None:
    # Send enhanced inventory attributes, 23 Mar 2026; Stock Segmentation, 27 Mar 2026.
    client.load([on_order(100, **{name: TEXTS[name]}, note="kept"), record("B", "L", 1)])

    [quantity] = found(client, f'{name}: ["{TEXTS[name]}"]')

    assert (quantity["ref"], quantity[name]) == ("PO", TEXTS[name])
    assert quantity["attributes"] == [{"name": "note", "type": "STRING", "value": "kept"}]
    assert found(client, f'{name}: ["any"]') == []
    [plain] = found(client, f"{name}: [null]")
    assert plain["ref"] == "B:L:DEFAULT:LAST_ON_HAND"


@pytest.mark.parametrize("name", ["expectedOn", "expiresOn"])
@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (WHEN, "2026-03-23T00:00:00.000Z"),
        ("2028-02-29T23:59:59.5+02:00", "2028-02-29T21:59:59.500Z"),
    ],
)
def test_a_date_among_the_attributes_is_set_on_the_quantity_and_found(
    client: Client, name: str, written: str, shown: str
) -> None:
    # UpsertInventoryQuantity, 19 Mar 2026: a date in ISO 8601.
    client.load([on_order(100, **{name: written}), record("B", "L", 1)])

    [quantity] = found(client, f'{name}: {{from: "{shown}", to: "{shown}"}}')

    assert (quantity["ref"], quantity[name]) == ("PO", shown)
    assert found(client, f'{name}: {{to: "2026-01-01T00:00:00Z"}}') == []


def test_sums_of_a_position_are_made_of_what_the_fields_say(client: Client) -> None:
    # Future Inventory, 27 Mar 2026: quantities as of a date.
    client.load(
        [
            record("A", "L", 10),
            on_order(30, expectedOn=WHEN, supplier="S"),
            record("A", "L", 5, type="ON_ORDER", ref="PO2", attributes={"supplier": "T"}),
        ]
    )
    query = """query ($p: InventoryPositionKey!) {
      a: inventoryQuantityAggregate(position: $p, expectedOn: {to: "2026-04-01T00:00:00Z"}) { sum }
      b: inventoryQuantityAggregate(position: $p, supplier: ["T"]) { sum count } }"""
    key = {"ref": "A:L:DEFAULT", "catalogue": {"ref": "DEFAULT:1"}}

    assert ask(client, query, p=key) == {"a": {"sum": 30}, "b": {"sum": 5, "count": 1}}
    assert client.on_hand("A", "L") == 10


@pytest.mark.parametrize(
    ("beside", "shown"),
    [
        ({"expectedOn": WHEN}, {"expectedOn": "2026-03-23T00:00:00.000Z"}),
        ({"expiry": WHEN}, {"expiresOn": "2026-03-23T00:00:00.000Z"}),
        ({"lot": "L7"}, {"manufacturerBatchNumber": "L7"}),
        ({"uom": "EACH"}, {"attributes": [{"name": "uom", "type": "STRING", "value": "EACH"}]}),
        (
            {"effectiveFrom": "now"},
            {"attributes": [{"name": "effectiveFrom", "type": "STRING", "value": "now"}]},
        ),
        (
            {"expectedOn": WHEN, "attributes": {"expectedOn": "2026-04-01T00:00:00Z"}},
            {"expectedOn": "2026-04-01T00:00:00.000Z"},
        ),
    ],
)
@pytest.mark.parametrize("switch", ["set", "ignore"])
def test_fields_beside_the_attributes_are_set_too_unless_they_are_ignored(
    make_simulator: MakeSimulator, switch: str, beside: Document, shown: Document
) -> None:
    client = Client(make_simulator(batch_outer_fields=switch))
    client.load([record("A", "L", 1, **beside)])

    [quantity] = found(client)

    assert quantity["quantity"] == 1
    if switch == "set" or "attributes" in beside:
        assert {name: quantity[name] for name in shown} == shown
    else:
        assert quantity["attributes"] == []
        assert quantity["expectedOn"] is quantity["expiresOn"] is None


@pytest.mark.parametrize(
    ("pointer", "fields"),
    [
        ("/attributes/expectedOn", {"attributes": {"expectedOn": "not a date"}}),
        ("/attributes/expectedOn", {"attributes": {"expectedOn": "2026-02-29T00:00:00Z"}}),
        ("/attributes/expectedOn", {"attributes": {"expectedOn": "2026-03-23"}}),
        ("/attributes/expectedOn", {"attributes": {"expectedOn": "2026-03-23T24:00:00Z"}}),
        ("/attributes/expectedOn", {"attributes": {"expectedOn": f"{WHEN}\n"}}),
        ("/attributes/expiresOn", {"attributes": {"expiresOn": 1774224000000}}),
        ("/attributes/expiresOn", {"attributes": {"expiresOn": {"on": WHEN}}}),
        ("/attributes/condition", {"attributes": {"condition": 5}}),
        ("/attributes/segment1", {"attributes": {"segment1": ["a"]}}),
        ("/attributes/channel", {"attributes": {"channel": "c" * 256}}),
        ("/attributes/storageAreaRef", {"attributes": {"storageAreaRef": "s" * 101}}),
        ("/attributes/parentRef", {"attributes": {"parentRef": ""}}),
        ("/expectedOn", {"expectedOn": "soon"}),
        ("/expiry", {"expiry": "never"}),
    ],
)
def test_a_value_that_a_field_cannot_have_fails_its_record(
    client: Client, make_simulator: MakeSimulator, pointer: str, fields: Document
) -> None:
    # UpsertInventoryQuantity, 12 Aug 2025 and 19 Mar 2026: InvalidAttributeTypeException.
    bad, good = record("A", "L", 5, **fields), record("B", "L", 6)
    [(_, message)] = refusals(client.post(f"{JOB}/{client.job()}/batch", batch(good, bad)))
    assert f"at /entities/1{pointer} found " in message
    assert found(client) == []

    lenient = Client(make_simulator(batch_invalid_record="refuse_record"))
    rows = lenient.batch(lenient.load([good, bad]))["results"]

    assert [row["responseCode"] for row in rows] == ["200", "500"]
    assert f"at {pointer}" in rows[1]["message"] or pointer in rows[1]["message"]
    assert [quantity["quantity"] for quantity in found(lenient)] == [6]


def test_a_null_among_the_attributes_leaves_a_field_as_it_is(client: Client) -> None:
    client.load([on_order(condition="NEW", expectedOn=WHEN)])
    client.load([on_order(101, condition=None, expectedOn=None, channel="WEB")])

    [quantity] = found(client)
    assert (quantity["condition"], quantity["channel"]) == ("NEW", "WEB")
    assert quantity["expectedOn"] == "2026-03-23T00:00:00.000Z"


def test_an_update_writes_attributes_by_name_and_leaves_the_others(client: Client) -> None:
    # GraphQL schema docs, UpdateInventoryQuantityInput.
    client.load([on_order(x=1, y=2, condition="NEW", supplier="S")])
    client.load([on_order(101, x=3, supplier="T")])

    [quantity] = found(client)
    assert {each["name"]: each["value"] for each in quantity["attributes"]} == {"x": 3, "y": 2}
    assert (quantity["condition"], quantity["supplier"]) == ("NEW", "T")


def test_attributes_of_many_updates_are_bounded_and_none_is_applied_by_half(
    client: Client,
) -> None:
    client.load([on_order(1, **{f"a{number}": 1 for number in range(150)})])
    result = client.load([on_order(2, **{f"b{number}": 1 for number in range(51)})])

    [row] = status(client, result)["results"]
    assert (row["responseCode"], "201 attributes" in row["message"]) == ("500", True)
    assert client.quantities("A", "L")["PO"] == (1, "ACTIVE")


@pytest.mark.parametrize("attributes", [{}, {"condition": "NEW"}], ids=["plain", "with a field"])
@pytest.mark.parametrize("why", ["skip", "conditions", "status"])
def test_an_equal_count_that_is_processed_dates_its_quantity_and_not_its_position(
    make_simulator: MakeSimulator, why: str, attributes: Document
) -> None:
    clock = VirtualClock(1_770_000_000_000)
    client = Client(make_simulator(clock=clock))
    # Inferred from the steps of the workflow: the quantity is written, the stock on hand is not.
    client.load([record("A", "L", 10, attributes=attributes)])
    client.send(deltas(delta("A", "L", 3, "d"), delta("A", "L", -3, "e")))
    if why != "conditions":
        client.load([record("A", "L", 11, attributes=attributes)])
        client.load([record("A", "L", 10, attributes=attributes)])
    before, position = _dates(client)
    clock.advance(60_000)

    if why == "skip":
        client.load([record("A", "L", 10, attributes=attributes)], preprocessing="skip")
    elif why == "status":
        client.load([record("A", "L", 10, attributes=attributes, status="COUNTED")])
    else:
        related = {"hasRelatedInventoryQuantities": [{"type": "DELTA", "status": "ACTIVE"}]}
        client.load([record("A", "L", 10, attributes=attributes)], conditions=related)

    after, same = _dates(client)
    assert after > before
    assert same == position


def _dates(client: Client) -> tuple[str, str]:
    query = f"""{{ inventoryPosition(ref: "A:L:DEFAULT", catalogue: {KEY}) {{ updatedOn
      quantities(type: "LAST_ON_HAND") {{ edges {{ node {{ updatedOn }} }} }} }} }}"""
    position = ask(client, query)["inventoryPosition"]
    return nodes(position["quantities"])[0]["updatedOn"], position["updatedOn"]


def test_the_read_back_shows_what_a_quantity_has(client: Client) -> None:
    client.load([record("A", "L", 1), on_order(channel="WEB", expectedOn=WHEN, x=[1])])

    [count, order] = client.position("A:L:DEFAULT")["quantities"]

    assert set(count) == {"ref", "type", "status", "quantity", "history"}
    assert set(order) == {*count, "channel", "expectedOn", "attributes"}
    assert (order["channel"], order["attributes"]) == ("WEB", {"x": [1]})
    assert order["expectedOn"] == "2026-03-23T00:00:00.000+00:00"


@pytest.mark.parametrize(("switch", "on_hand"), [("stored", 10), ("counted", 9)])
def test_types_of_the_vendors_community_are_kept_and_count_by_a_switch(
    make_simulator: MakeSimulator, switch: str, on_hand: int
) -> None:
    client = Client(make_simulator(position_further_types=switch))
    client.load(
        [
            record("A", "L", 8),
            record("A", "L", -3, type="SOFT_RESERVE", ref="cart"),
            record("A", "L", 2, type="RETURNED", ref="back"),
        ]
    )
    client.load([record("A", "L", 10)])

    assert client.quantities("A", "L")["cart"] == (-3, "ACTIVE")
    assert client.quantities("A", "L")["back"] == (2, "ACTIVE")
    assert client.on_hand("A", "L") == on_hand
