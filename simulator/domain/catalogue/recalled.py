"""A catalogue that is made again of what a snapshot's file tells of it.

Nothing happens by it: no history is written, nothing grows old, and what follows from other things
is worked out anew.
"""

from collections.abc import Iterable
from typing import NamedTuple

from ..faults import NotUnique, RuleError
from ..inventory import RESERVING_TYPES, BatchSource, InventoryQuantity
from .inventory_catalogue import InventoryCatalogue
from .position_refs import PositionDetails
from .positions import NO_COUNT


class RecalledPosition(NamedTuple):
    """A position as it was; `amount` and `counted_by` are of a plain count, if there was one.

    `written` is a stock on hand that a mutation has set.
    """

    product_ref: str
    location_ref: str
    status: str
    created_at: int
    updated_at: int
    counted_at: int
    amount: int | None
    counted_by: BatchSource | None
    written: int | None
    is_status_due: bool
    details: PositionDetails | None


def recall_numbers(
    catalogue: InventoryCatalogue, statuses: Iterable[str], made: int, folded: int
) -> None:
    """Have these statuses of positions, and so many quantities made and folded; raises RuleError.

    The catalogue is still empty.
    """
    catalogue.positions.recall_statuses(statuses)
    catalogue.go_on_from(made=made, folded=folded)


def recall_position(catalogue: InventoryCatalogue, recalled: RecalledPosition) -> None:
    """Have this position, as the last one; raises RuleError."""
    table = catalogue.positions
    product_ref, location_ref = recalled.product_ref, recalled.location_ref
    if table.find(product_ref, location_ref) is not None:
        raise NotUnique(f"there is a position of {product_ref} at {location_ref}")
    details, counted_by = recalled.details, recalled.counted_by
    own_ref = None if details is None else details.ref
    number = catalogue.add_position(
        product_ref, location_ref, recalled.status, recalled.created_at, own_ref
    )
    table.updated_at[number] = recalled.updated_at
    table.counted_at[number] = recalled.counted_at
    if recalled.amount is not None and counted_by is not None:
        packed = counted_by.packed()
        if packed == NO_COUNT:
            raise RuleError(f"no count can be set by {counted_by}")
        table.counts[number] = recalled.amount
        table.counted_by[number] = packed
    if details is not None and (details.type is not None or details.attributes is not None):
        made = catalogue.new_details_of(number)
        made.type, made.attributes = details.type, details.attributes
    if recalled.written is not None:
        catalogue.stock.ledger(number).written = recalled.written
    due = catalogue.statuses.due
    if recalled.is_status_due:
        due.add(number)
    else:
        due.discard(number)


def recall_quantity(
    catalogue: InventoryCatalogue, quantity: InventoryQuantity, *, apart: bool
) -> None:
    """Have this quantity, under its number; raises RuleError.

    Only a position's own count may have the number 0, which a count has that was a plain one; one
    that came with details has a number like any other. Who is under whom is recalled later.
    """
    stock, position, number = catalogue.stock, quantity.position, quantity.number
    if position >= len(catalogue.positions):
        raise RuleError(f"{catalogue.ref} has no position with the number {position}")
    is_own = quantity.ref == stock.count_ref(position)
    if number == 0 and not is_own:
        raise RuleError(f"{quantity.ref} has the number 0, which is for a position's own count")
    if is_own and catalogue.positions.plain_count(position) is not None:
        raise RuleError(f"{quantity.ref} is there already, as a plain count")
    if number > stock.made:
        raise RuleError(f"{quantity.ref} has the number {number}: {stock.made} at most were made")
    stock.recall(quantity)
    if apart:
        if quantity.details is None or quantity.type not in RESERVING_TYPES:
            raise RuleError(f"{quantity.ref} is no reservation of stock that is only expected")
        stock.ledgers[position].set_apart(quantity, apart=True)
