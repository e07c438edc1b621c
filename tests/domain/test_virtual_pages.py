"""Walks over virtual positions that go on changing, and searches: nothing is missed or repeated."""

from collections.abc import Callable
from typing import Any

import pytest
from fluent_oms_simulator.domain.search.criteria import Span
from fluent_oms_simulator.domain.search.paging import Window
from fluent_oms_simulator.domain.virtual.virtual_catalogue import (
    VirtualCatalogue,
    VirtualChanges,
    VirtualPosition,
    VirtualPositionFilter,
    VirtualSources,
)
from hypothesis import given
from hypothesis import strategies as st

from .helpers.virtual_support import Shop, at, listing, virtual_catalogue

PRODUCTS = ["A", "B", "C:D"]
LOCATIONS = ["MEL", "SYD", "D:PER"]

products, locations = st.sampled_from(PRODUCTS), st.sampled_from(LOCATIONS)
kinds = st.sampled_from(["BASE", "AGGREGATE"])
networks = st.none() | st.frozensets(locations)

steps = st.one_of(
    st.tuples(
        st.just("load"),
        products,
        locations,
        st.integers(0, 3),
        st.sampled_from([None, None, None, "CREATED", "INACTIVE", "ACTIVE"]),
    ),
    st.tuples(
        st.just("control"),
        st.sampled_from(["QUANTITY_BUFFER", "EXCLUSION", "MASTER_BUFFER"]),
        products,
        st.none() | locations,
        st.integers(-2, 2),
    ),
    st.tuples(st.just("threshold"), st.integers(0, 2)),
    st.tuples(
        st.just("write"),
        products,
        st.none() | locations,
        st.integers(0, 3),
        st.sampled_from([None, "FROZEN"]),
        st.sampled_from([None, "SPECIAL"]),
    ),
)
stories = st.lists(steps, max_size=12)
long_stories = st.lists(steps, min_size=6, max_size=16)

Step = tuple[Any, ...]
Sources = Callable[[], VirtualSources]


def take(shop: Shop, catalogue: VirtualCatalogue, sources: Sources, step: Step) -> None:
    """Take a step; what is written is created where there is nothing yet."""
    match step:
        case ("load", product, location, quantity, status):
            # The shop refuses a second position with the ref of another.
            if {("C", "D:PER"), ("C:D", "PER")}.isdisjoint({(product, location)}):
                shop.load(product, location, quantity, status)
        case ("control", kind, product, location, amount):
            shop.control(kind, at(product, location), buffer=amount)
        case ("threshold", up_to):
            shop.control("BULK_THRESHOLD", [], threshold=up_to, status="AT_RISK")
        case ("write", product, location, quantity, status, kind):
            shop.moment += 1
            ref = product if location is None else f"{product}:{location}"
            changes = VirtualChanges(quantity=quantity, status=status, type=kind)
            exists = catalogue.find(ref, sources()) is not None
            write = catalogue.update if exists else catalogue.create
            write(ref, changes, sources=sources(), at=shop.moment)


def told(kind: str, network: frozenset[str] | None, story: list[Step]) -> Any:
    shop, catalogue = Shop(), virtual_catalogue(kind)

    def sources() -> VirtualSources:
        return shop.sources(location_refs=network, group_ref=None if network is None else "HD")

    for step in story:
        take(shop, catalogue, sources, step)
    return shop, catalogue, sources


criteria: dict[str, st.SearchStrategy[Any]] = {
    "refs": st.frozensets(st.sampled_from(["A", "B:MEL", "A:HD", "C:D:D:PER"])),
    "types": st.frozensets(st.sampled_from(["BASE", "AGGREGATE", "SPECIAL"])),
    "statuses": st.frozensets(
        st.sampled_from(["ACTIVE", "INACTIVE", "AT_RISK", "FROZEN", "CREATED"])
    ),
    "product_refs": st.frozensets(st.sampled_from([*PRODUCTS, None])),
    "group_refs": st.frozensets(st.sampled_from([*LOCATIONS, "HD", None])),
    "quantities": st.frozensets(st.integers(0, 4)),
    "created": st.builds(Span, st.integers(1_000, 1_012)),
    "updated": st.builds(Span, st.integers(1_000, 1_012), st.none() | st.integers(1_004, 1_012)),
}


@st.composite
def filters(draw: st.DrawFn) -> VirtualPositionFilter:
    """One criterion or two, so that something is left to find."""
    names = draw(st.sets(st.sampled_from(sorted(criteria)), min_size=1, max_size=2))
    return VirtualPositionFilter(**{name: draw(criteria[name]) for name in sorted(names)})


@given(kinds, networks, long_stories, filters())
def test_a_search_finds_exactly_what_it_accepts(
    kind: str,
    network: frozenset[str] | None,
    story: list[Step],
    wanted: VirtualPositionFilter,
) -> None:
    _, catalogue, sources = told(kind, network, story)
    everything = listing(catalogue, sources())

    assert listing(catalogue, sources(), wanted) == [
        position for position in everything if wanted.accepts(position)
    ]


@given(kinds, networks, long_stories)
def test_every_position_is_found_by_each_of_its_values(
    kind: str, network: frozenset[str] | None, story: list[Step]
) -> None:
    _, catalogue, sources = told(kind, network, story)
    everything = listing(catalogue, sources())
    for each in everything:
        for wanted, expected in (
            (one(refs=each.ref), [p for p in everything if p.ref == each.ref]),
            (one(types=each.type), [p for p in everything if p.type == each.type]),
            (one(statuses=each.status), [p for p in everything if p.status == each.status]),
            (
                one(product_refs=each.product_ref),
                [p for p in everything if p.product_ref == each.product_ref],
            ),
            (
                one(group_refs=each.group_ref),
                [p for p in everything if p.group_ref == each.group_ref],
            ),
            (one(quantities=each.quantity), [p for p in everything if p.quantity == each.quantity]),
            (
                VirtualPositionFilter(created=Span(each.created_at, each.created_at)),
                [p for p in everything if p.created_at == each.created_at],
            ),
            (
                VirtualPositionFilter(updated=Span(since=each.updated_at)),
                [p for p in everything if p.updated_at >= each.updated_at],
            ),
            (
                VirtualPositionFilter(updated=Span(until=each.updated_at)),
                [p for p in everything if p.updated_at <= each.updated_at],
            ),
        ):
            assert listing(catalogue, sources(), wanted) == expected, wanted


def one(**value: str | int | None) -> VirtualPositionFilter:
    wanted: dict[str, Any] = {name: frozenset({each}) for name, each in value.items()}
    return VirtualPositionFilter(**wanted)


@given(kinds, networks, stories)
def test_positions_have_keys_of_their_own_and_are_found_by_ref(
    kind: str, network: frozenset[str] | None, story: list[Step]
) -> None:
    _, catalogue, sources = told(kind, network, story)
    everything = listing(catalogue, sources())
    keys = [position.number for position in everything]

    assert keys == sorted(set(keys))
    assert len({position.ref for position in everything}) == len(everything)
    for position in everything:
        assert catalogue.find(position.ref, sources()) == position


@given(kinds, networks, stories, st.integers(1, 4), st.booleans(), stories)
def test_a_walk_sees_what_stays_once_and_in_order_whatever_else_changes(
    kind: str,
    network: frozenset[str] | None,
    story: list[Step],
    size: int,
    backward: bool,
    meanwhile: list[Step],
) -> None:
    shop, catalogue, sources = told(kind, network, story)
    always = {position.number for position in listing(catalogue, sources())}
    seen: list[VirtualPosition] = []
    edge: int | None = None
    more = True
    while more:
        window = Window(size, None if backward else edge, edge if backward else None, backward)
        page, positions = catalogue.page(sources(), VirtualPositionFilter(), window)
        assert [position.number for position in positions] == page.keys
        more = page.has_previous if backward else page.has_next
        assert len(positions) == size or not more
        seen += reversed(positions) if backward else positions
        edge = seen[-1].number if seen else None
        if meanwhile:
            take(shop, catalogue, sources, meanwhile.pop())
            always &= {position.number for position in listing(catalogue, sources())}
    keys = [position.number for position in seen]

    assert keys == sorted(set(keys), reverse=backward)
    assert always <= set(keys)


@pytest.mark.parametrize("kind", ["BASE", "AGGREGATE"])
def test_a_page_looks_at_no_more_stock_than_it_shows(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop, catalogue = Shop(), virtual_catalogue(kind)
    for number in range(3_000):
        shop.load(f"SKU{number}", "MEL", 1)
    looked_at: list[int] = []
    on_hand = shop.stock.on_hand

    def noted(row: int) -> int:
        looked_at.append(row)
        return on_hand(row)

    monkeypatch.setattr(shop.stock, "on_hand", noted)
    for window in (Window(50), Window(50, backward=True), Window(50, after=2_000)):
        looked_at.clear()
        page, _ = catalogue.page(shop.sources(), VirtualPositionFilter(), window)

        assert sorted(looked_at) == page.keys
    one = VirtualPositionFilter(product_refs=frozenset({"SKU2500"}))
    looked_at.clear()

    assert [position.number for position in listing(catalogue, shop.sources(), one)] == [2_500]
    assert set(looked_at) == {2_500}
