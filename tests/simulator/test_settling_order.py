"""However fast accepted work is applied, it comes to the same stock, and nothing overtakes."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from fluent_oms_simulator import Settings, build
from fluent_oms_simulator.clock import VirtualClock
from hypothesis import given, settings
from hypothesis import strategies as st

from ..conftest import NOON
from ..support import Client, batch, delta, deltas, record

PRODUCTS = ("D45", "D46")
MODES = (
    {"mode": "immediate"},
    {"mode": "manual"},
    {"mode": "time", "milliseconds": 500},
    {"mode": "time", "distribution": "uniform", "from": 0, "to": 2_000, "seed": 5},
    {"mode": "time", "distribution": "lognormal", "median": 300, "sigma": 2, "seed": 6},
)
SENT = st.one_of(
    st.tuples(st.just("delta"), st.sampled_from(PRODUCTS), st.integers(-9, 9).filter(bool)),
    st.tuples(st.just("count"), st.sampled_from(PRODUCTS), st.integers(0, 99)),
)
MOVED = st.one_of(
    st.tuples(st.just("choose"), st.just(""), st.integers(0, len(MODES) - 1)),
    st.tuples(st.just("advance"), st.just(""), st.integers(0, 1_500)),
    st.tuples(st.just("settle"), st.just(""), st.integers(0, 3)),
)


@contextmanager
def running() -> Iterator[Client]:
    simulator = build(Settings(auth="off", seed_data="none"), VirtualClock(NOON))
    simulator.start()
    try:
        client = Client(simulator)
        client.load([record(product, "LOC_MEL", 50) for product in PRODUCTS])
        client.job()
        yield client
    finally:
        simulator.close()


def do(client: Client, kind: str, product: str, amount: int, number: int) -> None:
    """Send something, or move it on."""
    match kind:
        case "delta":
            document = deltas(delta(product, "LOC_MEL", amount, f"d{number}"))
            assert client.post("/api/v4.1/event/async", document).status_code == 200
        case "count":
            document = batch(record(product, "LOC_MEL", amount))
            assert client.post("/api/v4.1/job/2/batch", document).status_code == 200
        case "choose":
            chosen = client.http.put("/__admin/settling", json=MODES[amount])
            assert chosen.status_code == 200
        case "advance":
            moved = client.http.post("/__admin/clock/advance", json={"milliseconds": amount})
            assert moved.status_code == 200
        case "settle":
            assert client.http.post(f"/__admin/settle?units={amount}").status_code == 200


@pytest.mark.slow
@settings(max_examples=30)
@given(st.lists(st.one_of(SENT, MOVED), min_size=3, max_size=20))
def test_the_same_is_on_hand_in_the_end_however_it_settles(
    steps: list[tuple[str, str, int]],
) -> None:
    found = []
    for moves in (False, True):
        with running() as client:
            for number, (kind, product, amount) in enumerate(steps):
                if moves or kind in ("delta", "count"):
                    do(client, kind, product, amount, number)
                    if not moves:
                        client.settle()
            assert client.http.post("/__admin/settle").get_json()["settled"] is True
            health = client.http.get("/__admin/health").get_json()
            assert health["held"] == {"events": 0, "batches": 0}
            found.append([client.on_hand(product, "LOC_MEL") for product in PRODUCTS])

    assert found[0] == found[1]
