"""How older quantities are folded: into a sum for their position, and the sum into its count.

By neither does the stock on hand change, now or after the next count, which retires sums and
quantities alike.
"""

from dataclasses import replace

from ..inventory import ACTIVE, FOLDED_INTO_COUNT, InventoryQuantity
from ..refs import quantity_ref
from .positions import MOST_COUNT
from .stock import Stock

FOLDED = "FOLDED"
"""The last part of the ref of a sum of older quantities."""


def add_to_sum(stock: Stock, oldest: InventoryQuantity) -> InventoryQuantity | None:
    """Let the sum of older quantities stand for one that was removed.

    Returns the sum if it is a new one. A sum that was retired starts anew.
    """
    known, ref = _sum_for(stock, oldest)
    if known is None:
        new = replace(oldest, ref=ref, attributes=None, details=None)
        stock.add(new)
        return new
    total = oldest.quantity
    if known.is_transient:
        total += known.quantity
    stock.ledgers[known.position].change(known, amount=total, status=oldest.status)
    return None


def add_to_count(stock: Stock, folded: InventoryQuantity) -> bool:
    """Let a position's own count stand for a sum, which the caller then removes.

    False when that would change the stock on hand, now or after the next count.
    """
    position, counting = folded.position, stock.rules.counting
    own = stock.own_count(position)
    amount = folded.quantity if folded.status in counting else 0
    if own is not None:
        if own.status in counting:
            changed = own.quantity + amount
            stock.ledgers[position].change(own, amount=changed, status=own.status)
        return own.status in counting
    table = stock.table
    total = table.counts[position] + amount
    if abs(total) >= MOST_COUNT:
        return False
    table.counts[position] = total
    table.counted_by[position] = FOLDED_INTO_COUNT.packed()
    return True


def _sum_for(stock: Stock, oldest: InventoryQuantity) -> tuple[InventoryQuantity | None, str]:
    """The sum of a type and status that takes this quantity, if there is one, and its ref.

    A status may count as stock on hand where another does not, so each has a sum of its own. A
    mutation may have given a sum another type or status: it stands for what it says, and the next
    in number is taken.
    """
    position = stock.refs.of(oldest.position)
    status = () if oldest.status == ACTIVE else (oldest.status,)
    number = 1
    while True:
        again = () if number == 1 else (str(number),)
        ref = quantity_ref(position, oldest.type, ":".join((*status, *again, FOLDED)))
        known = stock.quantity(ref)
        if known is None:
            return None, ref
        is_retired = not (known.is_transient or known.lasts)
        if known.type == oldest.type and (is_retired or known.status == oldest.status):
            return known, ref
        number += 1
