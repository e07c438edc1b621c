"""What can be promised as of a date, as the control API tells it; the sums are the domain's tests.

FUTURE is Fluent's page on the data model of future inventory (27 Mar 2026).
"""

from typing import Any

import pytest

from ..api.helpers.replies import refusals
from ..graphql.helpers.support import ask
from ..graphql.helpers.virtual_shop import mutate
from ..support import Client, record

CATALOGUE = {"ref": "DEFAULT:1"}
KEY = {"ref": "A:L:DEFAULT", "catalogue": CATALOGUE}
MAY = "2026-05-01T00:00:00Z"


@pytest.fixture
def stocked(client: Client) -> Client:
    """10 at hand, 50 on order for May."""
    client.load([record("A", "L", 10), record("B", "L", 3)])
    order: dict[str, Any] = {"ref": "PO1", "catalogue": CATALOGUE}
    made = {"type": "ON_ORDER", "quantity": 50, "expectedOn": MAY, "position": KEY}
    mutate(client, "createInventoryQuantity", **order, **made)
    mutate(client, "updateInventoryQuantity", **order, status="ACTIVE")
    return client


def promised(client: Client, **query: str) -> Any:
    reply = client.http.get("/__admin/positions/A:L:DEFAULT", query_string=query)
    assert reply.status_code == 200, reply.get_data(as_text=True)
    return reply.get_json().get("availableToPromise")


def test_a_position_tells_what_can_be_promised_as_of_a_date(stocked: Client) -> None:
    assert promised(stocked) is None
    assert promised(stocked, asOf="2026-04-30") == {
        "asOf": "2026-04-30T00:00:00.000+00:00",
        "quantity": 10,
        "onHand": 10,
        "expected": 0,
        "reserved": 0,
    }
    assert promised(stocked, asOf="2026-05-01T02:00:00+02:00") == {
        "asOf": "2026-05-01T00:00:00.000+00:00",
        "quantity": 60,
        "onHand": 10,
        "expected": 50,
        "reserved": 0,
    }


def test_nothing_is_promised_of_an_inactive_position(stocked: Client) -> None:
    """Not considered in availability calls (Inventory quantity types, 10 Jan 2025)."""
    mutate(stocked, "updateInventoryPosition", **KEY, status="INACTIVE")
    nothing = {"quantity": 0, "onHand": 0, "expected": 0, "reserved": 0}
    for day in ("2026-04-30", "2027-01-01"):
        found = promised(stocked, asOf=day)
        assert {name: found[name] for name in nothing} == nothing

    mutate(stocked, "updateInventoryPosition", **KEY, status="ACTIVE")
    assert promised(stocked, asOf="2027-01-01")["quantity"] == 60


def test_every_position_of_a_list_tells_it(stocked: Client) -> None:
    rows = stocked.http.get("/__admin/positions?asOf=2027-01-01").get_json()["results"]

    assert [row["availableToPromise"]["quantity"] for row in rows] == [60, 3]


def test_reservations_expiry_and_records_of_a_batch_have_their_part(stocked: Client) -> None:
    """FUTURE, with the expiry of Stock Segmentation (27 Mar 2026)."""
    june = "2026-06-01T00:00:00Z"
    stocked.load(
        [
            record("A", "L", 6, ref="MILK", attributes={"expiresOn": june}),
            record("A", "L", 7, ref="SHIP1", type="IN_TRANSIT", attributes={"expectedOn": june}),
        ]
    )
    for ref, parent, amount in (("R1", "PO1", -20), ("R2", "MILK", -2)):
        key: dict[str, Any] = {"ref": ref, "catalogue": CATALOGUE}
        under = {"ref": parent, "catalogue": CATALOGUE}
        made = {"type": "RESERVED", "quantity": amount, "position": KEY, "parent": under}
        mutate(stocked, "createInventoryQuantity", **key, **made)

    assert stocked.on_hand("A", "L") == 14
    found = [promised(stocked, asOf=day) for day in ("2026-04-30", "2026-05-31", "2026-06-01")]
    parts = [
        tuple(each[n] for n in ("quantity", "onHand", "expected", "reserved")) for each in found
    ]
    assert parts == [(14, 14, 0, 0), (44, 14, 50, -20), (47, 10, 57, -20)]


def test_on_hand_is_not_moved_by_what_is_expected(stocked: Client) -> None:
    assert stocked.on_hand("A", "L") == 10


def test_the_published_aggregate_tells_what_is_expected_by_a_date(stocked: Client) -> None:
    """FUTURE: quantities are summed up by expectedOn."""
    query = """query ($position: InventoryPositionKey!, $by: DateTime) {
      inventoryQuantityAggregate(position: $position, expectedOn: {to: $by}) { count sum } }"""
    sums = [
        ask(stocked, query, position=KEY, by=day)["inventoryQuantityAggregate"]
        for day in ("2026-04-30T00:00:00Z", MAY)
    ]

    assert sums == [{"count": 0, "sum": 0}, {"count": 1, "sum": 50}]


@pytest.mark.parametrize(
    "day",
    ["tomorrow", "2026-13-01", "1", "0001-01-01T00:00:00+14:00", "\u0661", "x" * 5000, "", " "],
)
@pytest.mark.parametrize("path", ["/__admin/positions", "/__admin/positions/A:L:DEFAULT"])
def test_a_date_that_is_none_is_refused(stocked: Client, path: str, day: str) -> None:
    reply = stocked.http.get(path, query_string={"asOf": day})

    [(_, message)] = refusals(reply)
    assert "?asOf" in message
    assert "ISO 8601" in message
