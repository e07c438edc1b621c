"""What fulfilments promise, take and give back."""

from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.contracts.suite.semantic.examples import AMOUNTS, COUNTS, MANY
from fluent_oms_simulator.contracts.suite.semantic.position import Position, Row, applied
from fluent_oms_simulator.contracts.target.names import Names
from hypothesis import given, settings
from hypothesis import strategies as st


@settings(MANY)
@given(
    counted=COUNTS,
    held=AMOUNTS,
    negative=st.booleans(),
    key=st.sampled_from(("reservedQty", "reserveQty")),
)
def test_a_reservation_lowers_the_stock_whatever_its_sign_and_spelling(
    api: Api, names: Names, counted: int, held: int, negative: bool, key: str
) -> None:
    """The contract's table says reservedQty, its sample reserveQty (27 Nov 2024)."""
    position = Position(api, names)
    position.count(counted)
    applied(api.updates(position.item("F1", **{key: -held if negative else held})))

    position.shows(counted - held, [Row("LAST_ON_HAND", counted), Row("RESERVED", -held)])


@settings(MANY)
@given(counted=COUNTS, sold=AMOUNTS, rejected=st.integers(0, 30))
def test_confirming_a_pick_leaves_the_stock_as_the_reservation_had_it(
    api: Api, names: Names, counted: int, sold: int, rejected: int
) -> None:
    position = Position(api, names)
    position.count(counted)
    position.reserve("F1", sold + rejected)
    position.shows(counted - sold - rejected)
    position.confirm("F1", sold=sold, rejected=rejected)

    rows = [
        Row("LAST_ON_HAND", counted),
        Row("RESERVED", -sold - rejected, False),
        Row("SALE", -sold),
    ]
    if rejected:
        rows.append(Row("CORRECTION", -rejected))
    position.shows(counted - sold - rejected, rows)


@settings(MANY)
@given(counted=COUNTS, held=AMOUNTS)
def test_cancelling_a_fulfilment_gives_its_stock_back(
    api: Api, names: Names, counted: int, held: int
) -> None:
    position = Position(api, names)
    position.count(counted)
    position.reserve("F1", held)
    position.shows(counted - held)
    position.cancel("F1", held)

    position.shows(counted, [Row("LAST_ON_HAND", counted), Row("RESERVED", -held, False)])


def test_confirming_one_fulfilment_leaves_the_others_reservation(api: Api, names: Names) -> None:
    position = Position(api, names)
    position.count(100)
    position.reserve("F1", 5)
    position.reserve("F2", 7)
    position.confirm("F1", sold=5)

    rows = [
        Row("LAST_ON_HAND", 100),
        Row("RESERVED", -5, False),
        Row("RESERVED", -7),
        Row("SALE", -5),
    ]
    position.shows(88, rows)


def test_one_event_updates_several_positions(api: Api, names: Names) -> None:
    positions = [Position(api, names) for _ in range(3)]
    api.load([position.record(10) for position in positions], preprocessing="skip")
    items = [
        position.item("F1", reservedQty=-amount)
        for amount, position in enumerate(positions, start=1)
    ]
    applied(api.updates(*items))

    for amount, position in enumerate(positions, start=1):
        position.shows(10 - amount)


def test_more_may_be_reserved_than_there_is(api: Api, names: Names) -> None:
    """Whether there is enough is asked before the order is placed, not here."""
    position = Position(api, names)
    position.count(2)
    position.reserve("F1", 5)

    position.shows(-3)
