"""How fast what was accepted is applied: at once, after a while, or when it is asked for."""

import math
from collections.abc import Mapping
from enum import StrEnum
from hashlib import blake2b
from statistics import NormalDist
from types import MappingProxyType
from typing import NamedTuple

LONGEST_DELAY = 1_000_000_000
"""Milliseconds: eleven days and a half. No draw is longer, either."""


class SettlingMode(StrEnum):
    """When accepted work is applied."""

    IMMEDIATE = "immediate"
    TIME = "time"
    MANUAL = "manual"


class Distribution(StrEnum):
    """How the delays of single units differ."""

    FIXED = "fixed"
    UNIFORM = "uniform"
    LOGNORMAL = "lognormal"


NUMBERS: Mapping[Distribution, tuple[str, ...]] = MappingProxyType(
    {
        Distribution.FIXED: ("milliseconds",),
        Distribution.UNIFORM: ("from", "to"),
        Distribution.LOGNORMAL: ("median", "sigma"),
    }
)
"""What a distribution is told by; all in milliseconds but for sigma, which is of the logarithm."""


class Delay(NamedTuple):
    """How long a unit of work waits after it was accepted, in milliseconds of the simulator."""

    distribution: Distribution
    numbers: tuple[float, ...]
    """In the order of NUMBERS."""
    seed: int = 0

    def of(self, unit: bytes) -> int:
        """The delay of one unit: the same for the same unit and seed, whatever else there is."""
        if self.distribution is Distribution.FIXED:
            return round(self.numbers[0])
        share = self._share(unit)
        first, second = self.numbers
        if self.distribution is Distribution.UNIFORM:
            return round(first + (second - first) * share)
        spread = second * NormalDist().inv_cdf(share)
        return min(round(first * math.exp(spread)), LONGEST_DELAY)

    def _share(self, unit: bytes) -> float:
        """A number between 0 and 1 that is neither, as even over units as chance would make it."""
        digest = blake2b(unit, digest_size=8, key=b"%d" % self.seed).digest()
        return ((int.from_bytes(digest) >> 12) + 0.5) / (1 << 52)


class Settling(NamedTuple):
    """The choice that is in force."""

    mode: SettlingMode = SettlingMode.IMMEDIATE
    delay: Delay | None = None
    """None unless the mode is TIME."""

    def told(self) -> dict[str, object]:
        """The choice as fields, as the control API takes and tells them."""
        fields: dict[str, object] = {"mode": self.mode}
        if self.delay is not None:
            distribution, numbers, seed = self.delay
            fields["distribution"] = distribution
            fields |= zip(NUMBERS[distribution], numbers, strict=True)
            fields["seed"] = seed
        return fields


def settling_of(fields: Mapping[str, object]) -> Settling:
    """The choice that sound fields make, as `told` writes them."""
    mode = SettlingMode(str(fields["mode"]))
    if mode is not SettlingMode.TIME:
        return Settling(mode)
    distribution = Distribution(str(fields.get("distribution", Distribution.FIXED)))
    numbers = tuple(_number(fields[name]) for name in NUMBERS[distribution])
    return Settling(mode, Delay(distribution, numbers, int(_number(fields.get("seed", 0)))))


def _number(value: object) -> float:
    assert isinstance(value, int | float)
    return value
