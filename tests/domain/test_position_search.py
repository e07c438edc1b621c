"""What a search looks at, counted: pages cost the same wherever they lie."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from fluent_oms_simulator.domain.catalogue.inventory_catalogue import InventoryCatalogue
from fluent_oms_simulator.domain.inventory import (
    ACTIVE,
    BatchSource,
    MutationSource,
    QuantityDetails,
)
from fluent_oms_simulator.domain.refs import CatalogueRef
from fluent_oms_simulator.domain.search.criteria import Span
from fluent_oms_simulator.domain.search.paging import Window
from fluent_oms_simulator.domain.search.position_search import FEW, PositionFilter, positions_page
from fluent_oms_simulator.domain.search.quantity_search import QuantityFilter, quantities_page

ROWS = 100_000
PAGE = 500
SMALL, LARGE = "S0", "L0"
"""A location that is looked up, and one that is not because it has too many positions."""


class Counted(Sequence[int]):
    """A column that counts how often a cell is read."""

    reads = 0

    def __init__(self, column: Sequence[int]) -> None:
        self._column = column

    def __len__(self) -> int:
        return len(self._column)

    def __getitem__(self, index: Any) -> Any:
        Counted.reads += 1
        return self._column[index]


@pytest.fixture(scope="module")
def catalogue() -> InventoryCatalogue:
    """Every fifth position is at a large location, every fourth is BLOCKED."""
    made = InventoryCatalogue(CatalogueRef("DEFAULT", "1"), 1)
    source = BatchSource(1, 0).packed()
    for number in range(ROWS):
        location = LARGE if number % 5 == 0 else f"S{number % 100}"
        status = "BLOCKED" if number % 4 == 0 else ACTIVE
        position = made.add_position(f"P{number}", location, status, 0)
        made.set_count(position, number % 7, 0, source)
    table = made.positions
    table.statuses = Counted(table.statuses)  # type: ignore[assignment]
    table.locations.codes = Counted(table.locations.codes)  # type: ignore[assignment]
    table.counts = Counted(table.counts)  # type: ignore[assignment]
    return made


def walk(
    catalogue: InventoryCatalogue, wanted: PositionFilter, *, backward: bool = False
) -> Iterator[tuple[list[int], int]]:
    """The pages of a search, each with how many cells it read."""
    at: int | None = None
    while True:
        Counted.reads = 0
        window = Window(PAGE, None if backward else at, at if backward else None, backward)
        found = positions_page([catalogue], wanted, window)
        yield found.keys, Counted.reads
        if not (found.has_previous if backward else found.has_next):
            return
        at = found.keys[0 if backward else -1]


@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (PositionFilter(statuses=["BLOCKED"]), range(0, ROWS, 4)),
        (PositionFilter(location_refs=[LARGE]), range(0, ROWS, 5)),
        (PositionFilter(location_refs=[LARGE], statuses=["BLOCKED"]), range(0, ROWS, 20)),
        (PositionFilter(on_hand={3}.__contains__), range(3, ROWS, 7)),
        (PositionFilter(), range(ROWS)),
    ],
    ids=["status", "location", "both", "on hand", "all"],
)
def test_a_late_page_costs_what_the_first_does_and_a_walk_goes_over_the_table_once(
    catalogue: InventoryCatalogue, wanted: PositionFilter, expected: range, backward: bool
) -> None:
    pages = list(walk(catalogue, wanted, backward=backward))
    costs = [cost for _, cost in pages]
    rows = sorted(key for keys, _ in pages for key in keys)

    assert rows == list(expected)
    # A page ends inside of a block, so a part of that block is looked at again by the next page.
    assert max(costs) <= 5 * (costs[0] + 1)
    assert sum(costs) <= 6 * ROWS


def test_a_small_location_is_looked_up_and_not_searched_for(catalogue: InventoryCatalogue) -> None:
    small = PositionFilter(location_refs=["S1"], statuses=[ACTIVE])
    assert len(catalogue.positions.at_location("S1")) < FEW < ROWS / 5

    costs = [cost for _, cost in walk(catalogue, small)]

    assert sum(costs) <= 8 * len(catalogue.positions.at_location("S1"))


def test_a_product_or_ref_is_looked_up_at_any_size(catalogue: InventoryCatalogue) -> None:
    for wanted in (
        PositionFilter(product_refs=["P99999"]),
        PositionFilter(product_refs=["P99999"], location_refs=["S99"]),
        PositionFilter(refs=["P99999:S99:DEFAULT", "none", ":::"]),
    ):
        ((keys, cost),) = walk(catalogue, wanted)

        assert keys == [99_999]
        assert cost < 20


def test_quantities_after_a_cursor_are_not_searched_for_from_the_start(
    catalogue: InventoryCatalogue,
) -> None:
    """Quantities are read through their positions, so a position is read for each of them."""
    everything = QuantityFilter()
    last = quantities_page([catalogue], everything, Window(PAGE, backward=True))
    at = quantities_page([catalogue], everything, Window(1, backward=True)).found[0].key

    reads = []
    for window in (Window(PAGE), Window(PAGE, after=last.found[0].key - 1)):
        Counted.reads = 0
        found = quantities_page([catalogue], everything, window).found
        assert len(found) == PAGE
        reads.append(Counted.reads)

    assert last.found[-1].key == at
    assert reads[1] <= reads[0] <= 4 * PAGE


@pytest.mark.parametrize(
    "wanted",
    [
        QuantityFilter(types=["DELTA"]),
        QuantityFilter(statuses=["CREATED"]),
        QuantityFilter(details={"condition": ["NEW"]}),
        QuantityFilter(details={"storage_area_ref": ["AREA"]}),
        QuantityFilter(expected=Span(0)),
    ],
    ids=["type", "status", "condition", "storage area", "expected"],
)
def test_what_no_plain_count_can_be_is_only_looked_for_beside_them(
    catalogue: InventoryCatalogue, wanted: QuantityFilter
) -> None:
    details = QuantityDetails("NEW", 1, storage_area_ref="AREA")
    made = catalogue.put_quantity(
        50_000, "d1", "DELTA", 1, 0, MutationSource("test"), None, "CREATED", details
    )
    Counted.reads = 0
    found = quantities_page([catalogue], wanted, Window(PAGE)).found

    assert [row.quantity for row in found] == [made]
    assert Counted.reads < 20
    catalogue.forget(made)
