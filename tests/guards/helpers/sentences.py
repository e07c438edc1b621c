"""What a folder of ours says that it may import: a row of the table, written by `make readme`.

What the folder is for stands before it, and is written by people.
"""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

from ..test_imports import MAY_IMPORT
from .imports import FOLDERS, ROOT

WIDTH = 100
BEGINNING = "May import"


def room_of(package: Path) -> str:
    """The row of the table that a folder has, by its `__init__.py`."""
    return package.parent.relative_to(ROOT).as_posix()


PACKAGES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("__init__.py"))


def sentence(may_import: str) -> str:
    """A row of the table in words."""
    entries = [
        f"{entry.removeprefix('+')} (and what that may)" if entry.startswith("+") else entry
        for entry in may_import.split()
    ]
    words = f"{BEGINNING}: {', '.join(entries)}." if entries else f"{BEGINNING} nothing of ours."
    return textwrap.fill(words, WIDTH, break_on_hyphens=False)


def with_sentence(source: str, may_import: str) -> str:
    """The source of an `__init__.py`, with this sentence below the first line of its docstring."""
    opening, said, rest = re.split('"""', source, maxsplit=2)
    first, *more = said.strip("\n").split("\n\n")
    kept = [part for part in more if not part.startswith(BEGINNING)]
    text = "\n\n".join([first, sentence(may_import), *kept])
    return f'{opening}"""{text}\n"""{rest}'


def as_it_should_be(package: Path) -> str:
    """The source of a folder's `__init__.py`, with the sentence that the table has for it.

    Raises LookupError for a folder that the table does not have.
    """
    room = room_of(package)
    if room not in MAY_IMPORT:
        raise LookupError(
            f"{room} has no row: say in MAY_IMPORT of tests/guards/test_imports.py what it may"
            " import, and run `make readme` again"
        )
    return with_sentence(package.read_text(encoding="utf-8"), MAY_IMPORT[room])
