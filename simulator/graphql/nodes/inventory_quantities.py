"""The queries that read quantities back, and the nested fields that lead to and from them.

Fluent docs: GraphQL inventory queries, 1 July 2024; Stock Segmentation, Data Model and API
Overview, 27 Mar 2026.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ...domain.account.account import Account
from ...domain.catalogue.inventory_catalogue import InventoryCatalogue
from ...domain.quantity_fields import TEXTS
from ...domain.search.quantity_search import (
    LOOKING_AT,
    FoundQuantity,
    QuantityFilter,
    QuantityPage,
    quantities_page,
)
from ..arguments import Arguments, numbers, span, wanted
from ..connections import Connection, Edge, window_of
from ..context import Call, Info, call_of
from .common import Aggregate, missing
from .inventory import (
    PositionRow,
    QuantityRow,
    catalogue_of,
    catalogues_searched,
    position_row,
    quantity_row,
)


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
        lambda account: _quantities(call, catalogues_searched(account, arguments), arguments)
    )


def quantities_of_position(row: PositionRow, info: Info, **arguments: Any) -> Connection:
    """InventoryPosition.quantities."""
    call = call_of(info)

    def look(account: Account) -> Connection:
        inside = catalogues_searched(account, arguments, row.catalogue)
        return _quantities(call, inside, arguments, row.number)

    return call.reading(look)


def position_of_quantity(row: QuantityRow, info: Info) -> PositionRow:
    """InventoryQuantity.position."""
    return call_of(info).reading(
        lambda account: position_row(catalogue_of(account, row), row.position)
    )


def parent_of_quantity(row: QuantityRow, info: Info) -> QuantityRow | None:
    """InventoryQuantity.parent; no quantity is let go of while another one is under it."""
    ref = row.details.parent_ref
    if ref is None:
        return None
    call = call_of(info)

    def look(account: Account) -> QuantityRow | None:
        call.budget.spend(LOOKING_AT)
        found = find_quantity(catalogue_of(account, row), ref)
        return found if found is not None and found.position == row.position else None

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
    found = catalogue.find_quantity(ref)
    return None if found is None else quantity_row(FoundQuantity(catalogue, found, 0))


def _quantities(
    call: Call,
    catalogues: Sequence[InventoryCatalogue],
    arguments: Arguments,
    position: int | None = None,
) -> Connection:
    search = _quantity_filter(arguments)._replace(
        refs=wanted(arguments, "ref"),
        quantity=numbers(arguments, "quantity", call.behaviour),
        created=span(arguments, "createdOn"),
        updated=span(arguments, "updatedOn"),
    )
    parent = arguments.get("parent")
    if parent is not None:
        catalogues = [each for each in catalogues if str(each.ref) == parent["catalogue"]["ref"]]
    call.pay_for(arguments, len(catalogues) - 1)
    page: QuantityPage = quantities_page(catalogues, search, window_of(arguments, call), position)
    edges = [Edge(quantity_row(found), found.key) for found in page.found]
    return Connection(edges, page.has_previous, page.has_next)


def _quantity_filter(arguments: Arguments) -> QuantityFilter:
    """What lists and aggregates of quantities are both searched by."""
    texts = {field: wanted(arguments, name) for name, field in TEXTS.items()}
    parent = arguments.get("parent")
    texts["parent_ref"] = None if parent is None else [parent["ref"]]
    return QuantityFilter(
        types=wanted(arguments, "type"),
        statuses=wanted(arguments, "status"),
        expected=span(arguments, "expectedOn"),
        expires=span(arguments, "expiresOn"),
        details={field: values for field, values in texts.items() if values is not None},
    )


def _aggregate(
    call: Call, catalogue: InventoryCatalogue, position: int, arguments: Arguments
) -> Aggregate:
    search = _quantity_filter(arguments)
    parent = arguments.get("parent")
    if parent is not None and parent["catalogue"]["ref"] != str(catalogue.ref):
        return Aggregate(0, 0)
    quantities = catalogue.quantities_of(position)
    call.budget.spend(LOOKING_AT * len(quantities))
    matching = list(filter(search.matches, quantities))
    return Aggregate(len(matching), sum(quantity.quantity for quantity in matching))
