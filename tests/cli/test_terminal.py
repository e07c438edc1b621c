"""What a terminal is shown: colours where they are wanted, and nothing but text where not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .helpers.command_line import ENVIRON, FLUENT_SIM, SECONDS

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")

ESCAPE = "\x1b"
TELLING = ("rules", "rules FOMS-B010", "behaviours", "validate payload.json", "rules --help")


def on_terminal(args: str, folder: Path, **environ: str) -> str:
    """What a command writes to a terminal, on both streams."""
    master, slave = os.openpty()
    with subprocess.Popen(
        [*FLUENT_SIM, *args.split()],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        cwd=folder,
        env={**ENVIRON, "TERM": "xterm-256color", **environ},
    ) as process:
        os.close(slave)
        shown = b""
        while True:
            try:
                read = os.read(master, 65536)
            except OSError:  # Linux: nobody writes any more
                break
            if not read:
                break
            shown += read
        process.wait(SECONDS)
    os.close(master)
    return shown.decode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "payload.json").write_text('{"locationRef": "L1", "skuRef": "P1", "qty": "x"}')
    return tmp_path


@pytest.mark.parametrize("args", ["rules FOMS-B010", "behaviours", "validate payload.json"])
def test_a_terminal_is_shown_colours(args: str, folder: Path) -> None:
    assert ESCAPE in on_terminal(args, folder)


@pytest.mark.parametrize("args", TELLING)
def test_a_terminal_that_is_dumb_is_shown_text_alone(args: str, folder: Path) -> None:
    shown = on_terminal(args, folder, TERM="dumb")

    assert len(shown) > 100
    assert ESCAPE not in shown


@pytest.mark.parametrize("args", [args for args in TELLING if not args.startswith("validate")])
def test_who_wants_no_colours_is_shown_none(args: str, folder: Path) -> None:
    shown = on_terminal(args, folder, NO_COLOR="1")

    assert len(shown) > 100
    assert ESCAPE not in shown


def test_a_bar_of_progress_moves_without_colours_where_none_are_wanted(folder: Path) -> None:
    shown = on_terminal("validate payload.json", folder, NO_COLOR="1")

    assert "FOMS-B000" in shown
    assert f"{ESCAPE}[3" not in shown  # a colour in front of the text
    assert "m" not in {part[:1] for part in shown.split(f"{ESCAPE}[")}


def test_no_command_makes_a_console_of_its_own() -> None:
    root = Path(__file__).parents[2]
    making = [
        path.relative_to(root).as_posix()
        for folder in ("simulator", "contracts", "loadtests")
        for path in sorted((root / folder).rglob("*.py"))
        if "Console(" in path.read_text(encoding="utf-8")
    ]

    assert making == ["simulator/console/terminal.py"]
