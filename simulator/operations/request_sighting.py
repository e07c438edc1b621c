"""What a fault rule sees of a request, and what tells the request from others.

A request is the same when it is sent again: an event with deltas goes by their ids, any other body
by its bytes. What the simulator numbers itself, in an order that threads decide, is left out: a
batch is the same in whichever job, and an event that is asked for goes by what it was sent as.
"""

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any
from urllib.parse import parse_qsl

import orjson

from ..domain.trouble.points import READS_BACK, SIGN_IN
from ..domain.trouble.sightings import Sighting
from ..intake.operation_names import called
from ..stores.event_log import EventLog
from ..stores.jobs import JobStore
from .access_tokens import Tokens
from .request_filter import lines_of

LONGEST_FORM = 64 * 1024
"""Bytes of a sign-in that are looked at."""


class RequestSightings:
    """Sees requests as fault rules do."""

    def __init__(self, events: EventLog, jobs: JobStore, tokens: Tokens) -> None:
        self._events = events
        self._jobs = jobs
        self._tokens = tokens

    def of_head(
        self, method: str, path: str, address: str, agent: str, authorization: str | None
    ) -> Sighting:
        """A request of which the head has arrived, and no more."""
        operation = called(method, path).operation
        user = self._tokens.user_of(_token(authorization))
        return Sighting(operation, method, path, address, agent, f"head {method} {path}", user=user)

    def whole(
        self,
        method: str,
        path: str,
        query: str,
        address: str,
        agent: str,
        authorization: str | None,
        body: bytes,
    ) -> Sighting:
        """A request with its body."""
        call = called(method, path)
        operation = call.operation
        token = _token(authorization)
        if operation == SIGN_IN:  # its form holds secrets
            user = self._signing_in(query, body)
            return Sighting(operation, method, path, address, agent, SIGN_IN, user=user)
        lines = lines_of(body) if body else []
        job = None if call.job_id is None else self._jobs.find(call.job_id)
        retailer = _retailer(body) if job is None else job.retailer_id
        if body:
            identity = f"{operation} {_told_apart(body, lines)}"
        elif call.event_id is not None and (event := self._events.find(call.event_id)) is not None:
            identity = f"{operation} {_told_apart(event.body, lines_of(event.body))}"
        else:
            identity = f"{operation} {path} {query}"
        user = self._tokens.user_of(token)
        return Sighting(
            operation,
            method,
            path,
            address,
            agent,
            identity,
            retailer,
            lines,
            token,
            user,
            may_change=operation == READS_BACK and b"mutation" in body,
        )

    def _signing_in(self, query: str, body: bytes) -> str | None:
        """The user that a sign-in names, or whose refresh token it spends."""
        form = body[:LONGEST_FORM].decode("utf-8", "replace")
        named = dict(parse_qsl(f"{query}&{form}"))
        return named.get("username") or self._tokens.user_of(named.get("refresh_token"))


def _token(authorization: str | None) -> str | None:
    return None if authorization is None else authorization.partition(" ")[2].strip()


def _told_apart(body: bytes, lines: Iterable[Mapping[str, Any]]) -> str:
    return " ".join(str(line["deltaId"]) for line in lines if line.get("deltaId")) or _digest(body)


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=8).hexdigest()


def _retailer(body: bytes) -> str | None:
    """The one that the body of an event or a job names."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    found = document.get("retailerId") if isinstance(document, dict) else None
    return str(found) if isinstance(found, str | int) else None
