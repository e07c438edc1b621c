"""Whole numbers as clients write them: JSON Schema takes 1.0 for one, Fluent's rules do not."""

import re
from dataclasses import dataclass
from typing import Literal

from ..errors import Fault

LEAST, MOST = -(2**31), 2**31 - 1
"""GraphQL's Int, which a quantity is (GraphQL schema docs)."""

_TEXT = re.compile(r"[+-]?[0-9]{1,10}")

EXPECTED = "a whole number written without a decimal point or exponent"


@dataclass(frozen=True, slots=True)
class WholeNumbers:
    """Reads quantities that have passed their schema."""

    decimals: Literal["refuse", "accept"]

    def fault(self, value: object, pointer: str) -> Fault | None:
        """What is wrong with the way a number is written, if anything."""
        if isinstance(value, float) and self.decimals == "refuse":
            return Fault(pointer, str(value), EXPECTED)
        if isinstance(value, str) and _TEXT.fullmatch(value) and not LEAST <= int(value) <= MOST:
            return Fault(pointer, f'"{value}"', f"a whole number from {LEAST:,} to {MOST:,}")
        return None


def whole(value: object) -> int:
    """The number a value stands for: an integer, a float without fraction, or digits."""
    return int(value)  # type: ignore[call-overload, no-any-return]
