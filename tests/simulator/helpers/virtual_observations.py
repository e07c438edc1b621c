"""What can be seen of the switches on stock on hand, its promise, and on virtual positions."""

from typing import Any

from ...graphql.helpers.virtual_shop import BUFFER, Shop, mutate, open_shop, refused
from ...support import Client, record


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


def own_types(client: Client) -> object:
    """What a virtual catalogue of an own type shows."""
    shop = open_shop(client)
    shop.virtual_catalogue("ATS:1", "ATS", networkIds=["HD"])
    return shop.sold("ATS:1")


def most_segments(client: Client) -> object:
    """How many of two and three segments a virtual position is given."""
    open_shop(client)
    key: dict[str, Any] = {"ref": "D45:MEL", "catalogue": {"ref": "BASE:HD"}}
    segments = [{"type": "BATCH", "value": value} for value in "123"]
    mutate(client, "updateVirtualPosition", **key, segments=segments[:2])
    try:
        mutate(client, "updateVirtualPosition", **key, segments=segments)
    except AssertionError:
        return refused(client, "updateVirtualPosition", **key, segments=segments)[0]
    return len(segments)


def inactive_positions(client: Client) -> object:
    """The status of a position that was made INACTIVE, after its stock has gone."""
    shop = Shop(client)
    shop.group()
    shop.control("BULK_THRESHOLD", threshold=0, status="OUT_OF_STOCK")
    named = [{"name": "controlGroups", "type": "JSON", "value": ["CG"]}]
    mutate(client, "updateInventoryCatalogue", ref="DEFAULT:1", attributes=named)
    shop.stock(MEL=10)
    key: dict[str, Any] = {"ref": "D45:MEL:DEFAULT", "catalogue": {"ref": "DEFAULT:1"}}
    mutate(client, "updateInventoryPosition", **key, status="INACTIVE")
    shop.stock(MEL=0)
    return client.position("D45:MEL:DEFAULT")["status"]


def future_types(client: Client) -> object:
    """What is promised of a purchase order, and of what is in transit."""
    Shop(client).stock(MEL=10)
    catalogue, found = {"ref": "DEFAULT:1"}, []
    position = {"ref": "D45:MEL:DEFAULT", "catalogue": catalogue}
    for kind, amount in (("PURCHASE_ORDER", 5), ("IN_TRANSIT", 7)):
        key: dict[str, Any] = {"ref": kind, "catalogue": catalogue}
        made = {"type": kind, "quantity": amount, "expectedOn": "2026-05-01T00:00:00Z"}
        mutate(client, "createInventoryQuantity", **key, **made, position=position)
        mutate(client, "updateInventoryQuantity", **key, status="ACTIVE")
        reply = client.http.get("/__admin/positions?asOf=2026-06-01").get_json()
        found.append(reply["results"][0]["availableToPromise"]["quantity"])
    return found


def parts(client: Client) -> object:
    """What is promised when a shipment under its order has come, and when the order has."""
    shipped = {"expectedOn": "2026-05-01T00:00:00Z", "parentRef": "PO1"}
    ordered = {"expectedOn": "2026-06-01T00:00:00Z"}
    client.load(
        [
            record("D45", "MEL", 10),
            record("D45", "MEL", 50, ref="PO1", type="ON_ORDER", attributes=ordered),
            record("D45", "MEL", 7, ref="SHIP1", type="IN_TRANSIT", attributes=shipped),
        ]
    )
    found = []
    for day in ("2026-05-01", "2026-06-01"):
        reply = client.http.get(f"/__admin/positions?asOf={day}").get_json()
        found.append(reply["results"][0]["availableToPromise"]["quantity"])
    return found
