"""Open points of positions and their quantities."""

import pytest
from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.contracts.suite.observations.probing import meaning
from fluent_oms_simulator.contracts.suite.semantic.asking import error_codes, mutated
from fluent_oms_simulator.contracts.suite.semantic.position import Observe, Position
from fluent_oms_simulator.contracts.target.names import Names


def test_what_status_a_first_load_gives(api: Api, names: Names, observe: Observe) -> None:
    position = Position(api, names)
    position.count(10)
    seen = position.look()

    assert seen is not None
    observe("position.first_status", seen["status"], "after one count of 10")


def test_whether_a_created_quantity_is_stock(api: Api, names: Names, observe: Observe) -> None:
    """A mutation makes it; the delta after it has the stock on hand calculated anew."""
    position = Position(api, names)
    position.count(10)
    seen = position.look()
    assert seen is not None
    catalogue = {"ref": api.target.catalogue_ref}
    answer = mutated(
        api,
        "createInventoryQuantity",
        ref=names.delta_id(),
        catalogue=catalogue,
        position={"ref": seen["ref"], "catalogue": catalogue},
        type="DELTA",
        quantity=5,
    )
    if error_codes(answer):
        pytest.skip(f"createInventoryQuantity was refused: {error_codes(answer)}")
    position.change(1)
    on_hand = api.on_hand(position.product, position.location)

    value = meaning(on_hand, {16: "created_and_active", 11: "active"})
    observe("position.counted_statuses", value, f"10, 5 CREATED and a delta of 1 make {on_hand}")


def test_whether_a_soft_reservation_is_stock(api: Api, names: Names, observe: Observe) -> None:
    position = Position(api, names)
    position.count(10)
    api.load([position.record(-3, type="SOFT_RESERVE", ref=names.delta_id())])
    on_hand = api.on_hand(position.product, position.location)

    value = meaning(on_hand, {10: "stored", 7: "counted"})
    observe("position.further_types", value, f"10 and a SOFT_RESERVE of -3 make {on_hand}")


def test_whether_a_reservation_of_goods_on_order_is_stock(
    api: Api, names: Names, observe: Observe
) -> None:
    position = Position(api, names)
    position.count(10)
    order = names.delta_id()
    reservation = {"type": "RESERVED", "ref": names.delta_id(), "attributes": {"parentRef": order}}
    api.load([position.record(50, type="ON_ORDER", ref=order)])
    api.load([position.record(-4, **reservation)])
    on_hand = api.on_hand(position.product, position.location)

    value = meaning(on_hand, {10: "apart", 6: "counted"})
    observe("position.reserved_ahead", value, f"10 and -4 of 50 on order make {on_hand}")
