"""When a delivery has failed, when it is tried again, and which events are told of at all."""

import pytest
from fluent_oms_simulator.domain.events import Event, EventContext, EventStatus
from fluent_oms_simulator.domain.webhooks.retry_schedule import (
    FailureRule,
    RetrySchedule,
    has_failed,
    next_attempt_at,
)
from fluent_oms_simulator.domain.webhooks.webhook import EventChoice


@pytest.mark.parametrize(
    ("schedule", "moments"),
    [
        ("default", [0, 2_000, 6_000, 14_000]),
        ("without_immediate", [2_000, 6_000, 14_000]),
        ("exponential", [0, 60_000, 3_660_000, 90_060_000]),
        ("none", []),
    ],
)
def test_each_attempt_is_so_long_after_the_one_before_it(schedule: str, moments: list[int]) -> None:
    at, found = 0, []
    for attempts in range(1, 10):
        due = next_attempt_at(RetrySchedule(schedule), attempts, at)
        if due is None:
            break
        at = due
        found.append(due)

    assert found == moments


@pytest.mark.parametrize(
    ("rule", "failing"),
    [
        ("not_2xx", [None, 199, 300, 301, 404, 500, 503]),
        ("server_errors", [None, 500, 503]),
        ("no_answer", [None]),
    ],
)
def test_what_counts_as_a_failure(rule: str, failing: list[int | None]) -> None:
    statuses = (None, 199, 200, 204, 299, 300, 301, 404, 500, 503)

    assert [each for each in statuses if has_failed(FailureRule(rule), each)] == failing


def ended(name: str, entity_type: str, status: EventStatus) -> Event:
    return Event("1", name, "1", EventContext(entity_type), 0, b"{}", status=status)


EVENTS = [
    ended("A", "INVENTORY_CATALOGUE", EventStatus.SUCCESS),
    ended("A", "ORDER", EventStatus.NO_MATCH),
    ended("B", "INVENTORY_CATALOGUE", EventStatus.FAILED),
    ended("B", "INVENTORY_CATALOGUE", EventStatus.COMPLETE),
]


@pytest.mark.parametrize(
    ("choice", "taken"),
    [
        (EventChoice(), [0, 1, 2, 3]),
        (EventChoice(names=("A",)), [0, 1]),
        (EventChoice(statuses=("SUCCESS",)), [0, 3]),
        (EventChoice(statuses=("FAILED", "NO_MATCH")), [1, 2]),
        (EventChoice(entity_types=("ORDER",)), [1]),
        (EventChoice(("A",), ("SUCCESS",), ("INVENTORY_CATALOGUE",)), [0]),
        (EventChoice(names=("a",)), []),
    ],
)
def test_which_events_are_told_of(choice: EventChoice, taken: list[int]) -> None:
    assert [number for number, event in enumerate(EVENTS) if choice.takes(event)] == taken
