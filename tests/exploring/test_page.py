"""The page about the search says what there is, and shows what one really tells."""

import os
import re
import shlex
import sys
from pathlib import Path

import pytest
from fluent_oms_simulator.exploring.disturbances import TABLE

from ..cli.helpers.command_line import ENVIRON, fluent_sim
from .helpers.explored import connector

PAGE = Path(__file__).parents[2] / "simulator" / "exploring" / "README.md"


def test_every_fault_stands_in_the_table_in_the_order_in_which_they_are_tried() -> None:
    rows = "\n".join(f"| `{each.name}` | {each.about} |" for each in TABLE)

    assert rows in PAGE.read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_search_on_the_page_is_one_that_was_made(tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    shown = re.search(r"```console\n\$ (?P<line>.*)\n(?P<told>(.*\n)+?)```", text)
    assert shown is not None
    *_, path, _, _ = connector("new-delta-id")
    (tmp_path / "connector.py").write_text(
        f"import runpy, sys\nsys.argv = ['', 'new-delta-id', '2']\n"
        f"runpy.run_path({path!r}, run_name='__main__')\n"
    )
    where = f"{Path(sys.executable).parent}{os.pathsep}{ENVIRON['PATH']}"
    args = shlex.split(shown["line"])[1:]

    done = fluent_sim(*args, cwd=tmp_path, env={**ENVIRON, "PATH": where})

    assert done.returncode == 1, done.stderr
    assert timeless(done.stdout) == timeless(shown["told"])


def timeless(text: str) -> str:
    """Without how long it took."""
    return re.sub(r"in [0-9.]+ s\.|timeout=[0-9]+", "SECONDS", text)
