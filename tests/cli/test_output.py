"""What becomes of what commands print and write, where a stream or a folder does not take it."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from fluent_oms_simulator.cli import COMMANDS

from ..support import first_at_once
from .helpers.command_line import (
    ENVIRON,
    FLUENT_SIM,
    SECONDS,
    WRONG_RECORD,
    fluent_sim,
    in_shell,
    python,
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell and signals")

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


@full_device
@pytest.mark.parametrize("args", TELLING.values(), ids=TELLING)
def test_output_that_cannot_be_written_is_told_in_a_sentence(args: str, folder: Path) -> None:
    done = in_shell(f"sim {args} > /dev/full", folder)

    assert done.returncode == 2
    assert done.stderr.endswith("standard output cannot be written: No space left on device\n")
    assert "Traceback" not in done.stderr
    assert done.stderr.count("No space left") == 1


@full_device
@pytest.mark.parametrize("name", first_at_once(COMMANDS))
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


@pytest.mark.parametrize("args", first_at_once(TELLING.values()), ids=TELLING)
def test_a_reader_that_has_gone_is_left_in_peace(args: str, folder: Path) -> None:
    # The reader has gone for certain before the command begins.
    done = in_shell(f"{{ sleep 0.2; sim {args}; echo $? >&2; }} | exec true", folder)

    assert done.stderr == "2\n"


MANY = (
    "for n in {1..2000}; do sed s/P1/P$n/ payload.ndjson; done > many.ndjson;"
    "many() { sim validate --format json --max-findings 5000 many.ndjson; }"
)
"""`many` prints far more than a pipe holds."""


@pytest.mark.slow
@pytest.mark.parametrize("unbuffered", first_at_once(["", "1"]))
def test_a_reader_that_goes_early_is_left_in_peace(unbuffered: str, folder: Path) -> None:
    run = f"export PYTHONUNBUFFERED={unbuffered}; {{ many; echo $? >&2; }} | head -1"
    done = in_shell(f"{MANY}; {run}", folder)

    assert (done.stdout, done.stderr) == ("{\n", "2\n")


@pytest.mark.slow
@pytest.mark.parametrize("unbuffered", first_at_once(["", "1"]))
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
    (folder / "\N{SNOWMAN}.json").write_text(WRONG_RECORD)
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
    assert sentence.startswith("fluent-sim bench: --json: nothing can be written to the folder pay")


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


LOST_MEANWHILE = """
import os
from fluent_oms_simulator.loadtests.benchmarks import runner
from fluent_oms_simulator.loadtests.benchmarks.figures import Report
def run(name, *, quick):
    {lost}
    return Report(name, "how soon?")
runner.run = run
from fluent_oms_simulator.__main__ import main
main()
"""


@pytest.mark.parametrize(
    ("lost", "told"),
    [
        pytest.param(
            "os.dup2(os.open('/dev/full', os.O_WRONLY), 1)",
            ["standard output cannot be written"],
            marks=full_device,
            id="a full disk",
        ),
        pytest.param(
            "r, w = os.pipe(); os.close(r); os.dup2(w, 1)", [], id="a reader that has gone"
        ),
    ],
)
def test_figures_are_kept_that_can_no_longer_be_told(
    lost: str, told: list[str], folder: Path
) -> None:
    code = LOST_MEANWHILE.format(lost=lost)
    words = ("bench", "--only", "startup", "--only", "memory", "--json", "x.json")
    done = python(code, *words, cwd=folder)

    assert done.returncode == 2
    document = json.loads((folder / "x.json").read_bytes())
    assert [each["name"] for each in document["benchmarks"]] == ["startup"]
    figures, *others = done.stderr.splitlines()
    assert figures == "fluent-sim bench: of 2 benchmarks 1 was measured; figures in x.json"
    assert [each.removeprefix("fluent-sim bench: ").partition(":")[0] for each in others] == told
