"""What lists are searched by."""

from collections.abc import Collection
from typing import NamedTuple

Wanted = Collection[str | None] | None
"""The values looked for, or None for any."""


class Span(NamedTuple):
    """A span of time in milliseconds since 1970, both ends included; None is open."""

    since: int | None = None
    until: int | None = None

    def contains(self, moment: int) -> bool:
        """Whether a moment lies in it."""
        return (self.since is None or self.since <= moment) and (
            self.until is None or moment <= self.until
        )
