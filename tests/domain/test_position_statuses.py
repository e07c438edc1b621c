"""The statuses that thresholds give positions, against a model of the rule's own words.

R-THRESH is Fluent's page on ApplyThresholdControlsToInventoryPosition (12 Aug 2025).
"""

from dataclasses import replace
from typing import Any

from fluent_oms_simulator.domain.account.account import Account
from fluent_oms_simulator.domain.catalogue.inventory_catalogue import InventoryCatalogue
from fluent_oms_simulator.domain.entities import Attribute, Control, ControlGroup
from fluent_oms_simulator.domain.inventory import EventSource
from fluent_oms_simulator.domain.refs import CatalogueRef
from hypothesis import given
from hypothesis import strategies as st

from .helpers.control_support import control

Threshold = tuple[int, str]

thresholds = st.lists(
    st.tuples(st.integers(-5, 15), st.sampled_from(["OUT_OF_STOCK", "AT_RISK", "ACTIVE"])),
    max_size=4,
)
steps = st.lists(
    st.tuples(st.sampled_from(["count", "delta", "INACTIVE", "ACTIVE"]), st.integers(0, 20)),
    min_size=1,
    max_size=12,
)


def followed(controls: list[Control]) -> InventoryCatalogue:
    """The catalogue of an account that follows these controls."""
    ref = CatalogueRef("DEFAULT", "1")
    account = Account([ref])
    entity: dict[str, Any] = {"number": 1, "created_at": 0, "updated_at": 0}
    group = ControlGroup(
        **entity,
        ref="CG",
        type="DEFAULT",
        status="ACTIVE",
        controls={each.ref: each for each in controls},
    )
    account.control_groups["CG"] = group
    catalogue = account.catalogues[str(ref)]
    named = {"controlGroups": Attribute("controlGroups", "JSON", ["CG"])}
    account.describe(catalogue, replace(catalogue.profile, attributes=named))
    return catalogue


def after(before: str, on_hand: int, given: list[Threshold]) -> str:
    """R-THRESH, in the order of the controls; without any, as if there were one for any stock."""
    if before == "INACTIVE":
        return before
    if not given:
        return "ACTIVE"
    return next((status for up_to, status in given if on_hand <= up_to), before)


@given(thresholds, steps)
def test_a_position_has_the_status_of_the_first_threshold_its_stock_does_not_exceed(
    given_thresholds: list[Threshold], history: list[tuple[str, int]]
) -> None:
    catalogue = followed(
        [
            control(
                f"T{order}",
                "BULK_THRESHOLD",
                number=order,
                execution_order=order,
                values={"threshold": up_to, "status": status},
            )
            for order, (up_to, status) in enumerate(given_thresholds, 1)
        ]
    )
    row = catalogue.add_position("D45", "MEL", "ACTIVE", 0)
    on_hand, status, is_new = 0, "ACTIVE", True
    for number, (kind, amount) in enumerate(history, 1):
        if kind in ("INACTIVE", "ACTIVE"):
            catalogue.positions.set_status(row, kind)
            status = kind
            continue
        before = on_hand
        if kind == "count":
            on_hand = amount
            catalogue.set_count(row, amount, number, 0)
        else:
            on_hand += amount - 10
            source = EventSource("e", "deltas", 0)
            catalogue.put_quantity(row, f"d{number}", "DELTA", amount - 10, number, source)
            catalogue.note_change(row, before, number)
        if on_hand != before or is_new:
            status = after(status, on_hand, given_thresholds)
        is_new = False

        assert (catalogue.on_hand(row), catalogue.positions.status(row)) == (on_hand, status)
