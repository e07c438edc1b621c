"""The same seed and the same requests meet the same faults, whatever threads do."""

import random
from collections.abc import Sequence
from threading import Thread

from fluent_oms_simulator.clock import VirtualClock
from fluent_oms_simulator.domain.trouble.fault_rules import FaultRule
from fluent_oms_simulator.domain.trouble.points import Point
from fluent_oms_simulator.domain.trouble.sightings import Sighting
from fluent_oms_simulator.stores.armed_faults import ArmedFaults
from hypothesis import given
from hypothesis import strategies as st

SOMETIMES = FaultRule.read({"kind": "reset", "match": {"probability": 0.3}}, "sometimes")


def struck(requests: Sequence[str], seed: int, threads: int = 1) -> set[tuple[str, int]]:
    """Which requests are struck, and at which of the times that they are sent."""
    faults = ArmedFaults(VirtualClock(0))
    faults.arm([SOMETIMES], seed)
    found: list[tuple[str, int]] = []

    def send(some: Sequence[str]) -> None:
        for identity in some:
            met = faults.meet(Sighting("sendEvent", "POST", "/", identity=identity))
            if list(met.strikes_at(Point.BEFORE_ACCEPT)):
                found.append((identity, met.ordinal))

    workers = [Thread(target=send, args=(requests[part::threads],)) for part in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return set(found)


@given(st.lists(st.sampled_from("abcdefgh"), max_size=60), st.integers(0, 99), st.randoms())
def test_the_same_requests_meet_the_same_faults_in_whatever_order(
    requests: list[str], seed: int, chance: random.Random
) -> None:
    shuffled = list(requests)
    chance.shuffle(shuffled)

    assert struck(requests, seed) == struck(shuffled, seed)


def test_the_same_requests_meet_the_same_faults_over_threads() -> None:
    requests = [f"delta-{number % 400}" for number in range(4_000)]

    one = struck(requests, 7)
    assert len(one) > 1_000
    assert one == struck(requests, 7, threads=8)
    assert one != struck(requests, 8)
