"""The points that a request passes, in order, and where it can be struck."""

from enum import StrEnum


class Point(StrEnum):
    """Where a fault strikes."""

    CONNECT = "connect"
    """Its head has arrived; nothing more of it has been looked at."""
    AUTHENTICATE = "authenticate"
    BEFORE_ACCEPT = "before_accept"
    WHILE_APPLYING = "while_applying"
    """Accepted; what goes wrong is how it is applied."""
    AFTER_ACCEPT = "after_accept"
    """Accepted, and nothing of it applied before its reply has gone wrong."""
    AFTER_COMMIT = "after_commit"
    """Applied; what goes wrong is the reply."""
    POLL = "poll"
    READ_BACK = "read_back"


SIGN_IN = "issueToken"
SEND_AND_WAIT = "sendEventAndWait"
WRITES = ("createJob", "createBatch", "sendEvent", SEND_AND_WAIT)
POLLS = ("getJob", "getBatch", "getJobResults", "findEvents", "getEvent")
READS_BACK = "executeGraphql"

_OF_A_WRITE = (
    Point.CONNECT,
    Point.AUTHENTICATE,
    Point.BEFORE_ACCEPT,
    Point.WHILE_APPLYING,
    Point.AFTER_ACCEPT,
    Point.AFTER_COMMIT,
)
_PASSED = {
    SIGN_IN: (Point.CONNECT, Point.AUTHENTICATE),
    READS_BACK: (Point.CONNECT, Point.AUTHENTICATE, Point.READ_BACK),
    **dict.fromkeys(WRITES, _OF_A_WRITE),
    **dict.fromkeys(POLLS, (Point.CONNECT, Point.AUTHENTICATE, Point.POLL)),
    # Its answer waits until it has been applied.
    SEND_AND_WAIT: tuple(
        point for point in _OF_A_WRITE if point not in (Point.WHILE_APPLYING, Point.AFTER_ACCEPT)
    ),
}


def passed_by(operation: str) -> tuple[Point, ...]:
    """The points that a call of this operation passes; any other call only arrives."""
    return _PASSED.get(operation, (Point.CONNECT,))
