"""`fluent-sim contract` as a command: how it is asked, and what it tells."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from fluent_oms_simulator.contracts.running.contract_names import Contract, unknown

from ..support import first_at_once
from .helpers.contract_servers import (
    CREDENTIALS,
    POSIX,
    SECONDS,
    SIGN_IN,
    command,
    environment,
    of_someone_else,
    refusing_with_403,
    run_contract,
    server,
)

# -- how it is asked -----------------------------------------------------------------------------


@pytest.mark.slow
def test_the_contracts_can_be_listed_by_the_names_that_are_printed() -> None:
    everything = run_contract("--list", "--select", "security")
    run = run_contract("--format", "json", *SIGN_IN)

    names = everything.stdout.splitlines()
    assert everything.returncode == 0
    assert {check["name"] for check in json.loads(run.stdout)["checks"]} < set(names)
    assert all(name.startswith("security: ") for name in names)


@pytest.mark.slow
def test_a_name_can_be_selected_as_it_is_printed_or_as_it_is_described() -> None:
    printed = run_contract("--list", "--select", "Security: a sign in NEEDS all its parts [")
    described = run_contract("--list", "--select", "Refused, or taken for this account's own")

    assert len(printed.stdout.splitlines()) == 4
    assert described.stdout == "security: an event of another account\n"


def test_a_name_that_there_is_not_is_told_with_the_nearest_one() -> None:
    contracts = [
        Contract("semantic: a count sets the stock", "semantic"),
        Contract("semantic: a delta moves the stock", "semantic"),
    ]

    (sentence,) = unknown("--select", ["a count sets stocks", "a delta"], contracts)
    assert "'a count sets stocks'; the nearest is 'semantic: a count sets the stock'" in sentence
    (sentence,) = unknown("--select", ["semantics"], contracts)
    assert "the nearest is 'semantic'" in sentence


@pytest.mark.parametrize("text", ["nosuchthing", "x", "the quick brown fox sets", "zebra"])
def test_a_name_that_is_like_none_is_told_without_a_nearest(text: str) -> None:
    contracts = [
        Contract("semantic: a count sets the stock", "semantic"),
        Contract("security: nobody is let in without a token", "security"),
    ]

    (sentence,) = unknown("--select", [text], contracts)
    assert sentence == (
        f"--select: no contract is called {text!r} (`fluent-sim contract --list` tells them all)"
    )


def test_all_that_is_wrong_with_the_options_is_told_before_a_server_is_asked(
    tmp_path: Path,
) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        listener.setblocking(False)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        ended = run_contract(
            *("--url", url, "--behaviour", "delta.duplicate=reject", "--prefix", "far too long a"),
            *("--report-dir", str(in_the_way / "r"), "--learn", str(in_the_way / "l.toml")),
        )
        with pytest.raises(BlockingIOError):
            listener.accept()

    assert ended.returncode == 2
    for option in ("--behaviour", "--prefix", "--report-dir", "--learn"):
        assert option in ended.stderr
    assert ended.stdout == ""


def test_settings_that_are_there_are_not_replaced_unasked(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("port = 8080\n")

    ended = run_contract("--learn", str(file), "--select", "observations")

    assert (ended.returncode, ended.stdout, file.read_text()) == (2, "", "port = 8080\n")
    assert f"fluent-sim contract: --learn: {file} is there already" in ended.stderr
    again = run_contract(
        *("--learn", str(file), "--overwrite", "--select", "whether a count may be negative")
    )
    assert again.returncode == 0, again.stderr
    assert "port" not in file.read_text()


@pytest.mark.parametrize(
    "more", first_at_once([["--format", "json"], ["--report-dir", "r"], ["--learn", "l"]])
)
def test_a_list_is_no_report(more: list[str]) -> None:
    ended = run_contract("--list", *more)

    assert (ended.returncode, ended.stdout) == (2, "")
    assert f"--list goes without {more[0]}" in ended.stderr


# -- how it gets on ------------------------------------------------------------------------------


@pytest.mark.slow
def test_progress_is_told_where_nobody_sits_at_a_terminal() -> None:
    ended = run_contract(*SIGN_IN)

    lines = ended.stderr.splitlines()
    assert lines[:2] == ["Reading the contracts", "Checking 4 contracts"]
    assert [line[:12] for line in lines if "/4 " in line] == [
        f"{n}/4 passed  " for n in range(1, 5)
    ]


@pytest.mark.slow
def test_the_reports_are_written_in_every_format_that_programs_read(tmp_path: Path) -> None:
    ended = run_contract(*SIGN_IN, "--report-dir", "reports", cwd=tmp_path)

    assert ended.returncode == 0, ended.stderr
    found = sorted(path.name for path in (tmp_path / "reports").iterdir())
    assert found == ["report.html", "report.json", "report.sarif", "report.xml", "summary.md"]
    assert json.loads((tmp_path / "reports/report.json").read_text())["outcome"] == "passed"


@pytest.mark.slow
def test_a_replay_reports_in_every_format_too(tmp_path: Path) -> None:
    with server(refusing_with_403) as (url, _):
        run_contract(
            *("--url", url, "--report-dir", str(tmp_path)),
            *("--select", "nobody is let in without a token [findEvents]"),
        )
        (file,) = (tmp_path / "failures").iterdir()
        again = run_contract(
            *("--url", url, "--format", "json", "--report-dir", str(tmp_path / "again")),
            *("replay", str(file)),
        )

    report = json.loads(again.stdout)
    assert (again.returncode, report["outcome"]) == (1, "failed")
    assert "recorded 403" in report["checks"][0]["details"]
    assert json.loads((tmp_path / "again/report.json").read_text()) == report


@POSIX
def test_reports_that_cannot_be_written_cost_nothing_of_what_was_found(tmp_path: Path) -> None:
    (tmp_path / "report.xml").mkdir()
    ended = run_contract(*SIGN_IN, "--report-dir", str(tmp_path))

    assert ended.returncode == 2, ended.stderr
    assert "fluent-sim contract: nothing can be written to the folder" in ended.stderr
    assert "security: 4 passed" in ended.stdout
    assert ended.stdout.splitlines()[-1] == "0 of 4 checks failed: incomplete"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
def test_a_report_that_standard_output_does_not_take_is_a_sentence() -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:
        ended = subprocess.run(
            command(*SIGN_IN),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(),
            timeout=SECONDS,
            check=False,
        )

    assert "0 of 4 checks failed: passed" in ended.stderr
    sentence = "standard output cannot be written: No space left on device"
    assert ended.stderr.splitlines()[-1] == f"fluent-sim contract: {sentence}"
    assert ended.returncode == 2


@POSIX
@pytest.mark.parametrize("closed", first_at_once([0, 1]), ids=["input", "output"])
def test_a_closed_stream_is_a_sentence_and_no_traceback(closed: int) -> None:
    with server(of_someone_else) as (url, _):
        ended = subprocess.run(
            command("--url", url, *CREDENTIALS, *SIGN_IN),
            capture_output=True,
            text=True,
            env=environment(),
            timeout=SECONDS,
            preexec_fn=lambda: os.close(closed),
            check=False,
        )

    assert ended.returncode == 2, ended.stderr
    assert ("nobody can be asked here", "standard output is closed")[closed] in ended.stderr
    assert "Traceback" not in ended.stderr
