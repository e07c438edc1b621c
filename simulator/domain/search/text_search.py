"""Finds positions by a text that stands somewhere in the refs of their products and locations.

The refs are looked through, of which there are far fewer than positions, and no more of them than a
reader can wait for; what was looked at is told.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import NamedTuple

from ..catalogue.inventory_catalogue import InventoryCatalogue
from ..catalogue.positions import PositionTable
from ..catalogue.ref_column import RefColumn

MOST_REFS = 50_000
"""Refs of products that are looked at for a word, and of locations."""
MOST_NAMED = 2_000
"""Of these, so many that the word stands in."""
MOST_ROWS = 10_000
"""Positions that are looked at, of what these refs name."""
MOST_WORDS = 5


class FoundByText(NamedTuple):
    """Positions in the order of how well they fit, as many as were wanted.

    `has_more` says that there are others, `is_whole` that every ref and position was looked at that
    could be meant; `refs` counts those that were.
    """

    positions: Sequence[int]
    has_more: bool
    is_whole: bool
    refs: int


class _Look:
    """How far a search has come, and whether anything was passed over."""

    def __init__(self) -> None:
        self.refs = self.rows = 0
        self.is_whole = True

    def named(self, word: str, column: RefColumn) -> list[int]:
        """What stands for the refs that have a word: itself, what begins with it, all others."""
        own = column.code_of(word)
        folded = word.casefold()
        found: list[tuple[bool, bool, int]] = []
        for code, ref in enumerate(islice(column.texts, MOST_REFS)):
            if folded in (told := ref.casefold()):
                found.append((told != folded, not told.startswith(folded), code))
                if len(found) == MOST_NAMED:
                    break
        looked = found[-1][2] + 1 if len(found) == MOST_NAMED else MOST_REFS
        self.refs += min(looked, len(column.texts))
        self.is_whole &= looked >= len(column.texts)
        codes = [code for _, _, code in sorted(found)]
        return codes if own is None else list(dict.fromkeys([own, *codes]))


def find_by_text(catalogue: InventoryCatalogue, text: str, start: int, count: int) -> FoundByText:
    """The positions in whose product or location each word of a text stands, whatever its case.

    A whole ref of a position comes first, then refs that are the word, then what begins with it.
    """
    own = catalogue.find_by_ref(text.strip())
    look = _Look()
    words = text.split()[:MOST_WORDS]
    rows = chain([] if own is None else [own], _rows(catalogue.positions, words, look))
    found = list(islice(_once(rows), start, start + count + 1))
    return FoundByText(found[:count], len(found) > count, look.is_whole, look.refs)


def _rows(table: PositionTable, words: Sequence[str], look: _Look) -> Iterator[int]:
    """The positions that have all words, of so many that are looked at."""
    if not words:
        return
    named = [
        (look.named(word, table.products), look.named(word, table.locations)) for word in words
    ]
    # One location may have as many positions as there are products.
    fewest = min(named, key=lambda codes: len(codes[0]) + MOST_NAMED * len(codes[1]))
    folded = [word.casefold() for word in words]
    for row in _rows_of(table, *fewest):
        look.rows += 1
        if look.rows > MOST_ROWS:
            look.is_whole = False
            return
        product, location = table.product_ref(row).casefold(), table.location_ref(row).casefold()
        if all(word in product or word in location for word in folded):
            yield row


def _rows_of(
    table: PositionTable, products: Iterable[int], locations: Iterable[int]
) -> Iterator[int]:
    for code in products:
        yield from table.of_product(table.products.texts[code])
    for code in locations:
        yield from table.at_location(table.locations.texts[code])


def _once(rows: Iterable[int]) -> Iterator[int]:
    seen: set[int] = set()
    for row in rows:
        if row not in seen:
            seen.add(row)
            yield row
