"""The ways of a delta, of a batch and back to a reader are those that CONTRIBUTING has."""

import json
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest
from fluent_oms_simulator import Settings, build

from ..conftest import MakeSimulator
from ..door.helpers.as_granian import AtTheDoor, Call
from ..support import Client, delta, deltas, record
from .helpers.breaks import tell, told
from .helpers.imports import ROOT
from .helpers.pages import tables

Step = tuple[str, str]

DOOR, DELTA, READING, BATCH = (
    [(path, name) for _, path, name in table]
    for table in tables("CONTRIBUTING.md", "| what happens | file | what does it |")
)


@pytest.fixture
def passed() -> Iterator[list[Step]]:
    """The steps that are come by, in every thread that is started from now on.

    A function inside of another one, as a view is, goes by its own name.
    """
    steps: list[Step] = []
    wanted = {*DOOR, *DELTA, *READING, *BATCH}
    names = {name for _, name in wanted}

    def note(frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        name = code.co_qualname.rpartition("<locals>.")[2]
        if event == "call" and name in names:
            path = Path(code.co_filename).resolve()
            if path.is_relative_to(ROOT):
                steps.append((path.relative_to(ROOT).as_posix(), name))

    before = sys.getprofile()
    sys.setprofile(note)
    threading.setprofile(note)
    yield steps
    threading.setprofile(None)
    sys.setprofile(before)


def missed(way: list[Step], passed: list[Step]) -> list[Step]:
    """The steps of a way that are not come by after the one before."""
    left = iter(passed)
    return [step for step in way if step not in left]


def as_described(way: list[Step], passed: list[Step]) -> None:
    tell(
        (f"{name} in {path}" for path, name in missed(way, passed)),
        "These are not come by after the step before them: mend the table of this way in"
        " CONTRIBUTING.md, or lead the way back to them.",
    )


def test_a_delta_comes_in_by_the_door_that_is_described(passed: list[Step]) -> None:
    body = json.dumps(deltas(delta("D45", "LOC_MEL", 1, "d1"))).encode()
    with AtTheDoor(build(Settings(auth="off"))) as served:
        answer = served.through(
            Call("POST", "/api/v4.1/event/async", body, {"Content-Type": "application/json"})
        )

    assert answer.status == 200
    as_described(DOOR, passed)


def test_a_delta_takes_the_way_that_is_described(
    passed: list[Step], make_simulator: MakeSimulator
) -> None:
    client = Client(make_simulator())
    client.load([record("D45", "LOC_MEL", 10)])
    passed.clear()

    client.post("/api/v4.1/event/async", deltas(delta("D45", "LOC_MEL", 1, "d1")))
    client.settle()

    assert client.on_hand("D45", "LOC_MEL") == 11
    as_described(DELTA, passed)


def test_a_batch_takes_the_way_that_is_described(
    passed: list[Step], make_simulator: MakeSimulator
) -> None:
    client = Client(make_simulator())
    client.load([record("SKU_0", "LOC_MEL", 1)])
    client.delta("SKU_0", "LOC_MEL", -1, "sold")
    job = client.job()
    passed.clear()

    client.load([record(f"SKU_{number}", "LOC_MEL", 1) for number in range(5_000)], job=job)

    as_described(BATCH, passed)
    chunk = ("simulator/domain/workflow/batch_run.py", "BatchRun.apply_chunk")
    assert passed.count(chunk) == 10


def test_a_reader_is_answered_the_way_that_is_described(
    passed: list[Step], make_simulator: MakeSimulator
) -> None:
    client = Client(make_simulator())
    client.load([record("D45", "LOC_MEL", 10)])
    passed.clear()

    query = "{ inventoryPositions(first: 1) { edges { node { ref onHand } } } }"
    answer = client.post("/graphql", {"query": query})

    [edge] = answer.get_json()["data"]["inventoryPositions"]["edges"]
    assert edge["node"]["onHand"] == 10
    as_described(READING, passed)


def test_a_step_that_is_not_come_by_in_its_order_is_told() -> None:
    one, two, three = ("a.py", "one"), ("a.py", "two"), ("b.py", "three")

    assert missed([one, two], [one, three, two]) == []
    assert missed([two, one], [one, two]) == [one]
    with told("one in a.py", "CONTRIBUTING.md"):
        as_described([two, one], [one, two])
