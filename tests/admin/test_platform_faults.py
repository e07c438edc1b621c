"""The platform does otherwise than it should with what it accepted, until the rule is removed."""

import pytest
from fluent_oms_simulator.clock import VirtualClock

from ..conftest import MakeSimulator
from ..support import Client, Document, batch, delta, deltas, item, record, updates

JOB = "/api/v4.1/job"


@pytest.fixture
def client(make_simulator: MakeSimulator, clock: VirtualClock) -> Client:
    client = Client(make_simulator(clock=clock))
    client.load([record("D45", "LOC_MEL", 100)])
    return client


def arm(client: Client, *rules: Document) -> None:
    assert client.headers
    reply = client.http.put("/__admin/faults", json={"rules": list(rules)})
    assert reply.status_code == 200, reply.get_data(as_text=True)


def disarm(client: Client) -> None:
    assert client.http.delete("/__admin/faults").status_code == 200


def send(client: Client, delta_id: str, qty: int = -1) -> str:
    reply = client.post("/api/v4.1/event/async", deltas(delta("D45", "LOC_MEL", qty, delta_id)))
    assert reply.status_code == 200
    return str(reply.get_json()["id"])


def load(client: Client, *records: Document) -> tuple[str, str]:
    job = client.job()
    reply = client.post(f"{JOB}/{job}/batch", batch(*records))
    assert reply.status_code == 200, reply.get_data(as_text=True)
    return job, str(reply.get_json()["id"])


def on_hand(client: Client) -> int:
    client.settle()
    return client.on_hand("D45", "LOC_MEL")


def advance(client: Client, **parts: float) -> None:
    reply = client.http.post("/__admin/clock/advance", json=parts)
    assert reply.status_code == 200


def test_events_are_applied_later_in_the_order_of_their_time(client: Client) -> None:
    late = {"kind": "late", "match": {"deltaId": "late"}, "delay": {"fixed": 5_000}}
    arm(client, late)
    first, second = send(client, "late"), send(client, "now", -10)

    assert on_hand(client) == 90
    assert client.event(first)["eventStatus"] == "PENDING"
    advance(client, seconds=4.999)
    assert on_hand(client) == 90
    advance(client, seconds=0.001)
    assert on_hand(client) == 89
    ends = [client.event(each)["eventStatus"] for each in (first, second)]
    assert ends == ["SUCCESS", "SUCCESS"]


def test_what_is_kept_for_later_is_told_and_nothing_is_judged_as_if_it_were_applied(
    client: Client,
) -> None:
    later = {"kind": "late", "match": {"operation": "sendEvent"}, "delay": {"fixed": 60_000}}
    arm(client, later, {"kind": "hold_batch", "polls": 1})
    send(client, "one")
    job, number = load(client, record("D46", "LOC_MEL", 5))
    at_the_end = {"position": "D45:LOC_MEL:DEFAULT", "endsAt": 100}

    def told() -> tuple[Document, Document, int]:
        settled = client.http.post("/__admin/settle").get_json()
        assert settled["settled"] is True
        verified = client.http.post("/__admin/verify", json={"expectations": [at_the_end]})
        snapshot = client.http.put("/__admin/snapshots/now", json={})
        return settled["keptByFaults"], verified.get_json()["results"][0], snapshot.status_code

    kept, judged, snapshot = told()
    assert (kept, judged["verdict"], snapshot) == ({"events": 1, "batches": 1}, "unknown", 503)
    assert "1 events and 1 batches that were accepted are not applied yet" in judged["reason"]

    client.batch(number, job)
    kept, judged, snapshot = told()
    assert (kept, judged["verdict"], snapshot) == ({"events": 1, "batches": 0}, "unknown", 503)

    advance(client, seconds=60)
    kept, judged, snapshot = told()
    assert (kept, judged["verdict"], snapshot) == ({"events": 0, "batches": 0}, "failed", 201)


def test_what_is_kept_for_later_goes_on_when_the_rule_is_removed(client: Client) -> None:
    arm(
        client,
        {"kind": "late", "match": {"operation": "sendEvent"}, "delay": {"fixed": 60_000}},
        {"kind": "hold_batch", "polls": 100},
    )
    send(client, "one")
    job, number = load(client, record("D46", "LOC_MEL", 5))
    assert (on_hand(client), client.batch(number, job)["status"]) == (100, "PENDING")

    disarm(client)

    assert on_hand(client) == 99
    assert client.batch(number, job)["status"] == "COMPLETE"
    assert client.simulator.worker.next_due_at is None


def test_a_reset_drops_what_is_kept_for_later(client: Client) -> None:
    arm(client, {"kind": "late", "delay": {"fixed": 60_000}}, {"kind": "hold_batch", "polls": 9})
    send(client, "one")
    load(client, record("D46", "LOC_MEL", 5))

    client.http.post("/__admin/reset")
    advance(client, hours=1)

    assert client.positions() == []


def test_an_event_that_is_delivered_twice_is_applied_once_by_its_delta_ids(client: Client) -> None:
    arm(client, {"kind": "twice"})
    send(client, "one", -10)

    assert on_hand(client) == 90
    page = client.get("/api/v4.1/event", name="INVENTORY_DELTA", eventType="ORCHESTRATION")
    assert [row["eventStatus"] for row in page.get_json()["results"]] == ["SUCCESS", "SUCCESS"]


@pytest.mark.parametrize(
    ("duplicate", "fates", "amount"),
    [
        ("upsert", ["applied", "repeatSuppressed"], -10),
        ("accumulate", ["appliedAgain"], -20),
        ("reject", ["applied", "repeatSuppressed"], -10),
    ],
)
def test_the_ledger_knows_of_an_event_that_was_delivered_twice(
    make_simulator: MakeSimulator, duplicate: str, fates: list[str], amount: int
) -> None:
    client = Client(make_simulator(delta_duplicate=duplicate))
    client.load([record("D45", "LOC_MEL", 100)])
    arm(client, {"kind": "twice"})
    sent = send(client, "one", -10)
    assert on_hand(client) == 100 + amount

    told = client.http.get("/__admin/ledger").get_json()
    [found] = told["results"]
    assert (found["fates"], found["amount"]) == (fates, amount)
    counts = (found["arrived"], found["deliveredAgain"], found["acknowledged"])
    assert counts == (1, 1, 1)
    first, again = found["told"]
    assert (first["event"], first["status"]) == (sent, 200)
    assert again["event"] != sent
    assert (again["request"], again["status"]) == (first["request"], None)
    totals = told["totals"]
    assert (totals["arrived"], totals["deliveredAgain"]) == (1, 1)


def test_a_reservation_that_is_delivered_twice_is_made_once(client: Client) -> None:
    arm(client, {"kind": "twice"})
    reply = client.post(
        "/api/v4.1/event/async", updates(item("D45", "LOC_MEL", "F1", reservedQty=-4))
    )

    assert reply.status_code == 200
    assert on_hand(client) == 96


def test_an_event_fails_and_can_be_sent_again(client: Client) -> None:
    arm(client, {"id": "broken", "kind": "fail", "match": {"attempt": 1}})

    first, again = send(client, "one"), send(client, "one")

    assert on_hand(client) == 99
    assert client.event(first)["eventStatus"] == "FAILED"
    assert client.event(again)["eventStatus"] == "SUCCESS"


@pytest.mark.parametrize("after", [0, 1, 700, 1_000, 5_000])
def test_a_batch_fails_in_the_middle(client: Client, after: int) -> None:
    arm(client, {"id": "broken", "kind": "fail", "afterRecords": after})
    records = [record(f"P{number}", "LOC_MEL", 1) for number in range(1_000)]

    job, number = load(client, *records)
    client.settle()

    applied = min(after, 1_000)
    assert len(client.positions()) == applied + 1 or applied == 1_000
    status = client.batch(number, job)
    assert status["status"] == "COMPLETE"
    results = [
        row["responseCode"]
        for start in range(0, 1_000, 500)
        for row in client.batch(number, job, start=str(start), count="500")["results"]
    ]
    assert [results.count(code) for code in ("200", "500")] == [applied, 1_000 - applied]
    failed = client.http.get("/__admin/ledger/records?fate=failed&count=1").get_json()["results"]
    assert [row["why"] for row in failed] == (
        ["it was to fail (fault rule broken)"] if applied < 1_000 else []
    )


def test_the_ledger_counts_a_batch_from_when_it_is_taken_in(client: Client) -> None:
    match = {"operation": "createBatch"}
    lost = {"kind": "reset", "point": "after_commit", "match": {**match, "nth": 1}}
    page = {"kind": "proxy_page", "point": "after_commit", "match": {**match, "nth": 2}}
    early = {"kind": "status", "status": 503, "point": "before_accept", "match": match}
    held = {"kind": "hold_batch", "seconds": 30}
    path = f"{JOB}/{client.job()}/batch"

    def after(*rules: Document, batches: int = 1) -> tuple[Document, Document]:
        arm(client, *rules)
        for _ in range(batches):
            client.post(path, batch(record("D45", "LOC_MEL", 7), record("D46", "LOC_MEL", 8)))
        totals = client.http.get("/__admin/ledger").get_json()["totals"]
        return totals["batches"], totals["records"]

    batches, records = after(page, lost, batches=2)
    assert batches == {"acknowledged": 1, "refused": 0}  # the one that was loaded at first
    assert records["arrived"] == 5
    batches, records = after(early)
    assert batches == {"acknowledged": 1, "refused": 1}
    assert records["arrived"] == 5
    batches, records = after(held)
    assert batches == {"acknowledged": 2, "refused": 1}
    assert (records["arrived"], records["waiting"]) == (7, 2)


@pytest.mark.parametrize("state", ["PENDING", "RUNNING"])
def test_a_batch_stays_so_for_some_seconds(client: Client, state: str) -> None:
    arm(client, {"kind": "hold_batch", "state": state, "seconds": 30})
    job, number = load(client, record("D45", "LOC_MEL", 7), record("D45", "LOC_MEL", 8))

    assert (client.batch(number, job)["status"], on_hand(client)) == (state, 100)
    advance(client, seconds=30)
    assert (client.batch(number, job)["status"], on_hand(client)) == ("COMPLETE", 8)


def test_a_batch_stays_so_for_some_polls(client: Client) -> None:
    arm(client, {"kind": "hold_batch", "state": "RUNNING", "polls": 2})
    job, number = load(client, record("D45", "LOC_MEL", 7))

    assert [client.batch(number, job)["status"] for _ in range(2)] == ["RUNNING", "RUNNING"]
    client.settle()
    assert client.batch(number, job)["status"] == "COMPLETE"


def test_a_job_is_closed_before_its_midnight_and_open_again_without_the_rule(
    client: Client,
) -> None:
    client.http.post("/__admin/conformance/reset")
    job = client.job()
    arm(client, {"kind": "close_job", "match": {"nth": 2}})
    path, sent = f"{JOB}/{job}/batch", batch(record("D45", "LOC_MEL", 7))

    assert [client.post(path, sent).status_code for _ in range(3)] == [200, 400, 400]
    assert client.get(f"{JOB}/{job}").get_json()["status"] == "CLOSED"
    assert client.post(f"{JOB}/{client.job()}/batch", sent).status_code == 200
    disarm(client)
    assert client.get(f"{JOB}/{job}").get_json()["status"] == "OPEN"
    assert client.post(path, sent).status_code == 200


def test_a_status_is_told_as_it_was_some_seconds_ago(client: Client) -> None:
    arm(
        client,
        {"kind": "stale", "point": "poll", "seconds": 10},
        {"kind": "hold_batch", "polls": 1},
    )
    job, number = load(client, record("D45", "LOC_MEL", 7))

    assert client.batch(number, job)["status"] == "PENDING"
    assert on_hand(client) == 7
    advance(client, seconds=9.999)
    assert client.batch(number, job)["status"] == "PENDING"
    advance(client, seconds=0.001)
    assert client.batch(number, job)["status"] == "COMPLETE"


READ = {"query": "{ inventoryPositions(first: 1) { edges { node { onHand } } } }"}


def read_back(client: Client) -> int:
    reply = client.post("/graphql", READ).get_json()
    return int(reply["data"]["inventoryPositions"]["edges"][0]["node"]["onHand"])


def test_graphql_is_told_as_it_was_some_seconds_ago(client: Client) -> None:
    arm(client, {"kind": "stale", "point": "read_back", "seconds": 10})
    assert read_back(client) == 100
    send(client, "one", -10)

    assert (on_hand(client), read_back(client)) == (90, 100)
    disarm(client)
    assert read_back(client) == 90


def test_a_scheduled_event_is_delivered_twice_at_its_time(client: Client) -> None:
    arm(client, {"kind": "twice"})
    document = {**deltas(delta("D45", "LOC_MEL", -10, "one")), "scheduledOn": LATER}
    sent = client.post("/api/v4.1/event/async", document).get_json()["id"]

    def events() -> list[str]:
        page = client.get("/api/v4.1/event", name="INVENTORY_DELTA", eventType="ORCHESTRATION")
        return [row["eventStatus"] for row in page.get_json()["results"]]

    assert (on_hand(client), events()) == (100, ["SCHEDULED", "SCHEDULED"])
    advance(client, hours=1)
    assert (on_hand(client), events()) == (90, ["SUCCESS", "SUCCESS"])
    [told] = client.http.get("/__admin/ledger").get_json()["results"]
    assert (told["arrived"], told["deliveredAgain"]) == (1, 1)
    assert told["told"][0]["event"] == sent


LATER = "2026-01-01T13:00:00Z"


@pytest.mark.parametrize(
    ("rule", "after"),
    [
        ({"kind": "late", "delay": {"fixed": 60_000}}, (100, "SCHEDULED")),
        ({"kind": "fail"}, (100, "FAILED")),
    ],
    ids=["late", "fail"],
)
def test_a_scheduled_event_is_late_or_fails_at_its_time(
    client: Client, rule: Document, after: tuple[int, str]
) -> None:
    arm(client, rule)
    document = {**deltas(delta("D45", "LOC_MEL", -10, "one")), "scheduledOn": LATER}
    sent = str(client.post("/api/v4.1/event/async", document).get_json()["id"])

    advance(client, hours=1)
    assert (on_hand(client), client.event(sent)["eventStatus"]) == after
    if rule["kind"] == "late":
        advance(client, seconds=60)
        assert (on_hand(client), client.event(sent)["eventStatus"]) == (90, "SUCCESS")


# -- of a single call ------------------------------------------------------------------------------

HEADER = "X-Fluent-Sim-Fault"


def kept(client: Client) -> tuple[int, int]:
    found = client.http.post("/__admin/settle").get_json()["keptByFaults"]
    return found["events"], found["batches"]


def test_a_header_has_one_event_be_late_fail_or_come_twice(client: Client) -> None:
    def send_with(header: str, delta_id: str) -> str:
        document = deltas(delta("D45", "LOC_MEL", -1, delta_id))
        reply = client.post("/api/v4.1/event/async", document, **{HEADER: header})
        return str(reply.get_json()["id"])

    send_with('{"kind": "late", "delay": {"fixed": 5000}}', "late")
    failed = send_with("fail", "failed")
    send_with("twice", "twice")

    assert (kept(client), on_hand(client)) == ((1, 0), 99)
    assert client.event(failed)["eventStatus"] == "FAILED"
    advance(client, seconds=5)
    assert (kept(client), on_hand(client)) == ((0, 0), 98)
    rows = client.http.get("/__admin/ledger?deltaId=twice").get_json()["results"]
    assert rows[0]["deliveredAgain"] == 1
    assert client.http.get("/__admin/faults").get_json()["rules"] == []


@pytest.mark.parametrize("until", ["polls", "seconds"])
def test_a_header_holds_one_batch_until_it_is_let_go_with_all_faults(
    client: Client, until: str
) -> None:
    job = client.job()
    header = f'{{"kind": "hold_batch", "state": "RUNNING", "{until}": 900}}'
    sent = batch(record("D45", "LOC_MEL", 7))
    number = str(client.post(f"{JOB}/{job}/batch", sent, **{HEADER: header}).get_json()["id"])

    assert (client.batch(number, job)["status"], kept(client)) == ("RUNNING", (0, 1))
    client.load([record("D46", "LOC_MEL", 7)])
    assert client.on_hand("D46", "LOC_MEL") == 7
    disarm(client)
    assert (on_hand(client), kept(client)) == (7, (0, 0))
    assert client.batch(number, job)["status"] == "COMPLETE"


def test_a_header_closes_a_job_until_all_faults_are_removed(client: Client) -> None:
    path = f"{JOB}/{client.job()}/batch"
    sent = batch(record("D45", "LOC_MEL", 7))

    assert client.post(path, sent, **{HEADER: "close_job"}).status_code == 400
    assert client.post(path, sent).status_code == 400
    assert client.post(f"{JOB}/{client.job()}/batch", sent).status_code == 200
    disarm(client)
    assert client.post(path, sent).status_code == 200


@pytest.mark.parametrize("preset", ["midnight", "slow-batches", "out-of-order", "stale-reads"])
def test_a_header_may_name_any_preset(client: Client, preset: str) -> None:
    job = client.job()
    sent = batch(record("D45", "LOC_MEL", 7))
    reply = client.post(f"{JOB}/{job}/batch", sent, **{HEADER: preset})

    assert reply.status_code == (400 if preset == "midnight" else 200)
    disarm(client)
    assert kept(client) == (0, 0)


def test_what_a_kind_needs_is_asked_of_a_header_too(client: Client) -> None:
    reply = client.post("/api/v4.1/event/async", deltas(), **{HEADER: "late"})

    assert reply.status_code == 400
    assert "at /delay found nothing" in reply.get_json()["errors"][0]["message"]


@pytest.mark.parametrize(
    ("rule", "pointer"),
    [
        ({"kind": "hold_batch"}, "/rules/0/polls"),
        ({"kind": "hold_batch", "polls": 1, "seconds": 1}, "/rules/0/polls"),
        ({"kind": "late"}, "/rules/0/delay"),
        ({"kind": "stale"}, "/rules/0/seconds"),
        ({"kind": "twice", "point": "after_commit"}, "/rules/0/point"),
    ],
    ids=str,
)
def test_what_is_no_rule_is_refused(client: Client, rule: Document, pointer: str) -> None:
    reply = client.http.put("/__admin/faults", json={"rules": [rule]})

    assert reply.status_code == 400
    assert pointer in reply.get_data(as_text=True)


def test_a_state_that_is_gone_back_to_has_no_job_that_a_fault_has_closed(client: Client) -> None:
    job = client.job()
    arm(client, {"kind": "close_job"})
    assert client.post(f"{JOB}/{job}/batch", batch(record("D45", "LOC_MEL", 7))).status_code == 400
    assert client.http.put("/__admin/snapshots/closed", json={}).status_code == 201
    disarm(client)

    assert client.http.post("/__admin/snapshots/closed/restore", json={}).status_code == 200
    assert client.get(f"{JOB}/{job}").get_json()["status"] == "OPEN"
