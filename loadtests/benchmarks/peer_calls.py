"""What is asked of a peer, in Fluent's words or its own: a delta, one that is wrong, the stock."""

from __future__ import annotations

import time
from collections.abc import Sequence

import orjson

from ..server.raw_client import ask, request_bytes
from .bench_payloads import EFFECT, delta_event
from .peers.shared_contract import EVENTS, GRAPHQL, POSITION, on_hand_in

_INVALID = delta_event(0).replace(b'"qty":-10', b'"qty":"ten"')


class FluentCalls:
    """A delta event, and a GraphQL query."""

    effect: float = EFFECT[POSITION]
    """Of one delta request on the stock on hand that is read back."""
    before: Sequence[bytes] = ()
    """What has to be sent before the first delta."""

    def __init__(self, url: str, token: str = "none") -> None:
        self._url = url
        self._token = token
        self.sent = 0
        """Deltas."""

    def delta(self) -> bytes:
        """Three deltas in one event."""
        self.sent += 1
        return request_bytes(self._url, EVENTS, delta_event(self.sent), self._token)

    def invalid(self) -> bytes:
        """The same with a word for one quantity."""
        return request_bytes(self._url, EVENTS, _INVALID, self._token)

    def read(self) -> bytes:
        """Asks for the one position."""
        body = orjson.dumps({"query": _ON_HAND, "variables": {"ref": [POSITION]}})
        return request_bytes(self._url, GRAPHQL, body, self._token)


_ON_HAND = (
    "query OnHand($ref: [String!]) "
    "{ inventoryPositions(ref: $ref, first: 1) { edges { node { ref onHand } } } }"
)


class DynamoDbCalls:
    """One relative change of an item that is kept, which is what moto has nearest to a delta."""

    effect: float = -10

    def __init__(self, url: str) -> None:
        self._url = url
        self.before: Sequence[bytes] = [
            self._call(
                "CreateTable",
                KeySchema=[{"AttributeName": "ref", "KeyType": "HASH"}],
                AttributeDefinitions=[{"AttributeName": "ref", "AttributeType": "S"}],
                BillingMode="PAY_PER_REQUEST",
            ),
            self._add("1000"),
        ]

    def delta(self) -> bytes:
        """One delta."""
        return self._add("-10")

    def invalid(self) -> bytes:
        """The same with a word for the quantity."""
        return self._add("ten")

    def read(self) -> bytes:
        """Asks for the item."""
        return self._call("GetItem", Key=_KEY)

    def _add(self, quantity: str) -> bytes:
        return self._call(
            "UpdateItem",
            Key=_KEY,
            UpdateExpression="ADD onHand :quantity",
            ExpressionAttributeValues={":quantity": {"N": quantity}},
        )

    def _call(self, action: str, **fields: object) -> bytes:
        headers = {
            "Content-Type": "application/x-amz-json-1.0",
            "X-Amz-Target": f"DynamoDB_20120810.{action}",
            "Authorization": _SCOPE,
        }
        body = orjson.dumps({"TableName": "stock", **fields})
        return request_bytes(self._url, "/", body, headers=headers)


_SCOPE = "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/dynamodb/aws4_request"
"""moto reads the service from it, and verifies nothing."""
_KEY = {"ref": {"S": POSITION}}


Calls = FluentCalls | DynamoDbCalls


def calls_of(kind: str, url: str) -> Calls:
    """The calls of a peer that speaks Fluent's API or DynamoDB's."""
    return DynamoDbCalls(url) if kind == "dynamodb" else FluentCalls(url)


def prepare(url: str, calls: Calls) -> None:
    """Send what comes before the first delta; RuntimeError where it is refused."""
    for request in calls.before:
        reply = ask(url, request)
        if reply.status != 200:
            raise RuntimeError(f"{reply.status} before the first delta: {reply.body[:200]!r}")


def refusal(url: str, calls: Calls) -> str:
    """What becomes of a delta with a word for its quantity."""
    status = ask(url, calls.invalid()).status
    if status < 400:
        return f"taken ({status})"
    return f"refused ({status})" if status < 500 else f"not understood ({status})"


def keeps_state(url: str, calls: Calls, within: float) -> bool:
    """Whether the stock on hand that is read back changes by a delta, in so many seconds."""
    before = on_hand_in(ask(url, calls.read()).body)
    reply = ask(url, calls.delta())
    if reply.status != 200:
        raise RuntimeError(f"{reply.status} to a valid delta: {reply.body[:200]!r}")
    if before is None:
        return False
    until = time.monotonic() + within
    while on_hand_in(ask(url, calls.read()).body) != before + calls.effect:
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True
