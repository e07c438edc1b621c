"""What a fault rule sees of a request, and what tells the request from others.

A request is the same when it is sent again: an event with deltas goes by their ids, any other body
by its bytes. What the simulator numbers itself, in an order that threads decide, is left out: a
batch is the same in whichever job, and an event that is asked for goes by what it was sent as.
"""

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any

import orjson

from ..domain.trouble.points import SIGN_IN
from ..domain.trouble.sightings import Sighting
from ..intake.operation_names import called
from ..stores.event_log import EventLog
from ..stores.jobs import JobStore
from .request_filter import lines_of


class RequestSightings:
    """Sees requests as fault rules do."""

    def __init__(self, events: EventLog, jobs: JobStore) -> None:
        self._events = events
        self._jobs = jobs

    def of_head(self, method: str, path: str, address: str, agent: str) -> Sighting:
        """A request of which the head has arrived, and no more."""
        operation = called(method, path).operation
        return Sighting(operation, method, path, address, agent, f"head {method} {path}")

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
        token = None if authorization is None else authorization.partition(" ")[2].strip()
        if operation == SIGN_IN:  # its form holds secrets
            return Sighting(operation, method, path, address, agent, SIGN_IN)
        lines = lines_of(body) if body else []
        job = None if call.job_id is None else self._jobs.find(call.job_id)
        retailer = _retailer(body) if job is None else job.retailer_id
        if body:
            identity = f"{operation} {_told_apart(body, lines)}"
        elif call.event_id is not None and (event := self._events.find(call.event_id)) is not None:
            identity = f"{operation} {_told_apart(event.body, lines_of(event.body))}"
        else:
            identity = f"{operation} {path} {query}"
        return Sighting(operation, method, path, address, agent, identity, retailer, lines, token)


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
