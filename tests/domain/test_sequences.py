"""Sequences of requests are found exactly where there are some, as trying all of them tells."""

from collections.abc import Iterator
from itertools import combinations, permutations

from fluent_oms_simulator.domain.verification.counts import Count
from fluent_oms_simulator.domain.verification.sequences import (
    Met,
    close_together,
    one_after_the_other,
)
from fluent_oms_simulator.domain.verification.verdicts import Judged
from hypothesis import given
from hypothesis import strategies as st

MASKS = st.lists(st.tuples(st.integers(1, 7), st.integers(0, 6)), max_size=7)


def met(masks: list[tuple[int, int]], *, steps: int) -> list[Met]:
    """Requests, each so long after the one before, that may be some of the steps."""
    found: list[Met] = []
    at = 0
    for number, (mask, later) in enumerate(masks, start=1):
        at += later
        found.append(Met(number, at, mask & (1 << steps) - 1))
    return found


def chosen(requests: list[Met], steps: int, *, in_order: bool) -> Iterator[int]:
    """The span of every choice of one request for each step."""
    choices = combinations if in_order else permutations
    for choice in choices(requests, steps):
        if all(each.steps >> step & 1 for step, each in enumerate(choice)):
            moments = [each.at for each in choice]
            yield max(moments) - min(moments)


@given(MASKS, st.integers(2, 3), st.none() | st.integers(0, 15))
def test_one_after_the_other(masks: list[tuple[int, int]], steps: int, within: int | None) -> None:
    requests = met(masks, steps=steps)
    spans = list(chosen(requests, steps, in_order=True))
    found = one_after_the_other(requests, steps, within)

    is_met = found.span is not None and (within is None or found.span <= within)
    assert is_met == any(within is None or span <= within for span in spans)
    if spans and not is_met:
        assert found.span == min(spans)
    if is_met:
        assert list(found.requests) == sorted(set(found.requests))
        assert len(found.requests) == steps


@given(MASKS, st.integers(2, 3), st.integers(0, 15))
def test_close_together(masks: list[tuple[int, int]], steps: int, within: int) -> None:
    requests = met(masks, steps=steps)
    spans = list(chosen(requests, steps, in_order=False))
    found = close_together(requests, steps, within)

    is_met = found.span is not None and found.span <= within and len(set(found.requests)) == steps
    assert is_met == any(span <= within for span in spans)


@given(st.integers(0, 4), st.none() | st.integers(0, 6), st.integers(0, 5), st.integers(0, 3))
def test_a_count_is_judged_by_all_that_there_may_be(
    least: int, most: int | None, found: int, possible: int
) -> None:
    outcomes = {
        least <= there_are and (most is None or there_are <= most)
        for there_are in range(found, found + possible + 1)
    }
    verdict = Count(least, most).judge(found, possible)

    if len(outcomes) == 2:
        assert verdict is Judged.UNKNOWN
    else:
        # Of several numbers, none of which will do, one may lie on either side of what is wanted.
        certain = Judged.PASSED if outcomes == {True} else Judged.FAILED
        assert verdict in (certain, Judged.UNKNOWN if certain is Judged.FAILED else certain)
