"""The line in which the traffic waits to be examined: its order, its bounds, when it moves."""

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from fluent_oms_simulator import Settings, build, create_app
from fluent_oms_simulator.clock import MovableClock
from fluent_oms_simulator.conformance.examination import SECONDS_AT_WORK, Examination
from fluent_oms_simulator.conformance.examiner import Wish
from fluent_oms_simulator.conformance.traffic import ENTRY_BYTES, Exchange, Traffic
from fluent_oms_simulator.contracts.all_rules import RULES
from fluent_oms_simulator.contracts.conformance.observing import Observer
from fluent_oms_simulator.contracts.conformance.traffic_report import ReportingExaminer
from fluent_oms_simulator.contracts.reporting.render import FORMATS
from fluent_oms_simulator.contracts.reporting.run_report import Outcome
from fluent_oms_simulator.contracts.rules.rule import Batch
from fluent_oms_simulator.intake.operation_names import OPERATIONS, Called, called
from fluent_oms_simulator.stores.request import SENT, request_in

from ..support import Client, batch, limit, record

OPENAPI = Path(__file__).parents[2] / "contracts" / "openapi.yaml"


def send(traffic: Traffic, number: int, size: int = 0) -> None:
    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": f"/{number}", SENT: b"x" * size}
    traffic.recorder(request_in(environ), 200, None, b"", None)


def examination(traffic: Traffic, *, busy: bool = False) -> Examination:
    return Examination(traffic, lambda: busy, lambda _job, _at: None, ReportingExaminer)


def wait_until_empty(traffic: Traffic, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while len(traffic) and time.monotonic() < deadline:
        time.sleep(0.005)
    return not len(traffic)


def test_it_is_taken_in_the_order_of_the_replies() -> None:
    traffic = Traffic(MovableClock())
    for number in range(3):
        send(traffic, number)

    taken = [traffic.take() for _ in range(4)]

    exchanges = [one for one in taken if isinstance(one, Exchange)]
    assert [(one.number, one.path) for one in exchanges] == [(1, "/0"), (2, "/1"), (3, "/2")]
    assert taken[3] is None


def test_the_oldest_make_room_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    limit(monkeypatch, "TRAFFIC", 10)
    traffic = Traffic(MovableClock())
    for number in range(25):
        send(traffic, number)

    assert (len(traffic), traffic.dropped, traffic.received) == (10, 15, 25)
    oldest = traffic.take()
    assert isinstance(oldest, Exchange)
    assert oldest.number == 16


def test_the_oldest_make_room_when_they_take_too_much_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    limit(monkeypatch, "TRAFFIC_BYTES", 10_000 + 3 * ENTRY_BYTES)
    traffic = Traffic(MovableClock())
    for number in range(25):
        send(traffic, number, 4_000)
    assert (len(traffic), traffic.dropped) == (2, 23)

    while traffic.take() is not None:
        pass
    for number in range(2):
        send(traffic, number, 4_000)
    assert traffic.dropped == 23


def test_what_was_dropped_is_counted_and_there_is_no_verdict(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    limit(monkeypatch, "TRAFFIC", 10)
    traffic = Traffic(MovableClock())
    for number in range(25):
        send(traffic, number)

    with examination(traffic).examined() as (examiner, not_examined):
        told = json.loads(examiner.report(0, not_examined, Wish("json", (), (), "error")).text)

    assert (told["notExamined"], told["verdict"], told["failed"]) == (15, "incomplete", True)
    assert told["counts"]["requests"] == 10
    assert told["checks"][0]["message"].startswith("15 requests were not examined: ")


def test_a_report_does_not_wait_for_ever() -> None:
    traffic = Traffic(MovableClock())
    for number in range(5):
        send(traffic, number)

    with examination(traffic).examined(timeout=-1) as (_, not_examined):
        assert not_examined == 4


def test_it_is_examined_by_itself_once_it_is_calm() -> None:
    traffic = Traffic(MovableClock())
    at_work = examination(traffic)
    at_work.start()
    try:
        for number in range(20):
            send(traffic, number)
        assert wait_until_empty(traffic, 120)
    finally:
        at_work.stop()


def test_nothing_is_examined_while_stock_is_being_applied() -> None:
    traffic = Traffic(MovableClock())
    at_work = examination(traffic, busy=True)
    at_work.start()
    try:
        send(traffic, 1)
        assert not wait_until_empty(traffic, 0.3)
    finally:
        at_work.stop()


def test_a_long_line_is_examined_whatever_else_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    limit(monkeypatch, "TRAFFIC", 40)
    traffic = Traffic(MovableClock())
    at_work = examination(traffic, busy=True)
    at_work.start()
    try:
        for number in range(40):
            send(traffic, number)
        deadline = time.monotonic() + 120
        while traffic.is_long and time.monotonic() < deadline:
            time.sleep(0.005)
        assert not traffic.is_long
    finally:
        at_work.stop()


class StepByStep(ReportingExaminer):
    """An examiner that takes an exchange in three steps, each long enough for a rest."""

    begun = 0
    ended = 0

    def examine(
        self,
        exchange: Exchange,  # noqa: ARG002
        give_way: Callable[[], None],
        *,
        is_late: bool = False,  # noqa: ARG002
    ) -> tuple[str, ...]:
        for _ in range(3):
            self.begun += 1
            until = time.thread_time() + 2 * SECONDS_AT_WORK
            while time.thread_time() < until:
                pass
            give_way()
            self.ended += 1
        return ()


def test_a_long_examination_rests_under_load_until_somebody_asks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    limit(monkeypatch, "TRAFFIC", 2)
    monkeypatch.setattr(f"{Examination.__module__}.LONGEST_REST", 1_000_000)
    examiner = StepByStep(lambda _job, _at: None)
    traffic = Traffic(MovableClock())
    at_work = Examination(traffic, lambda: True, lambda _job, _at: None, lambda _facts: examiner)
    send(traffic, 1)
    send(traffic, 2)
    at_work.start()
    try:
        deadline = time.monotonic() + 120
        while not examiner.begun and time.monotonic() < deadline:
            time.sleep(0.005)
        time.sleep(0.05)  # a step takes a fiftieth of that
        assert (examiner.begun, examiner.ended) == (1, 0)

        with at_work.examined():
            assert (examiner.begun, examiner.ended) == (6, 6)
    finally:
        at_work.stop()


@pytest.mark.parametrize(("records", "is_long"), [(1, False), (5_000, True)])
def test_others_go_first_between_the_rules_that_look_at_a_large_batch(
    records: int, is_long: bool
) -> None:
    body = batch(*(record(f"SKU_{number}", "LOC_1", 1) for number in range(records)))
    path = "/api/v4.1/job/1/batch"
    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": path, SENT: json.dumps(body).encode()}
    traffic = Traffic(MovableClock())
    traffic.recorder(request_in(environ), 200, None, b'{"id":"1"}', None)
    exchange = traffic.take()
    assert isinstance(exchange, Exchange)
    gaps: list[None] = []

    ReportingExaminer(lambda _job, _at: None).examine(exchange, lambda: gaps.append(None))

    assert len(gaps) == is_long * len([rule for rule in RULES if Batch in rule.sees][1:])


def test_a_reset_while_requests_come_in_leaves_a_sound_count() -> None:
    simulator = build(Settings(seed_data="none", auth="off"))
    simulator.start()
    stop = threading.Event()
    # Made one after the other: Python 3.11 cannot compile the paths of two applications at once.
    app = create_app(simulator)

    def ask() -> None:
        http = app.test_client()
        while not stop.is_set():
            http.get("/api/v4.1/event")

    callers = [threading.Thread(target=ask) for _ in range(3)]
    for caller in callers:
        caller.start()
    admin = app.test_client()
    for _ in range(5):
        time.sleep(0.02)
        assert admin.post("/__admin/conformance/reset").status_code == 200
        reply: Any = admin.get("/__admin/conformance").get_json()
        assert (reply["notExamined"], reply["findings"]) == (0, [])
    stop.set()
    for caller in callers:
        caller.join()
    told: Any = admin.get("/__admin/conformance").get_json()
    simulator.close()

    assert simulator.traffic is not None
    assert told["counts"].get("requests", 0) == simulator.traffic.received


def test_large_replies_and_bodies_are_let_go_once_examined() -> None:
    simulator = build(Settings(seed_data="none"))
    simulator.start()
    client = Client(simulator)
    job = client.job()
    body = batch(*(record(f"SKU_{number}", "LOC_1", 1) for number in range(5_000)))
    for _ in range(3):
        client.post(f"/api/v4.1/job/{job}/batch", json.dumps(body).encode())
    client.settle()
    reply: Any = client.http.get("/__admin/conformance").get_json()
    simulator.close()

    assert reply["counts"]["records"] == 15_000
    assert simulator.traffic is not None
    assert len(simulator.traffic) == 0
    assert not simulator.traffic.is_long


@pytest.mark.parametrize("row", OPERATIONS.items(), ids=lambda row: row[1])
def test_operations_are_named_as_in_the_description(row: tuple[str, str]) -> None:
    (method, path), name = row[0].split(), row[1]
    described = yaml.safe_load(OPENAPI.read_text(encoding="utf-8"))["paths"]

    assert described[path][method.lower()]["operationId"] == name


def test_every_described_operation_is_known() -> None:
    described = yaml.safe_load(OPENAPI.read_text(encoding="utf-8"))["paths"]
    names = {
        operation["operationId"]
        for path in described.values()
        for method, operation in path.items()
        if method in ("get", "post", "put", "patch", "delete")
    }

    assert names == set(OPERATIONS.values())


def test_the_ids_in_a_path_are_read() -> None:
    batch_path = "/api/v4.1/job/7/batch/9"
    assert called("GET", batch_path) == Called("getBatch", job_id="7", batch_id="9")
    assert called("GET", "/api/v4.1/event/ab-c") == Called("getEvent", event_id="ab-c")
    assert called("GET", "/api/v4x1/job/7") == Called("GET /api/v4x1/job/7")


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("10", 10.0),
        ("0.5", 0.5),
        ("nan", None),
        ("1e999", None),
        ("-1", None),
        ("Sun, 01 Feb", None),
    ],
)
def test_only_a_retry_after_in_seconds_is_one_to_wait_for(
    header: str, seconds: float | None
) -> None:
    traffic = Traffic(MovableClock())
    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/api/v4.1/event/async", SENT: b"{}"}
    traffic.recorder(request_in(environ), 429, header, b"", None)
    exchange = traffic.take()

    assert isinstance(exchange, Exchange)
    seen = Observer(lambda _job, _at: None).observe(exchange)
    assert seen.call.details.retry_after == seconds


def test_over_long_traffic_is_incomplete_in_every_format(monkeypatch: pytest.MonkeyPatch) -> None:
    limit(monkeypatch, "TRAFFIC", 10)
    traffic = Traffic(MovableClock())
    for number in range(25):
        send(traffic, number)

    with examination(traffic).examined() as (examiner, not_examined):
        told = {
            form: examiner.report(0, not_examined, Wish(form, (), (), "error")) for form in FORMATS
        }

    texts = {form: one.text for form, one in told.items()}
    assert {one.verdict for one in told.values()} == {"incomplete"}

    document, sarif = json.loads(texts["json"]), json.loads(texts["sarif"])
    assert Outcome(told["json"].verdict).exit_code == 2
    assert document["verdict"] == document["outcome"] == "incomplete"
    for form in ("text", "github", "markdown"):
        assert ": incomplete" in texts[form], form
    assert texts["text"].splitlines()[-1].endswith(": incomplete")
    assert ElementTree.fromstring(texts["junit"]).get("errors") != "0"
    assert sarif["runs"][0]["invocations"][0]["executionSuccessful"] is False
    for form, text in texts.items():
        assert "15 requests were not examined" in text, form


def test_a_method_of_any_length_takes_a_little_room_only() -> None:
    traffic = Traffic(MovableClock())
    environ = {"REQUEST_METHOD": "A" * 200_000, "PATH_INFO": "/api"}
    traffic.recorder(request_in(environ), 401, None, b"", None)

    taken = traffic.take()

    assert isinstance(taken, Exchange)
    assert len(taken.method) < 3_000
