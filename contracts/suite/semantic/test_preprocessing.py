"""Batch Pre-Processing drops what says nothing new, and nothing else."""

import time

import pytest
from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.contracts.suite.semantic.asking import Dates, dates
from fluent_oms_simulator.contracts.suite.semantic.examples import FEW
from fluent_oms_simulator.contracts.suite.semantic.position import Observe, Position, Row
from fluent_oms_simulator.contracts.target.names import Names
from hypothesis import given, settings
from hypothesis import strategies as st


def dated(api: Api, position: Position) -> Dates:
    """The dates of a position; whatever happens from now on has a later one."""
    found: Dates = dates(api, position.product, position.location)
    time.sleep(0.01)
    return found


NO_TRANSIENTS = {"hasRelatedInventoryQuantities": [{"type": "EXPECTED", "status": "INACTIVE"}]}
"""Conditions under which a delta does not make an unchanged count worth applying."""


@pytest.mark.parametrize("preprocessing", [None, "enabled"])
def test_a_record_that_says_nothing_new_touches_nothing(
    api: Api, names: Names, preprocessing: str | None
) -> None:
    position = Position(api, names)
    position.count(10)
    before = dated(api, position)
    position.count(10, preprocessing=preprocessing)
    after = dated(api, position)

    position.shows(10, [Row("LAST_ON_HAND", 10)])
    # Where the account has it off, the count is applied, which dates the count and no more.
    assert after.position == before.position


@pytest.mark.parametrize("preprocessing", [None, "enabled"])
def test_a_record_that_says_nothing_new_is_dropped_unless_a_job_says_skip(
    api: Api, names: Names, observe: Observe, preprocessing: str | None
) -> None:
    """On by default (Enable Batch Pre-Processing, 27 May 2025); what is dropped clears no delta."""
    position = Position(api, names)
    position.count(10)
    position.change(3)
    api.load([position.record(10)], preprocessing=preprocessing, conditions=NO_TRANSIENTS)

    seen = position.look()
    assert seen is not None
    if seen["onHand"] == 10:
        why = "an unchanged record was applied in a job that does not say skip"
        observe("preprocessing.account_setting", "false", why)
        return
    position.shows(13, [Row("LAST_ON_HAND", 10), Row("DELTA", 3)])


def test_a_job_that_says_skip_applies_also_what_is_unchanged(api: Api, names: Names) -> None:
    position = Position(api, names)
    position.count(10)
    position.change(3)
    api.load([position.record(10)], preprocessing="skip", conditions=NO_TRANSIENTS)

    position.shows(10, [Row("LAST_ON_HAND", 10), Row("DELTA", 3, False)])


@pytest.mark.parametrize("preprocessing", [None, "enabled", "skip"])
def test_a_record_that_differs_is_written_and_dates_the_position(
    api: Api, names: Names, preprocessing: str | None
) -> None:
    position = Position(api, names)
    position.count(10)
    before = dated(api, position)
    position.count(11, preprocessing=preprocessing)
    after = dated(api, position)

    position.shows(11, [Row("LAST_ON_HAND", 11)])
    assert after.position > before.position
    assert after.counted > before.counted


@settings(FEW)
@given(
    pairs=st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 3), st.booleans()), min_size=1, max_size=6
    )
)
def test_every_record_that_matters_gets_through(
    api: Api, names: Names, pairs: list[tuple[int, int, bool]]
) -> None:
    """Each position has a count, a second count, and perhaps a delta in between to clear."""
    product = names.product()
    positions = [Position(api, names, product=product) for _ in pairs]
    job = api.open_job()
    together = list(zip(positions, pairs, strict=True))
    api.load([position.record(first) for position, (first, _, _) in together], job=job)
    moved = [position.entry(5) for position, (_, _, is_moved) in together if is_moved]
    if moved:
        api.deltas(*moved)
    api.load([position.record(second) for position, (_, second, _) in together], job=job)

    for position, (_, second, is_moved) in together:
        rows = [Row("LAST_ON_HAND", second)]
        position.shows(second, [*rows, Row("DELTA", 5, False)] if is_moved else rows)


@pytest.mark.parametrize("transient", ["sale", "correction", "delta"])
def test_the_same_count_gets_through_when_it_clears_something(
    api: Api, names: Names, transient: str
) -> None:
    """How pre-processing works, 23 Mar 2026."""
    position = Position(api, names)
    position.count(10, preprocessing=None)
    if transient == "delta":
        position.change(-2)
    elif transient == "sale":
        position.confirm("F1", sold=2)
    else:
        position.confirm("F1", rejected=2)
    position.shows(8)
    position.count(10, preprocessing=None)

    row = Row(transient.upper(), -2, False)
    position.shows(10, [Row("LAST_ON_HAND", 10), row])
