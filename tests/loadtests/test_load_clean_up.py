"""What a load run leaves on somebody else's server: nothing, or exactly what it says."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from fluent_oms_simulator import Simulator
from fluent_oms_simulator.loadtests.benchmarks.bench_api import BenchApi
from fluent_oms_simulator.loadtests.ledger.ledger import Ledger
from fluent_oms_simulator.loadtests.running.clean_up import clean_up
from fluent_oms_simulator.loadtests.traffic.load_options import LoadOptions
from fluent_oms_simulator.loadtests.traffic.payloads import delta_event_body
from fluent_oms_simulator.loadtests.traffic.trade_events import Count, DeltaEvent, Position, Sent

from .helpers.audit_rig import Sender, sale
from .helpers.load_rig import server, stock

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MINE, ALSO_MINE, THEIRS = (
    Position(name, "LOC_MEL") for name in ("MINE-SHIRT", "MINE-SHOES", "SHIRT")
)


def intercepted(app: WSGIApplication, *, intercept: Callable[[str, Any], Any]) -> WSGIApplication:
    """A server that asks `intercept` about each document: None, or an answer of its own."""

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"] != "/oauth/token":
            body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            environ["wsgi.input"] = io.BytesIO(body)
            reply = intercept(environ["PATH_INFO"], json.loads(body))
            if reply is not None:
                start("400 BAD REQUEST", [("Content-Type", "application/json")])
                return [json.dumps(reply).encode()]
        return app(environ, start)

    return answer


def cleaned(url: str, ledger: Ledger) -> tuple[str, ...]:
    """What clean-up says; the prefix of the run is MINE-."""
    told: tuple[str, ...] = clean_up(LoadOptions(url=url, prefix="MINE-"), ledger, 0.02)
    return told


def written(sender: Sender) -> Ledger:
    """Two positions of a run and one of somebody else, with stock and a delta each."""
    sender.start_load(Count(MINE, 50), Count(ALSO_MINE, 9), Count(THEIRS, 7))()
    sender.event(sale("d1", MINE), sale("d2", THEIRS))
    return sender.ledger


def test_what_is_not_of_the_run_stays() -> None:
    with server(lambda app: app) as (url, simulator):
        said = cleaned(url, written(Sender(url)))
        left = stock(simulator)

    assert said == ("Cleaned up: 2 positions were counted down to 0.",)
    assert left == {
        "MINE-SHIRT:LOC_MEL:DEFAULT": 0,
        "MINE-SHOES:LOC_MEL:DEFAULT": 0,
        "SHIRT:LOC_MEL:DEFAULT": 6,
    }


def test_a_delta_that_is_applied_after_the_count_is_taken_back_as_well() -> None:
    event = delta_event_body(DeltaEvent([sale("late", MINE, -5)], 0.0))
    clients: list[BenchApi] = []
    simulators: list[Simulator] = []

    def intercept(path: str, document: Any) -> None:
        if path == "/graphql" and "Stock" in document["query"] and clients:
            clients.pop().post("/api/v4.1/event/async", event)
            assert simulators[0].settle()

    with server(partial(intercepted, intercept=intercept)) as (url, simulator):
        simulators.append(simulator)
        ledger = written(Sender(url))
        clients.append(BenchApi(url))
        said = cleaned(url, ledger)
        left = stock(simulator)

    assert not clients
    assert said == ("Cleaned up: 2 positions were counted down to 0.",)
    assert left["MINE-SHIRT:LOC_MEL:DEFAULT"] == 0


def test_the_job_that_cleans_up_is_called_after_the_run() -> None:
    names: list[str] = []

    def intercept(path: str, document: Any) -> None:
        if path == "/api/v4.1/job":
            names.append(document["name"])

    with server(partial(intercepted, intercept=intercept)) as (url, _):
        ledger = written(Sender(url))
        names.clear()
        cleaned(url, ledger)

    assert names == ["MINE-Load run: cleaning up"]


def test_what_cannot_be_taken_back_is_named_with_what_it_holds() -> None:
    reserved = {
        "name": "UpdateInventoryQty",
        "accountId": "FCTRAIN1001",
        "retailerId": "1",
        "entityRef": "DEFAULT:1",
        "entityType": "INVENTORY_CATALOGUE",
        "entitySubtype": "DEFAULT",
        "rootEntityType": "INVENTORY_CATALOGUE",
        "rootEntityRef": "DEFAULT:1",
        "attributes": {
            "items": [
                {
                    "skuRef": MINE.product_ref,
                    "locationRef": MINE.location_ref,
                    "fulfilmentId": "100",
                    "quantity": 0,
                    "reserveQty": "-5",
                    "correctionQty": 0,
                    "saleQty": 0,
                }
            ]
        },
    }
    with server(lambda app: app) as (url, simulator):
        sender = Sender(url)
        ledger = written(sender)
        BenchApi(url).post("/api/v4.1/event/async", json.dumps(reserved).encode())
        assert simulator.settle()
        (said,) = cleaned(url, ledger)

    assert said.startswith("1 of 2 positions are not at 0: MINE-SHIRT at LOC_MEL holds -5 RESERVED")
    assert "not of this run" in said


def test_a_server_that_takes_no_counts_any_more_is_told_with_what_may_stay() -> None:
    refuses: list[bool] = []

    def intercept(path: str, _document: Any) -> Any:
        return {"errors": [{"message": "no more"}]} if refuses and "/batch" in path else None

    with server(partial(intercepted, intercept=intercept)) as (url, _):
        ledger = written(Sender(url))
        refuses.append(True)
        (said,) = cleaned(url, ledger)

    assert "answered 400" in said
    assert "Up to 2 positions may still hold stock, such as MINE-SHIRT at LOC_MEL" in said


def test_deltas_without_an_answer_are_told_of() -> None:
    with server(lambda app: app) as (url, _):
        sender = Sender(url)
        sender.start_load(Count(MINE, 50))()
        sender.event(sale("d1", MINE), answered=False)
        said = cleaned(url, sender.ledger)

    assert said[-1].startswith("Deltas that got no answer: 1;")


def test_counts_that_were_never_answered_are_taken_back_as_well() -> None:
    ledger = Ledger()
    with server(lambda app: app) as (url, simulator):
        Sender(url).start_load(Count(MINE, 50))()
        ledger.opened([Count(MINE, 50)], Sent("job 1", time.time(), None, None), None)
        cleaned(url, ledger)
        left = stock(simulator)

    assert set(left.values()) == {0}
