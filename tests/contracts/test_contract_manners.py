"""`fluent-sim contract` as a command: how it ends early, and what a server may do to it."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fluent_oms_simulator.client.client_errors import UnreachableError
from fluent_oms_simulator.client.exchanges import Wire
from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.client.target_server import Target
from fluent_oms_simulator.console.interrupts import Ended, Interrupted, Interrupts
from fluent_oms_simulator.contracts.running.failures import UnreadableError, read_failure
from fluent_oms_simulator.contracts.target.generated_calls import wire_to

from ..support import first_at_once
from .helpers.contract_servers import (
    CREDENTIALS,
    POSIX,
    SECONDS,
    SIGN_IN,
    command,
    environment,
    of_someone_else,
    quantities_in_use,
    run_contract,
    server,
)

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


@contextmanager
def started(*arguments: str, **extra: str) -> Iterator[subprocess.Popen[str]]:
    """`fluent-sim contract`, running, with its output in pipes."""
    process = subprocess.Popen(
        command(*arguments),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(**extra),
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def until(process: subprocess.Popen[str], word: str) -> None:
    """Read what the command says of its progress until a word comes."""
    assert process.stderr is not None
    for line in process.stderr:
        if word in line:
            return
    raise AssertionError(f"it ended before it said {word!r}: {process.communicate()}")


# -- how it ends early ---------------------------------------------------------------------------


@pytest.mark.slow
@POSIX
@pytest.mark.parametrize(
    ("number", "code", "word"),
    first_at_once(
        [("SIGTERM", 143, "terminated"), ("SIGINT", 130, "interrupted"), ("SIGHUP", 129, "hung-up")]
    ),
)
def test_a_run_that_is_ended_says_what_was_done_and_takes_back_what_was_written(
    number: str, code: int, word: str
) -> None:
    with server(of_someone_else) as (url, _):
        arguments = ("--url", url, *CREDENTIALS, "--yes", "--max-rate", "100", "--prefix", "MINE")
        with started(*arguments, "--select", "semantic", "--format", "json") as process:
            until(process, "2/")
            process.send_signal(getattr(signal, number))
            output, errors = process.communicate(timeout=SECONDS)
        in_use = quantities_in_use(url)

    report = json.loads(output)
    assert process.returncode == code, errors
    assert report["outcome"] == word
    assert len(report["checks"]) >= 2
    assert all(check["verdict"] != "failed" for check in report["checks"])
    assert any("were checked." in note for note in report["notes"])
    assert "Traceback" not in errors
    assert in_use == {}


@POSIX
@pytest.mark.parametrize(
    ("number", "code"), first_at_once([("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
)
def test_a_run_that_is_ended_while_it_reads_the_contracts_says_so(number: str, code: int) -> None:
    with started() as process:
        until(process, "Reading the contracts")
        process.send_signal(getattr(signal, number))
        output, errors = process.communicate(timeout=SECONDS)

    assert process.returncode == code, output + errors
    assert "Traceback" not in errors
    assert "passed" not in output


SWALLOWING = """
import os, signal, sys, threading
from fluent_oms_simulator import cli
from fluent_oms_simulator.client.exchanges import Wire

send = Wire.send
sent = []

def swallowing(self, method, url, *more):
    sent.append(url)
    if len(sent) == 5:
        try:
            os.kill(os.getpid(), signal.SIGINT)
        except BaseException:
            pass  # as a library does that catches everything
    return send(self, method, url, *more)

Wire.send = swallowing
sys.argv = ["fluent-sim", "contract", "--select", "a sign in needs all its parts"]
cli.main()
"""


@POSIX
def test_an_interrupt_that_a_library_swallows_is_heeded_all_the_same() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", SWALLOWING],
        capture_output=True,
        text=True,
        env=environment(),
        timeout=SECONDS,
        check=False,
    )

    assert ended.returncode == 130, ended.stdout + ended.stderr
    assert ended.stdout.splitlines()[-1].endswith(": interrupted")


@POSIX
def test_an_interrupt_that_python_ignores_is_raised_again_without_a_traceback(
    capfd: pytest.CaptureFixture[str],
) -> None:
    class Callback:
        def __del__(self) -> None:
            os.kill(os.getpid(), signal.SIGTERM)

    def ask_and_wait() -> None:
        callback = Callback()
        del callback
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            time.sleep(0.01)

    with Interrupts() as interrupts, pytest.raises(Interrupted):
        ask_and_wait()

    assert interrupts.ended_by is Ended.TERMINATED
    assert "Traceback" not in capfd.readouterr().err


@POSIX
def test_a_signal_that_is_to_be_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        with Interrupts() as interrupts:
            os.kill(os.getpid(), signal.SIGTERM)
            interrupts.check()
            with pytest.raises(KeyboardInterrupt):
                os.kill(os.getpid(), signal.SIGINT)
        assert interrupts.ended_by is Ended.INTERRUPTED
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGTERM, before)


def test_a_server_that_dies_in_the_middle_ends_the_run_with_what_was_found() -> None:
    with server(dying) as (url, _):
        ended = run_contract("--url", url, "--select", "security", "--format", "json")

    report = json.loads(ended.stdout)
    assert ended.returncode == 2, ended.stderr
    assert report["outcome"] == "incomplete"
    verdicts = [check["verdict"] for check in report["checks"]]
    assert verdicts.count("error") == 1
    assert "passed" in verdicts
    assert any("does not answer any more" in note for note in report["notes"])
    assert "Traceback" not in ended.stderr


def dying(app: WSGIApplication) -> WSGIApplication:
    """A server that closes every connection without a word, from the 30th request on."""
    asked: list[str] = []

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        asked.append(environ["PATH_INFO"])
        if len(asked) >= 30:
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        return app(environ, start)

    return answer


# -- what a server may do to its caller ----------------------------------------------------------


@contextmanager
def speaking(reply: bytes) -> Iterator[str]:
    """A server that answers every connection with these bytes, and closes it."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:

        def speak() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(65536)
                    connection.sendall(reply)

        thread = threading.Thread(target=speak, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


ABSURD = {
    "a length of exabytes": b"HTTP/1.1 200 OK\r\nContent-Length: 9999999999999999999\r\n\r\n{}",
    "a chunk of exabytes": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"fffffffffffffff\r\n{}",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 2, 3\r\n\r\n{}",
    "no HTTP": b"SSH-2.0-OpenSSH_9.6\r\n",
    "a body that breaks off": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{",
    "gzip that is none": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
    b"Content-Length: 2\r\n\r\n{}",
}


@pytest.mark.parametrize("reply", ABSURD.values(), ids=ABSURD)
def test_an_answer_that_nobody_can_read_is_as_good_as_none(reply: bytes) -> None:
    with speaking(reply) as url, pytest.raises(UnreachableError, match=f"GET {re.escape(url)}"):
        Wire().send("GET", url)


def test_a_server_that_cannot_be_understood_is_a_sentence() -> None:
    with speaking(ABSURD["a length of exabytes"]) as url:
        ended = run_contract("--url", url, *SIGN_IN)

    assert ended.returncode == 2, ended.stdout
    assert "Traceback" not in ended.stderr
    assert f"{url}/__admin/health" in ended.stderr


def test_an_answer_longer_than_any_is_not_read_to_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("fluent_oms_simulator.client.exchanges.MOST_BYTES", 1024 * 1024)
    long = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + b"x" * 3 * 1024 * 1024
    with speaking(long) as url, pytest.raises(UnreachableError, match="longer than 1 MiB"):
        Wire().send("GET", url)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1"], ids=["this machine", "any machine"])
def test_credentials_of_a_netrc_do_not_replace_those_that_were_given(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, host: str
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password else\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("no_proxy", "*")
    with server() as (url, _):
        wire = wire_to(url.replace("127.0.0.1", host))
        api = Api(Target(url.replace("127.0.0.1", host)), wire)

        assert api.events(count=1).status == 200
        assert api.call("GET", "/api/v4.1/event?count=1", token=None).status == 401
        sent = [exchange.sent_headers.get("Authorization", "") for exchange in wire.exchanges]

    assert [value for value in sent if value.startswith("Basic")] == []


@pytest.mark.slow
def test_a_whole_run_keeps_to_the_credentials_that_were_given(tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password else\n", encoding="utf-8")
    seen: list[str] = []
    with server(lambda app: noting_credentials(app, seen)) as (url, _):
        # Of another name than this machine's usual one, so that the environment is heeded.
        ended = run_contract(
            *("--url", url.replace("127.0.0.1", "127.1"), *CREDENTIALS, "--yes"),
            *("--max-rate", "1000", "--max-examples", "2"),
            *("--select", "nobody is let in without a token [findEvents]"),
            *("--select", "[GET /api/v4.1/event/{eventId}]"),
            NETRC=str(netrc),
            no_proxy="*",
        )

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert any(value.startswith("Bearer") for value in seen)
    assert [value for value in seen if "c29tZWJvZHk6ZWxzZQ" in value] == []


def noting_credentials(app: WSGIApplication, seen: list[str]) -> WSGIApplication:
    """A server that takes down what its callers show."""

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        seen.append(environ.get("HTTP_AUTHORIZATION", ""))
        return app(environ, start)

    return answer


def _changed(**changes: object) -> Callable[[dict[str, object]], dict[str, object]]:
    return lambda document: {**document, **changes}


EXCHANGE = {
    "method": "GET",
    "path": "/api/v4.1/event",
    "headers": {},
    "sent": "",
    "status": 200,
    "received": "",
}


@pytest.mark.parametrize(
    "change",
    [
        _changed(prefix=None),
        _changed(exchanges={}),
        _changed(exchanges=[{**EXCHANGE, "path": "@elsewhere.example/"}]),
        _changed(exchanges=[{**EXCHANGE, "sent": {"base64": "a"}}]),
        _changed(exchanges=[{**EXCHANGE, "method": "GET /"}]),
        _changed(behaviours={"a": 1}),
    ],
)
def test_a_file_that_was_tampered_with_is_no_recorded_failure(
    tmp_path: Path, change: Callable[[dict[str, object]], dict[str, object]]
) -> None:
    whole: dict[str, object] = {
        "format": 1,
        "contract": "c",
        "test": "t",
        "message": "m",
        "seed": 1,
        "prefix": "P",
        "behaviours": {},
        "exchanges": [EXCHANGE],
    }
    file = tmp_path / "failure.json"
    file.write_text(json.dumps(whole), encoding="utf-8")
    assert read_failure(file) == whole

    file.write_text(json.dumps(change(whole)), encoding="utf-8")
    with pytest.raises(UnreadableError, match="expected a failure that"):
        read_failure(file)
