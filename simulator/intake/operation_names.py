"""Which operation a method and a path stand for, as the API's description names it."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

OPERATIONS = {
    "POST /oauth/token": "issueToken",
    "POST /api/v4.1/job": "createJob",
    "GET /api/v4.1/job/{jobId}": "getJob",
    "POST /api/v4.1/job/{jobId}/batch": "createBatch",
    "GET /api/v4.1/job/{jobId}/batch/{batchId}": "getBatch",
    "GET /api/v4.1/job/{jobId}/results": "getJobResults",
    "POST /api/v4.1/event/async": "sendEvent",
    "POST /api/v4.1/event/sync": "sendEventAndWait",
    "GET /api/v4.1/event": "findEvents",
    "GET /api/v4.1/event/{eventId}": "getEvent",
    "POST /graphql": "executeGraphql",
}
LONGEST_NAME = 100
ALIKE = 0.7
"""Paths that have less in common are not told as the one that was meant."""


class Called(NamedTuple):
    """An operation, and the ids in its path."""

    operation: str
    job_id: str | None = None
    batch_id: str | None = None
    event_id: str | None = None


def called(method: str, path: str) -> Called:
    """What a call asks for; a path that is none stands for itself."""
    path = "/" + path.strip("/")  # as routing takes it, which answers such a call too
    operation = OPERATIONS.get(f"{method} {path}")
    if operation is not None:
        return Called(operation)
    for pattern, name, ids in _PATTERNS:
        found = pattern.fullmatch(f"{method} {path}")
        if found and path not in _WITHOUT_IDS:  # /event/async is no event with the id async
            return Called(name, **dict(zip(ids, found.groups(), strict=True)))
    return Called(f"{method} {path}"[:LONGEST_NAME])


@lru_cache(maxsize=1_000)
def operation_of(method: str, path: str) -> str:
    """The operation of a call; most calls come again and again."""
    return called(method, path).operation


def nearest(method: str, path: str) -> str:
    """The call that is most like this one, as the description writes it; empty without one."""
    path = _tidy(path[:LONGEST_NAME])
    likeness, *_, call = max(
        # Of equals the one that leaves less open, and then the one with the same method.
        (_likeness(call, path), -call.count("{"), call.startswith(f"{method} "), call)
        for call in OPERATIONS
    )
    return call if likeness >= ALIKE else ""


def _tidy(path: str) -> str:
    """A path without what is most often wrong with it: capitals, slashes, dots, and `;x`."""
    steps = [step.partition(";")[0] for step in path.lower().split("/")]
    return "/" + "/".join(step for step in steps if step not in ("", "."))


def _likeness(call: str, path: str) -> float:
    steps, given = call.partition(" ")[2].split("/"), path.split("/")
    if len(steps) == len(given):
        pairs = zip(steps, given, strict=True)
        steps = [found if step.startswith("{") else step for step, found in pairs]
    return SequenceMatcher(None, "/".join(steps), path, autojunk=False).ratio()


_IDS = {"jobId": "job_id", "batchId": "batch_id", "eventId": "event_id"}
_WITHOUT_IDS = frozenset(call.partition(" ")[2] for call in OPERATIONS)
_PATTERNS = [
    (
        re.compile(re.sub(r"\\{\w+\\}", "([^/]+)", re.escape(template))),
        operation,
        [_IDS[name] for name in re.findall(r"{(\w+)}", template)],
    )
    for template, operation in OPERATIONS.items()
    if "{" in template
]
