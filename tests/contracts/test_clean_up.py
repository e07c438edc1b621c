"""Leaving nothing behind on somebody else's server, whatever a run has written there."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from fluent_oms_simulator.client.builders import delta, item, record
from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.client.held_stock import HELD_STATUSES
from fluent_oms_simulator.client.target_server import Target
from fluent_oms_simulator.contracts.running.cleaning import CleanUp, clean_up
from fluent_oms_simulator.contracts.running.writes import Written
from fluent_oms_simulator.contracts.suite.observations.probing import location
from fluent_oms_simulator.contracts.suite.semantic.asking import mutate

from .helpers.contract_servers import Wrap, as_it_is, of_someone_else, server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PREFIX = "MINE"
PRODUCT, LOCATION = "MINE-P", "MINE1"
CATALOGUE = {"ref": "DEFAULT:1"}

TYPES_LOADED = {
    "a count": record(PRODUCT, LOCATION, 5),
    "a count under a ref of its own": record(PRODUCT, LOCATION, 5, ref="MINE-COUNT"),
    "a reservation": record(PRODUCT, LOCATION, -5, type="RESERVED"),
    "a reservation under a ref of its own": record(
        PRODUCT, LOCATION, 5, type="RESERVED", ref="MINE-RESERVED"
    ),
    "a sale": record(PRODUCT, LOCATION, 5, type="SALE"),
    "a correction": record(PRODUCT, LOCATION, -5, type="CORRECTION", ref="MINE-C"),
    "a delta": record(PRODUCT, LOCATION, 5, type="DELTA"),
    "what is expected": record(PRODUCT, LOCATION, 5, type="EXPECTED", ref="MINE-EXPECTED"),
    "a type of the caller's own": record(PRODUCT, LOCATION, 5, type="BACK ROOM"),
}


class Foreign:
    """A caller of somebody else's server, whose clean-up is to be seen."""

    def __init__(self, url: str) -> None:
        self.api = Api(Target(url=url, is_ours=False, patience=20.0, pause=0.005))
        self.written = Written()
        self.api.wire.listeners.append(self.written)

    def clean_up(self) -> CleanUp:
        return clean_up(self.api, self.written, PREFIX)

    def in_use(self, product: str = PRODUCT, at: str = LOCATION) -> list[tuple[str, int]]:
        """The quantities in use that are not 0, by type; `on hand` is among them."""
        found: Any = self.api.position(product, at)
        rows = [
            (row["type"], row["quantity"])
            for row in found["quantities"]
            if row["quantity"] and row["status"] in HELD_STATUSES
        ]
        return rows + ([("on hand", found["onHand"])] if found["onHand"] else [])


@contextmanager
def foreign(wrap: Wrap = as_it_is) -> Iterator[Foreign]:
    with server(lambda app: of_someone_else(wrap(app))) as (url, _):
        yield Foreign(url)


@pytest.mark.parametrize("loaded", TYPES_LOADED.values(), ids=TYPES_LOADED)
def test_whatever_type_was_loaded_is_taken_back_by_its_own_ref(loaded: dict[str, object]) -> None:
    with foreign() as server_:
        server_.api.load([loaded])
        assert server_.in_use()
        cleaned = server_.clean_up()

        assert server_.in_use() == []
    assert cleaned == CleanUp(("Cleaned up: 1 positions are at 0.",))


def test_all_types_at_one_position_are_taken_back_together() -> None:
    with foreign() as server_:
        server_.api.load(list(TYPES_LOADED.values()))
        server_.api.load([record(PRODUCT, "MINE2", 3, type="RESERVED")])
        cleaned = server_.clean_up()

        assert server_.in_use() == server_.in_use(at="MINE2") == []
    assert cleaned.told == ("Cleaned up: 2 positions are at 0.",)


def test_what_events_wrote_is_taken_back() -> None:
    with foreign() as server_:
        server_.api.load([record(PRODUCT, LOCATION, 10)])
        server_.api.updates(
            item(PRODUCT, LOCATION, "MINE-F1", reservedQty=-2),
            item(PRODUCT, LOCATION, "MINE-F2", saleQty=-3, correctionQty=-1),
        )
        server_.api.deltas(delta(PRODUCT, LOCATION, -4, "MINE-D1"))
        cleaned = server_.clean_up()

        assert server_.in_use() == []
    assert not cleaned.left


def test_an_event_for_a_position_that_is_not_there_leaves_nothing_to_take_back() -> None:
    with foreign() as server_:
        server_.api.deltas(delta(PRODUCT, LOCATION, -4, "MINE-D1"))
        cleaned = server_.clean_up()

        assert server_.api.position(PRODUCT, LOCATION) is None
    assert cleaned == CleanUp(("Nothing was written that could be taken back.",))


def test_more_quantities_than_a_page_shows_are_all_taken_back() -> None:
    refs = [f"MINE-{number}" for number in range(130)]
    with foreign() as server_:
        server_.api.load([record(PRODUCT, LOCATION, 1, type="RESERVED", ref=ref) for ref in refs])
        cleaned = server_.clean_up()

        assert server_.in_use() == []
    assert not cleaned.left


# -- what mutations made -------------------------------------------------------------------------


def test_a_position_and_quantities_made_by_mutation_end_at_zero() -> None:
    with foreign() as server_:
        key = {"catalogue": CATALOGUE, "type": "DEFAULT"}
        mutate(
            server_.api,
            "createInventoryPosition",
            **key,
            ref="MINE-IP",
            productRef=PRODUCT,
            locationRef=LOCATION,
            onHand=7,
        )
        for number, kind in enumerate(("RESERVED", "DELTA", "BACK ROOM")):
            mutate(
                server_.api,
                "createInventoryQuantity",
                ref=f"MINE-{number}",
                catalogue=CATALOGUE,
                position={"ref": "MINE-IP", "catalogue": CATALOGUE},
                type=kind,
                quantity=4,
            )
        assert len(server_.in_use()) == 4
        cleaned = server_.clean_up()

        assert server_.in_use() == []
    assert not cleaned.left


def test_catalogues_controls_and_places_made_by_mutation_end_out_of_use() -> None:
    with foreign() as server_:
        api = server_.api
        mutate(api, "createControlGroup", ref="MINE-G", type="DEFAULT", name="G")
        mutate(api, "updateControlGroup", ref="MINE-G", status="ACTIVE")
        mutate(
            api,
            "createControl",
            ref="MINE-C",
            controlGroup={"ref": "MINE-G"},
            type="QUANTITY_BUFFER",
            name="C",
            values=[{"name": "buffer", "type": "NUMBER", "value": -1}],
        )
        mutate(api, "createLocation", **location("MINE1", api))
        mutate(api, "createNetwork", "id", name="MINE-N", retailers=[{"id": "1"}])
        for name, more in (
            ("createInventoryCatalogue", {}),
            (
                "createVirtualCatalogue",
                {
                    "inventoryCatalogueRef": "DEFAULT:1",
                    "productCatalogueRef": "COMPATIBILITY:1",
                    "controlGroupRef": "MINE-G",
                },
            ),
        ):
            kind = "DEFAULT" if name == "createInventoryCatalogue" else "BASE"
            mutate(api, name, ref=f"MINE-{name}", type=kind, name="K", **more)
        cleaned = server_.clean_up()
        seen = api.graphql(
            """{ controlGroup(ref: "MINE-G") { status }
                 control(ref: "MINE-C", controlGroup: {ref: "MINE-G"}) { status }
                 location(ref: "MINE1") { status } network(ref: "MINE-N") { status }
                 inventoryCatalogue(ref: "MINE-createInventoryCatalogue") { status }
                 virtualCatalogue(ref: "MINE-createVirtualCatalogue") { status } }"""
        ).document

    assert {name: shown["status"] for name, shown in seen["data"].items()} == dict.fromkeys(
        seen["data"], "INACTIVE"
    )
    assert not cleaned.left
    assert "What mutations made stays, out of use" in cleaned.told[-1]
    assert "the control group MINE-G" in cleaned.told[-1]


# -- what cannot be taken back -------------------------------------------------------------------


def test_what_the_server_does_not_let_be_taken_back_is_told_one_by_one() -> None:
    with foreign(keeping_reservations) as server_:
        server_.api.load([record(PRODUCT, LOCATION, 9)])
        server_.api.load(
            [record(PRODUCT, LOCATION, -5, type="RESERVED", ref="MINE-R", attributes={"a": "b"})]
        )
        cleaned = server_.clean_up()

        assert dict(server_.in_use())["RESERVED"] == -5
    assert cleaned.left == ("MINE-P at MINE1 holds -5 RESERVED (MINE-R)",)
    assert cleaned.told == (f"Could not be taken back (1): {cleaned.left[0]}",)


def test_a_server_that_does_not_answer_any_more_is_told_with_every_position() -> None:
    with foreign() as server_:
        server_.api.load([record(PRODUCT, LOCATION, 9)])
    cleaned = server_.clean_up()

    assert "Cleaning up did not succeed" in cleaned.told[0]
    assert "nothing listens there" in cleaned.told[0]
    assert cleaned.left == ("MINE-P at MINE1 may still hold stock",)


def test_what_was_answered_late_is_taken_back_too() -> None:
    gate = threading.Event()
    with foreign(lambda app: carrying_out_later(app, gate)) as server_:
        server_.api.load([record(PRODUCT, LOCATION, 9)])
        event = server_.api.event(
            "INVENTORY_DELTA", {"deltas": [delta(PRODUCT, LOCATION, 4, "MINE-D1")]}
        )
        assert server_.api.send_event(event).status == 200
        threading.Timer(0.2, gate.set).start()
        cleaned = server_.clean_up()

        assert gate.is_set()
        assert server_.in_use() == []
    assert not cleaned.left


def test_what_the_answer_was_lost_of_is_taken_back_and_told() -> None:
    with foreign(failing_after_the_work) as server_:
        job = server_.api.open_job()
        answer = server_.api.send_batch(job, [record(PRODUCT, LOCATION, 5, type="RESERVED")])
        assert answer.status == 502
        server_.api.eventually(lambda: server_.api.position(PRODUCT, LOCATION))
        cleaned = server_.clean_up()

        assert server_.in_use() == []
    assert not cleaned.left
    assert cleaned.told[-1].startswith("Requests that write and got no answer: 1;")


def test_a_name_that_is_not_the_runs_own_is_left_alone_and_told() -> None:
    with foreign() as server_:
        server_.api.load([record("THEIRS", "MINE1", 9)])
        cleaned = server_.clean_up()

        assert server_.in_use("THEIRS") == [("LAST_ON_HAND", 9), ("on hand", 9)]
    assert cleaned.left == ("THEIRS at MINE1 is not a name of this run's",)


def keeping_reservations(app: WSGIApplication) -> WSGIApplication:
    """A server on which a reservation can only be made."""

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        body = _body(environ)
        if b"updateInventoryQuantity" in body or (b"MINE-R" in body and b'"qty":0' in body):
            start("400 BAD REQUEST", [("Content-Type", "application/json")])
            return [b'{"errors":[{"code":"400","message":"It is kept."}]}']
        return app(environ, start)

    return answer


def carrying_out_later(app: WSGIApplication, gate: threading.Event) -> WSGIApplication:
    """A server that takes an event, and carries it out when the gate opens."""

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        body, path = _body(environ), environ["PATH_INFO"]
        if path.endswith("/event/async"):
            threading.Thread(target=carry_out, args=(dict(environ), body)).start()
            return _json(start, b'{"id":"made-up"}')
        if path.endswith("/event/made-up"):
            state = b"SUCCESS" if done.is_set() else b"PENDING"
            return _json(start, b'{"id":"made-up","eventStatus":"' + state + b'"}')
        return app(environ, start)

    def carry_out(environ: dict[str, Any], body: bytes) -> None:
        gate.wait(60)
        environ["PATH_INFO"] = environ["PATH_INFO"].replace("async", "sync")
        environ["wsgi.input"] = _Given(body)
        b"".join(app(environ, lambda *_: lambda _part: None))
        done.set()

    done = threading.Event()
    return answer


def failing_after_the_work(app: WSGIApplication) -> WSGIApplication:
    """A gateway that carries the first batch on, and then says that it did not get there."""
    failed: list[bool] = []

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"].endswith("/batch") and not failed:
            failed.append(True)
            b"".join(app(environ, lambda *_: lambda _part: None))
            start("502 BAD GATEWAY", [("Content-Type", "text/html")])
            return [b"<h1>Bad gateway</h1>"]
        return app(environ, start)

    return answer


def _json(start: StartResponse, body: bytes) -> list[bytes]:
    start("200 OK", [("Content-Type", "application/json")])
    return [body]


def _body(environ: WSGIEnvironment) -> bytes:
    """The body, which can still be read afterwards."""
    body: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = _Given(body)
    return body


class _Given:
    """A body that has been read already."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._at = 0

    def read(self, size: int = -1, /) -> bytes:
        end = len(self._body) if size is None or size < 0 else self._at + size
        part = self._body[self._at : end]
        self._at += len(part)
        return part
