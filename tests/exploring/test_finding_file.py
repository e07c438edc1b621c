"""The file of a finding: read as it was written, and told to be none whatever else stands in it."""

import copy
import json
import os
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner
from fluent_oms_simulator.cli import main
from fluent_oms_simulator.exploring.candidate_faults import CandidateFault
from fluent_oms_simulator.exploring.finding_file import Repeatable, UnusableFindingError
from fluent_oms_simulator.exploring.found_breaks import Finding
from fluent_oms_simulator.exploring.pasted_test import pytest_text
from fluent_oms_simulator.exploring.run_judgement import Breaks, Complaint, TouchedStock

FOUND = Repeatable(
    ["./connector"],
    ["--profile", "documented"],
    3,
    90.0,
    None,
    None,
    Finding(
        (CandidateFault.read("sendEvent#1:lost-reply"),),
        [Complaint(Breaks.DOUBLES, "SKU_1 at LOC_1 ends at 480, expected 490")],
        0,
        "sold",
        [{"id": 2, "operation": "sendEvent", "status": 0, "faults": ["reset"]}],
        True,
        [TouchedStock("SKU_1", "LOC_1", None, 490)],
    ),
)
ODD: list[Any] = [
    None,
    True,
    7,
    -1,
    1.5,
    10**400,
    float("nan"),
    float("inf"),
    "",
    "x",
    "a\0",
    "\ud800",
    [],
    [1],
    {},
]
WRITTEN: dict[str, Any] = json.loads(FOUND.written())


def places(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a document."""
    yield place
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from places(value[key], (*place, key))


def test_what_was_written_is_read() -> None:
    assert Repeatable.read(FOUND.written().encode()) == FOUND


@pytest.mark.parametrize(
    "place", list(places(WRITTEN))[1:], ids=lambda place: "/".join(map(str, place))
)
def test_whatever_stands_in_it_is_a_finding_or_told_to_be_none(place: tuple[Any, ...]) -> None:
    for odd in [*ODD, ...]:
        document = copy.deepcopy(WRITTEN)
        inner = document
        for key in place[:-1]:
            inner = inner[key]
        if odd is ...:
            del inner[place[-1]]
        else:
            inner[place[-1]] = odd
        try:
            found = Repeatable.read(json.dumps(document).encode())
        except UnusableFindingError:
            continue
        assert found.within > 0
        for text in (*found.command, *found.server, found.env_file or "", found.expected or ""):
            assert b"\0" not in os.fsencode(text)
        assert found.written()
        compile(pytest_text(found.finding, found.command, found.within), "a test", "exec")


@pytest.mark.parametrize("file", ["/dev/zero", "/dev/null"])
def test_what_may_have_no_end_is_not_read(file: str) -> None:
    done = CliRunner().invoke(main, ["explore", "replay", file])

    assert (done.exit_code, done.stderr) == (
        2,
        f"fluent-sim explore replay: {file}: it is no plain file\n",
    )
