"""A connector's command is bounded, whatever it does, and leaves nothing running."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fluent_oms_simulator.connector import command as commands
from fluent_oms_simulator.connector.command import (
    KEPT_OUTPUT,
    CannotStartError,
    CommandEnd,
    run_command,
)
from psutil import Process

from ..harness.helpers.ends import is_running, wait_until_gone
from ..support import first_at_once

DEFIANT = "import signal; [signal.signal(n, signal.SIG_IGN) for n in (1, 2, 15)]; "
FORK = """
import os, sys, time
if not os.fork():
    %s
    open(sys.argv[1], "w").write(str(os.getpid()))
    time.sleep(600)
while not os.path.exists(sys.argv[1]) or not os.path.getsize(sys.argv[1]):
    time.sleep(0.01)
"""


@pytest.fixture(autouse=True)
def little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "SECONDS_TO_END", 0.3)


def run(text: str, *more: object, within: float | None = 120) -> CommandEnd:
    started = [sys.executable, "-c", text, *map(str, more)]
    return run_command(started, dict(os.environ), within=within, keep_output=True)


def runs(pid: int) -> bool:
    """Whether a process does anything; one that has ended may still be listed."""
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] not in ("Z", "X")


@pytest.mark.parametrize("code", [0, 1, 3, 255])
def test_its_exit_code_is_told(code: int) -> None:
    ended = run(f"print('so it was'); raise SystemExit({code})")
    assert (ended.exit_code, ended.output, ended.left_running) == (code, b"so it was\n", 0)


def test_one_that_a_signal_ends_is_told_as_a_shell_tells_it() -> None:
    assert run("import os; os.kill(os.getpid(), 9)").exit_code == 128 + 9


def test_both_of_its_outputs_are_kept_in_order() -> None:
    text = "import os; os.write(1, b'one '); os.write(2, b'two '); os.write(1, b'three')"
    assert run(text).output == b"one two three"


@pytest.mark.parametrize("defiance", ["", DEFIANT])
def test_one_that_does_not_end_is_ended(defiance: str) -> None:
    ended = run(f"{defiance}import time; print('waits', flush=True); time.sleep(600)", within=1)
    assert ended.exit_code is None
    assert ended.left_running == 0


@pytest.mark.slow
def test_one_that_prints_without_end_is_ended_and_the_last_of_it_is_kept() -> None:
    ended = run("while True: print('x' * 1_000_000)", within=3)
    assert ended.exit_code is None
    assert len(ended.output) == KEPT_OUTPUT


def test_of_megabytes_the_last_are_kept() -> None:
    ended = run("print('x' * 5_000_000); print('the end')")
    assert ended.exit_code == 0
    assert len(ended.output) == KEPT_OUTPUT
    assert ended.output.endswith(b"x\nthe end\n")


def test_one_that_closes_its_output_is_waited_for() -> None:
    ended = run("import os, time; os.close(1); os.close(2); time.sleep(0.2); os._exit(4)")
    assert ended.exit_code == 4


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="processes cannot be listed")
@pytest.mark.parametrize("leaving", ["pass", "os.setsid()", f"os.setsid(); {DEFIANT}pass"])
def test_what_it_leaves_behind_is_ended_and_told(tmp_path: Path, leaving: str) -> None:
    ended = run(FORK % leaving, tmp_path / "pid")

    assert (ended.exit_code, ended.left_running) == (0, 1)
    assert not runs(int((tmp_path / "pid").read_text()))


DAEMON = """
import os, sys
if not os.fork():
    os.setsid()
    if not os.fork():
        os.closerange(0, 3)
        keeps = "import os, sys, time; print(os.getpid(), file=open(sys.argv[1], 'w'), flush=True)"
        keeps += "; time.sleep(600)"
        os.execve(sys.executable, [sys.executable, "-c", keeps, sys.argv[1]], {})
    os._exit(0)
os.wait()
while not os.path.exists(sys.argv[1]) or not os.path.getsize(sys.argv[1]):
    pass
"""


@pytest.mark.skipif(sys.platform != "linux", reason="nobody adopts there what is left behind")
def test_a_daemon_that_has_cleared_its_environment_is_ended_too(tmp_path: Path) -> None:
    ended = run(DAEMON, tmp_path / "pid")

    assert (ended.exit_code, ended.left_running) == (0, 1)
    assert not runs(int((tmp_path / "pid").read_text()))


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="processes cannot be listed")
def test_an_interrupt_ends_it_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> bool:
        while not (pid := tmp_path / "pid").exists() or not pid.read_text():
            pass
        raise KeyboardInterrupt

    monkeypatch.setattr(commands, "_await", interrupt)
    told = "import os, sys, time; open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(600)"
    with pytest.raises(KeyboardInterrupt):
        run(told, tmp_path / "pid")
    assert not runs(int((tmp_path / "pid").read_text()))


def test_what_cannot_be_started_is_told_in_a_sentence(tmp_path: Path) -> None:
    plain = tmp_path / "connector"
    plain.write_text("no program")
    for command, told, code in (
        ("no-such-program", "'no-such-program' cannot be started: No such file", 127),
        (str(plain), "cannot be started: Permission denied", 126),
        (str(tmp_path), "cannot be started: Permission denied", 126),
        ("a\0b", "cannot be started: embedded null byte", 126),
    ):
        with pytest.raises(CannotStartError) as raised:
            run_command([command], {})
        assert told in str(raised.value)
        assert raised.value.exit_code == code


# -- whoever runs it is killed ---------------------------------------------------------------------

RUNS_IT = """
import os, sys
from fluent_oms_simulator.connector.command import run_command
run_command([sys.executable, "-c", sys.argv[1], *sys.argv[2:]], dict(os.environ))
"""
TELLS_ITS_PID = "import os, sys; open(sys.argv[1], 'w').write(str(os.getpid())); "
STARTS = {
    "it hangs": TELLS_ITS_PID + "import time; time.sleep(600)",
    "it ignores signals": DEFIANT + TELLS_ITS_PID + "import time; time.sleep(600)",
    "its child leaves the group": FORK % "os.setsid()" + "time.sleep(600)",
    "its daemon clears its environment": (
        FORK % "os.setsid(); os.fork() and os._exit(0); os.environ.get('DAEMON') or os.execve("
        "sys.executable, [sys.executable, '-c', \"import os, sys, time; "
        "open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(600)\", sys.argv[1]], {})"
        + "time.sleep(600)"
    ),
}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are not listed here")
@pytest.mark.parametrize("what", first_at_once([*STARTS]))
def test_nothing_of_it_is_left_where_whoever_runs_it_is_killed(what: str, tmp_path: Path) -> None:
    told = tmp_path / "pid"
    runner = subprocess.Popen([sys.executable, "-c", RUNS_IT, STARTS[what], str(told)])
    try:
        while not (told.exists() and told.read_text()):
            assert runner.poll() is None
            time.sleep(0.01)
        time.sleep(1.5 if "daemon" in what else 0)  # until the watchdog has looked
        pids = [int(told.read_text()), *(each.pid for each in Process(runner.pid).children(True))]
    finally:
        runner.kill()
        runner.wait()

    for pid in pids:
        wait_until_gone(pid)


ITS_PARENT_IS_KILLED = """
import os, pathlib, sys, time
parent, child = sys.argv[1:]
os.kill(int(parent), 9)
stat = pathlib.Path("/proc", child, "stat")
while stat.read_text().rpartition(")")[2].split()[1] == parent: time.sleep(0.01)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are not listed here")
def test_what_a_process_of_ours_leaves_when_it_ends_is_nothing_of_the_commands() -> None:
    """A server that the command kills has a worker, which comes to us as what it leaves does."""
    text = (
        "import subprocess, sys; sleeps = [sys.executable, '-c', 'import time; time.sleep(600)'];"
        "child = subprocess.Popen(sleeps); print(child.pid, flush=True); child.wait()"
    )
    with subprocess.Popen([sys.executable, "-c", text], stdout=subprocess.PIPE) as ours:
        assert ours.stdout is not None
        child = int(ours.stdout.readline())
        try:
            ended = run(ITS_PARENT_IS_KILLED, ours.pid, child)
            goes_on = is_running(child)
        finally:
            os.kill(child, 9)

    os.waitpid(child, 0)
    assert (ended.exit_code, ended.left_running, goes_on) == (0, 0, True)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are not listed here")
def test_what_whoever_runs_it_had_started_before_goes_on(tmp_path: Path) -> None:
    """A shell may have started something, and then have become the one who runs the command."""
    told = tmp_path / "pid"
    script = 'sleep 600 & echo $! > "$0.before"; exec "$@"'
    command = [sys.executable, "-c", RUNS_IT, STARTS["it hangs"], str(told)]
    runner = subprocess.Popen(["sh", "-c", script, str(told), *command])
    try:
        while not (told.exists() and told.read_text()):
            assert runner.poll() is None
            time.sleep(0.01)
        time.sleep(1.5)  # until the watchdog has looked
        before = Process(int((tmp_path / "pid.before").read_text()))
        begun = {each.pid for each in Process(runner.pid).children(True)} - {before.pid}
    finally:
        runner.kill()
        runner.wait()

    try:
        for pid in begun:  # the watchdog, too
            wait_until_gone(pid)
        assert is_running(before.pid)
    finally:
        before.kill()
