"""Other mock servers beside the simulator: what they are given, how they are judged, installed."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import jsonschema_rs
import orjson
import psutil
import pytest
from click.testing import CliRunner
from fluent_oms_simulator.cli import main
from fluent_oms_simulator.loadtests.benchmarks import beside_peers, runner
from fluent_oms_simulator.loadtests.benchmarks.bench_payloads import delta_event
from fluent_oms_simulator.loadtests.benchmarks.beside_peers import started
from fluent_oms_simulator.loadtests.benchmarks.peer_calls import (
    DynamoDbCalls,
    FluentCalls,
    calls_of,
    keeps_state,
    prepare,
    refusal,
)
from fluent_oms_simulator.loadtests.benchmarks.peers import installing
from fluent_oms_simulator.loadtests.benchmarks.peers.known_peers import LOOPBACK, PEERS, Peer
from fluent_oms_simulator.loadtests.benchmarks.peers.shared_contract import (
    GRAPHQL,
    event_schema,
    held,
    on_hand_in,
)
from fluent_oms_simulator.loadtests.server.processes import running
from fluent_oms_simulator.loadtests.server.raw_client import pump_anew

BY_NAME = {peer.name: peer for peer in PEERS}


class Mock(BaseHTTPRequestHandler):
    """A mock server like the peers, in one of their manners."""

    protocol_version = "HTTP/1.0"
    refuses_with: int | None = 400
    applies = True
    on_hand = 5

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status, answer = 200, b'{"id":"1"}'
        if self.path == GRAPHQL:
            answer = held(type(self).on_hand).encode()
        elif b'"ten"' in body and self.refuses_with is not None:
            status, answer = self.refuses_with, b"{}"
        elif self.applies:
            type(self).on_hand += 10
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def manners() -> type[Mock]:
    return type("Manners", (Mock,), {})


@pytest.fixture
def url(manners: type[Mock]) -> Iterator[str]:
    with ThreadingHTTPServer((LOOPBACK, 0), manners) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://{LOOPBACK}:{server.server_address[1]}"
        server.shutdown()


# -- what a peer is given --------------------------------------------------------------------------


def test_the_schema_that_peers_are_given_tells_a_delta_from_a_wrong_one() -> None:
    verdict = jsonschema_rs.validator_for(event_schema())
    sound = orjson.loads(delta_event(1))
    wrong = orjson.loads(FluentCalls("http://h").invalid().partition(b"\r\n\r\n")[2])

    assert verdict.is_valid(sound)
    assert not verdict.is_valid(wrong)
    assert not verdict.is_valid({key: sound[key] for key in sound if key != "name"})
    assert b"$ref" not in orjson.dumps(event_schema())


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
def test_a_peer_is_started_on_loopback_with_the_files_that_it_is_given(
    peer: Peer, tmp_path: Path
) -> None:
    for word in peer.command:
        if "*" in word:
            file = tmp_path / word.removeprefix("{home}/").replace("*", "1.2.3")
            file.parent.mkdir(parents=True)
            file.touch()

    words = peer.started_by(tmp_path, Path("/files"), 4242)

    assert "4242" in words
    assert any(LOOPBACK in word for word in words)
    assert not any(sign in word for word in words for sign in "{}*")
    named = {word.removeprefix("/files/") for word in words if word.startswith("/files/")}
    assert named <= peer.arrange().keys()


def test_a_peer_whose_program_is_not_where_it_should_be_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="there are 0, not one"):
        BY_NAME["WireMock"].started_by(tmp_path, tmp_path, 1)


# -- how it is judged ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (None, "taken (200)"),
        (400, "refused (400)"),
        (404, "refused (404)"),
        (500, "not understood (500)"),
    ],
)
def test_what_becomes_of_an_invalid_delta_is_told_with_its_status(
    manners: type[Mock], url: str, status: int | None, told: str
) -> None:
    manners.refuses_with = status

    assert refusal(url, FluentCalls(url)) == told


@pytest.mark.parametrize("applies", [True, False])
def test_state_is_kept_where_a_delta_is_seen_in_what_is_read_back(
    manners: type[Mock], url: str, applies: bool
) -> None:
    manners.applies = applies

    assert keeps_state(url, FluentCalls(url), within=30 if applies else 0) is applies


def test_a_peer_that_refuses_what_comes_before_a_delta_is_not_measured(
    manners: type[Mock], url: str
) -> None:
    manners.refuses_with = 403
    calls = calls_of("dynamodb", url)
    assert isinstance(calls, DynamoDbCalls)
    calls.before = [FluentCalls(url).invalid()]

    with pytest.raises(RuntimeError, match="403 before the first delta"):
        prepare(url, calls)


@pytest.mark.parametrize(
    ("reply", "found"),
    [
        (held(-3).encode(), -3),
        (b'{"data":{"inventoryPositions":{"edges":[{"node":{"onHand":7}}]}}}', 7),
        (b'{"Item": {"ref": {"S": "a"}, "onHand": {"N": "990"}}}', 990),
        (b'{"data":{}}', None),
        (b"Error while serving", None),
    ],
)
def test_stock_on_hand_is_found_in_any_reply(reply: bytes, found: float | None) -> None:
    assert on_hand_in(reply) == found


def test_a_server_that_ends_each_connection_is_sent_every_request(
    manners: type[Mock], url: str
) -> None:
    calls = FluentCalls(url)

    pump_anew(url, [calls.delta() for _ in range(20)], status=b"200", connections=3)

    assert manners.on_hand == 5 + 20 * calls.effect


# -- installed, started, ended ---------------------------------------------------------------------


def test_a_peer_goes_into_a_folder_of_its_own_and_runs_no_script_of_its_package() -> None:
    home = Path("/peers/one")

    [npm] = installing.commands(BY_NAME["Prism"], home)
    venv, pip = installing.commands(BY_NAME["moto"], home)

    assert npm[-2:] == [str(home), BY_NAME["Prism"].requirement]
    assert "--ignore-scripts" in npm
    assert venv[-1] == str(home / "venv")
    assert pip[0].startswith(str(home / "venv"))
    assert pip[-1] == BY_NAME["moto"].requirement


def test_a_peer_that_cannot_be_installed_is_told_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    peer = BY_NAME["pytest-httpserver"]
    monkeypatch.setattr(
        installing,
        "commands",
        lambda *_: [[sys.executable, "-c", "raise SystemExit('ERROR: no registry answers')"]],
    )

    assert installing.why_missing(peer, tmp_path) == "not installed"
    assert installing.install(peer, tmp_path) == "ERROR: no registry answers"
    assert installing.why_missing(peer, tmp_path) == "ERROR: no registry answers"


def test_a_peer_is_installed_once_for_each_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    peer = BY_NAME["pytest-httpserver"]
    monkeypatch.setattr(
        installing,
        "commands",
        lambda _, home: [[sys.executable, "-c", f"open(r'{home / 'tried'}', 'a').write('x')"]],
    )

    assert installing.install(peer, tmp_path) is None
    assert installing.install(peer, tmp_path) is None

    assert (tmp_path / peer.name / "tried").read_text("utf-8") == "x"
    assert installing.why_missing(peer, tmp_path) is None


def test_without_its_program_a_peer_cannot_take_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)

    assert installing.why_missing(BY_NAME["WireMock"], tmp_path) == (
        "it needs java, which is not on this machine"
    )
    reason = installing.install(BY_NAME["moto"], tmp_path)
    assert reason is not None
    assert reason.endswith("which is not on this machine")


def bounded(folder: Path, seconds: float) -> list[str]:
    """A server of files, bounded."""
    with ThreadingHTTPServer((LOOPBACK, 0), Mock) as free:
        port = str(free.server_address[1])
    module = f"{beside_peers.__package__}.peers.bounded"
    serve = [sys.executable, "-m", "http.server", "--bind", LOOPBACK, port]
    return [sys.executable, "-m", module, port, str(seconds), str(folder), *serve]


def test_a_bounded_server_ends_when_it_is_no_longer_needed(tmp_path: Path) -> None:
    with running(bounded(tmp_path, 300)) as server:
        processes = server.processes
        assert len(processes) == 2

    assert psutil.wait_procs(processes, timeout=30)[1] == []


def test_a_bounded_server_ends_by_itself(tmp_path: Path) -> None:
    done = subprocess.run(bounded(tmp_path, 0), timeout=60, capture_output=True, check=False)

    assert done.returncode == 0


@pytest.mark.slow
def test_a_bounded_server_ends_with_whoever_started_it(tmp_path: Path) -> None:
    code = "import subprocess, sys; subprocess.run(sys.argv[1:])"
    command = [sys.executable, "-c", code, *bounded(tmp_path, 300)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as starter:
        assert starter.stdout is not None
        starter.stdout.readline()  # it has told its address
        others = psutil.Process(starter.pid).children(recursive=True)
        starter.kill()

        assert psutil.wait_procs(others, timeout=30)[1] == []

    assert len(others) == 2


@pytest.mark.slow
def test_without_peers_the_benchmark_still_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside_peers, "why_missing", lambda _: "not installed")

    report = beside_peers.run(quick=True)

    assert [sample.label for sample in report.samples] == [
        "simulator, by itself",
        "simulator, all its work",
    ]
    assert report.notes[0] == "simulator: an invalid delta is refused (400), state is kept."
    assert f"{PEERS[0].name} did not take part: not installed." in report.notes
    assert beside_peers.INSTALL in report.notes


def test_the_command_installs_every_peer_and_names_those_that_it_could_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    refused = {"Prism": "no registry answers"}
    monkeypatch.setattr(runner, "install", lambda peer: refused.get(peer.name))

    done = CliRunner().invoke(main, ["bench", "--install-peers"])

    assert done.exit_code == 2
    assert "Prism: no registry answers" in done.stdout
    assert "moto: installed" in done.stdout
    assert "could not be installed: Prism;" in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
def test_a_peer_that_is_installed_takes_deltas(peer: Peer) -> None:
    reason = installing.why_missing(peer)
    if reason is not None:
        pytest.skip(f"{peer.name}: {reason}")

    with started(peer) as server:
        calls = calls_of(peer.calls, server.url)
        prepare(server.url, calls)
        keeps_state(server.url, calls, within=0)  # raises where a valid delta is refused
