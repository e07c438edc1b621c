"""What a rule is, what it looks at, and what it finds.

JSON Schema says what shape a payload has. The rules say what Fluent makes of it: each looks at one
payload, or at one after the other, and names what will not do what its sender wants.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from functools import cached_property, wraps
from types import MappingProxyType
from typing import Any, ClassVar, Concatenate, NamedTuple, ParamSpec, TypeVar

from fluent_oms_simulator.domain.bounds import Tally
from fluent_oms_simulator.switches import DOCUMENTED, STRICT, Profile

Document = Mapping[str, Any]

P = ParamSpec("P")
T = TypeVar("T")
ObservationT = TypeVar("ObservationT", bound="_Kept")


class Severity(StrEnum):
    """An error comes to nothing or to the wrong stock; a warning costs or is likely a mistake."""

    ERROR = "error"
    WARNING = "warning"

    def covers(self, other: Severity) -> bool:
        """Whether a finding this severe may be told in place of one of the other severity."""
        return self is Severity.ERROR or other is self


class _Kept:
    @cached_property
    def kept(self) -> dict[object, Any]:
        """What the functions that are marked `once` have made of it."""
        return {}


class _BatchFields(NamedTuple):
    document: Document
    job_id: str | None = None
    retailer_id: str | None = None
    at: float | None = None


class Batch(_BatchFields, _Kept):
    """An inventory batch as it was sent; `at` in seconds, None where the time is not known.

    `retailer_id` is its job's, where that is known.
    """

    @property
    def records(self) -> Sequence[Any]:
        """Its records; whatever is no list has none."""
        entities = self.document.get("entities")
        return entities if isinstance(entities, list) else ()


class _EventFields(NamedTuple):
    document: Document
    at: float | None = None


class Event(_EventFields, _Kept):
    """An event as it was sent; `at` in seconds, None where the time is not known."""

    @property
    def deltas(self) -> Sequence[Any]:
        """The deltas of an INVENTORY_DELTA; any other event has none."""
        attributes = self.document.get("attributes")
        deltas = attributes.get("deltas") if isinstance(attributes, dict) else None
        return deltas if isinstance(deltas, list) else ()


class Job(NamedTuple):
    """A request to open a job as it was sent; `at` in seconds, None where the time is not known."""

    document: Document
    at: float | None = None


class DeltaPrints(NamedTuple):
    """Fingerprints of what an INVENTORY_DELTA changes, and of its deltaIds."""

    changes: int
    delta_ids: int


class CallDetails(NamedTuple):
    """What a call is about, and what its reply told; each only where it is known."""

    job_id: str | None = None
    batch_id: str | None = None
    event_id: str | None = None
    """What the call is about, or what it made."""
    job_status: str | None = None
    """The job's status, where the call was refused for it or has asked for it."""
    start: str = "0"
    """The first row asked for."""
    parameters: tuple[str, ...] = ()
    """The names in the query, percent-encoded."""
    token: str | None = None
    refresh_token: str | None = None
    """Fingerprints of the bearer token and of the refresh token that were used."""
    expires_in: float | None = None
    """Seconds that a new token is good for."""
    retry_after: float | None = None
    """The seconds of a reply's Retry-After."""
    refusal: str | None = None
    """The first message of a reply that refuses the call for what is in it."""
    nearest: str | None = None
    """Of a call that there is not: the one that may have been meant; empty when none is like it."""
    deltas: DeltaPrints | None = None

    @property
    def known(self) -> dict[str, Any]:
        """What is known."""
        defaults = self._field_defaults
        return {name: value for name, value in self._asdict().items() if value != defaults[name]}


class Call(NamedTuple):
    """An HTTP call and how it was answered; `at` in seconds.

    `operation` is the operationId of the API's description, and `caller` tells callers apart.
    `body` stands for what was sent: the same text for the same bytes. `status` is None where no
    answer came.
    """

    operation: str
    status: int | None
    at: float
    caller: str = ""
    body: str = ""
    details: CallDetails = CallDetails()


class Aftermath(NamedTuple):
    """What came of an event or a batch after the reply to it.

    `failed` has the reasons by place in what was sent; `unmatched` is why nothing matched it; `at`
    in seconds, None where the time is not known.
    """

    failed: Mapping[str, str] = MappingProxyType({})
    unmatched: str = ""
    at: float | None = None


Observation = Batch | Event | Job | Call | Aftermath


def once(
    make: Callable[Concatenate[ObservationT, P], T],
) -> Callable[Concatenate[ObservationT, P], T]:
    """A function of an observation whose result is kept with it, for each of its arguments.

    Many rules look at the same column of a payload, and nothing changes it while they do.
    """

    @wraps(make)
    def made(observation: ObservationT, /, *args: P.args, **kwargs: P.kwargs) -> T:
        kept, key = observation.kept, (make, *args) if args else make
        if key in kept:
            found: T = kept[key]
            return found
        kept[key] = found = make(observation, *args, **kwargs)
        return found

    return made


class Finding(NamedTuple):
    """One thing that breaks a rule: where in the payload (JSON pointer), and what was expected."""

    rule_id: str
    severity: Severity
    pointer: str
    found: str
    expected: str


class Rule:
    """A rule, and its memory of what it has seen; a run has instances of its own.

    `good` and `bad` are observations in a row: none of the good ones is found fault with, and at
    least one of the bad ones is.
    """

    id: ClassVar[str]
    title: ClassVar[str]
    severity: ClassVar[Severity]
    documented_severity: ClassVar[Severity | None] = None
    """How severe it is in the profile `documented`, where that is another."""
    profile: Profile = STRICT
    """By which it judges."""
    reason: ClassVar[str]
    """Why it matters: what the platform makes of it."""
    evidence: ClassVar[str]
    """Where that is from."""
    hint: ClassVar[str]
    """What the sender should do."""
    sees: ClassVar[tuple[type[Observation], ...]]
    good: ClassVar[Sequence[Observation]]
    bad: ClassVar[Sequence[Observation]]

    def see(self, observation: Any) -> Iterable[Finding]:
        """What an observation of a type in `sees` breaks."""
        raise NotImplementedError

    def finish(self, at: float | None) -> Iterable[Finding]:  # noqa: ARG002
        """What is still missing now that nothing more is coming; `at` is when, where known."""
        return ()

    def tallies(self) -> Iterable[Tally]:
        """How much it holds of what senders chose the size of, which has a bound in bytes."""
        return ()

    def explains(self, finding: Finding) -> Iterable[str]:
        """Where a schema fault says no more than this finding of the rule (JSON pointers).

        A fault that is more severe than the finding is told all the same.
        """
        return (finding.pointer,)

    def finding(self, pointer: str, found: str, expected: str) -> Finding:
        """A finding of this rule."""
        severity = self.severity
        if self.profile == DOCUMENTED and self.documented_severity is not None:
            severity = self.documented_severity
        return Finding(self.id, severity, pointer, found, expected)
