"""The table of positions: each is found by its place, whatever the catalogue looks like."""

import sys
from collections.abc import Sequence

import pytest
from fluent_oms_simulator.domain.catalogue.positions import PositionTable
from fluent_oms_simulator.domain.catalogue.rows_at_location import RowsAtLocation
from fluent_oms_simulator.domain.faults import RuleError
from fluent_oms_simulator.domain.inventory import ACTIVE
from hypothesis import given
from hypothesis import strategies as st

Place = tuple[int, int]
"""The numbers of a product and a location."""

WHOLE = [(product, 0) for product in range(100)]
"""A location with many products: others that have a few of them are sparse."""

few = st.lists(st.tuples(st.integers(0, 120), st.integers(1, 3)), unique=True, max_size=40)
places = few | few.map(lambda placed: [*WHOLE, *placed])


def table_of(placed: Sequence[Place]) -> PositionTable:
    table = PositionTable()
    for product, location in placed:
        table.add(f"P{product}", f"L{location}", ACTIVE, 0)
    return table


def held_bytes(table: PositionTable, location: int) -> int:
    """What the table takes to find the positions at a location."""
    rows = table.at_location(f"L{location}")
    assert isinstance(rows, RowsAtLocation)
    of_ints = sys.getsizeof(len(table)) * len(rows.others)
    return sys.getsizeof(rows.cells) + sys.getsizeof(rows.others) + of_ints


@given(places)
def test_every_position_is_found_by_its_product_and_location(placed: list[Place]) -> None:
    table = table_of(placed)

    for product in {product for product, _ in placed} | {121}:
        rows = [row for row, place in enumerate(placed) if place[0] == product]
        assert table.of_product(f"P{product}") == rows
        assert [table.product_ref(row) for row in rows] == [f"P{product}"] * len(rows)
        for location in range(5):
            at = (product, location)
            row = placed.index(at) if at in placed else None
            assert table.find(f"P{product}", f"L{location}") == row
            assert list(table.named(f"P{product}:L{location}")) == ([] if row is None else [row])


@given(places)
def test_the_positions_at_a_location_are_told_in_order_of_creation(placed: list[Place]) -> None:
    table = table_of(placed)

    for location in range(5):
        rows = [row for row, place in enumerate(placed) if place[1] == location]
        found = table.at_location(f"L{location}")
        assert (list(found), len(found)) == (rows, len(rows))
        assert all((row in found) == (row in rows) for row in range(-1, len(placed) + 1))
        assert table.knows_location(f"L{location}") == bool(rows)


def test_a_location_with_the_last_of_many_products_takes_no_room_for_the_others() -> None:
    """The first location has all of the products, the others one in a hundred of them."""
    products, locations = 20_000, 100
    dense = [(product, 0) for product in range(products)]
    sparse = [
        (product, location)
        for location in range(1, locations)
        for product in range(location, products, 100)
    ]

    table = table_of([*dense, *sparse])

    assert held_bytes(table, 0) < 6 * products
    assert sum(held_bytes(table, location) for location in range(1, locations)) < 100 * products


def test_a_location_that_is_refused_leaves_the_table_as_it_was() -> None:
    def refuse() -> None:
        if len(table):
            raise RuleError("too many locations")

    table = PositionTable(refuse)
    table.add("P1", "L1", ACTIVE, 0)

    with pytest.raises(RuleError):
        table.add("P2", "L2", ACTIVE, 0)

    assert (len(table), table.find("P2", "L2"), table.knows_location("L2")) == (1, None, False)
    assert table.add("P2", "L1", ACTIVE, 0) == 1
