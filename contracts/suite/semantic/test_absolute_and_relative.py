"""A count says what there is, a delta says what has changed."""

from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.contracts.suite.semantic.examples import CHANGES, COUNTS, MANY
from fluent_oms_simulator.contracts.suite.semantic.position import Position, Row, applied
from fluent_oms_simulator.contracts.target.names import Names
from hypothesis import given, settings
from hypothesis import strategies as st


@settings(MANY)
@given(counts=st.lists(COUNTS, min_size=1, max_size=3))
def test_a_count_sets_the_stock_whatever_was_there(
    api: Api, names: Names, counts: list[int]
) -> None:
    position = Position(api, names)
    for quantity in counts:
        position.count(quantity)

    position.shows(counts[-1], [Row("LAST_ON_HAND", counts[-1])])


@settings(MANY)
@given(counted=COUNTS, changes=st.lists(CHANGES, min_size=1, max_size=3))
def test_a_delta_adds_to_the_stock(
    api: Api, names: Names, counted: int, changes: list[int]
) -> None:
    position = Position(api, names)
    position.count(counted)
    for quantity in changes:
        position.change(quantity)

    rows = [Row("LAST_ON_HAND", counted), *(Row("DELTA", quantity) for quantity in changes)]
    position.shows(counted + sum(changes), rows)


@settings(MANY)
@given(
    counted=COUNTS,
    changes=st.lists(st.tuples(st.integers(0, 2), CHANGES), min_size=2, max_size=6),
)
def test_every_delta_of_an_event_counts_in_whatever_order(
    api: Api, names: Names, counted: int, changes: list[tuple[int, int]]
) -> None:
    product = names.product()
    positions = [Position(api, names, product=product) for _ in range(3)]
    api.load([position.record(counted) for position in positions], preprocessing="skip")
    applied(api.deltas(*(positions[which].entry(quantity) for which, quantity in changes)))

    for which, position in enumerate(positions):
        own = [quantity for number, quantity in changes if number == which]
        rows = [Row("LAST_ON_HAND", counted), *(Row("DELTA", quantity) for quantity in own)]
        position.shows(counted + sum(own), rows)


def test_stock_on_hand_may_fall_below_zero(api: Api, names: Names) -> None:
    position = Position(api, names)
    position.count(3)
    position.change(-10)

    position.shows(-7)


def test_a_delta_moves_only_its_own_position(api: Api, names: Names) -> None:
    here = Position(api, names)
    same_product = Position(api, names, product=here.product)
    same_location = Position(api, names, location=here.location)
    everywhere = (here, same_product, same_location)
    api.load([position.record(20) for position in everywhere], preprocessing="skip")
    here.change(-5)

    here.shows(15)
    same_product.shows(20)
    same_location.shows(20)


def test_the_type_of_a_delta_may_be_left_out(api: Api, names: Names) -> None:
    position = Position(api, names)
    position.count(10)
    entry = position.entry(-4)
    del entry["type"]
    applied(api.deltas(entry))

    position.shows(6, [Row("LAST_ON_HAND", 10), Row("DELTA", -4)])
