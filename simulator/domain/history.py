"""What quantities were before they became what they are: a bounded account."""

from collections import defaultdict, deque
from typing import NamedTuple

from .inventory import BatchSource, Source

MOST_HISTORY_ENTRIES = 100_000


class HistoryEntry(NamedTuple):
    """One earlier state of a quantity; `ref` is None for a position's plain count."""

    position: int
    ref: str | None
    at: int
    source: Source | int
    quantity: int
    status: str

    @property
    def cause(self) -> Source:
        """The batch line or event entry that brought this state about."""
        source = self.source
        return BatchSource.unpacked(source) if isinstance(source, int) else source


# A full load writes as many as it has records, and a bare tuple is made several times as fast.
_Written = tuple[int, str | None, int, Source | int, int, str]


class History:
    """The latest superseded states of a catalogue's quantities; the oldest are dropped first."""

    def __init__(self) -> None:
        self._entries: deque[_Written] = deque(maxlen=MOST_HISTORY_ENTRIES)
        self._written = 0

    def write(
        self,
        position: int,
        ref: str | None,
        at: int,
        source: Source | int,
        quantity: int,
        status: str,
    ) -> None:
        """Keep a state that is about to be replaced."""
        self._written += 1
        self._entries.append((position, ref, at, source, quantity, status))

    @property
    def dropped(self) -> int:
        """How many entries the bound has cost so far."""
        return self._written - len(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def of(self, positions: set[int]) -> dict[tuple[int, str | None], list[HistoryEntry]]:
        """The entries of these positions, oldest first, by position and quantity ref."""
        found: dict[tuple[int, str | None], list[HistoryEntry]] = defaultdict(list)
        for written in self._entries:
            if written[0] in positions:
                entry = HistoryEntry(*written)
                found[entry.position, entry.ref].append(entry)
        return found
