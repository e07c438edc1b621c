"""Values as Python has them, for a test to paste: as a formatter would lay them out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

INDENT = "    "


def on_one_line(value: object) -> str:
    """The expression for a value of JSON, or a tuple of such."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False) if value.isprintable() else repr(value)
    if isinstance(value, dict):
        told = (f"{on_one_line(key)}: {on_one_line(each)}" for key, each in value.items())
        return f"{{{', '.join(told)}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(on_one_line, value))}]"
    if isinstance(value, tuple):
        comma = "," if len(value) == 1 else ""
        return f"({', '.join(map(on_one_line, value))}{comma})"
    return repr(value)


def laid_out(value: object, room: int) -> str:
    """The same, over several lines where one has no room for it; all but the first are indented."""
    told = on_one_line(value)
    if len(told) <= room or not value or not isinstance(value, dict | list):
        return told
    inner = room - len(INDENT) - 1
    if isinstance(value, list):
        lines = [laid_out(each, inner) for each in value]
    else:
        keys = map(on_one_line, value)
        lines = [
            f"{key}: {laid_out(each, inner - len(key) - 2)}"
            for key, each in zip(keys, value.values(), strict=True)
        ]
    begin, end = "[]" if isinstance(value, list) else "{}"
    return f"{begin}\n{_a_line_each(lines)}{end}"


def called_with(name: str, arguments: Sequence[str], room: int) -> str:
    """A call with these expressions, each on lines of its own where one has no room for all."""
    told = f"{name}({', '.join(arguments)})"
    if len(told) <= room and "\n" not in told:
        return told
    return f"{name}(\n{_a_line_each(arguments)})"


def indented(text: str) -> str:
    """What follows the first line of a text, one step further in."""
    return text.replace("\n", f"\n{INDENT}")


def _a_line_each(texts: Iterable[str]) -> str:
    return "".join(f"{INDENT}{indented(text)},\n" for text in texts)
