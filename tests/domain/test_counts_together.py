"""Counts that are applied together leave what they leave when each is applied by itself."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from fluent_oms_simulator.behaviour import Behaviour
from fluent_oms_simulator.domain import bounds
from fluent_oms_simulator.domain.catalogue.holdings import Holdings
from fluent_oms_simulator.domain.catalogue.inventory_catalogue import InventoryCatalogue
from fluent_oms_simulator.domain.catalogue.stock import StockRules
from fluent_oms_simulator.domain.faults import RuleError
from fluent_oms_simulator.domain.inventory import ACTIVE, CREATED, DELTA, EventSource
from fluent_oms_simulator.domain.jobs import (
    INVENTORY_CHANGED,
    InventoryBatch,
    InventoryRecord,
    QuantityCondition,
    RecordFault,
)
from fluent_oms_simulator.domain.refs import CatalogueRef
from fluent_oms_simulator.domain.workflow.batch_run import BatchRun
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy as Strategy

REF = CatalogueRef("DEFAULT", "1")
DELTAS = frozenset({QuantityCondition(DELTA, ACTIVE)})
COUNTS = frozenset({QuantityCondition("LAST_ON_HAND", ACTIVE)})

product_refs = st.sampled_from(["A", "B", "C"])
location_refs = st.sampled_from(["X", "Y"])
active = st.just(ACTIVE)
amounts = st.integers(0, 2)


Records = list[InventoryRecord | None]


def records(
    products: Strategy[str] = product_refs,
    locations: Strategy[str] = location_refs,
    statuses: Strategy[str] = active,
) -> Strategy[Records]:
    one = st.tuples(products, locations, amounts, statuses).map(
        lambda drawn: InventoryRecord(*drawn[:3], status=drawn[3])
    )
    return st.lists(one, min_size=1, max_size=12)


# With colons, so that two places may claim one ref.
claiming = records(st.sampled_from(["A", "A:X"]), st.sampled_from(["Y", "X:Y", "Z"]))
not_active = records(statuses=st.sampled_from([ACTIVE, "BLOCKED"]))
refused = records().map(lambda found: [None, *found])
different = records().map(lambda found: list({(each or ())[:2]: each for each in found}.values()))
loads = st.tuples(
    st.just("load"),
    different | different | records() | claiming | not_active | refused,
    st.booleans(),
    st.sampled_from([None, None, None, DELTAS, COUNTS]),
)
changes = st.tuples(
    st.sampled_from(["delta", "delta", "make", "set aside", "put back", "put back", "thresholds"]),
    product_refs,
    location_refs,
    amounts,
)
histories = st.lists(loads | changes, min_size=2, max_size=8)
rules = st.fixed_dictionaries(
    {
        "chunk": st.sampled_from([2, 5, 12]),
        "wins": st.sampled_from(["first", "last"]),
        "first_status": st.sampled_from([ACTIVE, CREATED]),
        "calculated": st.sampled_from([ACTIVE, CREATED]),
        "positions": st.sampled_from([4, 100, 100]),
        "locations": st.sampled_from([1, 100, 100]),
    }
)


def left_by(history: list[Any], rules: dict[str, Any], *, together: bool) -> list[Any]:
    """What is left of a history of loads and changes: everything that anybody can read."""
    holdings = Holdings()
    holdings.positions.limit, holdings.locations.limit = rules["positions"], rules["locations"]
    stock_rules = StockRules(first_status=rules["calculated"])
    catalogue = InventoryCatalogue(REF, 1, rules=stock_rules, holdings=holdings)
    behaviour = replace(
        Behaviour(),
        preprocessing_duplicate_wins=rules["wins"],
        position_first_status=rules["first_status"],
    )
    told: list[Any] = []
    for at, (kind, *rest) in enumerate(history, 1):
        if kind == "load":
            how = {"behaviour": behaviour, "chunk": rules["chunk"], "together": together}
            told.append(loaded(catalogue, at, *rest, **how))
        else:
            change(catalogue, at, kind, *rest)
    # Of counts that are set together the past of stock on hand has one entry.
    counted = [each for each in holdings.tallies() if each.bound is not bounds.ON_HAND_CHANGES]
    return [*told, *held(catalogue), [(each.held, each.lost) for each in counted]]


def loaded(
    catalogue: InventoryCatalogue,
    at: int,
    records: Records,
    preprocessing: bool,
    conditions: frozenset[QuantityCondition] | None,
    *,
    behaviour: Behaviour,
    chunk: int,
    together: bool,
) -> Any:
    """The outcome of a batch."""
    refused = {
        line: RecordFault.told("refused") for line, each in enumerate(records) if each is None
    }
    batch = InventoryBatch(
        at,
        1,
        REF,
        "",
        INVENTORY_CHANGED,
        at,
        records,
        conditions,
        is_plain=together,
        faults=refused,
    )
    run = BatchRun(batch, preprocessing, behaviour)
    run.begin(at)
    while not run.finished:
        run.apply_chunk(catalogue, chunk, at)
    return batch.verdicts, batch.positions, batch.faults


def change(
    catalogue: InventoryCatalogue, at: int, kind: str, product: str, location: str, amount: int
) -> None:
    """Something else that happens to a position."""
    if kind == "thresholds":
        catalogue.statuses.follow(lambda on_hand: "LOW" if on_hand <= amount else ACTIVE)
        return
    position = catalogue.find(product, location)
    if position is None:
        if kind == "make":
            with suppress(RuleError):
                own_ref = "A:X:DEFAULT" if amount == 0 else None
                catalogue.add_position(product, location, CREATED, at, own_ref)
        return
    if kind == "set aside":
        catalogue.set_aside_plain_count(position)
    elif kind == "put back":
        catalogue.statuses.write(position, CREATED)
    elif kind == "delta":
        before = catalogue.on_hand(position)
        source = EventSource(str(at), "deltas", 0)
        catalogue.put_quantity(position, f"delta {at}", DELTA, amount, at, source)
        catalogue.note_change(position, before, at)


def held(catalogue: InventoryCatalogue) -> list[Any]:
    """Every position with its quantities, and what these were before."""
    table = catalogue.positions
    earlier = catalogue.earlier_states(range(len(table)))
    found: list[Any] = []
    for position in range(len(table)):
        quantities = catalogue.quantities_of(position)
        refs = [(position, None), *((position, each.ref) for each in quantities)]
        found.append(
            (
                table.product_ref(position),
                table.location_ref(position),
                catalogue.ref_of(position),
                table.status(position),
                table.created_at[position],
                table.updated_at[position],
                catalogue.on_hand(position),
                quantities,
                dict(earlier.of(refs)),
            )
        )
    return found


@pytest.mark.slow
@settings(max_examples=400)
@given(histories, rules)
def test_counts_applied_together_leave_what_they_leave_one_by_one(
    history: list[Any], rules: dict[str, Any]
) -> None:
    assert left_by(history, rules, together=True) == left_by(history, rules, together=False)


def test_a_count_gives_a_position_that_was_put_back_the_status_that_follows() -> None:
    load = ("load", [InventoryRecord("A", "X", 1), InventoryRecord("B", "X", 1)], False, None)
    history = [load, ("put back", "A", "X", 0), load]
    usual = {"chunk": 12, "wins": "last", "first_status": ACTIVE, "calculated": ACTIVE}

    left = left_by(history, {**usual, "positions": 9, "locations": 9}, together=True)

    assert [status for *_, status, _, _, _, _, _ in left[2:4]] == [ACTIVE, ACTIVE]
