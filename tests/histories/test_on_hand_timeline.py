"""What a position had on hand after each request is told again afterwards, clock moving or not."""

from __future__ import annotations

from typing import Any

import pytest
from fluent_oms_simulator import Settings, build
from fluent_oms_simulator.clock import VirtualClock
from hypothesis import given, settings
from hypothesis import strategies as st

from ..conftest import NOON
from ..support import CATALOGUE, Client, delta, deltas, item, record, updates

PLACE = ("A", "LOC")

ids = st.sampled_from([f"d{number}" for number in range(5)])
amounts = st.integers(-5, 5).filter(bool)
events = st.lists(st.tuples(ids, amounts), min_size=1, max_size=3, unique_by=lambda sent: sent[0])
counts = st.integers(0, 20)
reservations = st.tuples(st.just("reserve"), st.integers(0, 3))
steps = st.lists(
    st.tuples(st.sampled_from([0, 0, 1, 1_000]), st.one_of(events, events, counts, reservations)),
    max_size=20,
)
"""Each after so many milliseconds."""


@pytest.mark.slow
@settings(max_examples=50)
@given(first=st.booleans(), schedule=steps)
def test_every_change_is_told_in_order(first: bool, schedule: list[Any]) -> None:
    clock = VirtualClock(NOON)
    simulator = build(Settings(seed_data="none", auth="off"), clock)
    simulator.start()
    try:
        client = Client(simulator)
        job = client.job(preprocessing="skip")
        if first:
            client.load([record(*PLACE, 10)], job=job)
            clock.advance(1)
        seen = [10] if first else []
        for pause, step in schedule:
            # A count that confirms another within its millisecond is taken for it.
            clock.advance(max(pause, 1) if isinstance(step, int) else pause)
            do(client, job, step)
            now = on_hand(client)
            if now is not None and (not seen or seen[-1] != now):
                seen.append(now)
        with simulator.store.reading(CATALOGUE) as catalogue:
            assert catalogue is not None
            position = catalogue.find(*PLACE)
            if position is None:
                assert not seen
                return
            told = catalogue.timelines([position])[position]
        if told.known_after is None:
            assert [step.after for step in told.steps] == seen
            assert [step.before for step in told.steps] == [0, *seen[:-1]]
        else:
            # Only where it may have been there before its first count was.
            assert not first
            known = [step.after for step in told.steps if step.at > told.known_after]
            assert not known or seen[-len(known) :] == known
    finally:
        simulator.close()


def do(client: Client, job: str, step: Any) -> None:
    if isinstance(step, int):
        client.load([record(*PLACE, step)], job=job)
    elif step[0] == "reserve":
        client.send(updates(item(*PLACE, f"F{step[1]}", reserveQty=-1)))
    else:
        client.send(deltas(*(delta(*PLACE, amount, each) for each, amount in step)))


def on_hand(client: Client) -> int | None:
    reply = client.http.get("/__admin/positions/A:LOC:DEFAULT")
    return int(reply.get_json()["onHand"]) if reply.status_code == 200 else None
