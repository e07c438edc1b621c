"""The stores that forget: what goes first, and that it is counted."""

import pytest
from fluent_oms_simulator.domain.events import Event, EventContext
from fluent_oms_simulator.domain.jobs import InventoryBatch, InventoryRecord, Job
from fluent_oms_simulator.domain.refs import default_catalogue
from fluent_oms_simulator.stores import event_log as event_log_module
from fluent_oms_simulator.stores import jobs as jobs_module
from fluent_oms_simulator.stores.event_log import EventLog
from fluent_oms_simulator.stores.jobs import JobStore


def an_event(event_id: str, size: int = 10) -> Event:
    context = EventContext("INVENTORY_CATALOGUE", "DEFAULT:1")
    return Event(event_id, "INVENTORY_DELTA", "1", context, 1_000, b"x" * size)


def kept(log: EventLog) -> list[str]:
    return [event.id for event in log.walk(newest_first=False)]


def add_batch(store: JobStore, job: Job, records: int = 1) -> InventoryBatch:
    record = InventoryRecord("D45", "LOC_MEL", 1)
    number = store.next_batch_number()
    batch = InventoryBatch(
        number,
        job.number,
        default_catalogue("1"),
        "batch",
        "InventoryChanged",
        1_000,
        [record] * records,
    )
    store.add_batch(job, batch)
    return batch


def test_the_event_log_drops_its_oldest_events_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_log_module, "MOST_EVENTS", 3)
    log = EventLog()
    for number in range(5):
        log.add(an_event(f"e{number}"))

    assert kept(log) == ["e2", "e3", "e4"]
    assert (len(log), log.dropped) == (3, 2)
    assert log.find("e1") is None
    assert log.find("e2") is not None


def test_the_event_log_is_bounded_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_log_module, "MOST_EVENT_BYTES", 100)
    log = EventLog()
    for number, size in enumerate([40, 40, 20, 50]):
        log.add(an_event(f"e{number}", size))

    assert kept(log) == ["e2", "e3"]
    assert log.dropped == 2


def test_an_event_larger_than_the_whole_log_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_log_module, "MOST_EVENT_BYTES", 100)
    log = EventLog()
    log.add(an_event("small"))
    log.add(an_event("huge", 101))
    log.add(an_event("next"))

    assert kept(log) == ["next"]


def test_the_event_log_is_read_from_either_end() -> None:
    log = EventLog()
    for number in range(5):
        log.add(an_event(f"e{number}"))

    assert kept(log) == ["e0", "e1", "e2", "e3", "e4"]
    assert [event.id for event in log.walk(newest_first=True)] == ["e4", "e3", "e2", "e1", "e0"]


def test_a_reader_of_the_event_log_sees_it_as_it_was_when_it_began() -> None:
    log = EventLog()
    log.add(an_event("before"))
    reader = log.walk(newest_first=False)
    log.add(an_event("after"))
    log.reset()

    assert [event.id for event in reader] == ["before"]


def test_a_reset_event_log_counts_from_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_log_module, "MOST_EVENT_BYTES", 100)
    log = EventLog()
    log.add(an_event("a", 90))
    log.reset()
    log.add(an_event("b", 90))

    assert kept(log) == ["b"]
    assert log.dropped == 0


def test_jobs_and_batches_are_numbered_from_one() -> None:
    store = JobStore()
    first, second = (store.create(name, "1", 1_000, None) for name in "ab")

    assert [first.number, second.number] == [1, 2]
    assert [add_batch(store, job).number for job in (second, first)] == [1, 2]
    store.reset()
    assert store.create("c", "1", 1_000, None).number == 1
    assert store.next_batch_number() == 1


@pytest.mark.parametrize("job_id", ["", "0", "2", "01", "+1", "1.0", " 1", "\u0661", "9" * 40])
def test_only_a_job_s_own_id_finds_it(job_id: str) -> None:
    store = JobStore()
    job = store.create("a", "1", 1_000, None)

    assert store.find("1") is job
    assert store.find(job_id) is None


def test_the_oldest_jobs_give_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs_module, "MOST_JOBS", 2)
    store = JobStore()
    for name in "abc":
        store.create(name, "1", 1_000, None)

    assert store.find("1") is None
    assert [job and job.name for job in map(store.find, "23")] == ["b", "c"]


def test_jobs_are_bounded_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs_module, "MOST_JOB_BYTES", 100)
    store = JobStore()
    for name, size in (("a", 60), ("b", 30), ("c", 50)):
        store.create(name, "1", 1_000, {"note": "x"}, size)

    assert store.find("1") is None
    assert [job and job.name for job in map(store.find, "23")] == ["b", "c"]


@pytest.mark.parametrize(
    ("bound", "most", "records"), [("MOST_KEPT_BATCHES", 3, 1), ("MOST_KEPT_RECORDS", 30, 10)]
)
def test_the_oldest_finished_batches_give_way(
    monkeypatch: pytest.MonkeyPatch, bound: str, most: int, records: int
) -> None:
    monkeypatch.setattr(jobs_module, bound, most)
    store = JobStore()
    job = store.create("a", "1", 1_000, None)
    for _ in range(5):
        add_batch(store, job, records).complete()

    assert list(job.batches) == [3, 4, 5]
    assert store.dropped_batches == 2


def test_a_batch_that_still_runs_is_kept_beyond_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs_module, "MOST_KEPT_BATCHES", 1)
    store = JobStore()
    job = store.create("a", "1", 1_000, None)
    running = add_batch(store, job)
    add_batch(store, job)

    assert list(job.batches) == [1, 2]
    running.complete()
    add_batch(store, job)
    assert list(job.batches) == [2, 3]


def test_a_batch_of_a_forgotten_job_is_let_go_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs_module, "MOST_JOBS", 1)
    monkeypatch.setattr(jobs_module, "MOST_KEPT_BATCHES", 1)
    store = JobStore()
    add_batch(store, store.create("a", "1", 1_000, None)).complete()
    newer = store.create("b", "1", 1_000, None)
    add_batch(store, newer)

    assert store.dropped_batches == 1
    assert list(newer.batches) == [2]
