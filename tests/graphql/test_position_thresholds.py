"""Positions get the status that the threshold controls of their catalogue have for their stock.

THRESH is Fluent's page on bulk threshold controls (28 Feb 2025; OLD: 19 Sept 2024), R-THRESH that
on the rule ApplyThresholdControlsToInventoryPosition (12 Aug 2025, its fallback 18 Feb 2025).
"""

from typing import Any

import pytest
from fluent_oms_simulator import Settings

from ..conftest import MakeSimulator
from ..support import Client, item, record, updates
from .helpers.support import ask, nodes
from .helpers.virtual_shop import Shop, mutate

STATUSES = "OUT_OF_STOCK", "AT_RISK", "ACTIVE"
CATALOGUE = {"ref": "DEFAULT:1"}
THRESHOLD = "BULK_THRESHOLD"


def status(client: Client, place: str = "MEL", product: str = "D45") -> str:
    return str(client.position(f"{product}:{place}:DEFAULT")["status"])


def follow(client: Client, *groups: str, value: object = None, ref: str = "DEFAULT:1") -> None:
    """Name the groups in the catalogue, as the page does."""
    named = {"name": "controlGroups", "type": "JSON", "value": value or list(groups)}
    mutate(client, "updateInventoryCatalogue", ref=ref, attributes=[named])


def thresholds(shop: Shop, group: str = "CG", catalogue: str = "DEFAULT:1") -> list[str]:
    """The page's three controls; the refs they have."""
    shop.group(group)
    context = [{"type": "CATALOGUE", "property": "ref", "value": catalogue}]
    return [
        shop.control(
            THRESHOLD, group=group, order=order, threshold=up_to, status=name, context=context
        )
        for order, (name, up_to) in enumerate(zip(STATUSES, (0, 3, 2**31 - 1), strict=True), 1)
    ]


@pytest.fixture
def shop(client: Client) -> Shop:
    """A shop whose stock follows the page's controls."""
    shop = Shop(client)
    thresholds(shop)
    follow(client, "CG")
    return shop


@pytest.mark.parametrize(
    ("on_hand", "expected"),
    [
        (0, "OUT_OF_STOCK"),
        (1, "AT_RISK"),
        (3, "AT_RISK"),
        (4, "ACTIVE"),
        (10, "ACTIVE"),
    ],
)
def test_a_load_gives_positions_the_status_of_their_stock(
    shop: Shop, on_hand: int, expected: str
) -> None:
    """THRESH, R-THRESH: at or below the threshold, the lowest execution order first."""
    shop.stock(MEL=on_hand)
    assert status(shop.client) == expected
    shop.stock(MEL=99)
    shop.stock(MEL=on_hand)
    assert status(shop.client) == expected


def test_every_change_of_stock_moves_the_status(shop: Shop) -> None:
    client, seen = shop.client, []
    shop.stock(MEL=10)
    key: dict[str, Any] = {"ref": "D45:MEL:DEFAULT", "catalogue": CATALOGUE}
    made: dict[str, Any] = {"ref": "Q", "catalogue": CATALOGUE, "type": "DELTA", "quantity": 9}
    for change in (
        lambda: client.delta("D45", "MEL", -7, "d1"),
        lambda: client.delta("D45", "MEL", -3, "d2"),
        lambda: client.delta("D45", "MEL", 1, "d3"),
        lambda: client.send(updates(item("D45", "MEL", "F", reservedQty=-1))),
        lambda: mutate(client, "createInventoryQuantity", **made, position=key),
        lambda: mutate(client, "updateInventoryQuantity", ref="Q", catalogue=CATALOGUE, quantity=2),
        lambda: client.load([record("D45", "MEL", 20, attributes={"a": 1})]),
    ):
        change()
        seen.append((client.on_hand("D45", "MEL"), status(client)))

    assert seen == [
        (3, "AT_RISK"),
        (0, "OUT_OF_STOCK"),
        (1, "AT_RISK"),
        (0, "OUT_OF_STOCK"),
        (9, "ACTIVE"),
        (2, "AT_RISK"),
        (19, "ACTIVE"),
    ]


def test_the_first_load_of_other_stock_is_out_of_stock(shop: Shop) -> None:
    shop.client.load([record("D45", "MEL", 5, type="EXPECTED")])

    assert status(shop.client) == "OUT_OF_STOCK"


def test_a_status_follows_the_stock_and_not_the_controls(shop: Shop) -> None:
    """A change of a threshold control raises no event for positions (R-THRESH is a part of
    UpdateOnHand, which is left out where the stock stays as it is)."""
    client = shop.client
    shop.stock(MEL=3, SYD=3)
    values = [{"name": "threshold", "type": "NUMBER", "value": 1}]
    key = {"ref": f"{THRESHOLD}-2", "controlGroup": {"ref": "CG"}}
    mutate(client, "updateControl", **key, values=values)
    shop.stock(MEL=3)
    before = status(client), status(client, "SYD")
    shop.stock(MEL=2)

    assert before == ("AT_RISK", "AT_RISK")
    assert (status(client), status(client, "SYD")) == ("ACTIVE", "AT_RISK")


def test_above_all_thresholds_a_status_stays(client: Client) -> None:
    """R-THRESH: the rule changes a status only where its condition is met."""
    shop = Shop(client)
    shop.group()
    shop.control(THRESHOLD, threshold=0, status="OUT_OF_STOCK")
    follow(client, "CG")
    seen = []
    for count in (5, 0, 5):
        shop.stock(MEL=count)
        seen.append(status(client))

    assert seen == ["ACTIVE", "OUT_OF_STOCK", "OUT_OF_STOCK"]


def test_without_controls_in_force_positions_are_active(shop: Shop) -> None:
    """R-THRESH, 18 Feb 2025: as if there were a control for any stock."""
    shop.stock(MEL=0)
    mutate(shop.client, "updateControlGroup", ref="CG", status="INACTIVE")
    shop.client.delta("D45", "MEL", -1, "d1")

    assert status(shop.client) == "ACTIVE"


def test_thresholds_of_another_catalogue_do_not_apply(client: Client) -> None:
    shop = Shop(client)
    thresholds(shop, catalogue="BASE:1")
    follow(client, "CG")
    shop.stock(MEL=0)

    assert status(client) == "ACTIVE"


def test_only_the_catalogue_that_names_a_group_follows_it(shop: Shop) -> None:
    client = shop.client
    attributes = [{"name": "controlGroups", "type": "JSON", "value": ["OWN"]}]
    made = {"type": "DEFAULT", "name": "-", "attributes": attributes}
    mutate(client, "createInventoryCatalogue", ref="FOLLOWS:1", **made)
    mutate(client, "createInventoryCatalogue", ref="PLAIN:1", type="DEFAULT", name="-")
    thresholds(shop, "OWN", "FOLLOWS:1")
    for ref in ("FOLLOWS:1", "PLAIN:1"):
        mutate(client, "updateInventoryCatalogue", ref=ref, status="ACTIVE")
        client.load([record("D45", "MEL", 0)], catalogueRef=ref)
    found = {row["catalogueRef"]: row["status"] for row in client.positions()}

    assert found == {"FOLLOWS:1": "OUT_OF_STOCK", "PLAIN:1": "ACTIVE"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (["NONE", "CG"], "OUT_OF_STOCK"),
        ('["CG"]', "OUT_OF_STOCK"),  # OLD: the list as text
        ("CG", "ACTIVE"),
        (["A", "B", "C", "D", "E", "CG"], "ACTIVE"),  # OLD: five at most
        ([7, None, {"ref": "CG"}], "ACTIVE"),
        ({"CG": 1}, "ACTIVE"),
        ("[" * 5_000, "ACTIVE"),
    ],
)
def test_groups_are_named_in_a_list(shop: Shop, value: object, expected: str) -> None:
    follow(shop.client, value=value)
    shop.stock(MEL=0)

    assert status(shop.client) == expected


def test_an_inactive_position_stays_inactive(shop: Shop) -> None:
    shop.stock(MEL=10)
    key = {"ref": "D45:MEL:DEFAULT", "catalogue": CATALOGUE}
    mutate(shop.client, "updateInventoryPosition", **key, status="INACTIVE")
    shop.stock(MEL=0)

    assert status(shop.client) == "INACTIVE"


def test_what_a_mutation_made_leaves_created_for_the_status_of_its_stock(shop: Shop) -> None:
    client = shop.client
    key: dict[str, Any] = {"ref": "D45:MEL:DEFAULT", "catalogue": CATALOGUE}
    place = {"productRef": "D45", "locationRef": "MEL"}
    mutate(client, "createInventoryPosition", **key, type="DEFAULT", **place)
    before = status(client)
    client.delta("D45", "MEL", 2, "d1")

    assert (before, status(client)) == ("CREATED", "AT_RISK")


def test_the_virtual_position_of_stock_that_is_out_stays_for_sale(shop: Shop) -> None:
    """An aggregate sums up all that is neither CREATED nor INACTIVE, a base shows them."""
    shop.virtual_catalogue("AGG", "AGGREGATE", controlGroupRef=None)
    shop.stock(MEL=2, SYD=0)

    assert shop.sold("BASE:1") == {"D45:MEL": 2, "D45:SYD": 0}
    assert shop.sold("AGG") == {"D45": 2}


def test_thresholds_of_a_virtual_catalogue_need_a_context_of_its_own(shop: Shop) -> None:
    shop.virtual_catalogue("SALE", "BASE", controlGroupRef="CG")
    shop.stock(MEL=0)
    assert virtual_status(shop, "SALE") == "ACTIVE"

    context = [{"type": "CATALOGUE", "property": "ref", "value": "SALE"}]
    shop.control(THRESHOLD, threshold=0, status="OUT_OF_STOCK", context=context)

    assert virtual_status(shop, "SALE") == "OUT_OF_STOCK"


def virtual_status(shop: Shop, catalogue: str) -> str:
    """The status of the one position of a virtual catalogue."""
    query = "query ($of: VirtualCatalogueKey) { virtualPositions(catalogue: $of) { edges { node {"
    query += " status } } } }"
    [found] = nodes(ask(shop.client, query, of={"ref": catalogue})["virtualPositions"])
    return str(found["status"])


def test_a_reset_forgets_what_a_catalogue_follows(shop: Shop) -> None:
    shop.client.http.post("/__admin/reset")
    shop.stock(MEL=0)

    assert status(shop.client) == "ACTIVE"


def test_a_status_that_the_table_has_no_room_for_is_left_out_and_the_stock_is_not(
    make_simulator: MakeSimulator,
) -> None:
    client = Client(make_simulator(settings=Settings(seed_data="none")))
    shop = Shop(client)
    shop.stock(**{f"L{number}": 9 for number in range(254)})
    for number in range(254):
        key = {"ref": f"D45:L{number}:DEFAULT", "catalogue": CATALOGUE}
        mutate(client, "updateInventoryPosition", **key, status=f"S{number}")
    thresholds(shop)
    follow(client, "CG")
    shop.stock(L7=0)

    assert (client.on_hand("D45", "L7"), status(client, "L7")) == (0, "S7")


@pytest.mark.parametrize("nonsense", ["S" * 300, "a\x00b", "  ", "\u200b"])
def test_a_threshold_whose_status_is_no_status_gives_none(
    nonsense: str, make_simulator: MakeSimulator
) -> None:
    client = Client(make_simulator())
    shop = Shop(client)
    shop.group("CG")
    context = [{"type": "CATALOGUE", "property": "ref", "value": "DEFAULT:1"}]
    shop.control(THRESHOLD, group="CG", order=1, threshold=10, status=nonsense, context=context)
    shop.control(THRESHOLD, group="CG", order=2, status="AT_RISK", context=context)
    follow(client, "CG")

    client.load([record("D45", "MEL", 5)])

    assert status(client) == "AT_RISK"
