"""Fresh names for what a run writes; all begin with the run's prefix."""

from __future__ import annotations

import random
import secrets
from itertools import count

SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: nothing in it is taken for something else when read aloud."""
LONGEST_PREFIX = 12


def random_prefix() -> str:
    """A prefix that no other run is likely to have; short, for location refs are at most 8 long."""
    return "T" + "".join(secrets.choice(SYMBOLS) for _ in range(4))


class Names:
    """Names in a row, the same for the same prefix and seed; no two of a kind are alike.

    A product's name differs from run to run, unless prefix and seed are repeated. A location's
    does not, so that it stays short: a position is known by both.
    """

    def __init__(self, prefix: str, seed: int) -> None:
        self.prefix = prefix
        chance = random.Random(seed)
        self._run = "".join(chance.choice(SYMBOLS) for _ in range(4))
        self._products = count(1)
        self._locations = count(1)
        self._deltas = count(1)
        self._fulfilments = count(1)

    def product(self) -> str:
        """A product that no position has yet."""
        return f"{self.prefix}-{self._run}-{_short(next(self._products))}"

    def location(self) -> str:
        """A location; at most 8 characters long for the first thousands, with a short prefix."""
        return f"{self.prefix}{_short(next(self._locations))}"

    def delta_id(self) -> str:
        """The id of a delta."""
        return f"{self.prefix}-{self._run}-d{_short(next(self._deltas))}"

    def fulfilment(self) -> str:
        """The id of a fulfilment."""
        return f"{self.prefix}-{self._run}-f{_short(next(self._fulfilments))}"


def _short(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, len(SYMBOLS))
        digits = SYMBOLS[digit] + digits
    return digits
