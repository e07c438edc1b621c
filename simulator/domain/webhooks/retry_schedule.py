"""When a delivery has failed, and when it is tried again.

Fluent docs: retry schedule, 14 Feb 2024 (immediate, 2, 4 and 8 s; exponential: immediate, 1 minute,
1 hour, 1 day); webhook receivers, 30 July 2024 (3 retries within 14 s on connection timeout).
"""

from enum import StrEnum
from types import MappingProxyType


class RetrySchedule(StrEnum):
    """How often, and after how long, what has failed is tried again."""

    DEFAULT = "default"
    WITHOUT_IMMEDIATE = "without_immediate"
    EXPONENTIAL = "exponential"
    NONE = "none"


DELAYS = MappingProxyType(
    {
        RetrySchedule.DEFAULT: (0, 2_000, 4_000, 8_000),
        RetrySchedule.WITHOUT_IMMEDIATE: (2_000, 4_000, 8_000),
        RetrySchedule.EXPONENTIAL: (0, 60_000, 3_600_000, 86_400_000),
        RetrySchedule.NONE: (),
    }
)
"""Milliseconds from the end of one attempt to the next: 14 s is the sum of 2, 4 and 8."""


class FailureRule(StrEnum):
    """Which answers of a receiver make a delivery fail."""

    NOT_2XX = "not_2xx"
    SERVER_ERRORS = "server_errors"
    NO_ANSWER = "no_answer"


def has_failed(rule: FailureRule, status: int | None) -> bool:
    """Whether an attempt with this answer has failed; None is no answer at all."""
    if status is None:
        return True
    if rule is FailureRule.NOT_2XX:
        return not 200 <= status < 300
    return rule is FailureRule.SERVER_ERRORS and status >= 500


def next_attempt_at(schedule: RetrySchedule, attempts: int, at: int) -> int | None:
    """When the next attempt is, after so many of which the last failed at `at`; None: never."""
    delays = DELAYS[schedule]
    return at + delays[attempts - 1] if attempts <= len(delays) else None
