"""How a guard tells of what is broken, and how it is tried on code with a planted break."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from .imports import Code


def tell(breaks: Iterable[str], what_to_do: str) -> None:
    """Fail with each break in a line of its own, and a sentence that says what to do."""
    lines = list(breaks)
    if lines:
        pytest.fail("\n".join([*lines, "", what_to_do]), pytrace=False)


@contextmanager
def told(*parts: str) -> Iterator[None]:
    """A guard fails in here, and what it says has each of these parts."""
    with pytest.raises(pytest.fail.Exception) as failure:
        yield
    said = str(failure.value)
    assert [part for part in parts if part not in said] == [], said


def planted(root: Path, **files: str) -> Code:
    """Code of a few files: names with `__` for a slash, and what is in them."""
    for name, text in files.items():
        path = root / f"{name.replace('__', '/')}.py"
        for folder in path.relative_to(root).parents[:-1]:
            (root / folder).mkdir(parents=True, exist_ok=True)
            (root / folder / "__init__.py").touch()
        path.write_text(text, encoding="utf-8")
    return Code(root)
