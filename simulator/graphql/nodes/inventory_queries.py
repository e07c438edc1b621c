"""The queries that read inventory back, and the nested fields that lead from one to another.

Fluent docs: GraphQL inventory queries, 1 July 2024.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ...domain.account.account import Account
from ...domain.catalogue.inventory_catalogue import InventoryCatalogue
from ...domain.entities import InventoryCatalogueProfile
from ...domain.events import INVENTORY_CATALOGUE
from ...domain.refs import key_base
from ...domain.search.position_search import PositionFilter, positions_of_product, positions_page
from ...domain.search.quantity_search import (
    LOOKING_AT,
    FoundQuantity,
    QuantityFilter,
    QuantityPage,
    quantities_page,
)
from ..arguments import Arguments, has_any, numbers, span, wanted
from ..connections import Connection, Edge, window_of
from ..context import Call, Info, call_of
from .common import WORKFLOW_VERSION, Aggregate, catalogues_asked_for, missing
from .entities import EntityArguments, entity_connection
from .inventory import (
    INVENTORY_ROW_FIELDS,
    PositionRow,
    QuantityRow,
    catalogue_of,
    position_row,
    quantity_row,
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


def inventory_quantity(_: Any, info: Info, ref: str, catalogue: Mapping[str, Any]) -> Any:
    """Query.inventoryQuantity."""
    call = call_of(info)

    def look(account: Account) -> QuantityRow | None:
        found = account.catalogues.get(catalogue["ref"])
        return None if found is None else find_quantity(found, ref)

    return call.reading(look) or missing(call, f"quantity {ref!r} in {catalogue['ref']!r}")


def inventory_quantities(_: Any, info: Info, **arguments: Any) -> Connection:
    """Query.inventoryQuantities."""
    call = call_of(info)
    return call.reading(
        lambda account: _quantities(call, _catalogues(account, arguments), arguments)
    )


def quantities_of_position(row: PositionRow, info: Info, **arguments: Any) -> Connection:
    """InventoryPosition.quantities."""
    call = call_of(info)

    def look(account: Account) -> Connection:
        inside = _catalogues(account, arguments, row.catalogue)
        return _quantities(call, inside, arguments, row.number)

    return call.reading(look)


def position_of_quantity(row: QuantityRow, info: Info) -> PositionRow:
    """InventoryQuantity.position."""
    return call_of(info).reading(
        lambda account: position_row(catalogue_of(account, row), row.position)
    )


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


def inventory_quantity_aggregate(
    _: Any, info: Info, position: Mapping[str, Any], **arguments: Any
) -> Any:
    """Query.inventoryQuantityAggregate: the quantities of a position, summed up."""
    call = call_of(info)

    def look(account: Account) -> Aggregate:
        found = account.catalogues.get(position["catalogue"]["ref"])
        number = None if found is None else found.find_by_ref(position["ref"])
        if found is None or number is None:
            return Aggregate(0, 0)
        return _aggregate(call, found, number, arguments)

    return call.reading(look)


def quantities_aggregate_of_position(row: PositionRow, info: Info, **arguments: Any) -> Aggregate:
    """InventoryPosition.quantitiesAggregate."""
    call = call_of(info)
    return call.reading(
        lambda account: _aggregate(call, catalogue_of(account, row), row.number, arguments)
    )


def find_quantity(catalogue: InventoryCatalogue, ref: str) -> QuantityRow | None:
    """The quantity with this ref, plain counts included."""
    position = catalogue.position_of_quantity(ref)
    if position is None:
        return None
    found = (quantity for quantity in catalogue.quantities_of(position) if quantity.ref == ref)
    return next((quantity_row(FoundQuantity(catalogue, quantity, 0)) for quantity in found), None)


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
        catalogues = _catalogues(account, arguments, inside)
        call.pay_for(arguments, len(catalogues) - 1)
        keys, has_previous, has_next = positions_page(catalogues, search, window)
        by_number = {catalogue.number: catalogue for catalogue in catalogues}
        edges: list[Edge] = []
        for number, catalogue in by_number.items():
            base, end = key_base(number), key_base(number + 1)
            edges += [
                Edge(position_row(catalogue, key - base), key) for key in keys if base <= key < end
            ]
        return Connection(edges, has_previous, has_next)

    return call.reading(look)


def _quantities(
    call: Call,
    catalogues: Sequence[InventoryCatalogue],
    arguments: Arguments,
    position: int | None = None,
) -> Connection:
    search = QuantityFilter(
        refs=wanted(arguments, "ref"),
        types=wanted(arguments, "type"),
        statuses=wanted(arguments, "status"),
        conditions=wanted(arguments, "condition"),
        storage_area_refs=wanted(arguments, "storageAreaRef"),
        quantity=numbers(arguments, "quantity", call.behaviour),
        created=span(arguments, "createdOn"),
        updated=span(arguments, "updatedOn"),
        expected=span(arguments, "expectedOn"),
    )
    call.pay_for(arguments, len(catalogues) - 1)
    page: QuantityPage = quantities_page(catalogues, search, window_of(arguments, call), position)
    edges = [Edge(quantity_row(found), found.key) for found in page.found]
    return Connection(edges, page.has_previous, page.has_next)


def _aggregate(
    call: Call, catalogue: InventoryCatalogue, position: int, arguments: Arguments
) -> Aggregate:
    search = QuantityFilter(
        types=wanted(arguments, "type"),
        statuses=wanted(arguments, "status"),
        expected=span(arguments, "expectedOn"),
    )
    quantities = catalogue.quantities_of(position)
    call.budget.spend(LOOKING_AT * len(quantities))
    matching = list(filter(search.matches, quantities))
    return Aggregate(len(matching), sum(quantity.quantity for quantity in matching))


def _catalogues(
    account: Account, arguments: Arguments, inside: InventoryCatalogueProfile | None = None
) -> list[InventoryCatalogue]:
    """The catalogues that a search goes over; all follow the workflow of their type."""
    if not has_any(arguments, "workflowVersion", WORKFLOW_VERSION):
        return []
    refs = catalogues_asked_for(arguments)
    return [
        catalogue
        for ref, catalogue in account.catalogues.items()
        if (refs is None or ref in refs)
        and (inside is None or ref == inside.ref)
        and has_any(arguments, "workflowRef", f"{INVENTORY_CATALOGUE}::{catalogue.profile.type}")
    ]


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
    },
}
