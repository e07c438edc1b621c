"""How much mutations have written of all entities but quantities, and whether more may be written.

What is overwritten is not looked for at each mutation. So the tally counts all that was written,
which is at least what is held, and when that reaches the bound, what is held is counted anew.
"""

from collections.abc import Callable

from .bounds import Tally
from .faults import RuleError
from .sizes import held_bytes

ENTITY_BYTES = 2_000
"""What an entity takes at least, its places in indexes included."""

_COPIES = 2
"""What is kept of an input takes up to twice as much, with what belongs to it."""

_SHARE_WRITTEN = 8
_REFUSALS = 100
"""What is held is counted anew once this part of the bound was written, or so often was refused."""


def entity_bytes(entity: object) -> int:
    """About how many bytes an entity takes, with those that it holds."""
    return ENTITY_BYTES + held_bytes(entity)


class Writing:
    """Admits what mutations write, up to a bound."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._written = tally.limit
        self._refusals = 0

    def check(self, given: object, held: Callable[[], int]) -> int:
        """How much a mutation with this input adds at most; raises RuleError when it is too much.

        `held` counts all that is held.
        """
        tally = self._tally
        size = ENTITY_BYTES + _COPIES * held_bytes(given)
        if tally.has_room(size):
            return size
        self._refusals += 1
        if self._written * _SHARE_WRITTEN >= tally.limit or self._refusals >= _REFUSALS:
            self._written = self._refusals = 0
            tally.held = held()
            if tally.has_room(size):
                return size
        tally.lost += 1
        raise RuleError(
            f"what mutations wrote takes {tally.held:,} bytes, this would add up to {size:,}, and "
            f"the simulator keeps at most {tally.limit:,}; POST /__admin/reset forgets all of it"
        )

    def add(self, size: int) -> None:
        """Take note that so much was written."""
        self._tally.held += size
        self._written += size
