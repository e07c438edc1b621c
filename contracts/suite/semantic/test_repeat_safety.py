"""A caller that does not know whether a request arrived sends it again; nothing may count twice."""

from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.contracts.suite.semantic.examples import CHANGES, COUNTS, MANY
from fluent_oms_simulator.contracts.suite.semantic.position import (
    APPLIED,
    Observe,
    Position,
    Row,
    applied,
    rows_of,
)
from fluent_oms_simulator.contracts.target.names import Names
from hypothesis import given, settings
from hypothesis import strategies as st


@settings(MANY)
@given(counts=st.lists(COUNTS, min_size=1, max_size=3), same_job=st.booleans())
def test_a_batch_sent_twice_changes_nothing_the_second_time(
    api: Api, names: Names, counts: list[int], same_job: bool
) -> None:
    positions = [Position(api, names) for _ in counts]
    records = [
        position.record(quantity) for position, quantity in zip(positions, counts, strict=True)
    ]
    job = api.open_job(preprocessing="skip")
    api.load(records, job=job)
    api.load(records, job=job if same_job else api.open_job(preprocessing="skip"))

    for position, quantity in zip(positions, counts, strict=True):
        position.shows(quantity, [Row("LAST_ON_HAND", quantity)])


@settings(MANY)
@given(counted=COUNTS, change=CHANGES, second=CHANGES)
def test_an_event_sent_twice_counts_once(
    api: Api, names: Names, observe: Observe, counted: int, change: int, second: int
) -> None:
    """The documentation leaves open what a repeated deltaId does (delta.duplicate)."""
    position = Position(api, names)
    position.count(counted)
    entry = position.entry(change)
    applied(api.deltas(entry, position.entry(second)))
    position.shows(counted + change + second)
    status = api.deltas(entry)["eventStatus"]

    seen = position.look()
    assert seen is not None
    if status not in APPLIED:
        value, amounts = "reject", [change, second]
    elif Row("DELTA", 2 * change) in rows_of(seen) and 2 * change != second:
        value, amounts = "accumulate", [2 * change, second]
    else:
        value, amounts = "upsert", [change, second]
    rows = [Row("LAST_ON_HAND", counted), *(Row("DELTA", amount) for amount in amounts)]
    position.shows(counted + sum(amounts), rows)
    if value != "upsert":
        observe("delta.duplicate", value, f"the same delta twice ended as {status}")


@settings(MANY)
@given(counted=COUNTS, change=CHANGES, recounted=COUNTS)
def test_a_delta_that_a_count_has_retired_does_not_come_back_when_it_is_repeated(
    api: Api, names: Names, observe: Observe, counted: int, change: int, recounted: int
) -> None:
    position = Position(api, names)
    position.count(counted)
    entry = position.entry(change)
    applied(api.deltas(entry))
    position.count(recounted)
    position.shows(recounted)
    status = api.deltas(entry)["eventStatus"]

    seen = position.look()
    assert seen is not None
    if status in APPLIED and seen["onHand"] == recounted + change:
        why = "a delta that a count had retired was counted again"
        observe("delta.duplicate", "accumulate", why)
    else:
        position.shows(recounted)


@settings(MANY)
@given(counted=COUNTS, amount=st.integers(1, 20), confirmed=st.booleans())
def test_a_fulfilment_s_update_sent_twice_counts_once(
    api: Api, names: Names, counted: int, amount: int, confirmed: bool
) -> None:
    position = Position(api, names)
    position.count(counted)
    position.reserve("F1", amount)
    if not confirmed:
        position.reserve("F1", amount)
        position.shows(counted - amount)
        return
    position.confirm("F1", sold=amount)
    position.confirm("F1", sold=amount)
    position.shows(counted - amount)
