"""Where tests and what helps them stand, and what those of the domain may use."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from .helpers.breaks import tell
from .helpers.imports import PACKAGE, ROOT

TESTS = ROOT / "tests"
FILES = sorted(path for path in TESTS.rglob("*.py") if "typing" not in path.parts)
PURE = tuple(f"{PACKAGE}.{name}" for name in ("domain", "behaviour", "clock"))
DOMAIN = [path for path in FILES if path.is_relative_to(TESTS / "domain")]


@pytest.mark.parametrize("folder", sorted({path.parent for path in FILES}), ids=lambda it: it.name)
def test_a_folder_has_tests_or_what_helps_them(folder: Path) -> None:
    files = {path.stem for path in folder.glob("*.py")} - {"__init__", "conftest"}
    tests = {file for file in files if file.startswith("test_")}

    tell(
        (f"{folder.name}/{name}.py is no test" for name in sorted(files - tests) if tests),
        "A folder has tests or what helps them: put it into the folder helpers/ below.",
    )


@pytest.mark.parametrize("path", DOMAIN, ids=lambda path: path.stem)
def test_the_tests_of_the_domain_start_nothing(path: Path) -> None:
    above = len(path.relative_to(TESTS / "domain").parts)

    tell(
        started(path.read_text(encoding="utf-8"), above),
        "The domain is tried by itself: call it, or put the test where a simulator is started, into"
        " tests/simulator/ or beside the tests of what it is seen through.",
    )


@pytest.mark.parametrize(
    "text",
    [
        "from fluent_oms_simulator.stores.jobs import JobStore\n",
        "from ..support import Client\n",
        "def test_it(client): ...\n",
    ],
)
def test_a_test_of_the_domain_that_starts_something_is_told(text: str) -> None:
    assert started(text, 1) != []
    assert started("from fluent_oms_simulator.domain.refs import Ref\n", 1) == []


def started(text: str, above: int) -> list[str]:
    """What a test of the domain uses besides it; its own folder is `above` - 1 levels up."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom):
            of_ours = (node.module or "").startswith(PACKAGE)
            if (of_ours and not (node.module or "").startswith(PURE)) or node.level > above:
                found.append(f"line {node.lineno}: {ast.unparse(node)}")
        elif isinstance(node, ast.arg) and node.arg in ("client", "simulator", "make_simulator"):
            found.append(f"line {node.lineno}: it asks for {node.arg}")
    return found
