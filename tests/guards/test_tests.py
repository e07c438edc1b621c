"""Where tests and what helps them stand, and what those of the domain may use."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from .helpers.imports import PACKAGE, ROOT

TESTS = ROOT / "tests"
FILES = sorted(path for path in TESTS.rglob("*.py") if "typing" not in path.parts)
PURE = tuple(f"{PACKAGE}.{name}" for name in ("domain", "behaviour", "clock"))
DOMAIN = [path for path in FILES if path.is_relative_to(TESTS / "domain")]


@pytest.mark.parametrize("folder", sorted({path.parent for path in FILES}), ids=lambda it: it.name)
def test_a_folder_has_tests_or_what_helps_them(folder: Path) -> None:
    files = {path.stem for path in folder.glob("*.py")} - {"__init__", "conftest"}
    tests = {file for file in files if file.startswith("test_")}

    assert tests in (set(), files), sorted(files - tests)


@pytest.mark.parametrize("path", DOMAIN, ids=lambda path: path.stem)
def test_the_tests_of_the_domain_start_nothing(path: Path) -> None:
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    imports = [node for node in nodes if isinstance(node, ast.ImportFrom)]
    ours = {node.module or "" for node in imports if (node.module or "").startswith(PACKAGE)}

    assert [module for module in ours if not module.startswith(PURE)] == []
    above = len(path.relative_to(TESTS / "domain").parts)
    assert [node.module for node in imports if node.level > above] == []
    asked_for = {node.arg for node in nodes if isinstance(node, ast.arg)}
    assert asked_for.isdisjoint({"client", "simulator", "make_simulator"})
