"""Event ids: random UUIDs from a generator of our own.

`uuid.uuid4` asks the operating system each time, which lets go of the interpreter lock in the
middle of a request; ids need to be unique here, not secret.

An event's id ends in four zeros. The rows that tell what the event did have ids of their own, which
end in the row's number: so a row is found without being kept.
"""

import random


class EventIds:
    """Makes event ids; the same seed makes the same ones."""

    def __init__(self, seed: int | None = None) -> None:
        self._bits = random.Random(seed).getrandbits

    def next(self) -> str:
        """A new UUID, version 4 (RFC 9562)."""
        digits = f"{self._bits(128) & _CLEAR | _VERSION_4:032x}"
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


_CLEAR = ~(0xF000 << 64 | 0xC000 << 48 | 0xFFFF)
_VERSION_4 = 0x4000 << 64 | 0x8000 << 48
