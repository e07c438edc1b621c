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


class Pattern:
    """A text in which % stands for any text; capitals count as small letters.

    Fluent docs: GraphQL enhancements, 27 May 2025 (the `ref` and `name` of products).
    """

    SIGN = "%"

    def __init__(self, text: str) -> None:
        self._first, *middle = text.casefold().split(self.SIGN)
        self._last = middle.pop() if middle else None
        self._middle = middle

    def matches(self, text: str) -> bool:
        """Whether a text is as the pattern says; its time grows with the text's length only."""
        text = text.casefold()
        if self._last is None:
            return text == self._first
        at, end = len(self._first), len(text) - len(self._last)
        if end < at or not text.startswith(self._first) or not text.endswith(self._last):
            return False
        for part in self._middle:
            found = text.find(part, at, end)
            if found < 0:
                return False
            at = found + len(part)
        return True


class Patterns:
    """Texts that are looked for, some of them patterns; what stands in none is looked for as is."""

    def __init__(self, texts: Collection[str | None]) -> None:
        self._patterns = [Pattern(text) for text in texts if text and Pattern.SIGN in text]
        self._texts = frozenset(texts)

    @staticmethod
    def are_in(texts: Wanted) -> bool:
        """Whether any of these texts is a pattern."""
        return texts is not None and any(text and Pattern.SIGN in text for text in texts)

    @property
    def rows_worth(self) -> int:
        """How many rows could be passed by while they are tried on one."""
        return 1 + len(self._patterns)

    def matches(self, text: str) -> bool:
        """Whether any of them is this text, or is a pattern for it."""
        return text in self._texts or any(pattern.matches(text) for pattern in self._patterns)
