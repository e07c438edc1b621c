"""What mutations do to positions and quantities: each checks all before it changes anything.

Fluent docs: GraphQL schema docs. What is created has the status CREATED; a quantity stays at its
position. That a position keeps its product and location is a limit of the simulator.
"""

from collections.abc import Sequence
from typing import NamedTuple

from ..catalogue.inventory_catalogue import InventoryCatalogue
from ..entities import Attributes, upserted
from ..faults import NegativeValue, NotFound, NotUnique, RuleError
from ..inventory import (
    CREATED,
    LAST_ON_HAND,
    NO_DETAILS,
    InventoryQuantity,
    MutationSource,
    QuantityDetails,
)
from ..refs import quantity_ref
from ..search.paging import ReadBudget
from .shown_values import ShownValues, updated_values

_SETTING = 2
"""Rows that could be passed by in the time that the status of one is set."""


class NewPosition(NamedTuple):
    """A position to be."""

    ref: str
    type: str
    product_ref: str
    location_ref: str
    on_hand: int | None
    attributes: Attributes


class PositionChanges(NamedTuple):
    """New values of a position; None leaves one as it is."""

    status: str | None = None
    type: str | None = None
    product_ref: str | None = None
    location_ref: str | None = None
    on_hand: int | None = None
    attributes: Attributes | None = None


class QuantityChanges(NamedTuple):
    """New values of a quantity; None leaves one as it is, in its details too."""

    status: str | None = None
    type: str | None = None
    quantity: int | None = None
    attributes: Attributes | None = None
    details: QuantityDetails = NO_DETAILS


def find_position(catalogue: InventoryCatalogue, ref: str) -> int:
    """The position with this ref; raises NotFound."""
    position = catalogue.find_by_ref(ref)
    if position is None:
        raise NotFound(f"there is no position {ref!r} in {catalogue.ref}")
    return position


def create_position(catalogue: InventoryCatalogue, new: NewPosition, at: int) -> int:
    """Create a position; raises NotUnique."""
    known = catalogue.find(new.product_ref, new.location_ref)
    if known is not None:
        raise NotUnique(
            f"the position {catalogue.ref_of(known)} has this product and location already"
        )
    if catalogue.find_by_ref(new.ref) is not None:
        raise NotUnique(f"the position ref {new.ref} is taken")
    if catalogue.quantity(quantity_ref(new.ref, LAST_ON_HAND)) is not None:
        raise NotUnique(f"the ref of the count of {new.ref} is taken by another quantity")
    position = catalogue.add_position(new.product_ref, new.location_ref, CREATED, at, new.ref)
    details = catalogue.new_details_of(position)
    details.type = None if new.type == catalogue.ref.type else new.type
    details.attributes = new.attributes
    if new.on_hand is not None:
        catalogue.write_on_hand(position, new.on_hand, at)
    return position


def update_position(
    catalogue: InventoryCatalogue, position: int, changes: PositionChanges, at: int
) -> None:
    """Change a position; raises RuleError."""
    table = catalogue.positions
    for what, given, kept in (
        ("product", changes.product_ref, table.product_ref(position)),
        ("location", changes.location_ref, table.location_ref(position)),
    ):
        if given is not None and given != kept:
            raise RuleError(
                f"the position keeps its {what} {kept!r}: create another one for {given!r}"
            )
    details = catalogue.details_of(position)
    attributes = upserted(details.attributes if details else None, changes.attributes or {})
    if changes.status is not None:
        catalogue.statuses.write(position, changes.status)
    if changes.type is not None:
        catalogue.new_details_of(position).type = changes.type
    if changes.attributes is not None:
        catalogue.new_details_of(position).attributes = attributes
    if changes.on_hand is not None:
        catalogue.write_on_hand(position, changes.on_hand, at)
    table.updated_at[position] = at


def set_status_at_location(
    catalogue: InventoryCatalogue, location_ref: str, status: str, at: int, budget: ReadBudget
) -> int:
    """Give every position at a location this status; returns how many there are.

    Raises TooMuchToRead, and has then changed nothing.
    """
    table = catalogue.positions
    positions = table.at_location(location_ref)
    budget.spend(_SETTING * len(positions))
    for position in positions:
        catalogue.statuses.write(position, status)
        table.updated_at[position] = at
    return len(positions)


def create_quantity(
    catalogue: InventoryCatalogue,
    position: int,
    ref: str,
    values: QuantityChanges,
    at: int,
    source: MutationSource,
) -> InventoryQuantity:
    """Create a quantity at a position and calculate its stock on hand; raises RuleError."""
    quantity_type, amount = values.type or "", values.quantity or 0
    _check_amount(quantity_type, amount)
    if catalogue.position_of_quantity(ref) is not None:
        raise NotUnique(f"the quantity ref {ref} is taken")
    own_count = quantity_ref(catalogue.ref_of(position), LAST_ON_HAND)
    catalogue.admission.check_ref(
        ref, position, own_count if quantity_type == LAST_ON_HAND else None
    )
    catalogue.admission.check_parent(ref, position, values.details)
    before = catalogue.on_hand(position)
    attributes, details = shown = _shown_values(values, None)
    catalogue.admission.check_room(ref, *shown)
    created = catalogue.put_quantity(
        position, ref, quantity_type, amount, at, source, attributes, CREATED, details
    )
    catalogue.note_change(position, before, at)
    return created


def update_quantity(
    catalogue: InventoryCatalogue,
    ref: str,
    changes: QuantityChanges,
    at: int,
    source: MutationSource,
) -> InventoryQuantity:
    """Change a quantity and calculate its position's stock on hand; raises RuleError."""
    position = catalogue.position_of_quantity(ref)
    if position is None:
        raise NotFound(f"there is no quantity {ref!r} in {catalogue.ref}")
    known = catalogue.quantity(ref)
    quantity_type = changes.type or (LAST_ON_HAND if known is None else known.type)
    amount = changes.quantity
    if amount is None:
        amount = (
            (catalogue.positions.plain_count(position) or 0) if known is None else known.quantity
        )
    _check_amount(quantity_type, amount)
    own_count = quantity_ref(catalogue.ref_of(position), LAST_ON_HAND)
    if ref == own_count and quantity_type != LAST_ON_HAND:
        raise RuleError(f"the quantity {ref} is its position's count, it keeps its type")
    catalogue.admission.check_parent(ref, position, changes.details)
    shown = _shown_values(changes, known)
    catalogue.admission.check_room(ref, *shown)
    before = catalogue.on_hand(position)
    if known is None:
        catalogue.set_aside_plain_count(position)
        known = catalogue.quantity(ref)
        assert known is not None
    if quantity_type != known.type:
        catalogue.set_type(known, quantity_type, at)
    catalogue.set_shown(known, *shown)
    catalogue.set_quantity(known, amount, changes.status or known.status, at, source)
    known.updated_at = at
    catalogue.note_change(position, before, at)
    return known


def set_quantity_statuses(
    catalogue: InventoryCatalogue,
    position: int,
    refs: Sequence[str],
    status: str,
    at: int,
    source: MutationSource,
) -> None:
    """Give quantities of a position one status, and calculate its stock on hand once.

    Raises RuleError where there is no room for a plain count with a status of its own, and has then
    changed nothing.
    """
    for ref in refs:
        if catalogue.quantity(ref) is None:
            catalogue.admission.check_room(ref, None, None)
    before = catalogue.on_hand(position)
    for ref in refs:
        known = catalogue.quantity(ref)
        if known is None:
            catalogue.set_aside_plain_count(position)
            known = catalogue.quantity(ref)
            assert known is not None
        catalogue.set_quantity(known, known.quantity, status, at, source)
        known.updated_at = at
    if refs:
        catalogue.note_change(position, before, at)


def _check_amount(quantity_type: str, amount: int) -> None:
    if quantity_type == LAST_ON_HAND and amount < 0:
        raise NegativeValue(f"a LAST_ON_HAND is a count: found {amount}, expected 0 or more")


def _shown_values(changes: QuantityChanges, known: InventoryQuantity | None) -> ShownValues:
    given = (changes.attributes or {}).values()
    values = {attribute.name: attribute.value for attribute in given}
    types = {attribute.name: attribute.type for attribute in given}
    return updated_values(known, values, types, changes.details)
