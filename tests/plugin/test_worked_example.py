"""The connector with a bug on the first page, and the test that finds it."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import indent

import pytest

from ..guards.helpers.imports import ROOT
from ..guards.helpers.pages import blocks
from .helpers.inner_runs import RunTests

pytest_plugins = ["pytester"]

EXAMPLE = ROOT / "examples" / "lost_reply"
CONNECTOR, TEST = blocks("README.md", "python")
SAYS = next(text for text in blocks("README.md", "text") if "on hand" in text)
THE_BUG = """        for _ in range(3):
            delta_id = f"sale-{next(self.numbers)}"
"""
MENDED = """        delta_id = f"sale-{next(self.numbers)}"
        for _ in range(3):
"""


def test_the_first_page_shows_what_is_in_the_files() -> None:
    assert read("test_connector.py") == TEST
    assert indent(CONNECTOR, " " * 8) in read("connector.py")


def test_the_test_finds_the_bug_and_says_what_the_page_shows(
    run_tests: RunTests, pytester: pytest.Pytester
) -> None:
    result = run_example(run_tests, pytester, read("connector.py"))

    result.assert_outcomes(failed=1)
    told = "\n".join(
        line[1:].removeprefix("       ") for line in result.outlines if line[:1] == "E"
    )
    assert without_times(told) == without_times(f"AssertionError: {SAYS}".rstrip())


def test_the_mended_connector_passes(run_tests: RunTests, pytester: pytest.Pytester) -> None:
    assert THE_BUG in read("connector.py")

    mended = read("connector.py").replace(THE_BUG, MENDED)

    run_example(run_tests, pytester, mended).assert_outcomes(passed=1)


def run_example(run_tests: RunTests, pytester: pytest.Pytester, connector: str) -> pytest.RunResult:
    """Run the test of the example with this connector."""
    pytester.makepyfile(connector=connector)
    pytester.makepyfile(test_connector=read("test_connector.py"))
    return run_tests("", "test_connector.py")


def read(name: str) -> str:
    """A file of the example."""
    return Path(EXAMPLE, name).read_text(encoding="utf-8")


def without_times(text: str) -> str:
    """The text with the same time for all that happened."""
    return re.sub(r"\d\d:\d\d:\d\d\.\d{3}|[\d.]+(?= s later)", "<time>", text)
