"""Whatever a file or an option is called, no command prints a line that the name has begun."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from fluent_oms_simulator.text.printable import printable, printable_lines
from hypothesis import given
from hypothesis import strategies as st

from ..support import first_at_once
from .helpers.command_line import FLUENT_SIM

ODD = "\n::error::planted\x1b[31m\u202e"
SOURCES = Path(__file__).parents[2] / "simulator" / "cli"
FORMATS = ("text", "github", "junit", "sarif", "json", "markdown")


def run(folder: Path, *args: str) -> tuple[int, list[str]]:
    """The exit code, and all lines on both streams."""
    done = subprocess.run(
        [*FLUENT_SIM, *args], cwd=folder, capture_output=True, timeout=300, check=False
    )
    text = (done.stdout + done.stderr).decode("utf-8")
    assert "Traceback" not in text
    return done.returncode, text.split("\n")


def begun_from_outside(lines: list[str]) -> list[str]:
    return [line for line in lines if line.startswith("::error::planted") or "\x1b" in line]


@pytest.mark.skipif(os.name == "nt", reason="there are no such file names")
@pytest.mark.parametrize("form", FORMATS)
def test_a_file_with_a_line_feed_in_its_name_begins_no_line(tmp_path: Path, form: str) -> None:
    record = {"skuRef": "undefined", "locationRef": "L", "qty": 1}
    batch = {"action": "UPSERT", "entityType": "INVENTORY", "entities": [record]}
    names = (f"broken{ODD}.json", f"other{ODD}.json", f"found{ODD}.json", "::error::planted.json")
    for name, text in zip(names, ("{", '{"a": 1}', json.dumps(batch), "{"), strict=True):
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / f"empty{ODD}").mkdir()
    (tmp_path / f"pipe{ODD}.json").symlink_to("/dev/null")

    others = (f"empty{ODD}", f"missing{ODD}", "::error::planted", ".")
    code, lines = run(tmp_path, "validate", "--format", form, "--stats", *names, *others)

    assert code == 2
    assert begun_from_outside(lines) == []
    assert any("planted" in line for line in lines)


ODD_OPTIONS = [
    ["validate", f"--bad{ODD}"],
    ["validate", "x", "--select", f"FOMS{ODD}"],
    ["validate", "x", "--report-dir", f"/proc/no{ODD}"],
    ["validate", "x", "--max-findings", f"1{ODD}"],
    [f"no{ODD}"],
    ["rules", f"FOMS{ODD}"],
    ["rules", "a", f"b{ODD}"],
    ["report", "--url", f"http://127.0.0.1:1/{ODD}"],
    ["report", "--url", ODD],
    ["serve", "--seed-data", f"none{ODD}"],
    ["serve", "--config", f"none{ODD}.toml"],
    ["serve", "--behaviour", f"none{ODD}=x"],
    ["behaviours", f"a{ODD}"],
    ["contract", "--url", ODD, "--yes"],
    ["contract", "--behaviour", f"none{ODD}"],
    ["contract", "replay", f"none{ODD}.json"],
    ["load", "delta", "--url", ODD],
    ["load", "compare", f"a{ODD}", f"b{ODD}"],
    ["generate", "day", "--out", f"/proc/no{ODD}"],
    ["bench", "--only", f"none{ODD}"],
]


@pytest.mark.parametrize(
    "args",
    first_at_once(ODD_OPTIONS),
    ids=lambda arg: " ".join(arg).split("\n")[0],
)
def test_an_option_with_a_line_feed_in_it_begins_no_line(tmp_path: Path, args: list[str]) -> None:
    code, lines = run(tmp_path, *args)

    assert code == 2
    assert begun_from_outside(lines) == []


@given(st.text() | st.text(alphabet=" :#[\n\rerror"))
def test_printable_text_is_one_line_and_no_command(text: str) -> None:
    shown = printable(text)

    assert shown.isprintable()
    assert not shown.lstrip().startswith("::")
    assert "##[" not in shown
    assert printable(shown) == shown
    for line in printable_lines(text):
        assert not line.lstrip().startswith("::")


def test_sentences_reach_standard_error_in_one_way_only() -> None:
    others = [
        f"{path.name}: {line.strip()}"
        for path in sorted(SOURCES.glob("*.py"))
        if path.name != "saying.py"
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"echo\(.*err=True|print\(.*stderr|stderr\.write", line)
    ]

    assert others == []
