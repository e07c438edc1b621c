"""What is available to sell, from a batch to the reply.

R-BASE and R-AGG are Fluent's pages on the rules that compute base and aggregate positions (8 Apr
and 8 May 2025), MASTER that on master buffers (8 May 2025), CGMGMT that on managing controls (31
Oct 2024, 14 Feb 2025), THRESH that on threshold controls (28 Feb 2025), FEEDS that on inventory
feeds (22 Aug 2024); (d): derived from them.
"""

from itertools import count
from threading import Event, Thread

import pytest
from fluent_oms_simulator.clock import VirtualClock

from ..conftest import MakeSimulator
from ..support import Client, delta, deltas
from .helpers.support import ask, code_of, nodes, refs
from .helpers.virtual_shop import BUFFER, EXCLUSION, MASTER, Shop, mutate, open_shop

Controls = list[tuple[str, tuple[str, ...], int]]

AT_MEL, AT_SYD, OF_D45 = ("D45", "MEL"), ("D45", "SYD"), ("D45",)


@pytest.fixture
def shop(client: Client) -> Shop:
    return open_shop(client)


@pytest.mark.parametrize(
    ("source", "controls", "base", "total"),
    [
        ("R-BASE, R-AGG", [], 10, 14),
        ("R-BASE (d)", [(BUFFER, AT_MEL, -2)], 8, 12),
        ("CGMGMT: no stacking (d)", [(BUFFER, AT_MEL, -2), (BUFFER, OF_D45, -5)], 8, 7),
        ("CGMGMT: an exclusion ends at 0", [(BUFFER, OF_D45, 5), (EXCLUSION, OF_D45, 1)], 0, 0),
        ("R-AGG (d)", [(BUFFER, AT_MEL, -2), (BUFFER, AT_SYD, -2)], 8, 10),
        ("MASTER: never below 0 (d)", [(MASTER, OF_D45, -15)], 10, 0),
        (
            "MASTER, after the buffers (d)",
            [(BUFFER, AT_MEL, -2), (BUFFER, AT_SYD, -2), (MASTER, OF_D45, 5)],
            8,
            15,
        ),
        ("floor of a base position, inferred", [(BUFFER, AT_MEL, -11)], 0, 3),
    ],
)
def test_a_batch_shows_in_virtual_positions_after_the_controls(
    shop: Shop, source: str, controls: Controls, base: int, total: int
) -> None:
    for kind, place, amount in controls:
        shop.control(kind, place, buffer=amount)

    assert shop.sold("BASE:HD")["D45:MEL"] == base, source
    assert shop.sold("AGG:HD") == {"D45:HD": total}, source


@pytest.mark.parametrize(
    ("at_mel", "of_d45", "base", "total"),
    [(4, 2, 4, 2), (2, 4, 9, 7), (3, 3, 9, 7), (None, 6, 4, 2), (None, None, 9, 7)],
)
def test_the_buffer_with_the_lowest_execution_order_shows(
    shop: Shop, at_mel: int | None, of_d45: int | None, base: int, total: int
) -> None:
    """CGMGMT, 14 Feb 2025: 1 is the highest priority; that the nearest breaks a tie is inferred."""
    shop.control(BUFFER, AT_MEL, order=at_mel, buffer=-1)
    shop.control(BUFFER, OF_D45, order=of_d45, buffer=-6)

    assert shop.sold("BASE:HD")["D45:MEL"] == base
    assert shop.sold("AGG:HD") == {"D45:HD": total}


def test_changes_of_stock_show_in_base_and_aggregate_positions(shop: Shop) -> None:
    shop.control(BUFFER, AT_MEL, buffer=-2)
    client = shop.client
    seen = []
    for change in (
        lambda: client.delta("D45", "MEL", -3, "d1"),
        lambda: client.reserve("D45", "SYD", 1, "F1"),
        lambda: client.confirm("D45", "SYD", "F1", sold=1),
        lambda: shop.stock(MEL=20),
    ):
        change()
        seen.append((*shop.sold("BASE:HD").values(), *shop.sold("AGG:HD").values()))

    assert seen == [(5, 4, 9), (5, 3, 8), (5, 3, 8), (18, 3, 21)]


def test_base_and_aggregate_positions_of_one_reply_agree_while_stock_changes(shop: Shop) -> None:
    sender, stop = Client(shop.client.simulator), Event()

    def send() -> None:
        for number in count():
            if stop.is_set():
                return
            place = ("MEL", "SYD")[number % 2]
            sender.post("/api/v4.1/event/sync", deltas(delta("D45", place, 1, f"d{number}")))

    inside = "{ edges { node { quantity } } }"
    query = f"""{{ base: virtualPositions(catalogue: {{ref: "BASE:HD"}}) {inside}
      total: virtualPositions(catalogue: {{ref: "AGG:HD"}}) {inside} }}"""
    thread = Thread(target=send)
    thread.start()
    try:
        seen = [ask(shop.client, query) for _ in range(200)]
    finally:
        stop.set()
        thread.join()
    sums = [
        tuple(sum(node["quantity"] for node in nodes(found[name])) for name in ("base", "total"))
        for found in seen
    ]

    assert [base for base, _ in sums] == [total for _, total in sums]
    assert len(set(sums)) > 10


def test_a_catalogue_without_a_control_group_takes_no_notice_of_controls(shop: Shop) -> None:
    """Inventory reference module, 14 Apr 2025: controls apply where controlGroupRef is set."""
    shop.virtual_catalogue("PLAIN", "BASE", controlGroupRef=None)
    shop.control(BUFFER, AT_MEL, buffer=-2)

    assert shop.sold("PLAIN")["D45:MEL"] == 10
    assert shop.sold("BASE:1")["D45:MEL"] == 10
    mutate(shop.client, "updateVirtualCatalogue", ref="PLAIN", controlGroupRef="CG")
    assert shop.sold("PLAIN")["D45:MEL"] == 8


def test_thresholds_give_a_virtual_position_its_status(shop: Shop) -> None:
    """THRESH: tried in execution order; the attribute controlGroups names other groups for it."""
    shop.control("BULK_THRESHOLD", order=2, threshold=5, status="AT_RISK")
    shop.control("BULK_THRESHOLD", order=1, threshold=0, status="OUT_OF_STOCK")
    groups = {"name": "controlGroups", "type": "JSON", "value": ["CG"]}
    shop.virtual_catalogue("NAMED", "BASE", controlGroupRef=None, attributes=[groups])
    shop.client.delta("D45", "MEL", -10, "d1")
    query = (
        "query ($of: VirtualCatalogueKey) {"
        " virtualPositions(catalogue: $of) { edges { node { status } } } }"
    )

    for catalogue in ("BASE:HD", "NAMED"):
        found = ask(shop.client, query, of={"ref": catalogue})["virtualPositions"]
        assert [node["status"] for node in nodes(found)] == ["OUT_OF_STOCK", "AT_RISK"]


def test_networks_say_which_locations_are_covered(shop: Shop) -> None:
    """R-AGG: an aggregate is of the first network only; FEEDS: its group is that network."""
    shop.stock(PER=1, BNE=2)
    west, east = shop.network("WEST", "PER"), shop.network("EAST", "BNE", "MEL")
    shop.virtual_catalogue("BOTH", "BASE", networkIds=[west, east])
    shop.virtual_catalogue("FIRST", "AGGREGATE", networkIds=["EAST", west])
    shop.virtual_catalogue("NOBODY", "BASE", networkIds=["NORTH", "99"])
    shop.virtual_catalogue("ALL", "AGGREGATE")

    assert shop.sold("BOTH") == {"D45:MEL": 10, "D45:PER": 1, "D45:BNE": 2}
    assert shop.sold("FIRST") == {"D45:EAST": 12}
    assert shop.sold("NOBODY") == {}
    assert shop.sold("ALL") == {"D45": 17}


def test_there_is_no_virtual_position_of_stock_that_was_only_created(shop: Shop) -> None:
    """Inventory catalogue workflow, 18 Feb 2025: not before the position is ACTIVE."""
    key = {"ref": "D99:MEL:DEFAULT", "catalogue": {"ref": "DEFAULT:1"}}
    position = {"type": "DEFAULT", "productRef": "D99", "locationRef": "MEL", "onHand": 5}
    mutate(shop.client, "createInventoryPosition", **key, **position)
    before = shop.sold("BASE:HD"), shop.sold("AGG:HD")
    mutate(shop.client, "updateInventoryPosition", **key, status="ACTIVE")

    assert "D99:MEL" not in before[0]
    assert "D99:HD" not in before[1]
    assert shop.sold("BASE:HD")["D99:MEL"] == 5
    assert shop.sold("AGG:HD")["D99:HD"] == 5


def test_a_virtual_position_shows_its_catalogue_product_and_location(shop: Shop) -> None:
    query = """
    query ($ref: String!, $of: VirtualCatalogueKey!) {
      virtualPosition(ref: $ref, catalogue: $of) {
        id createdOn updatedOn ref type workflowRef workflowVersion status productRef quantity
        groupRef attributes { name } catalogue { ref name networkIds controlGroupRef }
        product { __typename name } locationLink { ref name status }
      }
    }
    """
    base = ask(shop.client, query, ref="D45:SYD", of={"ref": "BASE:HD"})["virtualPosition"]
    total = ask(shop.client, query, ref="D45:HD", of={"ref": "AGG:HD"})["virtualPosition"]
    times = {name: base.pop(name) for name in ("createdOn", "updatedOn")}

    assert base == {
        "id": base["id"],
        "ref": "D45:SYD",
        "type": "BASE",
        "workflowRef": "VIRTUAL_CATALOGUE::BASE",
        "workflowVersion": 1,
        "status": "ACTIVE",
        "productRef": "D45",
        "quantity": 4,
        "groupRef": "SYD",
        "attributes": [],
        "catalogue": {
            "ref": "BASE:HD",
            "name": "BASE:HD",
            "networkIds": ["1"],
            "controlGroupRef": "CG",
        },
        "product": {"__typename": "VariantProduct", "name": "D45"},
        "locationLink": {"ref": "SYD", "name": "SYD", "status": "ACTIVE"},
    }
    assert times["createdOn"] < times["updatedOn"], "its catalogue is younger than its stock"
    assert total["groupRef"] == "HD"
    assert total["locationLink"] is None
    assert total["product"] == base["product"]
    assert ask(shop.client, query, ref="D45:BNE", of={"ref": "BASE:HD"})["virtualPosition"] is None
    assert ask(shop.client, query, ref="D45:SYD", of={"ref": "NONE"})["virtualPosition"] is None


EVERY = ["D45:MEL", "D45:SYD", "D46:MEL", "D46:SYD"]


FILTERS: list[tuple[str, list[str]]] = [
    ("first: 100", EVERY),
    ('ref: ["D46:SYD", "D45:MEL"]', ["D45:MEL", "D46:SYD"]),
    ('ref: ["D45"]', []),
    ('productRef: "D46"', ["D46:MEL", "D46:SYD"]),
    ('groupRef: ["SYD", null]', ["D45:SYD", "D46:SYD"]),
    ('productRef: "D46", groupRef: "MEL"', ["D46:MEL"]),
    ("quantity: [4, 6]", ["D45:SYD", "D46:MEL"]),
    ("quantity: []", []),
    ('type: "BASE"', EVERY),
    ('type: "AGGREGATE"', []),
    ('status: "ACTIVE"', ["D45:MEL", "D45:SYD", "D46:MEL"]),
    ('status: ["OUT_OF_STOCK"]', ["D46:SYD"]),
    ('workflowRef: "VIRTUAL_CATALOGUE::BASE"', EVERY),
    ('workflowRef: "VIRTUAL_CATALOGUE::AGGREGATE"', []),
    ("workflowVersion: [2]", []),
    ('createdOn: {to: "2000-01-01T00:00:00Z"}', []),
    ('updatedOn: {from: "2000-01-01T00:00:00Z"}', EVERY),
    ('catalogue: {ref: "AGG:HD"}', []),
]


def test_every_filter_narrows_the_list(shop: Shop) -> None:
    shop.stock(D46_MEL=6, D46_SYD=0)
    shop.control("BULK_THRESHOLD", threshold=0, status="OUT_OF_STOCK")

    for arguments, expected in FILTERS:
        inside = f"virtualPositions({arguments}) {{ edges {{ node {{ ref }} }} }}"
        found = ask(shop.client, f'{{ virtualCatalogue(ref: "BASE:HD") {{ {inside} }} }}')
        assert refs(found["virtualCatalogue"]["virtualPositions"]) == expected, arguments


def test_the_quantity_filter_can_be_a_range(make_simulator: MakeSimulator) -> None:
    shop = Shop(Client(make_simulator(graphql_quantity_filter="range")))
    shop.stock(MEL=10, SYD=4, PER=1)
    query = "query ($q: [Int]) { virtualPositions(quantity: $q) { edges { node { quantity } } } }"
    asked: list[list[int | None]] = [[2, 10], [None, 4], [4, None], [5, 4]]

    found = [nodes(ask(shop.client, query, q=q)["virtualPositions"]) for q in asked]

    assert [[node["quantity"] for node in row] for row in found] == [[10, 4], [4, 1], [10, 4], []]
    assert code_of(shop.client, query, q=[1]) == "C0140E"


def test_dates_tell_what_changed_since(make_simulator: MakeSimulator, clock: VirtualClock) -> None:
    """Changes of stock, and of controls (ProduceVirtualPositionEventsForControlUpdate)."""
    shop = Shop(Client(make_simulator(clock=clock)))
    query = (
        "query ($range: DateRange) {"
        " virtualPositions(updatedOn: $range) { edges { node { ref updatedOn } } } }"
    )
    shop.group()
    mutate(shop.client, "updateVirtualCatalogue", ref="BASE:1", controlGroupRef="CG")
    shop.stock(MEL=10, SYD=4, D46_MEL=1)
    clock.advance(1_000)
    shop.client.delta("D45", "SYD", -1, "d1")
    clock.advance(1_000)
    shop.control(BUFFER, ("D46",), buffer=-1)

    found = nodes(
        ask(shop.client, query, range={"from": "2026-01-01T12:00:01Z"})["virtualPositions"]
    )

    assert found == [
        {"ref": "D45:SYD", "updatedOn": "2026-01-01T12:00:01.000Z"},
        {"ref": "D46:MEL", "updatedOn": "2026-01-01T12:00:02.000Z"},
    ]
    assert code_of(shop.client, query, range={}) == "C0101E"
