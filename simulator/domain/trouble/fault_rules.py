"""A fault rule: a point, a kind, which requests it is for, and how long it is in force."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Self

from ...clock import moment
from ...errors import Fault
from .fault_kinds import FIELDS, KINDS, FaultKind, can_strike, usual_point
from .points import Point
from .quotas import Quota
from .sightings import DELTA_ID, LOCATION, PRODUCT, RETAILER, Sighting

MOST_RULES = 100
"""Armed at once."""
DISTRIBUTIONS = ("fixed", "uniform", "lognormal", "percentiles")
SUCH_AS = {"status": "503", "delay": '{"fixed": 200}, in milliseconds', "seconds": "5"}
"""Of the fields that a kind cannot be without."""


class Match(NamedTuple):
    """Which requests a rule is for; None is what does not matter.

    `nth` and `every_nth` count the requests that all else leaves, `attempt` counts those that are
    the same but sent again.
    """

    operation: str | None = None
    method: str | None = None
    path: str = ""
    line: Mapping[tuple[str, ...], str] = {}
    retailer: str | None = None
    client: str | None = None
    user: str | None = None
    attempt: int | None = None
    nth: int | None = None
    every_nth: int = 1
    probability: float = 1.0

    @classmethod
    def read(cls, fields: Mapping[str, Any]) -> Self:
        """The match that a rule's document asks for."""
        named = ((PRODUCT, "product"), (LOCATION, "location"), (DELTA_ID, "deltaId"))
        return cls(
            fields.get("operation"),
            fields.get("method"),
            fields.get("path", ""),
            {names: fields[key] for names, key in named if key in fields},
            fields.get("retailer"),
            fields.get("client"),
            fields.get("user"),
            fields.get("attempt"),
            fields.get("nth"),
            fields.get("everyNth", 1),
            fields.get("probability", 1.0),
        )

    def fits(self, seen: Sighting) -> bool:
        """Whether a request is such a one, as far as that can be told without counting."""
        return (
            self.operation in (None, seen.operation)
            and self.method in (None, seen.method)
            and self.path in seen.path
            and (self.client is None or self.client in (seen.address, seen.agent))
            and self.user in (None, seen.user)
            and (self.retailer is None or self._is_of_retailer(seen))
            and (not self.line or seen.has_line(self.line))
        )

    def _is_of_retailer(self, seen: Sighting) -> bool:
        return seen.retailer == self.retailer or seen.has_line({RETAILER: str(self.retailer)})


class Limit(NamedTuple):
    """How often a rule strikes, and in which window of the simulator's time, in milliseconds."""

    times: int | None = None
    since: int | None = None
    until: int | None = None

    @classmethod
    def read(cls, fields: Mapping[str, Any]) -> Self:
        """The limit that a rule's document asks for."""
        ends = [None if (text := fields.get(key)) is None else moment(text) for key in _ENDS]
        return cls(fields.get("times"), *ends)

    def holds(self, fired: int, now: int) -> bool:
        """Whether a rule that has struck so often may do so now."""
        return (
            (self.times is None or fired < self.times)
            and (self.since is None or now >= self.since)
            and (self.until is None or now < self.until)
        )


_ENDS = ("from", "until")


class FaultRule(NamedTuple):
    """A rule, as it was asked for; without a point it strikes where its kind usually does."""

    id: str
    kind: str
    document: Mapping[str, Any]
    """As it was sent, with its id."""
    point: Point | None = None
    match: Match = Match()
    limit: Limit = Limit()
    settings: Mapping[str, Any] = {}
    """Of its kind, what was left out filled in."""

    @classmethod
    def read(cls, document: Mapping[str, Any], rule_id: str) -> Self:
        """The rule of a sound document."""
        kind, point = document["kind"], document.get("point")
        known = KINDS[kind].fields
        return cls(
            rule_id,
            kind,
            {"id": rule_id, **document},
            None if point is None else Point(point),
            Match.read(document.get("match", {})),
            Limit.read(document.get("limit", {})),
            {name: document.get(name, value) for name, value in known.items()},
        )

    @property
    def does(self) -> FaultKind:
        """What its kind does."""
        return KINDS[self.kind]

    @property
    def quota(self) -> Quota | None:
        """Beyond which it strikes, where it has one."""
        found = self.settings.get("quota")
        return None if found is None else Quota(**found)

    def strikes_at(self, point: Point, operation: str) -> bool:
        """Whether a call of this operation may be struck by it at this point."""
        its_own = self.point or usual_point(self.kind, operation)
        return its_own is point and can_strike(self.kind, point, operation)


def faults_of(document: Mapping[str, Any], pointer: str) -> Iterator[Fault]:
    """What is wrong with a rule that its schema cannot tell."""
    name = document["kind"]
    kind = KINDS[name]
    for key in FIELDS:
        if key in document and key not in kind.fields:
            known = ", ".join(kind.fields) or "no field of its own"
            expected = f"none: a fault of kind {name} takes {known}"
            yield Fault(f"{pointer}/{key}", _shown(document[key]), expected)
    for key in kind.needs:
        if key not in document:
            expected = f"what a fault of kind {name} needs, such as {SUCH_AS[key]}"
            yield Fault(f"{pointer}/{key}", "nothing", expected, "400")
    point = document.get("point")
    if point is not None and point not in kind.points:
        where = f"where a fault of kind {name} can strike: {', '.join(kind.points)}"
        yield Fault(f"{pointer}/point", f'"{point}"', where)
    yield from _faults_of_match(document, f"{pointer}/match")
    if name == "proxy_page" and document.get("status", 502) not in (502, 503, 504):
        found = _shown(document["status"])
        yield Fault(f"{pointer}/status", found, "502, 503 or 504, as proxies answer")
    if name == "hold_batch" and ("seconds" in document) == ("polls" in document):
        found = "both" if "polls" in document else "nothing"
        yield Fault(f"{pointer}/polls", found, "either seconds or polls, after which it goes on")
    if "delay" in document:
        yield from _faults_of_delay(document["delay"], f"{pointer}/delay")
    limit = document.get("limit", {})
    if "from" in limit and "until" in limit and moment(limit["from"]) >= moment(limit["until"]):
        found = f'"{limit["until"]}"'
        yield Fault(f"{pointer}/limit/until", found, "a moment after that of from")


def _faults_of_match(document: Mapping[str, Any], pointer: str) -> Iterator[Fault]:
    match = document.get("match", {})
    point, operation = document.get("point"), match.get("operation")
    if point is None or operation is None or point not in KINDS[document["kind"]].points:
        pass
    elif not can_strike(document["kind"], Point(point), operation):
        expected = f"an operation that a {document['kind']} can strike at {point}"
        yield Fault(f"{pointer}/operation", f'"{operation}"', expected)
    if point == Point.CONNECT:
        for key in _IN_BODIES:
            if key in match:
                expected = "none at connect, where no body has been read"
                yield Fault(f"{pointer}/{key}", _shown(match[key]), expected)
    if "nth" in match and "everyNth" in match:
        yield Fault(f"{pointer}/everyNth", _shown(match["everyNth"]), "none beside nth")


_IN_BODIES = ("product", "location", "deltaId", "retailer")


def _faults_of_delay(delay: Mapping[str, Any], pointer: str) -> Iterator[Fault]:
    named = [name for name in DISTRIBUTIONS if name in delay]
    if len(named) != 1:
        found = " and ".join(named) or "nothing"
        yield Fault(pointer, found, f"one of {', '.join(DISTRIBUTIONS)}")
    ends: Sequence[float] | None = delay.get("uniform")
    if ends is not None and ends[0] > ends[1]:
        yield Fault(f"{pointer}/uniform/1", _shown(ends[1]), "no less than the number before it")
    rows = delay.get("percentiles", ())
    for number, (percent, value) in enumerate(rows):
        if percent > 100:
            yield Fault(f"{pointer}/percentiles/{number}/0", _shown(percent), "a percent up to 100")
        if number and not (percent > rows[number - 1][0] and value >= rows[number - 1][1]):
            expected = "a higher percent than in the row before, and no fewer milliseconds"
            yield Fault(f"{pointer}/percentiles/{number}", _shown([percent, value]), expected)


def _shown(value: object) -> str:
    return f'"{value[:80]}"' if isinstance(value, str) else str(value)[:80]
