"""What is sent later is what holds."""

from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.contracts.suite.semantic.examples import CHANGES, COUNTS, MANY
from fluent_oms_simulator.contracts.suite.semantic.position import Position, Row
from fluent_oms_simulator.contracts.target.names import Names
from hypothesis import given, settings
from hypothesis import strategies as st


@settings(MANY)
@given(counts=st.lists(COUNTS, min_size=2, max_size=4), preprocessed=st.booleans())
def test_of_several_loads_in_one_job_the_last_one_holds(
    api: Api, names: Names, counts: list[int], preprocessed: bool
) -> None:
    """All are on their way before the first is looked at."""
    position = Position(api, names)
    job = api.open_job(None if preprocessed else "skip")
    sent = [api.send_batch(job, [position.record(quantity)]) for quantity in counts]
    for answer in sent:
        assert answer.status == 200, answer.text
        api.wait_for_batch(job, str(answer.document["id"]))

    position.shows(counts[-1], [Row("LAST_ON_HAND", counts[-1])])


def test_loads_that_have_to_wait_are_applied_in_the_order_in_which_they_came(
    api: Api, names: Names
) -> None:
    """A large batch goes first, so that the others queue up behind it."""
    position = Position(api, names)
    product, number = names.product(), 1_000 if api.target.is_ours else 200
    others = [Position(api, names, product=product) for _ in range(number)]
    job = api.open_job("skip")
    batches = [[other.record(1, attributes={"grade": "A"}) for other in others]]
    batches += [[position.record(quantity)] for quantity in (1, 2, 3, 4, 5)]
    sent = [api.send_batch(job, records) for records in batches]
    for answer in sent:
        assert answer.status == 200, answer.text
        api.wait_for_batch(job, str(answer.document["id"]))

    position.shows(5, [Row("LAST_ON_HAND", 5)])


@settings(MANY)
@given(counted=COUNTS, change=CHANGES, recounted=COUNTS)
def test_a_load_and_then_a_delta_is_the_load_plus_the_delta(
    api: Api, names: Names, counted: int, change: int, recounted: int
) -> None:
    position = Position(api, names)
    job = api.open_job("skip")
    api.load([position.record(counted)], job=job)
    api.load([position.record(recounted)], job=job)
    position.change(change)

    position.shows(recounted + change)


def test_deltas_that_are_not_waited_for_all_arrive(api: Api, names: Names) -> None:
    position = Position(api, names)
    position.count(100)
    sent = [
        api.send_event(api.event("INVENTORY_DELTA", {"deltas": [position.entry(-1)]}))
        for _ in range(10)
    ]
    for answer in sent:
        assert answer.status == 200, answer.text
        api.wait_for_event(str(answer.document["id"]))

    position.shows(90)
