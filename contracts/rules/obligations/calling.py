"""What the rules about calls share."""

from __future__ import annotations

from ..rule import Call

MOST_CALLERS = 1_000
MOST_FAILURES = 1_000
RETRY_EVIDENCE = "Fluent docs: API retries and exponential back-offs, 5 July 2024"


def accepted(call: Call) -> bool:
    """Whether the reply says that the call was taken."""
    return call.status is not None and 200 <= call.status < 300


def failed(call: Call) -> bool:
    """Whether the caller cannot know if the call had an effect: no answer, or a 5xx."""
    return call.status is None or call.status >= 500
