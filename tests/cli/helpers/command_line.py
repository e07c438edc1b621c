"""The command line as a process of its own, and the list of all that it can be told to do."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from fluent_oms_simulator.cli import main

SECONDS = 120
"""For a machine that is busy with other things."""

WRONG_RECORD = '{"locationRef": "L1", "skuRef": "P1", "qty": "many"}\n'

FLUENT_SIM = (sys.executable, "-m", "fluent_oms_simulator")

ENVIRON = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith("FLUENT_")
    and name not in ("NO_COLOR", "FORCE_COLOR", "TERM", "PYTHONUNBUFFERED")
}


def fluent_sim(*args: str, **how: Any) -> "subprocess.CompletedProcess[str]":
    """Run it to its end; `how` is for `subprocess.run`."""
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL}
    return subprocess.run(
        [*FLUENT_SIM, *args],
        **{**streams, "env": ENVIRON, **how},
        text=True,
        timeout=SECONDS,
        check=False,
    )


def commands() -> list[tuple[str, ...]]:
    """The words of every command and of those below it, without the first; () is all of it."""
    return list(_below(main, ()))


def _below(command: click.Command, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    yield words
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from _below(below, (*words, name))


def options_of(words: tuple[str, ...]) -> set[str]:
    """What a command can be given, as it is written."""
    command: click.Command = main
    for word in words:
        assert isinstance(command, click.Group)
        below = command.get_command(click.Context(command), word)
        assert below is not None
        command = below
    return {written for option in command.params for written in option.opts}


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


def python(code: str, *args: str, cwd: Path | None = None) -> "subprocess.CompletedProcess[str]":
    """A program, with the arguments that follow it."""
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
