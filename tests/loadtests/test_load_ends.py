"""How a load run ends: verdicts, servers that lie, refusals, Ctrl-C, and what it leaves behind."""

from __future__ import annotations

import itertools
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest
from fluent_oms_simulator.loadtests.reporting.verdict import Verdict

from ..support import first_at_once
from .helpers.audit_rig import Deltas, lying
from .helpers.load_rig import (
    SECONDS,
    SMALL,
    below,
    environment,
    load,
    needs_locust,
    of_someone_else,
    program,
    result_of,
    server,
    stock,
)

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

pytestmark = needs_locust
FOREIGN = (
    *("--account", "FCTRAIN1001", "--retailer", "1"),
    *("--client-id", "fluent-sim", "--client-secret", "fluent-sim-secret"),
    *("--username", "sim", "--password", "sim-password"),
)


def test_the_command_does_not_let_locust_replace_the_calls_of_its_own_process() -> None:
    code = (
        "import sys; import fluent_oms_simulator.cli.load;"
        " import fluent_oms_simulator.loadtests.running.supervise;"
        " sys.exit('locust' in sys.modules or 'gevent' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], timeout=SECONDS, check=False)

    assert run.returncode == 0


@pytest.mark.slow
def test_an_objective_that_is_missed_fails_the_run(tmp_path: Path) -> None:
    run = load("delta", "--duration", "1", "--objective", "deltas>1000000/s", folder=tmp_path)

    assert run.returncode == 1, run.stderr
    assert result_of(tmp_path).verdict is Verdict.MISSED


@pytest.mark.slow
def test_a_server_that_loses_one_delta_fails_whatever_its_speed(tmp_path: Path) -> None:
    lost: list[str] = []

    def losing_one(deltas: Deltas) -> Sequence[Deltas]:
        if lost or len(deltas) < 2:
            return [[each for each in deltas if each["deltaId"] not in lost]]
        lost.append(deltas[-1]["deltaId"])  # the first of an event may be looked for all the time
        return [deltas[:-1]]

    with server(partial(lying, change=losing_one)) as (url, _):
        run = load("delta", "--url", url, "--duration", "2", "--rate", "30", folder=tmp_path)
    audit = result_of(tmp_path).audit

    assert run.returncode == 1, run.stderr
    assert audit is not None
    assert (audit.lost, audit.doubled) == (1, 0)
    assert [example.delta_id for example in audit.examples] == lost


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--objective", "nonsense"), "expected a name, a comparison and a limit"),
        (("--url", "http://127.0.0.1:1"), "does not answer: nothing listens there"),
        (("--url", "ftp://127.0.0.1"), "expected such as http://127.0.0.1:4141"),
        (("--master",), "--master takes --workers"),
        (("--products", "1", "--locations", "1", "--workers", "2"), "has no position"),
    ],
)
def test_what_cannot_run_ends_with_a_sentence_and_code_2(
    arguments: tuple[str, ...], sentence: str, tmp_path: Path
) -> None:
    run = load("delta", "--duration", "1", *arguments, folder=tmp_path)

    assert run.returncode == 2
    assert sentence in run.stderr
    assert "Traceback" not in run.stderr


def test_a_server_that_is_not_ours_takes_credentials_and_consent(tmp_path: Path) -> None:
    with server(of_someone_else) as (url, simulator):
        unnamed = load("delta", "--url", url, "--duration", "1", folder=tmp_path)
        unasked = load("delta", "--url", url, "--duration", "1", *FOREIGN, folder=tmp_path)
        written = stock(simulator)

    assert (unnamed.returncode, unasked.returncode) == (2, 2)
    assert "it takes --account, --retailer" in unnamed.stderr
    assert "whose names begin with LOAD" in unasked.stderr
    assert "give --yes to agree" in unasked.stderr
    assert written == {}


@pytest.mark.slow
def test_a_server_that_is_not_ours_has_its_stock_at_zero_afterwards(tmp_path: Path) -> None:
    given = ("--duration", "2", "--max-rate", "60", "--prefix", "MINE-", "--yes", *FOREIGN)
    with server(of_someone_else) as (url, simulator):
        run = load("delta", "--url", url, *given, folder=tmp_path)
        left = stock(simulator)
    result = result_of(tmp_path)

    assert run.returncode == 0, run.stdout + run.stderr
    assert result.totals.deltas_accepted > 0
    assert left
    assert set(left.values()) == {0}
    assert all(ref.startswith("MINE-") for ref in left)


@pytest.mark.slow
@pytest.mark.parametrize("by", first_at_once([signal.SIGINT, signal.SIGTERM, signal.SIGHUP]))
def test_a_run_that_is_ended_leaves_the_stock_of_somebody_else_at_zero(
    by: signal.Signals, tmp_path: Path
) -> None:
    words = ("load", "delta", *SMALL, "--duration", "60", "--max-rate", "60", "--yes", *FOREIGN)
    with server(of_someone_else) as (url, simulator):
        with subprocess.Popen(
            program(*words, "--url", url, "--report-dir", str(tmp_path)),
            stderr=subprocess.PIPE,
            text=True,
            env=environment(),
        ) as process:
            assert process.stderr is not None
            while "deltas/s" not in process.stderr.readline():
                assert process.poll() is None
            started = below(process.pid)
            process.send_signal(by)
            _, said = process.communicate(timeout=SECONDS)
        left = stock(simulator)

    assert process.returncode == 128 + by
    assert gone(started)
    assert "were counted down to 0" in said
    assert left
    assert set(left.values()) == {0}


@pytest.mark.parametrize(
    ("by", "code"),
    first_at_once([(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGHUP, 129)]),
)
@pytest.mark.parametrize("workers", ["0", pytest.param("2", marks=pytest.mark.slow)])
def test_an_interrupted_run_ends_soon_and_leaves_no_process(
    by: signal.Signals, code: int, workers: str, tmp_path: Path
) -> None:
    words = ("load", "delta", *SMALL, "--duration", "60", "--workers", workers)
    with subprocess.Popen(
        program(*words, "--report-dir", str(tmp_path)),
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    ) as process:
        assert process.stderr is not None
        while "deltas/s" not in process.stderr.readline():
            assert process.poll() is None
        started = below(process.pid)
        process.send_signal(by)
        process.communicate(timeout=SECONDS)

    assert process.returncode == code
    assert len(started) >= 2 + int(workers)
    assert gone(started)


@pytest.mark.slow
def test_a_run_whose_command_is_killed_ends_by_itself_with_its_simulator(tmp_path: Path) -> None:
    words = ("load", "delta", *SMALL, "--duration", "60", "--report-dir", str(tmp_path))
    with subprocess.Popen(
        program(*words), stderr=subprocess.PIPE, text=True, env=environment()
    ) as process:
        assert process.stderr is not None
        while "deltas/s" not in process.stderr.readline():
            assert process.poll() is None
        started = below(process.pid)
        process.kill()
        process.communicate(timeout=SECONDS)

    assert len(started) >= 2
    assert gone(started)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("by", "verdict"),
    first_at_once(
        [
            (signal.SIGHUP, Verdict.HUNG_UP),
            (signal.SIGINT, Verdict.INTERRUPTED),
            (signal.SIGTERM, Verdict.TERMINATED),
        ]
    ),
    ids=["Ctrl-C", "kill", "closed terminal"],
)
def test_an_interrupted_run_reports_what_was_done_so_far(
    by: signal.Signals, verdict: Verdict, tmp_path: Path
) -> None:
    words = ("load", "delta", *SMALL, "--duration", "60", "--report-dir", str(tmp_path))
    with subprocess.Popen(
        program(*words),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    ) as process:
        assert process.stderr is not None
        while "deltas/s" not in process.stderr.readline():
            assert process.poll() is None
        process.send_signal(by)
        printed, _ = process.communicate(timeout=SECONDS)
    result = result_of(tmp_path)

    assert process.returncode == 128 + by == verdict.exit_code
    assert result.verdict is verdict
    assert json.loads((tmp_path / "result.json").read_bytes())["exit_code"] == 128 + by
    assert result.totals.deltas_accepted > 0
    word = verdict.value.capitalize()
    assert printed.splitlines()[-1].startswith(f"{word}: the run ended after ")
    assert f"{word}: " in (tmp_path / "report.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_server_that_dies_during_the_load_ends_it_with_the_figures_so_far(tmp_path: Path) -> None:
    with subprocess.Popen(
        program("serve", "--port", "0", "--seed-data", "none"),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(),
    ) as serving:
        assert serving.stdout is not None
        url = str(json.loads(serving.stdout.readline())["url"])
        words = ("load", "delta", *SMALL, "--duration", "3", "--report-dir", str(tmp_path))
        with subprocess.Popen(
            program(*words, "--url", url),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(),
        ) as process:
            assert process.stderr is not None
            while "deltas/s" not in process.stderr.readline():
                assert process.poll() is None
            serving.kill()
            printed, said = process.communicate(timeout=SECONDS)
    result = result_of(tmp_path)

    assert process.returncode == 2
    assert "Traceback" not in printed + said
    assert result.verdict is Verdict.UNDECIDED
    assert result.totals.deltas_accepted > 0
    last = printed.splitlines()[-1]
    assert last.startswith("Could not be found out: the audit could not read the stock back")


@pytest.mark.slow
def test_a_run_that_takes_too_long_is_broken_off(tmp_path: Path) -> None:
    def stalling(app: WSGIApplication) -> WSGIApplication:
        """A server that accepts deltas, and shows none of them."""

        def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
            if environ["PATH_INFO"] == "/graphql":
                environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
                start("200 OK", [("Content-Type", "application/json")])
                return [b'{"data":{"inventoryQuantities":{"edges":[]}}}']
            return app(environ, start)

        return answer

    with server(stalling) as (url, _):
        run = load("delta", "--url", url, "--duration", "4", "--grace", "1", folder=tmp_path)

    assert run.returncode == 2
    assert "was not over 1 s after its duration" in run.stdout + run.stderr
    assert "Traceback" not in run.stdout + run.stderr


def test_a_reply_of_absurd_length_is_told_in_a_sentence(tmp_path: Path) -> None:
    def boasting(_app: WSGIApplication) -> WSGIApplication:
        def answer(_environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
            start("200 OK", [("Content-Length", str(10**15))])
            return [b"{}"]

        return answer

    with server(boasting) as (url, _):
        run = load("delta", "--url", url, "--duration", "1", folder=tmp_path)

    assert run.returncode == 2
    assert "its answer is longer than 64 MiB" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.slow
def test_a_run_in_which_a_quarter_of_the_requests_failed_is_missed(tmp_path: Path) -> None:
    def refusing(app: WSGIApplication) -> WSGIApplication:
        numbers = itertools.count()

        def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
            if environ["PATH_INFO"] == "/api/v4.1/event/async" and next(numbers) % 4 == 0:
                environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
                start("503 SERVICE UNAVAILABLE", [("Content-Type", "text/plain")])
                return [b"later"]
            return app(environ, start)

        return answer

    with server(refusing) as (url, _):
        given = ("--url", url, "--duration", "2")
        strict = load("delta", *given, folder=tmp_path / "strict")
        lax = load("delta", *given, "--objective", "errors<60%", folder=tmp_path / "lax")

    assert strict.returncode == 1, strict.stderr
    assert "errors<=1% (default)  found " in strict.stdout
    assert lax.returncode == 0, lax.stdout + lax.stderr


@pytest.mark.slow
def test_a_netrc_does_not_replace_the_token(tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password else\n")
    netrc.chmod(0o600)
    seen: set[str] = set()

    def noting(app: WSGIApplication) -> WSGIApplication:
        def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
            seen.add(environ.get("HTTP_AUTHORIZATION", "none").split()[0])
            return app(environ, start)

        return answer

    with server(noting) as (url, _):
        run = load(
            *("mixed", "--url", url, "--duration", "1"),
            folder=tmp_path / "r",
            NETRC=str(netrc),
            HOME=str(tmp_path),
        )

    assert run.returncode == 0, run.stdout + run.stderr
    assert seen <= {"none", "Bearer"}


def gone(processes: list[psutil.Process]) -> bool:
    """Whether all of them have ended, as soon as a busy machine comes to it."""
    deadline = time.monotonic() + 120
    while any(each.is_running() and each.status() != "zombie" for each in processes):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
