"""The kinds of fault: what each does, at which points it can, and what may be said of it."""

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

from .points import READS_BACK, SIGN_IN, Point, passed_by


class Does(Enum):
    """What a kind of fault does to a call."""

    ANSWERS = "another answer takes the place of the real one"
    DELAYS = "the call goes on later"
    BREAKS = "no reply comes"
    SPOILS = "the real reply comes, but not as it should"
    LOOKS_BACK = "the real reply comes, as it would have come earlier"
    DISTURBS = "the platform does something else with it than it should"


class FaultKind(NamedTuple):
    """One kind; `fields` are those of a rule that it knows, with what each is if left out."""

    about: str
    does: Does
    points: tuple[Point, ...]
    fields: Mapping[str, object] = {}
    needs: tuple[str, ...] = ()
    operations: tuple[str, ...] = ()
    """Where it cannot be any."""

    @property
    def ends_the_call(self) -> bool:
        """Whether nothing can strike a call after it."""
        return self.does not in (Does.DELAYS, Does.LOOKS_BACK, Does.DISTURBS)


_EVERYWHERE = tuple(point for point in Point if point is not Point.WHILE_APPLYING)
_WITH_A_REPLY = (
    Point.AUTHENTICATE,
    Point.AFTER_ACCEPT,
    Point.AFTER_COMMIT,
    Point.POLL,
    Point.READ_BACK,
)

KINDS = {
    "status": FaultKind(
        "A status with Fluent's own body for it.",
        Does.ANSWERS,
        _EVERYWHERE,
        {"status": 500, "code": None, "message": None, "retryAfter": None},
        ("status",),
    ),
    "rate_limit": FaultKind(
        "429 with Retry-After; with a quota only beyond so many requests in so many seconds.",
        Does.ANSWERS,
        _EVERYWHERE,
        {"quota": None, "retryAfter": 1},
    ),
    "graphql_rate_limit": FaultKind(
        "GraphQL's code for a rate limit, C0011E, in a reply with status 200.",
        Does.ANSWERS,
        (Point.READ_BACK,),
        {"quota": None},
    ),
    "proxy_page": FaultKind(
        "The HTML page of a proxy: 502, 503 or 504.",
        Does.ANSWERS,
        _EVERYWHERE,
        {"status": 502},
    ),
    "token_refused": FaultKind(
        "The token is refused, or the sign-in.", Does.ANSWERS, (Point.AUTHENTICATE,)
    ),
    "token_expired": FaultKind(
        "A token expires early: so many seconds after it was first met, for every call.",
        Does.ANSWERS,
        (Point.AUTHENTICATE,),
        {"afterSeconds": 0},
    ),
    "latency": FaultKind(
        "The call takes longer.", Does.DELAYS, _EVERYWHERE, {"delay": None}, ("delay",)
    ),
    "reset": FaultKind("The connection is reset.", Does.BREAKS, _EVERYWHERE),
    "no_reply": FaultKind("Nothing comes until the client gives up.", Does.BREAKS, _EVERYWHERE),
    "cut_off": FaultKind(
        "The reply breaks off; a share of it has come by then.",
        Does.SPOILS,
        _WITH_A_REPLY,
        {"share": 0.5},
    ),
    "drip": FaultKind(
        "The reply comes so many bytes a second.",
        Does.SPOILS,
        _WITH_A_REPLY,
        {"bytesPerSecond": 20},
    ),
    "double_reply": FaultKind(
        "The body of the reply comes twice, and is twice as long.", Does.SPOILS, _WITH_A_REPLY
    ),
    "stale": FaultKind(
        "What is told is as of so many seconds ago, or as of the arming of the rule.",
        Does.LOOKS_BACK,
        (Point.POLL, Point.READ_BACK),
        {"seconds": None},
        ("seconds",),
    ),
    "late": FaultKind(
        "It is applied later, by a delay in the simulator's time; so events come out of order.",
        Does.DISTURBS,
        (Point.WHILE_APPLYING,),
        {"delay": None},
        ("delay",),
        ("sendEvent", "createBatch"),
    ),
    "twice": FaultKind(
        "An event is delivered twice: a second one of the same content is applied after it.",
        Does.DISTURBS,
        (Point.WHILE_APPLYING,),
        operations=("sendEvent",),
    ),
    "fail": FaultKind(
        "An event fails; of a batch all records do, after so many.",
        Does.DISTURBS,
        (Point.WHILE_APPLYING,),
        {"afterRecords": 0},
        operations=("sendEvent", "createBatch"),
    ),
    "hold_batch": FaultKind(
        "A batch stays PENDING, or RUNNING, for so many seconds or polls.",
        Does.DISTURBS,
        (Point.WHILE_APPLYING,),
        {"state": "PENDING", "seconds": None, "polls": None},
        operations=("createBatch",),
    ),
    "close_job": FaultKind(
        "A job is closed before its midnight, from this batch on.",
        Does.DISTURBS,
        (Point.BEFORE_ACCEPT,),
        operations=("createBatch",),
    ),
}
"""By their names."""

BREAKING = ("reset", "no_reply")
"""What needs a connection of its own."""
FIELDS = tuple(dict.fromkeys(field for kind in KINDS.values() for field in kind.fields))


def can_strike(name: str, point: Point, operation: str) -> bool:
    """Whether a fault of this kind can strike a call of this operation there."""
    kind = KINDS[name]
    if point not in kind.points or point not in passed_by(operation):
        return False
    if kind.operations and operation not in kind.operations:
        return False
    if point is not Point.AUTHENTICATE:
        return True
    # Of other calls the reply is not made there; and who signs in has no token yet.
    if kind.does is Does.SPOILS:
        return operation == SIGN_IN
    return name != "token_expired" or operation != SIGN_IN


def usual_point(name: str, operation: str) -> Point:
    """Where a fault strikes whose rule names no point."""
    kind = KINDS[name]
    if len(kind.points) == 1:
        return kind.points[0]
    if operation == SIGN_IN:
        return Point.AUTHENTICATE
    if operation == READS_BACK:
        return Point.READ_BACK
    passed = passed_by(operation)
    if Point.POLL in passed:
        return Point.POLL
    if Point.BEFORE_ACCEPT not in passed:
        return Point.CONNECT
    return Point.AFTER_COMMIT if kind.does is Does.SPOILS else Point.BEFORE_ACCEPT
