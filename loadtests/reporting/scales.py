"""Axes: where a value lies on a line of so many units, and which ticks a reader needs."""

from __future__ import annotations

import math
from dataclasses import dataclass

_HIGHEST = 1e300
"""What is higher lies at the end of an axis, so that there is a tick above every value."""


@dataclass(frozen=True, slots=True)
class Scale:
    """From `low` to `high`; by powers of ten where `log`."""

    low: float
    high: float
    log: bool = False

    def share(self, value: float) -> float:
        """How far along the axis a value lies, 0 to 1; what is outside lies at the end."""
        low, high = self.low, self.high
        if self.log:
            low, high, value = math.log10(low), math.log10(high), math.log10(max(value, low))
        return min(max((value - low) / (high - low), 0.0), 1.0)

    def ticks(self, wanted: int = 5) -> list[float]:
        """Round numbers inside the axis, at most about so many."""
        return _decades(self.low, self.high) if self.log else _steps(self.low, self.high, wanted)


def linear(high: float) -> Scale:
    """From 0 to somewhat more than `high`."""
    high = min(high, _HIGHEST) if high > 1 / _HIGHEST else 1.0
    step = _step(high, 4)
    return Scale(0.0, max(step, math.ceil(high / step - 1e-9) * step))


def logarithmic(low: float, high: float) -> Scale:
    """Whole powers of ten around what lies from `low` to `high`; at least one."""
    low, high = (min(max(value, 1e-3), _HIGHEST) for value in (low, high))
    start = math.floor(math.log10(low) + 1e-9)
    return Scale(10.0**start, 10.0 ** max(math.ceil(math.log10(high) - 1e-9), start + 1), True)


def time_labels(seconds: float) -> tuple[float, str]:
    """The unit in which to label a time axis of this length: its seconds, and its name."""
    if seconds < 300:
        return 1.0, "s"
    return (60.0, "min") if seconds < 3 * 3600 else (3600.0, "h")


def tick_text(value: float) -> str:
    """A tick's label, such as `20k`."""
    value = round(value, 9)
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:.4g}{letter}"
    return f"{value:.4g}"


def _step(span: float, wanted: int) -> float:
    rough = span / wanted
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * nice for nice in (1, 2, 5, 10) if power * nice >= rough * (1 - 1e-9))


def _steps(low: float, high: float, wanted: int) -> list[float]:
    step = _step(high - low, wanted)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [number * step for number in range(first, last + 1)]


def _decades(low: float, high: float) -> list[float]:
    first, last = round(math.log10(low)), round(math.log10(high))
    return [10.0**power for power in range(first, last + 1)]
