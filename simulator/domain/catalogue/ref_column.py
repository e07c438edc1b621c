"""A column of refs: one text object for each, however many payloads brought it."""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any


class RefColumn:
    """Refs by row, in four bytes each.

    `texts` are the different refs in order of their first cell, whose number `first_cells` has;
    `codes` are the cells, and `code_of` says what stands for a ref there: None, if nothing does.
    """

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.codes = array("i")
        self.first_cells = array("i")
        self._code_of: dict[str, int] = {}
        self.code_of: Callable[[str], int | None] = self._code_of.get

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Have what was copied; what looks up in the copy is the copy's."""
        self.__dict__.update(state)
        self.code_of = self._code_of.get

    def extend(self, refs: Sequence[str]) -> Sequence[int]:
        """Add a cell for each of these; returns what stands for them."""
        known = self._code_of
        first = len(self.codes)
        for cell, ref in enumerate(refs, first):
            if ref not in known:
                known[ref] = len(self.texts)
                self.texts.append(ref)
                self.first_cells.append(cell)
        codes = [known[ref] for ref in refs]
        self.codes.extend(codes)
        return codes

    def until(self, cells: int) -> "RefColumn":
        """The same with its first cells only."""
        if cells >= len(self.codes):
            return self
        earlier, known = RefColumn(), bisect_left(self.first_cells, cells)
        earlier.texts = self.texts[:known]
        earlier.codes, earlier.first_cells = self.codes[:cells], self.first_cells[:known]
        earlier._code_of.update((text, code) for code, text in enumerate(earlier.texts))
        return earlier

    def at(self, number: int) -> str:
        """The ref in a cell."""
        return self.texts[self.codes[number]]

    def at_each(self, numbers: Iterable[int]) -> list[str]:
        """The refs in some cells, one for one."""
        texts, codes = self.texts, self.codes
        return [texts[codes[number]] for number in numbers]

    def codes_of(self, refs: Collection[str | None]) -> frozenset[int]:
        """What stands for these refs in the column."""
        known = self._code_of
        return frozenset(known[ref] for ref in refs if ref is not None and ref in known)
