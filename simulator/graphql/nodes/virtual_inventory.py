"""Where the products of a cart are available to sell.

A public copy of the schema (2023): the search gives locations and what is available to sell there
of the products and quantities that are asked for, is sorted by great-circle distance where a place
is given, and has no cursors. Whether a location must have every product is not said there.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from ...domain.account.account import Account
from ...domain.account.virtual_coverage import virtual_sources
from ...domain.catalogue.distance import Coordinates, distance
from ...domain.entities import Location
from ...domain.search.paging import Window
from ...domain.virtual.virtual_catalogue import VirtualCatalogue, VirtualPositionFilter
from ..arguments import Arguments
from ..connections import Connection, Edge, window_of
from ..context import Call, Info, call_of
from ..error_codes import INVALID_FIELD, NEGATIVE_VALUE, refusal
from .common import plain
from .virtual import VirtualRow

_ALL = 1 << 40
"""More rows than there are; it is the request's budget that bounds them."""


class VirtualInventoryRow(NamedTuple):
    """What one location has of the products that are asked for."""

    location: Location
    positions: list[VirtualRow]


def search_virtual_inventory(_: Any, info: Info, **arguments: Any) -> Connection:
    """Query.searchVirtualInventory."""
    call = call_of(info)
    window = window_of(arguments, call)
    needed = _needed(arguments["productQuantities"])
    order = _order(arguments.get("orderByProximity"))

    def look(account: Account) -> list[VirtualInventoryRow]:
        catalogue = account.virtual_catalogues.get(arguments["virtualCatalogue"]["ref"])
        if catalogue is None:
            return []
        return sorted(_rows(call, account, catalogue, needed, arguments), key=order)

    rows = call.reading(look)
    edges = [Edge(row, key) for key, row in enumerate(rows[: window.size])]
    return Connection(edges, has_previous=False, has_next=len(rows) > window.size)


def _rows(
    call: Call,
    account: Account,
    catalogue: VirtualCatalogue,
    needed: Mapping[str | None, int],
    arguments: Arguments,
) -> Iterator[VirtualInventoryRow]:
    """The locations that have enough (graphql.virtual_search); none of what is excluded."""
    status = (arguments.get("virtualPosition") or {}).get("status")
    search = VirtualPositionFilter(
        product_refs=frozenset(needed), statuses=None if status is None else frozenset({status})
    )
    sources = virtual_sources(account, catalogue.profile, call.behaviour, call.budget)
    _, positions = catalogue.page(sources, search, Window(_ALL, budget=call.budget))
    excluded = frozenset(arguments.get("excludedLocationRefs") or ())
    found: dict[str, list[VirtualRow]] = {}
    for position in positions:
        ref, least = position.group_ref, max(1, needed[position.product_ref])
        if ref is not None and ref not in excluded and position.quantity >= least:
            found.setdefault(ref, []).append(VirtualRow(catalogue.profile, position))
    products = len(needed) if call.behaviour.graphql_virtual_search == "every_product" else 1
    for ref, rows in found.items():
        location = account.locations.find(ref)
        if location is not None and len(rows) >= products:
            yield VirtualInventoryRow(location, rows)


def _needed(asked_for: Iterable[Mapping[str, Any]]) -> dict[str | None, int]:
    """How much of each product; raises GraphQLError for less than nothing."""
    needed: dict[str | None, int] = {}
    for number, each in enumerate(asked_for):
        product_ref, quantity = each["productRef"], each["quantity"]
        if quantity < 0:
            where = f"/productQuantities/{number}/quantity"
            raise refusal(NEGATIVE_VALUE, f"{where} is {quantity}: expected 0 or more.")
        needed[product_ref] = needed.get(product_ref, 0) + quantity
    return needed


def _order(near: Mapping[str, float] | None) -> Callable[[VirtualInventoryRow], tuple[float, int]]:
    """By which locations are sorted: by distance, those nobody knows the place of at the end."""
    if near is None:
        return lambda row: (0, row.location.number)
    for name, degrees in near.items():
        if not math.isfinite(degrees):
            where = f"/orderByProximity/{name}"
            raise refusal(INVALID_FIELD, f"{where} is {degrees}: expected a finite number.")
    here = Coordinates(near["latitude"], near["longitude"])

    def order(row: VirtualInventoryRow) -> tuple[float, int]:
        place = _place(row.location)
        return math.inf if place is None else distance(here, place), row.location.number

    return order


def _place(location: Location) -> Coordinates | None:
    address = location.address or {}
    latitude, longitude = address.get("latitude"), address.get("longitude")
    if isinstance(latitude, int | float) and isinstance(longitude, int | float):
        return Coordinates(latitude, longitude)
    return None


VIRTUAL_INVENTORY_QUERIES: Mapping[str, Any] = {"searchVirtualInventory": search_virtual_inventory}

VIRTUAL_INVENTORY_FIELDS: Mapping[str, Mapping[str, Any]] = {
    "VirtualInventory": plain(
        location=lambda row: row.location, virtualPositions=lambda row: row.positions
    ),
    "VirtualInventoryEdge": plain(node=lambda edge: edge.node, cursor=lambda _: None),
}
