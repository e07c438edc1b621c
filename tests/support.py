"""What tests say to a simulator, in the domain's words."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from functools import cache
from urllib.parse import quote

import pytest
from flask import Flask
from fluent_oms_simulator import Settings, Simulator, build, create_app
from fluent_oms_simulator.client.builders import Document as Document
from fluent_oms_simulator.client.builders import delta as delta
from fluent_oms_simulator.client.builders import event as event
from fluent_oms_simulator.client.builders import item as item
from fluent_oms_simulator.client.builders import record as record
from fluent_oms_simulator.domain import bounds
from fluent_oms_simulator.domain.bounds import Bound
from werkzeug.test import TestResponse

CATALOGUE = "DEFAULT:1"


def first_at_once(values: Iterable[object]) -> list[object]:
    """Cases that each take seconds: the first in every run, the others among the slow tests."""
    first, *others = values
    return [
        first,
        *(
            pytest.param(*(each if isinstance(each, tuple) else (each,)), marks=pytest.mark.slow)
            for each in others
        ),
    ]


def limit(monkeypatch: pytest.MonkeyPatch, name: str, most: int) -> Bound:
    """Let a bound of the table be smaller for the simulators that are built from now on."""
    smaller: Bound = getattr(bounds, name)._replace(limit=most)
    monkeypatch.setattr(bounds, name, smaller)
    monkeypatch.setattr(
        bounds, "TABLE", tuple(smaller if row.name == smaller.name else row for row in bounds.TABLE)
    )
    return smaller


def batch(*records: Mapping[str, object], **envelope: object) -> Document:
    """An inventory batch."""
    return {"action": "UPSERT", "entityType": "INVENTORY", "entities": list(records), **envelope}


def deltas(*entries: Mapping[str, object], **more: object) -> Document:
    """An INVENTORY_DELTA event."""
    return {**event("INVENTORY_DELTA", {"deltas": list(entries)}), **more}


def updates(*entries: Mapping[str, object], **more: object) -> Document:
    """An UpdateInventoryQty event."""
    return {**event("UpdateInventoryQty", {"items": list(entries)}), **more}


@cache
def _usual_application() -> Flask:
    return create_app(build(Settings(seed_data="none")))


def _application(simulator: Simulator) -> Flask:
    """The application of a simulator.

    Those with the usual settings share their routes: to make them takes longer than most tests.
    """
    usual = _usual_application()
    settings, behaviour = simulator.settings, simulator.behaviour
    if (
        replace(settings, seed_data="none", behaviours={}) != Settings(seed_data="none")
        or usual.config["MAX_CONTENT_LENGTH"] != behaviour.http_max_body_bytes
    ):
        return create_app(simulator)
    application = copy(usual)
    application.home = simulator  # type: ignore[attr-defined]
    return application


class Client:
    """An integration's view of a simulator: signed in, over HTTP, without a socket.

    What is sent asynchronously has been applied when a method returns.
    """

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.http = _application(simulator).test_client()
        self._authorization: str | None = None
        self._jobs: dict[tuple[str, str | None], str] = {}

    # -- requests ------------------------------------------------------------------------------

    def sign_in(self, **parameters: str) -> TestResponse:
        """Ask for a token; parameters override the password grant's."""
        settings = self.simulator.settings
        form = {
            "grant_type": "password",
            "client_id": settings.client_id,
            "client_secret": settings.client_secret,
            "username": settings.username,
            "password": settings.password,
            "scope": "api",
        }
        return self.http.post("/oauth/token", data=form | parameters)

    @property
    def headers(self) -> dict[str, str]:
        """The headers of a signed-in caller."""
        if self._authorization is None:
            self._authorization = "Bearer " + self.sign_in().json["access_token"]  # type: ignore[index]
        return {"Authorization": self._authorization}

    def forget_token(self) -> None:
        """Sign in again before the next request."""
        self._authorization = None

    def get(self, path: str, **query: str) -> TestResponse:
        """GET, with query parameters."""
        return self.http.get(path, query_string=query, headers=self.headers)

    def post(self, path: str, document: object, **headers: str) -> TestResponse:
        """POST a document; bytes go as they are."""
        if isinstance(document, bytes):
            return self.http.post(
                path,
                data=document,
                headers={"Content-Type": "application/json", **self.headers, **headers},
            )
        return self.http.post(path, json=document, headers={**self.headers, **headers})

    # -- jobs and batches ----------------------------------------------------------------------

    def job(self, *, retailer: object = "1", preprocessing: str | None = None) -> str:
        """A new job; returns its id."""
        document: Document = {"name": "load", "retailerId": retailer}
        if preprocessing is not None:
            document["meta"] = {"preprocessing": preprocessing}
        return str(_ok(self.post("/api/v4.1/job", document))["id"])

    def load(
        self,
        records: Sequence[Mapping[str, object]],
        *,
        job: str | None = None,
        preprocessing: str | None = None,
        **envelope: object,
    ) -> str:
        """Send a batch, into a job of its own kind unless one is named; returns the batch id."""
        if job is None:
            job = self._jobs.get(("1", preprocessing)) or self.job(preprocessing=preprocessing)
            self._jobs["1", preprocessing] = job
        reply = self.post(f"/api/v4.1/job/{job}/batch", batch(*records, **envelope))
        self.settle()
        return str(_ok(reply)["id"])

    def batch(self, batch_id: str, job: str = "1", **query: str) -> Document:
        """The status of a batch."""
        return _ok(self.get(f"/api/v4.1/job/{job}/batch/{batch_id}", **query))

    # -- events --------------------------------------------------------------------------------

    def send(self, document: Mapping[str, object]) -> Document:
        """Send an event asynchronously; returns what the log then says of it."""
        reply = _ok(self.post("/api/v4.1/event/async", document))
        self.settle()
        return self.event(reply["id"])

    def event(self, event_id: str) -> Document:
        """An event as the log shows it."""
        return _ok(self.get(f"/api/v4.1/event/{event_id}"))

    def delta(self, product: str, location: str, qty: int, delta_id: str) -> Document:
        """Send one delta."""
        return self.send(deltas(delta(product, location, qty, delta_id)))

    def reserve(self, product: str, location: str, qty: int, fulfilment: str) -> Document:
        """Reserve stock for a fulfilment."""
        return self.send(updates(item(product, location, fulfilment, reservedQty=-abs(qty))))

    def confirm(
        self, product: str, location: str, fulfilment: str, *, sold: int, rejected: int = 0
    ) -> Document:
        """Confirm a pick: what was filled, and what was not."""
        amounts = {"saleQty": -abs(sold), "correctionQty": -abs(rejected)}
        return self.send(updates(item(product, location, fulfilment, **amounts)))

    def cancel(self, product: str, location: str, qty: int, fulfilment: str) -> Document:
        """Cancel a fulfilment."""
        return self.send(updates(item(product, location, fulfilment, cancelQty=qty)))

    # -- what the catalogue shows --------------------------------------------------------------

    def position(self, ref: str) -> Document:
        """A position, by its ref."""
        return _ok(self.http.get(f"/__admin/positions/{quote(ref, safe='')}"))

    def positions(self) -> list[Document]:
        """Every position (of the first thousand)."""
        reply = _ok(self.http.get("/__admin/positions?count=1000"))
        found: list[Document] = reply["results"]
        return found

    def on_hand(self, product: str, location: str) -> int:
        """The stock on hand of a product at a location."""
        return int(self.position(f"{product}:{location}:DEFAULT")["onHand"])

    def quantities(self, product: str, location: str) -> dict[str, tuple[int, str]]:
        """Quantity and status of a position's quantities, by the part of their ref after it."""
        position = self.position(f"{product}:{location}:DEFAULT")
        return {
            str(row["ref"]).removeprefix(f"{position['ref']}:"): (row["quantity"], row["status"])
            for row in position["quantities"]
        }

    def settle(self) -> None:
        """Wait until all that was accepted has been applied."""
        assert self.simulator.settle(), "the simulator did not settle"


def tally(client: Client, name: str) -> Document:
    """A row of the table of bounds, as `/__admin/health` tells it."""
    rows = _ok(client.http.get("/__admin/health"))["bounds"]
    found: Document = next(row for row in rows if row["name"] == name)
    return found


BESIDE_THE_STATE = (
    "requests", "requestBytes", "traffic", "trafficBytes", "comparedRefs", "sentWork", "failedWork",
    "ledger", "ledgerBytes", "tokens", "refreshTokens", "snapshots", "snapshotBytes", "documents",
)  # fmt: skip
"""Rows of the table of bounds: what a snapshot leaves as it is, and what is examined meanwhile."""


def held_of_the_state(client: Client) -> dict[str, Document]:
    """By the names of their bounds: how much is held of what belongs to the state."""
    rows = _ok(client.http.get("/__admin/health"))["bounds"]
    return {row["name"]: row for row in rows if row["name"] not in BESIDE_THE_STATE}


def _ok(reply: TestResponse) -> Document:
    assert reply.status_code == 200, f"{reply.status_code}: {reply.get_data(as_text=True)}"
    document: Document = reply.get_json()
    return document
