"""What can be seen of the switches on stock on hand and on virtual positions."""

from typing import Any

from ...graphql.helpers.virtual_shop import BUFFER, Shop, mutate, open_shop
from ...support import Client


def counted_statuses(client: Client) -> object:
    """The stock on hand after a mutation has made a quantity, and after it has activated it."""
    Shop(client).stock(MEL=10)
    catalogue = {"ref": "DEFAULT:1"}
    position = {"ref": "D45:MEL:DEFAULT", "catalogue": catalogue}
    key: dict[str, Any] = {"ref": "Q1", "catalogue": catalogue}
    made = {"position": position, "type": "DELTA", "quantity": 5}
    mutate(client, "createInventoryQuantity", **key, **made)
    before = client.on_hand("D45", "MEL")
    mutate(client, "updateInventoryQuantity", **key, status="ACTIVE")
    return before, client.on_hand("D45", "MEL")


def floor(client: Client) -> object:
    """A location and the network, when a buffer exceeds the location's stock."""
    shop = open_shop(client)
    shop.control(BUFFER, ("D45", "SYD"), buffer=-9)
    return shop.sold("BASE:HD")["D45:SYD"], shop.sold("AGG:HD")["D45:HD"]


def aggregate_statuses(client: Client) -> object:
    """The network when one of its positions is at risk, and when it is inactive."""
    shop, totals = open_shop(client), []
    key = {"ref": "D45:SYD:DEFAULT", "catalogue": {"ref": "DEFAULT:1"}}
    for status in ("AT_RISK", "INACTIVE"):
        mutate(client, "updateInventoryPosition", **key, status=status)
        totals.append(shop.sold("AGG:HD")["D45:HD"])
    return totals


def without_networks(client: Client) -> object:
    """What virtual catalogues show before they are given networks, and after."""
    shop = open_shop(client)
    shop.virtual_catalogue("AGG", "AGGREGATE")
    before = shop.sold("BASE:1"), shop.sold("AGG")
    mutate(client, "updateVirtualCatalogue", ref="AGG", networkIds=["HD"])
    return *before, shop.sold("AGG")
