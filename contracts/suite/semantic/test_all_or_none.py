"""One delta that cannot be applied halts its whole event."""

import pytest
from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.contracts.suite.semantic.examples import CHANGES, MANY
from fluent_oms_simulator.contracts.suite.semantic.position import (
    APPLIED,
    Observe,
    Position,
    Row,
    rows_of,
)
from fluent_oms_simulator.contracts.target.names import Names
from hypothesis import given, settings
from hypothesis import strategies as st


@settings(MANY)
@given(changes=st.lists(CHANGES, min_size=1, max_size=4), data=st.data())
def test_a_delta_for_an_unknown_position_halts_the_event(
    api: Api, names: Names, observe: Observe, changes: list[int], data: st.DataObject
) -> None:
    """SplitDeltasAndDownToInventoryPosition, 12 Aug 2025; see delta.missing_position."""
    product = names.product()
    positions = [Position(api, names, product=product) for _ in changes]
    nowhere = Position(api, names, product=product)
    api.load([position.record(50) for position in positions], preprocessing="skip")
    entries = [
        position.entry(quantity) for position, quantity in zip(positions, changes, strict=True)
    ]
    where = data.draw(st.integers(0, len(entries)), label="place of the unknown position")
    entries.insert(where, nowhere.entry(9))
    event = api.deltas(*entries)

    if event["eventStatus"] in APPLIED:
        value = "skip" if nowhere.look() is None else "create"
        observe("delta.missing_position", value, "the deltas for known positions were applied")
        for position, quantity in zip(positions, changes, strict=True):
            position.shows(50 + quantity)
        return
    for position in positions:
        position.shows(50, [Row("LAST_ON_HAND", 50)])
    nowhere.shows(None)


BROKEN: dict[str, dict[str, object]] = {
    "no quantity": {"qty": None},
    "a quantity in words": {"qty": "ten"},
    "half a piece": {"qty": 1.5},
    "no product": {"productRef": ""},
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_delta_that_is_malformed_halts_the_event(api: Api, names: Names, fault: str) -> None:
    """Refused at once, or FAILED in the log: see event.invalid_attributes."""
    position = Position(api, names)
    position.count(50)
    entries = [position.entry(-1), {**position.entry(-2), **BROKEN[fault]}, position.entry(-3)]
    answer = api.send_event(api.event("INVENTORY_DELTA", {"deltas": entries}))
    if answer.status != 400:
        assert answer.status == 200, answer.text
        assert api.wait_for_event(str(answer.document["id"]))["eventStatus"] == "FAILED"

    position.shows(50)
    seen = position.look()
    assert seen is not None
    assert rows_of(seen) == [Row("LAST_ON_HAND", 50)]
