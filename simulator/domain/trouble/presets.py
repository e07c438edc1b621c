"""Sets of rules with names that people know."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple


class Preset(NamedTuple):
    """What it is like, and the rules that make it so."""

    about: str
    rules: Sequence[Mapping[str, Any]]


def _now_and_then(probability: float, **more: object) -> dict[str, object]:
    return {"probability": probability, **more}


PRESETS: Mapping[str, Preset] = {
    "flaky-network": Preset(
        "Replies are slow, break off or never come, wherever a call goes.",
        (
            {
                "id": "flaky-network.slow",
                "point": "connect",
                "kind": "latency",
                "delay": {"lognormal": {"median": 20, "sigma": 1}},
            },
            {
                "id": "flaky-network.reset",
                "point": "connect",
                "kind": "reset",
                "match": _now_and_then(0.05),
            },
            *(
                {
                    "id": f"flaky-network.cut-off-{point}",
                    "point": point,
                    "kind": "cut_off",
                    "match": _now_and_then(0.05),
                }
                for point in ("after_commit", "poll", "read_back")
            ),
        ),
    ),
    "rate-limited": Preset(
        "10 requests a second of each kind of call, and 429 or C0011E beyond.",
        (
            *(
                {
                    "id": f"rate-limited.{point}",
                    "point": point,
                    "kind": "rate_limit",
                    "quota": {"requests": 10, "seconds": 1},
                }
                for point in ("before_accept", "poll")
            ),
            {
                "id": "rate-limited.read_back",
                "point": "read_back",
                "kind": "graphql_rate_limit",
                "quota": {"requests": 10, "seconds": 1},
            },
        ),
    ),
    "lost-replies": Preset(
        "What was sent is applied, and nobody learns of it: one reply in four is lost.",
        (
            {
                "id": "lost-replies.reset",
                "point": "after_commit",
                "kind": "reset",
                "match": _now_and_then(0.15),
            },
            {
                "id": "lost-replies.gateway-timeout",
                "point": "after_commit",
                "kind": "proxy_page",
                "status": 504,
                "match": _now_and_then(0.1),
            },
        ),
    ),
    "token-storm": Preset(
        "Tokens expire early, and signing in again is limited.",
        (
            {
                "id": "token-storm.expired",
                "point": "authenticate",
                "kind": "token_expired",
                "afterSeconds": 30,
            },
            {
                "id": "token-storm.sign-in",
                "point": "authenticate",
                "kind": "rate_limit",
                "quota": {"requests": 5, "seconds": 10},
                "match": {"operation": "issueToken"},
            },
        ),
    ),
    "slow-batches": Preset(
        "A batch stays PENDING for two polls, and some stay RUNNING for half a minute.",
        (
            {
                "id": "slow-batches.running",
                "kind": "hold_batch",
                "state": "RUNNING",
                "seconds": 30,
                "match": _now_and_then(0.25),
            },
            {"id": "slow-batches.pending", "kind": "hold_batch", "polls": 2},
        ),
    ),
    "midnight": Preset(
        "The day ends while batches are sent: every third one finds its job closed.",
        (
            {
                "id": "midnight.closed",
                "kind": "close_job",
                "match": {"operation": "createBatch", "everyNth": 3},
            },
        ),
    ),
    "out-of-order": Preset(
        "Events are applied some seconds later, in another order, and one in ten twice.",
        (
            {"id": "out-of-order.twice", "kind": "twice", "match": _now_and_then(0.1)},
            {
                "id": "out-of-order.late",
                "kind": "late",
                "delay": {"uniform": [0, 5_000]},
                "match": {"operation": "sendEvent"},
            },
        ),
    ),
    "stale-reads": Preset(
        "Statuses and stock are told as of 5 seconds ago.",
        (
            {"id": "stale-reads.poll", "point": "poll", "kind": "stale", "seconds": 5},
            {"id": "stale-reads.read_back", "point": "read_back", "kind": "stale", "seconds": 5},
        ),
    ),
}
