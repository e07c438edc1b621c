"""A reader that asks for what was updated since it looked last misses no change.

Fluent docs: commercetools Connector, 13 Dec 2023, and Aggregate Inventory Sync, 31 Jan 2024: what
is for sale is read on a schedule, by `updatedOn` since the last run.
"""

from collections.abc import Callable

import pytest
from fluent_oms_simulator.clock import VirtualClock, timestamp

from ..conftest import MakeSimulator
from ..support import CATALOGUE, Client
from .helpers.support import ask, nodes
from .helpers.virtual_shop import BUFFER, GROUP, Shop, mutate, open_shop

UPDATED = """query ($since: DateTime) { virtualPositions(updatedOn: {from: $since}, first: 100) {
  edges { node { ref quantity status catalogue { ref } } } } }"""
BASE, TOTAL = "BASE:HD", "AGG:HD"
Sold = dict[str, tuple[int, str]]


@pytest.fixture
def shop(make_simulator: MakeSimulator, clock: VirtualClock) -> Shop:
    """10 at MEL and 4 at SYD, of which 1 each is kept back; 5 more at PER, in no network."""
    shop = open_shop(Client(make_simulator(clock=clock)))
    shop.control(BUFFER, ("D45",), buffer=-1)
    shop.stock(PER=5)
    return shop


def updated(shop: Shop, since: int) -> Sold:
    found = ask(shop.client, UPDATED, since=timestamp(since))["virtualPositions"]
    return {
        f"{row['catalogue']['ref']} {row['ref']}": (row["quantity"], row["status"])
        for row in nodes(found)
        if row["catalogue"]["ref"] in (BASE, TOTAL)
    }


def threshold(shop: Shop) -> None:
    shop.control("BULK_THRESHOLD", threshold=4, status="LOW")


def threshold_of_another(shop: Shop) -> None:
    """A threshold that a catalogue takes from a group of its own."""
    shop.group("TH")
    shop.control("BULK_THRESHOLD", group="TH", threshold=4, status="LOW")
    named = {"name": "controlGroups", "type": "JSON", "value": ["TH"]}
    mutate(shop.client, "updateVirtualCatalogue", ref=BASE, attributes=[named])


def group_out_of_force(shop: Shop) -> None:
    mutate(shop.client, "updateControlGroup", ref=GROUP, status="INACTIVE")


def control_out_of_force(shop: Shop) -> None:
    key = {"ref": f"{BUFFER}-1", "controlGroup": {"ref": GROUP}}
    mutate(shop.client, "updateControl", **key, status="CREATED")


def no_controls(shop: Shop) -> None:
    mutate(shop.client, "createControlGroup", ref="NONE", type="DEFAULT", name="NONE")
    mutate(shop.client, "updateVirtualCatalogue", ref=TOTAL, controlGroupRef="NONE")


def another_network(shop: Shop) -> None:
    network = shop.network("WEST", "MEL", "PER")
    mutate(shop.client, "updateVirtualCatalogue", ref=BASE, networkIds=[network])


def locations_of_the_network(shop: Shop) -> None:
    mutate(shop.client, "updateNetwork", id="1", locations=[{"id": "1"}])


def location_put_back(shop: Shop) -> None:
    mutate(
        shop.client,
        "updateInventoryPosition",
        ref="D45:SYD:DEFAULT",
        catalogue={"ref": CATALOGUE},
        status="CREATED",
    )


@pytest.mark.parametrize(
    ("change", "changed"),
    [
        (threshold, {f"{BASE} D45:SYD": (3, "LOW")}),
        (threshold_of_another, {f"{BASE} D45:SYD": (3, "LOW")}),
        (
            group_out_of_force,
            {f"{BASE} D45:MEL": (10, "ACTIVE"), f"{TOTAL} D45:HD": (14, "ACTIVE")},
        ),
        (control_out_of_force, {f"{TOTAL} D45:HD": (14, "ACTIVE")}),
        (no_controls, {f"{TOTAL} D45:HD": (14, "ACTIVE")}),
        (another_network, {f"{BASE} D45:PER": (4, "ACTIVE")}),
        (locations_of_the_network, {f"{TOTAL} D45:HD": (9, "ACTIVE")}),
        (location_put_back, {f"{TOTAL} D45:HD": (9, "ACTIVE")}),
    ],
)
def test_whatever_changes_what_is_for_sale_dates_it(
    shop: Shop, clock: VirtualClock, change: Callable[[Shop], None], changed: Sold
) -> None:
    clock.advance(60_000)
    assert updated(shop, clock.now()) == {}

    change(shop)

    assert updated(shop, clock.now()).items() >= changed.items()
    clock.advance(1)
    assert updated(shop, clock.now()) == {}


@pytest.mark.parametrize("ref", ["GIFT:PER", "GIFT:HD"])
def test_a_position_that_was_created_is_dated_when_its_stock_comes_and_when_it_goes(
    shop: Shop, clock: VirtualClock, ref: str
) -> None:
    catalogue = TOTAL if ref.endswith("HD") else BASE
    given = {"quantity": 1, "type": "OWN", "productRef": "GIFT", "groupRef": ref[5:]}
    where = {"ref": ref, "catalogue": {"ref": catalogue}}
    mutate(shop.client, "createVirtualPosition", **where, **given)
    mutate(shop.client, "updateNetwork", id="1", locations=[{"id": "3"}])
    seen = []
    for status in (None, "CREATED"):
        clock.advance(60_000)
        if status is None:
            shop.stock(GIFT_PER=8)
        else:
            key = {"ref": "GIFT:PER:DEFAULT", "catalogue": {"ref": CATALOGUE}}
            mutate(shop.client, "updateInventoryPosition", **key, status=status)
        seen.append(updated(shop, clock.now())[f"{catalogue} {ref}"])

    assert seen == [(8, "ACTIVE"), (1, "CREATED")]


def test_a_control_of_another_product_leaves_dates_and_what_was_written(
    shop: Shop, clock: VirtualClock
) -> None:
    mutate(
        shop.client, "updateVirtualPosition", ref="D45:MEL", catalogue={"ref": BASE}, quantity=99
    )
    clock.advance(60_000)

    shop.control(BUFFER, ("D46",), buffer=-1)

    assert updated(shop, clock.now()) == {}
    assert shop.sold(BASE)["D45:MEL"] == 99


@pytest.mark.parametrize("before", ["ACTIVE", "INACTIVE"])
def test_a_written_sum_gives_way_when_one_of_its_positions_goes(
    shop: Shop, clock: VirtualClock, before: str
) -> None:
    key = {"ref": "D45:SYD:DEFAULT", "catalogue": {"ref": CATALOGUE}}
    shop.stock(SYD=0)
    mutate(shop.client, "updateInventoryPosition", **key, status=before)
    clock.advance(1)
    shop.stock(MEL=11)
    written = {"ref": "D45:HD", "catalogue": {"ref": TOTAL}, "quantity": 99}
    mutate(shop.client, "updateVirtualPosition", **written)

    mutate(shop.client, "updateInventoryPosition", **key, status="CREATED")

    assert shop.sold(TOTAL) == {"D45:HD": 10}


def test_a_written_quantity_does_not_come_back(shop: Shop, clock: VirtualClock) -> None:
    mutate(
        shop.client, "updateVirtualPosition", ref="D45:MEL", catalogue={"ref": BASE}, quantity=99
    )
    for status in ("INACTIVE", "ACTIVE"):
        clock.advance(1)
        mutate(shop.client, "updateControlGroup", ref=GROUP, status=status)

    assert shop.sold(BASE)["D45:MEL"] == 9
