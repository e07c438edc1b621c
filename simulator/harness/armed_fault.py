"""Arming a fault rule, and asking it afterwards how often it has struck."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypedDict
from urllib.parse import quote

from ..client.client_errors import ClientError
from ..client.control_calls import ControlCalls
from .operation_words import EVENTS, Operation, matched, operations
from .unstruck_faults import unstruck_note, unstruck_sentence

__tracebackhide__ = True  # pytest shows the line of the test that has called

FAULTS = "/__admin/faults"

FaultPoint = Literal[
    "connect",
    "authenticate",
    "before_accept",
    "while_applying",
    "after_accept",
    "after_commit",
    "poll",
    "read_back",
]


class WhichCalls(TypedDict, total=False):
    """Which requests a fault strikes, where, how often and when; all, unless something is said."""

    operation: Operation
    point: FaultPoint
    """Where in a call; left out, where the kind of fault usually strikes."""
    method: Literal["GET", "POST"]
    path: str
    """What stands somewhere in the path."""
    product: str
    location: str
    delta_id: str
    retailer: str
    client: str
    """The address, or the User-Agent."""
    user: str
    """Whose token it is, or who signs in."""
    attempt: int
    """How often the same has been sent: 2 is the first time again."""
    nth: int
    """Of the requests that all else leaves this one, counted from 1."""
    every_nth: int
    probability: float
    times: int
    """How often it strikes at most."""
    since: datetime
    until: datetime
    """By the simulator's time."""
    id: str
    """By which it is told; made up if left out."""


IN_MATCH = {
    "method": "method",
    "path": "path",
    "product": "product",
    "location": "location",
    "delta_id": "deltaId",
    "retailer": "retailer",
    "client": "client",
    "user": "user",
    "attempt": "attempt",
    "nth": "nth",
    "every_nth": "everyNth",
    "probability": "probability",
}
_IN_LIMIT = {"times": "times", "since": "from", "until": "until"}


NEED_THE_CONNECTION = ("reset", "no_reply", "drip")
"""Kinds of fault that no WSGI application can make."""


class FaultNotPossibleError(ClientError):
    """A fault that the server of a world cannot make."""


@dataclass(frozen=True)
class ArmedFault:
    """A fault that has been armed."""

    id: str
    kind: str
    match: Mapping[str, Any]
    """Which requests it is for, as the rule has it."""
    _calls: ControlCalls = field(repr=False, compare=False)

    @property
    def fired(self) -> int:
        """How often it has struck."""
        return int(self._told["fired"])

    @property
    def matched(self) -> int:
        """How many requests it was for, whether it has struck them or not."""
        return int(self._told["matched"])

    @property
    def struck(self) -> bool:
        """Whether it has struck."""
        return self.fired > 0

    def assert_struck(self) -> None:
        """It has struck at least once; raises AssertionError with what came of it instead."""
        __tracebackhide__ = True
        told = self._told
        if not told["fired"]:
            raise AssertionError(unstruck_sentence(told))

    def disarm(self) -> None:
        """Remove it; a call that it holds goes on at once."""
        self._calls.call("DELETE", f"{FAULTS}/{quote(self.id, safe='')}")

    @property
    def _told(self) -> Mapping[str, Any]:
        rules = self._calls.document("GET", FAULTS)["rules"]
        for rule in rules:
            if rule["id"] == self.id:
                return dict(rule)
        raise LookupError(f"the fault {self.id} is no longer armed")


class WorldFaults:
    """The faults of one world."""

    def __init__(
        self, calls: ControlCalls, seed: int | None = None, *, is_in_process: bool = False
    ) -> None:
        """`seed` is what chance goes by; None leaves that as it is.

        Where the server is in the process of the tests, faults of the connection are refused.
        """
        self._calls = calls
        self._seed = seed
        self._is_seeded = seed is None
        self._is_in_process = is_in_process
        self._may_be_armed = False

    def arm(self, *rules: Mapping[str, object]) -> list[ArmedFault]:
        """Arm rules as the control API has them, beside those that are armed."""
        rules_now = self._add({"rules": list(rules)})
        return self._faults_of(rules_now[len(rules_now) - len(rules) :])

    def preset(self, name: str) -> None:
        """Arm the rules of a preset, beside those that are armed."""
        self._add({"preset": name})

    def begin_with(self, faults: Mapping[str, object]) -> None:
        """Arm a preset or rules, as the control API has them, with which a world begins."""
        self._add(faults)

    def note_begun_with(self, faults: Mapping[str, object]) -> None:
        """A world has begun with these; raises FaultNotPossibleError."""
        if faults:
            self._is_seeded = self._may_be_armed = True
            if self._is_in_process:
                self._check(self._calls.document("GET", FAULTS)["rules"])

    def unstruck(self) -> str:
        """What there is to say of faults that were to strike certain requests, and struck none."""
        if not self._may_be_armed:
            return ""
        return unstruck_note(self._calls.document("GET", FAULTS))

    def assert_struck(self) -> None:
        """Each that is armed for certain requests (nth, attempt, times) has struck one.

        Raises AssertionError with those that have not; chance and presets are not judged.
        """
        __tracebackhide__ = True
        note = self.unstruck()
        if note:
            raise AssertionError(note)

    def clear(self) -> None:
        """Remove all of them; calls that they hold go on at once."""
        self._calls.call("DELETE", FAULTS)
        self._is_seeded = self._seed is None

    @property
    def armed(self) -> list[ArmedFault]:
        """Those that are armed."""
        return self._faults_of(self._calls.document("GET", FAULTS)["rules"])

    def _arm(self, kind: str, said: Mapping[str, object], which: WhichCalls) -> ArmedFault:
        return self.arm(rule_of(kind, said, which))[0]

    def _arm_at(
        self, point: FaultPoint, kind: str, said: Mapping[str, object], which: WhichCalls
    ) -> ArmedFault:
        at: WhichCalls = {"point": point}
        return self._arm(kind, said, {**at, **which})

    def _add(self, wish: Mapping[str, object]) -> Sequence[Mapping[str, Any]]:
        """All rules that are armed then; the first of them are put, which sets the seed."""
        if self._is_seeded:
            told = self._calls.document("POST", FAULTS, wish)
        else:
            told = self._calls.document("PUT", FAULTS, {**wish, "seed": self._seed})
            self._is_seeded = True
        rules: list[Mapping[str, Any]] = told["rules"]
        self._may_be_armed = True
        if self._is_in_process:
            self._check(rules)
        return rules

    def _check(self, rules: Sequence[Mapping[str, Any]]) -> None:
        """Disarm those that need the connection, and raise FaultNotPossibleError."""
        impossible = [rule for rule in rules if rule["kind"] in NEED_THE_CONNECTION]
        for rule in impossible:
            self._calls.call("DELETE", f"{FAULTS}/{quote(rule['id'], safe='')}")
        if impossible:
            kinds = " and ".join(dict.fromkeys(rule["kind"] for rule in impossible))
            raise FaultNotPossibleError(
                f"{kinds} cannot be had from a server in the process of the tests, which has no"
                " hold of the connection: choose one that is a process of its own"
                " (fluent_oms_server = process, make_fluent_oms(own_server=True), or start()"
                " without in_this_process)"
            )

    def _faults_of(self, rules: Iterable[Mapping[str, Any]]) -> list[ArmedFault]:
        return [
            ArmedFault(rule["id"], rule["kind"], rule.get("match", {}), self._calls)
            for rule in rules
        ]


def rule_of(kind: str, said: Mapping[str, object], which: WhichCalls) -> dict[str, object]:
    """The rule of a fault; raises ValueError where what is struck is named in two ways."""
    given: dict[str, Any] = dict(which)
    rule: dict[str, object] = {"kind": kind}
    rule |= {name: value for name, value in said.items() if value is not None}
    rule |= {name: given[name] for name in ("id", "point") if name in given}
    word = given.get("operation")
    match = {} if word is None else matched(word)
    for name, key in IN_MATCH.items():
        if name in given:
            if key in match:
                named = " or ".join(operations(str(word)))
                raise ValueError(
                    f"operation={word!r} goes by {' and '.join(EVENTS)}:"
                    f" name {named} beside {name}="
                )
            match[key] = given[name]
    if match:
        rule["match"] = match
    limit = {key: _text(given[name]) for name, key in _IN_LIMIT.items() if name in given}
    if limit:
        rule["limit"] = limit
    return rule


def distribution(delay: float | tuple[float, float] | Mapping[str, object]) -> Mapping[str, object]:
    """A delay as a rule has it."""
    if isinstance(delay, Mapping):
        return delay
    return {"uniform": list(delay)} if isinstance(delay, tuple) else {"fixed": delay}


def _text(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
