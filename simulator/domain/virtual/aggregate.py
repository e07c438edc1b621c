"""Aggregate virtual catalogues: what is available to sell of a product over many locations."""

from collections.abc import Sequence

from ..inventory import CREATED
from .available import (
    Feed,
    VirtualPosition,
    VirtualPositionFilter,
    aggregate_quantity,
    counts_in_aggregate,
    location_part,
    virtual_ref,
)
from .derivation import FEW, Derived, Sourced

_FOUND = 3
"""Locations at which a product is looked for while one row is passed by."""


class AggregateDerivation(Sourced):
    """One virtual position for each product with an inventory position that has left CREATED.

    Its key is the row of the product's first position, covered or not.
    """

    def rows(self, wanted: VirtualPositionFilter) -> Sequence[int]:
        """The rows, in ascending order, that may hold what is looked for."""
        products = self._table.products
        if wanted.group_refs is not None and self._group_ref not in wanted.group_refs:
            return ()
        if wanted.refs is not None and len(wanted.refs) <= FEW:
            refs = [self._product_of(ref or "") for ref in wanted.refs]
        elif wanted.product_refs is not None:
            refs = list(wanted.product_refs)
        else:
            return products.first_cells
        return sorted(products.first_cells[code] for code in products.codes_of(refs))

    def present(
        self,
        rows: Sequence[int],
        wanted: VirtualPositionFilter,  # noqa: ARG002 - all that is cheap, `rows` has looked at
    ) -> Sequence[int]:
        """Those rows that have a virtual position."""
        return [row for row in rows if self._is_present(row)]

    def row_of(self, ref: str) -> int | None:
        """The row of the virtual position with this ref."""
        products = self._table.products
        for code in products.codes_of((self._product_of(ref),)):
            row = products.first_cells[code]
            if self._is_present(row):
                return row
        return None

    def ref(self, row: int) -> str:
        """The ref of the virtual position of a row."""
        return virtual_ref(self._table.product_ref(row), self._group_ref)

    def derive(self, row: int) -> Derived:
        """The virtual position of a row that has one."""
        table, rules, behaviour = self._table, self._rules, self._behaviour
        product_ref = table.product_ref(row)
        rows = self._rows_of(product_ref)
        parts: list[int] = []
        stock, stock_at, updated_at, present = 0, 0, 0, 0
        for each in rows:
            status, dated = table.status(each), table.updated_at[each]
            if status != CREATED:
                stock_at, present = max(stock_at, dated), present + 1
            elif dated > table.created_at[each]:
                updated_at = max(updated_at, dated)  # it may have been put back to CREATED
            if not counts_in_aggregate(status, behaviour):
                continue
            on_hand, buffer, excluded = self._inventory.on_hand(each), 0, False
            if rules is not None:
                location_ref = table.location_ref(each)
                buffer = rules.buffer(product_ref, location_ref)
                excluded = rules.excludes(product_ref, location_ref)
            parts.append(location_part(on_hand, buffer, excluded=excluded, behaviour=behaviour))
            stock += on_hand
        updated_at, controls = max(updated_at, stock_at), None
        master_buffer, excluded = 0, False
        if rules is not None:
            master_buffer = rules.master_buffer(product_ref)
            excluded = rules.excludes(product_ref)
            controls = rules.version_for(product_ref, *map(table.location_ref, rows))
            if controls is not None:
                updated_at = max(updated_at, *controls)
        quantity = aggregate_quantity(parts, master_buffer, excluded=excluded)
        position = VirtualPosition(
            number=row,
            ref=virtual_ref(product_ref, self._group_ref),
            product_ref=product_ref,
            group_ref=self._group_ref,
            quantity=quantity,
            type=self._profile.type,
            status=self._status(quantity),
            created_at=table.created_at[rows[0]],
            updated_at=max(updated_at, self._set_up_at),
        )
        return Derived(position, Feed(stock, stock_at, present, controls))

    def last_change(self, ref: str) -> int:
        """When what a position with this ref follows from, or would, was changed last."""
        product_ref, dates = self._product_of(ref), self._table.updated_at
        rows = () if product_ref is None else self._rows_of(product_ref)
        return max(self._set_up_at, *(dates[row] for row in rows), 0)

    def _product_of(self, ref: str) -> str | None:
        """The product whose position has this ref."""
        if self._group_ref is None:
            return ref
        product_ref = ref.removesuffix(f":{self._group_ref}")
        return None if product_ref == ref else product_ref

    def _rows_of(self, product_ref: str) -> Sequence[int]:
        """The rows of a product at the locations that are covered, in ascending order."""
        table, locations = self._table, self._locations
        if self._budget is not None:
            places = table.locations.texts if locations is None else locations
            self._budget.spend(len(places) // _FOUND)
        if locations is None:
            return table.of_product(product_ref)
        found = (table.find(product_ref, location_ref) for location_ref in locations)
        return sorted(row for row in found if row is not None)

    def _is_present(self, row: int) -> bool:
        table = self._table
        covered = self._locations is None or table.location_ref(row) in self._locations
        if covered and table.status(row) != CREATED:
            return True
        rows = self._rows_of(table.product_ref(row))
        return any(table.status(each) != CREATED for each in rows)
