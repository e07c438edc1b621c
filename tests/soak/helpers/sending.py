"""What is sent to fill a store: each call something new."""

import json
from collections.abc import Mapping
from typing import Any

import orjson
from fluent_oms_simulator import Simulator
from fluent_oms_simulator.conformance.failed_work import BATCH, FailedWork
from fluent_oms_simulator.domain.trouble.fault_rules import FaultRule
from fluent_oms_simulator.domain.trouble.points import Point
from fluent_oms_simulator.errors import ApiError, Reason
from fluent_oms_simulator.stores.request import SENT, request_in, request_of

from ...support import batch, delta, deltas, event, item, record, updates

EVENT_PATH = "/api/v4.1/event/async"


def as_json(document: object) -> bytes:
    return json.dumps(document).encode()


def post(simulator: Simulator, document: object) -> None:
    """An event that may be refused for what waits, and is answered as any is."""
    body, status = as_json(document), 200
    try:
        simulator.events.post_async(body)
    except ApiError as refusal:
        if refusal.status != 503:
            raise
        status = refusal.status
    request = request_of("POST", EVENT_PATH, "", "127.0.0.1", None, "agent", body)
    simulator.ledger.answered(0, simulator.clock.now(), request, status, None, None)


def load(simulator: Simulator, *records: Mapping[str, object]) -> None:
    try:
        simulator.jobs.add_batch("1", as_json(batch(*records)))
    except ApiError as refusal:
        if refusal.status != 503:
            raise


def stock(simulator: Simulator, _: int) -> None:
    load(simulator, record("D45", "LOC_MEL", 1_000_000))
    load(simulator, *(record(f"P{number}", "LOC_MEL", 1) for number in range(2_000)))


def waiting_event(simulator: Simulator, number: int) -> None:
    entries = (delta("D45", "LOC_MEL", 1, f"d{number}-{line}" + "i" * 40) for line in range(100))
    post(simulator, deltas(*entries))


def scheduled_event(simulator: Simulator, number: int) -> None:
    entries = (delta("D45", "LOC_MEL", 1, f"s{number}-{line}" + "i" * 40) for line in range(100))
    post(simulator, deltas(*entries, scheduledOn="2999-01-01T00:00:00.000Z"))


def waiting_batch(simulator: Simulator, number: int) -> None:
    attributes: dict[str, Any] = {"note": [{}] * 20}
    plain = (record(f"P{number}-{line}", "LOC_MEL", line) for line in range(100))
    others = (
        record(f"Q{number}-{line}", "LOC_MEL", line, attributes=attributes) for line in range(50)
    )
    load(simulator, *plain, *others)


def ended_event(simulator: Simulator, number: int) -> None:
    """Of every size, and with long outcomes as well."""
    if number % 2:
        post(simulator, event("Unknown", {"note": "é" * (number % 7 * 500)}))
    else:
        missing = (delta(f"NO{line}", "LOC_MEL", 1, f"{number}-{line}") for line in range(50))
        post(simulator, deltas(*missing))


def job(simulator: Simulator, number: int) -> None:
    meta = {"note": [{}] * 1_000, "number": number}
    simulator.jobs.create_job(as_json({"name": "x" * 200, "retailerId": "1", "meta": meta}))


def failing_batch(simulator: Simulator, number: int) -> None:
    load(simulator, *(record(f"P{number}", "x" * 200, "many", status=5) for _ in range(20)))


def positions(simulator: Simulator, number: int) -> None:
    load(simulator, *(record(f"P{number}-{line}", f"L{line}", 1) for line in range(500)))


def locations(simulator: Simulator, number: int) -> None:
    load(simulator, *(record("P", f"L{number}-{line}", 1) for line in range(100)))
    assert simulator.settle(600)
    with simulator.store.view() as (account, _):
        assert len(account.locations)


def delta_at_one(simulator: Simulator, number: int) -> None:
    many = (delta("D45", "LOC_MEL", 1, f"d{number}-{line}") for line in range(100))
    post(simulator, deltas(*many))


def answered_deltas(simulator: Simulator, number: int) -> None:
    """As by a caller who reads the replies."""
    body = as_json(
        deltas(*(delta("D45", "LOC_MEL", 1, f"d{number}-{line}") for line in range(100)))
    )
    simulator.events.post_async(body)
    request = request_of("POST", EVENT_PATH, "", "127.0.0.1", None, "agent", body)
    simulator.traffic.recorder(request, 200, None, b"{}", None)


def delta_of_a_type(simulator: Simulator, number: int) -> None:
    many = (
        delta("D45", "LOC_MEL", 1, f"d{number}-{line}", type=f"T{number}-{line}")
        for line in range(100)
    )
    post(simulator, deltas(*many))


def delta_at_many(simulator: Simulator, number: int) -> None:
    many = (
        delta(f"P{(100 * number + line) % 2_000}", "LOC_MEL", 1, f"d{number}-{line}")
        for line in range(100)
    )
    post(simulator, deltas(*many))


def reservations(simulator: Simulator, number: int) -> None:
    items = (item("D45", "LOC_MEL", f"F{number}-{line}", reservedQty=-1) for line in range(100))
    post(simulator, updates(*items))


def own_refs(simulator: Simulator, number: int) -> None:
    attributes: dict[str, Any] = {"note": [{}] * 20}
    rows = (
        record("D45", "LOC_MEL", 1, ref=f"own{number}-{line}", type="SALE", attributes=attributes)
        for line in range(100)
    )
    load(simulator, *rows)


def entity(simulator: Simulator, number: int) -> None:
    query = """mutation ($ref: String!, $value: Json!) { createControlGroup(input: {ref: $ref,
      type: "D", name: "n", attributes: [{name: "a", type: "JSON", value: $value}]}) { ref } }"""
    variables = {"ref": f"G{number}", "value": [{}] * 500}
    simulator.graphql.post(as_json({"query": query, "variables": variables}))


def history(simulator: Simulator, number: int) -> None:
    load(simulator, *(record(f"P{line}", "LOC_MEL", number) for line in range(500)))


def changes_of_stock(simulator: Simulator, number: int) -> None:
    for first in range(0, 500, 100):
        lines = range(first, first + 100)
        entries = (delta(f"P{line}", "LOC_MEL", 1, f"c{number}-{line}") for line in lines)
        post(simulator, deltas(*entries))


def tokens(simulator: Simulator, _: int) -> None:
    settings = simulator.settings
    form = {
        "grant_type": "password",
        "client_id": settings.client_id,
        "client_secret": settings.client_secret,
        "username": settings.username,
        "password": settings.password,
    }
    simulator.tokens.issue_token(form)


def examine_nothing(simulator: Simulator, _: int) -> None:
    assert simulator.examination is not None
    simulator.examination.stop()


def arm_a_fault(simulator: Simulator, _: int) -> None:
    quota = {"requests": 1, "seconds": 86_400, "per": "client"}
    rule = {"kind": "rate_limit", "point": "connect", "quota": quota}
    reset = {"kind": "reset", "point": "connect"}
    rules = [FaultRule.read(each, str(each["kind"])) for each in (rule, reset)]
    simulator.faults.arm(rules, 0)


def struck_request(simulator: Simulator, number: int) -> None:
    """With more in its head than is kept."""
    long = f"{number}" + "x" * 20_000
    seen = simulator.sightings.of_head("GET", f"/{long}", "127.0.0.1", long, f"Bearer {long}")
    met = simulator.faults.meet(seen)
    assert [strike.rule.id for strike in met.strikes_at(Point.CONNECT)] == ["reset"]


def stock_and_examine_nothing(simulator: Simulator, number: int) -> None:
    stock(simulator, number)
    examine_nothing(simulator, number)


def refused_request(simulator: Simulator, number: int) -> None:
    """With more in every header than a server takes."""
    assert simulator.traffic is not None
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": f"/{number}" + "x" * 20_000,
        "QUERY_STRING": f"a={number}" + "x" * 20_000,
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_AUTHORIZATION": f"Bearer {number}" + "x" * 200_000,
        "HTTP_USER_AGENT": f"agent {number}" + "x" * 20_000,
        SENT: (
            f"{number}".encode() * 100
            if number % 2
            else {"grant_type": "refresh_token", "refresh_token": f"{number}" + "x" * 400_000}
        ),
    }
    reason = Reason("401", f"{number}" + "\U0001f600" * 2_000)
    reply = orjson.dumps({"errors": [reason._asdict()]})
    simulator.traffic.recorder(request_in(environ), 401, None, reply, reason)


def examined_refs(simulator: Simulator, number: int) -> None:
    """A batch for a catalogue of its own, with refs as wide and as long as can be."""
    records = [{"skuRef": f"{number}-{place}" + "\U0001f600" * 80} for place in range(40)]
    body = {"catalogueRef": f"{number}" + "C" * 100_000, "entities": records}
    _examine_a_batch(simulator, body, "1")


def examined_errors(simulator: Simulator, number: int) -> None:
    """A batch that was taken with errors in every record, and may be told to have failed yet."""
    records = [{"skuRef": "S", "locationRef": "L", "qty": "many"} for _ in range(50)]
    _examine_a_batch(simulator, {"catalogueRef": "C", "entities": records}, f"{number}")


def failed_without_a_request(simulator: Simulator, number: int) -> None:
    """A batch that has failed, of which no request is ever seen."""
    failed = {f"/entities/{line}": f"{number}: no such location {line}" for line in range(100)}
    assert simulator.examination is not None
    with simulator.examination.examined() as (examiner, _):
        assert examiner.take_failure(FailedWork(BATCH, f"{number}", failed)) is None


def _examine_a_batch(simulator: Simulator, body: object, batch_id: str) -> None:
    assert simulator.traffic is not None
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/api/v4.1/job/1/batch",
        SENT: as_json(body),
    }
    reply = as_json({"id": batch_id})
    simulator.traffic.recorder(request_in(environ), 200, None, reply, None)
    assert simulator.examination is not None
    with simulator.examination.examined():
        pass


def post_to_nobody(simulator: Simulator, _: int) -> None:
    """A webhook at which nothing listens, and no second attempt."""
    wish = {"url": "http://127.0.0.1:9/", "retrySchedule": "none"}
    simulator.webhook_setting.make("nobody", as_json(wish))


def post_in_a_day(simulator: Simulator, _: int) -> None:
    """A webhook whose deliveries all wait for their next attempt."""
    simulator.clock.change(is_frozen=True)
    wish = {"url": "http://127.0.0.1:9/", "retrySchedule": "exponential"}
    simulator.webhook_setting.make("nobody", as_json(wish))


def posted_event(simulator: Simulator, number: int) -> None:
    """One that a webhook is told of."""
    ended_event(simulator, number)
    assert simulator.settle(600)
    assert simulator.deliveries.settle(600)


def webhook(simulator: Simulator, number: int) -> None:
    """A webhook that may be refused for those that there are."""
    wish = {"url": "http://127.0.0.1:9/" + "x" * 1_900, "events": {"names": ["y" * 200]}}
    try:
        simulator.webhook_setting.make(f"w{number}", as_json(wish))
    except ApiError as refusal:
        if refusal.status != 409:
            raise


def document(simulator: Simulator, number: int) -> None:
    fields = " ".join(f"a{number}x{field}: __typename" for field in range(100))
    simulator.graphql.post(as_json({"query": f"{{ {fields} }}"}))


def snapshot(simulator: Simulator, number: int) -> None:
    """A snapshot that may be refused for those that there are."""
    try:
        simulator.snapshots.take(f"s{number}", b"")
    except ApiError as refusal:
        if refusal.status != 409:
            raise
