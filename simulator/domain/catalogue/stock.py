"""What the positions of a catalogue hold: their quantities, and the stock on hand that follows.

Nearly every position holds nothing but a count, which lives in the position table; a ledger is
opened for a position as soon as it holds more.
"""

from collections.abc import Sequence
from typing import NamedTuple

from ..faults import NotUnique
from ..inventory import (
    ACTIVE,
    CREATED,
    LAST_ON_HAND,
    RESERVING_TYPES,
    BatchSource,
    Counting,
    InventoryQuantity,
    PositionLedger,
    QuantityDetails,
)
from ..refs import quantity_ref
from .families import Families, parent_ref_of
from .position_refs import PositionRefs
from .positions import NO_COUNT, PositionTable


class StockRules(NamedTuple):
    """What accounts may have different.

    `counting` are the statuses of quantities that are stock on hand (CalculateOnHand, 12 Aug
    2025), `further_types` their types besides the documented ones; `first_status` is what a CREATED
    position becomes once the workflow has calculated it. Whether `reserved_ahead` counts: what is
    reserved of stock that is only expected. With `inactive_stays`, thresholds leave an INACTIVE
    position alone.
    """

    counting: frozenset[str] = frozenset({CREATED, ACTIVE})
    first_status: str = ACTIVE
    further_types: frozenset[str] = frozenset()
    reserved_ahead: bool = False
    inactive_stays: bool = True


class Stock:
    """Plain counts and quantities as they are, by position and by ref.

    It knows neither what they were nor how many there may be. `ledgers` is for those to read who
    look at every record of a load, `by_ref` for who tells what was, in the order of their making;
    `made` is how many quantities have been made.
    """

    def __init__(self, table: PositionTable, refs: PositionRefs, rules: StockRules) -> None:
        self.table = table
        self.refs = refs
        self.rules = rules
        self.counting = Counting(rules.counting, rules.further_types)
        self.families = Families(self.quantity, self.position_of, self.counting.is_type_of_stock)
        self.ledgers: dict[int, PositionLedger] = {}
        self.by_ref: dict[str, InventoryQuantity] = {}
        self.made = 0

    def on_hand(self, position: int) -> int:
        """The sum of the quantities that count (Inventory quantity types, 10 Jan 2025)."""
        ledger = self.ledgers.get(position)
        count = self.table.counts[position]
        if ledger is None:
            return count
        return count + ledger.balance if ledger.written is None else ledger.written

    def on_hand_of_each(self, positions: Sequence[int]) -> list[int]:
        """The stock on hand of some positions, one for one."""
        counts, ledgers = self.table.counts, self.ledgers
        return [
            self.on_hand(position) if position in ledgers else counts[position]
            for position in positions
        ]

    def count_ref(self, position: int) -> str:
        """The ref of a position's own count."""
        return quantity_ref(self.refs.of(position), LAST_ON_HAND)

    def own_count(self, position: int) -> InventoryQuantity | None:
        """A position's own count where it has an object of its own."""
        return self.by_ref.get(self.count_ref(position))

    def quantity(self, ref: str) -> InventoryQuantity | None:
        """The quantity with this ref; plain counts excepted, which have no object of their own."""
        return self.by_ref.get(ref)

    def find(self, ref: str) -> InventoryQuantity | None:
        """The quantity with this ref, plain counts included."""
        known = self.by_ref.get(ref)
        position = self.position_of(ref) if known is None else None
        return known if position is None else self._counted(position)

    def position_of(self, ref: str) -> int | None:
        """The position of the quantity with this ref, plain counts included."""
        known = self.by_ref.get(ref)
        if known is not None:
            return known.position
        owner, _, last = ref.rpartition(":")
        position = self.refs.find(owner) if last == LAST_ON_HAND else None
        return None if position is None or self.table.plain_count(position) is None else position

    def quantities_of(self, position: int) -> list[InventoryQuantity]:
        """Every quantity of a position in order of creation, its own count first."""
        found: list[InventoryQuantity] = []
        count = self._counted(position)
        if count is not None:
            found.append(count)
        ledger = self.ledgers.get(position)
        if ledger is not None:
            found.extend(ledger.quantities.values())
        return found

    def ledger(self, position: int) -> PositionLedger:
        """The ledger of a position, which is opened where there is none."""
        ledger = self.ledgers.get(position)
        if ledger is None:
            ledger = self.ledgers[position] = PositionLedger(self.counting)
        return ledger

    def add(self, quantity: InventoryQuantity) -> None:
        """Take in a new quantity, and number it."""
        self.made += 1
        quantity.number = self.made
        self.by_ref[quantity.ref] = quantity
        self.ledger(quantity.position).add(quantity)
        if quantity.details is not None or self.families.is_parent(quantity.ref):
            self.families.enter(quantity)
            self._reconsider(quantity, None)

    def recall(self, quantity: InventoryQuantity) -> None:
        """Take in a quantity that has its number; raises NotUnique.

        Who is under whom, and what is apart, is recalled once all are here.
        """
        if quantity.ref in self.by_ref:
            raise NotUnique(f"the quantity ref {quantity.ref} is taken")
        self.by_ref[quantity.ref] = quantity
        self.ledger(quantity.position).add(quantity)

    def put_in_order(self) -> None:
        """Have the quantities that were recalled in the order of their making."""
        in_order = sorted(self.by_ref.values(), key=lambda each: each.number)
        self.by_ref = {each.ref: each for each in in_order}

    def set_details(self, quantity: InventoryQuantity, details: QuantityDetails | None) -> None:
        """Give a quantity other details, another parent among them."""
        if parent_ref_of(details) == parent_ref_of(quantity.details):
            quantity.details = details
            return
        was_expected = self.families.is_expected_stock(quantity)
        self.families.leave(quantity)
        quantity.details = details
        self.families.enter(quantity)
        self._reconsider(quantity, was_expected)

    def set_type(self, quantity: InventoryQuantity, quantity_type: str) -> None:
        """Give a quantity another type."""
        was_expected = self.families.is_expected_stock(quantity)
        self.ledgers[quantity.position].change_type(quantity, quantity_type)
        self._reconsider(quantity, was_expected)

    def _reconsider(self, quantity: InventoryQuantity, was_expected: bool | None) -> None:
        """Decide anew which reservations, here and below, are of stock that is only expected.

        There may be thousands below: they are left alone where the quantity is to them what it was.
        """
        if self.rules.reserved_ahead:
            return
        is_expected = self.families.is_expected_stock(quantity)
        if is_expected is None:
            return
        self._set_apart(quantity, apart=is_expected and quantity.type in RESERVING_TYPES)
        if is_expected != was_expected:
            for reservation in self.families.reservations_under(quantity):
                self._set_apart(reservation, apart=is_expected)

    def _set_apart(self, quantity: InventoryQuantity, *, apart: bool) -> None:
        if apart != (quantity.ref in self.counting.apart):
            self.ledgers[quantity.position].set_apart(quantity, apart=apart)

    def remove(self, quantity: InventoryQuantity) -> None:
        """Remove a quantity for good, and with the last one the ledger."""
        ledger = self.ledgers[quantity.position]
        ledger.remove(quantity)
        if quantity.details is not None:
            self.families.leave(quantity)
            self.counting.apart.discard(quantity.ref)
        if not ledger.quantities and ledger.written is None:
            del self.ledgers[quantity.position]
        del self.by_ref[quantity.ref]

    def set_aside_plain_count(self, position: int) -> InventoryQuantity | None:
        """Turn the plain count, if there is one, into a quantity that can hold more."""
        aside = self._counted(position)
        if aside is not None:
            table = self.table
            table.counts[position], table.counted_by[position] = 0, NO_COUNT
            self.by_ref[aside.ref] = aside
            self.ledger(position).add_first(aside)
        return aside

    def _counted(self, position: int) -> InventoryQuantity | None:
        """The plain count as a quantity."""
        table = self.table
        count = table.plain_count(position)
        if count is None:
            return None
        return InventoryQuantity(
            ref=self.count_ref(position),
            position=position,
            type=LAST_ON_HAND,
            quantity=count,
            status=ACTIVE,
            created_at=table.created_at[position],
            updated_at=table.counted_at[position],
            source=BatchSource.unpacked(table.counted_by[position]),
        )
