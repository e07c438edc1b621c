"""Base virtual catalogues: what is available to sell of a product at each location."""

from collections.abc import Iterator, Sequence
from itertools import chain

from ..inventory import ACTIVE, CREATED, INACTIVE
from ..refs import LONGEST_REF
from .available import Feed, VirtualPosition, VirtualPositionFilter, base_quantity, virtual_ref
from .derivation import FEW, Derived, Sourced

_LONGEST_NAME = 2 * LONGEST_REF + 1
"""Characters of a product's ref, a colon, and a location's ref."""

_DENSE = 8


class BaseDerivation(Sourced):
    """One virtual position for each inventory position that has left CREATED, by its row."""

    def rows(self, wanted: VirtualPositionFilter) -> Sequence[int]:
        """The rows, in ascending order, that may hold what is looked for."""
        table = self._table
        if wanted.refs is not None and len(wanted.refs) <= FEW:
            return sorted({row for ref in wanted.refs for row in self._rows_named(ref or "")})
        if wanted.product_refs is not None and len(wanted.product_refs) <= FEW:
            products = {ref for ref in wanted.product_refs if ref is not None}
            return sorted(chain.from_iterable(map(table.of_product, products)))
        places = self._places(wanted)
        if places is not None:
            found = [table.at_location(place) for place in places]
            if len(found) <= 1 or sum(map(len, found)) * _DENSE <= len(table):
                return sorted(chain.from_iterable(found))
        return range(len(table))

    def present(self, rows: Sequence[int], wanted: VirtualPositionFilter) -> Sequence[int]:
        """Those rows that have a virtual position, less some that are not looked for."""
        table = self._table
        updated, created = wanted.updated, wanted.created
        if updated is not None:
            rows = [row for row in rows if updated.contains(table.updated_at[row])]
        if created is not None:
            rows = [row for row in rows if created.contains(table.created_at[row])]
        places = self._places(wanted)
        if places is not None:
            codes, cells = table.locations.codes_of(places), table.locations.codes
            rows = [row for row in rows if cells[row] in codes]
        if wanted.product_refs is not None:
            codes, cells = table.products.codes_of(wanted.product_refs), table.products.codes
            rows = [row for row in rows if cells[row] in codes]
        statuses = table.statuses
        if wanted.statuses is not None and not self._thresholds and ACTIVE not in wanted.statuses:
            inactive = table.status_codes((INACTIVE,))
            rows = [row for row in rows if statuses[row] in inactive]
        hidden = table.status_codes((CREATED,))
        if hidden:
            rows = [row for row in rows if statuses[row] not in hidden]
        if wanted.quantities is not None and self._rules is None:
            # Without controls the quantity is the stock on hand, which is cheap to look at.
            on_hand, quantities, behaviour = (
                self._inventory.on_hand,
                wanted.quantities,
                self._behaviour,
            )
            rows = [
                row
                for row in rows
                if base_quantity(on_hand(row), 0, excluded=False, behaviour=behaviour) in quantities
            ]
        return rows

    def row_of(self, ref: str) -> int | None:
        """The row of the virtual position with this ref."""
        for row in self._rows_named(ref):
            if self.present((row,), VirtualPositionFilter()):
                return row
        return None

    def ref(self, row: int) -> str:
        """The ref of the virtual position of a row."""
        return virtual_ref(self._table.product_ref(row), self._table.location_ref(row))

    def derive(self, row: int) -> Derived:
        """The virtual position of a row that has one."""
        table, rules = self._table, self._rules
        product_ref, location_ref = table.product_ref(row), table.location_ref(row)
        on_hand, updated_at = self._inventory.on_hand(row), table.updated_at[row]
        stock_at, controls = updated_at, None
        excluded, buffer = False, 0
        if rules is not None:
            excluded = rules.excludes(product_ref, location_ref)
            buffer = rules.buffer(product_ref, location_ref)
            controls = rules.version_for(product_ref, location_ref)
            if controls is not None:
                updated_at = max(updated_at, *controls)
        quantity = base_quantity(on_hand, buffer, excluded=excluded, behaviour=self._behaviour)
        inactive = table.status(row) == INACTIVE
        position = VirtualPosition(
            number=row,
            ref=virtual_ref(product_ref, location_ref),
            product_ref=product_ref,
            group_ref=location_ref,
            quantity=quantity,
            type=self._profile.type,
            status=INACTIVE if inactive else self._status(quantity),
            created_at=table.created_at[row],
            updated_at=max(updated_at, self._set_up_at),
        )
        return Derived(position, Feed(on_hand, stock_at, 1, controls))

    def last_change(self, ref: str) -> int:
        """When what a position with this ref follows from, or would, was changed last."""
        dates = self._table.updated_at
        return max(self._set_up_at, *(dates[row] for row in self._rows_named(ref)), 0)

    def _places(self, wanted: VirtualPositionFilter) -> frozenset[str] | None:
        """The locations that are covered and looked for, None for all."""
        if wanted.group_refs is None:
            return self._locations
        places = frozenset(ref for ref in wanted.group_refs if ref is not None)
        return places if self._locations is None else places & self._locations

    def _rows_named(self, ref: str) -> Iterator[int]:
        """The rows that a ref may mean."""
        return self._table.named(ref) if len(ref) <= _LONGEST_NAME else iter(())
