"""What a test may call an operation: as Fluent's description does, or in one word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

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
    """What a word stands for, in Fluent's names."""
    return WORDS.get(word, (word,))


def matched(word: str) -> dict[str, str]:
    """The part of a fault rule's match that is for this operation."""
    named = operations(word)
    return {"operation": named[0]} if len(named) == 1 else dict(EVENTS)
