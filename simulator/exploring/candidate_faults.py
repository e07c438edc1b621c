"""The faults that are worth trying on a connector: only at points that it has passed."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from ..domain.trouble.points import SIGN_IN
from .disturbances import BY_NAME, EXPIRY, TABLE, Disturbance
from .passed_points import ANY_WITH_A_TOKEN, PassedPoints


class UnknownFaultError(ValueError):
    """A text that is no fault of a schedule."""


class CandidateFault(NamedTuple):
    """One disturbance of one request, the nth of its operation that comes so far."""

    operation: str
    nth: int
    disturbance: Disturbance

    @property
    def key(self) -> str:
        """How it is written: `sendEvent#2:lost-reply`."""
        return f"{self.operation or 'any'}#{self.nth}:{self.disturbance.name}"

    @classmethod
    def read(cls, key: str) -> CandidateFault:
        """What `key` has written; raises UnknownFaultError."""
        request, _, name = key.partition(":")
        operation, _, number = request.partition("#")
        operation = ANY_WITH_A_TOKEN if operation == "any" else operation
        disturbance = BY_NAME.get(name)
        is_number = number.isascii() and number.isdigit() and 0 < int(number[:9]) < 10**8
        if disturbance is None or not is_number or _point(disturbance, operation) is None:
            raise UnknownFaultError(f"{key!r}, expected such as 'sendEvent#2:lost-reply'")
        return cls(operation, int(number), disturbance)

    @property
    def alike(self) -> tuple[str, str]:
        """The same in all that differ in the number of the request only."""
        return self.operation, self.disturbance.name

    @property
    def sentence(self) -> str:
        """What goes wrong, for people."""
        request = self.operation or "call with a token"
        return f"the {ordinal(self.nth)} {request} {self.disturbance.about}"

    def rule(self, rule_id: str) -> dict[str, Any]:
        """The rule that arms it, for `PUT /__admin/faults`."""
        chosen = {"operation": self.operation} if self.operation else {}
        return {
            "id": rule_id,
            "kind": self.disturbance.kind,
            "point": _point(self.disturbance, self.operation),
            **self.disturbance.settings,
            "match": {**chosen, "nth": self.nth},
            "limit": {"times": 1},
        }


class Candidates(NamedTuple):
    """The faults to try, the most telling first, and how many of them were left out."""

    faults: Sequence[CandidateFault]
    after_expiry: Sequence[CandidateFault]
    """At a sign-in that only comes about once a token has expired; none by itself."""
    left_out: int
    """At requests beyond the most that are disturbed of an operation."""
    not_looked_for: Sequence[str]
    """What a connector never asks about, and is not tried: names of disturbances."""


def candidates(
    passed: PassedPoints, seed: int, most_requests: int, only: Collection[str] = ()
) -> Candidates:
    """All faults that this run passed, of each operation at `most_requests` requests at most.

    First the most telling at the first request of each operation, then at the last, then at the
    others by the seed. `only` are names of disturbances.
    """
    chosen = [each for each in TABLE if not only or each.name in only]
    tried = [each for each in chosen if not each.only_after or passed.has_any(each.only_after)]
    ranked: list[tuple[int, int, int, CandidateFault]] = []
    left_out = 0
    for place, (operation, count) in enumerate(_places(passed)):
        order = _order(count, most_requests, f"{seed} {operation}")
        for rank, disturbance in enumerate(tried):
            if _point(disturbance, operation) is not None:
                left_out += count - len(order)
                ranked += (
                    (turn, rank, place, CandidateFault(operation, nth, disturbance))
                    for turn, nth in enumerate(order)
                )
    ranked.sort(key=lambda each: each[:3])
    again = passed.requests.get(SIGN_IN, 0) + 1
    return Candidates(
        [each[3] for each in ranked],
        [CandidateFault(SIGN_IN, again, each) for each in tried if _point(each, SIGN_IN)]
        if any(each.name == EXPIRY for each in tried)
        else [],
        left_out,
        [
            each.name
            for each in chosen
            if each not in tried and any(_point(each, place) for place, _ in _places(passed))
        ],
    )


def _places(passed: PassedPoints) -> Iterator[tuple[str, int]]:
    if passed.with_a_token:
        yield ANY_WITH_A_TOKEN, passed.with_a_token
    yield from passed.requests.items()


def _point(disturbance: Disturbance, operation: str) -> str | None:
    """Where it strikes: a token expires for every call, whatever its operation."""
    if disturbance.name == EXPIRY:
        return None if operation != ANY_WITH_A_TOKEN else disturbance.points[0]
    return None if operation == ANY_WITH_A_TOKEN else disturbance.point_at(operation)


def _order(count: int, most: int, seed: str) -> list[int]:
    """Numbers of requests: the first, the last, then others by chance."""
    between = range(2, count)
    few = random.Random(seed).sample(between, min(len(between), max(0, most - 2)))
    return list(dict.fromkeys([1, count, *few]))[:most]


def ordinal(number: int) -> str:
    """1st, 2nd, 11th."""
    ending = "th" if number % 100 in (11, 12, 13) else _ENDINGS.get(number % 10, "th")
    return f"{number:,}{ending}"


_ENDINGS = {1: "st", 2: "nd", 3: "rd"}
