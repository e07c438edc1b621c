"""Random histories that go on in another simulator, which has read a file of the first.

Whatever happened before, the other one answers every read as the first does, and goes on as it
does: in the end, what each of them would write into a file is the same to the last line.
"""

import gzip
import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from fluent_oms_simulator import Settings, build
from fluent_oms_simulator.clock import VirtualClock
from fluent_oms_simulator.operations.behaviour_setting import HELD_FROM_THE_START
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ..conftest import NOON
from ..support import Client, held_of_the_state, limit
from .helpers.player import Player
from .helpers.steps import Step, histories
from .helpers.switches import PROFILES, SINGLE
from .helpers.words import DAYS
from .test_histories import Profile, Single

PATH = "/__admin/snapshots/midway"
FILE = {"content_type": "application/gzip"}
ALL_OF_IT = """{
  inventoryPositions(first: 100) { edges { cursor node {
    id ref onHand status type createdOn updatedOn productRef locationRef
    quantities(first: 50) { edges { node { id ref type quantity status createdOn updatedOn
      parent { ref } condition expectedOn attributes { name type value } } } }
  } } }
  inventoryCatalogues(first: 10) { edges { node { id ref name attributes { name value } } } }
  locations(first: 100) { edges { node { id ref name status createdOn } } }
  networks(first: 10) { edges { node { id ref } } }
  virtualCatalogues(first: 10) { edges { node { id ref type status updatedOn } } }
  virtualPositions(first: 200) { edges { node { id ref quantity status type updatedOn
    segments { type value } attributes { name value } } } }
  controlGroups(first: 10) { edges { node { id ref status
    controls(first: 20) { edges { node { id ref type status values { name value } } } } } } }
}"""
MEASURED = ("quantities",)
"""What is counted by how much room the very objects take, which others that are equal may not."""


@contextmanager
def simulator(profile: Profile, behaviours: dict[str, str]) -> Iterator[Client]:
    chosen = Settings(seed_data="none", profile=profile, behaviours=behaviours)
    made = build(chosen, clock=VirtualClock(NOON))
    made.start()
    try:
        yield Client(made)
    finally:
        made.close()


def reads(client: Client, player: Player) -> dict[str, Any]:
    """All that a caller can ask for."""
    positions = client.positions()
    jobs = [client.get(f"/api/v4.1/job/{number}").get_json() for number in range(1, 4)]
    return {
        "shown": {day: player.reader.shown(day) for day in DAYS[:1]},
        "positions": [client.position(each["ref"]) for each in positions],
        "graphql": client.post("/graphql", {"query": ALL_OF_IT}).get_json(),
        "events": [
            client.get("/api/v4.1/event", count="5000", **which).get_json()
            for which in ({}, {"eventType": "ORCHESTRATION_AUDIT"})
        ],
        "jobs": jobs,
        "batches": [
            client.get(f"/api/v4.1/job/{job}/batch/{number}", count="50").get_json()
            for job in (1, 2)
            for number in range(1, 40)
        ],
        "records": [
            {**record, "request": None}  # which belongs to the traffic
            for record in client.http.get("/__admin/ledger/records").get_json()["results"]
        ],
        "clock": client.http.get("/__admin/clock").get_json(),
        "switches": {
            each["name"]: each["value"]
            for each in client.http.get("/__admin/behaviours").get_json()["behaviours"]
        },
        "held": {
            name: row for name, row in held_of_the_state(client).items() if name not in MEASURED
        },
    }


def saved(client: Client) -> tuple[bytes, list[str]]:
    """A snapshot of it as a file, and the lines of that without the head."""
    taken = client.http.put(PATH, json={"replace": True})
    assert taken.status_code == 201, taken.get_data(as_text=True)
    content = client.http.get(f"{PATH}/file").data
    return content, gzip.decompress(content).decode().splitlines()[1:]


def play_on(player: Player, history: list[Step]) -> list[object]:
    """Go on with a history, whose events get the same ids each time."""
    player.client.simulator.event_log._bits = random.Random(14).getrandbits
    return [player.take(step) for step in history]


def agree(found: Any, expected: Any, where: str = "") -> None:
    """Fail with the first place at which two documents part."""
    if isinstance(found, dict) and isinstance(expected, dict) and found.keys() == expected.keys():
        for name in found:
            agree(found[name], expected[name], f"{where}/{name}")
    elif isinstance(found, list) and isinstance(expected, list) and len(found) == len(expected):
        for place, (one, other) in enumerate(zip(found, expected, strict=True)):
            agree(one, other, f"{where}/{place}")
    else:
        assert (where, found) == (where, expected)


def check(profile: Profile, other: Profile, single: Single, history: list[Step], cut: int) -> None:
    behaviours = {"job.closes": "never", **dict([single] if single else [])}
    with simulator(profile, behaviours) as client:
        values = client.simulator.behaviour
        held = {name: str(values.value_of(name)) for name in HELD_FROM_THE_START}
        with simulator(other, held) as another:
            first = Player(client)
            first.begin()
            cut = 1 + cut % len(history)
            for step in history[:cut]:
                first.take(step)
            content, lines = saved(client)
            loaded = another.http.put(f"{PATH}/file?replace=true", data=content, **FILE)
            assert loaded.status_code == 201, loaded.get_data(as_text=True)
            assert another.http.post(f"{PATH}/restore").status_code == 200
            second = first.in_another(another)
            # What is only told of the newest is told by both.
            second.reader._seen = dict(first.reader._seen)
            second.reader.since = first.reader.since

            agree(reads(another, second), reads(client, first))
            agree(saved(another)[1], lines)
            agree(play_on(second, history[cut:]), play_on(first, history[cut:]))
            agree(reads(another, second), reads(client, first))
            agree(saved(another)[1], saved(client)[1])


chances = {
    "profile": st.sampled_from(sorted(PROFILES)),
    "other": st.sampled_from(sorted(PROFILES)),
    "single": st.none() | st.sampled_from(SINGLE),
    "history": histories,
    "cut": st.integers(0, 40),
    "tight": st.booleans(),
}
plain = settings(
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # what fails is told by its lines
    suppress_health_check=[HealthCheck.too_slow],
)


def check_within_bounds(*, tight: bool, **drawn: Any) -> None:
    with pytest.MonkeyPatch.context() as patch:
        if tight:  # so that quantities are folded, and histories and logs lose what is old
            for name, most in (
                ("EVENT_QUANTITIES", 3),
                ("FOLDED_SUMS", 2),
                ("HISTORY", 9),
                ("ON_HAND_CHANGES", 9),
                ("EVENTS", 9),
                ("BATCHES", 3),
            ):
                limit(patch, name, most)
        check(**drawn)


@settings(plain, max_examples=5)
@given(**chances)
def test_a_history_goes_on_in_a_simulator_that_has_read_its_file(**drawn: Any) -> None:
    check_within_bounds(**drawn)


@pytest.mark.slow
@settings(plain, max_examples=100)
@given(**chances)
def test_many_histories_go_on_in_a_simulator_that_has_read_their_file(**drawn: Any) -> None:
    check_within_bounds(**drawn)
