"""What explore lets go wrong, the most telling first: a name for people, and what a rule needs.

Each is short: a connector waits for it in real time. What a connector that is right could not stand
is not among them, such as a sign-in that is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ..domain.trouble.fault_kinds import KINDS, can_strike
from ..domain.trouble.points import Point

EXPIRY = "token-expired"
_IN_PLACE_OF_THE_ANSWER = (
    Point.BEFORE_ACCEPT,
    Point.POLL,
    Point.READ_BACK,
    Point.AUTHENTICATE,
    Point.CONNECT,
)
_REPLY = (Point.AFTER_COMMIT, Point.POLL, Point.READ_BACK, Point.AUTHENTICATE)


class Disturbance(NamedTuple):
    """One thing that goes wrong once."""

    name: str
    kind: str
    about: str
    """What becomes of a request, as the end of a sentence that begins with it."""
    points: tuple[Point, ...]
    """The first of these that a call passes and where such a fault can strike it."""
    settings: Mapping[str, object] = {}
    operations: tuple[str, ...] = ()
    """Of these alone; of all that its kind can strike where none is named."""
    only_after: tuple[str, ...] = ()
    """Tried only where the connector sends one of these: else it does not look for it at all."""

    def point_at(self, operation: str) -> Point | None:
        """Where it strikes calls of an operation; None where it cannot."""
        known = self.operations or KINDS[self.kind].operations
        if known and operation not in known:
            return None
        return next((each for each in self.points if can_strike(self.kind, each, operation)), None)


TABLE = (
    Disturbance("lost-reply", "reset", "is applied, and its reply is lost", (Point.AFTER_COMMIT,)),
    Disturbance(EXPIRY, "token_expired", "finds that the token has expired", (Point.AUTHENTICATE,)),
    Disturbance(
        "unavailable",
        "status",
        "is answered 503, and not taken in",
        _IN_PLACE_OF_THE_ANSWER,
        {"status": 503},
    ),
    Disturbance(
        "rate-limited",
        "rate_limit",
        "is answered 429 with Retry-After: 1, and not taken in",
        (Point.BEFORE_ACCEPT, Point.POLL, Point.AUTHENTICATE),
        {"retryAfter": 1},
    ),
    Disturbance(
        "rate-limited-query",
        "graphql_rate_limit",
        "is answered 200 with GraphQL's code for a rate limit, C0011E",
        (Point.READ_BACK,),
    ),
    Disturbance(
        "gateway-timeout",
        "proxy_page",
        "is applied, and answered with a proxy's page, 504",
        (Point.AFTER_COMMIT,),
        {"status": 504},
    ),
    Disturbance(
        "batch-held",
        "hold_batch",
        "is accepted, and its batch stays RUNNING for two polls",
        (Point.WHILE_APPLYING,),
        {"state": "RUNNING", "polls": 2},
    ),
    Disturbance("job-closed", "close_job", "finds its job closed", (Point.BEFORE_ACCEPT,)),
    Disturbance(
        "broken-connection",
        "reset",
        "meets a connection that is reset, and is not taken in",
        _IN_PLACE_OF_THE_ANSWER,
    ),
    Disturbance(
        "lost-before-applied",
        "reset",
        "is accepted, and its reply is lost before it is applied",
        (Point.AFTER_ACCEPT,),
    ),
    Disturbance("cut-off", "cut_off", "gets a reply that breaks off halfway", _REPLY),
    Disturbance(
        "delivered-twice", "twice", "is applied twice by the platform", (Point.WHILE_APPLYING,)
    ),
    Disturbance(
        "applied-late",
        "late",
        "is applied 300 ms late, after what was sent behind it",
        (Point.WHILE_APPLYING,),
        {"delay": {"fixed": 300}},
    ),
    Disturbance(
        "event-failed",
        "fail",
        "is accepted, and fails when it is applied",
        (Point.WHILE_APPLYING,),
        operations=("sendEvent",),
        only_after=("findEvents", "getEvent"),
    ),
    Disturbance(
        "records-failed",
        "fail",
        "is accepted, and each record of it fails",
        (Point.WHILE_APPLYING,),
        operations=("createBatch",),
        only_after=("getBatch", "getJobResults"),
    ),
    Disturbance(
        "stale",
        "stale",
        "is answered as of 5 seconds before",
        (Point.POLL, Point.READ_BACK),
        {"seconds": 5},
    ),
    Disturbance(
        "proxy-page",
        "proxy_page",
        "is answered with a proxy's page, 502, and not taken in",
        _IN_PLACE_OF_THE_ANSWER,
        {"status": 502},
    ),
    Disturbance("double-reply", "double_reply", "gets its reply twice in one", _REPLY),
    Disturbance(
        "slow", "latency", "is held up for 200 ms", (Point.CONNECT,), {"delay": {"fixed": 200}}
    ),
    Disturbance(
        "no-reply",
        "no_reply",
        "gets no reply until the connector gives up waiting",
        (*_REPLY, Point.CONNECT),
    ),
)
"""In the order in which they are tried."""

BY_NAME = {each.name: each for each in TABLE}
