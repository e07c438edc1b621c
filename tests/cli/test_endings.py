"""How commands end when something is in their way: every command, from the table of them."""

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from fluent_oms_simulator.cli import COMMANDS

from .helpers.command_line import ENVIRON, FLUENT_SIM, SECONDS, WRONG_RECORD, fluent_sim, python

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell and signals")

WHILE_IMPORTING = """
import os, signal, sys
number, wanted = int(sys.argv.pop(1)), sys.argv.pop(1)
class Interrupts:
    def find_spec(self, name, path=None, target=None):
        if name == wanted:
            sys.meta_path.remove(self)
            os.kill(os.getpid(), number)
sys.meta_path.insert(0, Interrupts())
from fluent_oms_simulator.__main__ import main
main()
"""
"""Starts the command line, and sends a signal at the import of a module."""


@pytest.mark.parametrize("name", COMMANDS)
def test_ctrl_c_while_a_command_is_imported_ends_it_with_130(name: str) -> None:
    module = f"fluent_oms_simulator.cli.{COMMANDS[name].module or name}"
    done = python(WHILE_IMPORTING, str(signal.SIGINT.value), module, name, "-h")

    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr.strip() == f"fluent-sim {name}: interrupted."


@pytest.mark.parametrize(
    ("module", "args"),
    [
        ("fluent_oms_simulator.console.interrupts", ()),
        ("click", ()),
        ("fluent_oms_simulator.console.ending", ()),
        ("rich.table", ("rules",)),
    ],
)
def test_ctrl_c_while_a_library_is_imported_ends_it_with_130(
    module: str, args: tuple[str, ...]
) -> None:
    done = python(WHILE_IMPORTING, str(signal.SIGINT.value), module, *args)

    assert (done.returncode, done.stdout) == (130, "")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("number", "word"), [(signal.SIGTERM, "terminated"), (signal.SIGHUP, "hung-up")]
)
def test_to_be_asked_to_end_is_told_with_the_exit_code_of_the_signal(
    number: signal.Signals, word: str
) -> None:
    module = "fluent_oms_simulator.cli.rules"
    done = python(WHILE_IMPORTING, str(number.value), module, "rules")

    assert (done.returncode, done.stdout) == (128 + number, "")
    assert done.stderr.strip() == f"fluent-sim rules: {word}."


@pytest.mark.parametrize("module", ["click", "fluent_oms_simulator.cli.rules"])
def test_an_interrupt_that_comes_out_as_another_error_is_an_interrupt(module: str) -> None:
    # As Python 3.11 has it of an interrupt while a class is made.
    wrapped = WHILE_IMPORTING.replace(
        "            os.kill(os.getpid(), number)",
        "            try: os.kill(os.getpid(), number)\n"
        "            except BaseException as fault: raise RuntimeError('of a class') from fault",
    )
    done = python(wrapped, str(signal.SIGINT.value), module, "rules")

    assert (done.returncode, done.stdout) == (130, "")
    (sentence,) = done.stderr.splitlines()
    assert sentence.startswith("fluent-sim")
    assert sentence.endswith(": interrupted.")


@pytest.mark.parametrize(
    "fault", ["ValueError('x')", "OSError(5, 'x')", "click.ClickException('x')"]
)
def test_whatever_goes_wrong_after_an_interrupt_is_told_as_that(fault: str) -> None:
    code = (
        "import click, os, signal\n"
        "from fluent_oms_simulator.console.ending import run\n"
        "@click.command()\n"
        "def command():\n"
        "    try: os.kill(os.getpid(), signal.SIGTERM)\n"
        f"    finally: raise {fault}\n"
        "run(command)"
    )
    done = python(code)

    assert (done.returncode, done.stdout) == (143, "")
    assert done.stderr == "fluent-sim: terminated.\n"


ENDED = [(signal.SIGINT, "interrupted"), (signal.SIGTERM, "terminated"), (signal.SIGHUP, "hung-up")]


@pytest.mark.parametrize(("number", "word"), ENDED)
def test_a_validation_that_is_ended_reports_what_was_checked_so_far(
    number: signal.Signals, word: str, folder: Path
) -> None:
    with subprocess.Popen(
        [*FLUENT_SIM, "validate", "payload.ndjson", "-", "--report-dir", "r"],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=ENVIRON,
        text=True,
    ) as validating:
        assert validating.stdin is not None
        # More than a pipe holds: when it is written, the file before has been checked.
        validating.stdin.write(WRONG_RECORD * 20_000)
        validating.stdin.flush()
        validating.send_signal(number)
        printed, errors = validating.communicate(timeout=SECONDS)

    assert (validating.returncode, errors) == (128 + number, "")
    assert "payload.ndjson:1:" in printed
    assert "<stdin> was not checked to its end." in printed
    assert "Of 2 files 1 was checked to its end." in printed
    assert printed.splitlines()[-1].endswith(f": {word}")
    document = json.loads((folder / "r" / "report.json").read_text())
    assert (document["outcome"], document["failed"]) == (word, True)
    assert f": {word}" in (folder / "r" / "summary.md").read_text().splitlines()[0]
    assert "the whole run" in (folder / "r" / "report.xml").read_text()
    (run,) = json.loads((folder / "r" / "report.sarif").read_text())["runs"]
    assert run["invocations"][0]["executionSuccessful"] is False


@pytest.mark.parametrize(("number", "word"), ENDED)
def test_asking_for_a_report_can_be_ended(number: signal.Signals, word: str) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        subprocess.Popen(
            [*FLUENT_SIM, "report", "--url", f"http://127.0.0.1:{silent.getsockname()[1]}"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=ENVIRON,
            text=True,
        ) as asking,
    ):
        asked, _ = silent.accept()
        with asked:
            asking.send_signal(number)
            printed, errors = asking.communicate(timeout=SECONDS)

    assert (asking.returncode, printed) == (128 + number, "")
    assert errors.strip() == f"fluent-sim report: {word}."


@pytest.mark.parametrize(("number", "word"), ENDED)
def test_benchmarks_that_are_ended_leave_what_was_measured(
    number: signal.Signals, word: str, tmp_path: Path
) -> None:
    # The first of two is measured; the second fails of the signal, as a server that had it does.
    code = (
        "import os\n"
        "from fluent_oms_simulator.loadtests.benchmarks import runner\n"
        "from fluent_oms_simulator.loadtests.benchmarks.figures import Report\n"
        "def run(name, *, quick):\n"
        "    if name == 'startup': return Report(name, 'how soon?')\n"
        f"    try: os.kill(os.getpid(), {number.value})\n"
        "    finally: raise RuntimeError('the server has gone')\n"
        "runner.run = run\n"
        "from fluent_oms_simulator.__main__ import main\n"
        "main()"
    )
    words = ("bench", "--only", "startup", "--only", "memory", "--json", "x.json")
    done = python(code, *words, cwd=tmp_path)

    assert done.returncode == 128 + number, done.stderr
    assert done.stdout.splitlines()[-1] == f"{word}: of 2 benchmarks 1 was measured"
    assert "Traceback" not in done.stdout + done.stderr
    document = json.loads((tmp_path / "x.json").read_bytes())
    assert (document["endedBy"], len(document["benchmarks"])) == (word, 1)


def test_a_signal_that_is_to_be_ignored_is_ignored() -> None:
    code = f"import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n{WHILE_IMPORTING}"
    module = "fluent_oms_simulator.cli.rules"
    done = python(code, str(signal.SIGHUP.value), module, "rules", "FOMS-B010")

    assert (done.returncode, done.stderr) == (0, "")


def test_ctrl_c_that_a_library_swallows_still_ends_with_130() -> None:
    code = (
        "import click, os, signal\n"
        "from fluent_oms_simulator.console.ending import run\n"
        "from fluent_oms_simulator.console.interrupts import ended_by\n"
        "@click.command()\n"
        "def command():\n"
        "    try: os.kill(os.getpid(), signal.SIGINT)\n"
        "    except BaseException: pass\n"
        "    click.echo(f'passed, {ended_by()}')\n"
        "run(command)"
    )
    done = python(code)

    assert (done.returncode, done.stdout) == (130, "passed, interrupted\n")
    assert done.stderr.endswith("interrupted.\n")


@pytest.mark.parametrize(
    ("raised", "sentence"),
    [
        ("MemoryError()", "there is not enough memory for this."),
        ("OSError(28, 'No space left on device', 'a.json')", "a.json: No space left on device"),
        ("EOFError()", "no answer, so nothing was done."),
        ("SystemExit('a reason')", "a reason"),
    ],
)
def test_what_any_command_can_meet_is_a_sentence_and_2(raised: str, sentence: str) -> None:
    code = (
        "import click\n"
        "from fluent_oms_simulator.console.ending import run\n"
        "@click.command()\n"
        f"def command(): raise {raised}\n"
        "run(command)"
    )
    done = python(code)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip() in (sentence, f"fluent-sim: {sentence}")


def test_a_fault_of_the_command_itself_does_not_look_as_if_something_was_found() -> None:
    code = (
        "import click\n"
        "from fluent_oms_simulator.console.ending import run\n"
        "@click.command()\n"
        "def command(): raise ValueError('a fault')\n"
        "run(command)"
    )
    done = python(code)

    assert done.returncode == 2
    assert "ValueError: a fault" in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "told"), [(signal.SIGINT, "interrupted."), (signal.SIGTERM, "terminated.")]
)
def test_the_demo_that_is_ended_takes_its_simulator_with_it(
    number: signal.Signals, told: str
) -> None:
    with subprocess.Popen(
        [*FLUENT_SIM, "demo"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**ENVIRON, "PYTHONUNBUFFERED": "1"},
        text=True,
        bufsize=1,
    ) as demo:
        assert demo.stdout is not None
        assert demo.stderr is not None
        line = next(line for line in demo.stdout if "simulator is up at" in line)
        demo.send_signal(number)
        _, errors = demo.communicate(timeout=SECONDS)

    assert demo.returncode == 128 + number
    assert errors.strip() == f"fluent-sim demo: {told}"
    port = line.split("127.0.0.1:")[1].split(",")[0]
    assert fluent_sim("report", "--url", f"http://127.0.0.1:{port}").returncode == 2
