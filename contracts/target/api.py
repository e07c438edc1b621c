"""What contracts say to a server: sign in, load, send events, read back. Documented calls only."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeVar
from urllib.parse import quote

import orjson

from .builders import Document, event
from .recorded_calls import Wire
from .target_server import Target

SIGNED_IN: Final = "<the token of the signed-in user>"
RENEWED_AFTER = 0.8
"""The part of a token's life after which a new one is asked for."""
WAITING = ("PENDING", "SCHEDULED")

Found = TypeVar("Found")

POSITION = """
query Position($product: [String!], $location: [String], $catalogue: InventoryCatalogueKey,
    $after: String) {
  inventoryPositions(productRef: $product, locationRef: $location, catalogue: $catalogue,
      first: 2) {
    edges { node { ref onHand status createdOn updatedOn
      quantities(first: 100, after: $after) {
        edges { cursor node { ref type quantity status } }
        pageInfo { hasNextPage } } } } } }
"""


class Answer(NamedTuple):
    """What came back; `document` is None where the body is no JSON."""

    status: int
    document: Any
    headers: Mapping[str, str]
    text: str


class LateError(AssertionError):
    """Something that was accepted has not come about in time."""


class Api:
    """A caller of the server, signed in on first use; `job_name` is what its jobs are called."""

    def __init__(self, target: Target, wire: Wire | None = None) -> None:
        self.target = target
        self.wire = wire or Wire(through_proxies=not target.is_ours)
        self.job_name = "Contract"
        self._token = ""
        self._renew_at = 0.0

    # -- requests ------------------------------------------------------------------------------

    def call(
        self,
        method: str,
        path: str,
        *,
        json: object = None,
        data: Mapping[str, str] | bytes | str | None = None,
        headers: Mapping[str, str] | None = None,
        token: str | None = SIGNED_IN,
        content_type: str | None = None,
    ) -> Answer:
        """Any request, whatever it is answered; `token=None` sends none.

        Raises UnreachableError when no answer comes.
        """
        sent = dict(headers or {})
        if token is not None:
            sent["Authorization"] = f"Bearer {self.token if token is SIGNED_IN else token}"
        body: Any = data
        if json is not None:
            body = orjson.dumps(json)
            content_type = content_type or "application/json"
        if content_type is not None:
            sent["Content-Type"] = content_type
        reply = self.wire.request(method, self.target.url + path, data=body, headers=sent)
        try:
            document = orjson.loads(reply.content)
        except orjson.JSONDecodeError:
            document = None
        return Answer(reply.status_code, document, reply.headers, reply.text)

    @property
    def token(self) -> str:
        """The access token; asked for anew before it expires. Raises SignInError."""
        if not self._token or time.monotonic() > self._renew_at:
            answer = self.sign_in()
            if answer.status != 200 or not isinstance(answer.document, dict):
                raise SignInError(answer)
            self._token = str(answer.document.get("access_token"))
            lifetime = answer.document.get("expires_in")
            seconds = lifetime if isinstance(lifetime, int) else 600
            self._renew_at = time.monotonic() + RENEWED_AFTER * seconds
        return self._token

    def sign_in(self, **overrides: str) -> Answer:
        """Ask for a token by the password grant; an override that is empty leaves it out."""
        target = self.target
        form = {
            "grant_type": "password",
            "client_id": target.client_id,
            "client_secret": target.client_secret,
            "username": target.username,
            "password": target.password,
            "scope": "api",
            **overrides,
        }
        given = {name: value for name, value in form.items() if value}
        return self.call("POST", "/oauth/token", data=given, token=None)

    # -- jobs and batches ----------------------------------------------------------------------

    def open_job(self, preprocessing: str | None = None) -> str:
        """A new job; its id."""
        job: Document = {"name": self.job_name, "retailerId": self.target.retailer_id}
        if preprocessing is not None:
            job["meta"] = {"preprocessing": preprocessing}
        return str(_accepted(self.call("POST", "/api/v4.1/job", json=job))["id"])

    def send_batch(
        self, job: str, records: Sequence[Mapping[str, object]], **envelope: object
    ) -> Answer:
        """Send a batch into a job, without waiting for it."""
        batch = {"action": "UPSERT", "entityType": "INVENTORY", "entities": records, **envelope}
        return self.call("POST", f"/api/v4.1/job/{_quoted(job)}/batch", json=batch)

    def batch_status(self, job: str, batch_id: str, *, count: int = 5_000) -> Answer:
        """The state of a batch, with the results of its records."""
        path = f"/api/v4.1/job/{_quoted(job)}/batch/{_quoted(batch_id)}"
        return self.call("GET", f"{path}?start=0&count={count}")

    def wait_for_batch(self, job: str, batch_id: str) -> Document:
        """The state of a batch once it is COMPLETE."""

        def look() -> Document | None:
            status = _accepted(self.batch_status(job, batch_id))
            return status if status.get("status") == "COMPLETE" else None

        return self._awaited(look, f"batch {batch_id} of job {job} was not COMPLETE")

    def load(
        self,
        records: Sequence[Mapping[str, object]],
        job: str | None = None,
        preprocessing: str | None = None,
        **envelope: object,
    ) -> Document:
        """Send a batch, into a job of its own unless one is named, and wait; its last state."""
        job = self.open_job(preprocessing) if job is None else job
        batch_id = str(_accepted(self.send_batch(job, records, **envelope))["id"])
        return self.wait_for_batch(job, batch_id)

    # -- events --------------------------------------------------------------------------------

    def event(self, name: str, attributes: Mapping[str, object] | None, **more: object) -> Document:
        """An event for the catalogue of this run's retailer."""
        retailer, catalogue = self.target.retailer_id, self.target.catalogue_ref
        return event(name, attributes, retailer=retailer, catalogue=catalogue, **more)

    def send_event(self, document: Mapping[str, object], mode: str = "async") -> Answer:
        """Send an event; mode `sync` is answered once it has run."""
        return self.call("POST", f"/api/v4.1/event/{mode}", json=document)

    def wait_for_event(self, event_id: str) -> Document:
        """What the log says of an event once it has run."""

        def look() -> Document | None:
            answer = self.call("GET", f"/api/v4.1/event/{_quoted(event_id)}")
            if answer.status == 404:  # the log may show it a little later
                return None
            found = _accepted(answer)
            return None if found.get("eventStatus") in WAITING else found

        return self._awaited(look, f"event {event_id} had not run")

    def send_and_wait(self, document: Mapping[str, object]) -> Document:
        """Send an event asynchronously; what the log says of it once it has run."""
        return self.wait_for_event(str(_accepted(self.send_event(document))["id"]))

    def deltas(self, *entries: Mapping[str, object], **more: object) -> Document:
        """Send an INVENTORY_DELTA; what the log says of it."""
        return self.send_and_wait(self.event("INVENTORY_DELTA", {"deltas": entries}, **more))

    def updates(self, *items: Mapping[str, object], **more: object) -> Document:
        """Send an UpdateInventoryQty; what the log says of it."""
        return self.send_and_wait(self.event("UpdateInventoryQty", {"items": items}, **more))

    def events(self, **query: object) -> Answer:
        """Search the event log."""
        pairs = "&".join(f"{_quoted(name)}={_quoted(str(query[name]))}" for name in query)
        return self.call("GET", f"/api/v4.1/event?{pairs}")

    # -- reading back --------------------------------------------------------------------------

    def graphql(self, query: str, **variables: object) -> Answer:
        """A GraphQL operation."""
        return self.call("POST", "/graphql", json={"query": query, "variables": variables})

    def position(self, product: str, location: str) -> Document | None:
        """A position with all its quantities; None where there is none."""
        rows: list[Document] = []
        after: str | None = None
        while True:
            data = _data(
                self.graphql(
                    POSITION,
                    product=[product],
                    location=[location],
                    catalogue={"ref": self.target.catalogue_ref},
                    after=after,
                )
            )
            edges = data["inventoryPositions"]["edges"]
            if not edges:
                return None
            assert len(edges) == 1, f"{product} at {location} has more than one position: {edges}"
            node: Document = edges[0]["node"]
            page = node["quantities"]
            rows += [edge["node"] for edge in page["edges"]]
            if not page["pageInfo"]["hasNextPage"]:
                return {**node, "quantities": rows}
            after = page["edges"][-1]["cursor"]

    def on_hand(self, product: str, location: str) -> int | None:
        """The stock on hand of a position; None where there is none."""
        found = self.position(product, location)
        return None if found is None else found["onHand"]

    def eventually(self, check: Callable[[], Found], within: float | None = None) -> Found:
        """The first truthy answer of `check`, asked again and again; raises LateError."""
        return self._awaited(check, "what was awaited did not come about", within)

    def _awaited(
        self, look: Callable[[], Found | None], sentence: str, within: float | None = None
    ) -> Found:
        patience = self.target.patience if within is None else within
        deadline = time.monotonic() + patience
        while not (found := look()):
            if time.monotonic() > deadline:
                raise LateError(f"{sentence} within {patience:g} s")
            time.sleep(self.target.pause)
        return found


class SignInError(Exception):
    """The server gave no token; the message is a sentence."""

    def __init__(self, answer: Answer) -> None:
        said = answer.document if isinstance(answer.document, dict) else {}
        reason = said.get("error_description") or said.get("error") or answer.text[:200]
        super().__init__(f"POST /oauth/token answered {answer.status}: {reason}")


def _accepted(answer: Answer) -> Document:
    assert answer.status == 200, f"answered {answer.status}, expected 200: {answer.text[:1000]}"
    assert isinstance(answer.document, dict), f"expected a JSON object, found {answer.text[:1000]}"
    return answer.document


def _data(answer: Answer) -> Document:
    document = _accepted(answer)
    assert not document.get("errors"), f"GraphQL answered {document['errors']}"
    data: Document = document["data"]
    return data


def _quoted(text: str) -> str:
    return quote(text, safe="")
