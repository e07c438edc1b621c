"""The inventory catalogue: positions, their quantities, and the stock on hand that follows.

A count is absolute and all other quantities are relative; a stock on hand that a mutation has
written stands until the next one is calculated. The amounts and statuses that quantities had go
into the history, and what there is too much of is let go of, as the retention says. Refs and room
are checked for whoever asks: the workflow does, before it changes anything.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy

from ..as_of import MadeSoFar
from ..entities import InventoryCatalogueProfile
from ..faults import NotUnique
from ..inventory import (
    ACTIVE,
    CREATED,
    INACTIVE,
    BatchSource,
    EventSource,
    InventoryQuantity,
    PositionLedger,
    QuantityDetails,
    Source,
)
from ..refs import CatalogueRef, position_ref
from ..sizes import held_bytes
from .admission import Admission
from .earlier_stock import Earlier, earlier_stock
from .families import parent_ref_of
from .folding import add_to_count, add_to_sum
from .history import EarlierStates, Written
from .holdings import Holdings, quantity_bytes, shown_bytes
from .on_hand_log import OnHandPast
from .on_hand_timeline import OnHandTimeline, timeline
from .position_refs import PositionDetails, PositionRefs
from .positions import NO_COUNT, PositionTable
from .retention import Due, Retention
from .statuses import PositionStatuses
from .stock import Stock, StockRules


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
        self._on_hand_log = self._holdings.on_hand_log
        self._retention: Retention[InventoryCatalogue] = self._holdings.retention
        self._folded = 0
        self._stock = Stock(self.positions, self._refs, self._rules)
        self.counting = self._stock.counting
        self._ledgers = self._stock.ledgers
        self.statuses = PositionStatuses(self.positions, self._rules)
        self._due = self.statuses.due
        self.admission = Admission(ref, self._stock, self._holdings)

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
        if self._refs.may_be_taken(product_ref, location_ref, own_ref=own_ref):
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
        if self._due or status == CREATED:
            self.statuses.made(position, status)
        return position

    def add_positions(
        self, product_refs: Sequence[str], location_refs: Sequence[str], status: str, at: int
    ) -> range | None:
        """Create positions, of each product at its location; none where one may be refused."""
        if (
            self.admission.may_refuse(product_refs, location_refs)
            or status == CREATED != self._rules.first_status
        ):
            return None
        self._counted_positions.held += len(product_refs)
        return self.positions.add_all(product_refs, location_refs, status, at)

    def ref_of(self, position: int) -> str:
        """The ref of a position."""
        return self._refs.of(position)

    def refs_of(self, positions: Sequence[int]) -> list[str]:
        """The refs of some positions, one for one."""
        return self._refs.of_each(positions)

    def type_of(self, position: int) -> str:
        """The type of a position."""
        return self._refs.type_of(position)

    def types_of(self, positions: Sequence[int]) -> list[str]:
        """The types of some positions, one for one."""
        return self._refs.types_of(positions)

    def details_of(self, position: int) -> PositionDetails | None:
        """What a position has that few have, given by mutations; None if it has nothing of it."""
        return self._refs.details.get(position)

    def all_details(self) -> Iterable[PositionDetails]:
        """The details of all positions that have some."""
        return self._refs.details.values()

    def new_details_of(self, position: int) -> PositionDetails:
        """The details of a position, to be changed; empty ones where it has none."""
        return self._refs.details.setdefault(position, PositionDetails())

    def on_hand(self, position: int) -> int:
        """The sum of the quantities that count (Inventory quantity types, 10 Jan 2025)."""
        return self._stock.on_hand(position)

    def on_hand_of_each(self, positions: Sequence[int]) -> list[int]:
        """The stock on hand of some positions, one for one."""
        return self._stock.on_hand_of_each(positions)

    def write_on_hand(self, position: int, on_hand: int, at: int) -> None:
        """Set the stock on hand itself, until the workflow calculates the next one."""
        before = self.on_hand(position)
        self._stock.ledger(position).written = on_hand
        if on_hand != before:
            self.positions.updated_at[position] = at
            self._on_hand_log.note(self.number, position, at, before, on_hand)

    def times_written(self) -> int:
        """How many positions have a stock on hand that a mutation has set."""
        return sum(ledger.written is not None for ledger in self._ledgers.values())

    def note_change(self, position: int, on_hand_before: int, at: int) -> None:
        """Calculate the stock on hand anew, and date the position if that has changed something.

        Fluent docs: ForwardIfOnHandChanged, 8 Dec 2025.
        """
        ledger = self._ledgers.get(position)
        if ledger is not None:
            ledger.written = None
            if not ledger.quantities:
                del self._ledgers[position]
        on_hand = self.on_hand(position)
        if on_hand != on_hand_before:
            self._on_hand_log.note(self.number, position, at, on_hand_before, on_hand)
        if on_hand != on_hand_before or position in self._due:
            self.positions.updated_at[position] = at
            if self._due:
                self.statuses.calculated(position, on_hand)

    # -- quantities --------------------------------------------------------------------------

    def has_transients(self, position: int) -> bool:
        """Whether a DELTA, SALE or CORRECTION is active."""
        ledger = self._ledgers.get(position)
        return ledger is not None and bool(ledger.transients)

    def set_count(self, position: int, quantity: int, at: int, source: int) -> None:
        """Set the absolute count of a position and retire what the count supersedes.

        `source` is a packed BatchSource.
        """
        if position in self._ledgers:
            before = self._stock.on_hand(position)
            self._count_beside_others(position, quantity, at, source)
            self.note_change(position, before, at)
            return
        before = self.positions.counts[position]
        is_set = self._set_plain_count(position, quantity, at, source)
        if before != quantity:
            self._on_hand_log.note(self.number, position, at, before, quantity)
        if is_set or position in self._due:
            self.positions.updated_at[position] = at
            if self._due:
                self.statuses.calculated(position, quantity)

    def set_counts(self, counts: Iterable[tuple[int, int, int]], at: int) -> None:
        """Set counts as `set_count` does, of positions that hold nothing else, at once.

        Each is a position, an amount and a source; no thresholds are followed, and the status of
        none of these positions is due.
        """
        table = self.positions
        amounts, counted_at, counted_by = table.counts, table.counted_at, table.counted_by
        updated_at, number, made = table.updated_at, self.number, self._stock.made
        superseded: list[Written] = []
        for position, quantity, source in counts:
            by = counted_by[position]
            if by != NO_COUNT:
                before = amounts[position]
                if before == quantity:
                    counted_at[position] = at
                    counted_by[position] = source
                    continue
                was = (number, position, None, counted_at[position], by, before, ACTIVE, at, made)
                superseded.append(was)
            amounts[position] = quantity
            counted_at[position] = at
            counted_by[position] = source
            updated_at[position] = at
        self._on_hand_log.note_counts(number, at, len(superseded))
        self._history.write_all(superseded)

    def _count_beside_others(self, position: int, quantity: int, at: int, source: int) -> None:
        ledger = self._ledgers[position]
        line = BatchSource.unpacked(source)
        self._retire_transients(ledger, at, line)
        own = ledger.quantities.get(self._stock.count_ref(position))
        if own is None:
            self._set_plain_count(position, quantity, at, source)
        else:
            self._change(own, quantity, own.status, at, line, again=True)

    def _set_plain_count(self, position: int, quantity: int, at: int, source: int) -> bool:
        """Set the count in the table; False when it was the same already, and is dated only."""
        table = self.positions
        count = table.counts[position]
        counted_by = table.counted_by[position]
        if counted_by != NO_COUNT:
            if count == quantity:
                table.counted_at[position] = at
                table.counted_by[position] = source
                return False
            counted_at = table.counted_at[position]
            self._history.write(
                self.number,
                position,
                None,
                counted_at,
                counted_by,
                count,
                ACTIVE,
                at,
                self._stock.made,
            )
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
        return self._stock.quantity(ref)

    def find_quantity(self, ref: str) -> InventoryQuantity | None:
        """The quantity with this ref, plain counts included."""
        return self._stock.find(ref)

    def position_of_quantity(self, ref: str) -> int | None:
        """The position of the quantity with this ref, plain counts included."""
        return self._stock.position_of(ref)

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
        *,
        again: bool = False,
    ) -> InventoryQuantity:
        """Create the quantity `ref`, or set it again: all but its amount then stays as it is.

        `again`: it is dated also where the amount is the same, as by a record; a repeated delta or
        reservation does not date it. The caller has checked the ref and the parent, and that there
        is room.
        """
        known = self._stock.quantity(ref)
        if known is not None:
            self._change(known, quantity, known.status, at, source, again=again)
            return known
        created = InventoryQuantity(
            ref, position, quantity_type, quantity, status, at, at, source, attributes
        )
        created.details = details
        self._stock.add(created)
        if isinstance(source, EventSource):
            self._let_go(self._retention.watch(self, created))
        else:
            self._holdings.quantities.held += quantity_bytes(ref, attributes) + held_bytes(details)
        return created

    def set_shown(
        self,
        quantity: InventoryQuantity,
        attributes: Mapping[str, object] | None,
        details: QuantityDetails | None,
    ) -> None:
        """Give a quantity other attributes and details, for which there is room."""
        before = shown_bytes(quantity)
        quantity.attributes = attributes
        was_under = parent_ref_of(quantity.details)
        self._stock.set_details(quantity, details)
        self._holdings.quantities.held += shown_bytes(quantity) - before
        self._let_parent_go(was_under)

    def set_aside_plain_count(self, position: int) -> None:
        """Turn the plain count into a quantity with an object of its own, which can hold more."""
        aside = self._stock.set_aside_plain_count(position)
        if aside is not None:
            self._holdings.quantities.held += quantity_bytes(aside.ref, None)

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
        self._stock.set_type(quantity, quantity_type)
        quantity.updated_at = at
        if quantity.is_set_aside:
            self._let_go(self._retention.reconsider(self, quantity))

    def forget(self, quantity: InventoryQuantity) -> None:
        """Remove a quantity that events made for good."""
        self._folded += 1
        if quantity.attributes is not None or quantity.details is not None:
            self._holdings.quantities.held -= shown_bytes(quantity)
        self._stock.remove(quantity)
        self._let_parent_go(parent_ref_of(quantity.details))

    def is_parent(self, ref: str) -> bool:
        """Whether quantities are under the one with this ref."""
        return self._stock.families.is_parent(ref)

    def quantities_of(self, position: int) -> list[InventoryQuantity]:
        """Every quantity of a position in order of creation, its own count first."""
        return self._stock.quantities_of(position)

    def latest_quantities_of(self, position: int) -> Iterator[InventoryQuantity]:
        """The quantities of a position, the last that was made first; not its plain count."""
        ledger = self._ledgers.get(position)
        return iter(()) if ledger is None else reversed(ledger.quantities.values())

    def positions_with_ledgers(self) -> Collection[int]:
        """The positions that hold more than a plain count, in no order."""
        return self._ledgers.keys()

    def earlier_states(self, positions: Iterable[int]) -> EarlierStates:
        """What the quantities of these positions were before, as far as it is kept."""
        return self._history.of(self.number, set(positions))

    def past_of_on_hand(self, positions: Collection[int]) -> dict[int, OnHandPast]:
        """What the stock on hand of these positions was before, as far as it is kept."""
        return self._on_hand_log.of(self.number, positions)

    def timelines(self, positions: Sequence[int]) -> dict[int, OnHandTimeline]:
        """How the stock on hand of these positions came about, as far as it is known."""
        earlier = self._history.of(self.number, set(positions)).by_position()
        return {
            position: timeline(
                self.on_hand(position),
                self.positions.created_at[position],
                self.positions.updated_at[position],
                self.quantities_of(position),
                earlier.get(position, ()),
                self.counting,
                self._history.lost_until,
                self._retention.oldest_at,
            )
            for position in positions
        }

    @property
    def stock(self) -> Stock:
        """Its quantities, for those who keep them and make the catalogue again."""
        return self._stock

    def go_on_from(self, *, made: int, folded: int) -> None:
        """Go on from so many quantities that were made and were folded."""
        self._stock.made, self._folded = made, folded

    @property
    def made(self) -> MadeSoFar:
        """How many positions and quantities have been made."""
        return MadeSoFar(len(self.positions), self._stock.made)

    def seen_late(self, earlier: Earlier) -> "InventoryCatalogue":
        """The same as a late reader sees it, for reading only."""
        mark = earlier.as_of.mark.made.get(self.number, MadeSoFar())
        stock = earlier_stock(self._stock, earlier, mark)
        if stock is None:
            return self
        seen = copy(self)
        seen._stock, seen._ledgers = stock, stock.ledgers
        seen.positions, seen._refs = stock.table, stock.refs
        return seen

    @property
    def folded(self) -> int:
        """How many old event quantities were folded or forgotten to bound the memory."""
        return self._folded

    # -- what becomes of a quantity --------------------------------------------------------------

    def _change(
        self,
        quantity: InventoryQuantity,
        amount: int,
        status: str,
        at: int,
        source: Source,
        *,
        again: bool = False,
    ) -> None:
        """Write an amount and a status; `again`: the quantity is dated where both are the same."""
        if quantity.quantity == amount and quantity.status == status:
            if again:
                quantity.updated_at, quantity.source = at, source
            return
        self._history.write(
            self.number,
            quantity.position,
            quantity.ref,
            quantity.updated_at,
            quantity.source,
            quantity.quantity,
            quantity.status,
            at,
            self._stock.made,
        )
        self._ledgers[quantity.position].change(quantity, amount=amount, status=status)
        quantity.updated_at = at
        quantity.source = source
        if quantity.is_set_aside:
            self._let_go(self._retention.reconsider(self, quantity))

    def _retire_transients(self, ledger: PositionLedger, at: int, source: Source) -> None:
        ref, note = str(self.ref), self._holdings.note_retired
        for quantity in list(ledger.transients.values()):
            note(ref, quantity.ref, at, source)
            self._change(quantity, quantity.quantity, INACTIVE, at, source)

    # -- what there is too much of ---------------------------------------------------------------

    def _let_go(self, due: Iterable[Due["InventoryCatalogue"]]) -> None:
        """Forget quantities; sums of their positions stand for those that are stock on hand."""
        for catalogue, oldest in due:
            catalogue.forget(oldest)
            if oldest.is_transient:
                new_sum = add_to_sum(catalogue._stock, oldest)
                if new_sum is not None:
                    catalogue._let_sums_go(self._retention.watch_sum(catalogue, new_sum))

    def _let_parent_go(self, ref: str | None) -> None:
        """Let a quantity that was kept for what was under it grow old like all others."""
        if ref is None or self.is_parent(ref):
            return
        parent = self._stock.quantity(ref)
        if parent is not None:
            self._retention.release(self, parent)

    def _let_sums_go(self, due: Iterable[Due["InventoryCatalogue"]]) -> None:
        """Forget sums; the counts of their positions stand for those that are stock on hand."""
        for catalogue, oldest in due:
            if not oldest.is_transient or add_to_count(catalogue._stock, oldest):
                catalogue.forget(oldest)
            else:
                self._retention.take_back(catalogue, oldest)
