"""A simulator for a script or a unittest: started, signed in to, and gone with its starter."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import unittest
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import fluent_oms_simulator
import psutil
import pytest
from fluent_oms_simulator.client.builders import delta
from fluent_oms_simulator.client.client_errors import AnswerError, UnreachableError
from fluent_oms_simulator.harness.fluent_server import FluentServer

from .helpers.callers import caller, send
from .helpers.ends import SECONDS, is_running, wait_until_gone

PLACE = ("SKU_1", "LOC_1")
SERVE = [sys.executable, "-m", "fluent_oms_simulator", "serve", "--port", "0"]

HOLDS_A_SIMULATOR = """
import sys
from fluent_oms_simulator.client.simulator_process import started
with started() as server:
    print(server.pid, flush=True)
    sys.stdin.read()
"""
HAS_A_CHILD = """
import os, sys, time
from fluent_oms_simulator.client.simulator_process import started
with started() as server:
    child = os.fork()
    if child == 0:
        time.sleep(600)
    print(server.pid, child, flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize("in_this_process", [False, True])
def test_a_simulator_is_there_for_the_length_of_a_block(in_this_process: bool) -> None:
    with fluent_oms_simulator.start(
        in_this_process=in_this_process,
        account="TESTACCOUNT",
        retailers=["7", "8"],
        client_id="till",
        password="a password",
        behaviours={"delta.duplicate": "accumulate", "delta.zero": "accept"},
        profile="documented",
        at="2026-11-26T23:59:58Z",
        frozen=True,
        settling="manual",
        faults=[{"kind": "status", "status": 503, "match": {"nth": 2, "operation": "sendEvent"}}],
        seed=3,
    ) as sim:
        assert sim.env["FLUENT_ACCOUNT"] == "TESTACCOUNT"
        assert sim.catalogue == "DEFAULT:7"
        assert sim.clock.now.isoformat() == "2026-11-26T23:59:58+00:00"
        assert sim.url.count("/") == 2
        sim.load({PLACE: 500})
        api = caller(sim)
        answers = [send(api, delta(*PLACE, -10, "pos-1")) for _ in range(3)]
        assert answers == [200, 503, 200]
        assert sim.on_hand(*PLACE) == 500
        sim.settle()
        assert sim.on_hand(*PLACE) == 480

    with pytest.raises(UnreachableError):
        sim.settle()


@pytest.mark.parametrize("in_this_process", [False, True])
def test_a_text_is_one_retailer(in_this_process: bool) -> None:
    with fluent_oms_simulator.start(in_this_process=in_this_process, retailers="12") as sim:
        assert sim.credentials.retailer_id == "12"
        sim.load({PLACE: 5})
        assert send(caller(sim), delta(*PLACE, -1, "pos-1")) == 200
        sim.assert_on_hand({PLACE: 4})


def test_a_text_is_one_retailer_of_a_world_too(fluent_oms_server: FluentServer) -> None:
    world = fluent_oms_server.make(retailers="12")

    assert world.catalogue == "DEFAULT:12"
    fluent_oms_server.drop(world)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"retailers": 12}, "retailers: found 12, expected ids as texts"),
        ({"retailers": []}, r"retailers: found \[\], expected ids as texts"),
        ({"retailers": [12]}, r"retailers: found \[12\], expected ids as texts"),
        ({"behaviours": "delta.zero=accept"}, "behaviours: found 'delta.zero=accept', expected a"),
        ({"faults": ["lost-replies"]}, "faults: found .*, expected a preset's name, a rule or"),
        ({"settling": ["manual"]}, "settling: found .*, expected a mode or a mapping"),
    ],
    ids=str,
)
def test_what_is_no_value_of_an_option_is_told(options: dict[str, Any], told: str) -> None:
    with (
        pytest.raises(TypeError, match=told),
        fluent_oms_simulator.start(in_this_process=True, **options),
    ):
        pass


def test_a_world_is_made_with_all_that_it_is_to_have_in_one_call(
    fluent_oms_server: FluentServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    calls = fluent_oms_server._calls
    original = calls.wire.send

    def noted(method: str, *rest: Any, **more: Any) -> Any:
        asked.append(method)
        return original(method, *rest, **more)

    monkeypatch.setattr(calls.wire, "send", noted)
    rule = {"kind": "status", "status": 503, "match": {"nth": 7}}
    world = fluent_oms_server.make(settling="manual", faults=rule, seed=3, frozen=True)
    assert asked == ["PUT"]
    monkeypatch.undo()

    world.faults.status(500, operation="batch")
    told = world._calls.document("GET", "/__admin/faults")
    assert (told["seed"], [each["kind"] for each in told["rules"]]) == (3, ["status", "status"])
    fluent_oms_server.drop(world)


def test_a_block_in_which_a_fault_has_struck_nothing_ends_with_that() -> None:
    rule = {"kind": "status", "status": 503, "limit": {"times": 1}}
    with (
        pytest.raises(AssertionError, match=r"r1 \(status\) has struck nothing: no such"),
        fluent_oms_simulator.start(in_this_process=True, faults=rule),
    ):
        pass
    with (
        pytest.warns(UserWarning, match="has struck nothing"),
        fluent_oms_simulator.start(in_this_process=True, faults=rule, unstruck="warn"),
    ):
        pass
    with (
        pytest.raises(ValueError, match="the test's own"),
        fluent_oms_simulator.start(in_this_process=True, faults=rule),
    ):
        raise ValueError("the test's own")


class TestOfAConnector(unittest.TestCase):
    """As somebody writes it who does not use pytest's fixtures."""

    def setUp(self) -> None:
        self.sim = self.enterContext(fluent_oms_simulator.start(in_this_process=True))

    def test_stock_is_loaded(self) -> None:
        self.sim.load({PLACE: 5})
        self.assertEqual(self.sim.on_hand(*PLACE), 5)  # noqa: PT009


def test_an_option_that_there_is_not_is_told_with_the_nearest() -> None:
    with (
        pytest.raises(TypeError, match="start knows no behaviour; did you mean behaviours"),
        fluent_oms_simulator.start(behaviour={}),  # type: ignore[call-arg]
    ):
        pass


def test_a_preset_that_there_is_not_leaves_nothing_running() -> None:
    before = set(psutil.Process().children(recursive=True))

    with (
        pytest.raises(AnswerError, match='found "lost", expected'),
        fluent_oms_simulator.start(faults="lost"),
    ):
        pass

    assert set(psutil.Process().children(recursive=True)) <= before


def test_worlds_on_one_server_know_nothing_of_each_other(fluent_oms_server: FluentServer) -> None:
    one = fluent_oms_server.make("test [a/ö]")
    other = fluent_oms_server.make(account="OTHER")
    one.load({PLACE: 5})
    one.clock.freeze("2026-01-01T00:00:00Z")

    assert "/__ns/test-a-" in one.url
    assert other.on_hand(*PLACE) is None
    assert other.env["FLUENT_ACCOUNT"] == "OTHER"
    assert other.clock.now.year >= 2026
    fluent_oms_server.drop(one)
    fluent_oms_server.drop(one)
    with pytest.raises(AnswerError, match="There is no namespace"):
        one.on_hand(*PLACE)
    fluent_oms_server.drop(other)


def test_a_world_of_no_use_is_not_left_behind(fluent_oms_server: FluentServer) -> None:
    before = namespaces(fluent_oms_server)

    with pytest.raises(AnswerError):
        fluent_oms_server.make(faults="lost")
    with pytest.raises(AnswerError, match="behaviours"):
        fluent_oms_server.make(behaviours={"delta.duplicat": "reject"})

    assert namespaces(fluent_oms_server) == before


def test_a_server_that_has_gone_is_no_trouble_when_a_world_is_dropped() -> None:
    with fluent_oms_simulator.start(in_this_process=True) as sim:
        server = FluentServer(sim.url)
        server.make()
    server.close()


# -- nothing is left running -----------------------------------------------------------------------


@contextmanager
def script(text: str) -> Iterator[tuple[subprocess.Popen[str], list[int]]]:
    """A script that runs, and the processes that it tells of on its first line."""
    with subprocess.Popen(
        [sys.executable, "-c", text], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            yield process, [int(word) for word in process.stdout.readline().split()]
        finally:
            process.kill()


def test_a_simulator_ends_with_a_process_that_is_killed() -> None:
    with script(HOLDS_A_SIMULATOR) as (process, [server]):
        children = [child.pid for child in psutil.Process(server).children(recursive=True)]
        assert is_running(server)
        process.kill()

        for pid in (server, *children):
            wait_until_gone(pid)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process cannot be copied here")
def test_a_copy_of_the_process_that_lives_on_does_not_hold_a_simulator() -> None:
    with script(HAS_A_CHILD) as (process, [server, child]):
        try:
            process.kill()
            wait_until_gone(server)
            assert is_running(child)
        finally:
            os.kill(child, signal.SIGKILL)


def test_a_server_ends_with_its_standard_input_where_that_is_asked_for(tmp_path: Path) -> None:
    with subprocess.Popen(
        [*SERVE, "--end-with-stdin"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=tmp_path,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["pid"] == process.pid
        process.stdin.write(b"what is written does not matter\n" * 1_000)
        process.stdin.flush()
        process.stdin.close()

        assert process.wait(SECONDS) == 0


def test_a_server_without_standard_input_that_is_to_end_with_it_ends(tmp_path: Path) -> None:
    done = subprocess.run(
        [*SERVE, "--end-with-stdin"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        cwd=tmp_path,
        timeout=SECONDS,
        check=False,
    )

    assert done.returncode == 0


def namespaces(server: FluentServer) -> int:
    """How many worlds a server has."""
    told = server._calls.document("GET", "/__admin/namespaces")
    return int(told["total"])
