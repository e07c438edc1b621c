"""What may be added to a catalogue: refs, parents and room, asked before anything is changed."""

from collections.abc import Collection, Mapping, Sequence

from ..faults import NotUnique, RuleError
from ..inventory import LAST_ON_HAND, QuantityDetails
from ..refs import CatalogueRef
from ..sizes import held_bytes
from .folding import FOLDED
from .holdings import Holdings, quantity_bytes, shown_bytes
from .stock import Stock


class Admission:
    """Says what a catalogue may take."""

    def __init__(self, catalogue: CatalogueRef, stock: Stock, holdings: Holdings) -> None:
        self._stock = stock
        self._holdings = holdings
        self._kept_endings = (f":{catalogue.type}:{LAST_ON_HAND}", f":{FOLDED}")

    def check_ref(self, ref: str, position: int | None, own_count: str | None = None) -> None:
        """Raise RuleError when a quantity of this position may not have this ref.

        Quantity refs are unique inside a catalogue (GraphQL schema docs), and the refs that are
        constructed for counts and for sums of older quantities are no sender's to give, but for
        `own_count`, the ref of the caller's own count.
        """
        known = self._stock.quantity(ref)
        if known is not None and known.position != position:
            holder = self._stock.refs.of(known.position)
            raise NotUnique(f"the quantity ref {ref} already belongs to position {holder}")
        owner, _, last = ref.rpartition(":")
        is_a_count = last == LAST_ON_HAND and self._stock.refs.find(owner) is not None
        if ref != own_count and (is_a_count or ref.endswith(self._kept_endings)):
            raise RuleError(f"the quantity ref {ref} is kept for the simulator's own use")

    def check_parent(self, ref: str, position: int | None, details: QuantityDetails | None) -> None:
        """Raise RuleError when the quantity `ref` may not have the parent that it is given."""
        if details is not None and details.parent_ref is not None:
            self._stock.families.check_parent(ref, position, details.parent_ref)

    def check_room(
        self, ref: str, attributes: Mapping[str, object] | None, details: QuantityDetails | None
    ) -> None:
        """Raise RuleError when the quantity `ref` with these would take too much."""
        known = self._stock.quantity(ref)
        if known is None:
            added = quantity_bytes(ref, attributes) + held_bytes(details)
        else:
            added = held_bytes(attributes) + held_bytes(details) - shown_bytes(known)
        self._holdings.check_quantities(added)

    def check_reservations(self, new_reservations: int) -> None:
        """Raise RuleError when events would make so many reservations more than are kept."""
        self._holdings.retention.check_room(new_reservations)

    def may_refuse(self, product_refs: Sequence[str], location_refs: Sequence[str]) -> bool:
        """Whether any of these products and locations might not become a new position."""
        places, table, holdings = set(location_refs), self._stock.table, self._holdings
        new_locations = sum(not table.knows_location(location) for location in places)
        return not (
            holdings.positions.has_room(len(product_refs))
            and holdings.locations.has_room(new_locations)
        ) or self._stock.refs.may_be_taken(*product_refs, *places)

    def check_positions(self, new_positions: Collection[tuple[str, str]]) -> None:
        """Raise RuleError when these products and locations would be too many new positions."""
        locations = {location for _, location in new_positions}
        knows = self._stock.table.knows_location
        self._holdings.check_positions(
            len(new_positions), sum(not knows(location) for location in locations)
        )
