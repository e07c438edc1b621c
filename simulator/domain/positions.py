"""The table of a catalogue's positions: one row each, in columns.

Columns of machine integers hold a million positions in 100 to 140 bytes each; an object for each
would take half as much again. Counts have 32 bits, as GraphQL's Int has and the schemas demand.
Rows are never removed, so a row's number is the position's identity, and their order is the order
of creation.
"""

from array import array
from collections.abc import Sequence

NO_COUNT = -1
"""In the `counted_by` column: this position holds no plain count."""


class PositionTable:
    """Positions by number, and their numbers by location and product."""

    def __init__(self) -> None:
        self._product_refs = _Refs()
        self._location_refs = _Refs()
        self.counts = array("i")
        self.counted_at = array("q")
        self.counted_by = array("q")
        self.created_at = array("q")
        self.updated_at = array("q")
        self._statuses = bytearray()
        self._status_names: list[str] = []
        # By location first: there are far fewer locations than products, and few large
        # dictionaries take less memory than many small ones.
        self._numbers: dict[str, dict[str, int]] = {}

    def __len__(self) -> int:
        return len(self.counts)

    def product_ref(self, number: int) -> str:
        """The product of a position."""
        return self._product_refs.at(number)

    def location_ref(self, number: int) -> str:
        """The location of a position."""
        return self._location_refs.at(number)

    def find(self, product_ref: str, location_ref: str) -> int | None:
        """The number of the position of a product at a location."""
        products = self._numbers.get(location_ref)
        return None if products is None else products.get(product_ref)

    def add(self, product_ref: str, location_ref: str, status: str, at: int) -> int:
        """Append a position without a count."""
        number = len(self.counts)
        product_ref = self._product_refs.append(product_ref)
        location_ref = self._location_refs.append(location_ref)
        products = self._numbers.get(location_ref)
        if products is None:
            products = self._numbers[location_ref] = {}
        products[product_ref] = number
        self.counts.append(0)
        self.counted_at.append(at)
        self.counted_by.append(NO_COUNT)
        self.created_at.append(at)
        self.updated_at.append(at)
        self._statuses.append(self._status_code(status))
        return number

    def status(self, number: int) -> str:
        """The status of a position."""
        return self._status_names[self._statuses[number]]

    def set_status(self, number: int, status: str) -> None:
        """Give a position another status."""
        self._statuses[number] = self._status_code(status)

    def select(self, product_ref: str | None, location_ref: str | None) -> Sequence[int]:
        """The numbers of the positions that match, in order of creation."""
        if product_ref is not None and location_ref is not None:
            number = self.find(product_ref, location_ref)
            return [] if number is None else [number]
        if location_ref is not None:
            return list(self._numbers.get(location_ref, {}).values())
        if product_ref is not None:
            locations = self._numbers.values()
            return sorted(rows[product_ref] for rows in locations if product_ref in rows)
        return range(len(self))

    def _status_code(self, status: str) -> int:
        """The code of a status; at most 256 different ones can be told apart in a byte."""
        if status not in self._status_names:
            self._status_names.append(status)
        return self._status_names.index(status)


class _Refs:
    """A column of refs: one text object for each, however many payloads brought it."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._codes: dict[str, int] = {}
        self._column = array("i")

    def append(self, ref: str) -> str:
        """Add a cell; returns the one text object that stands for the ref."""
        code = self._codes.setdefault(ref, len(self._texts))
        if code == len(self._texts):
            self._texts.append(ref)
        self._column.append(code)
        return self._texts[code]

    def at(self, number: int) -> str:
        """The ref in a cell."""
        return self._texts[self._column[number]]
