"""Mutations of inventory catalogues, positions and quantities."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ...clock import milliseconds
from ...domain.account.account import Account
from ...domain.catalogue.inventory_catalogue import InventoryCatalogue
from ...domain.entities import InventoryCatalogueProfile
from ...domain.events import INVENTORY_CATALOGUE
from ...domain.faults import NotFound, NotUnique, RuleError
from ...domain.inventory import CREATED, MutationSource, QuantityDetails
from ...domain.quantity_fields import MOMENTS, TEXTS
from ...domain.refs import CatalogueRef, position_id, quantity_id
from ...domain.workflow.workflow import (
    NewPosition,
    PositionChanges,
    QuantityChanges,
    create_position,
    create_quantity,
    find_position,
    set_status_at_location,
    update_position,
    update_quantity,
)
from ..arguments import Arguments
from ..context import Call
from ..nodes.common import Aggregate
from ..nodes.inventory import PositionRow, QuantityRow, position_row
from ..nodes.inventory_quantities import find_quantity
from .common import attributes_of, changed, mutation, texts

MOST_CATALOGUES = 1_000


def create_inventory_catalogue(
    call: Call, account: Account, arguments: Arguments
) -> InventoryCatalogueProfile:
    """Mutation.createInventoryCatalogue."""
    given = arguments["input"]
    ref = given["ref"]
    if ref in account.catalogues:
        raise NotUnique(f"the inventory catalogue ref {ref} is taken")
    if len(account.catalogues) >= MOST_CATALOGUES:
        raise RuleError(f"there are {MOST_CATALOGUES:,} inventory catalogues, no more are kept")
    retailers = call.settings.retailers
    last = ref.rpartition(":")[2]
    name = CatalogueRef(given["type"], last if last in retailers else retailers[0], ref)
    catalogue = account.add_catalogue(name, call.clock.now())
    profile = replace(
        catalogue.profile,
        status=CREATED,
        name=given["name"],
        description=given.get("description"),
        attributes=attributes_of(given),
        retailer_refs=texts(given, "retailerRefs") or (),
    )
    account.describe(catalogue, profile)
    call.entity_log.created(INVENTORY_CATALOGUE, ref, str(catalogue.number), catalogue)
    return catalogue.profile


def update_inventory_catalogue(
    call: Call, account: Account, arguments: Arguments
) -> InventoryCatalogueProfile:
    """Mutation.updateInventoryCatalogue."""
    given = arguments["input"]
    catalogue = _catalogue(account, given)
    if given.get("type") not in (None, catalogue.ref.type):
        raise RuleError(
            f"the catalogue keeps its type {catalogue.ref.type!r}, which its positions are named "
            "after: create another one"
        )
    retailer_refs = texts(given, "retailerRefs")
    now = call.clock.now()
    account.describe(catalogue, changed(catalogue.profile, given, now, retailer_refs=retailer_refs))
    return catalogue.profile


def create_inventory_position(call: Call, account: Account, arguments: Arguments) -> PositionRow:
    """Mutation.createInventoryPosition."""
    given = arguments["input"]
    catalogue = _catalogue(account, given["catalogue"])
    if given.get("quantities"):
        raise RuleError(
            "/input/quantities names quantities, which stay at their positions: create the "
            "position first, then its quantities"
        )
    new = NewPosition(
        given["ref"],
        given["type"],
        given["productRef"],
        given["locationRef"],
        given.get("onHand"),
        attributes_of(given),
    )
    position = create_position(catalogue, new, call.clock.now())
    entity_id = position_id(catalogue.number, position)
    call.entity_log.created("INVENTORY_POSITION", new.ref, entity_id, catalogue)
    return position_row(catalogue, position)


def update_inventory_position(call: Call, account: Account, arguments: Arguments) -> PositionRow:
    """Mutation.updateInventoryPosition."""
    given = arguments["input"]
    catalogue = _catalogue(account, given["catalogue"])
    position = find_position(catalogue, given["ref"])
    for key in filter(None, given.get("quantities") or ()):
        if catalogue.position_of_quantity(key["ref"]) != position:
            raise NotFound(f"there is no quantity {key['ref']!r} at the position {given['ref']!r}")
    changes = PositionChanges(
        given.get("status"),
        given.get("type"),
        given.get("productRef"),
        given.get("locationRef"),
        given.get("onHand"),
        attributes_of(given) or None,
    )
    update_position(catalogue, position, changes, call.clock.now())
    return position_row(catalogue, position)


def update_positions_status_by_location(
    call: Call, account: Account, arguments: Arguments
) -> Aggregate:
    """Mutation.updateInventoryPositionsStatusByLocation."""
    wanted, given = arguments["filter"], arguments["input"]
    catalogue = _catalogue(account, wanted["catalogue"])
    at = call.clock.now()
    location_ref, status = wanted["locationRef"], given["status"]
    count = set_status_at_location(catalogue, location_ref, status, at, call.budget)
    return Aggregate(count)


def create_inventory_quantity(
    call: Call, account: Account, arguments: Arguments
) -> QuantityRow | None:
    """Mutation.createInventoryQuantity."""
    given = arguments["input"]
    catalogue = _catalogue(account, given["catalogue"])
    if given["position"]["catalogue"]["ref"] != given["catalogue"]["ref"]:
        raise RuleError("/input/position is of another catalogue than /input/catalogue")
    position = find_position(catalogue, given["position"]["ref"])
    source = MutationSource("createInventoryQuantity")
    values = _quantity_changes(given)
    at = call.clock.now()
    created = create_quantity(catalogue, position, given["ref"], values, at, source)
    entity_id = quantity_id(catalogue.number, position, created.number)
    call.entity_log.created("INVENTORY_QUANTITY", created.ref, entity_id, catalogue)
    return find_quantity(catalogue, given["ref"])


def update_inventory_quantity(
    call: Call, account: Account, arguments: Arguments
) -> QuantityRow | None:
    """Mutation.updateInventoryQuantity."""
    given = arguments["input"]
    catalogue = _catalogue(account, given["catalogue"])
    source = MutationSource("updateInventoryQuantity")
    update_quantity(catalogue, given["ref"], _quantity_changes(given), call.clock.now(), source)
    return find_quantity(catalogue, given["ref"])


def _catalogue(account: Account, key: Mapping[str, Any]) -> InventoryCatalogue:
    catalogue = account.catalogues.get(key["ref"])
    if catalogue is None:
        known = ", ".join(account.catalogues)
        raise NotFound(f"there is no inventory catalogue {key['ref']!r}; there are {known}")
    return catalogue


def _quantity_changes(given: Arguments) -> QuantityChanges:
    return QuantityChanges(
        given.get("status"),
        given.get("type"),
        given.get("quantity"),
        attributes_of(given) or None,
        _details(given),
    )


def _details(given: Arguments) -> QuantityDetails:
    """The fields of a quantity that few have; raises RuleError for a parent that cannot be."""
    values: dict[str, Any] = {field: given.get(name) for name, field in TEXTS.items()}
    for name, field in MOMENTS.items():
        if given.get(name) is not None:
            values[field] = milliseconds(given[name])
    parent = given.get("parent")
    if parent is not None:
        if parent["catalogue"]["ref"] != given["catalogue"]["ref"]:
            raise RuleError("/input/parent is of another catalogue than /input/catalogue")
        values["parent_ref"] = parent["ref"]
    return QuantityDetails(**values)


INVENTORY_MUTATIONS: Mapping[str, Any] = {
    "createInventoryCatalogue": mutation(create_inventory_catalogue),
    "updateInventoryCatalogue": mutation(update_inventory_catalogue),
    "createInventoryPosition": mutation(create_inventory_position),
    "updateInventoryPosition": mutation(update_inventory_position),
    "createInventoryQuantity": mutation(create_inventory_quantity, of_quantity=True),
    "updateInventoryQuantity": mutation(update_inventory_quantity, of_quantity=True),
    "updateInventoryPositionsStatusByLocation": mutation(update_positions_status_by_location),
}
