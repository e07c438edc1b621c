"""How commands end when something is in their way: every command, from the table of them."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from fluent_oms_simulator.cli import COMMANDS

from .helpers.command_line import ENVIRON, FLUENT_SIM, SECONDS, commands, fluent_sim

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell and signals")

PAYLOAD = '{"locationRef": "L1", "skuRef": "P1", "qty": "many"}\n'

TELLING = {
    "help of all": "--help",
    "version": "--version",
    "rules": "rules",
    "a page on a rule": "rules FOMS-B010",
    "behaviours": "behaviours",
    "behaviours as JSON": "behaviours --format json",
    "validate": "validate payload.ndjson",
    "validate as JSON": "validate payload.ndjson --format json",
    "generate": "generate deltas --out made --products 5 --locations 2 --count 3",
}
"""What commands that need no server print much or little of; each with exit code 0 or 1."""

full_device = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "payload.ndjson").write_text(PAYLOAD)
    return tmp_path


def in_shell(script: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """A line for bash, in which `sim` is the command."""
    return subprocess.run(
        ["bash", "-c", f'sim() {{ "$PYTHON" -m fluent_oms_simulator "$@"; }}; {script}'],
        cwd=folder,
        env={**ENVIRON, "PYTHON": sys.executable},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


@full_device
@pytest.mark.parametrize("args", TELLING.values(), ids=TELLING)
def test_output_that_cannot_be_written_is_told_in_a_sentence(args: str, folder: Path) -> None:
    done = in_shell(f"sim {args} > /dev/full", folder)

    assert done.returncode == 2
    assert done.stderr.endswith("standard output cannot be written: No space left on device\n")
    assert "Traceback" not in done.stderr
    assert done.stderr.count("No space left") == 1


@full_device
@pytest.mark.parametrize("name", COMMANDS)
def test_help_that_cannot_be_written_is_told_in_a_sentence(name: str, folder: Path) -> None:
    done = in_shell(f"sim {name} -h > /dev/full", folder)

    sentence = "standard output cannot be written: No space left on device"
    assert (done.returncode, done.stderr) == (2, f"fluent-sim {name}: {sentence}\n")


@full_device
def test_output_without_a_buffer_is_told_of_no_differently(folder: Path) -> None:
    done = in_shell("export PYTHONUNBUFFERED=1; sim rules > /dev/full", folder)

    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "fluent-sim rules: standard output cannot be written: No space left on device"
    ]


@pytest.mark.parametrize("args", ["rules", "--help", "validate payload.ndjson"])
def test_a_closed_standard_output_is_told_in_a_sentence(args: str, folder: Path) -> None:
    done = in_shell(f"sim {args} >&-", folder)

    assert done.returncode == 2
    assert done.stderr.endswith(": standard output cannot be written: it is closed\n")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("args", TELLING.values(), ids=TELLING)
def test_a_reader_that_has_gone_is_left_in_peace(args: str, folder: Path) -> None:
    # The reader has gone for certain before the command begins.
    done = in_shell(f"{{ sleep 0.2; sim {args}; echo $? >&2; }} | exec true", folder)

    assert done.stderr == "2\n"


MANY = (
    "for n in {1..2000}; do sed s/P1/P$n/ payload.ndjson; done > many.ndjson;"
    "many() { sim validate --format json --max-findings 5000 many.ndjson; }"
)
"""`many` prints far more than a pipe holds."""


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_goes_early_is_left_in_peace(unbuffered: str, folder: Path) -> None:
    run = f"export PYTHONUNBUFFERED={unbuffered}; {{ many; echo $? >&2; }} | head -1"
    done = in_shell(f"{MANY}; {run}", folder)

    assert (done.stdout, done.stderr) == ("{\n", "2\n")


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_all_of_a_large_output_arrives(unbuffered: str, folder: Path) -> None:
    run = f"export PYTHONUNBUFFERED={unbuffered}; many | {{ sleep 0.2; cat; }}"
    done = in_shell(f"{MANY}; {run}", folder)

    assert len(json.loads(done.stdout)["findings"]) == 2000


def test_a_closed_standard_error_leaves_the_work_and_its_verdict_as_they_are(folder: Path) -> None:
    done = in_shell("sim validate payload.ndjson nothing.json 2>&-", folder)

    assert done.returncode == 2
    assert "nothing.json cannot be read: No such file" in done.stdout
    assert "FOMS-" in done.stdout


def test_a_closed_standard_input_is_told_in_a_sentence(folder: Path) -> None:
    done = in_shell("sim validate - <&-", folder)

    assert done.returncode == 2
    assert done.stderr.startswith("<stdin> cannot be read: ")
    assert "Traceback" not in done.stderr


def test_no_file_takes_the_place_of_a_stream_that_is_closed(folder: Path) -> None:
    made = "generate deltas --out made --products 5 --locations 2 --count 3"
    done = in_shell(f"sim {made} >&- <&- 2>&-", folder)

    assert done.returncode == 2
    assert json.loads((folder / "made" / "manifest.json").read_bytes())["positions"] > 0


def test_what_the_terminal_cannot_spell_is_shown_as_its_escape(folder: Path) -> None:
    (folder / "\N{SNOWMAN}.json").write_text(PAYLOAD)
    done = in_shell("PYTHONIOENCODING=latin-1 sim validate *.json", folder)

    assert (done.returncode, done.stderr) == (1, "")
    assert "\\u2603" in done.stdout


@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_read_only_is_told_before_anything_is_read(folder: Path) -> None:
    folder.chmod(0o500)
    done = fluent_sim("validate", "payload.ndjson", "--report-dir", "out", cwd=folder)
    folder.chmod(0o700)

    assert (done.returncode, done.stdout) == (2, "")
    assert "nothing can be written to the folder out: Permission denied" in done.stderr


@pytest.mark.parametrize(
    "command",
    ["validate payload.ndjson", "report --url http://127.0.0.1:9"],
)
def test_a_report_folder_that_cannot_be_made_is_told_before_the_work(
    command: str, folder: Path
) -> None:
    done = in_shell(f"sim {command} --report-dir payload.ndjson/below", folder)

    assert (done.returncode, done.stdout) == (2, "")
    (sentence,) = done.stderr.splitlines()
    assert "nothing can be written to the folder payload.ndjson/below: Not a dir" in sentence


def test_a_file_of_figures_that_cannot_be_written_is_told_before_the_work(folder: Path) -> None:
    done = in_shell("sim bench --only startup --json payload.ndjson/below/x.json", folder)

    assert (done.returncode, done.stdout) == (2, "")
    (sentence,) = done.stderr.splitlines()
    assert sentence.startswith("fluent-sim bench: nothing can be written to the folder payload")


@full_device
def test_a_server_whose_ready_line_is_lost_still_serves_and_says_so_at_the_end() -> None:
    with (
        Path("/dev/full").open("w") as full,
        subprocess.Popen(
            [*FLUENT_SIM, "serve", "--port", str(free_port())],
            stdout=full,
            stderr=subprocess.PIPE,
            env=ENVIRON,
            text=True,
        ) as server,
    ):
        assert server.stderr is not None
        line = next(line for line in server.stderr if "simulator at http" in line)
        reported = fluent_sim("report", "--url", line.split()[4])
        server.terminate()
        _, errors = server.communicate(timeout=SECONDS)

    assert "incomplete" in reported.stderr
    assert server.returncode == 2
    assert "fluent-sim serve: standard output cannot be written: No space left" in errors


@full_device
def test_a_server_on_a_port_that_nobody_can_learn_ends_with_a_sentence(folder: Path) -> None:
    done = in_shell("sim serve --port 0 > /dev/full", folder)

    assert done.returncode == 2
    assert "fluent-sim serve: the port that was picked cannot be told" in done.stderr
    assert "No space left" in done.stderr
    assert "Traceback" not in done.stderr


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def test_a_folder_that_cannot_be_made_is_a_sentence_of_the_command(folder: Path) -> None:
    done = in_shell("sim generate deltas --out payload.ndjson/below", folder)

    assert done.returncode == 2
    (sentence,) = done.stderr.splitlines()
    assert sentence.startswith(
        "fluent-sim generate: the folder payload.ndjson/below cannot be writ"
    )
    assert "Errno" not in sentence


def test_no_usable_temporary_folder_is_a_sentence(folder: Path) -> None:
    # In place of a machine without one.
    code = (
        "import tempfile\n"
        "from fluent_oms_simulator.loadtests.benchmarks import runner\n"
        "def none(*_, **__): raise FileNotFoundError(2, 'No usable temporary directory found')\n"
        "tempfile._get_default_tempdir = none\n"
        "from fluent_oms_simulator.__main__ import main\n"
        "main()"
    )
    done = python(code, "bench", "--only", "startup", "--quick", "--json", "x.json", cwd=folder)

    assert (done.returncode, done.stderr) == (2, "could not be measured: startup\n")
    assert "startup: No usable temporary directory found" in done.stdout


def python(code: str, *args: str, cwd: Path | None = None) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", code, *args],
        cwd=cwd,
        env=ENVIRON,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


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
    module = f"fluent_oms_simulator.cli.{name}"
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
        validating.stdin.write(PAYLOAD.replace("many", "more") * 20_000)
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


@pytest.mark.parametrize("words", commands(), ids=" ".join)
@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help_can_be_asked_of_every_command(words: tuple[str, ...], flag: str) -> None:
    from click.testing import CliRunner
    from fluent_oms_simulator.cli import main

    result = CliRunner().invoke(main, [*words, flag], catch_exceptions=False)

    assert result.exit_code == 0
    assert result.output.startswith(f"Usage: {' '.join(['fluent-sim', *words])} ")


def test_help_can_be_read_before_any_extra_is_installed() -> None:
    code = """
import sys
from importlib import util

EXTRAS = {"faker", "gevent", "hypothesis", "locust", "psutil", "pytest", "requests", "schemathesis"}
class NotInstalled:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in EXTRAS:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, NotInstalled())
find_spec = util.find_spec
util.find_spec = lambda name: None if name in EXTRAS else find_spec(name)

from click.testing import CliRunner
from fluent_oms_simulator.cli import COMMANDS, main
for words in eval(sys.argv[1]):
    result = CliRunner().invoke(main, [*words, "--help"], catch_exceptions=False)
    assert (result.exit_code, result.output[:6]) == (0, "Usage:"), (words, result.output)
for words in (["load", "ramp"], ["contract"], ["contract", "replay", "f"], ["bench"]):
    result = CliRunner().invoke(main, words, catch_exceptions=False)
    assert result.exit_code == 2, words
    assert f"fluent-sim {' '.join(words[:2])}".removesuffix(" f") in result.output, result.output
    assert "needs the extra" in result.output, result.output
"""
    done = python(code, repr(commands()))

    assert (done.returncode, done.stderr) == (0, "")
