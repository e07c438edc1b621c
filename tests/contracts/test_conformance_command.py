"""`fluent-sim report` against a real server: what it prints, and how it ends."""

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result
from fluent_oms_simulator.cli import main
from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.client.target_server import Target

from ..cli.conftest import Server, start_server  # noqa: F401 - a fixture
from ..support import delta, deltas

Start = Callable[..., Server]
EVENTS = "/api/v4.1/event/async"
QUIET = (
    *("--port", "0", "--seed-data", "none", "--auth", "off"),
    *("--behaviour", "delta.missing_position=create"),
)


def report(server: Server, *args: str) -> Result:
    return CliRunner().invoke(main, ["report", "--url", server.url, *args])


def send(server: Server, qty: object, delta_id: str = "POS7-1") -> int:
    event = deltas(delta("SKU_1", "LOC_1", qty, delta_id))
    return Api(Target(server.url)).call("POST", EVENTS, json=event, token=None).status


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Server:
    start: Start = request.getfixturevalue("start_server")
    return start(*QUIET)


def test_its_exit_code_says_whether_the_traffic_conforms(server: Server, tmp_path: Path) -> None:
    nothing = report(server)
    assert nothing.exit_code == 2
    assert "There is no verdict on the traffic: incomplete." in nothing.stderr

    assert send(server, -1) == 200
    clean = report(server)
    assert clean.exit_code == 0, clean.output
    assert "nothing found: passed" in clean.stdout

    assert send(server, "x", "POS7-2") == 400
    broken = report(server, "--report-dir", str(tmp_path))
    assert broken.exit_code == 1
    assert "/attributes/deltas/0/qty" in broken.stdout
    assert "request 2, POST /api/v4.1/event/async" in broken.stdout
    assert json.loads((tmp_path / "report.json").read_text())["verdict"] == "failed"
    assert ElementTree.parse(tmp_path / "report.xml").getroot().get("failures") == "1"
    assert json.loads((tmp_path / "report.sarif").read_text())["version"] == "2.1.0"

    assert report(server, "--select", "FOMS-S").exit_code == 0
    assert report(server, "--ignore", "FOMS-E,FOMS-O011").exit_code == 0
    assert json.loads(report(server, "--format", "json").stdout)["errors"] == 1

    assert report(server, "--reset").exit_code == 1
    assert report(server).exit_code == 2


def test_warnings_fail_only_where_that_is_asked_for(server: Server) -> None:
    assert send(server, -1, "SKU_1:LOC_1:2026-02-01") == 200

    assert report(server).exit_code == 0
    assert report(server, "--fail-on", "warning").exit_code == 1


def test_no_simulator_there_is_a_sentence(server: Server) -> None:
    server.stop()

    ended = report(server)

    assert ended.exit_code == 2
    assert f"no simulator answers at {server.url}" in ended.stderr
    assert ended.stdout == ""


def test_a_wrong_wish_is_a_sentence(server: Server) -> None:
    ended = report(server, "--select", "NOPE")
    assert ended.exit_code == 2
    assert "no rule's id begins with 'NOPE'" in ended.stderr

    ended = report(server, "--ignore", "FOMS")
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert "what is ignored leaves no rule to check" in ended.stderr

    ended = CliRunner().invoke(main, ["report", "--url", "localhost:4141"])
    assert ended.exit_code == 2
    assert "--url: found 'localhost:4141'" in ended.stderr

    ended = CliRunner().invoke(main, ["report", "--url", f"{server.url}/api"])
    assert ended.exit_code == 2


def test_off_is_a_sentence(request: pytest.FixtureRequest) -> None:
    start: Start = request.getfixturevalue("start_server")
    server = start(*QUIET, FLUENT_SIM_CONFORMANCE="off")

    ended = report(server)

    assert ended.exit_code == 2
    assert "The conformance report is off" in ended.stderr


def test_a_simulator_open_to_other_machines_asks_for_its_token(
    request: pytest.FixtureRequest,
) -> None:
    start: Start = request.getfixturevalue("start_server")
    server = start(*QUIET, "--host", "0.0.0.0")
    printed = server.printed("__admin")

    ended = report(server)

    assert ended.exit_code == 2
    assert "needs its token" in ended.stderr
    token = next(word for word in printed.split() if len(word) == 32)
    assert report(server, "--token", token).exit_code == 2
    assert send(server, -1) == 200
    assert report(server, "--token", token).exit_code == 0
