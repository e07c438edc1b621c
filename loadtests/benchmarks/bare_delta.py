"""The sterner yardstick: a bare RSGI callable that does the work of a delta, and nothing beside it.

It verifies the token, reads and parses the body, holds it to the same compiled schemas, applies it
through the one entrance to stock, and replies with an id. It knows no route, deadline, bound, line,
log, audit or conformance, and takes every body for whole.
"""

from __future__ import annotations

import secrets
import time
import uuid
from typing import Any

import orjson
from fluent_oms_simulator.domain.events import Event, EventContext, EventStatus, InventoryDelta
from fluent_oms_simulator.domain.workflow import workflow

from .bench_payloads import EFFECT, opening_stock
from .in_process import InProcess

SECONDS_IN_FORCE = 3600
HEADERS = [("Content-Type", "application/json")]
SUCCEEDED = (EventStatus.SUCCESS, EventStatus.COMPLETE)


class BareDelta:
    """Applies delta events to a catalogue. A GET is told the token, and what is on hand."""

    def __init__(self, held: InProcess) -> None:
        """Take over the catalogue of a simulator that has just been started."""
        held.load(iter([opening_stock()]))
        self._schemas = held.simulator.schemas
        self._behaviour = held.simulator.behaviour
        with held.simulator.store.view() as (account, _):
            [self._catalogue] = account.catalogues.values()
        self._token = secrets.token_hex(16)
        self._tokens = {self._token: time.time() + SECONDS_IN_FORCE}

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request."""
        if scope.method == "GET":
            status, answer = 200, self._told()
        else:
            body = await protocol()
            status, answer = self._answer(scope.headers.get("authorization"), body)
        protocol.response_bytes(status, HEADERS, orjson.dumps(answer))

    def _told(self) -> dict[str, object]:
        find, on_hand = self._catalogue.find_by_ref, self._catalogue.on_hand
        found = {ref: find(ref) for ref in EFFECT}
        held = {ref: on_hand(number) for ref, number in found.items() if number is not None}
        return {"token": self._token, "onHand": held}

    def _answer(self, authorization: str | None, body: bytes) -> tuple[int, dict[str, object]]:
        token = (authorization or "").removeprefix("Bearer ")
        now = time.time()
        if self._tokens.get(token, 0) < now:
            return 401, {"errors": [{"code": "401", "message": "no token in force"}]}
        fields = orjson.loads(body)
        is_valid = self._schemas.is_valid
        if not (is_valid("event", fields) and is_valid("inventory_delta", fields["attributes"])):
            return 400, {"errors": [{"code": "400", "message": "not as the schema has it"}]}
        event = Event(
            id=str(uuid.uuid4()),
            name=fields["name"],
            retailer_id=str(fields["retailerId"]),
            context=EventContext(fields["entityType"], fields["entityRef"]),
            accepted_at=int(now * 1000),
            body=b"",
            catalogue_ref=fields["entityRef"],
            work=[
                InventoryDelta(
                    delta["deltaId"],
                    delta["productRef"],
                    delta["locationRef"],
                    delta["qty"],
                    delta["type"],
                )
                for delta in fields["attributes"]["deltas"]
            ],
        )
        outcome = workflow.run(self._catalogue, event, event.accepted_at, self._behaviour)
        if outcome.status not in SUCCEEDED:
            return 400, {"errors": [{"code": "400", "message": outcome.reason}]}
        return 200, {"id": event.id}
