"""What a test may call an operation: as Fluent's description does, or in one word."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Literal, get_args

__tracebackhide__ = True  # pytest shows the line of the test that has called

Operation = Literal[
    "event",
    "batch",
    "job",
    "sign_in",
    "poll",
    "graphql",
    "issueToken",
    "createJob",
    "getJob",
    "createBatch",
    "getBatch",
    "getJobResults",
    "sendEvent",
    "sendEventAndWait",
    "findEvents",
    "getEvent",
    "executeGraphql",
]

WORDS: Mapping[str, tuple[str, ...]] = {
    "event": ("sendEvent", "sendEventAndWait"),
    "batch": ("createBatch",),
    "job": ("createJob",),
    "sign_in": ("issueToken",),
    "poll": ("getBatch",),
    "graphql": ("executeGraphql",),
}
"""The operations that each of the short words stands for."""

EVENTS = {"method": "POST", "path": "/api/v4.1/event/"}
"""What the requests are like that send an event, whether they wait for it or not."""


def operations(word: str) -> tuple[str, ...]:
    """What a word stands for, in Fluent's names; raises ValueError for one that stands for none."""
    known = get_args(Operation)
    if word not in known:
        near = get_close_matches(word, known, n=1)
        hint = f"did you mean {near[0]}?" if near else f"expected one of {', '.join(known)}"
        raise ValueError(f"there is no operation {word!r}; {hint}")
    return WORDS.get(word, (word,))


def matched(word: str) -> dict[str, str]:
    """The part of a fault rule's match that is for this operation."""
    named = operations(word)
    return {"operation": named[0]} if len(named) == 1 else dict(EVENTS)


def in_fluents_names(expectation: Mapping[str, object]) -> dict[str, object]:
    """An expectation whose filters of requests may name an operation in one word.

    Raises TypeError for what is none.
    """
    if not isinstance(expectation, Mapping):
        raise TypeError(
            f"found {expectation!r}, expected each expectation by itself, as in"
            " verify({...}, {...})"
        )
    return {
        key: _filter(value)
        if isinstance(value, Mapping)
        else [_filter(each) if isinstance(each, Mapping) else each for each in value]
        if isinstance(value, list | tuple)
        else value
        for key, value in expectation.items()
    }


def _filter(wanted: Mapping[str, object]) -> dict[str, object]:
    word = wanted.get("operation")
    if not isinstance(word, str):
        return dict(wanted)
    return {**wanted, "operation": ",".join(operations(word))}
