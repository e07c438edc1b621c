"""What callers got wrong while the simulator ran: seen in real traffic, told under /__admin."""

import logging
import threading
import time
from collections.abc import Callable
from io import StringIO
from typing import Any, NoReturn

import pytest
from fluent_oms_simulator import Settings
from fluent_oms_simulator.cli.demo_story import tell
from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.client.simulator_process import started
from fluent_oms_simulator.client.target_server import Target
from fluent_oms_simulator.clock import VirtualClock
from fluent_oms_simulator.contracts.rules.streams.batches_and_events import SmallBatches
from fluent_oms_simulator.intake.schemas import Schemas
from fluent_oms_simulator.stores.request_log import RequestLog
from rich.console import Console

from ..conftest import MakeSimulator
from ..support import Client, batch, delta, deltas, record
from .helpers.conformance_support import EVENT, report, rules

# -- no false alarms ---------------------------------------------------------------------------


def test_of_the_demo_only_the_event_is_told_that_is_to_fail() -> None:
    with started() as server:
        api = Api(Target(server.url))
        tell(api, Console(file=StringIO()))
        told = api.get("/__admin/conformance")

    [found] = told["findings"]
    assert (found["rule"], found["times"]) == ("FOMS-O015", 1)
    assert "the position D45:LOC_PER:DEFAULT does not exist" in found["found"]
    assert (told["counts"]["jobs"], told["counts"]["batches"]) == (2, 2)
    assert (told["counts"]["records"], told["counts"]["sign-ins"]) == (4, 1)


@pytest.mark.parametrize("auth", ["strict", "off"])
def test_a_clean_connector_breaks_no_rule(
    make_simulator: MakeSimulator, clock: VirtualClock, auth: Any
) -> None:
    simulator = make_simulator(settings=Settings(seed_data="none", auth=auth), clock=clock)
    client = Client(simulator)
    numbers = iter(range(1_000_000))
    for day in range(2):
        job = client.job()
        for part in range(3):
            records = [record(f"SKU_{part}_{n}", "LOC_1", 50 + n + day) for n in range(40)]
            made = client.load(records, job=job)
            for _ in range(3):
                client.batch(made, job)
                clock.advance(5_000)
        for turn in range(60):
            number = next(numbers)
            client.delta(f"SKU_0_{turn % 40}", "LOC_1", -1 - turn % 3, f"POS7-{day}-{number}")
            clock.advance(1_000)
        clock.advance(20 * 3_600_000)
        client.forget_token()

    told = report(client, failOn="warning")
    assert [(found["rule"], found["found"]) for found in told["findings"]] == []
    assert (told["verdict"], told["failed"]) == ("passed", False)
    assert told["counts"]["deltas"] == 120


# -- payloads ----------------------------------------------------------------------------------


def test_a_refused_payload_is_told_with_its_place_and_its_value(client: Client) -> None:
    reply = client.post(EVENT, deltas(delta("A", "L", "x", "POS-1")))
    assert reply.status_code == 400

    found = report(client)["findings"][0]
    entry = rules(client)[found["rule"]]

    assert found["severity"] == "error"
    assert (found["pointer"], found["found"]) == ("/attributes/deltas/0/qty", '"x"')
    assert found["hint"]
    assert (entry["times"], entry["first"], entry["last"]) == (1, entry["last"], entry["first"])
    assert (entry["first"]["method"], entry["first"]["path"]) == ("POST", EVENT)
    assert entry["first"]["status"] == 400


def test_a_body_that_is_no_json_is_told(client: Client) -> None:
    client.post(EVENT, b'{"name": ')

    entry = rules(client)["FOMS-E000"]
    assert entry["examples"][0]["found"] == "the end of the text at character 10"
    assert entry["examples"][0]["expected"] == "one JSON document: the rest of the document"
    assert report(client)["counts"]["unreadable payloads"] == 1


def test_an_accepted_payload_is_told_with_what_was_made_of_it(client: Client) -> None:
    job = client.job()
    client.load([record("A", "L", 5)], job=job)
    made = client.load([record("A", "L", 6)], job=job)
    event = client.delta("STYLE_1", "LOC_1", -1, "STYLE_1:LOC_1:2026-02-01")

    told = rules(client)
    twice = told["FOMS-S003"]["first"]
    assert (twice["jobId"], twice["batchId"]) == (job, made)
    assert told["FOMS-S005"]["first"]["eventId"] == event["id"]


def test_a_corrected_payload_is_not_held_against_the_refused_one(client: Client) -> None:
    client.load([record("SKU_1", "LOC_1", 5)])
    wrong = deltas(delta("SKU_1", "LOC_1", -2, "POS-1"))
    del wrong["retailerId"]
    assert client.post(EVENT, wrong).status_code == 400
    client.delta("SKU_1", "LOC_1", -3, "POS-1")

    assert "FOMS-S004" not in rules(client)


def test_examples_are_bounded_and_times_are_not(client: Client) -> None:
    for number in range(30):
        client.post(EVENT, deltas(delta("A", "L", "x", f"POS-{number}")))

    (entry,) = rules(client, select="FOMS-E").values()
    assert (entry["times"], len(entry["examples"])) == (30, 20)
    first, last = entry["first"]["number"], entry["last"]["number"]
    assert last - first == 29


# -- what was refused --------------------------------------------------------------------------

JOB = "/api/v4.1/job"
REFUSED: dict[str, tuple[str, object, dict[str, str]]] = {
    "a body that is empty": (EVENT, b"", {}),
    "a body that is no JSON": (EVENT, b"{", {}),
    "a body with a byte order mark": (JOB, b'\xef\xbb\xbf{"name": "n", "retailerId": "1"}', {}),
    "a type that is not JSON": (JOB, b"{}", {"Content-Type": "text/plain"}),
    "a retailer that does not exist": (JOB, {"name": "n", "retailerId": "77"}, {}),
    "an account that is another": (EVENT, deltas(delta("A", "L", -1, "1"), accountId="X"), {}),
    "a value only warned of": (
        JOB,
        {"name": "n", "retailerId": "1", "meta": {"preprocessing": 5}},
        {},
    ),
    "a ref only warned of": (EVENT, deltas(delta("A\n", "L", -1, "1")), {}),
    "a query that is no query": ("/graphql", {"query": "{"}, {}),
    "a body that is no GraphQL request": ("/graphql", b"[]", {}),
}


@pytest.mark.parametrize(("path", "document", "headers"), REFUSED.values(), ids=REFUSED)
def test_a_refused_request_never_leaves_the_report_at_passed(
    make_simulator: MakeSimulator, path: str, document: object, headers: dict[str, str]
) -> None:
    client = Client(make_simulator(event_account_mismatch="refuse"))
    assert 400 <= client.post(path, document, **headers).status_code < 500

    assert report(client)["verdict"] == "failed"


def test_a_refusal_says_what_the_server_said(client: Client) -> None:
    client.post(JOB, {"name": "n", "retailerId": "77"})

    (found,) = report(client)["findings"]
    assert found["rule"] == "FOMS-O011"
    assert found["found"].startswith("400: 'retailerId' is invalid: at /retailerId found")


def test_a_refusal_is_told_once_by_what_was_found_in_it(client: Client) -> None:
    client.post(EVENT, deltas(delta("A", "L", "x", "POS-1")))

    assert list(rules(client)) == ["FOMS-E000"]


def test_what_is_left_out_does_not_take_the_fault_with_it(client: Client) -> None:
    client.post(f"{JOB}/{client.job()}/batch", batch(record("A", "L", -1)))

    assert list(rules(client)) == ["FOMS-B110"]
    assert list(rules(client, select="FOMS-B000")) == ["FOMS-B000"]
    assert list(rules(client, ignore="FOMS-B110")) == ["FOMS-B000"]
    assert list(rules(client, ignore="FOMS-B")) == ["FOMS-O011"]
    assert rules(client, ignore="FOMS-B,FOMS-O011") == {}


def test_a_sign_in_with_a_wrong_password_is_no_refused_payload(client: Client) -> None:
    assert client.sign_in(password="wrong").status_code == 400
    assert "FOMS-O011" not in rules(client)

    assert client.sign_in(grant_type="none").status_code == 400
    assert "FOMS-O011" in rules(client)


# -- the report --------------------------------------------------------------------------------


def test_nothing_seen_is_no_conformance(client: Client) -> None:
    told = report(client)

    assert (told["verdict"], told["outcome"]) == ("incomplete", "incomplete")
    assert told["checks"][0]["verdict"] == "error"


def test_the_simulators_own_pages_are_no_traffic(client: Client) -> None:
    for path in ("/__admin/health", "/__ui/docs", "/openapi.json"):
        assert client.http.get(path).status_code == 200
    assert report(client)["counts"] == {}

    client.http.get("/api/v4.1/nowhere")
    client.http.put("/oauth/token")
    client.http.post(EVENT, data=b"{}")
    assert report(client)["counts"] == {"requests": 3, "refused requests": 3}


def test_it_conforms_to_the_schema_of_reports(client: Client) -> None:
    client.post(EVENT, deltas(delta("A", "L", "x", "POS-1")))

    assert Schemas().faults("report", report(client)) == ([], 0)


@pytest.mark.parametrize(
    ("name", "content_type", "start"),
    [
        ("text", "text/plain; charset=utf-8", "Conformance of the traffic\n"),
        ("junit", "application/xml", "<?xml"),
        ("sarif", "application/sarif+json", "{"),
        ("github", "text/plain; charset=utf-8", "::error "),
    ],
)
def test_it_comes_in_every_format(client: Client, name: str, content_type: str, start: str) -> None:
    client.post(EVENT, deltas(delta("A", "L", "x", "POS-1")))

    reply = client.http.get("/__admin/conformance", query_string={"format": name})

    assert reply.content_type == content_type
    assert reply.headers["Fluent-Sim-Verdict"] == "failed"
    text = reply.get_data(as_text=True)
    assert text.startswith(start)
    assert "request 2, POST /api/v4.1/event/async" in text


def test_rules_are_selected_and_left_out(client: Client) -> None:
    client.post(EVENT, deltas(delta("A", "L", "x", "POS-1")))
    client.post(f"/api/v4.1/job/{client.job()}/batch", batch(record("A", "L", -1)))

    families = {rule_id[:6] for rule_id in rules(client)}
    assert families == {"FOMS-E", "FOMS-B"}
    assert {rule_id[:6] for rule_id in rules(client, select="foms-e")} == {"FOMS-E"}
    assert {rule_id[:6] for rule_id in rules(client, ignore="FOMS-E,FOMS-O")} == {"FOMS-B"}
    assert report(client, select="FOMS-S")["verdict"] == "passed"


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"format": "pdf"}, "expected one of json, text, junit, sarif, github"),
        ({"failOn": "never"}, "expected one of error, warning"),
        ({"select": "FOMS-Z"}, "no rule's id begins with 'FOMS-Z'"),
    ],
)
def test_a_wrong_wish_is_refused(client: Client, query: dict[str, str], told: str) -> None:
    reply = client.http.get("/__admin/conformance", query_string=query)

    assert reply.status_code == 400
    assert told in reply.get_json()["errors"][0]["message"]


@pytest.mark.parametrize("path", ["/__admin/conformance/reset", "/__admin/reset?conformance=drop"])
def test_all_that_was_found_is_forgotten_where_that_is_asked_for(client: Client, path: str) -> None:
    client.post(EVENT, deltas(delta("A", "L", "x", "POS-1")))
    assert client.http.post("/__admin/reset").status_code == 200
    assert report(client)["verdict"] == "failed"

    assert client.http.post(path).status_code == 200

    told = report(client)
    assert (told["verdict"], told["resets"]["times"], told["notes"]) == ("incomplete", 0, [])
    client.get("/api/v4.1/event")
    assert report(client)["counts"] == {"requests": 1}


def test_it_can_be_off(make_simulator: MakeSimulator) -> None:
    simulator = make_simulator(settings=Settings(seed_data="none", conformance="off"))
    client = Client(simulator)
    client.get("/api/v4.1/event")

    reply = client.http.get("/__admin/conformance")

    assert simulator.examination is None
    assert reply.status_code == 409
    assert "--conformance on" in reply.get_json()["errors"][0]["message"]
    assert client.http.post("/__admin/reset").status_code == 200


# -- under load --------------------------------------------------------------------------------


def test_four_callers_at_once_lose_nothing(make_simulator: MakeSimulator) -> None:
    simulator = make_simulator(delta_missing_position="create")
    each = 150

    # Made one after the other: Python 3.11 cannot compile the paths of two applications at once.
    clients = [Client(simulator) for _ in range(4)]
    for client in clients:
        assert client.headers

    def send(caller: int) -> None:
        client = clients[caller]
        for number in range(each):
            entry = delta("A", "L", "x" if number % 10 == 0 else -1, f"POS{caller}-{number}")
            client.post(EVENT, deltas(entry))

    callers = [threading.Thread(target=send, args=(caller,)) for caller in range(4)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()

    client = Client(simulator)
    told = report(client)
    assert told["counts"]["events"] == 4 * each
    assert told["counts"]["requests"] == 4 * each + 4
    assert told["notExamined"] == 0
    numbers = [entry["request"]["number"] for entry in told["rules"][0]["examples"]]
    assert sorted(set(numbers)) == numbers
    assert sum(entry["times"] for entry in told["rules"]) == 4 * each // 10


def test_a_rule_with_a_defect_is_told_of_and_stops_no_other(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> NoReturn:
        raise RuntimeError("broken")

    monkeypatch.setattr(SmallBatches, "see", fail)
    with caplog.at_level(logging.ERROR):
        job = client.job()
        client.load([record("A", "L", 5)], job=job)
        client.load([record("A", "L", 6)], job=job)
        told = report(client)

    assert "FOMS-S003" in {found["rule"] for found in told["findings"]}
    (check,) = told["checks"]
    assert (check["verdict"], check["message"]) == (
        "error",
        "FOMS-S007 could not judge 2 times, for a defect of its own: RuntimeError: broken",
    )
    assert (told["verdict"], told["failed"]) == ("incomplete", True)
    assert report(client, ignore="FOMS-S007")["verdict"] == "passed"
    assert [entry.getMessage() for entry in caplog.records] == ["the rule FOMS-S007 has a defect"]


def test_a_defect_in_whoever_takes_note_keeps_nothing_from_being_examined(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> NoReturn:
        raise KeyError("a defect")

    def wait_for(reached: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 120
        while not reached():
            assert time.monotonic() < deadline, "this took too long"
            time.sleep(0.01)

    with monkeypatch.context() as patch:
        patch.setattr(RequestLog, "note_examined", broken)
        client.job()
        wait_for(lambda: "could not be examined" in caplog.text)
    client.job()

    def is_examined() -> bool:
        [newest] = client.http.get("/__admin/requests?count=1").get_json()["results"]
        return bool(newest["examined"])

    wait_for(is_examined)
