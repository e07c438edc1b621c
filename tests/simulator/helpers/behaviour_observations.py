"""What can be seen of each behaviour switch from outside: one function for each."""

import gzip
from dataclasses import replace
from typing import Any

from fluent_oms_simulator import build
from fluent_oms_simulator.clock import VirtualClock

from ...graphql.helpers.places import CREATE_LOCATION, location_input
from ...support import Client, batch, delta, deltas, event, item, record, updates

HOUR = 3_600_000
DAY = 24 * HOUR


def advance(client: Client, milliseconds: int) -> None:
    clock = client.simulator.clock
    assert isinstance(clock, VirtualClock)
    clock.advance(milliseconds)


def stock(client: Client) -> dict[str, int]:
    return {view["ref"]: view["onHand"] for view in client.positions()}


def send_batch(client: Client, document: object, job: str | None = None) -> int:
    """The HTTP status of a batch."""
    reply = client.post(f"/api/v4.1/job/{job or client.job()}/batch", document)
    client.settle()
    return reply.status_code


def send_event(client: Client, document: object) -> int | str:
    """The status of an event in the log, or the HTTP status that refused it."""
    reply = client.post("/api/v4.1/event/async", document)
    client.settle()
    if reply.status_code != 200:
        return reply.status_code
    body: dict[str, str] = reply.get_json()
    return str(client.event(body["id"])["eventStatus"])


def logged(client: Client, **query: str) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = client.get("/api/v4.1/event", **query).get_json()["results"]
    return results


def invalid_record(client: Client) -> object:
    good, bad = record("D45", "LOC_MEL", 10), record("D45", "LOC_SYD", -1)
    status = send_batch(client, batch(good, bad))
    if status != 200:
        return status, stock(client), None
    results = client.batch("1")["results"]
    assert "/entities/1/qty" in results[1]["message"]
    return status, stock(client), [result["responseCode"] for result in results]


def unknown_catalogue(client: Client) -> object:
    status = send_batch(client, batch(record("D45", "LOC_MEL", 1), catalogueRef="OUTLET:1"))
    return status, stock(client), [row["eventStatus"] for row in logged(client)]


def custom_event(client: Client) -> object:
    load = client.load([record("D45", "LOC_MEL", 1)], event="StockCounted")
    rows = [(row["name"], row["eventStatus"]) for row in logged(client, name="StockCounted")]
    return client.batch(load)["results"][0]["responseCode"], stock(client), rows


def batch_results(client: Client) -> object:
    """With pre-processing, and without it."""
    jobs = [client.job(preprocessing=asked) for asked in ("enabled", "skip")]
    loads = [client.batch(client.load([record("D45", "LOC_MEL", 1)], job=job), job) for job in jobs]
    return [(load["status"], load["total"], len(load["results"])) for load in loads]


def batch_events(client: Client) -> object:
    client.load([record("D45", "LOC_MEL", 1)], preprocessing="enabled")
    query = {"context.entityType": "BATCH"}
    with_preprocessing = [row["name"] for row in logged(client, **query)]
    client.load([record("D45", "LOC_MEL", 2)], preprocessing="skip")
    without = [row["name"] for row in logged(client, **query)][: -len(with_preprocessing) or None]
    return with_preprocessing, without


def paging(client: Client) -> object:
    client.load([record("D45", "LOC_MEL", 1)])
    views = (client.batch("1"), client.get("/api/v4.1/job/1").get_json())
    return [[view[name] for name in ("start", "count", "total")] for view in views]


def closing_hours(client: Client) -> object:
    """The job's status at noon, at 23:59:59.999, at midnight, a day later less 1 ms, a day later,
    and a week later."""
    job = client.job()
    statuses = []
    for step in (0, 12 * HOUR - 1, 1, 12 * HOUR - 1, 1, 7 * DAY):
        advance(client, step)
        client.forget_token()
        statuses.append(client.get(f"/api/v4.1/job/{job}").get_json()["status"])
    return "".join(status[0] for status in statuses)


def closed_status(client: Client) -> object:
    job = client.job()
    advance(client, 13 * HOUR)
    return send_batch(client, batch(record("D45", "LOC_MEL", 1)), job), stock(client)


def job_results(client: Client) -> object:
    client.load([record("D45", "LOC_MEL", 1)])
    return client.get("/api/v4.1/job/1/results").status_code


def account_setting(client: Client) -> object:
    return [_second_verdict(client, preprocessing) for preprocessing in (None, "enabled", "skip")]


def _second_verdict(client: Client, preprocessing: str | None, **more: object) -> str:
    job = client.job(preprocessing=preprocessing)
    client.load([record("D45", "LOC_MEL", 1)], job=job)
    second = client.load([record("D45", "LOC_MEL", 1, **more)], job=job)
    return str(client.batch(second, job)["results"][0]["message"]).partition(":")[0]


def duplicate_wins(client: Client) -> object:
    load = client.load([record("D45", "LOC_MEL", 1), record("D45", "LOC_MEL", 2)])
    verdicts = [row["message"].partition(":")[0] for row in client.batch(load)["results"]]
    return stock(client), verdicts


def compares_attributes(client: Client) -> object:
    return [_second_verdict(client, "enabled", attributes={"condition": "NEW"})]


def duplicate_delta(client: Client) -> object:
    client.load([record("D45", "LOC_MEL", 10)])
    statuses = [
        client.delta("D45", "LOC_MEL", quantity, "d1")["eventStatus"] for quantity in (5, 5, 7)
    ]
    return statuses, stock(client)


def missing_position(client: Client) -> object:
    client.load([record("D45", "LOC_MEL", 10)])
    outcome = client.send(
        deltas(delta("D45", "LOC_MEL", 1, "d1"), delta("D45", "LOC_SYD", -2, "d2"))
    )
    return outcome["eventStatus"], stock(client)


def missing_delta_id(client: Client) -> object:
    client.load([record("D45", "LOC_MEL", 10)])
    """One alone, then one beside another delta, then that other one alone."""
    nameless = {"productRef": "D45", "locationRef": "LOC_MEL", "qty": 1}
    named = delta("D45", "LOC_MEL", 3, "d1")
    sent = (deltas(nameless), deltas(delta("D45", "LOC_MEL", 3, "d2"), nameless), deltas(named))
    return [send_event(client, document) for document in sent], stock(client)


def negative_count(client: Client) -> object:
    return send_batch(client, batch(record("D45", "LOC_MEL", -1))), stock(client)


def zero_delta(client: Client) -> object:
    client.load([record("D45", "LOC_MEL", 10)])
    return send_event(client, deltas(delta("D45", "LOC_MEL", 0, "d1"))), stock(client)


def twice_in_event(client: Client) -> object:
    """For one position, and then for two, of which one quantity cannot be."""
    client.load([record("D45", location, 10) for location in ("LOC_MEL", "LOC_SYD")])
    pairs = (("LOC_MEL", "LOC_MEL", "d1"), ("LOC_MEL", "LOC_SYD", "d2"))
    sent = [
        deltas(delta("D45", one, 5, name), delta("D45", other, 7, name))
        for one, other, name in pairs
    ]
    return [send_event(client, document) for document in sent], stock(client)


def most_entries(client: Client) -> object:
    client.load([record("D45", "LOC_MEL", 10)])
    sent = (
        deltas(*(delta("D45", "LOC_MEL", 1, f"{many}-{each}") for each in range(many)))
        for many in (2, 3)
    )
    return [send_event(client, document) for document in sent], stock(client)


def no_entries(client: Client) -> object:
    return [send_event(client, deltas()), send_event(client, updates())]


def invalid_attributes(client: Client) -> object:
    client.load([record("D45", "LOC_MEL", 10)])
    return send_event(client, deltas(delta("D45", "LOC_MEL", 0.5, "d1"))), stock(client)


def inventory_changed(client: Client) -> object:
    """A count of a position that has a delta, and of one that does not exist."""
    client.load([record("D45", "LOC_MEL", 10)])
    client.delta("D45", "LOC_MEL", 1, "d1")
    counts = (("LOC_MEL", 7), ("LOC_SYD", 3))
    return [
        send_event(client, event("InventoryChanged", {"inventoryPosition": counted(*count)}))
        for count in counts
    ], stock(client)


def counted(location: str, quantity: int, **quantity_fields: object) -> dict[str, object]:
    """A position as InventoryChanged carries it."""
    position: dict[str, object] = {"productRef": "D45", "locationRef": location, "qty": quantity}
    return position | ({"inventoryQuantity": quantity_fields} if quantity_fields else {})


def account_mismatch(client: Client) -> object:
    client.load([record("D45", "LOC_MEL", 10)])
    document = deltas(delta("D45", "LOC_MEL", 1, "d1"), accountId="ANOTHER")
    return send_event(client, document), stock(client)


def success_status(client: Client) -> object:
    client.load([record("D45", "LOC_MEL", 10)])
    document = deltas(delta("D45", "LOC_MEL", 1, "d1"))
    in_reply = client.post("/api/v4.1/event/sync", document).get_json()["eventStatus"]
    return in_reply, _delta_in_log(client)["eventStatus"]


def event_order(client: Client) -> object:
    for name in ("first", "second"):
        client.send(event(name, {}))
    return [row["name"] for row in logged(client, eventType="ORCHESTRATION")]


def largest_page_of_batches(client: Client) -> object:
    """Of a job's batches, of a batch's results, and of a job's results."""
    job = client.job()
    for quantities in ((1, 2, 3), (1,), (2,)):
        records = [record(f"SKU_{number}", "LOC_MEL", number) for number in quantities]
        client.load(records, job=job)
    shown = [
        client.get(f"/api/v4.1/job/{job}", count="9").get_json()["count"],
        client.batch("1", job, count="9")["count"],
    ]
    results = client.get(f"/api/v4.1/job/{job}/results").get_json()
    assert results["totalBatches"] == 3
    return shown, len(results["results"])


def largest_page(client: Client) -> object:
    sizes = ({"count": "2"}, {"count": "3"}, {"count": "6000"})
    return [client.get("/api/v4.1/event", **query).get_json()["count"] for query in sizes]


def page_too_large(client: Client) -> object:
    replies = [client.get("/api/v4.1/event", count=count) for count in ("5000", "5001")]
    return [(reply.status_code, reply.get_json().get("count")) for reply in replies]


def overload_status(client: Client) -> object:
    """What a sender meets that is far ahead of the worker."""
    padded = event("Unknown", {"note": "x" * 5_000_000})
    with client.simulator.worker.quiet():
        replies = [client.post("/api/v4.1/event/async", padded) for _ in range(60)]
    last = replies[-1]
    return {reply.status_code for reply in replies}, last.headers.get("Retry-After")


def _delta_in_log(client: Client) -> dict[str, Any]:
    [shown] = logged(client, name="INVENTORY_DELTA", eventType="ORCHESTRATION")
    return shown


def event_audit(client: Client) -> object:
    client.load([record("D45", "LOC_MEL", 10)])
    sent = client.delta("D45", "LOC_MEL", 1, "d1")["id"]
    audit = {"eventType": "ORCHESTRATION_AUDIT"}
    return len(logged(client, **audit, **{"context.sourceEvents": sent})), len(logged(client))


def scheduled_on(client: Client) -> object:
    client.load([record("D45", "LOC_MEL", 10)])
    later = "2026-01-01T13:00:00Z"
    sent = client.send(deltas(delta("D45", "LOC_MEL", 1, "d1"), scheduledOn=later))
    before = sent["eventStatus"], stock(client)
    advance(client, HOUR)
    client.settle()
    return before, (client.event(sent["id"])["eventStatus"], stock(client))


def _sent_to_new_catalogue(client: Client, kind: str, status: str) -> object:
    """The HTTP status of a batch, and what became of an event."""
    for mutation in (
        f'createInventoryCatalogue(input: {{ref: "C:1", type: "{kind}", name: "C"}})',
        f'updateInventoryCatalogue(input: {{ref: "C:1", status: "{status}"}})',
    ):
        document = {"query": f"mutation {{ {mutation} {{ id }} }}"}
        assert "errors" not in client.post("/graphql", document).get_json()
    loaded = send_batch(client, batch(record("D45", "LOC_MEL", 10), catalogueRef="C:1"))
    there = {"entityRef": "C:1", "entitySubtype": kind, "rootEntityRef": "C:1"}
    return loaded, send_event(client, deltas(delta("D45", "LOC_MEL", 1, "d1"), **there))


def catalogue_not_active(client: Client) -> object:
    return [_sent_to_new_catalogue(client, "DEFAULT", "CREATED")]


def catalogue_other_types(client: Client) -> object:
    return [_sent_to_new_catalogue(client, "OUTLET", "ACTIVE")]


def event_window(client: Client) -> object:
    queries = ({"from": "2025-01-01T00:00:00Z"}, {"to": "2027-01-01T00:00:00Z"}, {"count": "1"})
    return [client.get("/api/v4.1/event", **query).status_code for query in queries]


def retailer_mismatch(client: Client) -> object:
    statuses: list[object] = [
        send_batch(client, batch(record("D45", "LOC_MEL", 10, retailerId=2))),
        send_batch(client, batch(record("D45", "LOC_SYD", 10), catalogueRef="DEFAULT:2")),
    ]
    client.load([record("D45", "LOC_PER", 10)], job=client.job(retailer="2"))
    document = deltas(delta("D45", "LOC_PER", 1, "d1"), entityRef="DEFAULT:2")
    statuses.append(send_event(client, document))
    held = {
        (view["catalogueRef"], view["locationRef"]): view["onHand"] for view in client.positions()
    }
    return statuses, held


def first_status(client: Client) -> object:
    client.load([record("D45", "LOC_MEL", 10)])
    return client.position("D45:LOC_MEL:DEFAULT")["status"]


def unknown_fields(client: Client) -> object:
    return [
        client.post("/api/v4.1/job", {"name": "a", "retailerId": 1, "more": 1}).status_code,
        send_batch(client, batch(record("D45", "LOC_MEL", 1), more=1)),
        send_batch(client, batch(record("D45", "LOC_MEL", 1, more=1))),
        send_event(client, deltas(delta("D45", "LOC_MEL", 1, "d1", more=1))),
        client.get("/api/v4.1/event", more="1").status_code,
    ]


def string_numbers(client: Client) -> object:
    status = send_batch(client, batch(record("D45", "LOC_MEL", "10")))
    client.load([record("D45", "LOC_SYD", 10)])
    return status, send_event(client, deltas(delta("D45", "LOC_SYD", "-3", "d1"))), stock(client)


def null_fields(client: Client) -> object:
    job = {"name": "a", "retailerId": "1", "meta": None}
    statuses: list[object] = [
        client.post("/api/v4.1/job", job).status_code,
        send_batch(client, batch(record("D45", "LOC_MEL", 10, ref=None), event=None)),
    ]
    client.load([record("D45", "LOC_MEL", 10)])
    document = deltas(delta("D45", "LOC_MEL", 1, "d1", type=None), entitySubtype=None)
    return [*statuses, send_event(client, document)], stock(client)


def decimal_whole_numbers(client: Client) -> object:
    status = send_batch(client, batch(record("D45", "LOC_MEL", 10.0)))
    client.load([record("D45", "LOC_SYD", 10)])
    changes = [
        send_event(client, deltas(delta("D45", "LOC_SYD", -3.0, "d1"))),
        send_event(client, updates(item("D45", "LOC_SYD", "F1", reservedQty=-1.0))),
        send_event(client, deltas(delta("D45", "LOC_SYD", -3.5, "d2"))),
    ]
    return status, changes, stock(client)


def content_type(client: Client) -> object:
    body = b'{"name": "a", "retailerId": "1"}'
    kinds = ("application/json; charset=utf-8", "text/plain", "")
    return [
        client.post("/api/v4.1/job", body, **{"Content-Type": kind}).status_code for kind in kinds
    ]


def content_encoding(client: Client) -> object:
    body = gzip.compress(b'{"name": "a", "retailerId": "1"}')
    return client.post("/api/v4.1/job", body, **{"Content-Encoding": "gzip"}).status_code


def max_body_bytes(client: Client) -> object:
    body = b'{"name": "a", "retailerId": "1"}'
    return [client.post("/api/v4.1/job", body + b" " * more).status_code for more in (0, 500)]


def refresh_token(client: Client) -> object:
    """For any client, and for the one that the platform's page on integrations names."""
    settings = replace(client.simulator.settings, client_id="FLUENT_INTEGRATION")
    integration = Client(build(settings))
    return tuple("refresh_token" in each.sign_in().get_json() for each in (client, integration))


def token_seconds(client: Client) -> object:
    seconds = client.sign_in().get_json()["expires_in"]
    headers = client.headers
    advance(client, seconds * 1000 - 1)
    before = client.http.get("/api/v4.1/job/9", headers=headers).status_code
    advance(client, 1)
    return seconds, before, client.http.get("/api/v4.1/job/9", headers=headers).status_code


def location_ref_length(client: Client) -> object:
    """Whether a location with a ref of eight characters is created, then one of nine."""
    replies = [
        client.post("/graphql", {"query": CREATE_LOCATION, "variables": {"input": given}})
        for given in (location_input("A" * 8), location_input("A" * 9))
    ]
    return ["errors" not in reply.get_json() for reply in replies]
