"""The queries that read inventory back, and the nested fields that lead from one to another.

Fluent docs: GraphQL inventory queries, 1 July 2024.
"""

from collections.abc import Mapping
from typing import Any

from ...domain.account.account import Account
from ...domain.entities import InventoryCatalogueProfile
from ...domain.events import INVENTORY_CATALOGUE
from ...domain.refs import key_base
from ...domain.search.position_search import PositionFilter, positions_of_product, positions_page
from ..arguments import Arguments, numbers, span, wanted
from ..connections import Connection, Edge, window_of
from ..context import Call, Info, call_of
from .common import Aggregate, missing
from .entities import EntityArguments, entity_connection
from .inventory import (
    INVENTORY_ROW_FIELDS,
    PositionRow,
    catalogues_searched,
    position_row,
    position_rows,
)
from .inventory_quantities import (
    inventory_quantities,
    inventory_quantity,
    inventory_quantity_aggregate,
    parent_of_quantity,
    position_of_quantity,
    quantities_aggregate_of_position,
    quantities_of_position,
)


def inventory_catalogue(_: Any, info: Info, ref: str) -> Any:
    """Query.inventoryCatalogue."""
    call = call_of(info)
    found = call.reading(lambda account: _profile(account, ref))
    return found or missing(call, f"inventory catalogue {ref!r}")


def inventory_catalogues(_: Any, info: Info, **arguments: Any) -> Connection:
    """Query.inventoryCatalogues."""
    call = call_of(info)
    search = EntityArguments(arguments, INVENTORY_CATALOGUE)
    return call.reading(
        lambda account: entity_connection(
            [catalogue.profile for catalogue in account.catalogues.values()],
            search,
            window_of(arguments, call),
        )
    )


def inventory_position(_: Any, info: Info, ref: str, catalogue: Mapping[str, Any]) -> Any:
    """Query.inventoryPosition."""
    call = call_of(info)

    def look(account: Account) -> PositionRow | None:
        found = account.catalogues.get(catalogue["ref"])
        number = None if found is None else found.find_by_ref(ref)
        return None if found is None or number is None else position_row(found, number)

    return call.reading(look) or missing(call, f"position {ref!r} in {catalogue['ref']!r}")


def inventory_positions(_: Any, info: Info, **arguments: Any) -> Connection:
    """Query.inventoryPositions."""
    return _positions(call_of(info), arguments)


def positions_of_catalogue(
    profile: InventoryCatalogueProfile, info: Info, **arguments: Any
) -> Connection:
    """InventoryCatalogue.inventoryPositions."""
    return _positions(call_of(info), arguments, profile)


def inventory_position_aggregate(
    _: Any, info: Info, catalogue: Mapping[str, Any], **arguments: Any
) -> Any:
    """Query.inventoryPositionAggregate: the positions of a product, on hand summed up."""
    call = call_of(info)
    product_ref: str = arguments["productRef"]

    def look(account: Account) -> Aggregate:
        found = account.catalogues.get(catalogue["ref"])
        if found is None:
            return Aggregate(0, 0)
        locations: frozenset[str] | None = None
        if arguments.get("networkRef") is not None:
            network = account.networks.get(arguments["networkRef"])
            locations = frozenset() if network is None else network.location_refs
        rows = positions_of_product(
            found,
            product_ref,
            PositionFilter(
                location_refs=locations,
                statuses=wanted(arguments, "status"),
                types=wanted(arguments, "type"),
            ),
            call.budget,
        )
        return Aggregate(len(rows), sum(map(found.on_hand, rows)))

    return call.reading(look)


def _profile(account: Account, ref: str) -> InventoryCatalogueProfile | None:
    catalogue = account.catalogues.get(ref)
    return None if catalogue is None else catalogue.profile


def _positions(
    call: Call, arguments: Arguments, inside: InventoryCatalogueProfile | None = None
) -> Connection:
    window = window_of(arguments, call)
    search = PositionFilter(
        refs=wanted(arguments, "ref"),
        types=wanted(arguments, "type"),
        statuses=wanted(arguments, "status"),
        product_refs=wanted(arguments, "productRef"),
        location_refs=wanted(arguments, "locationRef"),
        on_hand=numbers(arguments, "onHand", call.behaviour),
        created=span(arguments, "createdOn"),
        updated=span(arguments, "updatedOn"),
    )

    def look(account: Account) -> Connection:
        catalogues = catalogues_searched(account, arguments, inside)
        call.pay_for(arguments, len(catalogues) - 1)
        keys, has_previous, has_next = positions_page(catalogues, search, window)
        by_number = {catalogue.number: catalogue for catalogue in catalogues}
        edges: list[Edge] = []
        for number, catalogue in by_number.items():
            base, end = key_base(number), key_base(number + 1)
            found = [key for key in keys if base <= key < end]
            rows = position_rows(catalogue, [key - base for key in found])
            edges += map(Edge, rows, found)
        return Connection(edges, has_previous, has_next)

    return call.reading(look)


INVENTORY_QUERIES: Mapping[str, Any] = {
    "inventoryCatalogue": inventory_catalogue,
    "inventoryCatalogues": inventory_catalogues,
    "inventoryPosition": inventory_position,
    "inventoryPositions": inventory_positions,
    "inventoryQuantity": inventory_quantity,
    "inventoryQuantities": inventory_quantities,
    "inventoryPositionAggregate": inventory_position_aggregate,
    "inventoryQuantityAggregate": inventory_quantity_aggregate,
}

INVENTORY_FIELDS: Mapping[str, Mapping[str, Any]] = {
    **INVENTORY_ROW_FIELDS,
    "InventoryCatalogue": {
        **INVENTORY_ROW_FIELDS["InventoryCatalogue"],
        "inventoryPositions": positions_of_catalogue,
    },
    "InventoryPosition": {
        **INVENTORY_ROW_FIELDS["InventoryPosition"],
        "quantities": quantities_of_position,
        "quantitiesAggregate": quantities_aggregate_of_position,
    },
    "InventoryQuantity": {
        **INVENTORY_ROW_FIELDS["InventoryQuantity"],
        "position": position_of_quantity,
        "parent": parent_of_quantity,
    },
}
