"""Walking through pages shows everything once, also while it changes."""

from collections.abc import Sequence

import pytest
from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.contracts.suite.semantic.asking import page, walk
from fluent_oms_simulator.contracts.suite.semantic.examples import FEW
from fluent_oms_simulator.contracts.suite.semantic.position import Position
from fluent_oms_simulator.contracts.target.names import Names
from hypothesis import given, settings
from hypothesis import strategies as st


def written(api: Api, names: Names, number: int) -> list[Position]:
    """Positions of one product, which no other test writes to."""
    product = names.product()
    positions = [Position(api, names, product=product) for _ in range(number)]
    api.load([position.record(5) for position in positions], preprocessing="skip")
    return positions


def nothing() -> None:
    """What happens between two pages of a quiet catalogue."""


def each_once(seen: Sequence[str], positions: Sequence[Position], *, more: bool = False) -> None:
    """Fail unless the locations seen are those of the positions, without gap or repetition."""
    wanted = {position.location for position in positions}
    repeated = sorted({location for location in seen if seen.count(location) > 1})
    assert not repeated, f"shown more than once: {repeated}"
    missing = sorted(wanted - set(seen))
    assert not missing, f"left out: {missing}"
    assert more or set(seen) == wanted, f"not asked for: {sorted(set(seen) - wanted)}"


@settings(FEW)
@given(number=st.integers(1, 9), size=st.integers(1, 4), backwards=st.booleans())
def test_a_walk_shows_every_position_once(
    api: Api, names: Names, number: int, size: int, backwards: bool
) -> None:
    positions = written(api, names, number)
    product = [positions[0].product]
    pages = list(walk(api, size, backwards=backwards, between=nothing, productRef=product))

    each_once([node["locationRef"] for shown in pages for node in shown.nodes], positions)
    assert all(len(shown.nodes) == size for shown in pages[:-1])
    ends = [
        (shown.has_previous, shown.has_next) for shown in (reversed(pages) if backwards else pages)
    ]
    assert [has_next for _, has_next in ends] == [True] * (len(pages) - 1) + [False]
    assert [has_previous for has_previous, _ in ends] == [False] + [True] * (len(pages) - 1)


def test_walking_backwards_shows_the_same_in_the_same_order(api: Api, names: Names) -> None:
    positions = written(api, names, 7)
    product = [positions[0].product]
    forwards = [
        node["ref"]
        for shown in walk(api, 3, between=nothing, productRef=product)
        for node in shown.nodes
    ]
    pages = list(walk(api, 3, backwards=True, between=nothing, productRef=product))

    assert [node["ref"] for shown in reversed(pages) for node in shown.nodes] == forwards


@pytest.mark.parametrize("backwards", [False, True], ids=["forwards", "backwards"])
def test_a_walk_skips_and_repeats_nothing_while_stock_changes(
    api: Api, names: Names, backwards: bool
) -> None:
    """Counts, deltas and new positions come in between two pages."""
    positions = written(api, names, 12)
    product = positions[0].product
    added: list[Position] = []

    def change() -> None:
        added.append(Position(api, names, product=product))
        later = positions[::2] if backwards else positions[1::2]
        changed = [*(position.record(9 + len(added)) for position in later), added[-1].record(1)]
        api.load(changed, preprocessing="skip")
        positions[len(added) % 12].change(-1)

    pages = walk(api, 3, backwards=backwards, between=change, productRef=[product])
    seen = [node["locationRef"] for shown in pages for node in shown.nodes]

    assert added
    each_once(seen, positions, more=True)
    assert set(seen) <= {position.location for position in (*positions, *added)}


def test_quantities_are_paged_without_gaps(api: Api, names: Names) -> None:
    position = Position(api, names)
    position.count(100)
    position.change(*range(1, 131))

    position.shows(100 + sum(range(1, 131)))
    seen = position.look()
    assert seen is not None
    deltas = [row["quantity"] for row in seen["quantities"] if row["type"] == "DELTA"]
    assert sorted(deltas) == list(range(1, 131))


def test_a_cursor_goes_on_after_its_own_row(api: Api, names: Names) -> None:
    positions = written(api, names, 4)
    product = [positions[0].product]
    whole = page(api, productRef=product, first=10)
    assert len(whole.nodes) == 4
    for number, cursor in enumerate(whole.cursors):
        rest = page(api, productRef=product, first=10, after=cursor)
        assert rest.nodes == whole.nodes[number + 1 :]
        earlier = page(api, productRef=product, last=10, before=cursor)
        assert earlier.nodes == whole.nodes[:number]
