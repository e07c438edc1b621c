"""What rules remember with: maps and sets that forget the oldest, so that none grows for ever.

Those with a bound in entries hold numbers, whose size no sender chooses: hashes and times. Texts
have a bound in bytes, in the table of all that is held.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterator, Sequence
from itertools import compress
from operator import is_
from sys import getsizeof
from typing import Generic, TypeVar

from fluent_oms_simulator.domain.bounds import Bound, Tally

_MAP_BYTES = 350
"""What a map takes with its place in another, besides its entries."""
_SLOT_BYTES = 150
"""What an entry takes besides its texts, in a map that has just grown."""

K = TypeVar("K")
V = TypeVar("V")


class Recent(Generic[K, V]):
    """A map of at most `bound` keys; the key that was used least recently makes room."""

    def __init__(self, bound: int) -> None:
        self._bound = bound
        self._values: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K) -> V | None:
        """The value of a key, which is thereby used; None without one."""
        value = self._values.get(key)
        if value is not None:
            self._values.move_to_end(key)
        return value

    def put(self, key: K, value: V) -> None:
        """Set a value; the key is thereby used."""
        values = self._values
        before = len(values)
        values[key] = value
        if len(values) == before:
            values.move_to_end(key)
        elif before >= self._bound:
            values.popitem(last=False)

    def pop(self, key: K) -> V | None:
        """Forget a key; returns the value it had."""
        return self._values.pop(key, None)

    def __contains__(self, key: K) -> bool:
        return key in self._values

    def __iter__(self) -> Iterator[K]:
        """The keys, least recently used first."""
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


class Seen:
    """A set of hashes that holds at least the last `bound` added, and at most twice as many.

    Two generations: when the younger is full it becomes the older, which is dropped. It takes many
    hashes at once, and is then a few times as fast as an ordered map.
    """

    def __init__(self, bound: int) -> None:
        self._bound = bound
        self._young: set[int] = set()
        self._old: set[int] = set()

    def update(self, values: Collection[int]) -> None:
        """Remember hashes; more than `bound` at once are all remembered until the next."""
        young = self._young
        young.update(values)
        if len(young) >= self._bound:
            self._old = young
            self._young = set()

    def has_any(self, values: Collection[int]) -> bool:
        """Whether one of the hashes is remembered."""
        return not (self._young.isdisjoint(values) and self._old.isdisjoint(values))

    def __contains__(self, value: int) -> bool:
        return value in self._young or value in self._old

    def __len__(self) -> int:
        return len(self._young) + len(self._old)


class Firsts:
    """Maps of texts by what they are about, which keep the first value that each key was given.

    They take at most the bytes of a bound: two generations, as in `Seen`, of half of it each. It
    takes many keys at once.
    """

    def __init__(self, bound: Bound) -> None:
        self.tally = Tally(bound)
        self._young: dict[int, dict[str, str]] = {}
        self._old: dict[int, dict[str, str]] = {}
        self._young_bytes = 0

    def first(self, about: int, keys: Sequence[str], values: Sequence[str]) -> list[str]:
        """The first value of each key, which is this one where there was none.

        `about` is a hash.
        """
        size = 0 if about in self._young else _MAP_BYTES
        young = self._young.setdefault(about, {})
        before = len(young)
        found = list(map(young.setdefault, keys, values))
        if len(young) > before:
            if about in self._old:
                old = self._old[about]
                for index, key in enumerate(keys):
                    earlier = old.get(key)
                    if earlier is not None and found[index] == values[index]:
                        found[index] = young[key] = earlier
            # A value that a key gave back is its own: most likely it was just put in.
            own = list(map(is_, found, values))
            size += sum(map(_entry_bytes, compress(keys, own), compress(values, own)))
        if size:
            self._hold(size)
        return found

    def replace(self, about: int, key: str, value: str) -> None:
        """Let a key have another value from now on."""
        generation = self._young if key in self._young.get(about, ()) else self._old
        generation[about][key] = value

    def _hold(self, size: int) -> None:
        tally = self.tally
        tally.held += size
        self._young_bytes += size
        if self._young_bytes * 2 > tally.limit:
            tally.lost += sum(map(len, self._old.values()))
            tally.held = self._young_bytes
            self._old, self._young, self._young_bytes = self._young, {}, 0

    def __len__(self) -> int:
        return sum(len(kept) for kept in (*self._young.values(), *self._old.values()))


def _entry_bytes(key: str, value: str) -> int:
    return _SLOT_BYTES + getsizeof(key) + getsizeof(value)
