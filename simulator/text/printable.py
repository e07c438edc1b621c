"""Text of unknown origin, made fit to be shown.

What is logged and reported quotes requests and payloads, and they may hold anything: ends of lines,
colours for a terminal, halves of surrogate pairs, characters that XML has no place for, a megabyte.
"""

from __future__ import annotations

import re

LONGEST = 2_000
"""How many characters of one text a report for programs keeps."""

_COMMAND = re.compile(r"^(\s*):(?=:)|#(?=#\[)")
"""What a CI system takes for a command: `::` where a line begins, `##[` anywhere in it."""


def printable(text: str, longest: int = LONGEST) -> str:
    r"""The text on one line: what cannot be printed as its escape, such as `\n`, and cut if long.

    Python's idea of printable leaves out every control, format, surrogate, unassigned and
    separating character except the space, so what remains is legal in XML and harmless anywhere.
    What would be a command to a CI system is written so that it is none.
    """
    rest = len(text) - longest
    if rest > 0:
        text = text[:longest]
    if not text.isprintable():
        text = "".join(c if c.isprintable() else _escape(c) for c in text)
    if "::" in text or "##[" in text:
        text = _COMMAND.sub(_as_no_command, text)
    return f"{text}... ({rest:,} characters more)" if rest > 0 else text


def printable_lines(text: str, longest: int = LONGEST) -> list[str]:
    """The same for a text of several lines, such as a traceback: its line ends remain."""
    rest = len(text) - longest
    lines = [printable(line, longest) for line in text[:longest].splitlines()]
    if rest > 0:
        lines.append(f"... ({rest:,} characters more)")
    return lines


def unicode_text(text: str) -> str:
    """The text as it is, but for halves of surrogate pairs: no encoding can carry them."""
    if text.isascii():
        return text
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def _as_no_command(found: re.Match[str]) -> str:
    return "\\x23" if found[0] == "#" else f"{found[1]}\\x3a"
