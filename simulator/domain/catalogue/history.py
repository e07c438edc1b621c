"""What quantities were before they became what they are: a bounded account."""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from .. import bounds
from ..as_of import AsOf
from ..bounds import Tally
from ..inventory import BatchSource, Source


class HistoryEntry(NamedTuple):
    """One earlier state of a quantity, which it had `until` the next one came about.

    `ref` is None for a position's plain count. `made` is how many quantities the catalogue had made
    by then, which is the order of things while the clock stands still.
    """

    position: int
    ref: str | None
    at: int
    source: Source | int
    quantity: int
    status: str
    until: int
    made: int

    @property
    def cause(self) -> Source:
        """The batch line or event entry that brought this state about."""
        source = self.source
        return BatchSource.unpacked(source) if isinstance(source, int) else source


# A full load writes as many as it has records, and a bare tuple is made several times as fast.
Written = tuple[int, int, str | None, int, Source | int, int, str, int, int]
"""A catalogue's number, and an entry of it."""


class EarlierStates:
    """What quantities of some positions were, as found: little is done while others wait."""

    def __init__(self, written: list[Written]) -> None:
        self._written = written

    def by_position(self) -> dict[int, list[HistoryEntry]]:
        """All of them by position, in the order in which they were superseded."""
        found: dict[int, list[HistoryEntry]] = defaultdict(list)
        for written in self._written:
            found[written[1]].append(HistoryEntry(*written[1:]))
        return found

    def of(
        self, quantities: Collection[tuple[int, str | None]]
    ) -> dict[tuple[int, str | None], list[HistoryEntry]]:
        """The entries of these quantities, oldest first, by position and ref."""
        found: dict[tuple[int, str | None], list[HistoryEntry]] = defaultdict(list)
        for written in self._written:
            if (quantity := (written[1], written[2])) in quantities:
                found[quantity].append(HistoryEntry(*written[1:]))
        return found


class History:
    """The latest superseded states of an account's quantities; the oldest are dropped first."""

    def __init__(self) -> None:
        self._entries: deque[Written] = deque(maxlen=bounds.HISTORY.limit)
        self._written = 0

    def write(
        self,
        catalogue: int,
        position: int,
        ref: str | None,
        at: int,
        source: Source | int,
        quantity: int,
        status: str,
        until: int,
        made: int,
    ) -> None:
        """Keep a state that is about to be replaced, of a catalogue by its number."""
        self._written += 1
        self._entries.append((catalogue, position, ref, at, source, quantity, status, until, made))

    def write_all(self, written: Sequence[Written]) -> None:
        """Keep states that have just been replaced, as `write` takes them one by one."""
        self._written += len(written)
        self._entries.extend(written)

    def recall(self, kept: Iterable[Written], written: int) -> None:
        """Have these entries, of so many that there have been."""
        self._entries.extend(kept)
        self._written = written

    @property
    def written(self) -> int:
        """How many there have been, kept or not."""
        return self._written

    def kept(self) -> list[Written]:
        """Those that are kept, oldest first."""
        return list(self._entries)

    def tally(self) -> Tally:
        """How many entries there are, and how many the bound has cost so far."""
        tally = Tally(bounds.HISTORY)
        tally.held = len(self._entries)
        tally.lost = self._written - tally.held
        return tally

    @property
    def lost_until(self) -> int | None:
        """What was superseded by then may be lost; None while nothing is."""
        entries = self._entries
        return entries[0][7] if entries and self._written > len(entries) else None

    def unseen(self, as_of: AsOf) -> tuple[dict[tuple[int, int, str | None], HistoryEntry], bool]:
        """What a late reader sees of quantities that have changed, by catalogue, position and ref.

        And whether all of that is still kept.
        """
        found: dict[tuple[int, int, str | None], HistoryEntry] = {}
        place = self._written
        for entry in reversed(self._entries):
            place -= 1
            if place < as_of.mark.states or not as_of.is_unseen(entry[7]):
                return found, True
            found[entry[:3]] = HistoryEntry(*entry[1:])
        return found, place <= as_of.mark.states

    def of(self, catalogue: int, positions: set[int]) -> "EarlierStates":
        """The entries of these positions, oldest first."""
        return EarlierStates(
            [each for each in self._entries if each[1] in positions and each[0] == catalogue]
        )
