"""The rows of the positions at one location, by product."""

from array import array
from collections.abc import Collection, Iterator

NO_ROW = -1
"""Stands for a position that is not there."""

_SPARSE = 16
"""A location with fewer than one in so many of the products is sparse.

A cell for each product then takes as much as a dictionary entry for each position: 64 bytes.
"""

_FEW = 16
"""Cells that every location may have."""


class RowsAtLocation(Collection[int]):
    """The rows of one location, each under the number that stands for its product.

    `cells` has a cell for each product, up to the last that there was room for, and NO_ROW where
    there is no position; `others` are the rows of products beyond. So a position takes four bytes
    where most locations have most products, and a location with a few of many products no more
    than these.
    """

    __slots__ = ("_held", "cells", "others")

    def __init__(self) -> None:
        self.cells = array("i")
        self.others: dict[int, int] = {}
        self._held = 0

    def __len__(self) -> int:
        return self._held

    def __iter__(self) -> Iterator[int]:
        """The rows in ascending order."""
        return iter(sorted([*(row for row in self.cells if row >= 0), *self.others.values()]))

    def __contains__(self, row: object) -> bool:
        return row != NO_ROW and (row in self.cells or row in self.others.values())

    def row(self, product: int) -> int:
        """The row of a product, or NO_ROW."""
        cells = self.cells
        return cells[product] if product < len(cells) else self.others.get(product, NO_ROW)

    def add(self, product: int, row: int) -> None:
        """Take in the row of a product that had none here."""
        self._held += 1
        if product >= len(self.cells):
            if product >= _FEW + _SPARSE * self._held:
                self.others[product] = row
                return
            self._widen(product)
        self.cells[product] = row

    def _widen(self, product: int) -> None:
        """Make cells up to this product, and some more for those that follow."""
        cells, others = self.cells, self.others
        wanted = product + product // 8 + 4
        cells.extend(array("i", [NO_ROW]) * (wanted - len(cells)))
        for each in [each for each in others if each < wanted]:
            cells[each] = others.pop(each)
