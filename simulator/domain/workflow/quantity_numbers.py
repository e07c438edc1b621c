"""Which quantity a number is, for those who look up a few at positions that may hold thousands."""

from array import array
from bisect import bisect_left
from itertools import takewhile
from operator import attrgetter
from weakref import ref as weak_reference

from ..catalogue.inventory_catalogue import InventoryCatalogue

MOST_KEPT = 200_000
"""Refs that are remembered; beyond, positions are read again."""


_number, _ref = attrgetter("number"), attrgetter("ref")


class _NumberedRefs:
    """The refs of a position's quantities by number, as far as they had been made."""

    __slots__ = ("numbers", "refs")

    def __init__(self) -> None:
        self.numbers: array[int] = array("q")
        self.refs: list[str] = []

    def take_in(self, catalogue: InventoryCatalogue, position: int) -> int:
        """Read what was made since; returns how many those are.

        What is made comes last and has the highest number; what a snapshot's file tells of may
        stand in another order. A position's own count has the number 0.
        """
        last = self.numbers[-1] if self.numbers else 0
        latest = catalogue.latest_quantities_of(position)
        new = [*takewhile(lambda made: not 0 < made.number <= last, latest)] if last else [*latest]
        new.reverse()
        new.sort(key=_number)
        if new and not new[0].number:
            del new[0]
        self.numbers.extend(map(_number, new))
        self.refs += map(_ref, new)
        return len(new)


class QuantityNumbers:
    """The refs of quantities by number: a position is read once, and then what is new there.

    To be used by one at a time, who holds the catalogue.
    """

    def __init__(self) -> None:
        self._refs: dict[tuple[int, int], _NumberedRefs] = {}
        self._catalogues: dict[int, weak_reference[InventoryCatalogue]] = {}
        self._kept = 0

    def ref_of(self, catalogue: InventoryCatalogue, position: int, number: int) -> str | None:
        """The ref of the quantity of a position that has this number, if it is still there."""
        known = self._known(catalogue, position)
        at = bisect_left(known.numbers, number)
        if at == len(known.numbers) or known.numbers[at] != number:
            return None
        ref = known.refs[at]
        quantity = catalogue.quantity(ref)
        return ref if quantity is not None and quantity.number == number else None

    def _known(self, catalogue: InventoryCatalogue, position: int) -> _NumberedRefs:
        held = self._catalogues.get(catalogue.number)
        if held is None or held() is not catalogue:  # a reset has made another one
            self._forget_all()
            self._catalogues[catalogue.number] = weak_reference(catalogue)
        elif self._kept > MOST_KEPT:
            self._refs, self._kept = {}, 0
        known = self._refs.setdefault((catalogue.number, position), _NumberedRefs())
        self._kept += known.take_in(catalogue, position)
        return known

    def _forget_all(self) -> None:
        self._refs, self._catalogues, self._kept = {}, {}, 0
