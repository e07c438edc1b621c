"""How hard the contracts are tried, for those parts of the suite that must know before they run."""

from __future__ import annotations

from contextvars import ContextVar
from typing import NamedTuple

from .options import DEFAULT_EXAMPLES


class Intensity(NamedTuple):
    """Examples for each contract, and the seed that makes them."""

    max_examples: int = DEFAULT_EXAMPLES
    seed: int = 1


INTENSITY: ContextVar[Intensity] = ContextVar("intensity")
