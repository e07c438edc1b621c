"""What is available to sell: the documentation's numbers, and what holds for all numbers.

R-BASE and R-AGG are Fluent's pages on the rules that compute base and aggregate positions (8 Apr
and 8 May 2025), MASTER that on master buffers (8 May 2025), CGMGMT that on managing controls
(31 Oct 2024); (d): derived from them.
"""

import pytest
from fluent_oms_simulator.behaviour import Behaviour
from fluent_oms_simulator.domain.virtual.available import (
    aggregate_quantity,
    base_quantity,
    location_part,
)
from fluent_oms_simulator.domain.virtual.virtual_catalogue import (
    VirtualPositionFilter,
    VirtualSources,
)
from hypothesis import given
from hypothesis import strategies as st

from .helpers.virtual_support import Shop, at, listing, quantities, statuses, virtual_catalogue

UNFLOORED = Behaviour(virtual_floor="none")
FLOORED_PARTS = Behaviour(virtual_location_floor="zero")

amounts = st.integers(-1_000, 1_000)


@pytest.fixture
def shop() -> Shop:
    return Shop()


BUFFER, EXCLUSION, MASTER = "QUANTITY_BUFFER", "EXCLUSION", "MASTER_BUFFER"
Controls = list[tuple[str, list[dict[str, str]], dict[str, int]]]


@pytest.mark.parametrize(
    ("source", "controls", "quantity"),
    [
        ("R-BASE", [], 10),
        ("R-BASE (d)", [(BUFFER, at("D45", "MEL"), {"buffer": -2})], 8),
        (
            "CGMGMT: no stacking (d)",
            [(BUFFER, at("D45", "MEL"), {"buffer": -2}), (BUFFER, at("D45"), {"buffer": -5})],
            8,
        ),
        ("R-BASE: a positive buffer raises (d)", [(BUFFER, at("D45"), {"buffer": 5})], 15),
        (
            "CGMGMT",
            [(BUFFER, at("D45"), {"buffer": 5}), (EXCLUSION, at("D45"), {})],
            0,
        ),
        ("unknown, floor inferred", [(BUFFER, at("D45"), {"buffer": -15})], 0),
        ("MASTER: for aggregates only", [(MASTER, at("D45"), {"buffer": -15})], 10),
    ],
)
def test_a_base_position_is_stock_plus_one_buffer(
    shop: Shop, source: str, controls: Controls, quantity: int
) -> None:
    shop.load("D45", "MEL", 10)
    for kind, context, values in controls:
        shop.control(kind, context, **values)

    assert quantities(virtual_catalogue("BASE"), shop.sources()) == {"D45:MEL": quantity}, source


BUFFERED: Controls = [
    (BUFFER, at("D45", "MEL"), {"buffer": -2}),
    (BUFFER, at("D45", "SYD"), {"buffer": -2}),
]


@pytest.mark.parametrize(
    ("source", "controls", "quantity"),
    [
        ("R-AGG", [], 14),
        ("R-AGG (d)", BUFFERED, 10),
        ("MASTER: never below 0", [*BUFFERED, (MASTER, at("D45"), {"buffer": -15})], 0),
        ("MASTER (d)", [*BUFFERED, (MASTER, at("D45"), {"buffer": 5})], 15),
        ("CGMGMT", [*BUFFERED, (EXCLUSION, at("D45"), {}), (MASTER, at("D45"), {"buffer": 5})], 0),
        ("CGMGMT, one location (d)", [*BUFFERED, (EXCLUSION, at("D45", "MEL"), {})], 2),
        ("parts have no floor, inferred", [(BUFFER, at("D45", "SYD"), {"buffer": -9})], 5),
    ],
)
def test_an_aggregate_is_the_sum_of_buffered_stock_plus_the_master_buffer(
    shop: Shop, source: str, controls: Controls, quantity: int
) -> None:
    shop.load("D45", "MEL", 10)
    shop.load("D45", "SYD", 4)
    for kind, context, values in controls:
        shop.control(kind, context, **values)

    assert quantities(virtual_catalogue("AGGREGATE"), shop.sources()) == {"D45": quantity}, source


def test_floors_are_switches(shop: Shop) -> None:
    shop.load("D45", "MEL", 10)
    shop.load("D45", "SYD", 4)
    shop.control(BUFFER, at("D45", "SYD"), buffer=-9)
    base, aggregate = virtual_catalogue("BASE"), virtual_catalogue("AGGREGATE")

    assert quantities(base, shop.sources())["D45:SYD"] == 0
    assert quantities(base, shop.sources(UNFLOORED))["D45:SYD"] == -5
    assert quantities(aggregate, shop.sources(FLOORED_PARTS)) == {"D45": 10}


@given(amounts, amounts)
def test_a_base_quantity_is_the_sum_and_its_floor(on_hand: int, buffer: int) -> None:
    usual, bare = Behaviour(), UNFLOORED
    total = on_hand + buffer

    assert base_quantity(on_hand, buffer, excluded=False, behaviour=usual) == max(0, total)
    assert base_quantity(on_hand, buffer, excluded=False, behaviour=bare) == total
    assert base_quantity(on_hand, buffer, excluded=True, behaviour=bare) == 0


@given(st.lists(st.tuples(amounts, amounts, st.booleans())), amounts)
def test_an_aggregate_quantity_is_the_sum_of_its_parts_and_never_below_0(
    stock: list[tuple[int, int, bool]], master_buffer: int
) -> None:
    for behaviour, floor in ((Behaviour(), None), (FLOORED_PARTS, 0)):
        parts = [location_part(h, b, excluded=x, behaviour=behaviour) for h, b, x in stock]
        sums = [0 if x else h + b for h, b, x in stock]
        expected = sums if floor is None else [max(floor, part) for part in sums]

        assert parts == expected
        total = sum(expected) + master_buffer
        assert aggregate_quantity(parts, master_buffer, excluded=False) == max(0, total)
        assert aggregate_quantity(parts, master_buffer, excluded=True) == 0


def test_there_is_no_virtual_position_before_its_stock_has_left_created(shop: Shop) -> None:
    shop.load("D45", "MEL", 10, "CREATED")
    base, aggregate = virtual_catalogue("BASE"), virtual_catalogue("AGGREGATE")

    assert listing(base, shop.sources()) == listing(aggregate, shop.sources()) == []
    assert base.find("D45:MEL", shop.sources()) is None
    assert aggregate.find("D45", shop.sources()) is None

    shop.load("D45", "MEL", 10, "ACTIVE")

    assert quantities(base, shop.sources()) == {"D45:MEL": 10}
    assert quantities(aggregate, shop.sources()) == {"D45": 10}


@pytest.mark.parametrize(
    ("behaviour", "total"),
    [(Behaviour(), 12), (Behaviour(virtual_aggregate_statuses="active"), 10)],
)
def test_which_stock_an_aggregate_counts_goes_by_its_status(
    shop: Shop, behaviour: Behaviour, total: int
) -> None:
    shop.load("D45", "MEL", 10)
    shop.load("D45", "SYD", 4, "INACTIVE")
    shop.load("D45", "PER", 2, "AT_RISK")
    shop.load("D45", "BNE", 7, "CREATED")
    sources = shop.sources(behaviour)

    assert quantities(virtual_catalogue("AGGREGATE"), sources) == {"D45": total}
    assert statuses(virtual_catalogue("BASE"), sources) == {
        "D45:MEL": "ACTIVE",
        "D45:SYD": "INACTIVE",
        "D45:PER": "ACTIVE",
    }


def test_thresholds_give_virtual_positions_their_status(shop: Shop) -> None:
    for location, quantity in (("MEL", 0), ("SYD", 5), ("PER", 6)):
        shop.load("D45", location, quantity)
    shop.control("BULK_THRESHOLD", [], threshold=0, status="OUT_OF_STOCK")
    shop.control("BULK_THRESHOLD", [], threshold=5, status="AT_RISK")
    given_elsewhere = shop.rules()
    assert given_elsewhere is not None
    expected = {"D45:MEL": "OUT_OF_STOCK", "D45:SYD": "AT_RISK", "D45:PER": "ACTIVE"}
    apart = VirtualSources(shop.stock, thresholds=(given_elsewhere,))

    assert statuses(virtual_catalogue("BASE"), shop.sources()) == expected
    assert statuses(virtual_catalogue("BASE"), apart) == expected
    assert statuses(virtual_catalogue("AGGREGATE"), shop.sources()) == {"D45": "ACTIVE"}


def test_a_virtual_catalogue_covers_the_locations_of_its_network(shop: Shop) -> None:
    shop.load("D45", "MEL", 10)
    shop.load("D46", "MEL", 1)
    shop.load("D45", "SYD", 4)
    shop.load("D45", "PER", 2)
    sources = shop.sources(location_refs=frozenset({"SYD", "PER", "HBA"}), group_ref="HD")
    aggregate = virtual_catalogue("AGGREGATE")

    assert quantities(virtual_catalogue("BASE"), sources) == {"D45:SYD": 4, "D45:PER": 2}
    assert quantities(aggregate, sources) == {"D45:HD": 6}
    elsewhere = VirtualPositionFilter(group_refs=frozenset({"MEL", "PER"}))
    assert [p.ref for p in listing(virtual_catalogue("BASE"), sources, elsewhere)] == ["D45:PER"]
    assert virtual_catalogue("BASE").find("D45:MEL", sources) is None
    assert aggregate.find("D46:HD", sources) is None
    assert aggregate.find("D45", sources) is None
    found = aggregate.find("D45:HD", sources)
    assert found is not None
    assert (found.product_ref, found.group_ref) == ("D45", "HD")
    assert found.created_at == 1_003


def test_an_aggregate_is_as_old_as_its_oldest_stock_in_the_network(shop: Shop) -> None:
    covered = [f"LOC_{number}" for number in range(12)]
    for location in ["MEL", *covered]:
        shop.load("D45", location, 1)
    sources = shop.sources(location_refs=frozenset(covered), group_ref="HD")

    assert [each.created_at for each in listing(virtual_catalogue("AGGREGATE"), sources)] == [1_002]


def test_refs_with_colons_are_found(shop: Shop) -> None:
    shop.load("D:45", "LOC:MEL", 10)
    base, aggregate = virtual_catalogue("BASE"), virtual_catalogue("AGGREGATE")
    found = base.find("D:45:LOC:MEL", shop.sources())
    total = aggregate.find("D:45:A:B", shop.sources(group_ref="A:B"))

    assert found is not None
    assert (found.product_ref, found.group_ref, found.quantity) == ("D:45", "LOC:MEL", 10)
    assert total is not None
    assert total.product_ref == "D:45"
    assert base.find(":" * 10_000, shop.sources()) is None


def test_a_virtual_position_was_updated_when_its_stock_or_a_control_of_it_was(shop: Shop) -> None:
    shop.load("D45", "MEL", 10)
    shop.load("D46", "MEL", 10)
    catalogue = virtual_catalogue("BASE")
    before = {each.ref: each.updated_at for each in listing(catalogue, shop.sources())}
    shop.control(BUFFER, at("D45"), buffer=-2)
    after = {each.ref: each.updated_at for each in listing(catalogue, shop.sources())}

    total = listing(virtual_catalogue("AGGREGATE"), shop.sources())

    assert {each.ref: each.updated_at for each in total} == {"D45": 1_003, "D46": 1_002}
    assert before == {"D45:MEL": 1_001, "D46:MEL": 1_002}
    assert after == {"D45:MEL": 1_003, "D46:MEL": 1_002}


def test_an_inactive_base_position_is_searched_for_by_its_own_status(shop: Shop) -> None:
    shop.load("D45", "MEL", 0)
    shop.load("D45", "SYD", 9, "INACTIVE")
    catalogue = virtual_catalogue("BASE")

    def with_status(status: str) -> list[str]:
        wanted = VirtualPositionFilter(statuses=frozenset({status}))
        return [each.ref for each in listing(catalogue, shop.sources(), wanted)]

    assert with_status("INACTIVE") == ["D45:SYD"]
    assert with_status("OUT_OF_STOCK") == []

    shop.control("BULK_THRESHOLD", [], threshold=0, status="OUT_OF_STOCK")

    assert with_status("INACTIVE") == ["D45:SYD"]
    assert with_status("OUT_OF_STOCK") == ["D45:MEL"]


def test_where_nothing_is_derived_there_is_nothing(shop: Shop) -> None:
    shop.load("D45", "MEL", 10)

    own = virtual_catalogue("CUSTOM")
    assert quantities(own, shop.sources()) == {"D45": 10}
    assert listing(own, shop.sources(Behaviour(virtual_own_types="created"))) == []
    assert listing(virtual_catalogue("BASE"), VirtualSources(None)) == []
    nowhere = VirtualPositionFilter(group_refs=frozenset({"HD"}))
    assert listing(virtual_catalogue("AGGREGATE"), shop.sources(), nowhere) == []
