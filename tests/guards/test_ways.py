"""The ways of a delta and of a batch, as CONTRIBUTING has them, are those that they take."""

import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest

from ..conftest import MakeSimulator
from ..support import Client, delta, deltas, record
from .helpers.breaks import tell, told
from .helpers.imports import ROOT
from .helpers.pages import tables

Step = tuple[str, str]

DELTA, BATCH = (
    [(path, name) for _, path, name in table]
    for table in tables("CONTRIBUTING.md", "| what happens | file | what does it |")
)


@pytest.fixture
def passed() -> Iterator[list[Step]]:
    """The steps that are come by, in every thread that is started from now on."""
    steps: list[Step] = []
    wanted = {*DELTA, *BATCH}
    names = {name for _, name in wanted}

    def note(frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event == "call" and code.co_qualname in names:
            path = Path(code.co_filename).resolve()
            if path.is_relative_to(ROOT):
                steps.append((path.relative_to(ROOT).as_posix(), code.co_qualname))

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


def test_a_delta_takes_the_way_that_is_described(
    passed: list[Step], make_simulator: MakeSimulator
) -> None:
    client = Client(make_simulator())
    client.load([record("D45", "LOC_MEL", 10)])
    path_is_found, *way = DELTA
    assert path_is_found in passed
    passed.clear()

    client.post("/api/v4.1/event/async", deltas(delta("D45", "LOC_MEL", 1, "d1")))
    client.settle()

    assert client.on_hand("D45", "LOC_MEL") == 11
    as_described(way, passed)


def test_a_batch_takes_the_way_that_is_described(
    passed: list[Step], make_simulator: MakeSimulator
) -> None:
    client = Client(make_simulator())
    job = client.job()
    path_is_found, *way = BATCH
    assert path_is_found in passed
    passed.clear()

    client.load([record(f"SKU_{number}", "LOC_MEL", 1) for number in range(5_000)], job=job)

    as_described(way, passed)
    chunk = ("simulator/domain/workflow/batch_run.py", "BatchRun.apply_chunk")
    assert passed.count(chunk) == 20


def test_a_step_that_is_not_come_by_in_its_order_is_told() -> None:
    one, two, three = ("a.py", "one"), ("a.py", "two"), ("b.py", "three")

    assert missed([one, two], [one, three, two]) == []
    assert missed([two, one], [one, two]) == [one]
    with told("one in a.py", "CONTRIBUTING.md"):
        as_described([two, one], [one, two])
