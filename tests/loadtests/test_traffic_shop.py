"""The shop that a seed gives: where products are, and how its parts make up the whole."""

from collections import Counter
from itertools import islice

import pytest
from fluent_oms_simulator.loadtests.traffic.payloads import batches
from fluent_oms_simulator.loadtests.traffic.shop import Shop
from fluent_oms_simulator.loadtests.traffic.shop_parameters import ShopParameters
from fluent_oms_simulator.loadtests.traffic.steady import events_for_rate
from fluent_oms_simulator.loadtests.traffic.trade_events import Count, Position
from hypothesis import given, settings
from hypothesis import strategies as st


def test_the_same_seed_gives_the_same_shop_and_another_seed_another() -> None:
    assert list(Shop(7, 40, 5).opening) == list(Shop(7, 40, 5).opening)
    assert list(Shop(7, 40, 5).opening) != list(Shop(8, 40, 5).opening)


@pytest.mark.parametrize("coverage", [0.1, 0.3, 0.8, 1.0])
def test_so_many_products_are_at_a_location_as_the_coverage_says(coverage: float) -> None:
    shop = Shop(1, 2000, 20, coverage)

    assert len(shop) / 40_000 == pytest.approx(coverage, abs=0.02)


def test_every_product_is_somewhere_also_where_the_coverage_is_slight() -> None:
    shop = Shop(1, 50, 5, coverage=0.01)

    assert {position.product_ref for position in shop.positions} == set(shop.product_refs)


@given(
    seed=st.integers(0, 1000),
    products=st.integers(4, 40),
    locations=st.integers(1, 6),
    parts=st.integers(1, 4),
)
@settings(max_examples=50, deadline=None)
def test_every_position_belongs_to_exactly_one_part_with_the_stock_that_the_whole_has(
    seed: int, products: int, locations: int, parts: int
) -> None:
    whole = Shop(seed, products, locations)
    shared: list[Count] = []
    for part in range(parts):
        shared += Shop(seed, products, locations, partition=(part, parts)).opening

    assert sorted(shared) == sorted(whole.opening)


def test_parts_and_streams_never_use_the_same_delta_id() -> None:
    ids: list[str] = []
    for part in range(3):
        shop = Shop(1, 60, 4, partition=(part, 3))
        for name in ("s", "t"):
            events = islice(events_for_rate(shop, 10, name), 100)
            ids += [one.delta_id for event in events if not event.repeat_of for one in event.deltas]

    assert len(ids) == len(set(ids)) > 600


def test_a_part_speaks_of_its_own_positions_only() -> None:
    shop = Shop(1, 60, 4, partition=(1, 3))
    own = set(shop.positions)

    for event in islice(events_for_rate(shop, 10), 300):
        assert own.issuperset(delta.position for delta in event.deltas)


def test_another_run_has_other_delta_ids_for_the_same_traffic() -> None:
    one, other = (list(islice(events_for_rate(Shop(1, 60, 4, run=run), 10), 50)) for run in "ab")

    assert [[d._replace(delta_id="") for d in event.deltas] for event in one] == [
        [d._replace(delta_id="") for d in event.deltas] for event in other
    ]
    assert {d.delta_id for event in one for d in event.deltas}.isdisjoint(
        d.delta_id for event in other for d in event.deltas
    )


def test_the_prefix_begins_every_product_and_every_delta_id() -> None:
    shop = Shop(1, 30, 3, prefix="TRY_")

    for event in islice(events_for_rate(shop, 10), 50):
        for delta in event.deltas:
            assert delta.delta_id.startswith("TRY_")
            assert delta.position.product_ref.startswith("TRY_")


def test_refs_stay_within_what_a_location_and_a_position_may_be_called() -> None:
    last = Shop(1, 3, 999).locations[-1]

    assert len(last.ref) <= 8


def test_counts_are_worked_out_when_asked_for() -> None:
    opening = Shop(1, 30, 3).opening
    everything = list(opening)

    assert opening[0] == everything[0]
    assert opening[-1] == everything[-1]
    assert list(opening[3:9:2]) == everything[3:9:2]
    assert [count for batch in batches(opening, 7) for count in batch] == everything
    assert max(len(batch) for batch in batches(opening, 7)) == 7
    with pytest.raises(IndexError):
        opening[len(opening)]


def test_counts_keep_what_was_counted_while_trade_goes_on() -> None:
    shop = Shop(1, 30, 3)
    counted = shop.counts()
    before = list(counted)
    for _ in islice(events_for_rate(shop, 10), 200):
        pass

    assert list(counted) == before == list(shop.opening)
    assert list(shop.counts()) != before


def test_counts_are_never_negative_and_may_be_of_some_positions() -> None:
    shop = Shop(1, 30, 3)
    shop.stock[4] = -3

    assert list(shop.counts([4])) == [Count(shop.position(4), 0)]


def test_a_stocktake_changes_the_share_that_was_asked_for() -> None:
    shop = Shop(1, 2000, 20)
    before = list(shop.stock)
    shop.stocktake("night", 0.2)
    changed = sum(one != other for one, other in zip(before, shop.stock, strict=True))

    assert changed / len(shop) == pytest.approx(0.2, abs=0.02)
    assert min(shop.stock) >= 0


def test_positions_are_numbered_location_by_location() -> None:
    shop = Shop(1, 30, 3)

    assert shop.positions == [
        Position(shop.product_refs[shop.product_at[number]], shop.locations[place].ref)
        for place in range(3)
        for number in shop.within(place)
    ]


@pytest.mark.parametrize(
    ("products", "locations", "coverage", "partition", "words"),
    [
        (0, 5, 0.3, (0, 1), "at least one product"),
        (5, 0, 0.3, (0, 1), "at least one product"),
        (5, 5, 0.0, (0, 1), "coverage"),
        (5, 5, 1.1, (0, 1), "coverage"),
        (5, 5, 0.3, (2, 2), "no part 2 of 2"),
        (5, 5, 0.3, (-1, 2), "no part -1 of 2"),
        (1, 1, 0.3, (1, 2), "has no position"),
    ],
)
def test_a_shop_that_cannot_be_is_refused_with_a_sentence(
    products: int, locations: int, coverage: float, partition: tuple[int, int], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        Shop(1, products, locations, coverage, partition=partition)


def test_a_flat_shape_wants_every_product_alike() -> None:
    shop = Shop(1, 100, 1, 1.0, shape=ShopParameters(zipf_exponent=0, opening_stock=10_000))
    events = islice(events_for_rate(shop, 10), 5000)
    sold = Counter(delta.position for event in events for delta in event.deltas)

    assert max(sold.values()) < 3 * min(sold.values())


@pytest.mark.parametrize("prefix", ["x" * 41, "A:B", "A B", "A\n"])
def test_a_prefix_that_would_spoil_refs_is_refused(prefix: str) -> None:
    with pytest.raises(ValueError, match="A prefix has at most 40 characters"):
        Shop(1, 5, 2, prefix=prefix)
