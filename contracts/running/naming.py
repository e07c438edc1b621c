"""How contracts are called: a test's name, read as a sentence, after the group it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from .options import GROUPS

SUITE = "suite"


def group_of(item: pytest.Item) -> str:
    """The group of a contract: its folder of the suite, or else its module."""
    return _group(item.path)


def name_of(item: pytest.Item) -> str:
    """`semantic: a count sets the stock`."""
    name, bracket, case = item.name.partition("[")
    words = name.removeprefix("test_").replace("_", " ")
    if words in ("runTest", "run test"):  # a state machine: named after its class
        owner = type(getattr(item, "obj", None).__self__).__qualname__.split(".")[0]  # type: ignore[union-attr]
        words = "".join(f" {sign.lower()}" if sign.isupper() else sign for sign in owner)
        words = words.removeprefix(" test").strip()
    return f"{group_of(item)}: {words}{f' [{case}' if bracket else ''}"


def modules_wanted(suite: Path, select: Sequence[str]) -> list[Path]:
    """The modules in which the selected contracts are, as far as that shows without reading them.

    To read a module may take seconds, as it does where schemathesis is needed.
    """
    modules = sorted(suite.rglob("test_*.py"))
    homes: set[Path] = set()
    for text in select:
        if text in GROUPS:
            homes.update(module for module in modules if _group(module) == text)
            continue
        words = text.partition("[")[0].strip().replace(" ", "_")
        named = [module for module in modules if words and words in _test_names(module)]
        if not named:
            return modules
        homes.update(named)
    return sorted(homes) or modules


def _test_names(module: Path) -> str:
    lines = module.read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if line.startswith("def test_"))


def _group(module: Path) -> str:
    folder = module.parent.name
    return folder if folder != SUITE else module.stem.removeprefix("test_")


def is_wanted(item: pytest.Item, select: Sequence[str], ignore: Sequence[str]) -> bool:
    """Whether a contract is among those selected, and not among those ignored."""
    return (not select or _matches(item, select)) and not _matches(item, ignore)


def _matches(item: pytest.Item, texts: Sequence[str]) -> bool:
    return any(_names(item, text) for text in texts)


def _names(item: pytest.Item, text: str) -> bool:
    if text in GROUPS:
        return group_of(item) == text
    known = (name_of(item), item.name, f"{group_of(item)}::{item.name}")
    return any(text in name or fnmatchcase(name, text) for name in known)
