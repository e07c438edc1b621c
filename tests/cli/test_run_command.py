"""`fluent-sim run`: a command gets a simulator of its own, and nothing is left of either."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest

from ..support import first_at_once
from .helpers.command_line import ENVIRON, FLUENT_SIM, SECONDS, fluent_sim

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals and process groups")

CONNECTOR = """
import os, sys
from fluent_oms_simulator.client.builders import delta, record
from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.client.target_server import Target

api = Api(Target(
    os.environ["FLUENT_BASE_URL"],
    account=os.environ["FLUENT_ACCOUNT"],
    retailer_id=os.environ["FLUENT_RETAILER_ID"],
    client_id=os.environ["FLUENT_CLIENT_ID"],
    client_secret=os.environ["FLUENT_CLIENT_SECRET"],
    username=os.environ["FLUENT_USERNAME"],
    password=os.environ["FLUENT_PASSWORD"],
    pause=1.0,
))
"""
LOADS = CONNECTOR + 'api.load([record("P1", "L1", 500)]);'
SELLS = LOADS + 'api.deltas(delta("P1", "L1", -3, "4f1c7a9e-sale-1"));'
SELLS_TWICE = SELLS + 'api.deltas(delta("P1", "L1", -4, "4f1c7a9e-sale-1"));'
SELLS_ANEW = (
    LOADS
    + """
from fluent_oms_simulator.client.client_errors import UnreachableError
for name in ("first", "second"):
    try:
        api.send_event(api.event("INVENTORY_DELTA", {"deltas": [delta("P1", "L1", -3, name)]}))
        break
    except UnreachableError:
        continue
"""
)
FORGETS_A_SALE = (
    SELLS
    + """
sale = api.event("INVENTORY_DELTA", {"deltas": [delta("P1", "L1", -4, "4f1c7a9e-sale-2")]})
assert api.call("POST", "/api/v4.1/event/async", json=sale, token="expired").status == 401
"""
)
LOST_REPLY = [
    {"kind": "reset", "point": "after_commit", "match": {"operation": "sendEvent", "nth": 1}}
]
WHAT_IT_IS_TOLD = (
    "import json, os; print(json.dumps("
    "{name: text for name, text in os.environ.items() if 'FLUENT' in name or 'OMS' in name}))"
)


def run(*options: str, code: str, **how: Any) -> subprocess.CompletedProcess[str]:
    """Run a connector that is a program in Python."""
    return fluent_sim("run", *options, "--", sys.executable, "-c", code, **how)


def told(*options: str, **how: Any) -> dict[str, str]:
    """What a command finds in its environment."""
    done = run(*options, code=WHAT_IT_IS_TOLD, **how)
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = json.loads(done.stdout)
    return found


def runs(pid: int) -> bool:
    """Whether a process does anything; one that has ended may still be listed."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def nobody_listens(url: str) -> bool:
    where = urlsplit(url)
    with socket.socket() as client:
        return client.connect_ex((where.hostname or "", where.port or 0)) != 0


# -- what the command is given, and what comes of it -----------------------------------------------


@pytest.mark.parametrize("code", first_at_once([3, 0, 255]))
def test_the_command_has_a_simulator_while_it_runs_and_its_exit_code_is_the_end(code: int) -> None:
    asks = (
        "import os; from urllib.request import urlopen; url = os.environ['FLUENT_BASE_URL'];"
        f"print(url, urlopen(url + '/__admin/ready').status); raise SystemExit({code})"
    )

    done = run(code=asks)

    url, status = done.stdout.split()
    assert (done.returncode, status, done.stderr) == (code, "200", "")
    assert nobody_listens(url)


def test_the_command_is_told_where_fluent_is_and_as_whom_to_sign_in() -> None:
    found = told(env={**ENVIRON, "FLUENT_BASE_URL": "https://the.real.one", "OMS": "as it was"})

    assert found.pop("FLUENT_BASE_URL").startswith("http://127.0.0.1:")
    assert found.pop("FLUENT_CONNECTOR_RUN")
    assert found == {
        "FLUENT_ACCOUNT": "FCTRAIN1001",
        "FLUENT_RETAILER_ID": "1",
        "FLUENT_CLIENT_ID": "fluent-sim",
        "FLUENT_CLIENT_SECRET": "fluent-sim-secret",
        "FLUENT_USERNAME": "sim",
        "FLUENT_PASSWORD": "sim-password",
        "OMS": "as it was",
    }


def test_a_file_gives_the_variables_other_names_beside_their_own(tmp_path: Path) -> None:
    names = tmp_path / "oms.env"
    names.write_text("OMS_TOKEN_URL=${FLUENT_BASE_URL}/oauth/token\nOMS_USER=$FLUENT_USERNAME\n")

    found = told("--env-file", str(names), env={**ENVIRON, "OMS_USER": "somebody else"})

    assert found["OMS_TOKEN_URL"] == f"{found['FLUENT_BASE_URL']}/oauth/token"
    assert found["OMS_USER"] == found["FLUENT_USERNAME"] == "sim"


@pytest.mark.slow
def test_what_it_is_told_lets_it_in_wherever_that_was_set(tmp_path: Path) -> None:
    (tmp_path / "sim.toml").write_text('account = "ACME"\nretailer = ["34", "35"]\n')
    environment = {**ENVIRON, "FLUENT_SIM_USERNAME": "me", "FLUENT_SIM_PORT": "1"}
    own = ("--config", "sim.toml", "--client-secret=-own $ecret", "--password", "it's 100% & ok")

    done = run(*own, "--verify", "exactly-once", code=SELLS, cwd=tmp_path, env=environment)
    found = told(*own, "--admin-token", "a-token", cwd=tmp_path, env=environment)

    assert done.returncode == 0, done.stderr
    assert (found["FLUENT_ACCOUNT"], found["FLUENT_RETAILER_ID"]) == ("ACME", "34")
    assert (found["FLUENT_USERNAME"], found["FLUENT_PASSWORD"]) == ("me", "it's 100% & ok")
    assert found["FLUENT_SIM_ADMIN_TOKEN"] == "a-token"


@pytest.mark.slow
def test_it_starts_empty_unless_it_is_told_what_to_start_with(tmp_path: Path) -> None:
    asks = CONNECTOR + 'print(api.on_hand("P1", "L1"), api.on_hand("D45", "LOC_MEL"))'
    (tmp_path / "stock.csv").write_text("productRef,locationRef,onHand\nP1,L1,7\n")

    assert run(code=asks).stdout == "None None\n"
    assert run("--seed-data", "stock.csv", code=asks, cwd=tmp_path).stdout == "7 None\n"
    demo = {**ENVIRON, "FLUENT_SIM_SEED_DATA": "demo"}
    assert run(code=asks, env=demo).stdout == "None 100\n"


@pytest.mark.slow
def test_nothing_in_the_folder_is_taken_for_a_module_of_the_simulator(tmp_path: Path) -> None:
    for name in ("flask", "json", "schemas", "simulator", "granian"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('a stranger')\n")

    installed = [sys.executable, "-P", "-m", "fluent_oms_simulator"]  # as the command is
    done = subprocess.run(
        [*installed, "run", "--", "echo", "done"],
        capture_output=True,
        cwd=tmp_path,
        env=ENVIRON,
        timeout=SECONDS,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, b"done\n", b"")


@pytest.mark.slow
def test_what_is_piped_in_is_for_the_command() -> None:
    done = fluent_sim("run", "--", "cat", stdin=None, input="deltas to send\n")

    assert (done.returncode, done.stdout) == (0, "deltas to send\n")


def test_what_stands_behind_the_command_is_its_own() -> None:
    done = fluent_sim("run", "--timeout", "60s", "--", "echo", "--verify", "-h", "--", "x")

    assert (done.returncode, done.stdout) == (0, "--verify -h -- x\n")


def test_faults_strike_from_the_first_call_on(tmp_path: Path) -> None:
    rule = {"point": "after_commit", "kind": "reset", "match": {"operation": "sendEvent"}}
    (tmp_path / "faults.json").write_text(json.dumps([rule]))

    done = run("--faults", "faults.json", code=SELLS, cwd=tmp_path)

    assert done.returncode == 1
    assert "UnreachableError" in done.stderr


# -- how a command ends that does not end well -----------------------------------------------------


@pytest.mark.parametrize(
    ("words", "code", "said"),
    first_at_once(
        [
            (
                ["no-such-command-at-all"],
                127,
                "'no-such-command-at-all' cannot be started: No such",
            ),
            (["/"], 126, "'/' cannot be started: Permission denied."),
            (["sh", "-c", "kill -9 $$"], 128 + 9, ""),
            (["sh", "-c", "kill -15 $$"], 128 + 15, ""),
        ]
    ),
)
def test_the_exit_code_is_what_a_shell_would_tell(words: list[str], code: int, said: str) -> None:
    done = fluent_sim("run", "--verify", "exactly-once", "--", *words)

    assert done.returncode == code
    assert said in done.stderr
    assert not said or len(done.stderr.splitlines()) == 1


HANGS = (
    "import os, time; print(os.environ['FLUENT_BASE_URL'], os.getpid(), flush=True);time.sleep(600)"
)
DEFIANT = "import signal; [signal.signal(n, signal.SIG_IGN) for n in (1, 2, 15)]; "


@pytest.mark.slow
@pytest.mark.parametrize(
    "defiance", first_at_once(["trap '' TERM INT HUP;", ""]), ids=["ignores SIGTERM", ""]
)
def test_one_that_hangs_is_ended_when_its_time_is_over(defiance: str) -> None:
    hangs = defiance + "echo $FLUENT_BASE_URL $$; while true; do sleep 600; done"

    done = fluent_sim("run", "--timeout", "3s", "--", "sh", "-c", hangs)

    url, pid = done.stdout.split()
    assert done.returncode == 124
    assert done.stderr == "fluent-sim run: the command went on after 3 s, and was ended.\n"
    assert not runs(int(pid))
    assert nobody_listens(url)


def test_one_that_forks_leaves_nobody_behind_and_that_is_told() -> None:
    forks = (
        "import os, subprocess, sys\n"
        "sleeps = [sys.executable, '-c', 'import time; time.sleep(600)']\n"
        "print(subprocess.Popen(sleeps, start_new_session=True, stdout=2).pid)"
    )

    done = run(code=forks)

    assert (done.returncode, runs(int(done.stdout))) == (0, False)
    assert done.stderr == "fluent-sim run: the command left a process running, which was ended.\n"


@pytest.mark.slow
def test_one_that_prints_megabytes_is_passed_through_whole() -> None:
    done = run(code="import sys; sys.stdout.write('x' * 20_000_000); sys.stderr.write('y' * 9_999)")

    assert (done.returncode, len(done.stdout), len(done.stderr)) == (0, 20_000_000, 9_999)


def interrupted(
    code: str, *steps: signal.Signals | float
) -> tuple[str, int, list[psutil.Process], subprocess.Popen[str], str]:
    """Run a connector that tells where it is, and send signals, with pauses, when it has.

    Its URL and process, all processes of the run, the run itself, what that has said.
    """
    with subprocess.Popen(
        [*FLUENT_SIM, "run", "--verify", "conformant", "--", sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=ENVIRON,
    ) as process:
        assert process.stdout is not None
        url, pid = process.stdout.readline().split()
        children = psutil.Process(process.pid).children(recursive=True)
        try:
            for step in steps:
                if isinstance(step, signal.Signals):
                    process.send_signal(step)
                else:
                    time.sleep(step)
            said = process.communicate(timeout=SECONDS)[1]
        except subprocess.TimeoutExpired:  # somebody was left behind, and holds its output
            for child in children:
                if child.is_running():
                    child.kill()
            raise
    return url, int(pid), children, process, said


def wait_until_all_have_ended(processes: list[psutil.Process]) -> None:
    deadline = time.monotonic() + SECONDS
    while any(runs(each.pid) for each in processes):
        assert time.monotonic() < deadline, processes
        time.sleep(0.01)


@pytest.mark.parametrize("number", first_at_once([signal.SIGINT, signal.SIGTERM, signal.SIGHUP]))
@pytest.mark.parametrize(
    "defiance", ["", pytest.param(DEFIANT, marks=pytest.mark.slow)], ids=["", "ignores signals"]
)
def test_a_signal_ends_everything(number: signal.Signals, defiance: str) -> None:
    url, pid, children, process, said = interrupted(defiance + HANGS, number)

    assert process.returncode == 128 + number
    assert len(said.split("\n")) == 3, said  # the cursor leaves the line that it is on first
    assert pid in {child.pid for child in children}
    wait_until_all_have_ended(children)
    assert nobody_listens(url)


def test_nothing_is_left_of_a_run_that_is_killed() -> None:
    url, _, children, process, _ = interrupted(DEFIANT + HANGS, signal.SIGKILL)

    assert process.returncode == -signal.SIGKILL
    wait_until_all_have_ended(children)
    assert nobody_listens(url)


@pytest.mark.slow
@pytest.mark.parametrize("pause", first_at_once([0.3, 0.0]))
def test_a_second_signal_leaves_nobody_behind_either(pause: float) -> None:
    _, _, children, process, _ = interrupted(DEFIANT + HANGS, signal.SIGINT, pause, signal.SIGINT)

    assert process.returncode == 130
    wait_until_all_have_ended(children)


# -- what it is held against -----------------------------------------------------------------------


def test_a_run_that_did_all_well_passes_every_check(tmp_path: Path) -> None:
    (tmp_path / "stock.csv").write_text("productRef,locationRef,onHand\nP1,L1,497\n")

    done = run(
        *("--verify", "exactly-once,conformant", "--verify", "reconciled", "--expect", "stock.csv"),
        code=SELLS,
        cwd=tmp_path,
    )

    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "1 delta was applied exactly once" in done.stderr
    assert "nothing found: passed" in done.stderr
    assert done.stderr.count("passed\n") == 3


def test_a_delta_id_with_two_bodies_makes_the_exit_code_1() -> None:
    done = run("--verify", "exactly-once", code=SELLS_TWICE)

    assert done.returncode == 1
    assert "4f1c7a9e-sale-1" in done.stderr


def test_a_change_that_was_sent_again_under_a_new_delta_id_makes_the_exit_code_1(
    tmp_path: Path,
) -> None:
    (tmp_path / "lost.json").write_text(json.dumps({"rules": LOST_REPLY}))

    done = run("--faults", "lost.json", "--verify", "exactly-once", code=SELLS_ANEW, cwd=tmp_path)

    assert done.returncode == 1, done.stderr
    assert "sends again, under new deltaIds, what may have been applied" in done.stderr


def test_a_change_that_was_refused_and_never_sent_again_makes_the_exit_code_1() -> None:
    done = run("--verify", "exactly-once", code=FORGETS_A_SALE)

    assert done.returncode == 1, done.stderr
    assert "1 of 2 deltas was not applied exactly once" in done.stderr
    assert "not sent again with a token in force" in done.stderr


@pytest.mark.slow
def test_an_event_of_another_kind_that_was_refused_and_never_sent_again_makes_the_exit_code_1() -> (
    None
):
    done = run("--verify", "exactly-once", code=FORGETS_A_SALE.replace("INVENTORY_DELTA", "OTHER"))

    assert done.returncode == 1, done.stderr
    assert "no event came after it: what it was to bring is lost" in done.stderr


@pytest.mark.slow
def test_without_rules_the_ledger_alone_tells_what_was_applied_once() -> None:
    done = run("--conformance", "off", "--verify", "exactly-once", code=SELLS)

    assert done.returncode == 0, done.stderr
    assert "does not hold its traffic against the rules" in done.stderr


@pytest.mark.slow
def test_what_breaks_a_rule_makes_the_exit_code_1() -> None:
    done = run("--verify", "conformant", code=SELLS_TWICE)

    assert done.returncode == 1
    assert "FOMS-S004" in done.stderr


def test_stock_that_is_not_what_was_expected_makes_the_exit_code_1(tmp_path: Path) -> None:
    (tmp_path / "stock.csv").write_text("productRef,locationRef,onHand\nP1,L1,500\n")

    done = run("--verify", "reconciled", "--expect", "stock.csv", code=SELLS, cwd=tmp_path)

    assert done.returncode == 1
    assert "stock.csv:2" in done.stderr
    assert "497 of P1 at L1" in done.stderr


@pytest.mark.slow
def test_what_is_expected_may_be_written_by_the_command(tmp_path: Path) -> None:
    writes = SELLS + (
        "open('sent.csv', 'w').write("
        "'deltaId,productRef,locationRef,qty\\n4f1c7a9e-sale-1,P1,L1,-3\\n')"
    )

    done = run("--verify", "reconciled", "--expect", "sent.csv", code=writes, cwd=tmp_path)

    assert (done.returncode, "passed" in done.stderr) == (0, True), done.stderr


@pytest.mark.slow
def test_what_is_still_in_line_is_applied_before_it_is_looked_at(tmp_path: Path) -> None:
    (tmp_path / "stock.csv").write_text("productRef,locationRef,onHand\nP1,L1,5\n")
    sends = CONNECTOR + 'api.send_batch(api.open_job(), [record("P1", "L1", 5)])'

    done = run(
        *("--settling", "manual", "--verify", "reconciled", "--expect", "stock.csv"),
        code=sends,
        cwd=tmp_path,
    )

    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_the_exit_code_of_a_command_that_failed_stays_and_the_checks_are_told_too() -> None:
    done = run("--verify", "exactly-once", code=SELLS_TWICE + "sys.exit(7)")

    assert done.returncode == 7
    assert "4f1c7a9e-sale-1" in done.stderr


@pytest.mark.parametrize("code", first_at_once(["pass", "raise SystemExit(7)"]))
def test_expectations_that_are_not_there_are_told(code: str, tmp_path: Path) -> None:
    done = run("--verify", "reconciled", "--expect", "none.csv", code=code, cwd=tmp_path)

    assert done.returncode == (2 if code == "pass" else 7)
    assert done.stderr == "fluent-sim run: none.csv: No such file or directory\n"


@pytest.mark.slow
def test_a_check_that_cannot_be_made_keeps_no_other_from_being_made(tmp_path: Path) -> None:
    options = ("--verify", "reconciled,exactly-once", "--expect", "none.csv")

    done = run(*options, code=SELLS_TWICE, cwd=tmp_path)

    assert done.returncode == 1
    assert "none.csv: No such file or directory" in done.stderr
    assert "4f1c7a9e-sale-1" in done.stderr


@pytest.mark.slow
def test_traffic_that_never_came_is_no_traffic_that_conforms() -> None:
    done = run("--verify", "conformant", code="pass")

    assert done.returncode == 2, done.stderr


@pytest.mark.slow
def test_the_reports_are_written_as_files_too(tmp_path: Path) -> None:
    options = ("--verify", "exactly-once,conformant", "--report-dir", "reports")

    done = run(*options, code=SELLS, cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    for name in ("exactly-once", "conformant"):
        assert "<testsuite" in (tmp_path / "reports" / name / "report.xml").read_text()
    again = run(*options, code=SELLS, cwd=tmp_path)
    assert (again.returncode, "--overwrite" in again.stderr) == (2, True)
    assert run(*options, "--overwrite", code=SELLS, cwd=tmp_path).returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize("code", [0, 7])
def test_a_simulator_that_did_not_live_as_long_as_the_command_is_told(code: int) -> None:
    kills = (
        "import contextlib, os, psutil, socket, time\n"
        "from urllib.parse import urlsplit\n"
        "for each in psutil.Process(os.getppid()).children(recursive=True):\n"
        "    if each.pid != os.getpid():\n"
        "        with contextlib.suppress(psutil.NoSuchProcess):  # one that ended with another\n"
        "            each.kill()\n"
        "where = urlsplit(os.environ['FLUENT_BASE_URL'])\n"
        "while socket.socket().connect_ex((where.hostname, where.port)) == 0: time.sleep(0.01)\n"
        f"raise SystemExit({code})"
    )

    done = run(code=kills)

    assert done.returncode == (code or 2)
    assert done.stderr.startswith("fluent-sim run: the simulator at http://127.0.0.1:")
    assert done.stderr.endswith(" has ended before the command did.\n")


# -- what is refused -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "said"),
    first_at_once(
        [
            (["--seed-data", "none.csv"], "the simulator did not start: fluent-sim serve: "),
            (["--verify", "exactly_once"], "did you mean exactly-once?"),
            (["--verify", "reconciled"], "--verify reconciled and --expect FILE go together"),
            (["--report-dir", "r"], "--report-dir is for the reports of --verify"),
            (["--overwrite"], "--overwrite is for the reports of --verify"),
            (["--expect", "x.csv"], "--verify reconciled and --expect FILE go together"),
            (
                ["--verify", "conformant", "--conformance", "off"],
                "cannot be with --conformance off",
            ),
            (["--timeout", "soon"], "expected such as 30s, 5m or 1h"),
            (["--env-file", "none.env"], "none.env: No such file or directory"),
            (["--profile", "lax"], "--profile: found 'lax'"),
            (["--faults", "none.json"], "the simulator did not start: fluent-sim serve: "),
            (["--config", "none.toml"], "none.toml: No such file or directory"),
        ]
    ),
)
def test_what_cannot_be_run_so_is_refused_before_the_command(
    options: list[str], said: str, tmp_path: Path
) -> None:
    done = fluent_sim("run", *options, "--", "touch", "it-ran", cwd=tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert not (tmp_path / "it-ran").exists()


def test_a_run_of_nothing_is_refused() -> None:
    done = fluent_sim("run")

    assert done.returncode == 2
    assert "COMMAND" in done.stderr
