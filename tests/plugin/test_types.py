"""The types that a user's tests are checked against."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from ..guards.helpers.imports import ROOT
from .helpers.inner_runs import RunTests

pytest_plugins = ["pytester"]

SAMPLE = Path(__file__).parent / "helpers" / "typed_sample.py"
LINKS = str(ROOT / "tests" / "typing")
"""Checkers find no package that is installed to be edited."""
WRONG = """
from fluent_oms_simulator import FluentOms

def test_it(fluent_oms: FluentOms) -> None:
    fluent_oms.load({"SKU_1": 500})
    fluent_oms.faults.lose_reply(operation="events")
    fluent_oms.faults.reset(nht=1)
    fluent_oms.requests.count(delta="pos-1")
    fluent_oms.ledger.query(fate="lost")
"""


def test_tests_with_types_run(run_tests: RunTests, pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_sample=SAMPLE.read_text(encoding="utf-8"))

    run_tests("", "test_sample.py").assert_outcomes(passed=3)


@pytest.mark.slow
@pytest.mark.parametrize("checker", ["mypy", "pyright"])
def test_a_checker_in_strict_mode_takes_what_is_right_and_finds_what_is_wrong(
    checker: str, tmp_path: Path
) -> None:
    if checker == "pyright" and find_spec("pyright") is None:
        pytest.skip(
            "pyright is not installed: `pip install pyright`, which fetches node at its start"
        )
    sample = SAMPLE.read_text(encoding="utf-8")
    (tmp_path / "test_right.py").write_text(sample, encoding="utf-8")
    (tmp_path / "test_wrong.py").write_text(WRONG, encoding="utf-8")

    right = check(checker, tmp_path, "test_right.py")
    wrong = check(checker, tmp_path, "test_wrong.py")

    assert right.returncode == 0, right.stdout + right.stderr
    assert wrong.returncode == 1, wrong.stdout + wrong.stderr
    assert [line for line in range(5, 10) if f"test_wrong.py:{line}:" not in wrong.stdout] == []


def check(checker: str, folder: Path, file: str) -> subprocess.CompletedProcess[str]:
    """Check a file in a folder of somebody else's, against what is installed."""
    config = {"typeCheckingMode": "strict", "include": [file], "extraPaths": [LINKS]}
    (folder / "pyrightconfig.json").write_text(json.dumps(config), encoding="utf-8")
    options = {
        "mypy": ["--strict", "--no-incremental", file],
        "pyright": ["--pythonpath", sys.executable],
    }[checker]
    return subprocess.run(
        [sys.executable, "-m", checker, *options],
        cwd=folder,
        env={**os.environ, "MYPYPATH": LINKS},
        capture_output=True,
        text=True,
        check=False,
    )
