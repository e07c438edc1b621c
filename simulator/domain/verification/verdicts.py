"""How an expectation came out, and what came closest to it."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple


class Judged(StrEnum):
    """Whether an expectation was met; `unknown` where what would tell is no longer kept."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Difference(NamedTuple):
    """In what something is not what was expected."""

    field: str
    expected: str
    found: str


class NearMiss(NamedTuple):
    """A request that came close, by its id, or something else, which has none."""

    request: int | None
    differences: Sequence[Difference]


class Judgement(NamedTuple):
    """The verdict on one expectation, and why, in a sentence."""

    verdict: Judged
    reason: str
    requests: Sequence[int] = ()
    """Those that it rests on, by their ids."""
    near_misses: Sequence[NearMiss] = ()


def overall(verdicts: Sequence[Judged]) -> Judged:
    """Of several: failed as soon as one has, and passed only if all have."""
    if Judged.FAILED in verdicts:
        return Judged.FAILED
    return Judged.UNKNOWN if Judged.UNKNOWN in verdicts else Judged.PASSED
