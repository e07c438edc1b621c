"""Which points a run has passed: how many requests of each operation it sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ..domain.trouble.points import SIGN_IN

ANY_WITH_A_TOKEN = ""
"""In the place of an operation: every call that carries a token."""


class PassedPoints(NamedTuple):
    """How many requests of each operation there were, by the operations' names."""

    requests: Mapping[str, int]

    @classmethod
    def of(cls, seen: Iterable[Mapping[str, Any]]) -> PassedPoints:
        """Of the requests that the control API tells."""
        counts = Counter(each["operation"] for each in seen)
        return cls(dict(sorted(counts.items())))

    @property
    def total(self) -> int:
        """All requests."""
        return sum(self.requests.values())

    @property
    def with_a_token(self) -> int:
        """Those that are no sign-ins."""
        return self.total - self.requests.get(SIGN_IN, 0)

    def has_any(self, operations: Iterable[str]) -> bool:
        """Whether there was a request of one of these operations."""
        return any(operation in self.requests for operation in operations)
