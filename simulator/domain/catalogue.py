"""The inventory catalogue: positions, their quantities, and the stock on hand that follows.

`count` is absolute and `put_quantity` keeps everything relative; there is no third way in which
stock changes. Nearly every position holds nothing but a count, which lives in the position table;
a ledger is opened for a position as soon as it holds more.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from .entities import InventoryCatalogueProfile
from .faults import NotUnique
from .held import held_bytes
from .history import HistoryEntry
from .holdings import Holdings, quantity_bytes, shown_bytes
from .inventory import (
    ACTIVE,
    CREATED,
    FOLDED_INTO_COUNT,
    INACTIVE,
    LAST_ON_HAND,
    BatchSource,
    EventSource,
    InventoryQuantity,
    Ledger,
    QuantityDetails,
    RuleError,
    Source,
)
from .position_refs import PositionDetails, PositionRefs
from .positions import MOST_COUNT, NO_COUNT, PositionTable
from .refs import CatalogueRef, position_ref, quantity_ref
from .retention import FOLDED


class StockRules(NamedTuple):
    """What accounts may have different.

    `counting` are the statuses of quantities that are stock on hand (CalculateOnHand, 12 Aug
    2025); `first_status` is what a CREATED position becomes once the workflow has calculated it.
    """

    counting: frozenset[str] = frozenset({CREATED, ACTIVE})
    first_status: str = ACTIVE


class InventoryCatalogue:
    """The positions and quantities of one catalogue; positions go by number."""

    def __init__(
        self,
        ref: CatalogueRef,
        number: int,
        at: int = 0,
        rules: StockRules | None = None,
        holdings: Holdings | None = None,
    ) -> None:
        self.ref = ref
        self.number = number
        self._rules = rules or StockRules()
        self.profile = InventoryCatalogueProfile(
            number=number,
            ref=str(ref),
            type=ref.type,
            status=ACTIVE,
            created_at=at,
            updated_at=at,
            name=str(ref),
            retailer_refs=(ref.retailer_id,),
        )
        self._holdings = holdings or Holdings()
        self._counted_positions = self._holdings.positions
        self.positions = PositionTable(self._holdings.add_location)
        self._refs = PositionRefs(self.positions, ref.type)
        self._history = self._holdings.history
        self._retention = self._holdings.retention
        self._folded = 0
        self._ledgers: dict[int, Ledger] = {}
        self._quantities_made = 0
        # Positions that a mutation made and the workflow has not calculated yet.
        self._uncalculated: set[int] = set()
        self._quantities: dict[str, InventoryQuantity] = {}
        self._kept_endings = (f":{ref.type}:{LAST_ON_HAND}", f":{FOLDED}")

    # -- positions ---------------------------------------------------------------------------

    def find(self, product_ref: str, location_ref: str) -> int | None:
        """The position of a product at a location, if there is one."""
        return self.positions.find(product_ref, location_ref)

    def find_by_ref(self, ref: str) -> int | None:
        """The position with this ref."""
        return self._refs.find(ref)

    def add_position(
        self, product_ref: str, location_ref: str, status: str, at: int, own_ref: str | None = None
    ) -> int:
        """Create a position.

        Raises NotUnique when another position has the same ref, RuleError when there are too many.
        """
        if self._refs.may_be_taken(product_ref, location_ref, own_ref):
            ref = own_ref or position_ref(product_ref, location_ref, self.ref.type)
            if self._refs.find(ref) is not None:
                raise NotUnique(
                    f"the position ref {ref} already belongs to another product and location"
                )
        counted = self._counted_positions
        if counted.held >= counted.limit:
            self._holdings.check_positions(1, 0)
        position = self.positions.add(product_ref, location_ref, status, at)
        counted.held += 1
        if own_ref is not None:
            self._refs.name(position, own_ref)
        if status == CREATED != self._rules.first_status:
            self._uncalculated.add(position)
        return position

    def ref_of(self, position: int) -> str:
        """The ref of a position."""
        return self._refs.of(position)

    def type_of(self, position: int) -> str:
        """The type of a position."""
        return self._refs.type_of(position)

    def details_of(self, position: int) -> PositionDetails | None:
        """What a mutation has given a position."""
        return self._refs.details.get(position)

    def all_details(self) -> Iterable[PositionDetails]:
        """What mutations have given all positions."""
        return self._refs.details.values()

    def new_details_of(self, position: int) -> PositionDetails:
        """The same, to be filled."""
        return self._refs.details.setdefault(position, PositionDetails())

    def on_hand(self, position: int) -> int:
        """The sum of the quantities that count (Inventory quantity types, 10 Jan 2025)."""
        ledger = self._ledgers.get(position)
        count = self.positions.counts[position]
        if ledger is None:
            return count
        return count + ledger.balance if ledger.written is None else ledger.written

    def write_on_hand(self, position: int, on_hand: int, at: int) -> None:
        """Set the stock on hand itself, until the workflow calculates the next one."""
        before = self.on_hand(position)
        self._ledger(position).written = on_hand
        if on_hand != before:
            self.positions.updated_at[position] = at

    def note_change(self, position: int, on_hand_before: int, at: int) -> None:
        """Calculate the stock on hand anew, and date the position if that has changed something.

        Fluent docs: ForwardIfOnHandChanged, 8 Dec 2025.
        """
        ledger = self._ledgers.get(position)
        if ledger is not None:
            ledger.written = None
        if self.on_hand(position) != on_hand_before or position in self._uncalculated:
            self.positions.updated_at[position] = at
            if self._uncalculated:
                self._leave_created(position)

    def _leave_created(self, position: int) -> None:
        """What a mutation made is CREATED until its stock on hand is first calculated."""
        if position in self._uncalculated:
            self._uncalculated.remove(position)
            if self.positions.status(position) == CREATED:
                self.positions.set_status(position, self._rules.first_status)

    # -- quantities --------------------------------------------------------------------------

    def plain_count(self, position: int) -> int | None:
        """The quantity of a LAST_ON_HAND that has neither a ref nor attributes of its own."""
        table = self.positions
        return None if table.counted_by[position] == NO_COUNT else table.counts[position]

    def has_transients(self, position: int) -> bool:
        """Whether a DELTA, SALE or CORRECTION is active."""
        ledger = self._ledgers.get(position)
        return ledger is not None and bool(ledger.transients)

    def count(self, position: int, quantity: int, at: int, source: int) -> None:
        """Set the absolute count of a position and retire what the count supersedes.

        `source` is a packed BatchSource.
        """
        if position in self._ledgers:
            before = self.on_hand(position)
            self._count_beside_others(position, quantity, at, source)
            self.note_change(position, before, at)
        elif self._set_plain_count(position, quantity, at, source):
            self.positions.updated_at[position] = at
            if self._uncalculated:
                self._leave_created(position)

    def _count_beside_others(self, position: int, quantity: int, at: int, source: int) -> None:
        ledger = self._ledgers[position]
        line = BatchSource.unpacked(source)
        self._retire_transients(ledger, at, line)
        own = ledger.quantities.get(quantity_ref(self.ref_of(position), LAST_ON_HAND))
        if own is None:
            self._set_plain_count(position, quantity, at, source)
        else:
            self._change(own, quantity, own.status, at, line)

    def _set_plain_count(self, position: int, quantity: int, at: int, source: int) -> bool:
        """Set the count in the table; False when it is the same already."""
        table = self.positions
        count = table.counts[position]
        counted_by = table.counted_by[position]
        if counted_by != NO_COUNT:
            if count == quantity:
                return False
            counted_at = table.counted_at[position]
            self._history.write(self.number, position, None, counted_at, counted_by, count, ACTIVE)
        table.counts[position] = quantity
        table.counted_at[position] = at
        table.counted_by[position] = source
        return True

    def retire_transients(self, position: int, at: int, source: Source) -> None:
        """Make every active DELTA, SALE and CORRECTION of a position INACTIVE.

        Fluent docs: Inventory catalogue workflow, 18 Feb 2025; reservations stay.
        """
        ledger = self._ledgers.get(position)
        if ledger is not None:
            self._retire_transients(ledger, at, source)

    def quantity(self, ref: str) -> InventoryQuantity | None:
        """The quantity with this ref; plain counts excepted, which have no object of their own."""
        return self._quantities.get(ref)

    def position_of_quantity(self, ref: str) -> int | None:
        """The position of the quantity with this ref, plain counts included."""
        known = self._quantities.get(ref)
        if known is not None:
            return known.position
        owner, _, last = ref.rpartition(":")
        position = self.find_by_ref(owner) if last == LAST_ON_HAND else None
        return None if position is None or self.plain_count(position) is None else position

    def check_ref(self, ref: str, position: int | None, own_count: str | None = None) -> None:
        """Raise RuleError when a quantity of this position may not have this ref.

        Quantity refs are unique inside a catalogue (GraphQL schema docs), and the refs that are
        constructed for counts and for sums of older quantities are no sender's to give, but for
        `own_count`, the ref of the caller's own count.
        """
        known = self._quantities.get(ref)
        if known is not None and known.position != position:
            holder = self.ref_of(known.position)
            raise NotUnique(f"the quantity ref {ref} already belongs to position {holder}")
        owner, _, last = ref.rpartition(":")
        is_a_count = last == LAST_ON_HAND and self._refs.find(owner) is not None
        if ref != own_count and (is_a_count or ref.endswith(self._kept_endings)):
            raise RuleError(f"the quantity ref {ref} is kept for the simulator's own use")

    def put_quantity(
        self,
        position: int,
        ref: str,
        quantity_type: str,
        quantity: int,
        at: int,
        source: Source,
        attributes: Mapping[str, object] | None = None,
        status: str = ACTIVE,
        details: QuantityDetails | None = None,
    ) -> InventoryQuantity:
        """Create the quantity `ref`, or set it again: its status then stays as it is.

        The caller has checked the ref, and that there is room.
        """
        known = self._quantities.get(ref)
        if known is not None:
            if attributes is not None:
                self.show(known, attributes, known.details)
            self._change(known, quantity, known.status, at, source)
            return known
        created = InventoryQuantity(
            ref, position, quantity_type, quantity, status, at, at, source, attributes
        )
        created.details = details
        self._add(created)
        if isinstance(source, EventSource):
            self._retention.watch(self, created)
        else:
            self._holdings.quantities.held += quantity_bytes(ref, attributes) + held_bytes(details)
        return created

    def check_room(self, ref: str, attributes: Mapping[str, object] | None) -> None:
        """Raise RuleError when the quantity `ref` with these attributes would take too much."""
        known = self._quantities.get(ref)
        if known is None:
            self._holdings.check_quantities(quantity_bytes(ref, attributes))
        elif attributes:
            self._holdings.check_quantities(held_bytes(attributes) - held_bytes(known.attributes))

    def check_reservations(self, new_reservations: int) -> None:
        """Raise RuleError when events would make so many reservations more than are kept."""
        self._retention.check_room(new_reservations)

    def check_positions(self, new_positions: Collection[tuple[str, str]]) -> None:
        """Raise RuleError when these products and locations would be too many new positions."""
        locations = {location for _, location in new_positions}
        knows = self.positions.knows_location
        self._holdings.check_positions(
            len(new_positions), sum(not knows(location) for location in locations)
        )

    def show(
        self,
        quantity: InventoryQuantity,
        attributes: Mapping[str, object] | None,
        details: QuantityDetails | None,
    ) -> None:
        """Give a quantity other attributes and details, for which there is room."""
        before = shown_bytes(quantity)
        quantity.attributes, quantity.details = attributes, details
        self._holdings.quantities.held += shown_bytes(quantity) - before

    def fold(self, oldest: InventoryQuantity) -> InventoryQuantity | None:
        """Let the sum of older quantities stand for one that was forgotten.

        Returns the sum if it is a new one. A sum that was retired starts anew.
        """
        known, ref = self._sum_for(oldest)
        if known is None:
            new = replace(oldest, ref=ref, attributes=None, details=None)
            self._add(new)
            return new
        total = oldest.quantity
        if known.is_transient:
            total += known.quantity
        self._ledgers[known.position].change(known, amount=total, status=oldest.status)
        return None

    def _sum_for(self, oldest: InventoryQuantity) -> tuple[InventoryQuantity | None, str]:
        """The sum of a type and status that takes this quantity, if there is one, and its ref.

        A status may count as stock on hand where another does not, so each has a sum of its own. A
        mutation may have given a sum another type or status: it stands for what it says, and the
        next in number is taken.
        """
        position = self.ref_of(oldest.position)
        status = () if oldest.status == ACTIVE else (oldest.status,)
        number = 1
        while True:
            again = () if number == 1 else (str(number),)
            ref = quantity_ref(position, oldest.type, ":".join((*status, *again, FOLDED)))
            known = self._quantities.get(ref)
            if known is None:
                return None, ref
            is_retired = not (known.is_transient or known.lasts)
            if known.type == oldest.type and (is_retired or known.status == oldest.status):
                return known, ref
            number += 1

    def add_to_count(self, folded: InventoryQuantity) -> bool:
        """Let a position's own count stand for a sum, which the caller then forgets.

        False when that would change the stock on hand, now or after the next count.
        """
        position = folded.position
        own = self._quantities.get(quantity_ref(self.ref_of(position), LAST_ON_HAND))
        amount = folded.quantity if folded.status in self._rules.counting else 0
        if own is not None:
            if own.status in self._rules.counting:
                self._ledgers[position].change(own, amount=own.quantity + amount, status=own.status)
            return own.status in self._rules.counting
        table = self.positions
        total = table.counts[position] + amount
        if abs(total) >= MOST_COUNT:
            return False
        table.counts[position] = total
        table.counted_by[position] = FOLDED_INTO_COUNT.packed()
        return True

    def set_aside_plain_count(self, position: int) -> None:
        """Turn the plain count into a quantity with an object of its own, which can hold more."""
        table = self.positions
        count = self.plain_count(position)
        if count is None:
            return
        at = table.counted_at[position]
        source = BatchSource.unpacked(table.counted_by[position])
        table.counts[position], table.counted_by[position] = 0, NO_COUNT
        ref = quantity_ref(self.ref_of(position), LAST_ON_HAND)
        aside = InventoryQuantity(
            ref, position, LAST_ON_HAND, count, ACTIVE, table.created_at[position], at, source
        )
        self._quantities[ref] = aside
        self._ledger(position).add_first(aside)
        self._holdings.quantities.held += quantity_bytes(ref, None)

    def set_status(self, quantity: InventoryQuantity, status: str, at: int, source: Source) -> None:
        """Give a quantity another status."""
        self._change(quantity, quantity.quantity, status, at, source)

    def set_quantity(
        self, quantity: InventoryQuantity, amount: int, status: str, at: int, source: Source
    ) -> None:
        """Give a quantity another amount and status."""
        self._change(quantity, amount, status, at, source)

    def set_type(self, quantity: InventoryQuantity, quantity_type: str, at: int) -> None:
        """Give a quantity another type."""
        self._ledgers[quantity.position].change_type(quantity, quantity_type)
        quantity.updated_at = at
        if quantity.is_set_aside:
            self._retention.reconsider(self, quantity)

    def forget(self, quantity: InventoryQuantity) -> None:
        """Remove a quantity that events made for good."""
        self._folded += 1
        if quantity.attributes is not None or quantity.details is not None:
            self._holdings.quantities.held -= shown_bytes(quantity)
        ledger = self._ledgers[quantity.position]
        ledger.remove(quantity)
        if not ledger.quantities and ledger.written is None:
            del self._ledgers[quantity.position]
        del self._quantities[quantity.ref]

    def quantities_of(self, position: int) -> list[InventoryQuantity]:
        """Every quantity of a position in order of creation, its own count first."""
        table = self.positions
        found: list[InventoryQuantity] = []
        count = self.plain_count(position)
        if count is not None:
            found.append(
                InventoryQuantity(
                    ref=quantity_ref(self.ref_of(position), LAST_ON_HAND),
                    position=position,
                    type=LAST_ON_HAND,
                    quantity=count,
                    status=ACTIVE,
                    created_at=table.created_at[position],
                    updated_at=table.counted_at[position],
                    source=BatchSource.unpacked(table.counted_by[position]),
                )
            )
        ledger = self._ledgers.get(position)
        if ledger is not None:
            found.extend(ledger.quantities.values())
        return found

    def positions_with_ledgers(self) -> Collection[int]:
        """The positions that hold more than a plain count, in no order."""
        return self._ledgers.keys()

    def earlier_states(
        self, positions: Iterable[int]
    ) -> dict[tuple[int, str | None], list[HistoryEntry]]:
        """What the quantities of these positions were before, as far as it is kept."""
        return self._history.of(self.number, set(positions))

    @property
    def folded(self) -> int:
        """How many old event quantities were folded or forgotten to bound the memory."""
        return self._folded

    # -- the two places where a quantity changes -----------------------------------------------

    def _change(
        self, quantity: InventoryQuantity, amount: int, status: str, at: int, source: Source
    ) -> None:
        if quantity.quantity == amount and quantity.status == status:
            return
        self._history.write(
            self.number,
            quantity.position,
            quantity.ref,
            quantity.updated_at,
            quantity.source,
            quantity.quantity,
            quantity.status,
        )
        self._ledgers[quantity.position].change(quantity, amount=amount, status=status)
        quantity.updated_at = at
        quantity.source = source
        if quantity.is_set_aside:
            self._retention.reconsider(self, quantity)

    def _retire_transients(self, ledger: Ledger, at: int, source: Source) -> None:
        for quantity in list(ledger.transients.values()):
            self._change(quantity, quantity.quantity, INACTIVE, at, source)

    def _add(self, quantity: InventoryQuantity) -> None:
        self._quantities_made += 1
        quantity.number = self._quantities_made
        self._quantities[quantity.ref] = quantity
        self._ledger(quantity.position).add(quantity)

    def _ledger(self, position: int) -> Ledger:
        ledger = self._ledgers.get(position)
        if ledger is None:
            ledger = self._ledgers[position] = Ledger(self._rules.counting)
        return ledger
