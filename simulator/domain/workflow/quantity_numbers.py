"""Which quantity a number is, for those who look up many at positions that may hold thousands."""

from collections.abc import Mapping

from ..catalogue.inventory_catalogue import InventoryCatalogue

MOST_KEPT = 200_000
"""Refs that one search remembers; beyond, positions are read again."""


class QuantityNumbers:
    """The refs of quantities by number, for one search: a position is read once, not for each row.

    What is made later is not in it, but a search is about what was there when it began.
    """

    def __init__(self) -> None:
        self._refs: dict[tuple[int, int], Mapping[int, str]] = {}
        self._kept = 0

    def at(self, catalogue: InventoryCatalogue, position: int) -> Mapping[int, str]:
        """The refs of a position's quantities, by number."""
        place = (catalogue.number, position)
        refs = self._refs.get(place)
        if refs is None:
            if self._kept > MOST_KEPT:
                self._refs, self._kept = {}, 0
            held = catalogue.quantities_of(position)
            refs = self._refs[place] = {quantity.number: quantity.ref for quantity in held}
            self._kept += len(refs)
        return refs
