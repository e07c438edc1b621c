"""Accepting is not applying: what goes first, and what may overtake what."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from fluent_oms_simulator import Settings, Simulator, build
from fluent_oms_simulator.domain.catalogue.inventory_catalogue import InventoryCatalogue
from fluent_oms_simulator.domain.events import Event, Outcome
from fluent_oms_simulator.domain.jobs import MOST_RECORDS
from fluent_oms_simulator.domain.workflow import workflow
from fluent_oms_simulator.domain.workflow.batch_run import BatchRun
from fluent_oms_simulator.worker import CHUNK_COUNTS

from ..conftest import MakeSimulator
from ..support import Client, batch, delta, deltas, record

ORDER = ["PENDING", "RUNNING", "COMPLETE"]


def submit_batch(client: Client, *records: dict[str, Any]) -> str:
    """Send a batch, without waiting for it."""
    reply = client.simulator.jobs.add_batch("1", json.dumps(batch(*records)).encode())
    return str(reply.body["id"])


def submit_delta(client: Client, product: str, quantity: int, delta_id: str) -> str:
    """Send a delta, without waiting for it."""
    document = deltas(delta(product, "LOC_MEL", quantity, delta_id))
    reply = client.simulator.events.post_async(json.dumps(document).encode())
    return str(reply.body["id"])


def large(quantity: int) -> list[dict[str, Any]]:
    return [record(f"SKU_{number}", "LOC_MEL", quantity) for number in range(MOST_RECORDS)]


@contextmanager
def at_rest(simulator: Simulator) -> Iterator[None]:
    """Nothing is applied while this lasts; whatever is sent piles up."""
    with simulator.worker.quiet():
        yield


@pytest.fixture
def busy(client: Client) -> Client:
    client.job(preprocessing="skip")
    return client


def wait_for(reached: Callable[[], bool], seconds: float = 120.0) -> None:
    deadline = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < deadline, "this took too long"
        time.sleep(0)


def test_a_delta_does_not_overtake_a_small_batch_sent_before_it(busy: Client) -> None:
    for quantity in range(50):
        submit_batch(busy, record("D45", "LOC_MEL", 100))
        submit_delta(busy, "D45", -1 - quantity, f"d{quantity}")
    busy.settle()

    # Each count retires the deltas before it, so only the last one is left.
    assert busy.on_hand("D45", "LOC_MEL") == 50


def test_a_batch_does_not_overtake_a_delta_sent_before_it(busy: Client) -> None:
    busy.load([record("D45", "LOC_MEL", 10)], job="1")
    with at_rest(busy.simulator):
        event = submit_delta(busy, "D45", 5, "d1")
        submit_batch(busy, record("D45", "LOC_MEL", 20))
    busy.settle()

    assert busy.event(event)["eventStatus"] == "SUCCESS"
    assert busy.on_hand("D45", "LOC_MEL") == 20


def test_batches_are_applied_in_the_order_they_were_sent(busy: Client) -> None:
    with at_rest(busy.simulator):
        for quantity in range(1, 9):
            submit_batch(busy, *(record("D45", "LOC_MEL", quantity) for _ in range(300)))
    busy.settle()

    assert busy.on_hand("D45", "LOC_MEL") == 8


def test_deltas_are_applied_in_the_order_they_were_sent(busy: Client) -> None:
    busy.load([record("D45", "LOC_MEL", 0)], job="1")
    with at_rest(busy.simulator):
        for number in range(200):
            submit_delta(busy, "D45", number + 1, "d1")
    busy.settle()

    assert busy.on_hand("D45", "LOC_MEL") == 200
    delta_row = busy.position("D45:LOC_MEL:DEFAULT")["quantities"][1]
    assert [state["quantity"] for state in delta_row["history"]] == list(range(1, 201))


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many positions the catalogue held when each event was applied."""
    found: list[int] = []
    run = workflow.run

    def watched(catalogue: InventoryCatalogue, *rest: Any) -> Outcome:
        found.append(len(catalogue.positions))
        return run(catalogue, *rest)

    monkeypatch.setattr(workflow, "run", watched)
    return found


def test_deltas_go_ahead_of_the_rest_of_a_full_load(busy: Client, seen: list[int]) -> None:
    busy.load([record("OTHER", "LOC_MEL", 10)], job="1")
    with at_rest(busy.simulator):
        batches = [submit_batch(busy, *large(1)) for _ in range(3)]
        for number in range(20):
            submit_delta(busy, "OTHER", 5, f"d{number}")
    busy.settle()

    assert seen == [1 + CHUNK_COUNTS] * 20
    assert busy.on_hand("OTHER", "LOC_MEL") == 110
    assert [busy.batch(number)["status"] for number in batches] == ["COMPLETE"] * 3


def test_a_delta_that_comes_while_a_batch_runs_is_applied_after_the_chunk_in_hand(
    busy: Client, seen: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    busy.load([record("OTHER", "LOC_MEL", 10)], job="1")
    apply_chunk = BatchRun.apply_chunk
    chunks: list[str] = []

    def watched(run: BatchRun, *rest: Any) -> None:
        apply_chunk(run, *rest)
        chunks.append(str(run.batch.status))
        if len(chunks) == 3:
            submit_delta(busy, "OTHER", 5, "d1")

    monkeypatch.setattr(BatchRun, "apply_chunk", watched)
    submit_batch(busy, *large(1))
    busy.settle()

    assert seen == [1 + 3 * CHUNK_COUNTS]
    assert chunks == ["RUNNING"] * (MOST_RECORDS // CHUNK_COUNTS)
    assert busy.on_hand("OTHER", "LOC_MEL") == 15


def test_a_batch_s_status_only_moves_forward_and_its_results_come_at_the_end(
    busy: Client,
) -> None:
    seen: list[str] = []
    with at_rest(busy.simulator):
        number = submit_batch(busy, *large(1))
        seen.append(busy.batch(number)["status"])
    while seen[-1] != "COMPLETE":
        view = busy.batch(number, count="1")
        seen.append(view["status"])
        assert bool(view["results"]) is (view["status"] == "COMPLETE")
        assert view["total"] == str(MOST_RECORDS)

    places = [ORDER.index(status) for status in seen]
    assert seen[0] == "PENDING"
    assert places == sorted(places)


def test_a_complete_batch_is_in_the_catalogue(busy: Client) -> None:
    number = submit_batch(busy, *large(7))
    wait_for(lambda: busy.batch(number)["status"] == "COMPLETE")

    assert busy.on_hand("SKU_0", "LOC_MEL") == 7
    assert busy.on_hand(f"SKU_{MOST_RECORDS - 1}", "LOC_MEL") == 7


def test_an_event_that_waits_is_pending_in_the_log(busy: Client) -> None:
    busy.load([record("D45", "LOC_MEL", 10)], job="1")
    with at_rest(busy.simulator):
        event = submit_delta(busy, "D45", 5, "d1")
        waiting = busy.event(event)
        counted = busy.http.get("/__admin/health").get_json()["waiting"]
    busy.settle()

    assert waiting["eventStatus"] == "PENDING"
    assert counted["events"] == 1
    assert busy.event(event)["eventStatus"] == "SUCCESS"


def test_a_reset_drops_what_waits_and_leaves_nothing_behind(busy: Client) -> None:
    for _ in range(5):
        submit_batch(busy, *large(1))
        submit_delta(busy, "SKU_1", 5, "d1")
    assert busy.http.post("/__admin/reset").status_code == 200
    busy.settle()

    assert busy.positions() == []
    assert busy.get("/api/v4.1/event").get_json()["results"] == []
    assert busy.get("/api/v4.1/job/1").status_code == 404
    busy.job()
    assert busy.load([record("D45", "LOC_MEL", 10)], job="1") == "1"
    assert busy.on_hand("D45", "LOC_MEL") == 10


def test_a_reset_answers_a_sync_caller_who_waits(busy: Client) -> None:
    document = json.dumps(deltas(delta("D45", "LOC_MEL", 5, "d1"))).encode()
    answers: list[int] = []

    def call() -> None:
        answers.append(busy.simulator.events.post_sync(document).status)

    caller = threading.Thread(target=call)
    with at_rest(busy.simulator):
        caller.start()
        wait_for(lambda: busy.simulator.worker.in_line.waiting[0] == 1)
        busy.simulator.worker.discard()
    caller.join(10)

    assert answers == [400]


def test_a_reset_brings_the_seed_data_back(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(settings=Settings(seed_data="demo")))
    client.settle()
    seeded = {view["ref"]: view["onHand"] for view in client.positions()}
    ref, held = next(iter(seeded.items()))
    product, location, _ = ref.split(":")
    client.load([record(product, location, held + 1)])
    client.http.post("/__admin/reset")

    assert {view["ref"]: view["onHand"] for view in client.positions()} == seeded
    assert client.http.get("/__admin/ready").status_code == 200


def test_what_is_sent_during_a_reset_comes_after_the_whole_seed(
    monkeypatch: pytest.MonkeyPatch, make_simulator: MakeSimulator
) -> None:
    monkeypatch.setattr("fluent_oms_simulator.worker.CHUNK_COUNTS", 1)
    client = Client(make_simulator(settings=Settings(seed_data="demo")))
    client.settle()
    client.job()
    seeded = client.positions()[-1]
    product, location, _ = seeded["ref"].split(":")
    document = json.dumps(deltas(delta(product, location, 5, "d1"))).encode()
    sent: list[str] = []

    anew = client.simulator.event_log.anew

    @contextmanager
    def anew_and_send(kept: None) -> Iterator[list[Event]]:
        with anew(kept) as for_later:
            yield for_later
        sent.append(str(client.simulator.events.post_async(document).body["id"]))

    monkeypatch.setattr(client.simulator.event_log, "anew", anew_and_send)
    client.http.post("/__admin/reset")
    client.settle()

    assert client.event(sent[0])["eventStatus"] == "SUCCESS"
    assert client.on_hand(product, location) == seeded["onHand"] + 5


def reset_before_submitting(monkeypatch: pytest.MonkeyPatch, client: Client, kind: str) -> None:
    """A reset comes after something was accepted and before it is in line."""
    operations = getattr(client.simulator, kind)
    submit = operations._submit

    def late(*given: Any) -> None:
        client.simulator.reset()
        submit(*given)

    monkeypatch.setattr(operations, "_submit", late)


def test_an_event_accepted_before_a_reset_is_not_applied_after_it(
    monkeypatch: pytest.MonkeyPatch, make_simulator: MakeSimulator
) -> None:
    client = Client(make_simulator(delta_missing_position="create"))
    reset_before_submitting(monkeypatch, client, "events")
    event = submit_delta(client, "D45", 5, "d1")
    document = json.dumps(deltas(delta("D45", "LOC_MEL", 5, "d2"))).encode()
    answer = client.simulator.events.post_sync(document)
    client.settle()

    assert client.positions() == []
    assert client.get(f"/api/v4.1/event/{event}").status_code == 404
    assert answer.status == 400
    assert "dropped by a reset" in str(answer.body["outcome"])


def test_a_batch_accepted_before_a_reset_is_not_applied_after_it(
    monkeypatch: pytest.MonkeyPatch, busy: Client
) -> None:
    with monkeypatch.context() as patch:
        reset_before_submitting(patch, busy, "jobs")
        submit_batch(busy, record("D45", "LOC_MEL", 5))
    busy.settle()

    assert busy.positions() == []
    job = busy.job()
    number = busy.load([record("D45", "LOC_MEL", 7)], job=job)
    assert busy.batch(number, job)["status"] == "COMPLETE"
    assert busy.on_hand("D45", "LOC_MEL") == 7


def test_settling_says_when_it_took_too_long(busy: Client) -> None:
    assert busy.simulator.settle(0)
    with at_rest(busy.simulator):
        submit_delta(busy, "D45", 5, "d1")
        assert not busy.simulator.settle(0.05)
    assert busy.simulator.settle()


def test_closing_ends_the_worker_though_work_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fluent_oms_simulator.worker.CHUNK_COUNTS", 1)
    threads = threading.active_count()
    simulator = build(Settings(seed_data="none"))
    simulator.start()
    client = Client(simulator)
    client.job()
    for _ in range(10):
        submit_batch(client, *large(1))
    simulator.close()

    assert simulator.worker.in_line.waiting[1] > 0
    assert threading.active_count() == threads


def test_a_defect_in_a_rule_fails_the_event_and_the_worker_goes_on(
    busy: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> str:
        raise KeyError("a defect")

    busy.load([record("D45", "LOC_MEL", 10)], job="1")
    with monkeypatch.context() as patch:
        patch.setitem(workflow.RULESETS, ("INVENTORY_CATALOGUE", "INVENTORY_DELTA"), broken)
        failed = busy.delta("D45", "LOC_MEL", 5, "d1")
    applied = busy.delta("D45", "LOC_MEL", 5, "d1")

    assert failed["eventStatus"] == "FAILED"
    assert "could not be applied" in caplog.text
    assert applied["eventStatus"] == "SUCCESS"
    assert busy.on_hand("D45", "LOC_MEL") == 15


@pytest.mark.parametrize(
    ("keeper", "note"),
    [
        ("_event_log", "ended"),
        ("_ledger", "ended"),
        ("_ledger", "keep_up"),
        ("_ledger", "batch_ended"),
        ("_batch_log", "completed"),
        ("_jobs", "completed"),
    ],
)
def test_a_defect_in_whoever_takes_note_keeps_nothing_from_being_applied(
    busy: Client,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    keeper: str,
    note: str,
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("a defect")

    worker = busy.simulator.worker
    with monkeypatch.context() as patch:
        patch.setattr(type(getattr(worker, keeper)), note, broken)
        number = submit_batch(busy, record("D45", "LOC_MEL", 10))
        submit_delta(busy, "D45", 5, "d1")
        assert busy.simulator.settle()
        assert "a defect" in caplog.text
    submit_delta(busy, "D45", 7, "d2")
    assert busy.simulator.settle()

    assert busy.get(f"/api/v4.1/job/1/batch/{number}").get_json()["status"] == "COMPLETE"
    assert busy.on_hand("D45", "LOC_MEL") == 22
