"""The table of a catalogue's positions: one row each, in columns.

Columns of machine integers hold a million positions in 50 to 70 bytes each; an object for each
would take three times as much. Counts have 32 bits, as GraphQL's Int has and the schemas demand.
Rows are never removed, so a row's number is the position's identity, and their order is the order
of creation.
"""

from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from ..faults import RuleError
from ..inventory import ACTIVE, CREATED
from .ref_column import RefColumn
from .rows_at_location import NO_ROW, RowsAtLocation

NO_COUNT = -1
"""In the `counted_by` column: this position holds no plain count."""

MOST_COUNT = 2**31 - 1
"""The largest count, and the lowest below zero, that a column holds."""

MOST_STATUSES = 256
"""Statuses that can be told apart in a byte."""


class PositionTable:
    """Positions by number, and their numbers by location and product.

    `admit_location` may refuse a location that is new.
    """

    def __init__(self, admit_location: Callable[[], None] = lambda: None) -> None:
        self._admit_location = admit_location
        self.products = RefColumn()
        self.locations = RefColumn()
        self.counts = array("i")
        self.counted_at = array("q")
        self.counted_by = array("q")
        self.created_at = array("q")
        self.updated_at = array("q")
        self.statuses = bytearray()
        # Those that the workflow gives: they must not run out.
        self._status_names = [CREATED, ACTIVE]
        self._status_codes = {name: code for code, name in enumerate(self._status_names)}
        # By location first: there are far fewer locations than products, and few large columns
        # take less memory than many small ones.
        self._rows_at: list[RowsAtLocation] = []

    def __len__(self) -> int:
        return len(self.counts)

    def product_ref(self, number: int) -> str:
        """The product of a position."""
        return self.products.at(number)

    def location_ref(self, number: int) -> str:
        """The location of a position."""
        return self.locations.at(number)

    def find(self, product_ref: str, location_ref: str) -> int | None:
        """The number of the position of a product at a location."""
        # The location first: there are few, so that a ref cut in two names none mostly.
        location = self.locations.code_of(location_ref)
        product = None if location is None else self.products.code_of(product_ref)
        if location is None or product is None:
            return None
        row = self._rows_at[location].row(product)
        return None if row == NO_ROW else row

    def find_all(self, product_refs: Iterable[str], location_refs: Iterable[str]) -> list[int]:
        """The numbers of the positions of each of these products at its location, or NO_ROW."""
        products = map(self.products.code_of, product_refs)
        locations = map(self.locations.code_of, location_refs)
        rows_at = self._rows_at
        return [
            NO_ROW if product is None or location is None else rows_at[location].row(product)
            for product, location in zip(products, locations, strict=True)
        ]

    def named(self, ref: str) -> Iterator[int]:
        """The positions that `product:location` may mean, whose parts may hold colons."""
        cut = ref.find(":")
        while cut >= 0:
            number = self.find(ref[:cut], ref[cut + 1 :])
            if number is not None:
                yield number
            cut = ref.find(":", cut + 1)

    def knows_location(self, location_ref: str) -> bool:
        """Whether there is a position at a location."""
        return self.locations.code_of(location_ref) is not None

    def add(self, product_ref: str, location_ref: str, status: str, at: int) -> int:
        """Append a position without a count; raises RuleError when its location is too many."""
        return self.add_all([product_ref], [location_ref], status, at).start

    def add_all(
        self, product_refs: Sequence[str], location_refs: Sequence[str], status: str, at: int
    ) -> range:
        """Append positions without counts, all new; there is room for the locations."""
        status_code = self._status_code(status)
        for location_ref in dict.fromkeys(location_refs):
            if not self.knows_location(location_ref):
                self._admit_location()
        numbers = range(len(self), len(self) + len(product_refs))
        products = self.products.extend(product_refs)
        locations = self.locations.extend(location_refs)
        rows_at = self._rows_at
        rows_at += [RowsAtLocation() for _ in range(len(rows_at), len(self.locations.texts))]
        for number, product, location in zip(numbers, products, locations, strict=True):
            rows_at[location].add(product, number)
        moments = array("q", [at]) * len(numbers)
        self.counts.extend(array("i", [0]) * len(numbers))
        self.counted_at.extend(moments)
        self.counted_by.extend(array("q", [NO_COUNT]) * len(numbers))
        self.created_at.extend(moments)
        self.updated_at.extend(moments)
        self.statuses += bytes([status_code]) * len(numbers)
        return numbers

    def status(self, number: int) -> str:
        """The status of a position."""
        return self._status_names[self.statuses[number]]

    def statuses_of(self, numbers: Iterable[int]) -> list[str]:
        """The statuses of some positions, one for one."""
        names, codes = self._status_names, self.statuses
        return [names[codes[number]] for number in numbers]

    def set_status(self, number: int, status: str) -> None:
        """Give a position another status."""
        self.statuses[number] = self._status_code(status)

    def has_room_for(self, status: str) -> bool:
        """Whether a position can be given a status."""
        return status in self._status_codes or len(self._status_names) < MOST_STATUSES

    @property
    def status_names(self) -> Sequence[str]:
        """The statuses that positions have had, in the order in which they came."""
        return self._status_names

    def recall_statuses(self, names: Iterable[str]) -> None:
        """Have positions had these statuses; raises RuleError for too many."""
        for name in names:
            self._status_code(name)

    def plain_count(self, number: int) -> int | None:
        """The quantity of a LAST_ON_HAND that has neither a ref nor attributes of its own."""
        return None if self.counted_by[number] == NO_COUNT else self.counts[number]

    def select(self, product_ref: str | None, location_ref: str | None) -> Sequence[int]:
        """The numbers of the positions that match, in order of creation."""
        if product_ref is not None and location_ref is not None:
            number = self.find(product_ref, location_ref)
            return [] if number is None else [number]
        if location_ref is not None:
            return list(self.at_location(location_ref))
        if product_ref is not None:
            return self.of_product(product_ref)
        return range(len(self))

    def at_location(self, location_ref: str) -> Collection[int]:
        """The numbers of the positions at a location, in order of creation."""
        location = self.locations.code_of(location_ref)
        return () if location is None else self._rows_at[location]

    def of_product(self, product_ref: str) -> list[int]:
        """The numbers of the positions of a product, in order of creation."""
        product = self.products.code_of(product_ref)
        if product is None:
            return []
        return sorted(row for each in self._rows_at if (row := each.row(product)) != NO_ROW)

    def status_codes(self, wanted: Collection[str | None]) -> frozenset[int]:
        """What stands for these statuses in the column of statuses."""
        names = enumerate(self._status_names)
        return frozenset(code for code, name in names if name in wanted)

    def _status_code(self, status: str) -> int:
        code = self._status_codes.get(status)
        if code is not None:
            return code
        if len(self._status_names) == MOST_STATUSES:
            raise RuleError(
                f"positions have {MOST_STATUSES} different statuses already, and the "
                f"simulator keeps no more; use one of those instead of {status!r}"
            )
        code = self._status_codes[status] = len(self._status_names)
        self._status_names.append(status)
        return code
