"""Whatever goes wrong, who sends it again with the same ids ends with the right stock."""

from collections.abc import Mapping
from typing import Any

import pytest
from fluent_oms_simulator import Settings, build
from fluent_oms_simulator.clock import VirtualClock
from fluent_oms_simulator.domain.trouble.presets import PRESETS
from hypothesis import given, settings
from hypothesis import strategies as st

from ..conftest import NOON, MakeSimulator
from ..support import Client, record
from .helpers.persistent import PersistentClient
from .test_worked_numbers import EXAMPLES, LOCATION, PRODUCT, Example


def arm(client: Client, **wanted: object) -> None:
    assert client.http.put("/__admin/faults", json=wanted).status_code == 200


CASES = [
    pytest.param(
        *(example, preset),
        id=f"{example.number} {preset}",
        marks=[] if (place - number) % len(PRESETS) == 0 else pytest.mark.slow,
    )
    for number, preset in enumerate(PRESETS)
    for place, example in enumerate(EXAMPLES)
]
"""Each example under one of the presets in every run, under the others among the slow tests."""


@pytest.mark.parametrize(("example", "preset"), CASES)
def test_the_documentation_s_numbers_come_out_under_every_preset(
    make_simulator: MakeSimulator, clock: VirtualClock, example: Example, preset: str
) -> None:
    client = PersistentClient(make_simulator(clock=clock), clock)
    arm(client, preset=preset, seed=int(example.number))

    for step in [*example.before, *example.action]:
        step(client)

    assert client.on_hand(PRODUCT, LOCATION) == example.on_hand, example.source
    assert client.quantities(PRODUCT, LOCATION) == example.quantities, example.source


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_strikes(
    make_simulator: MakeSimulator, clock: VirtualClock, preset: str
) -> None:
    client = PersistentClient(make_simulator(clock=clock), clock)
    arm(client, preset=preset, seed=1)
    for number in range(8):
        client.load([record("D45", "LOC_MEL", number)])
        client.delta("D45", "LOC_MEL", -1, f"delta {number}")
    for _ in range(12):
        client.post("/graphql", {"query": "{ __typename }"})

    assert client.http.get("/__admin/faults").get_json()["fired"]
    assert client.on_hand("D45", "LOC_MEL") == 6


ANSWERS = st.one_of(
    st.builds(
        lambda status: {"kind": "status", "status": status}, st.sampled_from([401, 429, 500, 503])
    ).map(lambda rule: {**rule, "retryAfter": 1} if rule["status"] == 429 else rule),
    st.sampled_from([{"kind": kind} for kind in ("rate_limit", "proxy_page", "reset", "no_reply")]),
)
REPLIES = st.sampled_from([{"kind": kind} for kind in ("cut_off", "double_reply", "drip")])
POINTS = st.sampled_from(["connect", "authenticate", "before_accept", "after_accept", "poll"])
APPLYING = st.sampled_from(
    [
        {"kind": "late", "delay": {"uniform": [0, 9_000]}},
        {"kind": "twice"},
        {"kind": "fail"},
        {"kind": "hold_batch", "seconds": 3},
        {"kind": "stale", "point": "poll", "seconds": 4},
        {"kind": "token_expired", "afterSeconds": 10},
        {"kind": "close_job"},
    ]
)
LOST = st.one_of(ANSWERS, REPLIES).map(lambda rule: {**rule, "point": "after_commit"})
RULES = st.lists(
    st.tuples(
        st.one_of(
            st.tuples(ANSWERS, POINTS).map(lambda both: {**both[0], "point": both[1]}),
            LOST,
            APPLYING,
        ),
        st.floats(0, 0.5),
    ).map(lambda both: {**both[0], "match": {"probability": both[1]}}),
    max_size=5,
)
DELTAS = st.lists(
    st.tuples(st.integers(-50, 50).filter(bool), st.integers(0, 12)), min_size=1, max_size=15
)


@settings(max_examples=40)
@given(rules=RULES, deltas=DELTAS, seed=st.integers(0, 2**32))
def test_the_sum_of_what_was_meant_is_what_the_stock_has_changed_by(
    rules: list[Mapping[str, Any]], deltas: list[tuple[int, int]], seed: int
) -> None:
    clock = VirtualClock(NOON)
    simulator = build(Settings(seed_data="none"), clock)
    simulator.start()
    try:
        client = PersistentClient(simulator, clock)
        client.load([record("D45", "LOC_MEL", 1_000)])
        arm(client, **({"rules": rules, "seed": seed} if rules else {"preset": "lost-replies"}))
        meant: dict[str, int] = {}
        for quantity, name in deltas:
            delta_id = f"delta {name}"
            meant.setdefault(delta_id, quantity)
            client.delta("D45", "LOC_MEL", meant[delta_id], delta_id)
        client.http.delete("/__admin/faults")
        client.settle()

        assert client.on_hand("D45", "LOC_MEL") == 1_000 + sum(meant.values())
    finally:
        simulator.close()
