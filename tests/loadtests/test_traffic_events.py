"""Traffic that looks like retail: what is sold, where, when, and what goes wrong on the way."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import islice, pairwise
from math import log
from statistics import linear_regression

import pytest
from fluent_oms_simulator.loadtests.traffic.day import day, nightly_load
from fluent_oms_simulator.loadtests.traffic.shop import Shop
from fluent_oms_simulator.loadtests.traffic.shop_parameters import ShopParameters
from fluent_oms_simulator.loadtests.traffic.steady import events_for_rate
from fluent_oms_simulator.loadtests.traffic.trade_events import Cause, DeltaEvent, FullLoad

PLENTY = 1_000_000
ORDERLY = ShopParameters(repeats=0.0, late=0.0)


def events_of(moments: Iterable[DeltaEvent | FullLoad]) -> list[DeltaEvent]:
    return [moment for moment in moments if isinstance(moment, DeltaEvent)]


def loads_of(moments: Iterable[DeltaEvent | FullLoad]) -> list[FullLoad]:
    return [moment for moment in moments if isinstance(moment, FullLoad)]


def share(events: Iterable[DeltaEvent], cause: Cause) -> float:
    causes = Counter(event.deltas[0].cause for event in events)
    return causes[cause] / causes.total()


@pytest.mark.parametrize("exponent", [0.7, 1.0, 1.3])
def test_products_are_sold_by_a_power_law(exponent: float) -> None:
    shape = ShopParameters(zipf_exponent=exponent, opening_stock=PLENTY, basket_sizes=(1.0,))
    events = islice(events_for_rate(Shop(1, 1000, 1, 1.0, shape=shape), 10), 40_000)
    sold = Counter(
        delta.position for event in events for delta in event.deltas if delta.cause is Cause.SALE
    )
    top = [count for _, count in sold.most_common(40)]
    slope = linear_regression([log(rank) for rank in range(1, 41)], [log(n) for n in top]).slope

    assert slope == pytest.approx(-exponent, abs=0.1)


def test_larger_locations_trade_more() -> None:
    shop = Shop(1, 200, 9, 1.0, shape=ShopParameters(location_exponent=0.5))
    events = islice(events_for_rate(shop, 10), 20_000)
    traded = Counter(event.deltas[0].position.location_ref for event in events)

    assert traded["LOC0001"] / traded["LOC0009"] == pytest.approx(3, rel=0.2)


def test_shares_of_returns_deliveries_and_corrections_are_as_set() -> None:
    shape = ShopParameters(returns=0.08, receipts=0.02, corrections=0.03)
    events = list(islice(events_for_rate(Shop(1, 500, 5, shape=shape), 10), 20_000))

    assert share(events, Cause.RETURN) == pytest.approx(0.08, abs=0.01)
    assert share(events, Cause.RECEIPT) == pytest.approx(0.02, abs=0.005)
    assert share(events, Cause.CORRECTION) == pytest.approx(0.03, abs=0.005)


def test_baskets_have_one_line_to_eight_and_mostly_one_or_two() -> None:
    events = islice(events_for_rate(Shop(1, 2000, 5, shape=ORDERLY), 10), 20_000)
    sizes = Counter(len(event.deltas) for event in events if event.deltas[0].cause is Cause.SALE)

    assert sizes[1] / sizes.total() == pytest.approx(0.62, abs=0.03)
    assert sizes[2] / sizes.total() == pytest.approx(0.20, abs=0.03)
    assert min(sizes) == 1
    assert max(sizes) == 8


def test_signs_tell_what_takes_stock_and_what_brings_it() -> None:
    for event in islice(events_for_rate(Shop(1, 200, 3), 10), 5000):
        for delta in event.deltas:
            if delta.cause is Cause.SALE:
                assert -6 <= delta.quantity <= -1
            elif delta.cause is not Cause.CORRECTION:
                assert delta.quantity > 0
            assert delta.quantity != 0


def test_no_position_is_twice_in_an_event() -> None:
    for event in islice(events_for_rate(Shop(1, 20, 2, 1.0), 10), 3000):
        positions = [delta.position for delta in event.deltas]

        assert len(positions) == len(set(positions))


@pytest.mark.parametrize(("oversold", "goes_below"), [(0.0, False), (0.5, True)])
def test_stock_goes_below_zero_only_where_tills_oversell(oversold: float, goes_below: bool) -> None:
    shape = ShopParameters(oversold=oversold, opening_stock=3, receipts=0, returns=0)
    shop = Shop(1, 50, 4, shape=shape)
    lowest = 0
    for moment in day(shop, 2000):
        if isinstance(moment, DeltaEvent):
            lowest = min(lowest, *shop.stock)

    assert (lowest < 0) is goes_below


def test_what_is_sold_out_is_delivered_so_that_a_steady_stream_never_ends() -> None:
    shape = ShopParameters(opening_stock=1, receipts=0, returns=0, corrections=0, oversold=0)
    events = list(islice(events_for_rate(Shop(1, 5, 2, 1.0, shape=shape), 10), 500))

    assert share(events, Cause.RECEIPT) > 0
    assert share(events, Cause.SALE) > 0.5


def test_a_steady_stream_has_so_many_deltas_a_second_besides_retries() -> None:
    events = list(islice(events_for_rate(Shop(1, 500, 5), 250), 5000))
    new = sum(len(event.deltas) for event in events if not event.repeat_of)

    assert new / events[-1].due == pytest.approx(250, rel=0.01)


def test_a_rate_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="more than 0"):
        events_for_rate(Shop(1, 5, 1), 0)


def test_events_are_told_in_the_order_in_which_they_are_sent() -> None:
    shape = ShopParameters(repeats=0.1, late=0.1)
    for moments in (
        islice(events_for_rate(Shop(1, 200, 3, shape=shape), 50), 3000),
        day(Shop(1, 200, 3, shape=shape), 3000),
    ):
        assert all(one.due <= other.due for one, other in pairwise(moments))


def test_retries_carry_the_same_deltas_a_little_later() -> None:
    events = list(
        islice(events_for_rate(Shop(1, 200, 3, shape=ShopParameters(repeats=0.05)), 50), 10_000)
    )
    first = {event.deltas[0].delta_id: event for event in events if not event.repeat_of}
    repeats = [event for event in events if event.repeat_of]

    assert len(repeats) / len(first) == pytest.approx(0.05, abs=0.01)
    for repeat in repeats:
        original = first[repeat.deltas[0].delta_id]
        assert repeat.deltas == original.deltas
        assert 0 <= repeat.due - original.due <= 5


def test_late_events_are_sent_after_they_happened_and_behind_later_ones() -> None:
    events = list(
        islice(events_for_rate(Shop(1, 200, 3, shape=ShopParameters(late=0.05)), 50), 10_000)
    )
    late = [event for event in events if event.late and not event.repeat_of]
    happened = [event.deltas[0].due for event in events if not event.repeat_of]

    assert len(late) / len(happened) == pytest.approx(0.05, abs=0.01)
    assert all(event.due == pytest.approx(event.deltas[0].due + event.late) for event in late)
    assert happened != sorted(happened)


def test_nothing_is_sold_while_a_location_is_closed() -> None:
    shop = Shop(1, 300, 12)
    places = {place.ref: number for number, place in enumerate(shop.locations)}
    hours = set()
    for event in events_of(day(shop, 10_000)):
        for delta in event.deltas:
            number = places[delta.position.location_ref]
            hour = shop.local_hour(number, delta.due)
            hours.add(int(hour))
            if delta.cause is Cause.RECEIPT:
                assert 4 <= hour < 9
            else:
                assert shop.locations[number].opens <= hour < shop.locations[number].closes

    assert {4, 10, 15, 19} <= hours
    assert {0, 1, 2, 3, 23}.isdisjoint(hours)


def test_locations_in_other_time_zones_open_at_other_times() -> None:
    shape = ShopParameters(
        hours_ahead=(-6.0, 6.0), opens=(9.0, 9.0), closes=(12.0, 12.0), receipts=0
    )
    dues = [
        event.deltas[0].due / 3600 for event in events_of(day(Shop(1, 50, 8, shape=shape), 2000))
    ]

    assert all(3 <= due < 6 or 15 <= due < 18 for due in dues)
    assert min(dues) < 4
    assert max(dues) > 17


def test_a_day_has_about_as_many_deltas_as_were_asked_for_before_offers() -> None:
    shape = replace(ORDERLY, promotion_share=0, flash_factor=1, opening_stock=PLENTY)
    made = sum(
        len(event.deltas) for event in events_of(day(Shop(1, 1000, 10, shape=shape), 20_000))
    )

    assert made == pytest.approx(20_000, rel=0.1)


def test_the_parts_of_a_shop_share_its_day() -> None:
    shape = replace(ORDERLY, promotion_share=0, flash_factor=1, opening_stock=PLENTY)
    made = [
        sum(
            len(event.deltas)
            for event in events_of(day(Shop(1, 900, 9, partition=(part, 3), shape=shape), 18_000))
        )
        for part in range(3)
    ]

    assert made == pytest.approx([6000] * 3, rel=0.15)


def sold_by_hour(shape: ShopParameters) -> Counter[tuple[str, int]]:
    events = events_of(day(Shop(5, 100, 4, 1.0, shape=shape), 20_000))
    return Counter(
        (delta.position.product_ref, int(delta.due // 900))
        for event in events
        for delta in event.deltas
        if delta.cause is Cause.SALE
    )


def test_a_flash_sale_lifts_one_product_for_a_quarter_of_an_hour() -> None:
    quiet = ShopParameters(promotion_share=0.0, opening_stock=PLENTY, zipf_exponent=0.5)
    quarter = 12 * 4
    sold = sold_by_hour(replace(quiet, flash_factor=200.0))
    [(product, lifted)] = Counter(
        {ref: count for (ref, when), count in sold.items() if when == quarter}
    ).most_common(1)

    assert lifted > 10 * max(sold[product, quarter - 1], sold[product, quarter + 1], 1)


def test_a_promotion_lifts_its_products_in_its_hours() -> None:
    quiet = ShopParameters(flash_factor=1.0, opening_stock=PLENTY, hours_ahead=(0.0,))
    with_it = sold_by_hour(replace(quiet, promotion_share=0.2, promotion_factor=5.0))
    without = sold_by_hour(replace(quiet, promotion_share=0.0))

    def sold(counts: Counter[tuple[str, int]], hours: range) -> int:
        return sum(count for (_, when), count in counts.items() if when // 4 in hours)

    assert sold(with_it, range(10, 16)) > 1.3 * sold(without, range(10, 16))
    assert sold(with_it, range(17, 20)) == pytest.approx(sold(without, range(17, 20)), rel=0.1)


def test_the_nightly_load_is_older_than_it_is_and_has_every_position() -> None:
    shop = Shop(1, 300, 5)
    [nightly] = [load for load in loads_of(day(shop, 5000)) if load.name.startswith("nightly")]

    assert nightly.due == 2 * 3600
    assert nightly.snapshot == 1.5 * 3600
    assert [count.position for count in nightly.counts] == shop.positions


def test_a_full_load_differs_from_what_was_known_at_the_rate_that_is_set() -> None:
    shop = Shop(1, 2000, 10)
    before = list(shop.counts())
    load = nightly_load(shop, change_rate=0.1)
    changed = sum(one != other for one, other in zip(before, load.counts, strict=True))

    assert changed / len(shop) == pytest.approx(0.1, abs=0.01)
    assert list(shop.counts()) == list(load.counts)


def test_batches_of_changes_hold_a_share_of_what_changed_in_five_minutes() -> None:
    shape = replace(ORDERLY, changes_share=1.0, full_load_at=0)
    moved: set[object] = set()
    batches = 0
    for moment in day(Shop(1, 300, 5, shape=shape), 5000):
        if isinstance(moment, DeltaEvent):
            moved |= {delta.position for delta in moment.deltas}
        elif moment.name.startswith("changes"):
            assert {count.position for count in moment.counts} == moved
            assert moment.due % 300 == 0
            moved.clear()
            batches += 1

    assert batches > 100
