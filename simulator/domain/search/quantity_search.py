"""Which quantities a reader asks for, a page at a time.

They are listed position by position, each one's own count first and then in order of creation.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import islice
from types import MappingProxyType
from typing import NamedTuple

from ..catalogue.inventory_catalogue import InventoryCatalogue
from ..inventory import ACTIVE, LAST_ON_HAND, NO_DETAILS, InventoryQuantity
from ..refs import key_base
from .criteria import Span, Wanted
from .paging import Window, blocks

LOOKING_AT = 10
"""Rows that could be passed by in the time that one quantity takes to be looked at."""
_LISTED = 4
"""Quantities of a position that are listed while one row is passed by."""

_NUMBER_BITS = 48


class QuantityFilter(NamedTuple):
    """What a quantity must have; None is anything, an empty collection nothing.

    `details` are texts by their name in QuantityDetails, to be met exactly (Stock Segmentation,
    Data Model and API Overview, 27 Mar 2026).
    """

    refs: Wanted = None
    types: Wanted = None
    statuses: Wanted = None
    quantity: Callable[[int], bool] | None = None
    created: Span | None = None
    updated: Span | None = None
    expected: Span | None = None
    expires: Span | None = None
    details: Mapping[str, Collection[str | None]] = MappingProxyType({})

    def matches(self, quantity: InventoryQuantity) -> bool:
        """Whether a quantity is looked for."""
        details = quantity.details or NO_DETAILS
        return (
            (self.refs is None or quantity.ref in self.refs)
            and (self.types is None or quantity.type in self.types)
            and (self.statuses is None or quantity.status in self.statuses)
            and (self.quantity is None or self.quantity(quantity.quantity))
            and (self.created is None or self.created.contains(quantity.created_at))
            and (self.updated is None or self.updated.contains(quantity.updated_at))
            and (self.expected is None or _lies_in(self.expected, details.expected_on))
            and (self.expires is None or _lies_in(self.expires, details.expires_on))
            and all(getattr(details, name) in values for name, values in self.details.items())
        )


def _lies_in(span: Span, moment: int | None) -> bool:
    return moment is not None and span.contains(moment)


class FoundQuantity(NamedTuple):
    """A quantity with the catalogue it is in and its key in the list."""

    catalogue: InventoryCatalogue
    quantity: InventoryQuantity
    key: int


class QuantityPage(NamedTuple):
    """A page of quantities in order, and whether others lie before and behind it."""

    found: list[FoundQuantity]
    has_previous: bool
    has_next: bool


def quantities_page(
    catalogues: Sequence[InventoryCatalogue],
    wanted: QuantityFilter,
    window: Window,
    position: int | None = None,
) -> QuantityPage:
    """The quantities that match in these catalogues, or at one position of the only one."""
    ordered = list(catalogues)
    if window.backward:
        ordered.reverse()
    matching = (
        found
        for catalogue in ordered
        for found in _walk(catalogue, wanted, window, position)
        if wanted.matches(found.quantity)
    )
    found = list(islice(matching, window.size + 1))
    more = len(found) > window.size
    del found[window.size :]
    if window.backward:
        found.reverse()
        return QuantityPage(found, more, window.before is not None)
    return QuantityPage(found, window.after is not None, more)


def _walk(
    catalogue: InventoryCatalogue,
    wanted: QuantityFilter,
    window: Window,
    position: int | None,
) -> Iterator[FoundQuantity]:
    """The quantities inside the window, from the end that the reader comes from."""
    first = _key(catalogue, 0, 0)
    last = _key(catalogue, len(catalogue.positions), 0)
    low = first if window.after is None else max(first, window.after + 1)
    high = last if window.before is None else min(last, window.before)
    if low >= high:
        return
    rows: Sequence[int] = [] if position is None else [position]
    if position is None:
        rows = _rows(catalogue, wanted, _row(catalogue, low), _row(catalogue, high - 1) + 1)
    for block in blocks(rows, 0, len(rows), backward=window.backward):
        window.pass_by(len(block))
        held = _may_hold(catalogue, wanted, block)
        for row in reversed(held) if window.backward else held:
            quantities = catalogue.quantities_of(row)
            window.pass_by(len(quantities) // _LISTED)
            for quantity in reversed(quantities) if window.backward else quantities:
                key = _key(catalogue, row, quantity.number)
                if low <= key < high:
                    window.pass_by(LOOKING_AT)
                    yield FoundQuantity(catalogue, quantity, key)


def _rows(
    catalogue: InventoryCatalogue, wanted: QuantityFilter, start: int, stop: int
) -> Sequence[int]:
    """The positions from `start` up to `stop` that can hold what is looked for."""
    if wanted.refs is not None:
        positions = {catalogue.position_of_quantity(ref) for ref in wanted.refs if ref}
        return sorted(row for row in positions if row is not None and start <= row < stop)
    if not _may_be_a_plain_count(wanted):
        return sorted(row for row in catalogue.positions_with_ledgers() if start <= row < stop)
    return range(start, stop)


def _may_hold(
    catalogue: InventoryCatalogue, wanted: QuantityFilter, rows: Sequence[int]
) -> Sequence[int]:
    """Those positions that hold more than a plain count, or one that may be looked for."""
    table, ledgers = catalogue.positions, catalogue.positions_with_ledgers()
    counts, counted_at, created_at = table.counts, table.counted_at, table.created_at
    if wanted.quantity is not None:
        fits = wanted.quantity
        rows = [row for row in rows if fits(counts[row]) or row in ledgers]
    if wanted.updated is not None:
        span = wanted.updated
        rows = [row for row in rows if span.contains(counted_at[row]) or row in ledgers]
    if wanted.created is not None:
        span = wanted.created
        rows = [row for row in rows if span.contains(created_at[row]) or row in ledgers]
    return rows


def _may_be_a_plain_count(wanted: QuantityFilter) -> bool:
    """Whether an ACTIVE LAST_ON_HAND without details is looked for, as most positions hold."""
    return (
        (wanted.types is None or LAST_ON_HAND in wanted.types)
        and (wanted.statuses is None or ACTIVE in wanted.statuses)
        and all(None in values for values in wanted.details.values())
        and wanted.expected is None
        and wanted.expires is None
    )


def _key(catalogue: InventoryCatalogue, row: int, number: int) -> int:
    return (key_base(catalogue.number) + row) << _NUMBER_BITS | number


def _row(catalogue: InventoryCatalogue, key: int) -> int:
    return (key >> _NUMBER_BITS) - key_base(catalogue.number)
