"""Query parameters: what a caller may have meant by an unknown one, and words to choose from."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from difflib import get_close_matches

from ..clock import milliseconds
from ..errors import MOST_LISTED_NAMES, Fault, refused, shortened

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""What a person may call what can be asked for by its name."""
LONGEST_NAME = 100
"""Characters of a name that may be a slip of the pen; a longer one is none."""


def check_name(name: str) -> None:
    """Raise ApiError (400) for what cannot be a name in a path."""
    fault = name_fault(name, "{name}")
    if fault is not None:
        raise refused([fault])


def name_fault(name: str, pointer: str) -> Fault | None:
    """What is wrong with a name that stands there; None where nothing is."""
    if NAME.fullmatch(name) is not None:
        return None
    expected = "1 to 64 of A-Z a-z 0-9 . _ -, the first of them a letter or a digit"
    return Fault(pointer, f'"{shortened(name)}"', expected)


def nearest(name: str, known: Collection[str]) -> str | None:
    """The parameter that an unknown one was most likely meant to be; None when none is near.

    Case and separators do not count, nor what stands before the last dot.
    """
    if len(name) > LONGEST_NAME:
        return None
    plain = {_plain(each): each for each in known}
    found = plain.get(_plain(name))
    if found is None:
        ends = {_plain(each.rpartition(".")[2]): each for each in known}
        asked = _plain(name.rpartition(".")[2])
        near = get_close_matches(asked, ends, n=1)
        starting = [end for end in ends if asked and end.startswith(asked)]
        found = ends[near[0]] if near else ends[starting[0]] if len(starting) == 1 else None
    return found


def expected_for(name: str, known: Collection[str]) -> str:
    """What was expected in place of an unknown parameter, for a message."""
    near = nearest(name, known)
    if near is not None:
        return near
    return either(known) if known else "no parameter"


def either(choices: Collection[str]) -> str:
    """What there is to choose from, for a message."""
    return ", ".join(choices) if len(choices) == 1 else f"one of {', '.join(choices)}"


def refuse_unknown(names: Iterable[str], known: Collection[str], under: str = "?") -> None:
    """Raise ApiError (400) for parameters that nobody reads, each with what may have been meant.

    They are of the query, or of a body where they stand under "/". What may have been meant costs
    more than to send a name: of many only the first are told.
    """
    unknown = [name for name in dict.fromkeys(names) if name not in known]
    faults = [
        Fault(f"{under}{shortened(name)}", "an unknown parameter", expected_for(name, known))
        for name in unknown[:MOST_LISTED_NAMES]
    ]
    if faults:
        raise refused(faults, total=len(unknown))


def one_of(query: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    """A parameter that is one of some words, the first when it is left out; raises ApiError."""
    value = query.get(name, choices[0])
    if value not in choices:
        raise refused([Fault(f"?{name}", f'"{shortened(value)}"', either(choices))])
    return value


def moment(query: Mapping[str, str], name: str) -> int | Fault | None:
    """A parameter that is a moment, in milliseconds since 1970; None when it is left out."""
    text = query.get(name)
    if text is None:
        return None
    try:
        # A plus sign that was not percent-encoded arrives as a space.
        found = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
        aware = found if found.tzinfo else found.replace(tzinfo=UTC)
        return milliseconds(aware.astimezone(UTC))
    except (ValueError, OverflowError):
        expected = "an ISO 8601 time in UTC, such as 2026-02-05T06:31:56.895Z"
        return Fault(f"?{name}", repr(shortened(text)), expected)


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name)).lower()
