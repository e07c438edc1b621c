"""The inventory catalogue: positions, their quantities, and the stock on hand that follows.

`count` is absolute and `put_quantity` keeps everything relative; there is no third way in which
stock changes. Nearly every position holds nothing but a count, which lives in the position table;
a ledger is opened for a position as soon as it holds more.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from .history import History, HistoryEntry
from .inventory import (
    ACTIVE,
    INACTIVE,
    LAST_ON_HAND,
    BatchSource,
    EventSource,
    InventoryQuantity,
    Ledger,
    RuleError,
    Source,
)
from .positions import NO_COUNT, PositionTable
from .refs import CatalogueRef, position_ref, quantity_ref
from .retention import FOLDED, Retention


class InventoryCatalogue:
    """The positions and quantities of one catalogue; positions go by number."""

    def __init__(self, ref: CatalogueRef, number: int) -> None:
        self.ref = ref
        self.number = number
        self.positions = PositionTable()
        self.history = History()
        self._ledgers: dict[int, Ledger] = {}
        self._quantities: dict[str, InventoryQuantity] = {}
        self._retention = Retention(self)
        self._kept_endings = (f":{ref.type}:{LAST_ON_HAND}", f":{FOLDED}")

    # -- positions ---------------------------------------------------------------------------

    def find(self, product_ref: str, location_ref: str) -> int | None:
        """The position of a product at a location, if there is one."""
        return self.positions.find(product_ref, location_ref)

    def find_by_ref(self, ref: str) -> int | None:
        """The position with this ref; the parts of a ref may themselves hold colons."""
        parts = ref.split(":")
        if len(parts) < 3 or parts[-1] != self.ref.type:
            return None
        for cut in range(1, len(parts) - 1):
            found = self.find(":".join(parts[:cut]), ":".join(parts[cut:-1]))
            if found is not None:
                return found
        return None

    def add_position(self, product_ref: str, location_ref: str, status: str, at: int) -> int:
        """Create a position; raises RuleError when another position has the same ref."""
        if ":" in product_ref or ":" in location_ref:
            ref = position_ref(product_ref, location_ref, self.ref.type)
            if self.find_by_ref(ref) is not None:
                raise RuleError(
                    f"the position ref {ref} already belongs to another product and location"
                )
        return self.positions.add(product_ref, location_ref, status, at)

    def ref_of(self, position: int) -> str:
        """The ref of a position."""
        table = self.positions
        return position_ref(
            table.product_ref(position), table.location_ref(position), self.ref.type
        )

    def on_hand(self, position: int) -> int:
        """The sum of the active quantities (Inventory quantity types, 10 Jan 2025)."""
        ledger = self._ledgers.get(position)
        count = self.positions.counts[position]
        return count if ledger is None else count + ledger.balance

    def note_change(self, position: int, on_hand_before: int, at: int) -> None:
        """Date the position, but only if its stock on hand has changed.

        Fluent docs: ForwardIfOnHandChanged, 8 Dec 2025.
        """
        if self.on_hand(position) != on_hand_before:
            self.positions.updated_at[position] = at

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
            self.history.write(position, None, counted_at, counted_by, count, ACTIVE)
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

    def check_ref(self, ref: str, position: int | None, own_count: str | None = None) -> None:
        """Raise RuleError when a quantity of this position may not have this ref.

        Quantity refs are unique inside a catalogue (GraphQL schema docs), and the refs that are
        constructed for counts and for sums of older quantities are no sender's to give, but for
        `own_count`, the ref of the caller's own count.
        """
        known = self._quantities.get(ref)
        if known is not None and known.position != position:
            owner = self.ref_of(known.position)
            raise RuleError(f"the quantity ref {ref} already belongs to position {owner}")
        if ref.endswith(self._kept_endings) and ref != own_count:
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
    ) -> InventoryQuantity:
        """Create the quantity `ref`, or set it again: its status then stays as it is.

        The caller has checked the ref.
        """
        known = self._quantities.get(ref)
        if known is not None:
            if attributes is not None:
                known.attributes = attributes
            self._change(known, quantity, known.status, at, source)
            return known
        created = InventoryQuantity(
            ref, position, quantity_type, quantity, ACTIVE, at, at, source, attributes
        )
        self._add(created)
        if isinstance(source, EventSource):
            self._retention.watch(created)
        return created

    def fold(self, oldest: InventoryQuantity, ref: str, total: int) -> None:
        """Let the quantity `ref` stand for `oldest` and those folded into it before."""
        known = self._quantities.get(ref)
        if known is None:
            self._add(replace(oldest, ref=ref, quantity=total))
        else:
            self._ledgers[known.position].change(known, amount=total, status=known.status)

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
        self.put_quantity(position, ref, LAST_ON_HAND, count, at, source)

    def set_status(self, quantity: InventoryQuantity, status: str, at: int, source: Source) -> None:
        """Give a quantity another status."""
        self._change(quantity, quantity.quantity, status, at, source)

    def forget(self, quantity: InventoryQuantity) -> None:
        """Remove a quantity for good."""
        ledger = self._ledgers[quantity.position]
        ledger.remove(quantity)
        if not ledger.quantities:
            del self._ledgers[quantity.position]
        del self._quantities[quantity.ref]

    def quantities_of(self, position: int) -> list[InventoryQuantity]:
        """Every quantity of a position, its count first."""
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

    def earlier_states(
        self, positions: Iterable[int]
    ) -> dict[tuple[int, str | None], list[HistoryEntry]]:
        """What the quantities of these positions were before, as far as it is kept."""
        return self.history.of(set(positions))

    @property
    def folded(self) -> int:
        """How many old event quantities were folded or forgotten to bound the memory."""
        return self._retention.dropped

    # -- the two places where a quantity changes -----------------------------------------------

    def _change(
        self, quantity: InventoryQuantity, amount: int, status: str, at: int, source: Source
    ) -> None:
        if quantity.quantity == amount and quantity.status == status:
            return
        self.history.write(
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

    def _retire_transients(self, ledger: Ledger, at: int, source: Source) -> None:
        for quantity in list(ledger.transients.values()):
            self._change(quantity, quantity.quantity, INACTIVE, at, source)

    def _add(self, quantity: InventoryQuantity) -> None:
        self._quantities[quantity.ref] = quantity
        ledger = self._ledgers.get(quantity.position)
        if ledger is None:
            ledger = self._ledgers[quantity.position] = Ledger()
        ledger.add(quantity)
