"""Inventory catalogues, positions and quantities as rows, and the fields of those rows."""

from collections.abc import Callable, Mapping, Sequence
from itertools import repeat
from operator import attrgetter
from typing import Any, NamedTuple

from ...domain.account.account import Account
from ...domain.catalogue.inventory_catalogue import InventoryCatalogue
from ...domain.entities import Attribute, InventoryCatalogueProfile
from ...domain.events import INVENTORY_CATALOGUE
from ...domain.inventory import NO_DETAILS, QuantityDetails
from ...domain.quantity_fields import MOMENTS, TEXTS
from ...domain.refs import key_base, position_id, quantity_id
from ...domain.search.quantity_search import FoundQuantity
from ..arguments import Arguments, has_any
from ..row_plan import PlainField
from ..scalars import moment_text
from .common import (
    AGGREGATE_FIELDS,
    ATTRIBUTE_FIELDS,
    WORKFLOW_VERSION,
    Fields,
    catalogues_asked_for,
    entity_fields,
    plain,
    shown,
    whole_number,
)


class PositionRow(NamedTuple):
    """A position at one moment; times in milliseconds since 1970."""

    catalogue: InventoryCatalogueProfile
    number: int
    ref: str
    type: str
    status: str
    product_ref: str
    location_ref: str
    on_hand: int
    created_at: int
    updated_at: int
    attributes: Sequence[Attribute]

    @property
    def key(self) -> int:
        """Its place in the list of all positions."""
        return key_base(self.catalogue.number) + self.number


class QuantityRow(NamedTuple):
    """A quantity at one moment; times in milliseconds since 1970."""

    catalogue: InventoryCatalogueProfile
    position: int
    number: int
    ref: str
    type: str
    quantity: int
    status: str
    created_at: int
    updated_at: int
    attributes: Mapping[str, object] | None
    details: QuantityDetails


def position_rows(catalogue: InventoryCatalogue, numbers: Sequence[int]) -> list[PositionRow]:
    """Positions as they are now, read a column at a time."""
    table = catalogue.positions
    details = [catalogue.details_of(number) for number in numbers]
    columns = zip(
        repeat(catalogue.profile),
        numbers,
        catalogue.refs_of(numbers),
        catalogue.types_of(numbers),
        table.statuses_of(numbers),
        table.products.at_each(numbers),
        table.locations.at_each(numbers),
        catalogue.on_hand_of_each(numbers),
        [table.created_at[number] for number in numbers],
        [table.updated_at[number] for number in numbers],
        [shown(known.attributes) if known else () for known in details],
    )
    return list(map(PositionRow._make, columns))


def position_row(catalogue: InventoryCatalogue, number: int) -> PositionRow:
    """A position as it is now.

    Read past columns: quantities with their positions take a sixth less time by it.
    """
    table = catalogue.positions
    details = catalogue.details_of(number)
    return PositionRow(
        catalogue.profile,
        number,
        catalogue.ref_of(number),
        catalogue.type_of(number),
        table.status(number),
        table.product_ref(number),
        table.location_ref(number),
        catalogue.on_hand(number),
        table.created_at[number],
        table.updated_at[number],
        shown(details.attributes) if details else (),
    )


def quantity_row(found: FoundQuantity) -> QuantityRow:
    """A quantity as it is now."""
    quantity = found.quantity
    return QuantityRow(
        found.catalogue.profile,
        quantity.position,
        quantity.number,
        quantity.ref,
        quantity.type,
        quantity.quantity,
        quantity.status,
        quantity.created_at,
        quantity.updated_at,
        quantity.attributes,
        quantity.details or NO_DETAILS,
    )


def catalogue_of(account: Account, row: PositionRow | QuantityRow) -> InventoryCatalogue:
    """The catalogue that a row was read from."""
    return account.catalogues[row.catalogue.ref]


def catalogues_searched(
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


def _quantity_attributes(row: QuantityRow) -> list[Attribute]:
    """A batch's attributes carry no types, so those follow from the values."""
    types = row.details.attribute_types
    return [
        Attribute(name, types.get(name) or _type_of(value), value)
        for name, value in (row.attributes or {}).items()
    ]


def _detail(field: str) -> Callable[[QuantityRow], str | None]:
    read = attrgetter(f"details.{field}")
    return lambda row: read(row)


def _moment(field: str) -> Callable[[QuantityRow], str | None]:
    read = attrgetter(f"details.{field}")

    def text(row: QuantityRow) -> str | None:
        moment = read(row)
        return None if moment is None else moment_text(moment)

    return text


def _type_of(value: object) -> str:
    for kind, name in ((bool, "BOOLEAN"), (int, "INTEGER"), (float, "FLOAT"), (str, "STRING")):
        if isinstance(value, kind):
            return name
    return "JSON"


def _row_fields() -> Fields:
    """What positions and quantities have in common; both follow their catalogue's workflow."""
    return plain(
        createdOn=lambda row: moment_text(row.created_at),
        updatedOn=lambda row: moment_text(row.updated_at),
        ref=attrgetter("ref"),
        type=attrgetter("type"),
        status=attrgetter("status"),
        workflowRef=lambda row: f"{INVENTORY_CATALOGUE}::{row.catalogue.type}",
        workflowVersion=lambda _: WORKFLOW_VERSION,
        catalogue=attrgetter("catalogue"),
    )


INVENTORY_ROW_FIELDS: Mapping[str, Mapping[str, Any]] = {
    "Attribute": ATTRIBUTE_FIELDS,
    "InventoryPositionAggregateOutput": AGGREGATE_FIELDS,
    "InventoryQuantityAggregateOutput": AGGREGATE_FIELDS,
    "UpdateStatusOutput": AGGREGATE_FIELDS,
    "InventoryCatalogue": {
        **entity_fields(INVENTORY_CATALOGUE),
        "retailerRefs": PlainField(lambda profile: list(profile.retailer_refs)),
    },
    "InventoryPosition": {
        **_row_fields(),
        **plain(
            id=lambda row: position_id(row.catalogue.number, row.number),
            productRef=attrgetter("product_ref"),
            locationRef=attrgetter("location_ref"),
            onHand=lambda row: whole_number(row.on_hand),
            attributes=attrgetter("attributes"),
        ),
    },
    "InventoryQuantity": {
        **_row_fields(),
        **plain(
            id=lambda row: quantity_id(row.catalogue.number, row.position, row.number),
            quantity=lambda row: whole_number(row.quantity),
            **{name: _detail(field) for name, field in TEXTS.items()},
            **{name: _moment(field) for name, field in MOMENTS.items()},
            attributes=_quantity_attributes,
        ),
    },
}
