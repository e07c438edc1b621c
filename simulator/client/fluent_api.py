"""What a caller says to a Fluent server: sign in, load, send events, read back."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeVar
from urllib.parse import quote, urlencode

import orjson

from .answers import Answer
from .builders import Document, event
from .client_errors import AnswerError, LateError, SignInError, UnreachableError
from .exchanges import Wire
from .target_server import Target

SIGNED_IN: Final = "<the token of the signed-in user>"
RENEWED_AFTER = 0.8
"""The part of a token's life after which a new one is asked for."""
UNTOLD_LIFE = 600.0
"""Seconds that a token is taken to live where the server does not say."""
WAITING = ("PENDING", "SCHEDULED")
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"

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


class Api:
    """A caller of the server, signed in on first use; `job_name` is what its jobs are called.

    One that is `patient` does not give up on what it waits for because a look at it fails.
    """

    def __init__(self, target: Target, wire: Wire | None = None, *, patient: bool = False) -> None:
        self.target = target
        self.wire = wire or Wire()
        self.job_name = "Job"
        self._patient = patient
        self._token = ""
        self._renew_at = 0.0

    def close(self) -> None:
        """Close the connections."""
        self.wire.close()

    # -- requests ------------------------------------------------------------------------------

    def call(
        self,
        method: str,
        path: str,
        *,
        json: object = None,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        token: str | None = SIGNED_IN,
        content_type: str | None = None,
    ) -> Answer:
        """Any request, whatever it is answered; `token=None` sends none.

        Raises UnreachableError when no answer comes, and SignInError when no token is given.
        """
        sent = dict(headers or {})
        if token is not None:
            sent["Authorization"] = f"Bearer {self.token if token is SIGNED_IN else token}"
        if json is not None:
            data, content_type = orjson.dumps(json), content_type or JSON
        if content_type is not None:
            sent["Content-Type"] = content_type
        reply = self.wire.send(method, self.target.url + path, sent, data)
        return Answer(f"{method} {path}", reply.status, reply.headers, reply.received)

    def get(self, path: str) -> Document:
        """GET an object that must be there; raises AnswerError."""
        return self.call("GET", path).accepted()

    def post(self, path: str, body: object) -> Document:
        """POST a document, or bytes as they are, that must be accepted; raises AnswerError."""
        if isinstance(body, bytes):
            return self.call("POST", path, data=body, content_type=JSON).accepted()
        return self.call("POST", path, json=body).accepted()

    @property
    def token(self) -> str:
        """The access token; asked for anew before it expires. Raises SignInError."""
        if not self._token or time.monotonic() > self._renew_at:
            self.renew()
        return self._token

    def renew(self) -> Document:
        """Sign in, and use that token from here on; what came with it. Raises SignInError."""
        answer = self.sign_in_anew()
        said = answer.fields
        if not self._token:
            reason = said.get("error_description") or said.get("error") or answer.text[:200]
            raise SignInError(f"{answer.asked} answered {answer.status}: {reason}")
        return said

    def sign_in_anew(self) -> Answer:
        """Sign in, and use the token from here on, if one is given."""
        self.sign_out()
        answer = self.sign_in()
        said = answer.fields
        if answer.status == 200 and "access_token" in said:
            self._token = str(said["access_token"])
            lifetime = said.get("expires_in")
            seconds = lifetime if isinstance(lifetime, int | float) else UNTOLD_LIFE
            self._renew_at = time.monotonic() + RENEWED_AFTER * seconds
        return answer

    def sign_out(self) -> None:
        """Forget the token: the next call that needs one asks for another."""
        self._token = ""

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
        given = urlencode({name: value for name, value in form.items() if value})
        path = "/oauth/token"
        return self.call("POST", path, data=given.encode(), token=None, content_type=FORM)

    # -- jobs and batches ----------------------------------------------------------------------

    def open_job(self, preprocessing: str | None = None, *, name: str = "") -> str:
        """A new job; its id."""
        job: Document = {"name": name or self.job_name, "retailerId": self.target.retailer_id}
        if preprocessing is not None:
            job["meta"] = {"preprocessing": preprocessing}
        return _id(self.call("POST", "/api/v4.1/job", json=job))

    def send_batch(
        self, job: str, records: Sequence[Mapping[str, object]], **envelope: object
    ) -> Answer:
        """Send a batch into a job, without waiting for it."""
        batch = {"action": "UPSERT", "entityType": "INVENTORY", "entities": records, **envelope}
        return self.call("POST", f"/api/v4.1/job/{_quoted(job)}/batch", json=batch)

    def post_batch(self, job: str, body: bytes) -> str:
        """Send a batch, as it is, that must be accepted; its id."""
        path = f"/api/v4.1/job/{_quoted(job)}/batch"
        return _id(self.call("POST", path, data=body, content_type=JSON))

    def batch_status(self, job: str, batch_id: str, *, count: int = 5_000) -> Answer:
        """The state of a batch, with the results of its records."""
        path = f"/api/v4.1/job/{_quoted(job)}/batch/{_quoted(batch_id)}"
        return self.call("GET", f"{path}?start=0&count={count}")

    def wait_for_batch(self, job: str, batch_id: str, *, count: int = 5_000) -> Document:
        """The state of a batch once it is COMPLETE; raises LateError."""

        def look() -> Document | None:
            status = self.batch_status(job, batch_id, count=count).accepted()
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
        return self.wait_for_batch(job, _id(self.send_batch(job, records, **envelope)))

    # -- events --------------------------------------------------------------------------------

    def event(self, name: str, attributes: object, **more: object) -> Document:
        """An event for the catalogue of this caller's retailer."""
        retailer, catalogue = self.target.retailer_id, self.target.catalogue_ref
        return event(name, attributes, retailer=retailer, catalogue=catalogue, **more)

    def send_event(self, document: Mapping[str, object], mode: str = "async") -> Answer:
        """Send an event; mode `sync` is answered once it has run."""
        return self.call("POST", f"/api/v4.1/event/{mode}", json=document)

    def wait_for_event(self, event_id: str) -> Document:
        """What the log says of an event once it has run; raises LateError."""

        def look() -> Document | None:
            answer = self.call("GET", f"/api/v4.1/event/{_quoted(event_id)}")
            if answer.status == 404:  # the log may show it a little later
                return None
            found = answer.accepted()
            return None if found.get("eventStatus") in WAITING else found

        return self._awaited(look, f"event {event_id} had not run")

    def send_and_wait(self, document: Mapping[str, object]) -> Document:
        """Send an event asynchronously; what the log says of it once it has run."""
        return self.wait_for_event(_id(self.send_event(document)))

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
            data = self.graphql(
                POSITION,
                product=[product],
                location=[location],
                catalogue={"ref": self.target.catalogue_ref},
                after=after,
            ).data()
            edges = data["inventoryPositions"]["edges"]
            if not edges:
                return None
            if len(edges) != 1:
                raise AnswerError(f"{product} at {location} has more than one position: {edges}")
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

    # -- waiting -------------------------------------------------------------------------------

    def eventually(self, check: Callable[[], Found], within: float | None = None) -> Found:
        """The first truthy answer of `check`, asked again and again; raises LateError."""
        return self._awaited(check, "what was awaited did not come about", within)

    def _awaited(
        self, look: Callable[[], Found | None], sentence: str, within: float | None = None
    ) -> Found:
        patience = self.target.patience if within is None else within
        deadline = time.monotonic() + patience
        while True:
            try:
                found, why = look(), ""
            except (AnswerError, UnreachableError) as fault:
                if not self._patient:
                    raise
                found, why = None, f" ({fault})"
            if found:
                return found
            if time.monotonic() > deadline:
                raise LateError(f"{sentence} within {patience:g} s{why}")
            time.sleep(self.target.pause)


def _id(answer: Answer) -> str:
    """The id that an accepted call hands out; raises AnswerError."""
    found = answer.accepted().get("id")
    if found is None:
        raise AnswerError(f"{answer.asked} answered no id: {answer.text[:1000]}")
    return str(found)


def _quoted(text: str) -> str:
    return quote(text, safe="")
