"""Available to promise: how much of a position can be promised as of a date.

Fluent docs: Future Inventory, Data Model and API Overview, 27 Mar 2026, and its release of 13 Apr
2026: on hand, what is expected by then, and what is reserved of both. A reservation is a quantity
under the one that it commits, so one that is under future stock counts with that, from its date on
(inferred). What expires by then is gone, with all that is under it (inferred). Whether a shipment
under its order is a part of it is a switch; each counts from its own date on.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ...behaviour import Behaviour
from ..inventory import ACTIVE, FUTURE_TYPES, RESERVING_TYPES, Counting, InventoryQuantity


class Promise(NamedTuple):
    """What can be promised as of a moment, in milliseconds since 1970; `reserved` is below 0.

    `on_hand` is what is left then of the stock on hand, without what is reserved of `expected`.
    """

    as_of: int
    on_hand: int
    expected: int
    reserved: int

    @property
    def quantity(self) -> int:
        """What can be promised: below 0 where more is reserved than there will be."""
        return self.on_hand + self.expected + self.reserved


class _Place(NamedTuple):
    """Where a quantity stands among the others.

    `expired` is whether it, or one that it is under, is gone by then; `future` is the future stock
    that it is or commits: the nearest above a reservation, with no stock on hand between. `order`
    is the future stock that future stock is under in the same way.
    """

    expired: bool = False
    future: InventoryQuantity | None = None
    order: InventoryQuantity | None = None


def promise(
    on_hand: int,
    quantities: Sequence[InventoryQuantity],
    as_of: int,
    counting: Counting,
    behaviour: Behaviour,
) -> Promise:
    """What can be promised of a position with this stock on hand and these quantities.

    A stock on hand that is not the sum of what counts was written by a mutation, and stands for
    all of it.
    """
    if not any(each.details for each in quantities):
        return Promise(as_of, on_hand, 0, 0)
    places = _places(quantities, as_of, counting, behaviour)
    is_calculated = on_hand == sum(map(counting.amount, quantities))
    parts = _parts(quantities, places) if behaviour.promise_parts == "within" else {}
    expected = reserved = 0
    for each in quantities:
        expired, future, _ = places[each.ref]
        if is_calculated and (expired or future is not None):
            on_hand -= counting.amount(each)
        if future is None or expired or not _has_come(future, as_of):
            continue
        if future is each:
            under = parts.get(each.ref)
            expected += each.quantity if under is None else max(0, each.quantity - under)
        elif each.type in RESERVING_TYPES and counting.is_of_stock(each):
            reserved += each.quantity
    return Promise(as_of, on_hand, expected, reserved)


def _parts(
    quantities: Sequence[InventoryQuantity], places: Mapping[str, _Place]
) -> Mapping[str, int]:
    """How much of future stock is told by future stock right under it, of those that have any."""
    parts = Counter[str]()
    for each in quantities:
        order = places[each.ref].order
        if order is not None:
            parts[order.ref] += each.quantity
    return parts


def _has_come(future: InventoryQuantity, as_of: int) -> bool:
    details = future.details
    return details is not None and details.expected_on is not None and details.expected_on <= as_of


def _places(
    quantities: Sequence[InventoryQuantity],
    as_of: int,
    counting: Counting,
    behaviour: Behaviour,
) -> Mapping[str, _Place]:
    """The place of each quantity by its ref; each is looked at once, however deep they are."""
    by_ref = {each.ref: each for each in quantities}
    places: dict[str, _Place] = {}
    for start in quantities:
        path: list[InventoryQuantity] = []
        waiting: InventoryQuantity | None = start
        on_path: set[str] = set()
        while waiting is not None and waiting.ref not in places and waiting.ref not in on_path:
            path.append(waiting)
            on_path.add(waiting.ref)
            parent = None if waiting.details is None else waiting.details.parent_ref
            waiting = None if parent is None else by_ref.get(parent)
        above = _Place() if waiting is None else places.get(waiting.ref, _Place())
        while path:
            each = path.pop()
            details = each.details
            expires_on = None if details is None else details.expires_on
            expired = above.expired or (expires_on is not None and expires_on <= as_of)
            future, order = above.future, None
            if _is_future(each, counting, behaviour):
                future, order = each, above.future
            if counting.is_type_of_stock(each.type) and each.type not in RESERVING_TYPES:
                future = None  # a sale, say, is of the stock on hand whatever it is under
            above = places[each.ref] = _Place(expired, future, order)
    return places


def _is_future(quantity: InventoryQuantity, counting: Counting, behaviour: Behaviour) -> bool:
    """Whether a quantity is stock that will come."""
    details = quantity.details
    if details is None or details.expected_on is None or quantity.status != ACTIVE:
        return False
    if behaviour.promise_future_types == "named":
        return quantity.type in FUTURE_TYPES
    return quantity.type not in RESERVING_TYPES and not counting.is_type_of_stock(quantity.type)
