"""A search that was broken off goes on where it stopped."""

import json
from pathlib import Path
from typing import Any

import pytest
from fluent_oms_simulator.exploring.progress_file import ProgressFile, UnusableProgressError

from .helpers.explored import Watched, connector, exploration, found

ASKED = {"command": ["connector"], "seed": 1}
PLAN: dict[str, Any] = {"depth": 2, "only": ("lost-reply", "token-expired", "unavailable")}


@pytest.mark.slow
def test_one_that_was_interrupted_goes_on_and_finds_what_it_would_have_found(
    server: str, tmp_path: Path
) -> None:
    command, path = connector("new-delta-id"), tmp_path / "tried"
    whole = exploration(server, command, **PLAN)
    whole.go()
    stopped = exploration(server, command, ProgressFile(path, ASKED), Watched(stop_after=3), **PLAN)
    with pytest.raises(KeyboardInterrupt):
        stopped.go()
    assert stopped.ended_early == "interrupted"
    with path.open("a") as file:
        file.write('{"outcome": {"sched')  # it was killed while it wrote

    kept = ProgressFile(path, ASKED)
    again = exploration(server, command, kept, **PLAN)
    again.go()

    assert kept.went_on_from == 3
    assert [each.document() for each in again.findings] == [
        each.document() for each in whole.findings
    ]
    assert found(again) == {"sendEvent#1:lost-reply": "doubles stock"}
    assert again.counts == whole.counts
    # Three that were tried, and the repetition of the one that convicts.
    assert again.runs.count == whole.runs.count - 4


def test_a_file_of_another_search_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tried"
    head = {"format": "fluent-sim explore, 1", **ASKED, "requests": {"sendEvent": 1}}
    path.write_text(json.dumps(head) + "\n")

    ProgressFile(path, ASKED)
    with pytest.raises(UnusableProgressError, match="of a search with another seed: 1"):
        ProgressFile(path, {**ASKED, "seed": 2})


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"no line", "not written by `fluent-sim explore`"),
        (b"no json\n", "not written by this version"),
        (b"[]\n", "not written by this version"),
        (b"\xff\xfe\n", "it is no text"),
    ],
)
def test_a_file_of_something_else_is_refused_and_left_as_it_was(
    tmp_path: Path, content: bytes, why: str
) -> None:
    path = tmp_path / "tried"
    path.write_bytes(content)

    with pytest.raises(UnusableProgressError, match=why):
        ProgressFile(path, ASKED)

    assert path.read_bytes() == content


def test_a_line_that_says_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tried"
    head = {"format": "fluent-sim explore, 1", **ASKED, "requests": {"sendEvent": 1}}
    path.write_text(json.dumps(head) + '\n{"outcome": {}}\n')

    with pytest.raises(UnusableProgressError, match="a line of it cannot be read"):
        ProgressFile(path, ASKED)


def test_a_connector_that_sends_something_else_by_now_is_refused(
    server: str, tmp_path: Path
) -> None:
    path = tmp_path / "tried"
    head = {"format": "fluent-sim explore, 1", **ASKED, "requests": {"sendEvent": 7}}
    path.write_text(json.dumps(head) + "\n")
    search = exploration(server, connector("well"), ProgressFile(path, ASKED))

    with pytest.raises(UnusableProgressError, match="sent 7 sendEvent before, and now does not"):
        search.go()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no such device")
def test_a_device_that_has_no_end_is_not_read() -> None:
    with pytest.raises(UnusableProgressError, match="it is no file that can be kept"):
        ProgressFile(Path("/dev/full"), ASKED)
