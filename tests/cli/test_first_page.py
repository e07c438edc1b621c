"""The commands of the first page, pasted into a shell: what comes back is what the page shows."""

import json
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from ..guards.helpers.pages import PAGES, blocks
from .conftest import SECONDS, Server
from .helpers.pasting import holds, needs_shell, paste, pasted

pytestmark = needs_shell

PAGE = "README.md"
SIGN_IN, LOAD, DELTAS, LOOK = blocks(PAGE, "bash")[1:5]
_, TOKEN = blocks(PAGE, "text")
LOADED, SENT, FOUND = blocks(PAGE, "json")
IN_CI = next(block for block in blocks("examples/README.md", "bash") if "ready.json" in block)
SHELLS = [name for name in ("bash", "dash") if shutil.which(name)]
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def shown(text: str) -> Any:
    """JSON, with the same id for every event."""
    return json.loads(UUID.sub("an id", text))


def test_three_calls_bring_back_what_the_first_page_shows(
    start_server: Callable[..., Server], tmp_path: Path
) -> None:
    url = start_server().url

    calls = (SIGN_IN + LOAD + DELTAS).replace("http://127.0.0.1:4141", url)
    token, batch, event = paste(calls, tmp_path).splitlines()

    assert re.fullmatch(r"[0-9a-f]{32}", token)
    assert re.fullmatch(r"[0-9a-f]{32}\n", TOKEN)
    assert shown(batch) == shown(LOADED)
    assert shown(event) == shown(SENT)
    deadline = time.monotonic() + SECONDS
    look: Any = {"results": [{}]}
    while not holds(look["results"][0], shown(FOUND)):
        assert time.monotonic() < deadline, look
        look = shown(paste(LOOK.replace("http://127.0.0.1:4141", url), tmp_path))
    assert len(look["results"]) == 4


def test_a_pipeline_starts_a_simulator_sends_and_gets_its_report(tmp_path: Path) -> None:
    sending = (SIGN_IN + LOAD + DELTAS).replace("http://127.0.0.1:4141", "$URL")
    assert "# here your tests run" in IN_CI

    paste(re.sub(r"(?m)^# here your tests run.*$", lambda _: sending, IN_CI), tmp_path)

    assert "<testsuite" in (tmp_path / "conformance.xml").read_text(encoding="utf-8")


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("left", ["", '{"url": "http://127.0.0.1:9"}\n'], ids=["new", "used"])
def test_a_pipeline_ends_where_no_simulator_starts(shell: str, left: str, tmp_path: Path) -> None:
    (tmp_path / "ready.json").write_text(left, encoding="utf-8")
    with_a_bad_port = IN_CI.replace("--port 0", "--port 99999")
    assert with_a_bad_port != IN_CI

    done = pasted(with_a_bad_port, tmp_path, shell=shell)

    assert done.returncode == 2, done.stderr
    assert "--port" in done.stderr
    assert not (tmp_path / "conformance.xml").exists()


@pytest.mark.parametrize("shell", SHELLS)
def test_a_pipeline_stops_its_simulator_and_ends_as_what_it_ran(shell: str, tmp_path: Path) -> None:
    its_tests = re.sub(r"(?m)^# here your tests run.*$", "exit 7", IN_CI)

    done = pasted(its_tests, tmp_path, shell=shell)

    assert done.returncode == 7, done.stderr
    ready = json.loads((tmp_path / "ready.json").read_text(encoding="utf-8"))
    deadline = time.monotonic() + SECONDS
    while psutil.pid_exists(ready["pid"]):
        assert time.monotonic() < deadline, "the simulator still runs"
        time.sleep(0.01)


@pytest.mark.parametrize("page", PAGES)
def test_no_loop_of_a_page_waits_for_a_process_that_has_gone(page: str) -> None:
    waiting = [
        loop
        for block in blocks(page, "bash")
        for loop in re.findall(r"\b(?:until|while)\b.*?\bdone\b", block, re.S)
    ]

    assert [loop for loop in waiting if "kill -0" not in loop] == []
