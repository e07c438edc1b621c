"""How contracts are called: a test's name, read as a sentence, after the group it belongs to."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from difflib import SequenceMatcher
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

import pytest

from .options import GROUPS

SUITE = "suite"
NEAR, ALIKE = 0.5, 0.6
"""Of the words, and of the letters, that a name has to share to be told as the one meant."""
SPECIFIC = 3
"""Words from which on a text is taken for a part of a description, not of a case."""


def group_of(item: pytest.Item) -> str:
    """The group of a contract: its folder of the suite, or else its module."""
    return _group(item.path)


def name_of(item: pytest.Item) -> str:
    """`semantic: a count sets the stock`."""
    name, bracket, case = item.name.partition("[")
    words = name.removeprefix("test_").replace("_", " ")
    if words in ("runTest", "run test") and isinstance(item, pytest.Function):
        # A state machine: named after its class.
        owner = type(item.obj.__self__).__qualname__.split(".")[0]
        words = "".join(f" {sign.lower()}" if sign.isupper() else sign for sign in owner)
        words = words.removeprefix(" test").strip()
    return f"{group_of(item)}: {words}{f' [{case}' if bracket else ''}"


def modules_wanted(suite: Path, select: Sequence[str]) -> list[Path]:
    """The modules in which the selected contracts are, as far as that shows without reading them.

    To read a module may take seconds, as it does where schemathesis is needed. A text of few words
    may be in the name of a case, which only shows once the modules are read: then all are.
    """
    modules = sorted(suite.rglob("test_*.py"))
    homes: set[Path] = set()
    for text in select:
        if text in GROUPS:
            homes.update(module for module in modules if _group(module) == text)
            continue
        words = _plain(text.partition("[")[0].removeprefix(f"{text.partition(':')[0]}:"))
        named = [module for module in modules if words in _descriptions(module)]
        if not named or len(words.split()) < SPECIFIC:
            return modules
        homes.update(named)
    return sorted(homes) or modules


def _descriptions(module: Path) -> str:
    """The tests of a module by their names and what is said of them."""
    told = []
    for node in ast.parse(module.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            told += [node.name.replace("_", " "), ast.get_docstring(node) or ""]
    return _plain("\n".join(told))


def _group(module: Path) -> str:
    folder = module.parent.name
    return folder if folder != SUITE else module.stem.removeprefix("test_")


class Contract(NamedTuple):
    """What a contract is known by: its printed name, its group, and more that it answers to."""

    name: str
    group: str
    others: tuple[str, ...] = ()

    def is_wanted(self, select: Sequence[str], ignore: Sequence[str]) -> bool:
        """Whether it is among those selected, and not among those ignored."""
        chosen = not select or any(map(self.answers_to, select))
        return chosen and not any(map(self.answers_to, ignore))

    def answers_to(self, text: str) -> bool:
        """Whether a text means it: its group, a part of what it is called, or a pattern."""
        if text in GROUPS:
            return self.group == text
        wanted = _plain(text)
        known = [_plain(name) for name in (self.name, *self.others)]
        return any(wanted in name or fnmatchcase(name, wanted) for name in known)


def contract_of(item: pytest.Item) -> Contract:
    """A contract by its test: it answers to its description and to the test's own name, too."""
    group = group_of(item)
    about = getattr(getattr(item, "obj", None), "__doc__", None) or ""
    others = (item.name, f"{group}::{item.name}", about.partition("\n\n")[0])
    return Contract(name_of(item), group, others)


def unknown(option: str, texts: Sequence[str], contracts: Sequence[Contract]) -> list[str]:
    """A sentence for each text that means no contract, with the nearest one if one is near."""
    names = [*GROUPS, *(each.name for each in contracts)]
    return [
        f"{option}: no contract is called {text!r}{_meant(text, names)}"
        " (`fluent-sim contract --list` tells them all)"
        for text in texts
        if not any(each.answers_to(text) for each in contracts)
    ]


def _meant(text: str, names: Sequence[str]) -> str:
    """The nearest name, where one is near: half of the words are in it, or most of the letters."""
    wanted = _plain(text)
    words = set(wanted.split())

    def likeness(name: str) -> tuple[float, float]:
        known = _plain(name)
        shared = len(words & set(known.split())) / max(len(words), 1)
        return shared, SequenceMatcher(None, wanted, known).ratio()

    nearest = max(names, key=likeness, default="")
    shared, letters = likeness(nearest)
    return f"; the nearest is {nearest!r}" if shared >= NEAR or letters >= ALIKE else ""


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
