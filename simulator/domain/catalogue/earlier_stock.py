"""The stock of a catalogue as a late reader sees it, who does not see what is new.

Put together from what is and from the bounded accounts of what was: columns are copied, quantities
that have not changed are the same. For reading only. What has no account, such as the status of a
position or the attributes of a quantity, is as it is now.
"""

from array import array
from collections.abc import Collection, Iterable, Mapping
from copy import copy
from dataclasses import replace
from itertools import chain
from typing import NamedTuple

from ..as_of import AsOf, MadeSoFar
from ..inventory import BatchSource, InventoryQuantity, PositionLedger
from .history import HistoryEntry
from .positions import NO_COUNT, PositionTable
from .stock import Stock

_COLUMNS = ("counts", "counted_at", "counted_by", "created_at", "updated_at", "statuses")


class Earlier(NamedTuple):
    """What was before what a reader does not see, of one catalogue: only what is another now."""

    as_of: AsOf
    states: Mapping[tuple[int, str | None], HistoryEntry]
    """Of quantities, by position and ref; None stands for a plain count."""
    on_hand: Mapping[int, int]
    dated: Mapping[int, int]
    """When the stock on hand had become so, where that is known."""


class EarlierTable(PositionTable):
    """The first positions of a table, with columns of their own."""

    @classmethod
    def of(cls, table: PositionTable, rows: int) -> "EarlierTable":
        """So many of them."""
        earlier = cls.__new__(cls)
        earlier.__dict__.update(table.__dict__)
        for name in _COLUMNS:
            setattr(earlier, name, getattr(table, name)[:rows])
        earlier.products = table.products.until(rows)
        earlier.locations = table.locations.until(rows)
        return earlier

    def find(self, product_ref: str, location_ref: str) -> int | None:
        """The number of the position of a product at a location."""
        row = super().find(product_ref, location_ref)
        return row if row is None or row < len(self) else None

    def at_location(self, location_ref: str) -> Collection[int]:
        """The numbers of the positions at a location, in order of creation."""
        return [row for row in super().at_location(location_ref) if row < len(self)]

    def of_product(self, product_ref: str) -> list[int]:
        """The numbers of the positions of a product, in order of creation."""
        return [row for row in super().of_product(product_ref) if row < len(self)]


def rows_seen(created_at: "array[int]", as_of: AsOf, made: MadeSoFar) -> int:
    """How many positions a late reader sees; they stand in order of creation."""
    rows = len(created_at)
    while rows > made.positions and as_of.is_unseen(created_at[rows - 1]):
        rows -= 1
    return rows


def earlier_stock(stock: Stock, earlier: Earlier, made: MadeSoFar) -> Stock | None:
    """The stock as it was; None where nothing was otherwise."""
    rows = rows_seen(stock.table.created_at, earlier.as_of, made)
    unseen = {quantity.ref for quantity in _unseen_quantities(stock, earlier.as_of, made)}
    changed = {position for position, _ in earlier.states} | earlier.on_hand.keys()
    changed |= {stock.by_ref[ref].position for ref in unseen}
    if rows == len(stock.table) and not changed:
        return None
    table = EarlierTable.of(stock.table, rows)
    was = copy(stock)
    was.table, was.refs = table, stock.refs.over(table)
    was.ledgers, was.by_ref = dict(stock.ledgers), dict(stock.by_ref)
    gone = [was.ledgers.pop(position, None) for position in range(rows, len(stock.table))]
    for ref in chain(unseen, *(ledger.quantities for ledger in gone if ledger is not None)):
        was.by_ref.pop(ref, None)
    for position in changed:
        if position < rows:
            _put_back(was, position, earlier, unseen)
    return was


def _unseen_quantities(stock: Stock, as_of: AsOf, made: MadeSoFar) -> Iterable[InventoryQuantity]:
    """Those that were made since; a position's own count was there as a plain one before."""
    for quantity in reversed(stock.by_ref.values()):
        if quantity.number:
            if quantity.number <= made.quantities or not as_of.is_unseen(quantity.created_at):
                return
            yield quantity


def _put_back(was: Stock, position: int, earlier: Earlier, unseen: Collection[str]) -> None:
    """Give a position what it held."""
    table, states = was.table, earlier.states
    plain = states.get((position, None))
    on_hand = earlier.on_hand.get(position)
    if on_hand is None:
        on_hand = was.on_hand(position)
    else:
        table.updated_at[position] = earlier.dated.get(position, table.created_at[position])
    if plain is not None and table.counted_by[position] != NO_COUNT:
        table.counts[position], table.counted_at[position] = plain.quantity, plain.at
        source = plain.source
        table.counted_by[position] = source if isinstance(source, int) else 0
    now = was.ledgers.pop(position, None)
    ledger = PositionLedger(was.counting)
    for quantity in () if now is None else now.quantities.values():
        if quantity.ref in unseen:
            continue
        state = states.get((position, quantity.ref))
        if not quantity.number and plain is not None:
            state = plain
        each = quantity if state is None else _with(quantity, state)
        was.by_ref[each.ref] = each
        ledger.add(each)
    count = table.counts[position]
    if count + ledger.balance != on_hand:
        if ledger.balance == on_hand and earlier.as_of.is_unseen(table.counted_at[position]):
            table.counts[position], table.counted_by[position] = 0, NO_COUNT  # its first count
        else:
            ledger.written = on_hand
    if ledger.quantities or ledger.written is not None:
        was.ledgers[position] = ledger


def _with(quantity: InventoryQuantity, state: HistoryEntry) -> InventoryQuantity:
    return replace(
        quantity,
        quantity=state.quantity,
        status=state.status,
        updated_at=state.at,
        source=BatchSource.unpacked(state.source)
        if isinstance(state.source, int)
        else state.source,
    )
