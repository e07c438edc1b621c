"""`fluent-sim contract`: what it finds, what it writes, and how it ends."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from fluent_oms_simulator.cli import main

from ..support import first_at_once
from .helpers.contract_servers import (
    CREDENTIALS,
    command,
    environment,
    forgetting_batches,
    of_someone_else,
    quantities_in_use,
    refusing_with_403,
    run_contract,
    server,
    stock,
)

SIGN_IN = ("--select", "a sign in needs all its parts")
LINKS = ("--select", "each link of the description")
LOADS = ("--select", "stateful", "--max-examples", "3")


@pytest.mark.slow
def test_a_simulator_in_this_process_honours_the_contract() -> None:
    ended = run_contract("--select", "security", "--select", "stateful", "--max-examples", "3")

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "security: " in ended.stdout
    assert "stateful: 2 passed" in ended.stdout
    assert "observed security: an event of another account" in ended.stdout
    assert "seed " in ended.stdout


def test_a_broken_contract_is_told_with_what_was_sent_and_can_be_replayed(tmp_path: Path) -> None:
    with server(refusing_with_403) as (url, _):
        ended = run_contract(
            *("--url", url, "--report-dir", "out", "--seed", "7"),
            *("--select", "nobody is let in without a token [findEvents]"),
            cwd=tmp_path,
        )
        files = list((tmp_path / "out" / "failures").glob("*.json"))
        assert len(files) == 1
        again = run_contract("--url", url, "replay", str(files[0]))

    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert "no header: answered 403, expected 401" in ended.stdout
    assert "sent  GET /api/v4.1/event" in ended.stdout
    assert f"fluent-sim contract replay out/failures/{files[0].name}" in ended.stdout
    assert again.returncode == 1
    assert "it fails again" in again.stdout
    recorded = json.loads(files[0].read_text(encoding="utf-8"))
    assert recorded["seed"] == 7
    mended = run_contract("replay", str(files[0]))
    assert mended.returncode == 0
    assert "recorded 403" in mended.stdout
    assert "now      401" in mended.stdout
    assert "expected 401" in mended.stdout


@pytest.mark.slow
def test_an_id_that_is_handed_out_has_to_be_known(tmp_path: Path) -> None:
    with server(forgetting_batches) as (url, _):
        ended = run_contract("--url", url, *LINKS, "--report-dir", str(tmp_path))
        files = list((tmp_path / "failures").glob("*.json"))
        again = run_contract("--url", url, "replay", str(files[0]))

    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert "answered 404 for an id that the server has handed out" in ended.stdout
    assert again.returncode == 1, again.stdout
    mended = run_contract("replay", str(files[0]))
    assert mended.returncode == 0, mended.stdout


def test_no_secret_gets_into_a_report_or_a_file(tmp_path: Path) -> None:
    with server(forgetting_batches) as (url, simulator):
        ended = run_contract("--url", url, *LINKS, "--report-dir", str(tmp_path))
        written = "".join(path.read_text("utf-8") for path in (tmp_path / "failures").iterdir())
        secrets = (simulator.settings.password, simulator.settings.client_secret, "access_token")

    assert [each for each in secrets if each in written + ended.stdout + ended.stderr] == []
    assert "Bearer" not in written


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    first_at_once(
        [
            (("--url", "http://127.0.0.1:9"), "nothing listens there"),
            (("--url", "127.0.0.1"), "expected such as http://127.0.0.1:4141"),
            (("--select", "no such contract"), "no contract is called 'no such contract'"),
            (("--url", "http://127.0.0.1:9", "--select", "nonsense"), "no contract is called"),
            (("--url", "http://127.0.0.1:9", "--behaviour", "a=b"), "leave out --url"),
            (("--url", "http://127.0.0.1:9", "--prefix", "A:B"), "no blank or colon"),
            (("--behaviour", "delta.duplicate"), "expected NAME=VALUE"),
            (("--behaviour", "delta.duplicate=maybe"), "delta.duplicate"),
            (("replay", "nothing.json"), "nothing.json: No such file or directory"),
        ]
    ),
)
def test_what_cannot_run_is_a_sentence(arguments: tuple[str, ...], sentence: str) -> None:
    ended = run_contract(*arguments)

    assert ended.returncode == 2, ended.stdout + ended.stderr
    assert sentence in ended.stderr
    assert "Traceback" not in ended.stderr


def test_wrong_credentials_are_told() -> None:
    with server() as (url, _):
        ended = run_contract("--url", url, *SIGN_IN, FLUENT_CONTRACT_PASSWORD="wrong")

    assert ended.returncode == 2
    assert "does not let the user in" in ended.stderr
    assert "Bad credentials" in ended.stderr


def test_the_extra_is_named_where_it_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)

    ended = CliRunner().invoke(main, ["contract", "--yes"])

    assert ended.exit_code == 2
    assert "pip install 'fluent-oms-simulator[contracts]'" in ended.output


def test_someone_elses_server_is_not_written_to_unasked() -> None:
    with server(of_someone_else) as (url, simulator):
        ended = run_contract("--url", url, *CREDENTIALS, *LOADS, "--prefix", "MINE")
        found = stock(simulator)

    assert ended.returncode == 2
    assert f"{url} is not a simulator of ours" in ended.stderr
    assert "begin with MINE" in ended.stderr
    assert "at most 5 requests a second" in ended.stderr
    assert "--yes" in ended.stderr
    assert found == {}


@pytest.mark.slow
def test_someone_elses_server_is_not_called_without_credentials_of_its_own() -> None:
    with server(of_someone_else) as (url, _):
        ended = run_contract("--url", url, "--yes", "--account", "A")

    assert ended.returncode == 2
    assert "--retailer, --client-id, --client-secret, --username, --password" in ended.stderr


@pytest.mark.slow
def test_on_someone_elses_server_everything_is_named_after_the_run_and_ends_at_zero() -> None:
    with server(of_someone_else) as (url, simulator):
        ended = run_contract(
            *("--url", url, *CREDENTIALS, "--yes", "--max-rate", "1000", "--prefix", "MINE"),
            *("--select", "createBatch", "--select", "[POST /api/v4.1/job/{jobId}/batch]"),
            *("--select", "a load of another type", "--select", "1 picked, 4 rejected"),
            *("--max-examples", "5", "--seed", "3"),
        )
        found, in_use = stock(simulator), quantities_in_use(url)

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert len(found) > 5
    assert [ref for ref in found if not ref.startswith("MINE")] == []
    assert [ref for ref, on_hand in found.items() if on_hand] == []
    assert in_use == {}
    assert "Cleaned up: " in ended.stdout


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends Ctrl-C to the whole console")
def test_an_interrupted_run_cleans_up_too() -> None:
    with server(of_someone_else) as (url, simulator):
        arguments = ("--url", url, *CREDENTIALS, "--yes", "--max-rate", "100", "--prefix", "MINE")
        process = subprocess.Popen(
            command(*arguments, "--select", "semantic"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(),
        )
        try:
            deadline = time.monotonic() + 60
            while not any(stock(simulator).values()):
                assert time.monotonic() < deadline, "nothing was written"
                assert process.poll() is None, process.communicate()
                time.sleep(0.05)
            process.send_signal(signal.SIGINT)
            output, errors = process.communicate(timeout=60)
        finally:
            process.kill()
        found = stock(simulator)

    assert process.returncode == 130, output + errors
    assert "Interrupted" in output
    assert "Traceback" not in errors
    assert found
    assert [ref for ref, on_hand in found.items() if on_hand] == []


@pytest.mark.slow
def test_the_outcome_can_be_read_by_programs() -> None:
    as_json = run_contract(*SIGN_IN, "--format", "json")
    as_junit = run_contract(*SIGN_IN, "--format", "junit")

    assert as_json.returncode == as_junit.returncode == 0
    assert len(json.loads(as_json.stdout)["checks"]) == 4
    assert len(list(ElementTree.fromstring(as_junit.stdout).iter("testcase"))) == 4


def test_contracts_can_be_chosen_and_left_out() -> None:
    ended = run_contract(
        *SIGN_IN, "--ignore", "[username]", "--ignore", "[grant_type]", "--format", "json"
    )

    names = [check["name"] for check in json.loads(ended.stdout)["checks"]]
    assert names == [
        "security: a sign in needs all its parts [client_id]",
        "security: a sign in needs all its parts [client_secret]",
    ]


@pytest.mark.slow
def test_the_users_own_pytest_settings_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n", "utf-8")
    (tmp_path / "conftest.py").write_text("raise RuntimeError('not mine')\n", "utf-8")

    ended = run_contract(*SIGN_IN, cwd=tmp_path, PYTEST_ADDOPTS="--no-such-option")

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["conftest.py", "pytest.ini"]
