"""Which operation a method and a path stand for, as the API's description names it."""

from __future__ import annotations

import re
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


class Called(NamedTuple):
    """An operation, and the ids in its path under the names that details have."""

    operation: str
    ids: dict[str, str]


def called(method: str, path: str) -> Called:
    """What a call asks for; a path that is none stands for itself."""
    path = "/" + path.strip("/")  # as routing takes it, which answers such a call too
    operation = OPERATIONS.get(f"{method} {path}")
    if operation is not None:
        return Called(operation, {})
    for pattern, name, ids in _PATTERNS:
        found = pattern.fullmatch(f"{method} {path}")
        if found:
            return Called(name, dict(zip(ids, found.groups(), strict=True)))
    return Called(f"{method} {path}"[:LONGEST_NAME], {})


_DETAILS = {"jobId": "job_id", "batchId": "batch_id", "eventId": "event_id"}
_PATTERNS = [
    (
        re.compile(re.sub(r"\\{\w+\\}", "([^/]+)", re.escape(template))),
        operation,
        [_DETAILS[name] for name in re.findall(r"{(\w+)}", template)],
    )
    for template, operation in OPERATIONS.items()
    if "{" in template
]
