"""`fluent-sim explore`, as it is run in a shell: what it tells, writes and leaves behind."""

import ast
import json
import shlex
import signal
import subprocess
import time
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner
from fluent_oms_simulator.cli import main

from ..cli.helpers.command_line import ENVIRON, FLUENT_SIM, SECONDS, fluent_sim
from .helpers.explored import connector, processes_named

FINDING = "fluent-explore/failures/finding-1.json"


def explore(folder: Path, command: list[str], *args: str) -> "subprocess.CompletedProcess[str]":
    line = shlex.join(command)
    return fluent_sim("explore", "--command", line, *args, cwd=folder, env=dict(ENVIRON))


def test_a_finding_is_told_with_a_file_that_repeats_it_and_a_test_to_paste(tmp_path: Path) -> None:
    done = explore(tmp_path, connector("new-delta-id"), "--until", "first", "--depth", "1")

    assert done.returncode == 1, done.stderr
    told = [line.strip() for line in done.stdout.splitlines()]
    assert told[0].startswith("Undisturbed it sends 1 issueToken, 1 sendEvent, in ")
    assert told[2:5] == [
        "It doubles stock: sendEvent#1:lost-reply",
        "The 1st sendEvent is applied, and its reply is lost.",
        "D45 at LOC_MEL ends at 98, expected 99 (too many: SALE of -1).",
    ]
    assert f"Again: fluent-sim explore replay {FINDING}" in told
    assert "fluent_oms.assert_exactly_once()" in told
    assert told[-2:] == ["Ended early: --until first.", "1 found in 4 runs."]

    replay = ["explore", "replay", str(tmp_path / FINDING)]
    again = CliRunner().invoke(main, replay)
    assert again.exit_code == 1, again.stderr
    assert again.stdout.startswith("It doubles stock: sendEvent#1:lost-reply\n")

    mended = CliRunner().invoke(main, [*replay, "--command", shlex.join(connector("well"))])
    assert (mended.exit_code, mended.stdout) == (
        0,
        "It does not do that any more: sendEvent#1:lost-reply.\n",
    )

    test = CliRunner().invoke(main, [*replay, "--as-test"]).stdout
    [function] = [each for each in ast.parse(test).body if isinstance(each, ast.FunctionDef)]
    assert function.name == "test_lost_reply_at_sendevent_1_does_no_harm"
    assert (
        test
        == json.loads((tmp_path / "fluent-explore/report.json").read_text())["findings"][0][
            "pytest"
        ]
    )


@pytest.mark.slow
def test_a_connector_that_nothing_breaks_ends_with_0_and_writes_no_file(tmp_path: Path) -> None:
    done = explore(tmp_path, connector("well"), "--depth", "1", "--fault", "lost-reply")

    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith(
        "\nSchedules of 1 fault: 1 of 1 tried, 0 of them break it.\nNothing was found in 3 runs.\n"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_the_report_is_told_as_json(tmp_path: Path) -> None:
    done = explore(
        tmp_path,
        connector("well"),
        *("--depth", "1", "--fault", "lost-reply", "--format", "json", "--report-dir", "told"),
    )

    report = json.loads(done.stdout)
    assert report == json.loads((tmp_path / "told/report.json").read_text())
    assert report["isWhole"]
    assert report["undisturbed"]["requests"] == {"issueToken": 1, "sendEvent": 1}
    assert report["schedules"] == [
        {
            "faults": 1,
            "schedules": 1,
            "tried": 1,
            "convicted": 0,
            "notMet": 0,
            "knownToBreak": 0,
            "left": 0,
        }
    ]


@pytest.mark.parametrize(
    ("args", "why"),
    [
        ([], "it needs --command: how the connector is started."),
        (["--command", ""], "--command: expected the words of a command, found none."),
        (["--command", "'x"], '--command: "\'x" cannot be read: no closing quotation.'),
        (["--command", "no-such-thing"], "'no-such-thing' cannot be started: No such file"),
        pytest.param(
            ["--command", "true"],
            "without any fault the command sent nothing to the address",
            marks=pytest.mark.slow,
        ),
        pytest.param(
            ["--command", "sleep 600", "--within", "1s"],
            "without any fault the command had not ended after 1 s, and was ended",
            marks=pytest.mark.slow,
        ),
        (["--command", "true", "--seed-data", "no.json"], "the simulator does not start: "),
        (["--command", "true", "--expect", "no.csv"], "'no.csv': No such file"),
        (["--command", "true", "--state", "."], "is a directory"),
    ],
)
def test_what_cannot_be_explored_is_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: list[str], why: str
) -> None:
    monkeypatch.chdir(tmp_path)

    done = CliRunner().invoke(main, ["explore", *args])

    assert done.exit_code == 2
    assert why in done.stderr
    assert not done.stdout


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"\xff",
        b'{"format": "another"}',
        b'{"format": "fluent-sim explore finding, 1", "command": "x"}',
        b"[" * 100_000,
    ],
)
def test_a_file_that_is_no_finding_is_told_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "finding.json"
    file.write_bytes(content)

    done = CliRunner().invoke(main, ["explore", "replay", str(file)])

    assert done.exit_code == 2
    assert done.stderr.startswith(f"fluent-sim explore replay: {file}: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.slow
def test_one_that_neither_ends_nor_lets_itself_be_ended_leaves_nothing_behind(
    tmp_path: Path,
) -> None:
    mark = f"mark-{uuid4().hex}"
    command = [*connector("gives-up-hard"), mark]

    done = explore(tmp_path, command, "--depth", "1", "--fault", "lost-reply", "--within", "10s")

    assert done.returncode == 1, done.stderr
    assert "It never ends: sendEvent#1:lost-reply" in done.stdout
    assert "after 10 s it had not ended." in done.stdout
    assert len(done.stdout) < 10_000
    assert list(processes_named(mark)) == []


@pytest.mark.slow
def test_ctrl_c_ends_it_with_what_was_found_and_it_goes_on_from_there(tmp_path: Path) -> None:
    mark = f"mark-{uuid4().hex}"
    line = shlex.join([*connector("never-retries"), mark])
    args = ["explore", "--command", line, "--depth", "1", "--state", "tried", "--seed", "3"]
    with subprocess.Popen(
        [*FLUENT_SIM, *args],
        cwd=tmp_path,
        env=ENVIRON,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        first = process.stderr.readline()  # as soon as something was found
        process.send_signal(signal.SIGINT)
        told, _ = process.communicate(timeout=SECONDS)

    assert process.returncode == 130
    assert first == "It loses stock: issueToken#1:unavailable\n"
    assert "It loses stock: issueToken#1:unavailable" in told
    assert "Ended early: interrupted." in told
    assert list(processes_named(mark)) == []

    again = fluent_sim(*args, cwd=tmp_path)
    assert again.returncode == 1
    assert "3 schedules were tried before" in again.stderr
    assert "Ended early" not in again.stdout


BEGINS_FOR_EVER = """
import pathlib, sys, time
if "serve" in sys.orig_argv:
    pathlib.Path("{sign}").touch()
    time.sleep(600)
"""
"""What Python does first of all; the simulator gets no further."""


@pytest.mark.parametrize(
    ("number", "word"), [(signal.SIGINT, "interrupted"), (signal.SIGTERM, "terminated")]
)
def test_one_that_is_ended_before_its_first_run_says_so(
    tmp_path: Path, number: signal.Signals, word: str
) -> None:
    sign = tmp_path / "begun"
    (tmp_path / "sitecustomize.py").write_text(BEGINS_FOR_EVER.format(sign=sign))
    with subprocess.Popen(
        [*FLUENT_SIM, "explore", "--command", "true"],
        cwd=tmp_path,
        env={**ENVIRON, "PYTHONPATH": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        deadline = time.monotonic() + SECONDS
        while not sign.exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(number)
        told, errors = process.communicate(timeout=SECONDS)

    assert (process.returncode, told) == (128 + number, "")
    assert errors.strip() == f"fluent-sim explore: {word}."


@pytest.mark.slow
def test_what_was_found_is_told_also_where_no_file_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "fluent-explore").write_text("a file is in the way")

    done = explore(tmp_path, connector("new-delta-id"), "--until", "first", "--depth", "1")

    assert done.returncode == 1
    assert "It doubles stock: sendEvent#1:lost-reply" in done.stdout
    assert "replay" not in done.stdout
    assert "nothing can be written to the folder fluent-explore" in done.stderr


@pytest.mark.slow
def test_what_a_connector_is_told_may_have_other_names(tmp_path: Path) -> None:
    (tmp_path / "names").write_text("OMS=${FLUENT_BASE_URL}\n")
    line = ["sh", "-c", f'FLUENT_BASE_URL="$OMS" {shlex.join(connector("new-delta-id"))}']
    args = ("--until", "first", "--depth", "1", "--env-file", "names")

    done = explore(tmp_path, line, *args)

    assert done.returncode == 1, done.stderr
    again = CliRunner().invoke(main, ["explore", "replay", str(tmp_path / FINDING)])
    assert again.exit_code == 1, again.stderr


def test_faults_that_strike_nothing_of_what_it_sends_tell_nothing(tmp_path: Path) -> None:
    done = explore(tmp_path, connector("well"), "--fault", "batch-held")

    assert done.returncode == 2
    assert (
        "There was nothing to try: it sends nothing that these faults could strike." in done.stdout
    )
